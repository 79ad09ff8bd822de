//! The staging model of a source of one's own: SQL and companion file.

use std::fmt::Write as _;

use scorewright_domain::{ProjectFile, SqlText};
use scorewright_extract::{Kind, Orientation, Source};
use scorewright_warehouse::identifier;
use toml_edit::DocumentMut;

use super::mapping::Mapping;
use super::role_questions::{RoleColumn, RoleKind, RoleQuestions, SurveyQuestions, columns_of};

/// The staging model of a source.
pub(crate) struct StagingPage<'a> {
    pub(crate) role: &'a str,
    /// Companion file of the role.
    pub(crate) companion: &'a ProjectFile,
    pub(crate) asks: &'a RoleQuestions,
    pub(crate) source: &'a Source,
    pub(crate) mapping: &'a Mapping,
    pub(crate) orientation: Option<Orientation>,
    /// The zone in which days of the project begin.
    pub(crate) zone: &'a str,
}

/// Columns that name a row of a role.
pub(crate) fn grain_of(companion: &ProjectFile) -> Vec<String> {
    let companion: DocumentMut = companion.text.parse().expect("a test reads every companion file");
    let grain = companion.get("grain").and_then(|grain| grain.as_array());
    let names = grain.into_iter().flat_map(|grain| grain.iter());
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

impl StagingPage<'_> {
    /// `pipelines/models/staging/<source>.sql` and `.toml`.
    pub(crate) fn files(&self) -> [ProjectFile; 2] {
        let path = |ending: &str| format!("pipelines/models/staging/{}.{ending}", self.source.name);
        [
            ProjectFile::new(path("sql"), self.sql()),
            ProjectFile::new(path("toml"), self.companion_text()),
        ]
    }

    fn companion_text(&self) -> String {
        let may_be_empty = self.companion.text.lines().any(|line| line == "may_be_empty = true");
        let grain: Vec<String> =
            grain_of(self.companion).iter().map(|name| format!("\"{name}\"")).collect();
        let mut text = format!(
            "says = \"One row per {} of `{}`.\"\ngrain = [{}]\nmaterialization = \"view\"\n",
            self.role.replace('_', " "),
            self.source.name,
            grain.join(", ")
        );
        if may_be_empty {
            text += "may_be_empty = true\n";
        }
        text + &format!("feeds = \"staging.{}\"\n", self.role)
    }

    fn sql(&self) -> String {
        let head = format!(
            "-- One row per {}.\n-- grain: {}\n",
            self.role.replace('_', " "),
            grain_of(self.companion).join(", ")
        );
        match &self.asks.questions {
            Some(questions) if !self.mapping.questions.is_empty() => {
                head + &self.of_questions(questions)
            }
            Some(_) | None => head + &self.of_rows(),
        }
    }

    fn table(&self) -> String {
        format!("raw.{}", identifier(&self.source.name))
    }

    /// A row of the source is a row of the role.
    fn of_rows(&self) -> String {
        let columns = columns_of(self.companion);
        let lines = columns.iter().map(|column| format!("    {}", self.item(column)));
        let lines: Vec<String> = lines.collect();
        format!("SELECT\n{}\nFROM {}\n", lines.join(",\n"), self.table())
    }

    /// A row of the source is one of the role for each question that was answered.
    fn of_questions(&self, questions: &SurveyQuestions) -> String {
        let is_answer =
            |column: &&String| **column != questions.name && **column != questions.answer;
        let columns = columns_of(self.companion);
        let mut lines: Vec<String> = columns
            .iter()
            .filter(is_answer)
            .map(|column| format!("        {}", self.item(column)))
            .collect();
        for (question, found) in &self.mapping.questions {
            lines.push(format!("        {} AS {question}_answer", self.score(question, found)));
        }
        let mut text = format!(
            "WITH response AS (\n    SELECT\n{}\n    FROM {}\n)\n",
            lines.join(",\n"),
            self.table()
        );
        let selects =
            (0..self.mapping.questions.len()).map(|place| self.of_question(questions, place));
        text += &selects.collect::<Vec<_>>().join("UNION ALL\n");
        text
    }

    fn of_question(&self, questions: &SurveyQuestions, place: usize) -> String {
        let (question, before) =
            (&self.mapping.questions[place].0, &self.mapping.questions[..place]);
        let item = |column: &String| {
            if *column == questions.name {
                format!("    '{question}' AS {column}")
            } else if *column == questions.answer {
                format!("    {question}_answer AS {column}")
            } else if questions.once.contains(column) && !before.is_empty() {
                let first = before.iter().map(|(name, _)| format!("{name}_answer IS NULL"));
                let first: Vec<String> = first.collect();
                format!("    CASE WHEN {} THEN {column} END AS {column}", first.join(" AND "))
            } else {
                format!("    {column}")
            }
        };
        let items: Vec<String> = columns_of(self.companion).iter().map(item).collect();
        format!(
            "SELECT\n{}\nFROM response\nWHERE {question}_answer IS NOT NULL\n",
            items.join(",\n")
        )
    }

    /// An answer as a whole number; much effort is little ease.
    fn score(&self, question: &str, found: &str) -> String {
        let scale = self.asks.questions.as_ref().and_then(|it| it.scales.get(question));
        let score = self.cast(found, RoleKind::Integer);
        match scale {
            Some(scale) if question == "ces" && self.orientation == Some(Orientation::Effort) => {
                format!("{} - {score}", scale.min + scale.max)
            }
            Some(_) | None => score,
        }
    }

    /// A column of the role with what tells it.
    fn item(&self, column: &str) -> String {
        let sql = self.expression(column);
        if sql == column { sql } else { format!("{sql} AS {column}") }
    }

    fn expression(&self, column: &str) -> String {
        if column == "source" {
            return SqlText(&self.source.name).to_string();
        }
        if let Some(text) = self.mapping.values.get(column) {
            let sql = self.asks.columns.get(column).map_or("VARCHAR", |asked| asked.kind.sql());
            return match sql {
                "VARCHAR" => SqlText(text).to_string(),
                other => format!("CAST({} AS {other})", SqlText(text)),
            };
        }
        let asked = self.asks.columns.get(column);
        match (self.mapping.source_column(column), asked) {
            (Some(found), Some(asked)) => self.of_column(found, asked),
            (Some(found), None) => self.eased(column, self.cast(found, self.kind_of(column))),
            (None, Some(asked)) => self.otherwise(asked),
            (None, None) => format!("CAST(NULL AS {})", self.kind_of(column).sql()),
        }
    }

    /// Answers in rows of their own, those about effort turned round where much of it is meant.
    fn eased(&self, column: &str, answer: String) -> String {
        let Some(questions) = self.asks.questions.as_ref().filter(|it| it.answer == column) else {
            return answer;
        };
        match questions.scales.get("ces") {
            Some(scale) if self.orientation == Some(Orientation::Effort) => {
                let question = self.expression(&questions.name);
                let sum = scale.min + scale.max;
                format!("CASE WHEN {question} = 'ces' THEN {sum} - {answer} ELSE {answer} END")
            }
            Some(_) | None => answer,
        }
    }

    /// Columns that only questions have: a whole number is the answer, its name a text.
    fn kind_of(&self, column: &str) -> RoleKind {
        let is_answer = self.asks.questions.as_ref().is_some_and(|it| it.answer == column);
        if is_answer { RoleKind::Integer } else { RoleKind::Text }
    }

    fn of_column(&self, found: &str, asked: &RoleColumn) -> String {
        let sql = self.cast(found, asked.kind);
        match asked.kind {
            RoleKind::Text if asked.lower => format!("lower(trim({sql}))"),
            RoleKind::Text => format!("trim({sql})"),
            _ => sql,
        }
    }

    /// A column of the source as a type of the role.
    fn cast(&self, found: &str, kind: RoleKind) -> String {
        let has = self.source.columns[found].kind;
        let fits = match kind {
            RoleKind::Text | RoleKind::Domain | RoleKind::Person => has == Kind::Text,
            RoleKind::Integer => matches!(has, Kind::Integer | Kind::Duration),
            RoleKind::Decimal => false,
            RoleKind::Timestamp => has == Kind::Timestamp,
            RoleKind::Boolean => has == Kind::Boolean,
        };
        let found = identifier(found);
        if fits {
            return found;
        }
        if kind == RoleKind::Timestamp {
            // A day begins at midnight in the zone of the project.
            let midnight =
                format!("CAST({found} AS TIMESTAMP) AT TIME ZONE {}", SqlText(self.zone));
            return format!("CAST({midnight} AS {})", kind.sql());
        }
        format!("CAST({found} AS {})", kind.sql())
    }

    /// What stands for a column that the extract does not tell.
    fn otherwise(&self, asked: &RoleColumn) -> String {
        let none = || format!("CAST(NULL AS {})", asked.kind.sql());
        let Some(sql) = &asked.otherwise else { return none() };
        let (mut text, mut rest) = (String::new(), sql.as_str());
        while let Some((before, after)) = rest.split_once('{') {
            let Some((column, after)) = after.split_once('}') else { break };
            if !self.mapping.columns.contains_key(column) {
                return none();
            }
            write!(text, "{before}{}", self.expression(column)).expect("a string takes all");
            rest = after;
        }
        text += rest;
        if asked.kind == RoleKind::Integer { format!("CAST({text} AS BIGINT)") } else { text }
    }

    /// What a person should know of columns that the extract does not tell.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let is_told = |column: &str| {
            self.mapping.columns.contains_key(column) || self.mapping.values.contains_key(column)
        };
        let asked = self.asks.columns.iter().filter(|(column, _)| !is_told(column));
        asked
            .filter_map(|(column, asked)| Some(format!("`{column}`: {}", asked.remark.as_ref()?)))
            .collect()
    }
}
