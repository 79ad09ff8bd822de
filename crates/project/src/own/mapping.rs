//! Which column of an extract tells what of a role.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::nearest;
use scorewright_extract::{Draft, Kind, Personal, Source};

use super::answers::{AnsweredRole, FoundColumn, OpenQuestion, UnansweredRole};
use super::copies::{copies_of, may_share};
use super::role_questions::{RoleColumn, RoleKind, RoleQuestions, SurveyQuestions};
use super::times::Times;

/// Which column of a source tells what of a role.
#[derive(Debug, Default)]
pub(crate) struct Mapping {
    /// Columns of the role, each with the canonical name of the source's column.
    pub(crate) columns: BTreeMap<String, String>,
    /// Columns of the role, each with the text of all rows.
    pub(crate) values: BTreeMap<String, String>,
    /// Columns of the role whose column tells another too, each with the name under which the source reads it again.
    pub(crate) copies: BTreeMap<String, String>,
    /// Questions of a survey, each with the canonical name of the column of its answers.
    pub(crate) questions: Vec<(String, String)>,
    /// What was found by the names of columns, without anybody saying so.
    pub(crate) by_name: Vec<FoundColumn>,
    /// Columns that are named like one of the role and cannot tell it.
    pub(crate) remarks: Vec<String>,
}

/// What is known while the columns are found.
struct Search<'a> {
    asks: &'a RoleQuestions,
    source: &'a Source,
    draft: &'a Draft,
    /// Whether the source's file was there before: it is taken as it is.
    is_there: bool,
    mapping: Mapping,
    taken: BTreeSet<String>,
    open: Vec<OpenQuestion>,
    faults: Vec<String>,
}

impl Mapping {
    /// Finds the columns by what a person says, and the others by their names.
    ///
    /// - `is_there`: whether the source's file was there before, and is taken as it is.
    pub(crate) fn of(
        said: &AnsweredRole,
        asks: &RoleQuestions,
        draft: &Draft,
        is_there: bool,
    ) -> Result<Self, UnansweredRole> {
        let source = &draft.source;
        let mut search = Search {
            asks,
            source,
            draft,
            is_there,
            mapping: Self::default(),
            taken: BTreeSet::new(),
            open: Vec::new(),
            faults: Vec::new(),
        };
        search.take_said(said);
        search.take_by_name();
        search.ask();
        search.check_kinds();
        search.ask_for_dates(said);
        if search.open.is_empty() && search.faults.is_empty() {
            search.mapping.copies = copies_of(asks, &search.mapping.columns, source);
            return Ok(search.mapping);
        }
        let columns = source.columns.iter().map(|(name, column)| column.names(name)[0].to_owned());
        Err(UnansweredRole {
            role: said.role.clone(),
            open: search.open,
            faults: search.faults,
            columns: columns.collect(),
        })
    }

    /// The column of the source that tells a column of the role.
    pub(crate) fn source_column(&self, column: &str) -> Option<&String> {
        self.copies.get(column).or_else(|| self.columns.get(column))
    }
}

