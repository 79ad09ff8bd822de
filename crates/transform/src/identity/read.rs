//! The identity file read and verified, each slip shown where it is written.

use std::collections::BTreeSet;

use indexmap::IndexSet;
use scorewright_domain::{Fault, LocalTimeUse, ProjectFile, TableName, nearest};
use scorewright_warehouse::{ModelSql, verify_expression};
use toml::Spanned;

use super::definition::{ITSELF, Identity, MERGED};
use super::identity_file::{AnchorFile, IdentityFile, KeyFile, TableFile};
use super::key_table::{KeyColumn, KeyKind, KeyTable, SourceName};
use crate::tables_read::tables_read;

/// Sources that one identity file may name, for a key's sources are kept as bits.
const MOST_SOURCES: usize = 64;

impl Identity {
    /// Reads and verifies the file.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that points at the slip.
    pub(crate) fn read(file: ProjectFile) -> Result<Self, Fault> {
        let written: IdentityFile = file.toml()?;
        let kinds = written.kinds.iter().map(|(name, kind)| KeyKind {
            name: name.clone(),
            is_shared: kind.is_shared,
            never: kind.never.iter().cloned().collect(),
        });
        let mut identity = Self {
            kinds: kinds.collect(),
            tables: Vec::new(),
            reads: BTreeSet::new(),
            local_time: LocalTimeUse::default(),
            parameters: BTreeSet::new(),
            levels: Vec::new(),
            methods: IndexSet::new(),
            file,
        };
        identity.verify_share(written.tolerate_unmatched)?;
        let own_methods = [ITSELF, MERGED].map(|method| identity.method(method));
        if let Some(anchor) = &written.anchor {
            let table = identity.anchor_table(anchor, own_methods, written.tolerate_unmatched)?;
            identity.add(table)?;
        }
        for table in &written.tables {
            let table = identity.key_table(table, written.tolerate_unmatched)?;
            identity.add(table)?;
        }
        identity.verify_sources()?;
        identity.rank_confidences();
        Ok(identity)
    }

    fn anchor_table(
        &mut self,
        anchor: &AnchorFile,
        [itself, merged]: [u16; 2],
        tolerance: f64,
    ) -> Result<KeyTable, Fault> {
        let kind = self.kind(&anchor.kind)?;
        let mut keys = vec![own_key(&anchor.id, kind, itself)];
        keys.extend(anchor.merged_into.iter().map(|column| own_key(column, kind, merged)));
        for key in &anchor.keys {
            keys.push(self.key_column(key)?);
        }
        let names = (anchor.source.as_ref(), anchor.source_column.as_ref());
        Ok(KeyTable {
            name: anchor.table.get_ref().clone(),
            toml_span: anchor.table.span(),
            is_anchor: true,
            has_merges: anchor.merged_into.is_some(),
            source: self.source(&anchor.table, names)?,
            condition: anchor.condition.clone(),
            since: anchor.since.clone(),
            until: anchor.until.clone(),
            tolerance: anchor.tolerate_unmatched.unwrap_or(tolerance),
            keys,
        })
    }

    fn key_table(&mut self, table: &TableFile, tolerance: f64) -> Result<KeyTable, Fault> {
        let names = (table.source.as_ref(), table.source_column.as_ref());
        let source = self.source(&table.table, names)?;
        let keys =
            table.keys.iter().map(|key| self.key_column(key)).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            let message = format!("`{}` names no customer without `keys`", table.table.get_ref());
            let fault = self.file.fault(Some(table.table.span()), message);
            return Err(fault.help("add [[tables.keys]] with column, kind, method and confidence"));
        }
        Ok(KeyTable {
            name: table.table.get_ref().clone(),
            toml_span: table.table.span(),
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
        names: (Option<&Spanned<String>>, Option<&Spanned<String>>),
    ) -> Result<SourceName, Fault> {
        match names {
            (Some(name), None) => Ok(SourceName::Fixed(name.get_ref().clone())),
            (None, Some(column)) => Ok(SourceName::Column(column.clone())),
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
            let fault = self.file.fault(Some(table.toml_span), message);
            return Err(fault.help("put all its keys into one [[tables]] entry"));
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
        let parsed = verify_expression(condition.get_ref()).and_then(|()| ModelSql::read(&sql));
        let parsed = parsed.map_err(|fault| {
            let shown = self.file.fault(Some(condition.span()), fault.message);
            shown.help("a condition on one row, as after WHERE: where = \"NOT is_deleted\"")
        })?;
        self.reads.extend(tables_read(&parsed, &self.file)?);
        self.local_time = parsed.local_time.and(&self.local_time);
        self.parameters.extend(parsed.parameters);
        Ok(())
    }

    fn key_column(&mut self, key: &KeyFile) -> Result<KeyColumn, Fault> {
        let confidence = *key.confidence.get_ref();
        if !(confidence > 0.0 && confidence <= 1.0) {
            let span = Some(key.confidence.span());
            let fault = self.file.fault(span, "a confidence is above 0 and at most 1");
            return Err(
                fault.help("how surely the column names the customer of its row: confidence = 0.9")
            );
        }
        Ok(KeyColumn {
            column: key.column.clone(),
            kind: self.kind(&key.kind)?,
            source: key.source.as_ref().map(|source| source.get_ref().clone()),
            confidence,
            method: self.method(&key.method),
        })
    }

    fn kind(&self, kind: &Spanned<String>) -> Result<usize, Fault> {
        let known: Vec<&str> = self.kinds.iter().map(|kind| kind.name.as_str()).collect();
        known.iter().position(|name| name == kind.get_ref()).ok_or_else(|| {
            let message = format!("there is no kind `{}`", kind.get_ref());
            let list = format!("kinds of this file: {}", known.join(", "));
            let help = match nearest(kind.get_ref(), &known) {
                Some(near) => format!("did you mean `{near}`? {list}"),
                None => list,
            };
            self.file.fault(Some(kind.span()), message).help(help)
        })
    }

    fn method(&mut self, method: &str) -> u16 {
        let (position, _) = self.methods.insert_full(method.to_owned());
        u16::try_from(position).expect("a file has fewer methods")
    }

    fn verify_share(&self, share: f64) -> Result<(), Fault> {
        if (0.0..=1.0).contains(&share) {
            return Ok(());
        }
        let span = self.file.find("tolerate_unmatched");
        let fault = self.file.fault(span, "`tolerate_unmatched` is a share from 0 to 1");
        Err(fault.help("5 % is 0.05"))
    }

    fn verify_sources(&self) -> Result<(), Fault> {
        let named = self.tables.iter().flat_map(|table| {
            let own = if let SourceName::Fixed(name) = &table.source { Some(name) } else { None };
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

/// A column with numbers of the anchor's own records.
fn own_key(column: &Spanned<String>, kind: usize, method: u16) -> KeyColumn {
    KeyColumn { column: column.clone(), kind, source: None, confidence: 1.0, method }
}
