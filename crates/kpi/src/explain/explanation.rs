//! What an explanation holds.

/// Everything that defends one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The metric.
    pub metric: String,
    /// Version of its definition.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// What it says, in one sentence.
    pub says: String,
    /// How it is computed: `ratio`.
    pub kind: &'static str,
    /// Key and text of every expression of the file, in reading order; names under one key are separated by commas.
    pub definition: Vec<(&'static str, String)>,
    /// A contested choice, with its date.
    pub decided: Option<String>,
    /// Metrics it is computed from.
    pub parts: Vec<String>,
    /// The query that measures it for all periods and segments; none for a metric made of metrics.
    pub sql: Option<String>,
    /// Rows of the fact, what excluded them one after the other, and those used: excluded and used add up to all.
    pub counts: Vec<RowCount>,
    /// A query that lists the rows used; none for a metric made of metrics.
    pub rows_sql: Option<String>,
    /// A query that lists the rows of the period that the fact leaves out, with their reasons; none where it marks none.
    pub left_out_sql: Option<String>,
}

/// Some rows of the fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowCount {
    /// Which: `outside the period`.
    pub what: String,
    /// How many.
    pub rows: u64,
    /// What became of them.
    pub role: Role,
}

/// What became of some rows of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// All there are.
    All,
    /// Not counted.
    Excluded,
    /// Counted.
    Used,
}
