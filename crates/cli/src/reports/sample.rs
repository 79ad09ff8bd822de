//! Reports as they would be made, of figures that are made up: whether a run could show, render and send them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use scorewright_delivery::Mailbox;
use scorewright_domain::{
    Books, CheckId, CheckOutcome, CheckVerdict, Extract, Fault, Fingerprint, KpiValue, Landing,
};
use scorewright_extract::Source;
use scorewright_kpi::sample_values;
use scorewright_project::Project;
use scorewright_report::{Report, RunFacts, Templates, compose, documents};
use scorewright_warehouse::Snapshot;

use super::facts::run_facts;
use crate::standings::judged;

/// Every fault of the reports that a run would meet: names of metrics, mailboxes, templates.
pub(crate) fn faults(project: &Project, as_of: Date) -> Vec<Fault> {
    let templates = match Templates::read(&project.templates) {
        Ok(templates) => templates,
        Err(fault) => return vec![fault],
    };
    let facts = run_facts(project, &sample_version(project), as_of, &BTreeMap::new());
    let of_report = |report: &Report| {
        let rendered = rendered(project, report, &facts, &templates);
        mailbox_faults(report).into_iter().chain(rendered.err())
    };
    project.reports.iter().flat_map(of_report).collect()
}

/// Renders a report twice: with a figure of every metric, and with none.
fn rendered(
    project: &Project,
    report: &Report,
    facts: &RunFacts,
    templates: &Templates,
) -> Result<(), Fault> {
    let full = sample_values(&project.metrics, facts.as_of, report.history + 1);
    let none: Vec<KpiValue> = Vec::new();
    for values in [full, none] {
        let standings = judged(project, &values, facts.as_of);
        let scorecard = compose(report, &standings, facts)?;
        documents(report, &scorecard, templates)?;
    }
    Ok(())
}

/// Senders and recipients that are no mailboxes.
fn mailbox_faults(report: &Report) -> Vec<Fault> {
    let Some(mail) = &report.mail else { return Vec::new() };
    let from = std::iter::once((&mail.from, "from"));
    let all = from.chain(mail.to.iter().map(|address| (address, "to")));
    let fault = |(address, key): (&String, &str)| {
        let bad = address.parse::<Mailbox>().err()?;
        let word = if address.is_empty() { key } else { address };
        let help =
            "write `Name <name@example.com>` or `name@example.com`, one mailbox for each entry";
        Some(report.fault(word, bad.to_string()).help(help))
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
