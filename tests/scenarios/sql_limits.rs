//! SQL that would take the night down ends it in time, with a message that names the place and the limit.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::binary::{Ended, copy, program, root, says, scorewright};
use crate::datasets::unfolded;

const DAY: &str = "2026-11-23";

/// A recursion without end.
const ENDLESS: &str =
    "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT sum(i) AS i FROM n";

/// A join that no timer of the engine can stop.
const PAIRS: &str = "SELECT count(*) AS pairs FROM generate_series(1, 1000000) AS a \
                     JOIN generate_series(1, 1000000) AS b ON a.value < b.value % 7";

fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    folder
}

fn limit(folder: &Path, limits: &str) {
    let settings = fs::read_to_string(folder.join("scorewright.toml")).unwrap();
    let settings = settings.split("\n[limits]").next().unwrap().to_owned();
    fs::write(folder.join("scorewright.toml"), format!("{settings}\n[limits]\n{limits}\n"))
        .unwrap();
}

/// Adds a model `fact.much`.
fn model(folder: &Path, sql: &str) {
    let path = folder.join("pipelines/models/fact/much.sql");
    fs::write(&path, sql).unwrap();
    let column = "says = \"Much.\"\ngrain = [\"n\"]\n\n[columns]\nn = \"A number\"\n";
    fs::write(path.with_extension("toml"), column).unwrap();
}

fn run(folder: &Path) -> Ended {
    scorewright(folder, &["run", "--as-of", DAY])
}

#[test]
fn a_model_without_end_ends_the_run_by_the_limit_and_publishes_nothing() {
    let shop = shop();
    limit(shop.path(), "query_seconds = 2");
    for sql in [ENDLESS.replace(" AS i FROM n", " AS n FROM n"), PAIRS.replace("AS pairs", "AS n")]
    {
        model(shop.path(), &sql);
        let begun = Instant::now();
        let ended = run(shop.path());
        let said = unfolded(&ended.said);
        assert_eq!(ended.status, 74, "{said}");
        assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
        assert!(
            said.contains("this SQL has not ended within 2 s (limit `query_seconds`) in `pipelines/models/fact/much.sql`")
                && said.contains("raise `query_seconds` in `[limits]` of `scorewright.toml`")
                && said.contains("status 74: nothing published"),
            "{said}"
        );
    }
    fs::remove_file(shop.path().join("pipelines/models/fact/much.sql")).unwrap();
    fs::remove_file(shop.path().join("pipelines/models/fact/much.toml")).unwrap();
    let ended = run(shop.path());
    assert_eq!(ended.status, 0, "{}", ended.said);
    let left: Vec<_> = fs::read_dir(shop.path().join("warehouse/.spill")).unwrap().collect();
    assert_eq!(left.len(), 1, "the lock alone: {left:?}");
}

#[test]
fn metrics_and_questions_have_the_same_limits_and_the_log_says_the_reason() {
    let shop = shop();
    assert_eq!(run(shop.path()).status, 0);
    limit(shop.path(), "query_seconds = 2");
    let ended = scorewright(shop.path(), &["query", ENDLESS]);
    assert_eq!(ended.status, 74, "{}", ended.said);
    assert!(
        unfolded(&ended.said).contains("(limit `query_seconds`) in `the query`"),
        "{}",
        ended.said
    );
    let metric = shop.path().join("pipelines/metrics/tickets_created.toml");
    let text = fs::read_to_string(&metric).unwrap();
    let filter =
        format!("filter = \"score > ({})\"\n", PAIRS.replace("count(*) AS pairs", "count(*)"));
    fs::write(&metric, text.replace("kind = ", &format!("{filter}version = 2\nkind = "))).unwrap();
    let asked = ["--log-format", "json", "run", "--as-of", DAY, "--mail"];
    let ended =
        Command::new(program()).args(asked).current_dir(shop.path()).env_clear().output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(74), "{said}");
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last = lines.last().unwrap();
    assert_eq!((&last["event"], &last["reason"]), (&"run_finished".into(), &"limit".into()));
    let problem = lines.iter().find(|line| line["event"] == "problem").expect("it is told");
    assert_eq!(problem["reason"], "limit");
    let report = problem["report"].as_str().unwrap();
    assert!(report.contains("pipelines/metrics/tickets_created.toml"), "{report}");
}