impl Search<'_> {
    fn take_said(&mut self, said: &AnsweredRole) {
        for (column, name) in &said.columns {
            if self.is_asked("--column", column)
                && self.is_said_once(column)
                && let Some(found) = self.column_named(name)
            {
                self.taken.insert(found.clone());
                self.mapping.columns.insert(column.clone(), found);
            }
        }
        for (column, text) in &said.values {
            if self.is_asked("--value", column) && self.is_said_once(column) {
                self.mapping.values.insert(column.clone(), text.clone());
            }
        }
        for (question, name) in &said.questions {
            if self.asks.questions.is_none() {
                let role = &said.role;
                self.faults
                    .push(format!("--question {question}: `staging.{role}` has no questions"));
            } else if !is_word(question) {
                self.faults.push(format!(
                    "--question {question}: a question is named with small letters, digits and `_`"
                ));
            } else if self.mapping.questions.iter().any(|(other, _)| other == question) {
                self.faults.push(format!("--question {question} is said twice"));
            } else if let Some(found) = self.column_named(name) {
                self.taken.insert(found.clone());
                self.mapping.questions.push((question.clone(), found));
            }
        }
    }

    /// Whether nothing else was said of a column of the role.
    fn is_said_once(&mut self, column: &str) -> bool {
        let is_known =
            self.mapping.columns.contains_key(column) || self.mapping.values.contains_key(column);
        if is_known {
            self.faults.push(format!("what tells `{column}` is said twice"));
        }
        !is_known
    }

    /// Whether the role has such a column; a fault names the nearest.
    fn is_asked(&mut self, flag: &str, column: &str) -> bool {
        let questions = self.asks.questions.iter();
        let of_questions = questions.flat_map(|it| [it.name.as_str(), it.answer.as_str()]);
        let known: Vec<&str> =
            self.asks.columns.keys().map(String::as_str).chain(of_questions).collect();
        let is_known = known.contains(&column);
        if !is_known {
            let near = nearest(column, &known).map_or_else(
                || format!("it has {}", known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.faults.push(format!("{flag} {column}: the role has no such column; {near}"));
        }
        is_known
    }

    /// The column of the source that has a name in the extract; case and blanks do not matter where none has it as written.
    fn column_named(&mut self, wanted: &str) -> Option<String> {
        let columns = || self.source.columns.iter();
        let exact = columns()
            .find(|(name, column)| *name == wanted || column.names(name).contains(&wanted));
        let alike = |(name, column): &(&String, &scorewright_extract::Column)| {
            column.names(name).iter().any(|from| plain(from) == plain(wanted))
        };
        let found = exact.or_else(|| columns().find(alike)).map(|(name, _)| name.clone());
        if found.is_none() {
            let names: Vec<&str> = columns().map(|(name, column)| column.names(name)[0]).collect();
            let near = nearest(wanted, &names);
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            self.faults.push(format!("the extract has no column `{wanted}`{near}"));
        }
        found
    }

    /// Takes columns that are named as such columns are, each once.
    fn take_by_name(&mut self) {
        let asks = self.asks;
        for (column, asked) in &asks.columns {
            let is_known = self.mapping.columns.contains_key(column)
                || self.mapping.values.contains_key(column);
            if !is_known
                && let Some(found) = self.named(asked)
                && self.may_tell(column, &found, asked.kind)
            {
                self.mapping.by_name.push(FoundColumn::new("--column", column, &found));
                self.taken.insert(found.clone());
                self.mapping.columns.insert(column.clone(), found);
            }
        }
        let Some(questions) = &asks.questions else { return };
        if !self.mapping.questions.is_empty() || self.is_long(questions) {
            return;
        }
        for (question, scale) in &questions.scales {
            if let Some(found) = self.free_named(&scale.names, true)
                && self.may_tell(question, &found, RoleKind::Integer)
            {
                self.mapping.by_name.push(FoundColumn::new("--question", question, &found));
                self.taken.insert(found.clone());
                self.mapping.questions.push((question.clone(), found));
            }
        }
    }

    /// Whether each row is one answer already.
    fn is_long(&self, questions: &SurveyQuestions) -> bool {
        self.mapping.columns.contains_key(&questions.answer)
    }

    /// The first column that is named as such columns are and tells nothing else, or what may be told by the same column.
    fn named(&self, asked: &RoleColumn) -> Option<String> {
        let may_share =
            |found: &str| may_share(self.asks, &self.mapping.columns, found, asked.kind);
        self.free_named(&asked.names, false)
            .or_else(|| self.first_named(&asked.names, false, may_share))
    }

    /// The first column with one of the names that tells nothing else yet; a question may go on after its first words.
    fn free_named(&self, names: &[String], may_go_on: bool) -> Option<String> {
        self.first_named(names, may_go_on, |found| !self.taken.contains(found))
    }

    fn first_named(
        &self,
        names: &[String],
        may_go_on: bool,
        may_be: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let is_it = |from: &str, name: &str| {
            let (from, name) = (plain(from), plain(name));
            let is_sentence = name.len() > 12;
            from == name || (may_go_on && is_sentence && from.starts_with(&name))
        };
        names.iter().find_map(|name| {
            let mut columns = self.source.columns.iter();
            let found = columns.find(|(canonical, column)| {
                may_be(canonical) && column.names(canonical).iter().any(|from| is_it(from, name))
            });
            found.map(|(canonical, _)| canonical.clone())
        })
    }

    /// Asks for what the role needs and nobody and no name tells.
    fn ask(&mut self) {
        for (column, asked) in &self.asks.columns {
            let is_known = self.mapping.columns.contains_key(column)
                || self.mapping.values.contains_key(column);
            if let Some(says) = asked.needed.as_ref().filter(|_| !is_known) {
                self.open.push(OpenQuestion::Column { column: column.clone(), says: says.clone() });
            }
        }
        let Some(questions) = &self.asks.questions else { return };
        let is_long = self.is_long(questions);
        let has_name = self.mapping.columns.contains_key(&questions.name)
            || self.mapping.values.contains_key(&questions.name);
        if self.mapping.questions.is_empty() && !is_long {
            self.open.push(OpenQuestion::Survey { says: questions.needed.clone() });
        } else if is_long && !has_name {
            let says = "which question the answer is to".into();
            self.open.push(OpenQuestion::Column { column: questions.name.clone(), says });
        }
    }

    /// Whether a column that was found by its name fits; a remark says so where it does not.
    fn may_tell(&mut self, tells: &str, found: &str, kind: RoleKind) -> bool {
        let fault = self.fault_of(found, kind);
        let from = self.source.columns[found].names(found)[0];
        let remark = fault
            .map(|fault| format!("`{from}` is named like `{tells}`, and is left out: it {fault}"));
        let fits = remark.is_none();
        self.mapping.remarks.extend(remark);
        fits
    }

    /// Asks what comes first in the days that the role needs, where nothing in them says so.
    fn ask_for_dates(&mut self, said: &AnsweredRole) {
        let is_open = |found: &&String| self.times_of(found).is_some_and(|times| times.is_open());
        let columns = self.mapping.columns.iter();
        let times = columns.filter(|(column, _)| {
            self.asks.columns.get(*column).is_some_and(|asked| asked.kind == RoleKind::Timestamp)
        });
        let open = times.map(|(_, found)| found).find(is_open).filter(|_| said.dates.is_none());
        if let Some(found) = open {
            let column = self.source.columns[found].names(found)[0].to_owned();
            self.open.push(OpenQuestion::Dates { column });
        }
    }

    /// Ways to read a column of times that the sample does not decide.
    fn times_of(&self, found: &str) -> Option<Times> {
        self.draft.readings.get(found).and_then(|readings| Times::of(readings))
    }

    /// Finds columns whose values the role cannot have.
    fn check_kinds(&mut self) {
        let questions = self.mapping.questions.iter();
        let scores = questions.map(|(_, found)| (found, RoleKind::Integer));
        let columns = self.mapping.columns.iter().map(|(column, found)| {
            let kind = self.asks.columns.get(column).map(|asked| asked.kind);
            let is_answer = self.asks.questions.as_ref().is_some_and(|it| it.answer == *column);
            (found, kind.unwrap_or(if is_answer { RoleKind::Integer } else { RoleKind::Text }))
        });
        let faults = columns.chain(scores).filter_map(|(found, kind)| {
            let from = self.source.columns[found].names(found)[0];
            let fault = self.fault_of(found, kind)?;
            let first = if self.is_there { "" } else { "write the source first, without --role; " };
            Some(format!(
                "`{from}` {fault}: {first}mend it in `{}`, then say the same again",
                self.source.path
            ))
        });
        let faults: Vec<String> = faults.collect();
        self.faults.extend(faults);
    }

    /// Why a column cannot tell something of a type; nothing where it can.
    fn fault_of(&self, found: &str, kind: RoleKind) -> Option<&'static str> {
        let column = &self.source.columns[found];
        let is_hashed = matches!(column.personal, Personal::Hash | Personal::HashAddress);
        if self.is_there && column.personal == Personal::Drop {
            return Some("is dropped, as `personal` says");
        }
        if self.is_there && kind == RoleKind::Domain && is_hashed {
            return Some("is hashed, and only `personal = \"domain\"` keeps the domain");
        }
        if self.is_there && kind == RoleKind::Person && !is_hashed {
            return Some(
                "is no hash (`personal = \"hash_address\"` for an address, \"hash\" for another name)",
            );
        }
        let is_free = self.draft.empty.contains(found)
            || kind == RoleKind::Timestamp && self.times_of(found).is_some();
        misfit(column.kind, kind).filter(|_| !is_free)
    }
}

