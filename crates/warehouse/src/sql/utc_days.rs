//! Days of instants that SQL takes in UTC, where a project's days begin in another zone.

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion};
use datafusion::common::{DFSchema, Span};
use datafusion::logical_expr::{Expr, ExprSchemable as _, LogicalPlan};
use datafusion::scalar::ScalarValue;

use super::parameters::Parameters;
use super::session::Session;
use super::sql_fault::SqlFault;

/// Grains of `date_trunc` below a day, at which zones seldom differ.
const BELOW_A_DAY: [&str; 5] = ["hour", "minute", "second", "millisecond", "microsecond"];

impl Session {
    /// Places of a SELECT where `CAST(x AS DATE)` or `date_trunc` cuts an instant at midnight of UTC; none where the
    /// project's days begin then. Runs nothing.
    ///
    /// What a view does that it reads is not looked into.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when it cannot be planned.
    pub fn utc_days(&self, sql: &str, parameters: &Parameters) -> Result<Vec<SqlFault>, SqlFault> {
        let Some(zone) = self.zone_other_than_utc() else { return Ok(Vec::new()) };
        let (_, plan) = self.plan(sql, parameters)?.into_parts();
        let mut found = Vec::new();
        plan.apply_with_subqueries(|node| {
            let schema = input_schema(node);
            node.apply_expressions(|whole| {
                whole.apply(|expr| {
                    found.extend(cut_in_utc(expr, &schema).map(|cut| cut.warning(zone)));
                    Ok(TreeNodeRecursion::Continue)
                })
            })
        })?;
        found.sort_by_key(|fault: &SqlFault| fault.place);
        found.dedup();
        Ok(found)
    }
}

/// An instant that is cut at midnight of UTC.
struct Cut {
    what: &'static str,
    instead: String,
    place: Option<Span>,
}

impl Cut {
    fn warning(self, zone: &str) -> SqlFault {
        let what = format!("{} takes the day of an instant in UTC, not in {zone}", self.what);
        SqlFault {
            place: self.place.map(|span| (span.start.line, span.start.column)),
            help: Some(format!("write {} for the one in {zone}", self.instead)),
            ..SqlFault::new(what)
        }
    }
}

/// Columns of all that a step of a plan reads.
fn input_schema(node: &LogicalPlan) -> DFSchema {
    let mut schema = DFSchema::empty();
    for input in node.inputs() {
        schema.merge(input.schema());
    }
    schema
}

fn cut_in_utc(expr: &Expr, schema: &DFSchema) -> Option<Cut> {
    match expr {
        Expr::Cast(cast) if *cast.field.data_type() == DataType::Date32 => {
            day_of(&cast.expr, schema, "CAST ... AS DATE")
        }
        Expr::TryCast(cast) if *cast.field.data_type() == DataType::Date32 => {
            day_of(&cast.expr, schema, "TRY_CAST ... AS DATE")
        }
        Expr::ScalarFunction(call) if call.name() == "to_date" => {
            day_of(call.args.first()?, schema, "`to_date`")
        }
        Expr::ScalarFunction(call) if call.name() == "date_trunc" => {
            let [Expr::Literal(grain, _), time] = &call.args[..] else { return None };
            truncated(grain, time, schema)
        }
        _ => None,
    }
}

fn day_of(time: &Expr, schema: &DFSchema, what: &'static str) -> Option<Cut> {
    is_plain_instant(time, schema).then(|| Cut {
        what,
        instead: "local_date(x)".into(),
        place: column_place(time),
    })
}

fn truncated(grain: &ScalarValue, time: &Expr, schema: &DFSchema) -> Option<Cut> {
    let grain = grain.try_as_str().flatten()?.to_lowercase();
    if BELOW_A_DAY.contains(&grain.as_str()) || !is_plain_instant(time, schema) {
        return None;
    }
    let instead = match grain.as_str() {
        "day" => "local_date(x)".to_owned(),
        grain => format!("local_period(x, '{grain}')"),
    };
    Some(Cut { what: "`date_trunc`", instead, place: column_place(time) })
}

/// Whether it is an instant that is cut as it is.
///
/// An instant without a column is a parameter; one that is moved before it is cut was thought about.
fn is_plain_instant(time: &Expr, schema: &DFSchema) -> bool {
    let is_instant = matches!(time.get_type(schema), Ok(DataType::Timestamp(_, Some(_))));
    let is_parameter = matches!(time, Expr::Literal(..) | Expr::Placeholder(_));
    is_instant && (is_parameter || !time.column_refs().is_empty())
}

