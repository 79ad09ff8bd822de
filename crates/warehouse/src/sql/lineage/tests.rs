//! What is without values when columns are absent, by the SQL between.

use jiff::Timestamp;

use super::*;

const TICKETS: &str =
    "ticket_id,status,opened_at:timestamp,replied_at:timestamp,reply_seconds:integer,team\n";
const DESK: &str = "id,opened_at:timestamp,first_at:timestamp,team\n";

fn session() -> Session {
    let session = Session::without_data().unwrap();
    session.add_fixture(&"raw.ticket".parse().unwrap(), TICKETS).unwrap();
    session.add_fixture(&"raw.desk".parse().unwrap(), DESK).unwrap();
    session
}

fn absent(columns: &[&str]) -> BTreeSet<AbsentColumn> {
    let named = columns.iter().map(|name| name.split_once('.').expect("source.column"));
    named
        .map(|(source, column)| AbsentColumn { source: source.into(), column: column.into() })
        .collect()
}

fn names(absent: &BTreeSet<AbsentColumn>) -> String {
    let names = absent.iter().map(|one| format!("{}.{}", one.source, one.column));
    names.collect::<Vec<_>>().join(" ")
}

/// For each branch what its columns lack, `-` where a column may have values, and after `!` what its rows lack.
fn lacking(branches: &[RowBranch]) -> Vec<String> {
    let branch = |branch: &RowBranch| {
        let values = branch.without_values().map(|because| because.map_or("-".into(), names));
        let values = values.collect::<Vec<_>>().join(", ");
        match branch.without_rows() {
            Some(because) => format!("{values} ! {}", names(because)),
            None => values,
        }
    };
    branches.iter().map(branch).collect()
}

fn traced(columns: &[&str], sql: &str) -> Vec<String> {
    let session = session();
    lacking(
        &ColumnLineage::new(&session, &absent(columns), Timestamp::UNIX_EPOCH)
            .branches(sql)
            .unwrap(),
    )
}

#[test]
fn a_column_keeps_its_cause_under_another_name() {
    let sql = "SELECT t.team AS group_name, ticket_id FROM raw.ticket AS t";
    assert_eq!(traced(&["ticket.team"], sql), ["ticket.team, -"]);
    assert_eq!(traced(&[], sql), ["-, -"]);
}

#[test]
fn what_is_computed_of_no_value_is_none() {
    let sql = "SELECT lower(trim(team)), CAST(reply_seconds AS VARCHAR) || ' seconds',
        opened_at + CAST(CAST(reply_seconds AS VARCHAR) || ' seconds' AS INTERVAL),
        coalesce(team, 'none'), replied_at IS NOT NULL FROM raw.ticket";
    let columns = ["ticket.team", "ticket.reply_seconds", "ticket.replied_at"];
    assert_eq!(
        traced(&columns, sql),
        ["ticket.team, ticket.reply_seconds, ticket.reply_seconds, -, -"]
    );
}

#[test]
fn a_column_with_a_stand_in_may_have_a_value() {
    let sql = "SELECT coalesce(replied_at, opened_at), coalesce(replied_at, NULL) FROM raw.ticket";
    assert_eq!(traced(&["ticket.replied_at"], sql), ["-, ticket.replied_at"]);
    let both = ["ticket.opened_at", "ticket.replied_at"];
    let of_both = "ticket.opened_at ticket.replied_at";
    assert_eq!(traced(&both, sql), [format!("{of_both}, ticket.replied_at")]);
}

#[test]
fn a_case_has_no_value_when_no_arm_has_one() {
    let sql = "SELECT
        CASE WHEN status IN ('solved', 'closed') THEN replied_at END,
        CASE WHEN replied_at IS NOT NULL THEN reply_seconds END,
        CASE WHEN lower(team) = 'a' THEN TRUE WHEN lower(team) = 'b' THEN FALSE END,
        CASE status WHEN 'open' THEN team ELSE status END,
        CASE WHEN opened_at IS NOT NULL THEN team = 'a' END,
        CASE team WHEN 'a' THEN status END
        FROM raw.ticket";
    assert_eq!(
        traced(&["ticket.replied_at", "ticket.team"], sql),
        ["ticket.replied_at, ticket.replied_at, ticket.team, -, ticket.team, ticket.team"]
    );
}

