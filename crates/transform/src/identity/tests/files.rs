//! Slips of the identity file, and where they are shown.

use jiff::Timestamp;
use miette::Diagnostic as _;
use scorewright_domain::{Fault, ProjectFile};
use scorewright_warehouse::Session;

use super::super::definition::Identity;
use super::super::plan::plan;
use super::{ACCOUNTS, FILE, SUBSCRIPTIONS, TICKETS, table};

/// The fault of the file with `from` replaced, and the text it points at.
fn fault(from: &str, to: &str) -> (String, String) {
    assert!(FILE.contains(from), "{from}");
    let file = ProjectFile::new("pipelines/identity.toml", FILE.replacen(from, to, 1));
    let session = Session::without_data().unwrap();
    session.add_fixture(&table("staging.account"), ACCOUNTS).unwrap();
    session.add_fixture(&table("staging.ticket"), TICKETS).unwrap();
    session.add_fixture(&table("staging.subscription"), SUBSCRIPTIONS).unwrap();
    let planned = Identity::read(file.clone())
        .and_then(|identity| plan(&identity, &session, Timestamp::UNIX_EPOCH));
    let fault: Fault = planned.unwrap_err();
    let label = fault.labels().and_then(|mut labels| labels.next());
    let shown =
        label.map(|label| file.text[label.offset()..label.offset() + label.len()].to_owned());
    (fault.message().to_owned(), shown.unwrap_or_default())
}

#[test]
fn the_file_of_these_tests_is_fine() {
    let file = ProjectFile::new("pipelines/identity.toml", FILE);
    assert_eq!(Identity::read(file).unwrap().levels, [1.0, 0.95, 0.9, 0.8, 0.6]);
}

#[test]
fn an_unknown_column_is_shown_where_it_is_written() {
    let (message, shown) = fault("column = \"organization\"", "column = \"organisation\"");
    assert_eq!(message, "`staging.ticket` has no column `organisation`");
    assert_eq!(shown, "\"organisation\"");
    let (message, shown) = fault("since = \"created_at\"", "since = \"made_at\"");
    assert_eq!(
        (message.as_str(), shown.as_str()),
        ("`staging.account` has no column `made_at`", "\"made_at\"")
    );
}

#[test]
fn an_unknown_kind_is_shown_where_it_is_written() {
    let (message, shown) = fault("kind = \"email_hash\"", "kind = \"email\"");
    assert_eq!((message.as_str(), shown.as_str()), ("there is no kind `email`", "\"email\""));
}

#[test]
fn a_condition_that_cannot_be_read_or_planned_is_shown_where_it_is_written() {
    let condition = "where = \"NOT coalesce(is_deleted, FALSE)\"";
    let (_, shown) = fault(condition, "where = \"NOT (is_deleted\"");
    assert_eq!(shown, "\"NOT (is_deleted\"");
    let (message, shown) = fault(condition, "where = \"NOT is_gone\"");
    assert!(message.contains("is_gone"), "{message}");
    assert_eq!(shown, "\"NOT is_gone\"");
}

#[test]
fn a_confidence_is_a_share_and_a_table_comes_once() {
    let (message, shown) = fault("confidence = 0.8", "confidence = 80.0");
    assert_eq!(
        (message.as_str(), shown.as_str()),
        ("a confidence is above 0 and at most 1", "80.0")
    );
    let (message, _) = fault("\"staging.subscription\"", "\"staging.ticket\"");
    assert_eq!(message, "`staging.ticket` is described twice");
    let (message, _) = fault("source_column = \"system\"", "");
    assert_eq!(message, "`staging.subscription` needs either `source` or `source_column`");
}

#[test]
fn the_example_of_the_guide_can_be_read() {
    let guide = include_str!("../../../../../docs/identity.md");
    let example =
        guide.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let identity = Identity::read(ProjectFile::new("docs/identity.md", example)).unwrap();
    assert_eq!(identity.tables.len(), 2);
}
