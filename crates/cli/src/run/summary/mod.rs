//! What a run prints at its end: the books, what was done, what is owed, and where to look.
//!
//! ```text
//! source        files    read  accepted  quarantined  repeated    s
//! crm_accounts      3  12,000    11,998            2         0  0.4
//!   not_a_date 2
//!
//! landed     1 of 9 sources, 3 files: 12,000 rows read, 11,998 accepted, 2 quarantined
//! owed       nothing
//! page       out/pages/scorecard/2026-W47/scorecard.html
//! ```

mod books;

use std::collections::BTreeSet;

use scorewright_domain::Profile;
use scorewright_extract::listed;
use scorewright_project::Project;
use scorewright_warehouse::Snapshot;

use crate::console::Console;
use crate::console::lines::{counted, grouped, labelled, shown_path};
use crate::console::step_times::StepTime;
use crate::console::totals::RunTotals;
use crate::reports::publish::Published;

/// What a run did that published a version.
pub(crate) fn of_run(
    project: &Project,
    snapshot: &Snapshot,
    published: &Published,
    console: &Console,
) -> String {
    let totals = console.totals();
    let done = [
        books::table(snapshot, &console.landing_times()),
        "\n".to_owned(),
        made_by(project),
        landed(&totals, project.sources.len()),
        worked(&totals),
        delivered(project, published, snapshot),
        version(snapshot, "published for", console),
        steps(&console.step_times()),
    ];
    done.concat() + &pages(published)
}

/// What a run would do that publishes nothing.
pub(crate) fn of_dry_run(project: &Project, snapshot: &Snapshot, console: &Console) -> String {
    let totals = console.totals();
    let done = [
        books::table(snapshot, &console.landing_times()),
        "\n".to_owned(),
        made_by(project),
        landed(&totals, project.sources.len()),
        worked(&totals),
    ];
    done.concat() + &version(snapshot, "would be for", console)
}

/// What a run says that published nothing, because there is nothing new.
pub(crate) fn of_nothing_new(
    project: &Project,
    newest: &Snapshot,
    published: &Published,
    console: &Console,
) -> String {
    let sources: BTreeSet<&str> =
        newest.landings.iter().map(|landing| landing.extract.source.as_str()).collect();
    let extracts = counted(newest.landings.len() as u64, "extract", "extracts");
    let sources = counted(sources.len() as u64, "source", "sources");
    let done = [
        "\n".to_owned(),
        made_by(project),
        labelled("landed", &[format!("nothing: {extracts} of {sources} landed before")]),
        worked(&console.totals()),
        delivered(project, published, newest),
        version(newest, "is for", console),
    ];
    let pages =
        if published.pages.is_empty() { pages_of(project, newest) } else { pages(published) };
    done.concat() + &pages
}

/// What was handed over although the run failed; nothing where nothing was.
pub(crate) fn of_failed_run(project: &Project, newest: &Snapshot, published: &Published) -> String {
    if published.is_nothing() { String::new() } else { delivered(project, published, newest) }
}

/// The extracts that a version is made without, in words.
pub(crate) fn left_out(snapshot: &Snapshot) -> Vec<String> {
    snapshot.left_out.iter().map(|extract| format!("left out: {extract}")).collect()
}

/// The tables of a version that are behind what they are made from, in words; `None` where there are none.
pub(crate) fn behind(snapshot: &Snapshot) -> Option<String> {
    const SHOWN: usize = 10;
    let names = snapshot.behind.iter().map(|table| format!("`{table}`"));
    let names = listed(names, SHOWN, 0);
    let is_any = !snapshot.behind.is_empty();
    is_any.then(|| {
        format!("{names}: not selected; no report is published until a run without `--select` makes them")
    })
}

/// What has not reached its readers, what waits for its deadline, and what was left out.
pub(crate) fn owed(published: &Published, snapshot: &Snapshot) -> Vec<String> {
    let outstanding = published.outstanding().map(|what| format!("outstanding: {what}"));
    let held = published.held().cloned();
    left_out(snapshot).into_iter().chain(held).chain(outstanding).collect()
}

/// The profile that a run was asked for; nothing for the project itself.
fn made_by(project: &Project) -> String {
    let profile: Vec<String> = project.profile.iter().map(Profile::words).collect();
    labelled("made by", &profile)
}