#[test]
fn a_column_that_is_named_beside_one_with_values_is_no_cause() {
    let sql = "SELECT CASE WHEN team IS NULL THEN status ELSE team END, status || ticket_id FROM raw.ticket";
    assert_eq!(traced(&["ticket.team"], sql), ["-, -"]);
}

#[test]
fn named_steps_are_followed() {
    let sql = "WITH known AS (SELECT ticket_id, team AS desk FROM raw.ticket),
        named AS (SELECT upper(desk) AS desk, ticket_id FROM known)
        SELECT DISTINCT desk FROM (SELECT * FROM named ORDER BY ticket_id LIMIT 3) AS few";
    assert_eq!(traced(&["ticket.team"], sql), ["ticket.team"]);
}

#[test]
fn a_union_says_it_of_those_that_lack_it() {
    let sql = "SELECT replied_at AS at, team FROM raw.ticket UNION ALL SELECT first_at, team FROM raw.desk";
    assert_eq!(
        traced(&["ticket.replied_at", "ticket.team", "desk.team"], sql),
        ["ticket.replied_at, ticket.team", "-, desk.team"]
    );
}

#[test]
fn what_a_literal_leaves_out_is_not_missed() {
    let sql = "WITH answer AS (
            SELECT 'csat' AS question, reply_seconds AS score FROM raw.ticket
            UNION ALL SELECT 'nps', 1 FROM raw.ticket)
        SELECT question, score FROM answer WHERE ";
    let columns = ["ticket.reply_seconds"];
    let csat = format!("{sql} question = 'csat'");
    assert_eq!(traced(&columns, &csat), ["-, ticket.reply_seconds"]);
    assert_eq!(traced(&columns, &format!("{sql} question = 'nps'")), ["-, -"]);
    let rated = format!("{sql} score > 0 AND question = 'csat'");
    assert_eq!(traced(&columns, &rated), ["-, ticket.reply_seconds ! ticket.reply_seconds"]);
}

#[test]
fn a_condition_on_a_column_that_is_absent_lets_no_row_through() {
    let sql = "SELECT ticket_id FROM raw.ticket WHERE team <> '' AND status = 'open'";
    assert_eq!(traced(&["ticket.team"], sql), ["- ! ticket.team"]);
    let sql = "SELECT ticket_id FROM raw.ticket WHERE NOT coalesce(team = 'a', FALSE)";
    assert_eq!(traced(&["ticket.team"], sql), ["-"]);
}

#[test]
fn a_join_keeps_what_each_side_lacks() {
    let sql = "SELECT ticket.team, desk.team, coalesce(ticket.team, desk.team), desk.id
        FROM raw.ticket AS ticket LEFT JOIN raw.desk AS desk ON desk.id = ticket.ticket_id";
    assert_eq!(traced(&["ticket.team"], sql), ["ticket.team, -, -, -"]);
    assert_eq!(
        traced(&["ticket.team", "desk.team"], sql),
        ["ticket.team, desk.team, desk.team ticket.team, -"]
    );
}

#[test]
fn a_literal_of_the_side_without_a_partner_may_be_no_value() {
    let sql = "SELECT ticket_id, coalesce(other.word, team) FROM raw.ticket
        LEFT JOIN (SELECT id, 'known' AS word FROM raw.desk) AS other ON other.id = ticket_id";
    assert_eq!(traced(&["ticket.team"], sql), ["-, -"]);
}

#[test]
fn a_side_that_never_has_rows_leaves_the_other_as_it_is() {
    let none = "(SELECT id, team FROM raw.desk WHERE FALSE) AS none ON none.id = ticket_id";
    let sql = format!("SELECT ticket.team, none.id FROM raw.ticket AS ticket LEFT JOIN {none}");
    assert_eq!(traced(&["ticket.team"], &sql), ["ticket.team, "]);
    let sql = format!("SELECT ticket.team FROM raw.ticket AS ticket JOIN {none}");
    assert_eq!(traced(&["ticket.team"], &sql), [""; 0]);
    let sql = "SELECT desk.id, desk.team FROM raw.desk AS desk LEFT JOIN
        (SELECT ticket_id FROM raw.ticket WHERE team = 'a') AS some ON some.ticket_id = desk.id
        WHERE some.ticket_id IS NOT NULL";
    assert_eq!(traced(&["ticket.team"], sql), ["-, - ! ticket.team"]);
}

