//! Small worlds, and which customer each name belongs to in them.

use jiff::Timestamp;
use scorewright_domain::{CheckOutcome, ProjectFile};
use scorewright_warehouse::Session;
use scorewright_warehouse::arrow::array::{Array, AsArray};

use super::super::collect_keys::collect_keys;
use super::super::definition::Identity;
use super::super::tables::IdentityTable;
use super::{SUBSCRIPTIONS, map, rows, table, world};

#[test]
fn the_account_names_its_other_names() {
    let resolved = world(&["A1,,,81,acme.example,2025-01-01T00:00:00Z"], &["81,,", "82,,"], &[]);
    let shown = rows(
        &resolved,
        IdentityTable::Map,
        &[
            "source",
            "kind",
            "source_key",
            "customer_id",
            "valid_from",
            "valid_to",
            "method",
            "confidence",
        ],
    );
    assert_eq!(
        shown,
        [
            "crm account A1 A1 2025-01-01T00:00:00Z - itself 1.0",
            "crm domain acme.example A1 2025-01-01T00:00:00Z - domain of the account 0.8",
            "desk account 81 A1 2025-01-01T00:00:00Z - field of the account 0.95",
            "desk account 82 desk.account:82 - - derived -",
        ]
    );
}

#[test]
fn merges_are_followed_to_the_end_and_a_circle_belongs_to_no_account() {
    let resolved = world(
        &[
            "A1,,,81,,2025-01-01T00:00:00Z",
            "A2,A1,,82,,2025-01-01T00:00:00Z",
            "A3,A2,,83,,2025-01-01T00:00:00Z",
            "B1,B2,,91,,2025-01-01T00:00:00Z",
            "B2,B1,,92,,2025-01-01T00:00:00Z",
        ],
        &[],
        &[],
    );
    assert_eq!(
        map(&resolved),
        [
            "crm account A1 A1",
            "crm account A2 A1",
            "crm account A3 A1",
            "crm account B1 crm.account:B1",
            "crm account B2 crm.account:B1",
            "desk account 81 A1",
            "desk account 82 A1",
            "desk account 83 A1",
            "desk account 91 crm.account:B1",
            "desk account 92 crm.account:B1",
        ]
    );
}

#[test]
fn a_chain_over_three_systems_ends_at_the_account() {
    // Billing knows only the address, the desk knows address and number, the CRM knows the number of the desk.
    let resolved = world(&["A1,,,81,,"], &["81,hash1,"], &["billing,cus_1,hash1"]);
    let shown = rows(
        &resolved,
        IdentityTable::Map,
        &["source", "kind", "source_key", "customer_id", "method", "confidence"],
    );
    assert_eq!(
        shown,
        [
            "billing account cus_1 A1 address 0.9",
            "billing email_hash hash1 A1 address 0.9",
            "crm account A1 A1 itself 1.0",
            "desk account 81 A1 field of the account 0.95",
            "desk email_hash hash1 A1 address 0.9",
        ]
    );
}

#[test]
fn what_two_accounts_claim_alike_belongs_to_neither_and_is_reported() {
    let resolved = world(&["A1,,,81,,", "B1,,,81,,"], &["81,,", "81,,"], &[]);
    assert_eq!(map(&resolved), ["crm account A1 A1", "crm account B1 B1", "desk account 81 -"]);
    let columns = ["source_key", "claimed_by", "via", "customer_id", "confidence", "outcome"];
    assert_eq!(
        rows(&resolved, IdentityTable::Conflict, &columns),
        [
            "81 A1 crm.account:A1 - 0.95 belongs to nobody",
            "81 B1 crm.account:B1 - 0.95 belongs to nobody"
        ]
    );
    let outcome = resolved.conflict();
    assert_eq!((outcome.offending, outcome.looked_at), (1, Some(3)));
    assert_eq!(outcome.samples, ["desk.account:81: A1 or B1"]);
}

#[test]
fn a_weaker_link_loses_against_what_ties_its_ends() {
    // Somebody at bolt.example writes for Acme: neither the number nor the domain changes hands.
    let resolved =
        world(&["A1,,,81,acme.example,", "B1,,,91,bolt.example,"], &["81,,bolt.example"], &[]);
    let shown = map(&resolved);
    assert!(shown.contains(&"desk account 81 A1".into()), "{shown:?}");
    assert!(shown.contains(&"desk domain bolt.example B1".into()), "{shown:?}");
    assert_eq!(resolved.conflict().offending, 0);
    let columns = ["source", "source_key", "claimed_by", "via", "customer_id", "outcome"];
    assert_eq!(
        rows(&resolved, IdentityTable::Conflict, &columns),
        [
            "crm bolt.example A1 desk.account:81 B1 the weaker link lost",
            "desk bolt.example A1 desk.account:81 B1 the weaker link lost",
        ]
    );
}

