//! Which metrics a run measures again: those that something changed of, and with the values of a fresh start.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::binary::{copy, root};

const DAY: &str = "2026-11-23";

/// A share by team, a median and a count by it, and a quotient of two of them.
const MEDIAN: &str = "title = \"Rating\"\nsays = \"The rating in the middle\"\nunit = \"score\"\n\
    direction = \"higher_is_better\"\nkind = \"quantile\"\nfact = \"fact.ticket\"\ntime = \"opened_at\"\n\
    value = \"score\"\nby = [\"team\"]\nstatistics = [\"median\"]\nminimum_sample = 1\n";
const QUOTIENT: &str = "title = \"Rating per ticket\"\nsays = \"CSAT divided by tickets\"\nunit = \"count\"\n\
    direction = \"neutral\"\nkind = \"derived\"\nformula = \"csat_top2 / tickets_created\"\nminimum_sample = 1\n";

struct Shop(tempfile::TempDir);

impl Shop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&root().join("tests/scenarios/base"), folder.path());
        let shop = Self(folder);
        shop.write("pipelines/metrics/rating.toml", MEDIAN);
        shop.write("pipelines/metrics/rating_per_ticket.toml", QUOTIENT);
        shop
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.path().join(file), text).unwrap();
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path().join(file)).unwrap();
        assert!(text.contains(from), "{file} has {from}");
        self.write(file, &text.replacen(from, to, 1));
    }

    /// Names of the metrics that a run measures, which then have the values of a run that begins with nothing.
    fn measures(&self, day: &str) -> BTreeSet<String> {
        let measured = run(self.path(), day, self.path());
        let fresh = tempfile::tempdir().unwrap();
        assert_eq!(
            run(self.path(), day, fresh.path()).len(),
            4,
            "all of them are measured at first"
        );
        for table in ["value", "standing", "coverage"] {
            assert_eq!(
                kpi_table(self.path(), table),
                kpi_table(fresh.path(), table),
                "kpi.{table}"
            );
        }
        measured
    }
}

/// Runs the program and names the metrics that it measured.
fn run(project: &Path, day: &str, state: &Path) -> BTreeSet<String> {
    let mut asked = Command::new(env!("CARGO_BIN_EXE_scorewright"));
    asked.args(["--log-format", "json", "run", "--as-of", day, "--mail", "--state"]).arg(state);
    let ended = asked.current_dir(project).env_clear().output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.success(), "{said}");
    let lines = said.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let metrics = lines.filter(|line| line["event"] == "metric_measured");
    let measured = metrics.filter(|line| line["is_unchanged"] == false);
    measured.map(|line| line["metric"].as_str().unwrap().to_owned()).collect()
}

/// The file of a table, which has the name of its content.
fn kpi_table(state: &Path, table: &str) -> String {
    let current = fs::read(state.join("warehouse/CURRENT.json")).unwrap();
    let current: Value = serde_json::from_slice(&current).unwrap();
    current["tables"][format!("kpi.{table}")][0].as_str().unwrap().to_owned()
}

fn names<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(ToOwned::to_owned).into()
}

#[test]
fn a_run_measures_what_changed_and_nothing_else() {
    let shop = Shop::new();
    let of_a_fact = names(["csat_top2", "rating", "tickets_created"]);
    let all = names(["csat_top2", "rating", "rating_per_ticket", "tickets_created"]);
    // Quotients of metrics cost nothing: they are made again of the values that are there.
    let quotient = names(["rating_per_ticket"]);
    assert_eq!(shop.measures(DAY), all);

    shop.edit("pipelines/metrics/csat_top2.toml", "title = \"", "title = \"Our ");
    shop.edit("pipelines/metrics/csat_top2.toml", "minimum_sample = 5", "minimum_sample = 6");
    assert_eq!(shop.measures(DAY), quotient, "words and bounds");
    let page = shop.path().join("out/pages/scorecard/2026-W47/scorecard.md");
    assert!(fs::read_to_string(page).unwrap().contains("Our "), "the page has the title");

    shop.edit("pipelines/metrics/rating.toml", "[\"median\"]", "[\"median\", \"p90\"]");
    assert_eq!(shop.measures(DAY), names(["rating", "rating_per_ticket"]));
    shop.edit("pipelines/metrics/rating.toml", "by = [\"team\"]\n", "");
    assert_eq!(shop.measures(DAY), names(["rating", "rating_per_ticket"]));
    let csat = "pipelines/metrics/csat_top2.toml";
    shop.edit(csat, "score >= 4", "score >= 3");
    shop.edit(csat, "title", "version = 2\ntitle");
    assert_eq!(shop.measures(DAY), names(["csat_top2", "rating_per_ticket"]));

    let more = "Ticket,Team,Opened,Rating\nT901,Billing,2026-10-26 09:00:00,5\n";
    shop.write("extracts/tickets_more.csv", more);
    assert_eq!(shop.measures(DAY), all, "the fact has other rows");
    assert_eq!(shop.measures("2026-11-30"), all, "another day");

    let settings = fs::read_to_string(shop.path().join("scorewright.toml")).unwrap();
    for more in
        ["\n[limits]\nsegments = 1\n", "\n[kpi]\nsince = 2026-11-01\n", "\n[variables]\nlow = 2\n"]
    {
        shop.write("scorewright.toml", &(settings.clone() + more));
        assert!(shop.measures("2026-11-30").is_superset(&of_a_fact), "{more}");
    }
}

#[test]
fn sql_that_asks_other_tables_and_figures_of_few_people_are_always_measured() {
    let shop = Shop::new();
    let tickets = "pipelines/metrics/tickets_created.toml";
    let filter = "filter = \"ticket_id IN (SELECT ticket_id FROM staging.tickets)\"\ntitle";
    shop.edit(tickets, "title", filter);
    assert_eq!(shop.measures(DAY).len(), 4);
    shop.edit("pipelines/metrics/csat_top2.toml", "title = \"", "title = \"Our ");
    assert_eq!(shop.measures(DAY), names(["rating_per_ticket", "tickets_created"]));

    for metric in ["csat_top2", "rating", "tickets_created"] {
        let file = format!("pipelines/metrics/{metric}.toml");
        let of_few = "minimum_group = 3\ngrains = [\"week\"]\nminimum_sample";
        shop.edit(&file, "minimum_sample", of_few);
    }
    let quotient = "pipelines/metrics/rating_per_ticket.toml";
    shop.edit(quotient, "minimum_sample", "grains = [\"week\"]\nminimum_sample");
    for _ in 0..2 {
        shop.edit("pipelines/metrics/csat_top2.toml", "title = \"", "title = \"Our ");
        assert_eq!(shop.measures(DAY).len(), 4, "what may be shown depends on what was");
    }
}
