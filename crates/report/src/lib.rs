//! Standings into pages: one scorecard, many renderings.
//!
//! ```text
//! report.toml            run and definitions      standings of the period
//! Report                 RunFacts                 StandingIndex of domain::Standing
//!    └───────────────────────┼───────────────────────┘
//!                         compose       every number and sentence, once (format, chart)
//!                            │
//!                        Scorecard      scorecard.json
//!                            │
//!                         render        a Renderer for each output, Templates
//!                            │
//!                        Documents      scorecard.html, scorecard.md, mail.html, …
//! ```
//!
//! A renderer shows, it never computes: what a page prints is a display string of `scorecard.json`.
//! A new output format is a file in `render/` that implements [`Renderer`], and its entry in the list there.

mod facts;
mod line_name;
mod report;
mod standing_index;

mod compose;

mod chart;
mod format;

mod scorecard;

mod render;

pub use compose::compose;
pub use facts::{
    CheckWarning, Concern, MetricFacts, RefusedFile, RunFacts, SourceFacts, UnmatchedRows,
};
pub use format::figure_words;
pub use line_name::LineName;
pub use render::{
    Audience, HtmlMail, HtmlPage, JsonPage, MarkdownPage, Renderer, TemplateContext, Templates,
    TextMail, WebhookMessage, attached_page, document_faults, documents, page_too_large_to_attach,
};
pub use report::{Breakdown, Mail, MailHold, Report, ReportGroup, ReportWebhook};
pub use scorecard::{
    BenchmarkDisplay, BreakdownDisplay, BreakdownTable, ClaimKind, ConfidenceInterval, DataQuality,
    DefinitionNote, Digest, DigestGroup, InputDisplay, InputFile, LedeClaim, LineBenchmark,
    LineBreak, LineDisplay, LineGroup, LineTarget, MissingReason, Omitted, Point, QualityDisplay,
    QualityState, QualityWarning, QuarantineReason, Run, SCHEMA, Scale, Scorecard, ScorecardLine,
    Slice, SliceDisplay, SourceQuality, StatedPeriod, StatusCounts, StatusTally, Unmatched,
    Verdict,
};
pub use standing_index::StandingIndex;
