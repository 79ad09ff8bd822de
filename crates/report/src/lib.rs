//! Standings into pages: one scorecard, many renderings.
//!
//! [`Report`] says which metrics a page shows; [`compose`] puts the standings of
//! one period beside their [`RunFacts`] and writes every number and sentence
//! once, into a [`Scorecard`]; [`documents`] renders that scorecard through
//! [`Templates`]. A renderer shows, it never computes: what a page prints is a
//! display string of `scorecard.json`.

mod chart;
mod compose;
mod facts;
mod render;
mod report;
mod scorecard;
mod wording;

pub use compose::compose;
pub use facts::{
    CheckWarning, Concern, MetricFacts, RefusedExtract, RunFacts, SourceFacts, UnmatchedRows,
};
pub use render::{
    HtmlMail, HtmlPage, JsonPage, MarkdownPage, Renderer, Templates, TextMail, documents,
};
pub use report::{Breakdown, Group, LineName, Mail, Report};
pub use scorecard::{
    BenchmarkDisplay, BreakdownDisplay, BreakdownTable, Claim, ClaimKind, DataQuality,
    DefinitionNote, Digest, DigestGroup, InputDisplay, InputFile, Interval, Line, LineBenchmark,
    LineDisplay, LineGroup, LineTarget, Missing, Omitted, Point, QualityDisplay, QualityState,
    QualityWarning, QuarantineReason, Run, SCHEMA, Scale, Scorecard, Slice, SliceDisplay,
    SourceQuality, StatedPeriod, StatusCounts, Tally, Unmatched, Verdict,
};