#[test]
fn a_name_known_only_through_a_contested_one_is_no_customer_of_its_own() {
    let resolved = world(&["A1,,,81,,", "B1,,,81,,"], &["81,hash1,"], &[]);
    assert!(map(&resolved).contains(&"desk email_hash hash1 -".into()));
    // A surer tie of its own is not drawn into it.
    let resolved = world(&["A1,,,81,,", "B1,,,81,one.example,"], &["81,,one.example"], &[]);
    assert!(map(&resolved).contains(&"desk domain one.example B1".into()));
}

#[test]
fn a_domain_of_free_mail_joins_nobody_and_is_in_no_row() {
    let resolved =
        world(&["A1,,,81,gmail.example,"], &["81,,gmail.example", "82,,gmail.example"], &[]);
    assert_eq!(
        map(&resolved),
        ["crm account A1 A1", "desk account 81 A1", "desk account 82 desk.account:82"]
    );
}

#[test]
fn unknown_names_that_belong_together_are_one_customer_called_by_its_best_name() {
    let resolved = world(&[], &["82,hash1,"], &["billing,cus_2,hash1", "billing,cus_1,hash1"]);
    let derived = "billing.account:cus_1";
    assert!(map(&resolved).iter().all(|row| row.ends_with(derived)), "{:?}", map(&resolved));
}

#[test]
fn a_row_that_names_one_customer_twice_is_no_link() {
    let resolved = world(&["A1,A1,,,,", "B1,,,,,"], &["82,,", ",,"], &[]);
    assert_eq!(
        map(&resolved),
        ["crm account A1 crm.account:A1", "crm account B1 B1", "desk account 82 desk.account:82"],
        "a record merged into itself stands for nobody, and ties nothing"
    );
}

#[test]
fn rows_are_counted_by_what_became_of_them() {
    let resolved = world(
        &["A1,,,81,acme.example,", "B1,,,90,,", "C1,,,90,,"],
        &["81,,", "81,,", "82,,acme.example", "99,,", "90,,", ",,gmail.example", ",,"],
        &["billing,cus_1,"],
    );
    let columns =
        ["source", "table_name", "rows", "matched", "unknown", "contested", "without_key"];
    assert_eq!(
        rows(&resolved, IdentityTable::Match, &columns),
        [
            "billing staging.subscription 1 0 1 0 0",
            "crm staging.account 3 3 0 0 0",
            "desk staging.ticket 7 3 1 1 2",
        ]
    );
    let outcomes = resolved.unmatched();
    let counts = |one: &CheckOutcome| (one.offending, one.looked_at.unwrap());
    let shown: Vec<(&str, (u64, u64))> =
        outcomes.iter().map(|one| (one.check.as_str(), counts(one))).collect();
    assert_eq!(
        shown,
        [
            ("known_customer(billing in staging.subscription)", (1, 1)),
            ("known_customer(crm in staging.account)", (0, 3)),
            ("known_customer(desk in staging.ticket)", (4, 7)),
        ]
    );
}

#[test]
fn what_comes_later_is_there_and_what_does_not_count_is_not() {
    let resolved = world(
        &["A1,,,81,,2026-01-01T00:00:00Z", "B1,,,82,,2025-12-31T23:59:59Z", "C1,,true,83,,"],
        &["81,,", "82,,", "83,,"],
        &[],
    );
    assert_eq!(
        map(&resolved),
        [
            "crm account A1 A1",
            "crm account B1 B1",
            "desk account 81 A1",
            "desk account 82 B1",
            "desk account 83 desk.account:83"
        ]
    );
}

#[test]
fn more_systems_than_keys_can_carry_are_a_fault_at_their_table() {
    let text = r#"
[kinds.account]
says = "What a system calls a company"

[[tables]]
table = "staging.subscription"
source_column = "system"
keys = [
    { column = "customer", kind = "account", method = "number in billing", confidence = 0.95 },
    { column = "email", kind = "account", source = "mail", method = "address", confidence = 0.9 },
]
"#;
    let identity = Identity::read(ProjectFile::new("pipelines/identity.toml", text)).unwrap();
    let session = Session::without_data().unwrap();
    let systems: String = (0..64).map(|system| format!("system {system},1,\n")).collect();
    let subscriptions = format!("{SUBSCRIPTIONS}{systems}");
    session.add_fixture(&table("staging.subscription"), &subscriptions).unwrap();
    let fault = collect_keys(&identity, &session, Timestamp::UNIX_EPOCH).unwrap_err();
    assert_eq!(fault.message(), "its source column names more than 64 systems");
}

#[test]
fn an_empty_world_has_no_rows() {
    let resolved = world(&[], &[], &[]);
    for table in IdentityTable::ALL {
        assert_eq!(rows(&resolved, table, &["source"]), Vec::<String>::new());
    }
    let text = resolved
        .batches(IdentityTable::Map)
        .map(|batch| batch.column(0).as_string::<i32>().len())
        .sum::<usize>();
    assert_eq!(text, 0);
}
