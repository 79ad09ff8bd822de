//! Sums over rows that fall into periods by one moment.

use scorewright_domain::Fault;

use super::aggregates::{Aggregates, Sums, has_rows};
use crate::measure::cells::GridCells;
use crate::measure::context::MeasureContext;
use crate::measure::rows::{EventRelation, everything, period_of, segment_of};
use crate::sql::Sql;

/// Rows of a fact above which different values are counted one grouping after the other: the engine keeps each value once
/// in every group that has it, and can put none of them on the disk.
const MANY_ROWS: u64 = 250_000;

/// The sums of every period and segment with rows.
pub(crate) fn event_sums(
    context: &MeasureContext,
    relation: &EventRelation,
    aggregates: &Aggregates,
) -> Result<GridCells<Sums>, Fault> {
    if aggregates.count_distinct() && context.rows_of_fact()? > MANY_ROWS {
        return sums_apart(context, relation, aggregates, &select(relation, aggregates));
    }
    sums_of(context, aggregates, &event_sql(context, relation, aggregates))
}

/// The same sums, one grouping after the other.
fn sums_apart(
    context: &MeasureContext,
    relation: &EventRelation,
    aggregates: &Aggregates,
    select: &Sql,
) -> Result<GridCells<Sums>, Fault> {
    let queries = relation.grouped_apart(context, select);
    let parts = queries.iter().map(|sql| sums_of(context, aggregates, sql));
    let merged = |one: Result<GridCells<Sums>, Fault>, other: Result<GridCells<Sums>, Fault>| {
        Ok(one?.merged(other?, Sums::plus))
    };
    parts.reduce(merged).expect("a metric has periods")
}

fn sums_of(
    context: &MeasureContext,
    aggregates: &Aggregates,
    sql: &Sql,
) -> Result<GridCells<Sums>, Fault> {
    let answer = context.query(sql)?;
    let everything = everything(context, &answer, "_first")?;
    let mut cells = GridCells::new(everything);
    for row in answer.rows() {
        if has_rows(row)? {
            let period = period_of(context.metric, row, everything)?;
            let key = (period, segment_of(context.metric, row)?);
            cells.insert(key, aggregates.read(context.metric, row)?);
        }
    }
    Ok(cells)
}

/// The query whose rows are the sums.
pub(crate) fn event_sql(
    context: &MeasureContext,
    relation: &EventRelation,
    aggregates: &Aggregates,
) -> Sql {
    relation.grouped(context, &select(relation, aggregates), None)
}

fn select(relation: &EventRelation, aggregates: &Aggregates) -> Sql {
    let mut select = Sql::new();
    aggregates.add_to(&mut select);
    select.add(format!(", min(\"{}\") AS \"_first\"", relation.first_day()));
    select
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use scorewright_domain::ProjectFile;
    use scorewright_warehouse::Session;

    use super::*;
    use crate::calendar::Calendar;
    use crate::metric::{MetricKind, read_metrics};

    const ORDERS: &str = "order_id,customer_id,region,plan,ordered_at:timestamp
o1,c1,EU,a,2026-10-05T10:00:00Z
o2,c1,EU,b,2026-10-06T10:00:00Z
o3,c2,EU,,2026-10-13T10:00:00Z
o4,c2,US,a,2026-11-03T10:00:00Z
o5,c1,,a,2026-11-04T10:00:00Z
";

    /// One grouping after the other gives what all give at once, whatever counts in a period.
    #[test]
    fn groupings_apart_give_the_sums_of_all_at_once() {
        let session = Session::without_data().unwrap();
        session.add_fixture(&"fact.order".parse().unwrap(), ORDERS).unwrap();
        let calendar = Calendar::new(date(2026, 11, 9), "Europe/Berlin").unwrap();
        let ends =
            "numerator = \"count(DISTINCT customer_id) FILTER (WHERE ordered_at < $period_end)\"\n";
        let plain = "numerator = \"count(DISTINCT customer_id)\"\n";
        let latest = format!("{plain}latest_of = [\"plan\"]\n");
        for keys in [plain, ends, &latest] {
            for by in ["[]", "[\"region\", \"plan\"]"] {
                let text = format!(
                    "title = \"T\"\nsays = \"T\"\nunit = \"count\"\ndirection = \"neutral\"\nkind = \"total\"\n\
                     fact = \"fact.order\"\ntime = \"ordered_at\"\ngrains = [\"week\", \"month\", \"all\"]\nby = {by}\n{keys}"
                );
                let file = ProjectFile::new("pipelines/metrics/t.toml", text);
                let metric = read_metrics(&[file]).unwrap().remove(0);
                let MetricKind::Total(total) = &metric.kind else { panic!("a total") };
                let (metric, session, calendar) = (&metric, &session, &calendar);
                let context =
                    MeasureContext { metric, session, calendar, most_segments: usize::MAX };
                let relation = EventRelation::of(&context, &total.rows).unwrap();
                let aggregates = Aggregates::of(&total.numerator, None);
                assert!(aggregates.count_distinct());
                let select = select(&relation, &aggregates);
                let apart = sums_apart(&context, &relation, &aggregates, &select).unwrap();
                assert!(apart.keys().next().is_some());
                assert_eq!(apart, event_sums(&context, &relation, &aggregates).unwrap(), "{keys}");
            }
        }
    }
}