#[test]
fn a_signal_ends_a_run_whose_threads_cannot_be_stopped() {
    let shop = shop();
    model(shop.path(), &PAIRS.replace("AS pairs", "AS n"));
    let mut asked = Command::new(program());
    asked
        .args(["--log-format", "json", "run", "--as-of", DAY])
        .current_dir(shop.path())
        .env_clear();
    let mut running = asked.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = running.stderr.take().unwrap();
    let mut told = String::new();
    while !told.contains("\"step\":\"build\"") {
        let mut letter = [0];
        assert_eq!(said.read(&mut letter).unwrap(), 1, "{told}");
        told.push(char::from(letter[0]));
    }
    let begun = Instant::now();
    let sent = Command::new("kill").args(["-TERM", &running.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(running.wait().unwrap().code(), Some(143));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

/// What `check` says of a model, which it must refuse.
fn refused(sql: &str) -> String {
    let shop = shop();
    model(shop.path(), sql);
    unfolded(&says(shop.path(), 2, &["check"]))
}

#[test]
fn sql_that_cannot_be_planned_is_refused_with_its_place() {
    let many = |term: &str, with: &str, count: usize| vec![term; count].join(with);
    let doubled: String = (1..=30)
        .map(|step| {
            format!(", s{step} AS (SELECT x.n FROM s{0} AS x JOIN s{0} AS y USING (n))", step - 1)
        })
        .collect();
    for (sql, said) in [
        (many("SELECT 1 AS n", " UNION ALL ", 3_000), "SQL may have 500 SELECTs put together"),
        (
            format!("SELECT 1 AS n WHERE {}", many("1=1", " AND ", 20_000)),
            "SQL may have 4,000 terms of one expression",
        ),
        (
            format!("WITH s0 AS (SELECT 1 AS n){doubled} SELECT n FROM s30"),
            "its WITH steps read each other more than 2,000 times",
        ),
        (
            "SELECT length(repeat('x', 1000000000)) AS n".into(),
            "one call of `repeat` may make 1,000,000",
        ),
        ("SELECT now() AS n".into(), "`now` answers otherwise at every run"),
        ("SELECT random() AS n".into(), "`random` answers otherwise at every run"),
    ] {
        let text = refused(&sql);
        assert!(text.contains(said) && text.contains("pipelines/models/fact/much.sql"), "{text}");
    }
}

#[test]
fn metrics_and_checks_cannot_ask_for_the_clock_and_a_person_can() {
    let shop = shop();
    let metric = shop.path().join("pipelines/metrics/tickets_created.toml");
    let text = fs::read_to_string(&metric).unwrap();
    fs::write(
        &metric,
        text.replace("\"count(*)\"", "\"count(*) FILTER (WHERE opened_at < now())\""),
    )
    .unwrap();
    fs::create_dir_all(shop.path().join("pipelines/checks")).unwrap();
    let check = "SELECT ticket_id FROM fact.ticket WHERE CAST(opened_at AS DATE) > current_date\n";
    fs::write(shop.path().join("pipelines/checks/future.sql"), check).unwrap();
    let text = unfolded(&says(shop.path(), 2, &["check"]));
    assert!(text.contains("`current_date` answers otherwise at every run"), "{text}");
    let said = unfolded(&run(shop.path()).said);
    assert!(said.contains("answers otherwise at every run"), "{said}");
    fs::remove_file(shop.path().join("pipelines/checks/future.sql")).unwrap();
    let said = unfolded(&says(shop.path(), 2, &["run", "--as-of", DAY]));
    assert!(
        said.contains("`now` answers otherwise") && said.contains("tickets_created.toml"),
        "{said}"
    );
    fs::write(&metric, text_of_base()).unwrap();
    says(shop.path(), 0, &["run", "--as-of", DAY]);
    says(shop.path(), 0, &["query", "SELECT count(*) FROM fact.ticket WHERE opened_at < now()"]);
}

fn text_of_base() -> String {
    fs::read_to_string(root().join("tests/scenarios/base/pipelines/metrics/tickets_created.toml"))
        .unwrap()
}

#[test]
fn a_piece_of_sql_of_a_metric_is_one_expression() {
    let shop = shop();
    let metric = shop.path().join("pipelines/metrics/tickets_created.toml");
    for (filter, said) in [
        (
            "score > 1) OR (1 = 1",
            "`filter`: one expression is expected, and it ends before `)`".to_owned(),
        ),
        (&vec!["score=1"; 60_000].join(" OR "), "`filter`: SQL may have 262,144 bytes".to_owned()),
        (
            &vec!["score=1"; 20_000].join(" OR "),
            "`filter`: SQL may have 4,000 terms of one".to_owned(),
        ),
    ] {
        fs::write(&metric, format!("{}filter = \"{filter}\"\n", text_of_base())).unwrap();
        let text = unfolded(&says(shop.path(), 2, &["check"]));
        assert!(text.contains(&said), "{}", &text[..text.len().min(2_000)]);
    }
}
