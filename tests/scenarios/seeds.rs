//! Tables that a project keeps itself: read by models and checks, refused with every fault, rebuilt when they change.
//!
//! The files are those of `docs/reference/seed.md`, so that its example is one that runs.

use std::fs;
use std::path::Path;

use crate::binary::{copy, made_anew, query, root, says};

/// A source of orders for the example of rates.
const SOURCE: &str = "title = \"Orders\"\nfiles = \"orders*.csv\"\nformat = \"csv\"\nkey = [\"order_id\"]\n\
    [columns.order_id]\ntype = \"text\"\n[columns.ordered_on]\ntype = \"date\"\n\
    [columns.currency]\ntype = \"text\"\n[columns.net]\ntype = \"decimal\"\nscale = 2\n";
const ORDERS: &str = "order_id,ordered_on,currency,net\n\
    1,2026-06-30,USD,100.00\n2,2026-07-01,USD,100.00\n3,2026-07-01,EUR,50.50\n";

fn write(project: &Path, path: &str, text: &str) {
    let path = project.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Writes the files of a page: each is a block below a line that names it, `` `pipelines/…`: ``.
pub(crate) fn write_files_of_page(project: &Path, page: &str) -> usize {
    let text = fs::read_to_string(root().join("docs/reference").join(page)).unwrap();
    let mut written = 0;
    for named in text.split("\n`pipelines/").skip(1) {
        let (path, rest) = named.split_once("`:\n\n```").expect("a block is below each");
        let block = rest.split_once('\n').unwrap().1.split("```").next().unwrap();
        write(project, &format!("pipelines/{path}"), block);
        written += 1;
    }
    written
}

/// The small project with the seeds of the reference, and a model of its own that reads none.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    write(folder.path(), "pipelines/sources/shop_orders.toml", SOURCE);
    write(folder.path(), "extracts/orders.csv", ORDERS);
    assert_eq!(write_files_of_page(folder.path(), "seed.md"), 8);
    folder
}

const RUN: [&str; 3] = ["run", "--as-of", "2026-11-23"];

// 100.00 dollars are 92.00 euros on the last day of June and 86.00 the day after, by the rates of the page.
#[test]
fn a_seed_is_a_table_that_models_and_queries_read() {
    let folder = project();
    let project = folder.path();
    assert!(says(project, 0, &["check"]).contains("2 sources, 2 seeds, 4 models"));
    says(project, 0, &RUN);
    let orders = query(project, "SELECT order_id, net_eur FROM fact.order_in_euros ORDER BY 1");
    assert_eq!(orders, "order_id,net_eur\n1,92.00\n2,86.00\n3,50.50\n");
    let teams = query(project, "SELECT team, region FROM dim.team ORDER BY team");
    assert_eq!(teams, "team,region\nBilling,EMEA\nReturns,Americas\n");
    let rates = "SELECT arrow_typeof(rate) AS rate, arrow_typeof(from_day) AS day FROM seed.exchange_rate LIMIT 1";
    assert_eq!(query(project, rates), "rate,day\n\"Decimal128(18, 6)\",Date32\n");
    let tables = says(project, 0, &["query", "--tables"]);
    assert!(tables.contains("seed.team_region") && tables.contains("seed.exchange_rate"));
}

#[test]
fn an_edited_seed_rebuilds_what_reads_it_and_nothing_else() {
    let folder = project();
    let project = folder.path();
    says(project, 0, &RUN);
    assert!(says(project, 0, &RUN).contains("nothing new"), "it is nothing new by itself");
    let seed = project.join("pipelines/seeds/team_region.csv");
    let text = fs::read_to_string(&seed).unwrap().replace("Returns,Americas", "Returns,Asia");
    fs::write(&seed, text).unwrap();
    says(project, 0, &RUN);
    assert_eq!(made_anew(project), ["seed.team_region", "dim.team"]);
    let region = query(project, "SELECT region FROM dim.team WHERE team = 'Returns'");
    assert_eq!(region, "region\nAsia\n");
    let before = [
        "query",
        "--snapshot",
        "1",
        "--output",
        "csv",
        "SELECT region FROM seed.team_region WHERE team = 'Returns'",
    ];
    assert_eq!(says(project, 0, &before), "region\nAmericas\n");
    for file in [
        "seeds/team_region.csv",
        "seeds/team_region.toml",
        "models/dim/team.sql",
        "models/dim/team.toml",
    ] {
        fs::remove_file(project.join("pipelines").join(file)).unwrap();
    }
    says(project, 0, &RUN);
    assert!(!says(project, 0, &["query", "--tables"]).contains("seed.team_region"), "it is gone");
}

