//! Functions of our own, through a session.

use std::collections::BTreeMap;

use jiff::civil::date;
use scorewright_domain::{LocalTime, Schedule, ScheduleTerm, TableName};

use crate::sql::{Parameters, Session, SqlFault};
use crate::storage::{Snapshot, Warehouse};

/// Berlin, with a schedule of the working days of its support.
fn berlin() -> Session {
    let mut term = ScheduleTerm::default();
    for weekday in 0..5 {
        term.week[weekday] = vec!["09:00-17:00".parse().unwrap()];
    }
    let support = Schedule { time_zone: "Europe/Berlin".into(), terms: vec![term] };
    let schedules = BTreeMap::from([("support".to_owned(), support)]);
    let time = LocalTime { time_zone: "Europe/Berlin".into(), schedules };
    let session = Session::without_data_in(&time).unwrap();
    session.add_fixture(&table(), ROWS).unwrap();
    session
}

fn table() -> TableName {
    TableName::new("staging", "ticket").unwrap()
}

const ROWS: &str = "at:timestamp,day:date,n:integer,team:text,payload:text\n\
                    2026-03-29T00:30:00Z,2026-03-28,2,support,\"{\"\"a b\"\": [1, {\"\"c\"\": null}]}\"\n";

fn answers(session: &Session, expression: &str) -> Result<String, SqlFault> {
    let sql = format!("SELECT {expression} AS answer FROM staging.ticket");
    Ok(session.query(&sql, &Parameters::new())?.rows[0][0].to_string())
}

fn instant(text: &str) -> String {
    format!("arrow_cast('{text}', 'Timestamp(Nanosecond, Some(\"UTC\"))')")
}

#[test]
fn days_are_those_of_the_zone() {
    let session = berlin();
    for (expression, answer) in [
        ("local_date(at)", "2026-03-29"),
        ("LOCAL_DATE(day)", "2026-03-28"),
        ("local_date(NULL)", ""),
        (&format!("local_date({})", instant("2026-10-31T23:00:00Z")), "2026-11-01"),
        (&format!("local_date({})", instant("2026-10-31T22:59:59.999999999Z")), "2026-10-31"),
        ("local_date(at AT TIME ZONE 'Pacific/Auckland')", "2026-03-29"),
        ("local_period(at, 'Month')", "2026-03-01"),
        ("local_period(day, 'quarter')", "2026-01-01"),
        (&format!("local_period({}, 'week')", instant("2026-01-04T22:59:00Z")), "2025-12-29"),
        (&format!("local_period({}, 'week')", instant("2026-01-04T23:00:00Z")), "2026-01-05"),
        (&format!("local_period({}, 'year')", instant("2026-12-31T23:00:00Z")), "2027-01-01"),
        ("arrow_typeof(local_period(at, 'day'))", "Date32"),
    ] {
        assert_eq!(answers(&session, expression).unwrap(), answer, "{expression}");
    }
}

#[test]
fn a_difference_counts_boundaries_of_days_and_elapsed_hours() {
    let session = berlin();
    let (early, late) = (instant("2026-10-31T22:59:00Z"), instant("2026-10-31T23:00:00Z"));
    for (expression, answer) in [
        (&*format!("date_diff('day', {early}, {late})"), "1"),
        (&format!("date_diff('month', {early}, {late})"), "1"),
        (&format!("date_diff('week', {early}, {late})"), "0"),
        (&format!("date_diff('day', {late}, {early})"), "-1"),
        (&format!("date_diff('hour', {early}, {late})"), "0"),
        (&format!("date_diff('second', {early}, {late})"), "60"),
        (&format!("date_diff('second', {late}, {early})"), "-60"),
        ("date_diff('hour', at, at + INTERVAL '119 minutes')", "1"),
        ("date_diff('hour', at + INTERVAL '119 minutes', at)", "-1"),
        ("date_diff('year', day, DATE '2027-01-01')", "1"),
        ("date_diff('quarter', day, DATE '2026-04-01')", "1"),
        ("date_diff('day', day, at)", "1"),
        ("date_diff('day', day, NULL)", ""),
        ("date_diff('hour', at, NULL)", ""),
    ] {
        assert_eq!(answers(&session, expression).unwrap(), answer, "{expression}");
    }
}

