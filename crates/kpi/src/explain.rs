//! How one value came about: its definition, its query, and its rows.

use scorewright_domain::{Fault, Period, Segment, SqlName, SqlText};
use scorewright_warehouse::Session;

use crate::measure::{Bench, Moment, aggregate_sql, by_name, in_period};
use crate::metric::{Expression, Kind, Metric, Rows, Spells};
use crate::sql::Sql;
use crate::{Calendar, Faults};

/// Everything that defends one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The metric.
    pub metric: String,
    /// Version of its definition.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// What it says, in one sentence.
    pub says: String,
    /// How it is computed: `ratio`.
    pub kind: &'static str,
    /// Key and text of every expression of the file, in reading order.
    pub definition: Vec<(&'static str, String)>,
    /// A contested choice, with its date.
    pub decided: Option<String>,
    /// Metrics it is computed from.
    pub parts: Vec<String>,
    /// The query that measures it for all periods and segments; none for a metric made of metrics.
    pub sql: Option<String>,
    /// Rows of the fact, what excluded them one after the other, and those used: excluded and used add up to all.
    pub counts: Vec<RowCount>,
    /// A query that lists the rows used; none for a metric made of metrics.
    pub rows_sql: Option<String>,
}

/// Some rows of the fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowCount {
    /// Which: `outside the period`.
    pub what: String,
    /// How many.
    pub rows: u64,
    /// What became of them.
    pub role: Role,
}

/// What became of some rows of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// All there are.
    All,
    /// Not counted.
    Excluded,
    /// Counted.
    Used,
}

/// Explains one value of a metric.
///
/// # Errors
///
/// [`Faults`] when the SQL of the metric does not run.
pub fn explain(
    metric: &Metric,
    period: Period,
    segment: &Segment,
    session: &Session,
    calendar: &Calendar,
) -> Result<Explanation, Faults> {
    let bench = Bench { metric, session, calendar };
    let (counts, rows_sql) = match &metric.kind {
        Kind::Ratio { rows, .. } | Kind::Total { rows, .. } | Kind::Quantile { rows, .. } => {
            timed(&bench, rows, period, segment)?
        }
        Kind::Movement { spells, .. } | Kind::State { spells, .. } => {
            lasting(&bench, spells, period, segment)?
        }
        Kind::Derived { .. } | Kind::Growth { .. } => (Vec::new(), None),
    };
    let definition = metric.kind.expressions().into_iter();
    Ok(Explanation {
        metric: metric.name.clone(),
        version: metric.version,
        title: metric.title.clone(),
        says: metric.says.clone(),
        kind: metric.kind.word(),
        definition: definition.map(|one| (one.key, one.text.clone())).collect(),
        decided: metric.decided.clone(),
        parts: crate::metric::parts(metric).into_iter().map(str::to_owned).collect(),
        sql: aggregate_sql(&bench)?.map(|sql| sql.text().to_owned()),
        counts,
        rows_sql,
    })
}

/// A reason not to count a row, in words and as a condition that holds for rows that stay.
struct Sieve {
    what: String,
    keeps: Sql,
}

impl Sieve {
    fn new(what: impl Into<String>, keeps: impl AsRef<str>) -> Self {
        let mut sql = Sql::new();
        sql.add(keeps);
        Self { what: what.into(), keeps: sql }
    }
}

type Rest = (Vec<RowCount>, Option<String>);

fn timed(bench: &Bench, rows: &Rows, period: Period, segment: &Segment) -> Result<Rest, Fault> {
    let moment = Moment::of(bench, &rows.fact, &rows.time)?;
    let mut relation = Sql::new();
    relation.add("SELECT *, ");
    moment.add_to(&mut relation, &rows.time, "_at");
    relation.add(" FROM").expression(&rows.fact);
    let mut sieves = vec![
        Sieve::new(format!("without `{}`", rows.time.text), "\"_at\" IS NOT NULL"),
        Sieve::new(format!("outside {period}"), in_period(period, moment, "\"_at\"", bench)),
    ];
    add_filter(&mut sieves, rows.filter.as_ref());
    add_segment(&mut sieves, segment);
    finish(bench, &relation, &sieves)
}

fn lasting(
    bench: &Bench,
    spells: &Spells,
    period: Period,
    segment: &Segment,
) -> Result<Rest, Fault> {
    let moment = Moment::of(bench, &spells.fact, &spells.from)?;
    let mut relation = Sql::new();
    relation.add("SELECT *, ");
    moment.add_to(&mut relation, &spells.from, "_from");
    relation.add(", ");
    moment.add_to(&mut relation, &spells.until, "_until");
    relation.add(" FROM").expression(&spells.fact);
    let is_state = matches!(bench.metric.kind, Kind::State { .. });
    let end = moment.start_of(period.until, bench);
    let start = if is_state { end.clone() } else { moment.start_of(period.from, bench) };
    let mut sieves = vec![
        Sieve::new(format!("begun after {period}"), format!("\"_from\" < {end}")),
        Sieve::new(
            format!(
                "ended before {}",
                if is_state { "its end".into() } else { period.to_string() }
            ),
            format!("(\"_until\" IS NULL OR \"_until\" >= {start})"),
        ),
    ];
    add_filter(&mut sieves, spells.filter.as_ref());
    add_segment(&mut sieves, segment);
    finish(bench, &relation, &sieves)
}