#[test]
fn every_fault_of_seeds_is_named_by_check_and_run_and_nothing_is_published() {
    let folder = project();
    let project = folder.path();
    let regions = "team,region,head\nBilling,EMEA,Ann\nReturns,Mars,Ben\nBilling,Asia,Cem\n";
    write(project, "pipelines/seeds/team_region.csv", regions);
    let rates = project.join("pipelines/seeds/exchange_rate.csv");
    let text = fs::read_to_string(&rates).unwrap().replace("USD;01.07.2026", "USD;31.06.2026");
    fs::write(&rates, text.replace("0,92", "nought")).unwrap();
    write(project, "pipelines/seeds/alone.csv", "a\n1\n");
    write(project, "pipelines/seeds/lonely.toml", "says = \"a\"\n");
    write(project, "pipelines/seeds/Capital.csv", "a\n1\n");
    for command in [&["check"][..], &RUN] {
        let said = says(project, 2, command);
        for fault in [
            "the column `head` is not declared",
            "not_accepted in column `region`",
            "`team = Billing` is on line 2 already",
            "not_a_date in column `from_day`",
            "not_a_decimal in column `rate`",
            "the seed `seed.alone` has no companion file",
            "a companion file without its seed",
            "the path of a seed is its table",
        ] {
            assert!(said.contains(fault), "{command:?}: `{fault}` in\n{said}");
        }
        for place in [
            "team_region.csv:1:",
            "team_region.csv:3:",
            "team_region.csv:4:",
            "exchange_rate.csv:3:",
            "exchange_rate.csv:4:",
        ] {
            assert!(said.contains(place), "{command:?}: {place} in\n{said}");
        }
        let faults = said.matches("  × ").count();
        assert_eq!(faults, 8, "what reads a broken seed is not at fault itself\n{said}");
    }
    assert!(!project.join("warehouse/versions").exists(), "nothing is published");
}

#[test]
fn a_seed_that_is_no_utf_8_or_too_large_is_a_fault_of_the_project() {
    let folder = project();
    let project = folder.path();
    let seed = project.join("pipelines/seeds/team_region.csv");
    fs::write(&seed, b"team,region\nBilling,EMEA\nK\xf6ln,EMEA\n").unwrap();
    assert!(says(project, 2, &["check"]).contains("line 3 is no UTF-8"));
    fs::write(&seed, "team,region\n".repeat(400_000)).unwrap();
    assert!(says(project, 2, &["check"]).contains("a seed has at most 4 MiB"));
}

#[test]
fn checks_of_a_seed_hold_or_stop_the_run() {
    let folder = project();
    let project = folder.path();
    let path = project.join("pipelines/seeds/team_region.toml");
    let companion = fs::read_to_string(&path).unwrap();
    let check = |of: &str| format!("{companion}\n[[checks]]\nunique = [\"{of}\"]\n");
    fs::write(&path, check("regoin")).unwrap();
    assert!(says(project, 2, &["check"]).contains("regoin"));
    fs::write(&path, check("region")).unwrap();
    write(project, "pipelines/seeds/team_region.csv", "team,region\nBilling,EMEA\nReturns,EMEA\n");
    let said = says(project, 3, &RUN);
    assert!(said.contains("check unique(region) failed on `seed.team_region`"), "{said}");
}

/// The fact is driven by a seed: its rows stand with the source that is looked into, and no period waits for the seed.
#[test]
fn a_seed_makes_no_period_late_and_is_named_by_explain() {
    let folder = project();
    let project = folder.path();
    let coverage = "SELECT metric, period, coverage FROM kpi.coverage WHERE metric = 'csat_top2' ORDER BY 1, 2";
    says(project, 0, &RUN);
    let before = query(project, coverage);
    assert!(before.lines().count() > 4, "{before}");
    let fact = "SELECT t.ticket_id, t.team, r.region, t.opened_at, t.score\nFROM seed.team_region AS r\n\
                JOIN staging.tickets AS t ON t.team = r.team\nWHERE t.opened_at < $as_of\n";
    write(project, "pipelines/models/fact/ticket.sql", fact);
    says(project, 0, &RUN);
    assert_eq!(query(project, coverage), before);
    let explained = says(project, 0, &["explain", "csat_top2", "--period", "2026-W46"]);
    let made_from = explained.split("\nmade from\n").nth(1).unwrap();
    assert!(made_from.contains("tickets.csv"), "{made_from}");
    assert!(made_from.contains("pipelines/seeds/team_region.csv  seed  sha256 "), "{made_from}");
}
