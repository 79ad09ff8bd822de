//! The name of a table: a layer and a noun.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A table as SQL names it: `fact.ticket`.
///
/// Both parts are lower-case letters, digits and underscores, and start with a
/// letter, so that a name is never a path or an expression of SQL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TableName {
    layer: Layer,
    noun: String,
}

/// The layer of a table: who writes it, and what its rows are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Accepted rows of one source, as they were received; of a key that has versions, the one that counts.
    Raw,
    /// All versions of the rows of one source, with the time each held.
    History,
    /// Rejected rows of one source, with reasons.
    Quarantine,
    /// Rows of a file of the project itself: mappings, rates, calendars.
    Seed,
    /// One raw table renamed and cast, or a role that several feed.
    Staging,
    /// One row per thing: customer, team.
    Dim,
    /// One row per event or state.
    Fact,
    /// Views of facts: their rows that count.
    Counted,
    /// Measured values and their standings.
    Kpi,
    /// A layer of the project's own, by the name of its folder.
    Own(String),
}

impl Layer {
    /// Its name, as SQL and folders have it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Raw => "raw",
            Self::History => "history",
            Self::Quarantine => "quarantine",
            Self::Seed => "seed",
            Self::Staging => "staging",
            Self::Dim => "dim",
            Self::Fact => "fact",
            Self::Counted => "counted",
            Self::Kpi => "kpi",
            Self::Own(name) => name,
        }
    }

    /// Whether landing makes its tables, one for each source.
    pub fn is_landed(&self) -> bool {
        matches!(self, Self::Raw | Self::History | Self::Quarantine)
    }

    /// Whether its tables are made by models; landing, building and measuring make the others.
    pub fn is_modelled(&self) -> bool {
        !self.is_landed() && !matches!(self, Self::Seed | Self::Counted | Self::Kpi)
    }

    /// Whether its tables are those of files of the project: of models and seeds.
    pub fn is_built(&self) -> bool {
        self.is_modelled() || matches!(self, Self::Seed)
    }
}

impl From<&str> for Layer {
    fn from(name: &str) -> Self {
        match name {
            "raw" => Self::Raw,
            "history" => Self::History,
            "quarantine" => Self::Quarantine,
            "seed" => Self::Seed,
            "staging" => Self::Staging,
            "dim" => Self::Dim,
            "fact" => Self::Fact,
            "counted" => Self::Counted,
            "kpi" => Self::Kpi,
            own => Self::Own(own.to_owned()),
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

// By name, so that tables are listed alphabetically and not by the order of the variants.
impl Ord for Layer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for Layer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// A text that cannot be the name of a table both in SQL and as a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a table name: expected `layer.name` in lower-case letters, digits and underscores"
)]
pub struct BadTableName(String);

impl TableName {
    /// Joins a layer and a noun.
    ///
    /// # Errors
    ///
    /// When either holds anything but lower-case letters, digits and underscores.
    pub fn new(layer: &str, noun: &str) -> Result<Self, BadTableName> {
        if is_word(layer) && is_word(noun) {
            Ok(Self { layer: Layer::from(layer), noun: noun.into() })
        } else {
            Err(BadTableName(format!("{layer}.{noun}")))
        }
    }

    /// `fact` of `fact.ticket`.
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    /// `ticket` of `fact.ticket`.
    pub fn noun(&self) -> &str {
        &self.noun
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_lowercase())
        && text
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

impl fmt::Display for TableName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.layer, self.noun)
    }
}

impl FromStr for TableName {
    type Err = BadTableName;

    fn from_str(text: &str) -> Result<Self, BadTableName> {
        let (layer, noun) = text.split_once('.').ok_or_else(|| BadTableName(text.into()))?;
        Self::new(layer, noun)
    }
}

impl TryFrom<String> for TableName {
    type Error = BadTableName;

    fn try_from(text: String) -> Result<Self, BadTableName> {
        text.parse()
    }
}

impl From<TableName> for String {
    fn from(name: TableName) -> Self {
        name.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path() {
        for name in
            ["fact", "../fact.ticket", "fact.", ".ticket", "fact.Ticket", "fact.a b", "fact.a.b"]
        {
            assert!(name.parse::<TableName>().is_err(), "{name}");
        }
        assert_eq!("fact.ticket_2".parse::<TableName>().unwrap().to_string(), "fact.ticket_2");
    }
}
