//! What a role asks of an extract of one's own: `pipelines/presets/own/<role>.toml`.

use std::collections::BTreeMap;

use scorewright_domain::ProjectFile;
use serde::Deserialize;
use toml_edit::DocumentMut;

use crate::library;

/// What a role asks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleQuestions {
    /// Column of the role whose newest moment says how far an extract has delivered.
    pub(crate) watermark: String,
    /// By column of the role.
    pub(crate) columns: BTreeMap<String, RoleColumn>,
    /// Where each question of a survey becomes rows of its own.
    pub(crate) questions: Option<SurveyQuestions>,
}

/// What a role asks for one of its columns.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleColumn {
    #[serde(rename = "type")]
    pub(crate) kind: RoleKind,
    /// What has to be told, in words; an extract may leave the others out.
    #[serde(default)]
    pub(crate) needed: Option<String>,
    /// Whether rows without a value are good ones all the same.
    #[serde(default)]
    pub(crate) may_be_empty: bool,
    /// Names that columns of extracts have for it, in small letters.
    pub(crate) names: Vec<String>,
    /// SQL for extracts that do not tell; `{column}` stands for another column of the role, and must be told.
    #[serde(default)]
    pub(crate) otherwise: Option<String>,
    /// What a person should know where `otherwise` is used.
    #[serde(default)]
    pub(crate) remark: Option<String>,
    /// Whether the role has it in small letters.
    #[serde(default)]
    pub(crate) lower: bool,
}

/// Type of a column of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoleKind {
    Text,
    /// Domain of an e-mail address.
    Domain,
    /// Who somebody is, of which a hash is kept.
    Person,
    Integer,
    Decimal,
    Timestamp,
    Boolean,
}

/// How questions of a survey become rows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SurveyQuestions {
    /// Column of the role that names the question.
    pub(crate) name: String,
    /// Column of the role with the answer.
    pub(crate) answer: String,
    /// Columns that stand with the first question answered only.
    #[serde(default)]
    pub(crate) once: Vec<String>,
    /// What has to be told, in words.
    pub(crate) needed: String,
    /// Questions that the library knows, by name.
    #[serde(default)]
    pub(crate) scales: BTreeMap<String, AnswerScale>,
}

/// The answers that a question has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerScale {
    pub(crate) min: i64,
    pub(crate) max: i64,
    #[serde(default)]
    pub(crate) names: Vec<String>,
}

impl RoleQuestions {
    /// What a role asks; otherwise the roles there are.
    pub(crate) fn of(role: &str) -> Result<Self, Vec<String>> {
        let mut roles = library::own_roles();
        match roles.iter().position(|(noun, _)| noun == role) {
            Some(place) => {
                let (_, file) = roles.swap_remove(place);
                Ok(file.toml().expect("a test reads what every role asks"))
            }
            None => Err(roles.into_iter().map(|(noun, _)| noun).collect()),
        }
    }
}

/// Whether a name is that of a role.
pub(crate) fn is_role(name: &str) -> bool {
    let path = format!("pipelines/models/staging/{name}.sql");
    library::files_with_presets().iter().any(|file| file.path == path)
        && !library::sources().iter().any(|source| source.name == name)
}

/// The companion file of a role in the library.
pub(crate) fn companion_of(role: &str) -> ProjectFile {
    let path = format!("pipelines/models/staging/{role}.toml");
    let mut files = library::files_with_presets().into_iter();
    files.find(|file| file.path == path).expect("every role has a companion file")
}

/// Columns of a role in their order, `source` first.
pub(crate) fn columns_of(companion: &ProjectFile) -> Vec<String> {
    let document: DocumentMut = companion.text.parse().expect("a test reads every companion file");
    let columns = document.get("columns").and_then(|columns| columns.as_table());
    columns
        .into_iter()
        .flat_map(|columns| columns.iter())
        .map(|(name, _)| name.to_owned())
        .collect()
}

impl RoleKind {
    /// The type of a source's column that tells it.
    pub(crate) fn of_source(self) -> &'static str {
        match self {
            Self::Text | Self::Domain | Self::Person => "text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Timestamp => "timestamp",
            Self::Boolean => "boolean",
        }
    }

    /// Its name in SQL.
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Self::Text | Self::Domain | Self::Person => "VARCHAR",
            Self::Integer => "BIGINT",
            Self::Decimal => "DECIMAL(18, 4)",
            Self::Timestamp => "TIMESTAMP(6) WITH TIME ZONE",
            Self::Boolean => "BOOLEAN",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_role_asks_for_columns_that_it_has() {
        assert_eq!(library::own_roles().len(), 6);
        for (role, file) in library::own_roles() {
            let asks: RoleQuestions = file.toml().unwrap_or_else(|fault| panic!("{fault:?}"));
            let has: BTreeSet<String> = columns_of(&companion_of(&role)).into_iter().collect();
            assert!(has.contains(&asks.watermark), "{role}");
            let mut asked: BTreeSet<String> = asks.columns.keys().cloned().collect();
            asked.insert("source".into());
            if let Some(questions) = asks.questions {
                asked.extend([questions.name, questions.answer]);
                assert!(questions.once.iter().all(|column| asked.contains(column)), "{role}");
            }
            assert_eq!(asked, has, "{role}");
        }
    }
}
