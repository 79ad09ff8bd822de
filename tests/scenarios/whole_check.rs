//! `check` names what a run would end by, where it stands, and in the words of the file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::{copy, files_below, root, rows, scorewright};

const REPORT: &str = "reports/scorecard/report.toml";
const REVENUE: &str = "pipelines/metrics/revenue.toml";
const TO: &str = "to = [\"leadership@example.com\"]";
const FROM: &str = "from = \"Scorewright <scorecards@example.com>\"";
const NUMERATOR: &str =
    "numerator = \"sum(net) + coalesce(sum(refunded) FILTER (WHERE refunded_at >= $as_of), 0)\"";

/// What is written in place of what in which file, what is then said of it, and the text that is pointed at.
const SLIPS: [(&str, &str, &str, &str, &str); 22] = [
    (
        "pipelines/sources/shopify_orders.toml",
        "from = \"Subtotal\"\n",
        "from = \"Subtotal\"\nscale = 18\n",
        "`scale` leaves no digit before the point",
        "18",
    ),
    (REPORT, TO, "to = [\"boss\"]", "`boss` is not a mailbox: its address has no `@`", "boss"),
    (REPORT, TO, "to = []", "the mail has no recipient", "to"),
    (REPORT, FROM, "from = \"\"", "`` is not a mailbox: its address has no `@`", "from"),
    (
        REPORT,
        TO,
        "to = [\"b@example..invalid\"]",
        "`b@example..invalid` is not a mailbox: its address is malformed",
        "b@example..invalid",
    ),
    (
        "reports/scorecard/mail.txt.j2",
        "{% ",
        "{{ verdict.subjekt }}\n{% ",
        "the scorecard has nothing by this name",
        "verdict.subjekt",
    ),
    (
        "reports/scorecard/scorecard.html.j2",
        "{% ",
        "{{ title | shout }}\n{% ",
        "filter shout is unknown",
        "title | shout",
    ),
    (
        "reports/scorecard/scorecard.md.j2",
        "{% ",
        "{% for line in groups[0].lines %}{{ line.targett }}{% endfor %}\n{% ",
        "the scorecard has nothing by this name",
        "line.targett",
    ),
    (
        "pipelines/models/fact/order.toml",
        "tolerance = 0.01",
        "tolerance = nan",
        "`tolerance` is a share from 0 to 1",
        "tolerance",
    ),
    (
        "pipelines/models/fact/order.toml",
        "tolerance = 0.01",
        "tolerance = 1.5",
        "`tolerance` is a share from 0 to 1",
        "tolerance",
    ),
    (
        "pipelines/models/fact/order.toml",
        "[\"ordered_at\", \"net\"]",
        "[]",
        "a check `not_null` asks nothing",
        "not_null",
    ),
    (
        "pipelines/models/fact/order.toml",
        "not_null = [\"ordered_at\", \"net\"]",
        "accepted = { column = \"source\", values = [] }",
        "a check `accepted` asks nothing",
        "accepted",
    ),
    (
        "pipelines/models/fact/order.toml",
        "not_null = [\"ordered_at\", \"net\"]",
        "range = { column = \"net\" }",
        "a check `range` asks nothing",
        "range",
    ),
    (REVENUE, NUMERATOR, "numerator = \"sum(order_id)\"", "`sum` cannot be used on texts", "sum"),
    (
        REVENUE,
        NUMERATOR,
        "filter = \"(ordered_at AT TIME ZONE region) > '2026-01-01'\"\nnumerator = \"sum(net)\"",
        "`region` cannot stand at this place in SQL: write a constant",
        "region",
    ),
    (REVENUE, NUMERATOR, "numerator = \"sum(nett)\"", "column 'nett' not found", "nett"),
    (
        REVENUE,
        NUMERATOR,
        "numerator = \"sum(CAST(net AS DOUBLE))\"",
        "`numerator` gives real numbers, whose sum depends on the order of the rows",
        "sum(CAST(net AS DOUBLE))",
    ),
    (
        REVENUE,
        NUMERATOR,
        "numerator = \"max(order_id)\"",
        "`numerator` must give a number",
        "max(order_id)",
    ),
    (
        REVENUE,
        NUMERATOR,
        "numerator = \"sum(net * net * net * net * net * net * net * net * net * net)\"",
        "a number in this SQL has more digits than its type",
        "CAST(x AS DECIMAL(18, 4))",
    ),
    (
        "pipelines/metrics/logo_churn.toml",
        "numerator = \"count(*)",
        "numerator = \"count(customer_id)",
        "column 'customer_id' not found",
        "columns there: at_start, at_end",
    ),
    (
        "pipelines/metrics/first_reply.toml",
        "value = \"",
        "value = \"team || ",
        "`value` must give a number",
        "team ||",
    ),
    (
        "pipelines/metrics/logo_churn.toml",
        "AND NOT at_end",
        "AND NOT at_close",
        "column 'at_close' not found",
        "at_close",
    ),
];

