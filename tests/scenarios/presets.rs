//! Every preset reads a small extract of its product's own shape, landed and staged by the real binary.
//!
//! `tests/presets/<product>/extracts/` goes into one project of all sources; `expected/<model>.csv` is what
//! `staging.<model>` must then hold, in any order. Its header names the columns compared.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::{copy, files_below, root, scorewright};

/// The day after the last row of any extract.
const DAY: &str = "2026-01-01";

/// Names of all sources, as `init --list` tells them.
fn sources(folder: &Path) -> Vec<String> {
    let list = scorewright(folder, &["init", "--list"]).answer;
    list.lines().filter_map(|line| Some(line.split_whitespace().next()?.to_owned())).collect()
}

fn products() -> Vec<PathBuf> {
    let folders = fs::read_dir(root().join("tests/presets")).unwrap();
    folders.map(|entry| entry.unwrap().path()).collect()
}

/// Names of the staging models that feed a role.
fn feeders() -> BTreeSet<String> {
    let files = files_below(&root().join("pipelines")).into_iter();
    let companions =
        files.filter(|(path, _)| path.extension().is_some_and(|ending| ending == "toml"));
    companions
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("\nfeeds = "))
        .map(|(path, _)| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

/// A project of all sources that has run over the extracts of all products.
fn project(folder: &Path) -> PathBuf {
    let made = scorewright(folder, &["init", "all", "--sources", &sources(folder).join(",")]);
    assert_eq!(made.status, 0, "{}{}", made.answer, made.said);
    let project = folder.join("all");
    for product in products() {
        copy(&product.join("extracts"), &project.join("extracts"));
    }
    // The products of all these extracts never stood in one company: they sell in several currencies.
    fs::remove_file(project.join("pipelines/checks/orders_are_of_one_currency.sql")).unwrap();
    let run = scorewright(&project, &["run", "--as-of", DAY]);
    assert_eq!(run.status, 0, "{}{}", run.answer, run.said);
    // What a product is known to write is declared or left out knowingly; a question of the survey's own is neither.
    let notes = run.said.lines().filter(|line| line.contains("does not declare"));
    let notes: Vec<&str> = notes.filter(|line| !line.contains("surveymonkey")).collect();
    assert!(notes.is_empty(), "{}", notes.join("\n"));
    project
}

/// Compares what a model holds with what it should hold, in order of their lines.
fn compare(project: &Path, expected: &Path) -> Result<(), String> {
    let model = expected.file_stem().unwrap().to_str().unwrap();
    let text = fs::read_to_string(expected).unwrap();
    let header = text.lines().next().unwrap();
    let sql = format!("SELECT {header} FROM staging.{model}");
    let found = scorewright(project, &["query", "--output", "csv", &sql]);
    let [found, expected] = [found.answer + &found.said, text.clone()].map(|text| sorted(&text));
    if found == expected {
        return Ok(());
    }
    let beyond = |one: &[String], other: &[String]| {
        one.iter()
            .filter(|line| !other.contains(line))
            .map(|line| format!("  {line}\n"))
            .collect::<String>()
    };
    let [missing, more] = [beyond(&expected, &found), beyond(&found, &expected)];
    Err(format!("staging.{model}: {header}\nexpected\n{missing}found\n{more}"))
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn every_preset_reads_the_shape_of_its_product() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let expected: Vec<PathBuf> = products()
        .iter()
        .flat_map(|product| fs::read_dir(product.join("expected")).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    let faults: Vec<String> = std::thread::scope(|scope| {
        let compared: Vec<_> =
            expected.iter().map(|path| scope.spawn(|| compare(&project, path))).collect();
        compared.into_iter().filter_map(|one| one.join().unwrap().err()).collect()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let tested = expected
        .iter()
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        feeders(),
        tested,
        "every model that feeds a role has a case, and every case a model"
    );
}

#[test]
fn two_products_alone_make_a_project_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let made = scorewright(
        folder.path(),
        &["init", "two", "--sources", "freshdesk_tickets,delighted_responses"],
    );
    assert_eq!(made.status, 0, "{}{}", made.answer, made.said);
    let project = folder.path().join("two");
    for product in ["freshdesk", "delighted"] {
        copy(
            &root().join("tests/presets").join(product).join("extracts"),
            &project.join("extracts"),
        );
    }
    let checked = scorewright(&project, &["check"]);
    assert_eq!(checked.status, 0, "{}{}", checked.answer, checked.said);
    let run = scorewright(&project, &["run", "--as-of", DAY]);
    assert_eq!(run.status, 0, "{}{}", run.answer, run.said);
    // A fact holds what happened, whenever that was: a new day changes none.
    let next = scorewright(&project, &["run", "--as-of", "2026-01-02"]);
    assert_eq!(next.status, 0, "{}{}", next.answer, next.said);
    assert!(next.answer.contains("built      nothing, "), "{}", next.answer);
    // Freshdesk exports no reopenings: what needs them has no value, says why, and is never 0.
    let sql = "SELECT metric, count(value) AS valued, count(*) = count(null_reason) AS all_told FROM kpi.value \
               WHERE metric IN ('one_touch', 'reopen_rate') GROUP BY metric ORDER BY metric";
    let values = scorewright(&project, &["query", "--output", "csv", sql]);
    assert_eq!(
        values.answer, "metric,valued,all_told\none_touch,0,true\nreopen_rate,0,true\n",
        "{}",
        values.said
    );
}

// Each tool has one row that carries the number C-1; the address beside it, where there is one, is of no account.
#[test]
fn survey_tools_know_customers_by_the_number_on_invoices() {
    let folder = tempfile::tempdir().unwrap();
    let chosen =
        "salesforce_accounts,delighted_responses,surveymonkey_responses,typeform_responses";
    let made = scorewright(folder.path(), &["init", "surveys", "--sources", chosen]);
    assert_eq!(made.status, 0, "{}{}", made.answer, made.said);
    let project = folder.path().join("surveys");
    for product in ["delighted", "salesforce", "surveymonkey", "typeform"] {
        copy(
            &root().join("tests/presets").join(product).join("extracts"),
            &project.join("extracts"),
        );
    }
    let accounts = project.join("extracts/salesforce_accounts.csv");
    let numbered = fs::read_to_string(&accounts).unwrap().lines().enumerate().fold(
        String::new(),
        |text, (line, row)| match line {
            0 => format!("{row},Customer_Number__c\n"),
            1 => format!("{text}{row},C-1\n"),
            _ => format!("{text}{row},\n"),
        },
    );
    fs::write(&accounts, numbered).unwrap();
    let run = scorewright(&project, &["run", "--as-of", DAY]);
    assert_eq!(run.status, 0, "{}{}", run.answer, run.said);
    let sql =
        "SELECT source, customer_id FROM dim.map_identity WHERE source_key = 'C-1' ORDER BY source";
    let known = scorewright(&project, &["query", "--output", "csv", sql]);
    assert_eq!(
        known.answer,
        "source,customer_id\ndelighted,0018d00001\nqualtrics,0018d00001\nsurveymonkey,0018d00001\ntypeform,0018d00001\n",
        "{}",
        known.said
    );
    let sql = "SELECT count(*) AS answers FROM fact.survey_answer WHERE source = 'typeform' AND customer_id = '0018d00001'";
    let answers = scorewright(&project, &["query", "--output", "csv", sql]);
    assert_eq!(answers.answer, "answers\n3\n", "{}", answers.said);
}

// 6 campaigns of the week, each opened by 400 of 1188.
#[test]
fn campaigns_have_a_scorecard_although_the_demo_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let chosen = ["init", "mail", "--sources", "mailchimp_campaigns"];
    let made = scorewright(folder.path(), &chosen);
    assert_eq!(made.status, 0, "{}{}", made.answer, made.said);
    let project = folder.path().join("mail");
    copy(&root().join("tests/exports/mailchimp-campaigns/extracts"), &project.join("extracts"));
    let run = scorewright(&project, &["run", "--as-of", "2026-11-16"]);
    assert_eq!(run.status, 0, "{}{}", run.answer, run.said);
    let page = project.join("out/pages/scorecard/2026-W46/scorecard.md");
    let page = fs::read_to_string(page).unwrap();
    let line = page.lines().find(|line| line.contains("Campaign open rate")).unwrap();
    assert!(line.contains("33.7"), "{line}");
}

#[test]
fn two_presets_of_one_thing_are_named_when_they_are_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let chosen =
        "salesforce_cases,salesforce_case_report,zendesk_tickets,stripe_payments,stripe_invoices";
    let made = scorewright(folder.path(), &["init", "twice", "--sources", chosen]);
    assert_eq!(made.status, 0, "{}{}", made.answer, made.said);
    let named =
        made.answer.lines().filter(|line| line.starts_with("choose one of")).collect::<Vec<_>>();
    assert_eq!(
        named,
        [
            "choose one of `stripe_invoices`, `stripe_payments`: all feed staging.order, and what is in \
          several counts more than once or stops the run",
            "choose one of `salesforce_case_report`, `salesforce_cases`: all feed staging.ticket, and what is in \
          several counts more than once or stops the run"
        ]
    );
}

#[test]
fn a_table_that_needs_others_of_its_loader_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let chosen = ["init", "p", "--sources", "stripe_loader_subscriptions"];
    let made = scorewright(folder.path(), &chosen);
    let needs = "staging.stripe_loader_subscriptions needs stripe_loader_prices and stripe_loader_subscription_items";
    assert!(made.answer.contains(needs), "{}", made.answer);
}
