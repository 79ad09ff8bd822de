//! Nobody reads a few people out of a metric with `minimum_group`: not on a page, not in a table, not by `explain`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::binary::{copy, query, root, says};
use crate::datasets::unfolded;

const DAY: &str = "2026-11-23";

/// A shop of teams with so many rated tickets each in October, one of two rated well.
fn shop(teams: &[(&str, u32)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    deliver(folder.path(), teams);
    for metric in ["csat_top2", "tickets_created"] {
        let path = folder.path().join(format!("pipelines/metrics/{metric}.toml"));
        let text = fs::read_to_string(&path).unwrap();
        let own =
            text.lines().filter(|line| !line.starts_with("grains") && !line.starts_with("by"));
        let own: Vec<&str> = own.collect();
        let more = "by = [\"team\"]\ngrains = [\"month\"]\nminimum_group = 5\n";
        fs::write(path, format!("{}\n{more}", own.join("\n"))).unwrap();
    }
    let report = folder.path().join("reports/scorecard/report.toml");
    let text = fs::read_to_string(&report).unwrap();
    fs::write(report, text.replace("\"week\"", "\"month\"")).unwrap();
    fs::remove_file(folder.path().join("pipelines/targets.toml")).unwrap();
    folder
}

fn deliver(folder: &Path, teams: &[(&str, u32)]) {
    let mut text = "Ticket,Team,Opened,Rating\n".to_owned();
    for (team, tickets) in teams {
        for number in 0..*tickets {
            let rating = if number % 2 == 0 { 5 } else { 2 };
            writeln!(text, "{team}{number},{team},2026-10-16 10:00:00,{rating}").unwrap();
        }
    }
    text += "end,Front,2026-11-22 23:00:00,4\n";
    fs::write(folder.join("extracts/tickets.csv"), text).unwrap();
}

const SHOWN: &str = "SELECT segment, n, null_reason FROM kpi.value WHERE metric = 'csat_top2' AND period = '2026-10' ORDER BY segment";

#[test]
fn a_page_names_the_hidden_teams_and_says_no_more_of_them() {
    let shop = shop(&[("Front", 60), ("Desk", 41), ("Night", 3)]);
    says(shop.path(), 0, &["run", "--as-of", DAY]);
    assert_eq!(
        query(shop.path(), SHOWN),
        "segment,n,null_reason\n,104,\nDesk,,suppressed\nFront,60,\nNight,,suppressed\n"
    );
    let page = shop.path().join("out/pages/scorecard/2026-10/scorecard.html");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("Too few people to show: Desk and Night."), "{page}");
    assert!(page.contains("n = 60") && !page.contains("n = 41"), "{page}");
}

#[test]
fn explain_counts_and_lists_no_rows_of_few_people() {
    let shop = shop(&[("Front", 60), ("Desk", 41), ("Night", 3)]);
    says(shop.path(), 0, &["run", "--as-of", DAY]);
    let explained = |more: &[&str]| {
        let words = [&["explain", "csat_top2", "--period", "2026-10"], more].concat();
        says(shop.path(), 0, &words)
    };
    for more in [&["--segment", "team=Night"][..], &["--segment", "team=Night", "--rows", "9"], &[]]
    {
        let said = explained(more);
        assert!(
            said.contains("not counted and not listed: nothing is shown of fewer than 5"),
            "{said}"
        );
        assert!(!said.contains("Night0"), "{said}");
    }
    let said = explained(&["--segment", "team=Night"]);
    assert!(said.contains("no value: too few people to show"), "{said}");
    assert!(said.contains("\n  n none\n"), "{said}");
}

#[test]
fn a_late_answer_waits_and_the_run_says_so() {
    let shop = shop(&[("Front", 60), ("Desk", 41)]);
    says(shop.path(), 0, &["run", "--as-of", DAY]);
    deliver(shop.path(), &[("Front", 61), ("Desk", 41)]);
    let said = unfolded(&says(shop.path(), 0, &["run", "--as-of", DAY]));
    assert!(
        said.contains("csat_top2: 2 figures stay as they were shown, as they changed by fewer people than `minimum_group`"),
        "{said}"
    );
    let before = "segment,n,null_reason\n,101,\nDesk,41,\nFront,60,\n";
    assert_eq!(query(shop.path(), SHOWN), before);
    deliver(shop.path(), &[("Front", 65), ("Desk", 41)]);
    says(shop.path(), 0, &["run", "--as-of", DAY]);
    assert_eq!(query(shop.path(), SHOWN), "segment,n,null_reason\n,106,\nDesk,41,\nFront,65,\n");
}

#[test]
fn a_metric_that_would_tell_what_another_hides_is_refused() {
    let shop = shop(&[("Front", 60)]);
    let path = shop.path().join("pipelines/metrics/tickets_created.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, text.replace("minimum_group = 5\n", "")).unwrap();
    let said = unfolded(&says(shop.path(), 2, &["check"]));
    assert!(
        said.contains("`csat_top2` shows nothing of fewer than 5 people of the same fact"),
        "{said}"
    );
    assert!(said.contains("add `minimum_group = 5` here too"), "{said}");
}

/// Two columns changed places: the address stands where the team was.
#[test]
fn an_address_in_another_column_is_masked_in_quarantine() {
    let shop = shop(&[("Front", 60)]);
    let source = shop.path().join("pipelines/sources/tickets.toml");
    let text = fs::read_to_string(&source).unwrap();
    let mail = "\n[columns.mail]\nfrom = \"Mail\"\ntype = \"text\"\npersonal = \"hash\"\n";
    fs::write(source, text.replace("tolerate = 0.1", "tolerate = 0.99") + mail).unwrap();
    let rows = "T1,ann@example.com,2026-10-16 10:00:00,bad,Night desk\nT2,Ann Doe,16.10.2026,7,x\n";
    fs::write(
        shop.path().join("extracts/tickets.csv"),
        format!(
            "Ticket,Team,Opened,Rating,Mail\n{rows}T3,Night,2026-10-16 10:00:00,4,b@example.com\n"
        ),
    )
    .unwrap();
    says(shop.path(), 0, &["run", "--as-of", DAY]);
    let raw = query(shop.path(), "SELECT raw FROM quarantine.tickets ORDER BY line");
    assert_eq!(
        raw,
        "raw\n\"A9,aaa@aaaaaaa.aaa,2026-10-16 10:00:00,aaa,***\"\n\"A9,Aaa Aaa,16.10.2026,7,***\"\n"
    );
    let said = says(shop.path(), 0, &["quarantine", "export", "--source", "tickets"]);
    assert!(said.contains("2 rows left out: personal values are masked"), "{said}");
    for folder in ["warehouse", "out"] {
        let found = crate::binary::files_below(&shop.path().join(folder));
        let tells = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("ann@example");
        assert!(!found.iter().any(|(_, bytes)| tells(bytes)), "{folder}");
    }
}