/// What is wrong with values of one kind for a column of another; nothing where they fit.
fn misfit(found: Kind, wanted: RoleKind) -> Option<&'static str> {
    match (wanted, found) {
        (RoleKind::Text | RoleKind::Domain | RoleKind::Person, _)
        | (RoleKind::Integer, Kind::Integer | Kind::Duration)
        | (RoleKind::Decimal, Kind::Integer | Kind::Decimal)
        | (RoleKind::Timestamp, Kind::Timestamp | Kind::Date)
        | (RoleKind::Boolean, Kind::Boolean) => None,
        (RoleKind::Integer, Kind::Decimal) => Some(
            "has decimals where a whole number is needed (`type = \"integer\"` sets others aside)",
        ),
        (RoleKind::Integer | RoleKind::Decimal, _) => {
            Some("is no number (a QUESTION may be open, or `map` has to give its texts numbers)")
        }
        (RoleKind::Timestamp, _) => {
            Some("is no time (`type = \"timestamp\"`, and how it is written in `format`)")
        }
        (RoleKind::Boolean, _) => {
            Some("is no yes or no (`map` says what is which, and `type = \"boolean\"`)")
        }
    }
}

/// A name without case, blanks and marks.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == '#')
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_word(name: &str) -> bool {
    let is_part =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.chars().all(is_part)
}
