//! The first command of the README, through the real binary.

use std::fs;

use crate::binary::{files_below, root, scorewright};

/// A company small enough for a test, and large enough that every metric has values.
const SMALL: [&str; 7] =
    ["demo", "company", "--customers", "60", "--weeks", "60", "--as-of=2026-11-23"];

#[test]
fn a_demo_goes_from_nothing_to_a_scorecard_and_has_nothing_to_do_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let made = scorewright(folder.path(), &SMALL);
    assert_eq!(made.status, 0, "{}{}", made.answer, made.said);
    let pages = folder.path().join("company/out/pages/scorecard/2026-W47");
    assert!(
        made.answer.contains("company/out/pages/scorecard/2026-W47/scorecard.html"),
        "{}",
        made.answer
    );
    for document in ["scorecard.html", "scorecard.md", "scorecard.json"] {
        assert!(fs::metadata(pages.join(document)).unwrap().len() > 1000, "{document}");
    }
    // So small a shop sells nothing on some weekends: then its mail is held, and lies in the outbox as it will be sent.
    let mut files = files_below(&folder.path().join("company/out")).into_iter();
    let mail = files.find(|(path, _)| path.extension().is_some_and(|ending| ending == "eml"));
    let mail = String::from_utf8(mail.unwrap().1).unwrap();
    let place = |kind: &str| mail.find(kind).unwrap_or_else(|| panic!("no {kind} in {mail}"));
    assert!(place("multipart/alternative") < place("text/plain"));
    assert!(place("text/plain") < place("text/html"), "the text comes first");

    let again =
        scorewright(folder.path(), &["run", "--project", "company", "--as-of", "2026-11-23"]);
    assert!(again.answer.starts_with("nothing new: version 1"), "{}", again.answer);
    let made_again = scorewright(folder.path(), &SMALL);
    assert!(made_again.answer.contains("\nnothing new: version 1"), "{}", made_again.answer);
    let other = scorewright(folder.path(), &["demo", "company/pipelines"]);
    assert_eq!(other.status, 2, "a folder of somebody is not written to");
}

#[test]
fn the_readme_counts_what_a_demo_builds_and_measures() {
    let folder = tempfile::tempdir().unwrap();
    let made = scorewright(folder.path(), &[&SMALL[..], &["--log-format", "json"]].concat());
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for (event, words) in
        [("table_built", "builds and checks # models"), ("metric_measured", "measures # metrics")]
    {
        let count = made.said.matches(&format!("\"event\":\"{event}\"")).count();
        let sentence = words.replace('#', &count.to_string());
        assert!(readme.contains(&sentence), "the README does not say: {sentence}");
    }
}

#[test]
fn the_books_of_the_demo_balance_and_its_dirt_is_named() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(scorewright(folder.path(), &SMALL).status, 0);
    let status =
        scorewright(folder.path(), &["status", "--project", "company", "--output", "json"]);
    let status: serde_json::Value = serde_json::from_str(&status.answer).unwrap();
    let count = |name: &str| status["books"][name].as_u64().unwrap();
    let kept =
        ["accepted", "quarantined", "duplicates", "superseded"].map(count).iter().sum::<u64>();
    assert_eq!(count("read"), kept);
    assert!(count("quarantined") > 0 && count("duplicates") > 0, "{status}");
    let reasons = status["books"]["reasons"].as_object().unwrap();
    assert_eq!(
        reasons.values().map(|rows| rows.as_u64().unwrap()).sum::<u64>(),
        count("quarantined")
    );
}

/// The map of names, computed as a person would write it for this company alone: merges followed row by row,
/// and each field of the account taken at its word.
const PLAIN_MAP: &str = "
WITH RECURSIVE account AS (
    SELECT account_id, account_id AS customer_id, 0 AS merges
    FROM staging.account
    WHERE master_account_id IS NULL AND NOT is_deleted
    UNION ALL
    SELECT merged.account_id, account.customer_id, account.merges + 1
    FROM staging.account AS merged
    JOIN account ON merged.master_account_id = account.account_id
    WHERE account.merges < 20
),
record AS (
    SELECT account.customer_id, line.*
    FROM account JOIN staging.account AS line ON line.account_id = account.account_id
),
claim AS (
    SELECT 'salesforce' AS source, 'account' AS kind, account_id AS source_key, customer_id FROM record
    UNION ALL SELECT 'zendesk', 'account', zendesk_organization_id, customer_id FROM record
    UNION ALL SELECT 'stripe', 'account', stripe_customer_id, customer_id FROM record
    UNION ALL SELECT 'qualtrics', 'account', customer_number, customer_id FROM record
    UNION ALL SELECT 'salesforce', 'domain', email_domain, customer_id FROM record
),
plain AS (
    SELECT source, kind, source_key, min(customer_id) AS customer_id
    FROM claim
    WHERE source_key IS NOT NULL
    GROUP BY source, kind, source_key
    HAVING count(DISTINCT customer_id) = 1
)
SELECT
    plain.kind,
    count(*) AS names,
    count(*) FILTER (WHERE found.customer_id = plain.customer_id) AS alike
FROM plain
LEFT JOIN dim.map_identity AS found
    ON found.source = plain.source AND found.kind = plain.kind AND found.source_key = plain.source_key
GROUP BY plain.kind
ORDER BY plain.kind";

#[test]
fn the_names_of_the_demo_are_those_of_a_plain_query() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(scorewright(folder.path(), &SMALL).status, 0);
    let asked = scorewright(
        folder.path(),
        &["query", "--project", "company", "--output", "csv", PLAIN_MAP],
    );
    let rows: Vec<Vec<&str>> =
        asked.answer.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 2, "{}{}", asked.answer, asked.said);
    for row in rows {
        assert!(
            row[1].parse::<u64>().unwrap() >= 60,
            "every customer has a name of the kind: {row:?}"
        );
        assert_eq!(row[1], row[2], "{row:?}");
    }
}