#[test]
fn business_seconds_are_those_within_the_hours() {
    let session = berlin();
    let between = |from: &str, until: &str, schedule: &str| {
        let (from, until) = (instant(from), instant(until));
        answers(&session, &format!("business_seconds({from}, {until}, {schedule})"))
    };
    let (friday, monday) = ("2026-10-23T14:00:00Z", "2026-10-26T09:00:00Z");
    assert_eq!(between(friday, monday, "'support'").unwrap(), "7200");
    assert_eq!(between(friday, monday, "team").unwrap(), "7200", "a column");
    assert_eq!(between(monday, friday, "'support'").unwrap(), "0", "ends before it begins");
    assert_eq!(between(friday, monday, "NULL").unwrap(), "");
    assert_eq!(answers(&session, "business_seconds(NULL, at, 'support')").unwrap(), "");
    let fault = between(friday, monday, "payload").unwrap_err();
    assert_eq!(fault.message, "a row names a schedule in `business_seconds` that there is not");
    assert!(!format!("{fault:?}").contains("a b"), "the value of the row is not quoted");
}

#[test]
fn what_is_no_answer_is_refused_where_it_stands() {
    let session = berlin();
    for (expression, message, column, help) in [
        (
            "local_period(at, 'mont')",
            "`local_period` has no grain `mont`",
            25,
            "did you mean `month`? accepted: day, week, month, quarter, year",
        ),
        (
            "local_period(at, team)",
            "`local_period` takes its grain written out, as text",
            25,
            "local_period(opened_at, 'month'); accepted: day, week, month, quarter, year",
        ),
        (
            "date_diff('decade', at, at)",
            "`date_diff` has no unit `decade`",
            18,
            "accepted: second, minute, hour, day, week, month, quarter, year",
        ),
        ("local_date(at, 'day')", "`local_date` takes 1 values, not 2", 8, "local_date(opened_at)"),
        ("local_date(team)", "`local_date` takes a date or an instant, and this is neither", 8, ""),
        (
            "local_date(CAST(team AS TIMESTAMP))",
            "`local_date` takes an instant, and this is a time without a zone",
            8,
            "say whose clock shows it: x AT TIME ZONE 'UTC', x AT TIME ZONE 'Europe/Berlin'",
        ),
        (
            "date_diff('hour', day, at)",
            "`date_diff` takes instants here, and a date has no time of day",
            8,
            "",
        ),
        (
            "business_seconds(at, at, 'suport')",
            "there is no schedule `suport`",
            33,
            "did you mean `support`? schedules of `pipelines/schedules.toml`: support",
        ),
        (
            "business_seconds(day, at, 'support')",
            "`business_seconds` takes instants here, and a date has no time of day",
            8,
            "",
        ),
        (
            "json_text(payload, 'a.b')",
            "`a.b` is no path into JSON",
            27,
            "write it as $.customer.id, $.lines[0], $.\"a key\"",
        ),
        ("md5(n)", "`md5` takes a text", 8, "make a text of it: md5(CAST(x AS VARCHAR))"),
    ] {
        // Planned, as `check` does: without a row.
        for place in [
            format!("SELECT {expression} FROM staging.ticket"),
            format!("SELECT n FROM staging.ticket WHERE {expression} = {expression}"),
        ] {
            let fault = session.number_kinds_of(&place, &Parameters::new()).unwrap_err();
            assert_eq!(fault.message, message, "{place}");
            assert_eq!(fault.help.as_deref().unwrap_or_default(), help, "{place}");
            let at = if place.contains("WHERE") { column + 28 } else { column };
            assert_eq!(fault.place, Some((1, at)), "{place}");
        }
    }
}

