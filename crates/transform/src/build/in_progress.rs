//! One build in progress: model after model into its report.

use jiff::Timestamp;
use scorewright_domain::{Built, CheckOutcome, CheckVerdict, Event, Listener};
use scorewright_warehouse::{Session, Snapshot, Transaction};

use super::audit::{audit, run_custom_check};
use super::build_report::{BuildError, BuildReport, FailedModel};
use super::make::{ModelMaker, NotMade};
use super::reassigned_names::{former_names, reassigned};
use super::unchanged::{input_hash, unchanged};
use crate::check::CustomCheck;
use crate::identity::{IdentityResolver, IdentityTable};
use crate::model::{Model, Work};

/// One build in progress. The engine starts only when a model has work.
pub(super) struct Build<'a> {
    as_of: Timestamp,
    listener: &'a dyn Listener,
    session: Option<Session>,
    resolver: IdentityResolver,
    pub(super) report: BuildReport,
    verdicts: Vec<CheckVerdict>,
}

impl<'a> Build<'a> {
    pub(super) fn new(as_of: Timestamp, listener: &'a dyn Listener) -> Self {
        let (resolver, report) = (IdentityResolver::default(), BuildReport::default());
        Self { as_of, listener, session: None, resolver, report, verdicts: Vec::new() }
    }

    /// Takes a model over from the version before, or makes and audits it.
    pub(super) fn model(
        &mut self,
        model: &Model,
        order: usize,
        transaction: &mut Transaction,
    ) -> Result<(), BuildError> {
        if model.needs().any(|table| self.report.skipped.contains(table)) {
            self.report.skipped.push(model.name.clone());
            return Ok(());
        }
        let input_hash = input_hash(model, self.as_of, transaction.snapshot());
        if let Some(before) = unchanged(model, &input_hash, transaction.snapshot()) {
            self.emit_built(&before);
            self.report.built.push(before);
            return Ok(());
        }
        if self.has_failed_beside(model) {
            self.report.skipped.push(model.name.clone());
            return Ok(());
        }
        match self.make_and_audit(model, order, input_hash, transaction) {
            Ok(built) => self.report_made(model, built),
            Err(NotMade::Failed(failed)) => {
                self.report.failed.push(failed);
                self.report.skipped.push(model.name.clone());
            }
            Err(NotMade::Aborted(error)) => return Err(error),
        }
        Ok(())
    }

    /// Takes a model over from the version before, whatever it would be made from.
    pub(super) fn keep(&mut self, model: &Model, snapshot: &Snapshot) {
        let before = snapshot.built.iter().find(|built| built.table == model.name);
        match before {
            Some(before) => {
                let kept = Built { is_unchanged: true, ..before.clone() };
                self.emit_built(&kept);
                self.report.built.push(kept);
            }
            None => self.report.skipped.push(model.name.clone()),
        }
    }

    /// Whether another table of the same identity file failed: its fault is reported already, and is this one's too.
    fn has_failed_beside(&self, model: &Model) -> bool {
        matches!(model.work, Work::Identity(..))
            && IdentityTable::ALL.iter().any(|table| self.report.skipped.contains(&table.name()))
    }

    fn make_and_audit(
        &mut self,
        model: &Model,
        order: usize,
        input_hash: String,
        transaction: &mut Transaction,
    ) -> Result<Built, NotMade> {
        let session = open(&mut self.session, transaction)?;
        let former = former_names(model, transaction);
        let mut maker = ModelMaker { session, as_of: self.as_of, transaction };
        let made = maker.make(model, order, input_hash, &mut self.resolver)?;
        if let Some(former) = former {
            let note = reassigned(&former, model, session, transaction)?;
            if let Some(note) = note {
                self.listener.on_event(note);
            }
        }
        Ok(audit(model, session, made, &self.report.built)?)
    }

    /// Reports a model that was made, with the outcomes of its checks.
    fn report_made(&mut self, model: &Model, built: Built) {
        let table = model.name.to_string();
        self.verdicts.extend(built.checks.iter().map(|outcome| outcome.verdict));
        for outcome in built.checks.iter().filter(|outcome| outcome.verdict.is_offence()) {
            self.report_failed_check(&table, outcome, &model.companion.path, "");
        }
        self.emit_built(&built);
        if built.checks.iter().any(stops_publication) {
            self.report.skipped.push(built.table);
        } else {
            self.report.built.push(built);
        }
    }

    /// Runs the project's own checks of tables that were made.
    pub(super) fn custom_checks(
        &mut self,
        checks: &[CustomCheck],
        transaction: &Transaction,
    ) -> Result<(), BuildError> {
        for check in checks {
            if check.reads.iter().any(|table| self.report.skipped.contains(table)) {
                continue;
            }
            let session = open(&mut self.session, transaction)?;
            match run_custom_check(check, self.as_of, session) {
                Ok(outcome) => {
                    self.verdicts.push(outcome.verdict);
                    if outcome.verdict.is_offence() {
                        let (file, says) = (&check.sql.path, check.says());
                        self.report_failed_check(&check.tables(), &outcome, file, &says);
                    }
                    self.report.checks.push(outcome);
                }
                Err(failed) => self.report.failed.push(failed),
            }
        }
        Ok(())
    }

    fn report_failed_check(&mut self, table: &str, outcome: &CheckOutcome, file: &str, says: &str) {
        self.listener.on_event(Event::CheckFailed {
            table: table.into(),
            check: outcome.check.clone(),
            offending: outcome.offending,
            is_warning: outcome.verdict == CheckVerdict::Warned,
        });
        if stops_publication(outcome) {
            self.report.failed.push(FailedModel::of_check(table, outcome, file, says));
        }
    }

    /// Says how many checks there were.
    pub(super) fn emit_checks(&self) {
        let count = |of: CheckVerdict| self.verdicts.iter().filter(|it| **it == of).count() as u64;
        self.listener.on_event(Event::ChecksRun {
            checks: self.verdicts.len() as u64,
            failed: count(CheckVerdict::Failed),
            warned: count(CheckVerdict::Warned),
        });
    }

    fn emit_built(&self, built: &Built) {
        let (table, rows, is_unchanged) = (built.table.to_string(), built.rows, built.is_unchanged);
        self.listener.on_event(Event::TableBuilt { table, rows, is_unchanged });
    }
}

fn stops_publication(outcome: &CheckOutcome) -> bool {
    outcome.verdict == CheckVerdict::Failed
}

/// The session of the build, opened when it is first asked for.
fn open<'s>(
    session: &'s mut Option<Session>,
    transaction: &Transaction,
) -> Result<&'s Session, BuildError> {
    if session.is_none() {
        *session = Some(transaction.session()?);
    }
    Ok(session.as_ref().expect("opened above"))
}
