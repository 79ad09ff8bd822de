//! The scorecard: the page before any markup, and the only input of every renderer.
//!
//! Written as `scorecard.json`; its schema is `docs/scorecard.schema.json`. Raw
//! numbers stand beside display strings, which are already rounded and
//! worded. What is missing is `null` with a reason, never zero.

mod schema;

mod period;

mod verdict;

mod interval;
mod line;

mod breakdown;
mod digest;

mod note;
mod quality;

mod figures;

use serde::{Deserialize, Serialize};

pub use breakdown::{BreakdownDisplay, BreakdownTable, Omitted, Scale, Slice, SliceDisplay};
pub use digest::{Digest, DigestGroup};
pub use interval::ConfidenceInterval;
pub use line::{
    BenchmarkDisplay, LineBenchmark, LineBreak, LineDisplay, LineGroup, LineTarget, MissingReason,
    Point, ScorecardLine,
};
pub use note::{DefinitionNote, Run};
pub(crate) use note::{revision_name, run_line};
pub use period::StatedPeriod;
pub use quality::{
    DataQuality, InputDisplay, InputFile, QualityDisplay, QualityState, QualityWarning,
    QuarantineReason, SourceQuality, Unmatched,
};
pub use schema::SCHEMA;
pub use verdict::{ClaimKind, LedeClaim, StatusCounts, StatusTally, Verdict};

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
    /// Which edition of the period this is: 1 for the first, one more for each change of its figures.
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
    pub claims: Vec<LedeClaim>,
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

impl Scorecard {
    /// The same page as another revision of its period, counted from 1.
    #[must_use]
    pub fn as_revision(self, revision: u32) -> Self {
        let run = Run { revision: revision_name(revision), ..self.run };
        let run_line = run_line(&self.run_id, &run.revision);
        Self { revision, run: Run { run_line, ..run }, ..self }
    }

    /// Every line, in the order of the page.
    pub fn lines(&self) -> impl Iterator<Item = &ScorecardLine> {
        self.groups.iter().flat_map(|group| &group.lines)
    }
}