fn project(folder: &Path) -> PathBuf {
    let made = scorewright(
        folder,
        &["init", "p", "--sources", "shopify_orders,zendesk_tickets,stripe_subscriptions"],
    );
    assert_eq!(made.status, 0, "{}{}", made.answer, made.said);
    folder.join("p")
}

/// The words of a message without the frame that they are shown in.
fn words(said: &str) -> String {
    let is_frame = |letter: char| "│×╭╰─┬┴·╮╯├┤".contains(letter);
    said.replace(is_frame, " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_slip_is_named_where_it_stands_before_any_extract_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let fine = scorewright(&project, &["check"]);
    assert_eq!(fine.status, 0, "{}", fine.said);
    for (file, from, to, message, pointed) in SLIPS {
        let path = project.join(file);
        let before = fs::read_to_string(&path).unwrap();
        assert!(before.contains(from), "{file} has no `{from}`");
        fs::write(&path, before.replacen(from, to, 1)).unwrap();
        let found = scorewright(&project, &["check"]);
        assert_eq!(found.status, 2, "{to}: {}{}", found.answer, found.said);
        let said = words(&found.said);
        assert!(said.contains(message), "{message}\n{}", found.said);
        assert!(said.contains(pointed) && said.contains(file), "{pointed}\n{}", found.said);
        for internal in ["DataFusion", "sqltorel", "DataType", "Ident {"] {
            assert!(!found.said.contains(internal), "{}", found.said);
        }
        fs::write(&path, before).unwrap();
    }
}

#[test]
fn all_faults_of_all_reports_are_named_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    let report = project.join("reports/scorecard");
    for name in ["board", "Board"] {
        fs::create_dir(project.join("reports").join(name)).unwrap();
        for (path, bytes) in files_below(&report) {
            let file = path.file_name().unwrap();
            fs::write(project.join("reports").join(name).join(file), bytes).unwrap();
        }
    }
    let twice = scorewright(&project, &["check"]);
    assert_eq!(twice.status, 2);
    assert!(words(&twice.said).contains("two reports are called"), "{}", twice.said);
    fs::rename(project.join("reports/Board"), project.join("reports/sales board")).unwrap();
    let spaced = scorewright(&project, &["check"]);
    assert!(
        words(&spaced.said).contains("`sales board` cannot be the name of a report"),
        "{}",
        spaced.said
    );
    fs::remove_dir_all(project.join("reports/sales board")).unwrap();
    for name in ["scorecard", "board"] {
        let path = project.join("reports").join(name).join("report.toml");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace(TO, "to = [\"boss\", \"chief\"]")).unwrap();
    }
    let all = scorewright(&project, &["check"]);
    let said = words(&all.said);
    assert_eq!(said.matches("`boss` is not a mailbox").count(), 2, "{}", all.said);
    assert_eq!(said.matches("`chief` is not a mailbox").count(), 2, "{}", all.said);
}