fn landed(totals: &RunTotals, sources: usize) -> String {
    let refused = match totals.extracts_refused {
        0 => String::new(),
        files => format!("; {} refused", counted(files, "file", "files")),
    };
    if totals.extracts_landed == 0 {
        return labelled("landed", &[format!("nothing new{refused}")]);
    }
    let files = format!(
        "{} of {}, {}",
        grouped(totals.sources.len() as u64),
        counted(sources as u64, "source", "sources"),
        counted(totals.extracts_landed, "file", "files")
    );
    let rows = format!(
        "{} read, {} accepted, {} quarantined",
        counted(totals.rows_read, "row", "rows"),
        grouped(totals.rows_accepted),
        grouped(totals.rows_quarantined)
    );
    let line = labelled("landed", &[format!("{files}: {rows}{refused}")]);
    if line.lines().count() == 1 { line } else { labelled("landed", &[files + &refused, rows]) }
}

/// What was built, checked and measured.
fn worked(totals: &RunTotals) -> String {
    let built = some(totals.tables_built, "table", "tables");
    let unchanged = match totals.tables_unchanged {
        0 => String::new(),
        tables => format!(", {} unchanged", grouped(tables)),
    };
    let passed = totals.checks_run - totals.checks_warned;
    let warned = match totals.checks_warned {
        0 => String::new(),
        checks => format!(", {}", counted(checks, "warning", "warnings")),
    };
    let checked = match totals.checks_run {
        0 => "nothing".to_owned(),
        _ => format!("{} passed{warned}", counted(passed, "check", "checks")),
    };
    let kept = match totals.metrics_unchanged {
        0 => String::new(),
        metrics => format!(", {} unchanged", grouped(metrics)),
    };
    let measured = match totals.metrics_measured {
        0 => "nothing".to_owned(),
        metrics => format!(
            "{}, {}",
            counted(metrics, "metric", "metrics"),
            counted(totals.values_measured, "value", "values")
        ),
    };
    labelled("built", &[built + &unchanged])
        + &labelled("checked", &[checked])
        + &labelled("measured", &[measured + &kept])
}

/// What was handed over, what was withheld, and what is owed.
fn delivered(project: &Project, published: &Published, snapshot: &Snapshot) -> String {
    let (pages, mails) = (published.new_receipts("pages"), published.new_receipts("eml"));
    let sent = published.sent().map(|what| format!("{what} sent"));
    let folder = shown_path(&project.folders.out("mail"));
    let mails = match mails {
        0 => None,
        mails => Some(format!("{} in {folder}", counted(mails, "mail", "mails"))),
    };
    let pages = (pages > 0).then(|| counted(pages, "page", "pages"));
    let published_pages = published.new_receipts("site");
    let site = (published_pages > 0)
        .then(|| format!("{} published", counted(published_pages, "page", "pages")));
    let what: Vec<String> = pages.into_iter().chain(site).chain(mails).chain(sent).collect();
    let what = if what.is_empty() { "nothing new".to_owned() } else { what.join(", ") };
    let owed = owed(published, snapshot);
    let owed = if owed.is_empty() { vec!["nothing".to_owned()] } else { owed };
    labelled("delivered", &[what])
        + &labelled("withheld", &published.withheld)
        + &labelled("owed", &owed)
}

fn some(count: u64, one: &str, several: &str) -> String {
    if count == 0 { "nothing".to_owned() } else { counted(count, one, several) }
}

/// Which version there is now, for which day, and how long that took.
fn version(snapshot: &Snapshot, is: &str, console: &Console) -> String {
    let day = snapshot.as_of.map(|day| day.strftime("%A %Y-%m-%d").to_string());
    let seconds = console.elapsed().as_secs_f64();
    let day = day.unwrap_or_default();
    labelled("version", &[format!("{} {is} {day}, in {seconds:.1} s", snapshot.number)])
}

/// What the time went to.
fn steps(times: &[StepTime]) -> String {
    let percent = |time: &StepTime| format!("{} {:.0} %", time.step, time.share * 100.0);
    labelled("steps", &[times.iter().map(percent).collect::<Vec<_>>().join(", ")])
}

/// What the reports of a run say in one sentence, and where their pages lie.
fn pages(published: &Published) -> String {
    let page = |(verdict, folder): &(String, std::path::PathBuf)| {
        let path = shown_path(&folder.join("scorecard.html"));
        labelled("verdict", &[verdict]) + &labelled("page", &[path])
    };
    published.pages.iter().map(page).collect()
}

/// Where the pages of a version lie, by what its commit says and by what is there.
fn pages_of(project: &Project, newest: &Snapshot) -> String {
    let issues = newest.issues.iter().filter(|issue| issue.version == newest.number);
    let folder = project.folders.out("pages");
    let page = |report: &str, period: &str| folder.join(report).join(period).join("scorecard.html");
    let pages = issues.map(|issue| page(&issue.report, &issue.period));
    let shown = pages.filter(|page| page.is_file()).map(|page| shown_path(&page));
    labelled("page", &shown.collect::<Vec<_>>())
}