fn add_filter(sieves: &mut Vec<Sieve>, filter: Option<&Expression>) {
    if let Some(filter) = filter {
        let mut keeps = Sql::new();
        keeps.add("(").expression(filter).add(")");
        sieves.push(Sieve { what: format!("not `{}`", filter.text), keeps });
    }
}

fn add_segment(sieves: &mut Vec<Sieve>, segment: &Segment) {
    if !segment.is_total() {
        let column = format!("nullif(CAST({} AS VARCHAR), '')", SqlName(&segment.dimension));
        let keeps =
            format!("coalesce({column}, '{}') = {}", Segment::NONE, SqlText(&segment.value));
        sieves.push(Sieve::new(format!("not {segment}"), keeps));
    }
}

/// Counts what each sieve takes of the rows the earlier ones left, and lists what is left in the end.
fn finish(bench: &Bench, relation: &Sql, sieves: &[Sieve]) -> Result<Rest, Fault> {
    let mut counts = Sql::new();
    counts.add("SELECT count(*) AS \"_0\"");
    for passed in 1..=sieves.len() {
        counts
            .add(", count(*) FILTER (WHERE ")
            .nested(&all_of(&sieves[..passed]))
            .add(format!(") AS \"_{passed}\""));
    }
    counts.add("\nFROM (").nested(relation).add(")");
    let answer = bench.query(&counts)?;
    let row = answer.rows.first().map_or(&[][..], Vec::as_slice);
    let left: Vec<u64> = (0..=sieves.len())
        .map(|at| by_name(&answer, row, &format!("_{at}")).as_u64().unwrap_or_default())
        .collect();
    let mut listing = Sql::new();
    listing.add("SELECT *\nFROM (").nested(relation).add(")\nWHERE ").nested(&all_of(sieves));
    Ok((row_counts(sieves, &left), Some(listing.text().to_owned())))
}

fn all_of(sieves: &[Sieve]) -> Sql {
    let mut sql = Sql::new();
    for (at, sieve) in sieves.iter().enumerate() {
        sql.add(if at > 0 { " AND " } else { "" }).nested(&sieve.keeps);
    }
    sql
}

fn row_counts(sieves: &[Sieve], left: &[u64]) -> Vec<RowCount> {
    let all = RowCount { what: "rows of the fact".into(), rows: left[0], role: Role::All };
    let excluded = sieves.iter().enumerate().map(|(at, sieve)| RowCount {
        what: sieve.what.clone(),
        rows: left[at] - left[at + 1],
        role: Role::Excluded,
    });
    let used = RowCount { what: "rows used".into(), rows: left[left.len() - 1], role: Role::Used };
    std::iter::once(all).chain(excluded).chain([used]).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use scorewright_domain::ProjectFile;
    use scorewright_warehouse::Parameters;

    use super::*;
    use crate::metric::read_metrics;

    const ANSWERS: &str = "response_id,question,team,answered_at:timestamp,score:integer
r1,csat,A,2026-11-02T10:00:00Z,5
r2,nps,A,2026-11-02T10:00:00Z,9
r3,csat,B,2026-11-03T10:00:00Z,1
r4,csat,,2026-11-03T10:00:00Z,1
r5,csat,A,2026-11-09T10:00:00Z,4
r6,csat,A,,4
";

    const CSAT: &str = r#"title = "CSAT"
says = "Share of good answers"
unit = "share"
direction = "higher_is_better"
kind = "ratio"
fact = "fact.survey_answer"
time = "answered_at"
filter = "question = 'csat'"
numerator = "count(*) FILTER (WHERE score >= 4)"
denominator = "count(score)"
by = ["team"]
"#;

    fn explained(segment: &Segment) -> (Explanation, Session) {
        let session = Session::without_data().unwrap();
        session.add_fixture(&"fact.survey_answer".parse().unwrap(), ANSWERS).unwrap();
        let metrics =
            read_metrics(&[ProjectFile::new("pipelines/metrics/csat.toml", CSAT)]).unwrap();
        let calendar = Calendar::new(date(2026, 11, 16), "Europe/Berlin").unwrap();
        let week = Period::from_label("2026-W45").unwrap();
        (explain(&metrics[0], week, segment, &session, &calendar).unwrap(), session)
    }

    #[test]
    fn every_row_is_used_or_excluded_for_one_reason() {
        let (explanation, _) = explained(&Segment::of("team", "A"));
        let counts: Vec<(&str, u64)> =
            explanation.counts.iter().map(|count| (count.what.as_str(), count.rows)).collect();
        // by hand from the six rows above
        assert_eq!(
            counts,
            [
                ("rows of the fact", 6),
                ("without `answered_at`", 1),
                ("outside 2026-W45", 1),
                ("not `question = 'csat'`", 1),
                ("not team=A", 2),
                ("rows used", 1),
            ]
        );
    }

    #[test]
    fn the_queries_run_as_they_are_shown() {
        let (explanation, session) = explained(&Segment::of("team", Segment::NONE));
        let listed = session.query(&explanation.rows_sql.unwrap(), &Parameters::new()).unwrap();
        let at = listed.column("response_id").unwrap();
        assert_eq!(listed.rows.iter().map(|row| row[at].to_string()).collect::<Vec<_>>(), ["r4"]);
        assert!(session.query(&explanation.sql.unwrap(), &Parameters::new()).is_ok());
    }

    #[test]
    fn the_definition_is_told_in_reading_order() {
        let (explanation, _) = explained(&Segment::total());
        let keys: Vec<&str> = explanation.definition.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, ["fact", "time", "filter", "numerator", "denominator"]);
    }
}
