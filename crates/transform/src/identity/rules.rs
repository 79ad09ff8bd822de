//! The identity file, verified: kinds, tables and their keys by number.

use std::collections::BTreeSet;
use std::ops::Range;

use indexmap::IndexSet;
use scorewright_domain::{Fault, ProjectFile, TableName, nearest};
use scorewright_warehouse::ModelSql;
use toml::Spanned;

use super::file::{AnchorFile, IdentityFile, KeyFile, TableFile};
use crate::model::read_name;

/// Sources that one identity file may name, for a key's sources are kept as bits.
const MOST_SOURCES: usize = 64;

/// How every customer is known by its own id.
pub(super) const ITSELF: &str = "itself";
/// How a record that was merged into another is known.
pub(super) const MERGED: &str = "merged record";

/// Which columns of which tables name a customer.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// The file it was read from.
    pub(crate) file: ProjectFile,
    /// Kinds in the order of the file.
    pub(crate) kinds: Vec<Kind>,
    /// Tables in the order of the file, the anchor first.
    pub(crate) tables: Vec<KeyTable>,
    /// All tables read, those inside conditions too.
    pub(crate) reads: BTreeSet<TableName>,
    /// Confidences of all links, the surest first.
    pub(crate) levels: Vec<f64>,
    /// Methods of all links, in the order of the file.
    pub(crate) methods: IndexSet<String>,
}

/// A kind of name.
#[derive(Debug, Clone)]
pub(crate) struct Kind {
    pub(crate) name: String,
    pub(crate) is_shared: bool,
    pub(crate) never: BTreeSet<String>,
}

/// A table and the columns that name customers.
#[derive(Debug, Clone)]
pub(crate) struct KeyTable {
    pub(crate) name: TableName,
    pub(crate) place: Range<usize>,
    /// Whether its rows are the customers; the first key is their id then.
    pub(crate) is_anchor: bool,
    /// Whether the second key is the record that a row was merged into.
    pub(crate) has_merges: bool,
    pub(crate) source: SourceName,
    pub(crate) condition: Option<Spanned<String>>,
    pub(crate) since: Option<Spanned<String>>,
    pub(crate) until: Option<Spanned<String>>,
    pub(crate) tolerance: f64,
    pub(crate) keys: Vec<Key>,
}

/// The system whose names a table holds.
#[derive(Debug, Clone)]
pub(crate) enum SourceName {
    Is(String),
    In(Spanned<String>),
}

/// A column that names customers.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) column: Spanned<String>,
    /// Place of its kind.
    pub(crate) kind: usize,
    /// System the name belongs to, where it is not the table's own.
    pub(crate) source: Option<String>,
    pub(crate) confidence: f64,
    /// Place of its method.
    pub(crate) method: u16,
}

impl Identity {
    /// Reads and verifies the file.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that points at the slip.
    pub(crate) fn read(file: ProjectFile) -> Result<Self, Fault> {
        let written: IdentityFile = file.toml()?;
        let kinds = written.kinds.iter().map(|(name, kind)| Kind {
            name: name.clone(),
            is_shared: kind.is_shared,
            never: kind.never.iter().cloned().collect(),
        });
        let methods = IndexSet::from([ITSELF.to_owned(), MERGED.to_owned()]);
        let mut identity = Self {
            kinds: kinds.collect(),
            tables: Vec::new(),
            reads: BTreeSet::new(),
            levels: Vec::new(),
            methods,
            file,
        };
        identity.verify_share(written.tolerate_unmatched)?;
        if let Some(anchor) = &written.anchor {
            identity.anchor(anchor, written.tolerate_unmatched)?;
        }
        for table in &written.tables {
            identity.table(table, written.tolerate_unmatched)?;
        }
        identity.verify_sources()?;
        identity.rank_confidences();
        Ok(identity)
    }

    /// Whether it depends on the day of the run.
    pub(crate) fn uses_as_of(&self) -> bool {
        self.tables.iter().any(|table| {
            table.since.is_some()
                || table.condition.iter().any(|text| text.get_ref().contains("$as_of"))
        })
    }

    /// The anchor, or everything where none is declared.
    pub(crate) fn requires(&self) -> Vec<&TableName> {
        match self.tables.first() {
            Some(anchor) if anchor.is_anchor => vec![&anchor.name],
            _ => self.reads.iter().collect(),
        }
    }

    /// The place of a confidence among all.
    pub(crate) fn level(&self, confidence: f64) -> u16 {
        let place = self.levels.iter().position(|level| level.to_bits() == confidence.to_bits());
        u16::try_from(place.expect("every key's confidence is ranked")).unwrap_or(u16::MAX)
    }

    fn anchor(&mut self, anchor: &AnchorFile, tolerance: f64) -> Result<(), Fault> {
        let kind = self.kind(&anchor.kind)?;
        let own = |column: &Spanned<String>, method| Key {
            column: column.clone(),
            kind,
            source: None,
            confidence: 1.0,
            method,
        };
        let mut keys = vec![own(&anchor.id, 0)];
        keys.extend(anchor.merged_into.iter().map(|column| own(column, 1)));
        for key in &anchor.keys {
            keys.push(self.key(key)?);
        }
        self.add(KeyTable {
            name: anchor.table.get_ref().clone(),
            place: anchor.table.span(),
            is_anchor: true,
            has_merges: anchor.merged_into.is_some(),
            source: self.source(
                &anchor.table,
                anchor.source.as_ref(),
                anchor.source_column.as_ref(),
            )?,
            condition: anchor.condition.clone(),
            since: anchor.since.clone(),
            until: anchor.until.clone(),
            tolerance: anchor.tolerate_unmatched.unwrap_or(tolerance),
            keys,
        })
    }