/// A slip in each kind of file: file, text, what stands there instead, what is said of it.
const AT_ONCE: [[&str; 4]; 14] = [
    ["scorewright.toml", "\"UTC\"", "\"Mars/Base\"", "there is no time zone `Mars/Base`"],
    ["pipelines/sources/stripe_subscriptions.toml", "files =", "flies =", "unknown key `flies`"],
    [
        "pipelines/models/staging/zendesk_tickets.sql",
        "DISTINCT merged_id",
        "DISTINCT merged_idd",
        "'merged_idd' not found",
    ],
    ["pipelines/models/dim/team.toml", "grain =", "grian =", "unknown key `grian`"],
    ["pipelines/metrics/reopen_rate.toml", "kind =", "kindd =", "unknown key `kindd`"],
    [
        "pipelines/metrics/clv_seed.toml",
        "formula = \"",
        "formula = \"no_such_metric + ",
        "there is no metric `no_such_metric`",
    ],
    ["pipelines/targets.toml", "# metric", "[[goal]]\n# metric", "unknown key `goal`"],
    ["pipelines/benchmarks.toml", "[[benchmark]]", "[[bench]]", "unknown key `bench`"],
    [REPORT, TO, "to = [\"boss\"]", "`boss` is not a mailbox"],
    ["reports/scorecard/mail.txt.j2", "{% ", "{{ verdict.subjekt }}\n{% ", "verdict.subjekt"],
    ["reports/scorecard/mail.html.j2", "{% ", "{% nonsense %}\n{% ", "unknown statement nonsense"],
    ["reports/scorecard/scorecard.html.j2", "{% ", "{{ title | shout }}\n{% ", "shout is unknown"],
    ["reports/scorecard/scorecard.md.j2", "{% ", "{{ titel }}\n{% ", "titel"],
    [
        "pipelines/checks/tenures_do_not_overlap.sql",
        "SELECT",
        "SELECT FROM WHERE",
        "pipelines/checks/tenures_do_not_overlap.sql",
    ],
];

/// The same where the facts are sound: a metric is planned although files that it does not need are at fault.
const BESIDE_SOUND_FACTS: [[&str; 4]; 4] = [
    AT_ONCE[6],
    [REVENUE, NUMERATOR, "numerator = \"sum(nett)\"", "column 'nett' not found"],
    ["pipelines/metrics/orders.toml", "kind =", "kindd =", "unknown key `kindd`"],
    AT_ONCE[8],
];

fn named_at_once(slips: &[[&str; 4]]) {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path());
    for [file, from, to, _] in slips {
        let path = project.join(file);
        let before = fs::read_to_string(&path).unwrap();
        assert!(before.contains(from), "{file} has no `{from}`");
        fs::write(&path, before.replacen(from, to, 1)).unwrap();
    }
    let found = scorewright(&project, &["check"]);
    assert_eq!(found.status, 2);
    let said = words(&found.said);
    for [file, _, to, message] in slips {
        assert!(said.contains(message) && said.contains(file), "{to}\n{}", found.said);
    }
    let faults = found.said.matches(" × ").count();
    assert_eq!(faults, slips.len(), "what follows from a fault is none\n{}", found.said);
}

#[test]
fn one_look_finds_the_faults_of_every_kind_of_file() {
    named_at_once(&AT_ONCE);
    named_at_once(&BESIDE_SOUND_FACTS);
}

/// The small project after its first run.
fn published() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    let ran = scorewright(folder.path(), &["run", "--as-of", "2026-11-23"]);
    assert_eq!(ran.status, 0, "{}", ran.said);
    folder
}

fn edit(folder: &Path, file: &str, edit: impl FnOnce(String) -> String) {
    let path = folder.join("pipelines").join(file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, edit(text)).unwrap();
}

#[test]
fn another_formula_under_the_same_version_is_told_by_check_and_run() {
    let folder = published();
    edit(folder.path(), "metrics/csat_top2.toml", |text| text.replace("score >= 4", "score >= 5"));
    let told = "`csat_top2` is computed otherwise than before, and is still version 1";
    let checked = scorewright(folder.path(), &["check"]);
    assert_eq!(checked.status, 2);
    let said = words(&checked.said);
    assert!(said.contains(told) && said.contains("write `version = 2`"), "{}", checked.said);
    assert!(said.contains("score >= 5"), "it points at what changed: {}", checked.said);
    let raised = |text: String| format!("version = 2\n{text}");
    edit(folder.path(), "metrics/csat_top2.toml", raised);
    assert_eq!(scorewright(folder.path(), &["check"]).status, 0);
    edit(folder.path(), "metrics/csat_top2.toml", |text| text.replace("version = 2\n", ""));
    let ran = scorewright(folder.path(), &["run", "--as-of", "2026-11-23"]);
    assert!(ran.status == 0 && ran.said.contains(told), "{}", ran.said);
    assert_eq!(scorewright(folder.path(), &["check"]).status, 0, "it is what was published");
}

