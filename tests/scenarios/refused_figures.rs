//! Figures that cannot be, and sums that must not be made, are told and not shown.

use std::fs;
use std::path::Path;

use crate::binary::{copy, query, root, says};
use crate::datasets::unfolded;

const DAY: &str = "2026-11-23";

const SHARE: &str = "title = 'Odd'\nsays = 'Odd'\nunit = 'share'\ndirection = 'neutral'\nkind = 'ratio'\nfact = 'fact.ticket'\n\
    time = 'opened_at'\nnumerator = 'sum(score)'\ndenominator = 'count(score)'\ngrains = ['month']\n";
const AMOUNT: &str = "title = 'Sum'\nsays = 'Sum'\nunit = 'money'\ndirection = 'neutral'\nkind = 'total'\nfact = 'fact.payment'\n\
    time = 'opened_at'\nnumerator = 'sum(score)'\ngrains = ['month']\n";
const PAYMENT: &str = "-- One row per ticket.\nSELECT ticket_id, opened_at, score, CASE WHEN team = 'Billing' THEN 'EUR' ELSE 'USD' END AS currency\n\
    FROM fact.ticket\n";

/// Sum and count of the ratings of tickets opened in October, from the extract itself.
fn ratings_of_october(shop: &Path) -> (u32, u32) {
    let extract = fs::read_to_string(shop.join("extracts/tickets.csv")).unwrap();
    let of_october = extract.lines().filter(|line| line.contains(",2026-10-"));
    let ratings = of_october.filter_map(|line| line.rsplit(',').next()?.parse::<u32>().ok());
    ratings.fold((0, 0), |(sum, count), rating| (sum + rating, count + 1))
}

#[test]
fn a_share_of_more_than_all_and_a_sum_of_two_currencies_are_told_with_what_mends_them() {
    let shop = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), shop.path());
    for (file, text) in [
        ("pipelines/metrics/odd.toml", SHARE),
        ("pipelines/metrics/paid.toml", AMOUNT),
        ("pipelines/models/fact/payment.sql", PAYMENT),
    ] {
        fs::write(shop.path().join(file), text).unwrap();
    }
    let model = "says = \"Payments\"\ngrain = [\"ticket_id\"]\n\n[columns]\nticket_id = \"Number\"\nopened_at = \"When\"\nscore = \"Amount\"\ncurrency = \"Currency\"\n";
    fs::write(shop.path().join("pipelines/models/fact/payment.toml"), model).unwrap();
    let (sum, count) = ratings_of_october(shop.path());
    let said = unfolded(&says(shop.path(), 0, &["run", "--as-of", DAY]));
    let odd = format!(
        "odd: 1 figure is not possible in its unit, such as {sum} over {count} of 2026-10, and not shown"
    );
    for expected in [
        odd.as_str(),
        "`scorewright explain odd --period 2026-10` lists the rows",
        "paid: the rows it counts have amounts of several currencies, which are not added up; convert them in a model at the rates of a seed",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let values = "SELECT metric, value, null_reason FROM kpi.value WHERE metric IN ('odd', 'paid') ORDER BY 1";
    assert_eq!(
        query(shop.path(), values),
        "metric,value,null_reason\nodd,,outside_unit\npaid,,mixed_currencies\n"
    );
    let explained = says(shop.path(), 0, &["explain", "odd", "--period", "2026-10"]);
    assert!(
        explained.contains("no value: impossible in its unit") && explained.contains("T001"),
        "{explained}"
    );
}
