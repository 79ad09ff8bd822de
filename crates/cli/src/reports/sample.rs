//! Reports as they would be made, of figures that are made up: whether a run could show, render and send them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use scorewright_delivery::Mailbox;
use scorewright_domain::{
    Books, CheckId, CheckOutcome, CheckVerdict, Extract, Fault, Fingerprint, Landing, Standing,
    in_parallel,
};
use scorewright_extract::Source;
use scorewright_kpi::{MetricCoverage, sample_values};
use scorewright_project::Project;
use scorewright_report::{
    Report, RunFacts, StandingIndex, Templates, compose, document_faults, documents,
    page_too_large_to_attach,
};
use scorewright_warehouse::Snapshot;

use super::facts::run_facts;
use super::render::AT_ONCE;
use crate::standings::judged;

/// Every fault of the reports that a run would meet: names of metrics, mailboxes, templates.
///
/// - `broken`: metrics whose files are at fault; pages are rendered without them.
pub(crate) fn faults(project: &Project, broken: &BTreeSet<String>, as_of: Date) -> Vec<Fault> {
    let (templates, mut faults) = Templates::read_sound(&project.templates);
    let facts = run_facts(project, &sample_version(project), as_of, &BTreeMap::new());
    let standings = SampleStandings::of(project, as_of);
    let faults_of = |report: &Report| {
        let mut faults = mailbox_faults(project, report);
        let figures = standings.shown_by(report);
        faults.extend(page_faults(&report.without(broken), figures, &facts, &templates));
        faults
    };
    let of_reports = in_parallel(&project.reports, AT_ONCE, |_| 1, faults_of);
    faults.extend(of_reports.into_iter().flatten());
    each_once(faults)
}

/// Pages that would be too large to go with their mail and have no address, in words.
pub(crate) fn pages_not_attached(project: &Project, as_of: Date) -> Vec<String> {
    let (templates, _) = Templates::read_sound(&project.templates);
    let facts = run_facts(project, &sample_version(project), as_of, &BTreeMap::new());
    let standings = SampleStandings::of(project, as_of);
    let note = |report: &Report| {
        let figures = StandingIndex::of(standings.shown_by(report));
        let scorecard = compose(report, &figures, &facts).ok()?;
        let documents = documents(report, &scorecard, &templates).ok()?;
        let size = page_too_large_to_attach(report, &documents)?;
        Some(format!(
            "the page of report `{}` has {size} and no `link`: it is too large to go with the mail, which says so",
            report.id()
        ))
    };
    in_parallel(&project.reports, AT_ONCE, |_| 1, note).into_iter().flatten().collect()
}

/// Figures that are made up, judged once for each length of history, whichever reports show them.
struct SampleStandings(BTreeMap<usize, Vec<Standing>>);

impl SampleStandings {
    fn of(project: &Project, as_of: Date) -> Self {
        let coverage = MetricCoverage::whole(project.calendar(as_of));
        let standings = |history: usize| {
            let values = sample_values(&project.metrics, as_of, history + 1);
            (history, judged(project, &values, &coverage))
        };
        let lengths: BTreeSet<usize> = project.reports.iter().map(|it| it.history).collect();
        Self(lengths.into_iter().map(standings).collect())
    }

    /// Those that are as long as the trends of a report.
    fn shown_by(&self, report: &Report) -> &[Standing] {
        self.0.get(&report.history).map_or(&[], Vec::as_slice)
    }
}

/// A template that several reports share is told once.
fn each_once(faults: Vec<Fault>) -> Vec<Fault> {
    let mut seen: Vec<Fault> = Vec::new();
    for fault in faults {
        if !seen.contains(&fault) {
            seen.push(fault);
        }
    }
    seen
}

/// Faults of a report's pages, with a figure of every metric and with none.
fn page_faults(
    report: &Report,
    figures: &[Standing],
    facts: &RunFacts,
    templates: &Templates,
) -> Vec<Fault> {
    let of_standings =
        |standings: &[Standing]| match compose(report, &StandingIndex::of(standings), facts) {
            Ok(scorecard) => document_faults(report, &scorecard, templates),
            Err(fault) => vec![fault],
        };
    [figures, &[]].into_iter().flat_map(of_standings).collect()
}

/// Senders and recipients that are no mailboxes.
pub(super) fn mailbox_faults(project: &Project, report: &Report) -> Vec<Fault> {
    let Some(mail) = &report.mail else { return Vec::new() };
    let from = std::iter::once((&mail.from, "from"));
    let all = from.chain(mail.to.iter().map(|address| (address, "to")));
    let all = all.chain(mail.reply_to.iter().map(|address| (address, "reply_to")));
    let fault = |(address, key): (&String, &str)| {
        let bad = address.parse::<Mailbox>().err()?;
        let word = if address.is_empty() { key } else { address };
        let help =
            "write `Name <name@example.com>` or `name@example.com`, one mailbox for each entry";
        let list = project.files.recipients().filter(|_| mail.listed.contains(address));
        let fault = match list {
            Some(list) => {
                list.fault(list.find(address).or_else(|| list.find("mailbox")), bad.to_string())
            }
            None => report.fault(word, bad.to_string()),
        };
        Some(fault.help(help))
    };
    all.filter_map(fault).collect()
}

/// A version in which every source has landed a file, and a check warns.
fn sample_version(project: &Project) -> Snapshot {
    Snapshot {
        landings: project.sources.iter().map(sample_landing).collect(),
        checks: vec![CheckOutcome {
            check: CheckId::custom("sample"),
            offending: 1,
            tolerated: 0,
            looked_at: None,
            verdict: CheckVerdict::Warned,
            samples: Vec::new(),
        }],
        ..Snapshot::empty()
    }
}

fn sample_landing(source: &Source) -> Landing {
    let extract = Extract {
        source: source.name.clone(),
        file: "sample.csv".into(),
        fingerprint: Fingerprint::of(b"sample"),
        bytes: 1_000,
    };
    let books = Books {
        read: 10,
        accepted: 9,
        quarantined: 1,
        reasons: [("not_a_date".to_owned(), 1)].into(),
        ..Books::default()
    };
    Landing::new(extract, books)
}