/// Where the first column of an expression stands, as far as the engine knows.
fn column_place(time: &Expr) -> Option<Span> {
    let mut place = None;
    let looked = time.apply(|part| {
        if let Expr::Column(column) = part {
            place = place.or(column.spans().first());
        }
        Ok(TreeNodeRecursion::Continue)
    });
    looked.ok().and(place)
}

#[cfg(test)]
mod tests {
    use scorewright_domain::{LocalTime, TableName};

    use super::*;

    fn session(time_zone: &str) -> Session {
        let time = LocalTime { time_zone: time_zone.into(), ..LocalTime::utc() };
        let session = Session::without_data_in(&time).unwrap();
        let table = TableName::new("raw", "deal").unwrap();
        session.add_fixture(&table, "at:timestamp,day:date,text:text\n").unwrap();
        session
    }

    /// Line and column of each warning, with what it begins with.
    fn found(session: &Session, sql: &str) -> Vec<String> {
        let as_of = Parameters::new().timestamp("as_of", jiff::Timestamp::UNIX_EPOCH);
        let warnings = session.utc_days(sql, &as_of).unwrap();
        let shown = |fault: &SqlFault| {
            let place = fault.place.map_or("?".into(), |(line, column)| format!("{line}:{column}"));
            format!("{place} {}", fault.message.split(" takes").next().unwrap())
        };
        warnings.iter().map(shown).collect()
    }

    #[test]
    fn a_day_of_utc_is_found_where_it_stands() {
        let session = session("Europe/Berlin");
        for (sql, expected) in [
            ("SELECT\n  CAST(at AS DATE) AS day FROM raw.deal", "2:8 CAST ... AS DATE"),
            ("SELECT at::date FROM raw.deal AS deal", "1:8 CAST ... AS DATE"),
            ("SELECT TRY_CAST(deal.at AS DATE) FROM raw.deal AS deal", "1:17 TRY_CAST ... AS DATE"),
            ("SELECT date_trunc('MONTH', at) FROM raw.deal", "1:28 `date_trunc`"),
            ("SELECT to_date(at) FROM raw.deal", "1:16 `to_date`"),
            ("SELECT max(at) FROM raw.deal GROUP BY CAST(at AS DATE)", "1:44 CAST ... AS DATE"),
            (
                "WITH d AS (SELECT at AS moment FROM raw.deal)\nSELECT 1 FROM d WHERE CAST(moment AS DATE) > DATE '2026-01-01'",
                "2:28 CAST ... AS DATE",
            ),
            ("SELECT CAST(max(at) AS DATE) FROM raw.deal", "? CAST ... AS DATE"),
            (
                "SELECT day FROM raw.deal WHERE day IN (SELECT CAST(at AS DATE) FROM raw.deal)",
                "1:52 CAST ... AS DATE",
            ),
            ("SELECT day FROM raw.deal WHERE day < CAST($as_of AS DATE)", "? CAST ... AS DATE"),
        ] {
            assert_eq!(found(&session, sql), [expected], "{sql}");
        }
    }

    #[test]
    fn days_texts_hours_and_what_is_moved_before_are_fine() {
        let berlin = session("Europe/Berlin");
        for sql in [
            "SELECT CAST(day AS DATE), date_trunc('month', day), CAST(text AS DATE) FROM raw.deal",
            "SELECT date_trunc('second', at), date_trunc('hour', at) FROM raw.deal",
            "SELECT local_date(at), CAST(local_period(at, 'month') AS DATE) FROM raw.deal",
            "SELECT CAST(to_local_time(at AT TIME ZONE 'Europe/Berlin') AS DATE) FROM raw.deal",
            "SELECT 1 FROM raw.deal WHERE at < DATE '2026-01-01'",
            "SELECT 1 FROM raw.deal WHERE day < CAST($as_of + INTERVAL '12 hours' AS DATE)",
        ] {
            assert_eq!(found(&berlin, sql), [""; 0], "{sql}");
        }
        let sql = "SELECT CAST(at AS DATE) FROM raw.deal";
        assert_eq!(found(&session("UTC"), sql), [""; 0], "there it is the same");
    }
}