#[test]
fn a_target_for_a_team_that_does_not_exist_is_told_by_check_and_run() {
    let folder = published();
    let target = |team: &str| {
        let text =
            "[[target]]\nmetric = \"csat_top2\"\nkind = \"keep\"\nvalue = 0.7\nfrom = 2026-01-01\n";
        format!("{text}owner = \"Head\"\nsegment = \"team={team}\"\n")
    };
    edit(folder.path(), "targets.toml", |text| text + &target("Biling"));
    let told = "`csat_top2` has no figure for team=Biling, so nothing is judged by this target";
    let checked = scorewright(folder.path(), &["check"]);
    assert_eq!(checked.status, 2);
    let said = words(&checked.said);
    assert!(
        said.contains(told) && said.contains("AND dimension = 'team'") && !said.contains("Billing"),
        "{}",
        checked.said
    );
    let ran = scorewright(folder.path(), &["run", "--as-of", "2026-11-23"]);
    assert!(ran.status == 0 && ran.said.contains(told), "{}", ran.said);
    assert!(ran.said.contains("pipelines/targets.toml:13:"), "{}", ran.said);
    edit(folder.path(), "targets.toml", |text| text.replace("Biling", "Billing"));
    assert_eq!(scorewright(folder.path(), &["check"]).status, 0);
}

const TENURE: &str = "SELECT ticket_id, team, opened_at AS started_at,
  CASE WHEN team = 'Returns' THEN opened_at + INTERVAL '14 days' END AS ended_at
FROM staging.tickets
";
const TENURE_FILE: &str = "says = \"One row per ticket.\"\ngrain = [\"ticket_id\"]\n[columns]\nticket_id = \"T\"\nteam = \"T\"\n\
    started_at = \"S\"\nended_at = \"E\"\n";
const LOST: &str = "title = \"Lost\"\nsays = \"Share of what was there that went\"\nunit = \"share\"\n\
    direction = \"lower_is_better\"\nkind = \"movement\"\nfact = \"fact.tenure\"\nentity = \"ticket_id\"\n\
    from = \"started_at\"\nuntil = \"ended_at\"\nminimum_sample = 1\ninterval = \"none\"\n\
    numerator = \"sum(CASE WHEN at_start AND NOT at_end THEN 1 ELSE 0 END)\"\n\
    denominator = \"sum(CAST(at_start AS BIGINT))\"\nsample = \"count(*) FILTER (WHERE at_start)\"\n";
const OF_THE_LAST_WEEK: &str = "SELECT metric || ' ' || value AS line FROM kpi.value
WHERE grain = 'week' AND period = '2026-W47' AND dimension = ''
  AND metric IN ('lost', 'left_exists', 'left_in', 'kept_in') ORDER BY metric";

#[test]
fn what_check_calls_fine_runs() {
    let folder = published();
    let write = |file: &str, text: &str| {
        fs::write(folder.path().join("pipelines").join(file), text).unwrap();
    };
    write("models/fact/tenure.sql", TENURE);
    write("models/fact/tenure.toml", TENURE_FILE);
    write("metrics/lost.toml", LOST);
    let created =
        fs::read_to_string(folder.path().join("pipelines/metrics/tickets_created.toml")).unwrap();
    let left = "(SELECT ticket_id FROM fact.tenure WHERE ended_at IS NOT NULL)";
    for (name, filter) in [
        ("left_in", format!("ticket_id IN {left}")),
        ("left_exists", format!("EXISTS {left}")),
        ("kept_in", format!("ticket_id NOT IN {left}")),
    ] {
        write(&format!("metrics/{name}.toml"), &format!("{created}filter = \"{filter}\"\n"));
    }
    let checked = scorewright(folder.path(), &["check"]);
    assert_eq!(checked.status, 0, "{}", checked.said);
    let ran = scorewright(folder.path(), &["run", "--as-of", "2026-11-23"]);
    assert_eq!(ran.status, 0, "{}", ran.said);
    let answer = scorewright(folder.path(), &["query", "--output", "json", OF_THE_LAST_WEEK]);
    let lines: Vec<String> =
        rows(&answer.answer).iter().map(|row| row["line"].as_str().unwrap().to_owned()).collect();
    // Counted by hand: 10 tickets came in the week, 5 of them of Returns; of the 25 that were there at its start, 5 went.
    assert_eq!(
        lines,
        ["kept_in 5.0", "left_exists 10.0", "left_in 5.0", "lost 0.2"],
        "{}",
        answer.said
    );
}
