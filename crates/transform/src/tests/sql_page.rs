//! Every example of the page about SQL gives the answer that the page says.

use scorewright_domain::{LocalTime, ProjectFile, TableName};
use scorewright_warehouse::{Cell, Parameters, Session};

use crate::read_schedules;

const PAGE: &str = include_str!("../../../../docs/reference/sql.md");

/// Fenced blocks of a language.
fn blocks(language: &str) -> Vec<&'static str> {
    let opening = format!("```{language}\n");
    let rest = PAGE.split(&opening).skip(1);
    rest.map(|rest| rest.split("```").next().unwrap()).collect()
}

/// A session with the zone, the schedules and the table of the page.
fn session() -> Session {
    let [schedules] = blocks("toml")[..] else { panic!("one file of schedules") };
    let file = ProjectFile::new("pipelines/schedules.toml", schedules);
    let time_zone = "Europe/Berlin";
    let schedules = read_schedules(&file, time_zone).unwrap();
    let time = LocalTime { time_zone: time_zone.into(), schedules };
    let session = Session::without_data_in(&time).unwrap();
    let [table] = blocks("csv")[..] else { panic!("one table") };
    session.add_fixture(&TableName::new("staging", "ticket").unwrap(), table).unwrap();
    session
}

/// A row as the page shows it.
fn row(cells: &[Cell]) -> String {
    let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
    format!("-- {}", cells.join(" | ")).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_example_of_the_page_is_true() {
    let session = session();
    let examples = blocks("sql");
    assert!(examples.len() >= 7, "{examples:?}");
    for example in examples {
        let answer = session.query(example, &Parameters::new());
        let answer = answer.unwrap_or_else(|fault| panic!("{example}\n{fault:?}"));
        let found: Vec<String> = answer.rows.iter().map(|cells| row(cells)).collect();
        let stated: Vec<String> = example
            .lines()
            .filter(|line| line.starts_with("--"))
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(found, stated, "{example}");
    }
}