#[test]
fn json_and_intervals_and_hashes_are_there() {
    let session = berlin();
    for (expression, answer) in [
        ("json_text(payload, '$[\"a b\"][0]')", "1"),
        ("json_get(payload, '$.\"a b\"[1]')", "{\"c\": null}"),
        ("payload -> 'a b' -> 1 ->> 'c'", ""),
        ("payload -> 'a b' -> 1 -> 'c'", "null"),
        ("json_text(team, '$.a')", ""),
        ("md5('')", "d41d8cd98f00b204e9800998ecf8427e"),
        ("md5(NULL)", ""),
        ("at + n * INTERVAL '1 day'", "2026-03-31T00:30:00Z"),
        ("at - INTERVAL '1 hour 30 minutes' * (n + 1)", "2026-03-28T20:00:00Z"),
        ("day + n * INTERVAL '1 month'", "2026-05-28"),
    ] {
        let found =
            answers(&session, expression).unwrap_or_else(|fault| panic!("{expression} {fault:?}"));
        assert!(found == answer || found == format!("{answer}T00:00:00Z"), "{expression}: {found}");
    }
    let fault = answers(&session, "payload -> team").unwrap_err();
    assert_eq!(fault.message, "`->` and `->>` take a key or a position from 0, written out");
}

#[test]
fn what_the_engine_has_not_is_refused_with_the_way_out() {
    let session = berlin();
    let refused = |sql: &str| session.query(sql, &Parameters::new()).unwrap_err();
    let fault = refused("SELECT *\nFROM staging.ticket PIVOT (sum(n) FOR team IN ('a', 'b'))");
    assert_eq!((fault.message.as_str(), fault.place), ("PIVOT is not supported", Some((2, 6))));
    assert!(fault.help.unwrap().contains("FILTER (WHERE"));
    let fault = refused("SELECT * FROM staging.ticket UNPIVOT (v FOR name IN (team, payload))");
    assert_eq!((fault.message.as_str(), fault.place), ("UNPIVOT is not supported", Some((1, 15))));
    assert!(fault.help.unwrap().contains("UNION ALL"));
}

#[test]
fn the_information_schema_shows_the_tables_and_nothing_else() {
    let session = berlin();
    let rows = |sql: &str| {
        let answer = session.query(sql, &Parameters::new()).unwrap();
        let row = |cells: &Vec<crate::Cell>| {
            cells.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        answer.rows.iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(rows("SELECT * FROM information_schema.tables"), ["staging ticket BASE TABLE"]);
    let columns = rows(
        "SELECT column_name, data_type FROM information_schema.columns ORDER BY ordinal_position",
    );
    assert_eq!(columns, ["at timestamp", "day date", "n integer", "team text", "payload text"]);
    for other in ["information_schema.df_settings", "information_schema.schemata"] {
        assert!(session.query(&format!("SELECT * FROM {other}"), &Parameters::new()).is_err());
    }
}

#[test]
fn a_version_that_keeps_no_zone_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::over(&Warehouse::at(folder.path()), &Snapshot::empty()).unwrap();
    let fault = session.query("SELECT local_date(DATE '2026-01-01')", &Parameters::new());
    let fault = fault.unwrap_err();
    let message = "`local_date` needs the time zone, which this version does not keep";
    assert_eq!((fault.message.as_str(), fault.place), (message, Some((1, 8))));
    let plain = session.query("SELECT date_trunc('month', DATE '2026-01-31')", &Parameters::new());
    assert_eq!(plain.unwrap().len(), 1);
}

#[test]
fn a_snapshot_answers_with_its_own_zone() {
    let folder = tempfile::tempdir().unwrap();
    for (time_zone, day) in [("Asia/Tokyo", date(2026, 3, 1)), ("UTC", date(2026, 2, 28))] {
        let time = LocalTime { time_zone: time_zone.into(), schedules: BTreeMap::new() };
        let snapshot = Snapshot { local_time: Some(time), ..Snapshot::empty() };
        let session = Session::over(&Warehouse::at(folder.path()), &snapshot).unwrap();
        let sql = format!("SELECT local_date({})", instant("2026-02-28T15:00:00Z"));
        let answer = session.query(&sql, &Parameters::new()).unwrap();
        assert_eq!(answer.rows[0][0].as_date(), Some(day), "{time_zone}");
    }
}
