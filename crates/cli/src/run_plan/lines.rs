//! What the next run would do, for people.

use scorewright_domain::TableName;
use scorewright_transform::{PlannedModel, RebuildReason};

use super::metrics::{MeasureReason, PlannedMetric};
use super::reports::{MailState, PlannedMail, PlannedReport};
use crate::console::lines::{counted, plain};

/// A line for each table that is made anew; the others are counted.
pub(super) fn tables(planned: &[PlannedModel]) -> String {
    let made: Vec<&PlannedModel> =
        planned.iter().filter(|model| !model.reasons.is_empty()).collect();
    let lines = made.iter().map(|model| {
        let why = model.reasons.iter().map(words).collect::<Vec<_>>().join("; ");
        (model.table.to_string(), why)
    });
    let kept = (planned.len() - made.len()) as u64;
    aligned("build", &lines.collect::<Vec<_>>()) + &line("keep", &counted(kept, "table", "tables"))
}

fn words(reason: &RebuildReason) -> String {
    match reason {
        RebuildReason::New => "new".into(),
        RebuildReason::Edited => "edited: its files, or what they name of the project".into(),
        RebuildReason::Reads(tables) => format!("reads {}", names(tables)),
        RebuildReason::Day => "rebuilt whole: asks for the day".into(),
    }
}

fn names(tables: &[TableName]) -> String {
    tables.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A line for each metric that is measured; the others are counted.
pub(super) fn metrics(planned: &[PlannedMetric]) -> String {
    let measured = planned.iter().filter_map(|metric| Some((&metric.metric, metric.why?)));
    let measured: Vec<(String, String)> =
        measured.map(|(metric, why)| (metric.clone(), measured_because(why).to_owned())).collect();
    let kept = (planned.len() - measured.len()) as u64;
    aligned("measure", &measured) + &line("keep", &counted(kept, "metric", "metrics"))
}

fn measured_because(why: MeasureReason) -> &'static str {
    match why {
        MeasureReason::New => "new",
        MeasureReason::Changed => {
            "its definition, its fact, the day or the reach of its sources changed"
        }
        MeasureReason::Always => "measured by every run",
    }
}

/// The line of a report.
pub(super) fn report(report: &PlannedReport) -> String {
    let PlannedReport { report, period, late, owed_by } = report;
    let late = match late.as_slice() {
        [] => String::new(),
        late => format!("; late: {}", late.join(", ")),
    };
    let owed = owed_by.map_or_else(String::new, |version| format!("; owed by version {version}"));
    line("render", &format!("{report} {period}{late}{owed}"))
}

/// The line of a mail.
pub(super) fn mail(mail: &PlannedMail) -> String {
    let PlannedMail { report, period, route, to, state } = mail;
    let what = match state {
        MailState::Due => "sent, if checks pass",
        MailState::Held => "held, as its period is not whole",
        MailState::IfChanged => "sent again only if its figures change",
        MailState::Withheld => "not sent: its period ended long ago; `run --mail` sends it",
        MailState::Owed => "sent: an earlier version owes it",
    };
    line("mail", &format!("{report} {period}: {route} to {}: {what}", plain(to)))
}

/// Lines of one label, whose reasons stand below each other.
fn aligned(label: &str, rows: &[(String, String)]) -> String {
    let widest = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter().map(|(name, why)| line(label, &format!("{name:widest$}  {why}"))).collect()
}

fn line(label: &str, text: &str) -> String {
    format!("{label:<8} {text}\n")
}
