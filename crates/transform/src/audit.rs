//! The checks of a model that was just built, and the project's own.

use scorewright_domain::{Built, CheckOutcome, Event, Severity};
use scorewright_warehouse::{Parameters, Transaction};

use crate::build::Build;
use crate::model::{Model, Work};
use crate::pipeline::Pipeline;
use crate::report::{BuildError, FailedModel};

impl Build<'_> {
    pub(crate) fn audit(&mut self, model: &Model) {
        let counted = self
            .session()
            .query(&format!("SELECT count(*) FROM {}", model.name), &Parameters::new());
        let rows = match counted {
            Ok(counted) => counted.rows[0][0].as_u64().unwrap_or(0),
            Err(fault) => return self.fail(fault.in_file(&model.sql).into(), model),
        };
        if rows == 0 && !model.settings.may_be_empty {
            let (table, file) = (model.name.to_string(), model.companion.path.clone());
            return self.fail(FailedModel::Empty { table, file }, model);
        }
        let mut outcomes = Vec::new();
        for check in &model.checks {
            match check.run(self.session(), &model.name, &model.settings.grain, rows) {
                Ok(outcome) => outcomes.push(outcome),
                Err(fault) => {
                    let column = check.columns.first().map_or("", String::as_str);
                    let file = &model.companion;
                    return self
                        .fail(file.fault(file.find(column), fault.to_string()).into(), model);
                }
            }
        }
        if let Work::Identity(_, part) = &model.work {
            outcomes.extend(self.who.outcomes(*part));
        }
        self.judge(model, rows, outcomes);
    }

    fn judge(&mut self, model: &Model, rows: u64, checks: Vec<CheckOutcome>) {
        let table = model.name.to_string();
        for outcome in checks.iter().filter(|outcome| !outcome.is_passed()) {
            self.tell_failed(&table, outcome);
            if outcome.severity == Severity::Error {
                self.report.failed.push(failed_check(&table, outcome, &model.companion.path));
            }
        }
        let built = Built {
            table: model.name.clone(),
            grain: model.settings.grain.clone(),
            upstream: model.reads.iter().cloned().collect(),
            rows,
            is_unchanged: false,
            checks,
        };
        self.tell(&built);
        if built
            .checks
            .iter()
            .any(|outcome| !outcome.is_passed() && outcome.severity == Severity::Error)
        {
            self.report.skipped.push(model.name.clone());
        } else {
            self.report.built.push(built);
        }
    }

    pub(crate) fn custom_checks(
        &mut self,
        pipeline: &Pipeline,
        transaction: &Transaction,
    ) -> Result<(), BuildError> {
        if pipeline.checks.is_empty() {
            return Ok(());
        }
        self.open(transaction)?;
        let parameters = Parameters::new().timestamp("as_of", self.as_of);
        for check in &pipeline.checks {
            if check.reads.iter().any(|table| self.report.skipped.contains(table)) {
                continue;
            }
            match check.run(self.session(), &parameters) {
                Ok(outcome) if outcome.is_passed() => self.report.checks.push(outcome),
                Ok(outcome) => {
                    let tables = check.tables();
                    self.tell_failed(&tables, &outcome);
                    if outcome.severity == Severity::Error {
                        self.report.failed.push(failed_check(&tables, &outcome, &check.sql.path));
                    }
                    self.report.checks.push(outcome);
                }
                Err(fault) => self.report.failed.push(fault.in_file(&check.sql).into()),
            }
        }
        Ok(())
    }

    fn tell_failed(&self, table: &str, outcome: &CheckOutcome) {
        self.listener.on_event(Event::CheckFailed {
            table: table.into(),
            check: outcome.check.clone(),
            offending: outcome.offending,
            is_warning: outcome.severity == Severity::Warn,
        });
    }
}

fn failed_check(table: &str, outcome: &CheckOutcome, file: &str) -> FailedModel {
    FailedModel::Check {
        table: table.into(),
        check: outcome.check.clone(),
        offending: outcome.offending,
        looked_at: outcome.looked_at,
        samples: outcome.samples.join("\n"),
        file: file.into(),
    }
}
