//! One hostile case, as its file says it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::content::Content;

/// A `[[case]]`. Which of the keys it has says what kind of case it is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Case {
    #[serde(skip)]
    pub(super) family: String,
    pub(super) name: String,
    /// Why it must end so, where that is not plain.
    #[allow(dead_code, reason = "read by people")]
    why: String,

    /// The text of its one extract, `<case>.csv`.
    pub(super) csv: Option<String>,
    /// Its extracts by name.
    pub(super) extracts: BTreeMap<String, Content>,
    /// Keys of its source beside or instead of the usual ones.
    pub(super) source: toml::Table,
    /// Columns of its source; a text `a` where there are none.
    pub(super) columns: toml::Table,

    /// Rows that land.
    pub(super) accepted: Option<u64>,
    /// Rows in quarantine by reason.
    pub(super) quarantined: BTreeMap<String, u64>,
    /// Rows that repeat others or are superseded.
    pub(super) repeated: u64,
    /// What is asked of each row, as SQL; `a` where nothing is said.
    pub(super) ask: Option<String>,
    /// The answers in the order of lines; a missing one is `NULL`.
    pub(super) values: Option<Vec<String>>,
    /// Parts of the refusal of its one extract.
    pub(super) refused: Vec<String>,

    /// The name of a team that a page shows, and parts of what is made of it.
    pub(super) team: Option<String>,
    pub(super) html: Vec<String>,
    pub(super) markdown: Vec<String>,
    /// What the Markdown does not have, where the page may.
    pub(super) never_in_markdown: Vec<String>,
    pub(super) export: Vec<String>,

    /// The project that is called: `shop`, or `bare`, which has settings alone.
    pub(super) base: Option<String>,
    /// Files and folders of the base that are left out.
    pub(super) remove: Vec<String>,
    /// Files of the project that are written, by path.
    pub(super) write: BTreeMap<String, String>,
    /// The same, made of parts.
    pub(super) make: BTreeMap<String, Content>,
    /// Text at the end of files.
    pub(super) append: BTreeMap<String, String>,
    /// Text of files that is replaced by another one.
    pub(super) replace: BTreeMap<String, [String; 2]>,
    /// The SQL of a model `fact.much` with the grain `n`.
    pub(super) model: Option<String>,
    pub(super) environment: BTreeMap<String, String>,
    /// Arguments of the calls, in order; `check` and `run` where nothing is said.
    pub(super) calls: Vec<Vec<String>>,
    /// The status of each call, or of all.
    pub(super) status: Vec<i32>,
    /// Parts of what each call says that fails, or the last one where none does.
    pub(super) says: Vec<String>,
    /// Files or folders of the project, with parts of what they hold.
    pub(super) holds: BTreeMap<String, Vec<String>>,
    /// Folders of the project that calls may write beside `warehouse` and `out`.
    pub(super) may_write: Vec<String>,

    /// What is said nowhere, and stands in none of the documents.
    pub(super) never: Vec<String>,
}

impl Case {
    pub(super) fn is_team(&self) -> bool {
        self.team.is_some()
    }

    pub(super) fn is_refused(&self) -> bool {
        !self.refused.is_empty()
    }

    pub(super) fn is_landed(&self) -> bool {
        self.accepted.is_some()
    }

    pub(super) fn is_alone(&self) -> bool {
        !self.is_team() && !self.is_refused() && !self.is_landed()
    }

    /// Whether its file says more than that nothing breaks.
    pub(super) fn says_how_it_ends(&self) -> bool {
        let has_status = !self.status.is_empty();
        let has_text = !self.says.is_empty() || !self.holds.is_empty();
        self.is_refused() || self.is_landed() || self.is_team() || has_status && has_text
    }

    /// The name in reports: `family/case`.
    pub(super) fn label(&self) -> String {
        format!("{}/{}", self.family, self.name)
    }

    /// Its extracts by name.
    pub(super) fn files(&self) -> Vec<(String, Content)> {
        let text = self.csv.clone().map(|text| (format!("{}.csv", self.name), Content::of(text)));
        let others = self.extracts.iter().map(|(name, content)| (name.clone(), content.clone()));
        text.into_iter().chain(others).collect()
    }
}