    fn table(&mut self, table: &TableFile, tolerance: f64) -> Result<(), Fault> {
        let place = table.table.span();
        let source =
            self.source(&table.table, table.source.as_ref(), table.source_column.as_ref())?;
        let keys = table.keys.iter().map(|key| self.key(key)).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            let fault = self.file.fault(
                Some(place),
                format!("`{}` names no customer without `keys`", table.table.get_ref()),
            );
            return Err(fault.help("add [[tables.keys]] with column, kind, method and confidence"));
        }
        self.add(KeyTable {
            name: table.table.get_ref().clone(),
            place,
            is_anchor: false,
            has_merges: false,
            source,
            condition: table.condition.clone(),
            since: table.since.clone(),
            until: table.until.clone(),
            tolerance: table.tolerate_unmatched.unwrap_or(tolerance),
            keys,
        })
    }

    fn source(
        &self,
        table: &Spanned<TableName>,
        name: Option<&Spanned<String>>,
        column: Option<&Spanned<String>>,
    ) -> Result<SourceName, Fault> {
        match (name, column) {
            (Some(name), None) => Ok(SourceName::Is(name.get_ref().clone())),
            (None, Some(column)) => Ok(SourceName::In(column.clone())),
            _ => {
                let message =
                    format!("`{}` needs either `source` or `source_column`", table.get_ref());
                let fault = self.file.fault(Some(table.span()), message);
                Err(fault.help(
                    "the system whose names it holds, or the column that says so: source = \"zendesk\"",
                ))
            }
        }
    }

    fn add(&mut self, table: KeyTable) -> Result<(), Fault> {
        if self.tables.iter().any(|known| known.name == table.name) {
            let message = format!("`{}` is described twice", table.name);
            return Err(self
                .file
                .fault(Some(table.place), message)
                .help("put all its keys into one [[tables]] entry"));
        }
        self.verify_share(table.tolerance)?;
        self.reads.insert(table.name.clone());
        if let Some(condition) = &table.condition {
            self.read_condition(condition)?;
        }
        self.tables.push(table);
        Ok(())
    }

    /// A condition is read by the engine's parser, and may look into other tables.
    fn read_condition(&mut self, condition: &Spanned<String>) -> Result<(), Fault> {
        let sql = format!("SELECT 1 FROM a WHERE (\n{}\n)", condition.get_ref());
        let parsed = ModelSql::read(&sql).map_err(|fault| {
            let shown = self.file.fault(Some(condition.span()), fault.message);
            shown.help("a condition on one row, as after WHERE: where = \"NOT is_deleted\"")
        })?;
        for table in &parsed.reads {
            self.reads.insert(read_name(table, &self.file)?);
        }
        Ok(())
    }

    fn key(&mut self, key: &KeyFile) -> Result<Key, Fault> {
        let confidence = *key.confidence.get_ref();
        if !(confidence > 0.0 && confidence <= 1.0) {
            let fault = self
                .file
                .fault(Some(key.confidence.span()), "a confidence is above 0 and at most 1");
            return Err(
                fault.help("how surely the column names the customer of its row: confidence = 0.9")
            );
        }
        let kind = self.kind(&key.kind)?;
        let (method, _) = self.methods.insert_full(key.method.clone());
        Ok(Key {
            column: key.column.clone(),
            kind,
            source: key.source.as_ref().map(|source| source.get_ref().clone()),
            confidence,
            method: u16::try_from(method).expect("a file has fewer methods"),
        })
    }

    fn kind(&self, kind: &Spanned<String>) -> Result<usize, Fault> {
        let known: Vec<&str> = self.kinds.iter().map(|kind| kind.name.as_str()).collect();
        known.iter().position(|name| name == kind.get_ref()).ok_or_else(|| {
            let fault = self
                .file
                .fault(Some(kind.span()), format!("there is no kind `{}`", kind.get_ref()));
            let list = format!("kinds of this file: {}", known.join(", "));
            fault.help(
                nearest(kind.get_ref(), &known)
                    .map_or_else(|| list.clone(), |near| format!("did you mean `{near}`? {list}")),
            )
        })
    }

    fn verify_share(&self, share: f64) -> Result<(), Fault> {
        if (0.0..=1.0).contains(&share) {
            return Ok(());
        }
        let place = self.file.find("tolerate_unmatched");
        Err(self
            .file
            .fault(place, "`tolerate_unmatched` is a share from 0 to 1")
            .help("5 % is 0.05"))
    }

    fn verify_sources(&self) -> Result<(), Fault> {
        let named = self.tables.iter().flat_map(|table| {
            let own = if let SourceName::Is(name) = &table.source { Some(name) } else { None };
            own.into_iter().chain(table.keys.iter().filter_map(|key| key.source.as_ref()))
        });
        if named.collect::<BTreeSet<_>>().len() <= MOST_SOURCES {
            return Ok(());
        }
        Err(self.file.fault(None, format!("more than {MOST_SOURCES} sources are named")))
    }

    fn rank_confidences(&mut self) {
        let keys = self.tables.iter().flat_map(|table| &table.keys);
        self.levels = keys.map(|key| key.confidence).chain([1.0]).collect();
        self.levels.sort_by(|one, other| other.total_cmp(one));
        self.levels.dedup();
    }
}