#[test]
fn counts_of_no_values_are_zero_and_sums_are_none() {
    let sql = "SELECT nullif(count(team), 0), nullif(count(*), 0), sum(reply_seconds),
        nullif(count(*) FILTER (WHERE team = 'a'), 0), max(team) OVER (PARTITION BY status), array_agg(team)
        FROM raw.ticket GROUP BY status, team";
    let found = traced(&["ticket.team", "ticket.reply_seconds"], sql);
    assert_eq!(found, ["ticket.team, -, ticket.reply_seconds, ticket.team, ticket.team, -"]);
}

#[test]
fn a_place_among_rows_is_always_a_value() {
    let sql = "SELECT row_number() OVER (ORDER BY team), min(replied_at) OVER (ORDER BY opened_at) FROM raw.ticket";
    assert_eq!(traced(&["ticket.team", "ticket.replied_at"], sql), ["-, ticket.replied_at"]);
}

#[test]
fn without_rows_there_is_nothing_to_count() {
    let sql =
        "SELECT nullif(count(*), 0), max(status) FROM raw.ticket WHERE replied_at IS NOT NULL";
    assert_eq!(traced(&["ticket.replied_at"], sql), ["ticket.replied_at, ticket.replied_at"]);
}

#[test]
fn a_table_between_hands_on_what_it_lacks() {
    let (session, columns) = (session(), absent(&["ticket.team", "desk.first_at"]));
    let mut lineage = ColumnLineage::new(&session, &columns, Timestamp::UNIX_EPOCH);
    let union =
        "SELECT ticket_id AS id, team, replied_at AS at FROM raw.ticket WHERE opened_at < $as_of
        UNION ALL SELECT id, team, first_at FROM raw.desk";
    session.add_fixture(&"staging.all".parse().unwrap(), "id,team,at:timestamp\n").unwrap();
    lineage.add(&"staging.all".parse().unwrap(), union).unwrap();
    let found = lineage.branches("SELECT at, upper(team) AS team FROM staging.\"all\"").unwrap();
    assert_eq!(lacking(&found), ["-, ticket.team", "desk.first_at, -"]);
}

#[test]
fn what_holds_where_another_column_has_a_value_is_known_there() {
    let session = session();
    let (fact, columns) = ("fact.ticket".parse().unwrap(), absent(&["ticket.replied_at"]));
    let mut lineage = ColumnLineage::new(&session, &columns, Timestamp::UNIX_EPOCH);
    session.add_fixture(&fact, "solved_at:timestamp,is_quick:boolean,team\n").unwrap();
    let sql = "SELECT t.opened_at AS solved_at, t.team,
        CASE WHEN t.opened_at IS NULL THEN FALSE WHEN replied_at IS NOT NULL THEN replied_at = t.opened_at END AS is_quick
        FROM raw.ticket AS t LEFT JOIN raw.desk AS desk ON desk.team = t.team";
    lineage.add(&fact, sql).unwrap();
    let found = |sql: &str| lacking(&lineage.branches(sql).unwrap());
    assert_eq!(found("SELECT is_quick FROM fact.ticket"), ["-"]);
    assert_eq!(
        found("SELECT is_quick FROM fact.ticket WHERE solved_at IS NOT NULL"),
        ["ticket.replied_at"]
    );
    assert_eq!(found("SELECT is_quick FROM fact.ticket WHERE team IS NOT NULL"), ["-"]);
    let beside = "(SELECT solved_at, bool_or(is_quick) OVER () AS is_any FROM fact.ticket) AS t";
    assert_eq!(found(&format!("SELECT is_any FROM {beside} WHERE solved_at IS NOT NULL")), ["-"]);
}

#[test]
fn what_literals_alone_decide_no_column_would_help() {
    let sql = "SELECT coalesce(nothing, team), coalesce(nothing, nothing), team || nothing, max(team || nothing),
        nullif(count(team) FILTER (WHERE nothing = 'a'), 0)
        FROM (SELECT *, CAST(NULL AS VARCHAR) AS nothing FROM raw.ticket) AS t GROUP BY team, nothing";
    assert_eq!(traced(&["ticket.team"], sql), ["ticket.team, , , , "]);
}

#[test]
fn a_table_that_nobody_traced_may_have_values() {
    let sql = "SELECT id, NULL AS team FROM raw.desk";
    assert_eq!(traced(&["ticket.team"], sql), ["-, "]);
}
