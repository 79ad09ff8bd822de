//! The scorecard: the page before any markup, and the only input of every renderer.
//!
//! Written as `scorecard.json`; its schema is `docs/scorecard.schema.json`. Raw
//! numbers stand beside display strings, in which all rounding and wording is
//! already done. What is missing is `null` with a reason, never zero.

mod breakdown;
mod line;
mod quality;

use jiff::civil::Date;
use scorewright_domain::{Comparability, Direction, Grain, Status, Unit};
use serde::{Deserialize, Serialize};

pub use breakdown::{BreakdownDisplay, BreakdownTable, Omitted, Scale, Slice, SliceDisplay};
pub use line::{
    BenchmarkDisplay, Interval, Line, LineBenchmark, LineDisplay, LineGroup, LineTarget, Missing,
    Point,
};
pub use quality::{
    DataQuality, InputDisplay, InputFile, QualityDisplay, QualityState, QualityWarning,
    QuarantineReason, SourceQuality, Unmatched,
};

/// Name and version of the form of `scorecard.json`.
pub const SCHEMA: &str = "scorecard/v1";

/// A page of standings, ready to be rendered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scorecard {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Name of the report; its folder.
    pub report_id: String,
    /// Name on the page: `Customer scorecard`.
    pub title: String,
    /// Name of the project: `Acme Cloud`.
    pub project: String,
    /// Name of the run that made the figures.
    pub run_id: String,
    /// Instant the page is stated for, in RFC 3339.
    pub generated_at: String,
    /// How often the period was published before, counted from 0.
    pub revision: u32,
    /// The period shown.
    pub period: StatedPeriod,
    /// The period it is compared with; `null` when everything is one period.
    pub compare: Option<StatedPeriod>,
    /// Whom the page is about; `null` is everybody.
    pub segment: Option<String>,
    /// The page in one sentence, and its counts.
    pub verdict: Verdict,
    /// The two or three sentences under the verdict.
    pub claims: Vec<Claim>,
    /// The scorecard proper.
    pub groups: Vec<LineGroup>,
    /// Which lines fit into a mail.
    pub digest: Digest,
    /// Metrics by team, segment or another dimension.
    pub breakdowns: Vec<BreakdownTable>,
    /// What the figures rest on.
    pub data_quality: DataQuality,
    /// Every benchmark shown, each once.
    pub benchmarks: Vec<LineBenchmark>,
    /// Every metric shown, each once.
    pub definitions: Vec<DefinitionNote>,
    /// Every extract the figures were made from.
    pub inputs: Vec<InputFile>,
    /// How the page came about, in words.
    pub run: Run,
}

/// A period with its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedPeriod {
    /// Its short name: `2026-W47`.
    pub label: String,
    /// First day.
    pub from: Date,
    /// First day after it.
    pub until: Date,
    /// Its length.
    pub grain: Grain,
    /// Zone its days are cut in.
    pub time_zone: String,
    /// Heading of a column: `Week 47`.
    pub name: String,
    /// In full: `Week 47, 16–22 November 2026`.
    pub words: String,
    /// How far a sparkline reaches back: `13 weeks`.
    pub history: String,
}

/// The page in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Lines by status.
    pub status_counts: StatusCounts,
    /// The same counts as words, worst first, without the empty ones.
    pub tally: Vec<Tally>,
    /// Id of the line that stands worst; `null` when none misses its target.
    pub worst: Option<String>,
    /// The heading: `One measure off track: CSAT`.
    pub sentence: String,
    /// The period and what it is compared with, in one line.
    pub period_line: String,
    /// Subject of the mail: ASCII, verdict first.
    pub subject: String,
    /// The line a mailbox shows beside the subject; never repeats it.
    pub preheader: String,
}

/// Lines by status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusCounts {
    /// Miss their target beyond doubt.
    pub off_track: u64,
    /// Miss their target, perhaps by chance.
    pub at_risk: u64,
    /// Meet their target.
    pub on_track: u64,
    /// Have a value and no target.
    pub no_target: u64,
    /// Rest on too few observations.
    pub too_little_data: u64,
    /// Have no value.
    pub no_data: u64,
}

/// One count of the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// The status counted.
    pub status: Status,
    /// Its shape: `■`.
    pub shape: String,
    /// `2 off track`.
    pub words: String,
}

/// A sentence of the lede and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// What kind of statement it is.
    pub kind: ClaimKind,
    /// Id of the line it is about; `null` when it is about several.
    pub line: Option<String>,
    /// The sentence.
    pub sentence: String,
}

/// What a sentence of the lede states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// A line misses its target.
    Target,
    /// One or more lines moved, and the evidence says so.
    Move,
    /// A line moved, and chance alone could explain it.
    Noise,
    /// Nothing moved beyond chance.
    Quiet,
    /// Something about the data limits what can be said.
    Data,
}

/// Which lines fit into a mail: at most eight, worst first inside their groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// The lines shown, under their headings.
    pub groups: Vec<DigestGroup>,
    /// What is left out: `3 more measures are in the full scorecard`; `null` when nothing is.
    pub omitted: Option<String>,
    /// Address of the full page; `null` when it is not published.
    pub link: Option<String>,
}

/// Lines of a mail under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestGroup {
    /// The heading.
    pub title: String,
    /// Ids of the lines, worst first.
    pub lines: Vec<String>,
}

/// A metric's definition as the page states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefinitionNote {
    /// Name of the metric.
    pub metric: String,
    /// Version of its definition.
    pub version: u32,
    /// Title.
    pub title: String,
    /// What it says, in one sentence.
    pub says: String,
    /// What it is counted in.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// How it is computed.
    pub formula: String,
    /// A contested choice, and when it was made.
    pub decided: Option<String>,
    /// Method of its interval.
    pub interval: String,
    /// Observations below which there is no verdict.
    pub minimum_sample: u64,
    /// Direction, interval and minimum in one sentence.
    pub note: String,
    /// `csat_top2, version 1`.
    pub display: String,
}

/// How the page came about, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Day the run was made for.
    pub as_of: Date,
    /// `Data up to 22 November 2026, cut in Europe/Berlin.`
    pub data_line: String,
    /// `Run 2026-11-23, revision 0, scorecard/v1.`
    pub run_line: String,
    /// What the status words mean.
    pub status_note: String,
    /// What the evidence words mean.
    pub evidence_note: String,
    /// How benchmarks are used.
    pub benchmark_note: String,
    /// How to read a line of the scorecard.
    pub line_note: String,
    /// How to read the strips of a breakdown.
    pub strip_note: String,
}

impl LineBenchmark {
    /// Whether its definition is ours, so that a gap may be stated.
    pub fn is_comparable(&self) -> bool {
        self.comparability == Comparability::Same
    }
}

impl Scorecard {
    /// Every line, in the order of the page.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.groups.iter().flat_map(|group| &group.lines)
    }
}
