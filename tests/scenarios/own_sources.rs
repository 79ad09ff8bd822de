//! Sources of one's own that reach the metrics of a role, and presets added to a project that stands.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::binary::{query, root, says};

fn empty_project(folder: &Path) -> std::path::PathBuf {
    says(folder, 0, &["init", "p", "--empty"]);
    fs::create_dir_all(folder.join("p/pipelines/sources")).unwrap();
    folder.join("p")
}

const TICKETS: &str = "\
Ticket number,Created,Resolved,Team,State,E-mail
A-1,2026-11-16 09:00,2026-11-16 13:00,Billing,Closed,ann@acme.example
A-2,2026-11-17 09:00,,Billing,Open,bob@zen.example
A-3,2026-11-18 09:00,2026-11-20 09:00,Tech,Closed,cyd@acme.example
";

// Expected by hand: 4 and 48 hours, of which 26 is the median.
#[test]
fn a_help_desk_that_nobody_knows_reaches_its_metrics_without_a_line_of_sql() {
    let folder = tempfile::tempdir().unwrap();
    let project = empty_project(folder.path());
    fs::write(project.join("extracts/desk_2026-11-23.csv"), TICKETS).unwrap();
    let said =
        says(&project, 0, &["add", "source", "extracts/desk_2026-11-23.csv", "--role", "ticket"]);
    assert!(said.contains("metrics that can be computed now: "), "{said}");
    assert!(said.contains("`e_mail` tells `email_domain`"), "{said}");
    says(&project, 0, &["check"]);
    says(&project, 0, &["run", "--as-of", "2026-11-23"]);
    assert_eq!(
        query(
            &project,
            "SELECT ticket_id, team, status, email_domain, resolution_seconds FROM staging.ticket ORDER BY 1"
        ),
        "ticket_id,team,status,email_domain,resolution_seconds\n\
         A-1,Billing,closed,acme.example,14400\nA-2,Billing,open,zen.example,\nA-3,Tech,closed,acme.example,172800\n"
    );
    let median = "SELECT value FROM kpi.value WHERE metric = 'full_resolution' AND statistic = 'median' \
                  AND period = '2026-W47' AND dimension = ''";
    assert_eq!(query(&project, median), "value\n93600\n");
    let page = project.join("out/pages/scorecard/2026-W47/scorecard.md");
    let page = fs::read_to_string(page).expect("the report shows it");
    assert!(page.contains("18 Nov 2026, 09:00 UTC"), "how far it delivered\n{page}");

    let newer = TICKETS.replace(",,Billing,Open", ",2026-11-18 09:00,Billing,Closed");
    fs::write(project.join("extracts/desk_2026-11-24.csv"), newer).unwrap();
    says(&project, 0, &["run", "--as-of", "2026-11-23"]);
    assert_eq!(
        query(&project, "SELECT count(*) AS n FROM fact.ticket"),
        "n\n3\n",
        "a row comes once"
    );
    assert_eq!(query(&project, median), "value\n86400\n", "in its newest version");
}

#[test]
fn columns_and_files_may_be_called_like_words_of_sql_and_like_roles() {
    let folder = tempfile::tempdir().unwrap();
    let project = empty_project(folder.path());
    let rows = "Number,Created,Group,Order,End,O'Clock \"x\"\n1,2026-11-16 10:00,A,Late,2026-11-17 10:00,z\n";
    fs::write(project.join("extracts/order.csv"), rows).unwrap();
    let add = [
        "add",
        "source",
        "extracts/order.csv",
        "--role",
        "ticket",
        "--column",
        "category=Order",
        "--column",
        "solved_at=End",
    ];
    assert!(says(&project, 2, &add).contains("--name our_ticket"));
    let named = [&add[..], &["--name", "select", "--column", "channel=O'Clock \"x\""]].concat();
    says(&project, 0, &named);
    says(&project, 0, &["check"]);
    says(&project, 0, &["run", "--as-of", "2026-11-23"]);
    assert_eq!(
        query(
            &project,
            "SELECT source, team, category, channel, resolution_seconds FROM staging.ticket"
        ),
        "source,team,category,channel,resolution_seconds\nselect,A,late,z,86400\n"
    );
}

#[test]
fn what_a_role_needs_and_nothing_tells_is_asked_all_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let project = empty_project(folder.path());
    fs::write(
        project.join("extracts/sales.csv"),
        "Beleg;Tag;Summe\n1;03.04.2026;10,50\n2;04.05.2026;7,20\n",
    )
    .unwrap();
    let add = ["add", "source", "extracts/sales.csv", "--role", "order"];
    let said = says(&project, 2, &add);
    for flag in [
        "--column order_id=COLUMN",
        "--column ordered_at=COLUMN",
        "--column subtotal=COLUMN",
        "--value currency=EUR",
        "`Beleg`, `Tag`, `Summe`",
    ] {
        assert!(said.contains(flag), "{flag} is not in\n{said}");
    }
    let columns = [
        "--column",
        "order_id=Beleg",
        "--column",
        "ordered_at=Tag",
        "--column",
        "subtotal=summe",
        "--value",
        "currency=EUR",
    ];
    let said = says(&project, 2, &[&add[..], &columns].concat());
    assert!(said.contains("--dates day-first or --dates month-first"), "{said}");
    let wrong = [&add[..], &columns, &["--column", "custommer_key=Kunde"]].concat();
    assert!(says(&project, 2, &wrong).contains("did you mean `customer_key`?"));
    assert!(!project.join("pipelines/sources/sales.toml").exists(), "nothing was written");

    let said = says(&project, 0, &[&add[..], &columns, &["--dates", "day-first"]].concat());
    assert!(said.contains("revenue is before refunds"), "{said}");
    says(&project, 0, &["run", "--as-of", "2026-05-10"]);
    assert_eq!(
        query(
            &project,
            "SELECT order_id, CAST(ordered_at AS DATE) AS day, net FROM fact.order ORDER BY 1"
        ),
        "order_id,day,net\n1,2026-04-03,10.5000\n2,2026-05-04,7.2000\n"
    );
    let unknown = says(&project, 2, &["add", "source", "extracts/sales.csv", "--role", "orders"]);
    assert!(unknown.contains("there is no role `orders`"), "{unknown}");
}

#[test]
fn much_effort_is_little_ease_and_rows_without_a_number_keep_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let project = empty_project(folder.path());
    fs::write(project.join("extracts/effort.csv"), "Date,Effort\n2026-11-16,2\n2026-11-17,7\n")
        .unwrap();
    let add = [
        "add",
        "source",
        "extracts/effort.csv",
        "--role",
        "survey_answer",
        "--orientation",
        "effort",
    ];
    let said = says(&project, 0, &add);
    assert!(said.contains("rows have no number of their own"), "{said}");
    says(&project, 0, &["run", "--as-of", "2026-11-23"]);
    assert_eq!(
        query(&project, "SELECT response_id, question, score FROM fact.survey_answer ORDER BY 1"),
        "response_id,question,score\neffort.csv:2,ces,6\neffort.csv:3,ces,1\n"
    );
}

#[test]
fn what_cannot_tell_a_column_is_left_out_or_refused_and_never_taken_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let project = empty_project(folder.path());
    let write =
        |file: &str, rows: &str| fs::write(project.join("extracts").join(file), rows).unwrap();
    write(
        "desk.csv",
        "ID,Created,First response time,End\n1,2026-11-16 10:00,1:20,\n2,2026-11-17 10:00,0:10,\n",
    );
    let said = says(
        &project,
        0,
        &["add", "source", "extracts/desk.csv", "--role", "ticket", "--column", "solved_at=End"],
    );
    assert!(
        said.contains("`First response time` is named like `first_replied_at`, and is left out"),
        "{said}"
    );
    let source = fs::read_to_string(project.join("pipelines/sources/desk.toml")).unwrap();
    assert!(source.contains("from = \"End\"\ntype = \"timestamp\""), "{source}");

    write(
        "lines.csv",
        "Order Number,Order Date,Amount\n1,2026-04-03,10.00\n1,2026-04-03,20.00\n2,2026-04-05,5.00\n",
    );
    let order =
        ["add", "source", "extracts/lines.csv", "--role", "order", "--value", "currency=EUR"];
    assert!(says(&project, 0, &order).contains("several rows have the same `Order Number`"));
    let said = says(&project, 3, &["run", "--as-of", "2026-11-23"]);
    assert!(said.contains("unique(source, order_id)"), "no row is lost: {said}");
    fs::remove_file(project.join("extracts/lines.csv")).unwrap();

    write("poll.csv", "Date,NPS\n2026-11-16,8.5\n2026-11-17,9.5\n");
    let poll = ["add", "source", "extracts/poll.csv", "--role", "survey_answer"];
    let said = says(
        &project,
        2,
        &[&poll[..], &["--question", "nps=NPS", "--question", "nps=Date"]].concat(),
    );
    assert!(
        said.contains("has decimals") && said.contains("--question nps is said twice"),
        "{said}"
    );

    write(
        "long.csv",
        "Id,Date,Question,Score,Email\n1,2026-11-16,ces,6,a@b.example\n2,2026-11-16,nps,6,c@d.example\n",
    );
    says(&project, 0, &["add", "source", "extracts/long.csv"]);
    let long = [
        "add",
        "source",
        "extracts/long.csv",
        "--role",
        "survey_answer",
        "--column",
        "score=Score",
        "--column",
        "question=Question",
        "--orientation",
        "effort",
    ];
    let said = says(&project, 0, &long);
    assert!(said.contains("only `personal = \"domain\"` keeps the domain"), "{said}");
    let sql = fs::read_to_string(project.join("pipelines/models/staging/long.sql")).unwrap();
    assert!(
        sql.contains("CASE WHEN question = 'ces' THEN 8 - score ELSE score END AS score"),
        "{sql}"
    );
    assert!(sql.contains("email AS respondent"), "it is a hash already: {sql}");
}

const REPEATED_ANSWERS: &str = "\
Id,Date,NPS,Finished,Email
1,2026-11-16 09:00,10,true,Ann@Acme.example
2,2026-11-17 09:00,0,true,ann@acme.EXAMPLE
3,2026-11-17 10:00,9,true,bob@acme.example
4,2026-11-18 09:00,3,false,cyd@acme.example
5,2026-11-18 10:00,10,true,
";

// By hand: of four complete answers three recommend and one does not; Ann took her 10 back; Cyd left with a 3.
#[test]
fn who_answered_and_whether_to_the_end_is_one_line_of_a_metric_to_heed() {
    let folder = tempfile::tempdir().unwrap();
    let project = empty_project(folder.path());
    fs::write(project.join("extracts/poll.csv"), REPEATED_ANSWERS).unwrap();
    says(&project, 0, &["add", "source", "extracts/poll.csv", "--role", "survey_answer"]);
    let metric = project.join("pipelines/metrics/nps.toml");
    let standard = fs::read_to_string(&metric).unwrap();
    let nps = |text: &str| {
        fs::write(&metric, text).unwrap();
        says(&project, 0, &["run", "--as-of", "2026-11-23"]);
        let of_week = "metric = 'nps' AND period = '2026-W47' AND dimension = ''";
        query(&project, &format!("SELECT n, round(value, 1) AS nps FROM kpi.value WHERE {of_week}"))
    };
    let latest = standard.replace(
        "numerator =",
        "latest_of = [\"source\", \"question\", \"respondent\"]\nnumerator =",
    );
    assert_eq!(nps(&standard), "n,nps\n4,50\n");
    assert_eq!(nps(&latest), "n,nps\n3,33.3\n");
    assert_eq!(nps(&latest.replace(" AND is_complete", "")), "n,nps\n4,0\n");
    let listed = says(&project, 0, &["explain", "nps", "--period", "2026-W47"]);
    assert!(listed.contains("not the latest of `source`, `question`, `respondent`"), "{listed}");
    let who = "SELECT count(respondent) AS told, count(DISTINCT respondent) AS people, max(length(respondent)) AS digits, \
               count(email_domain) AS domains FROM staging.survey_answer";
    assert_eq!(query(&project, who), "told,people,digits,domains\n4,3,32,4\n");
    fs::write(&metric, latest.replace("\"respondent\"", "\"respondant\"")).unwrap();
    let refused = says(&project, 2, &["check"]);
    assert!(refused.contains("`fact.survey_answer` has no column `respondant`"), "{refused}");
    assert!(refused.contains("did you mean `respondent`?"), "{refused}");
}

#[test]
fn a_preset_comes_to_a_project_that_stands_and_leaves_alone_what_people_wrote() {
    let folder = tempfile::tempdir().unwrap();
    says(folder.path(), 0, &["init", "p", "--sources", "zendesk_tickets"]);
    let project = folder.path().join("p");
    let report = project.join("reports/scorecard/report.toml");
    let ours = fs::read_to_string(&report).unwrap().replace("Customer scorecard", "Ours");
    fs::write(&report, &ours).unwrap();
    let metric = project.join("pipelines/metrics/first_reply.toml");
    fs::remove_file(&metric).unwrap();
    let lines = fs::read_to_string(&report).unwrap().replace("\"first_reply:median\",", "");
    fs::write(&report, lines).unwrap();

    let said = says(&project, 0, &["add", "preset", "freshdesk_tickets,delighted_responses"]);
    assert!(
        said.contains(
            "metrics that can be computed now: ces, ces_low_effort, csat_mean, csat_top2, detractors_followed_up, nps"
        ),
        "{said}"
    );
    says(&project, 0, &["check"]);
    let union = fs::read_to_string(project.join("pipelines/models/staging/ticket.sql")).unwrap();
    for feeder in ["FROM staging.freshdesk_tickets", "FROM staging.zendesk_tickets"] {
        assert!(union.contains(feeder), "{union}");
    }
    let said = says(&project, 0, &["add", "preset", "zendesk_ticket_audits"]);
    assert!(said.contains("metrics that can be computed now: backlog"), "{said}");
    says(&project, 0, &["check"]);
    let events = project.join("pipelines/models/staging/ticket_event.sql");
    let events = fs::read_to_string(events).unwrap();
    assert!(events.contains("    actor\nFROM staging.zendesk_ticket_audits\n"), "{events}");
    let report = fs::read_to_string(&report).unwrap();
    assert!(report.contains("title = \"Ours\"") && report.contains("\"nps\""), "{report}");
    assert!(report.contains("\"backlog\""), "{report}");
    assert!(!metric.exists(), "what was removed stays removed");
    assert!(
        says(&project, 2, &["add", "preset", "zendesk_tickets"])
            .contains("has the source `zendesk_tickets` already")
    );
    assert!(
        says(&project, 2, &["add", "preset", "zendesk_ticket"])
            .contains("did you mean `zendesk_tickets`?")
    );
}

#[test]
fn files_that_repeat_one_another_and_files_of_no_source_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let project = empty_project(folder.path());
    let rows: String =
        (1..40).map(|row| format!("2026-11-{:02},{row}.50\n", row % 20 + 1)).collect();
    fs::write(project.join("extracts/takings_1.csv"), format!("day,amount\n{rows}")).unwrap();
    says(&project, 0, &["add", "source", "extracts/takings_1.csv"]);
    let said = says(&project, 0, &["run", "--as-of", "2026-11-23"]);
    assert!(!said.contains("count twice"), "{said}");
    fs::write(
        project.join("extracts/takings_2.csv"),
        format!("day,amount\n{rows}2026-11-21,99.00\n"),
    )
    .unwrap();
    fs::write(project.join("extracts/notes.txt"), "x").unwrap();
    let said = says(&project, 0, &["run", "--as-of", "2026-11-23"]);
    assert!(
        said.contains("repeats about 100 % of the rows of `takings_1.csv`, and they count twice"),
        "{said}"
    );
    assert!(says(&project, 0, &["status"]).contains("unclaimed  no source reads `notes.txt`"));
}

#[test]
fn a_refusal_says_how_the_file_would_have_to_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let project = empty_project(folder.path());
    let source = "title = \"Shop\"\nfiles = \"shop*\"\nformat = \"csv\"\n[columns.id]\ntype = \"text\"\n\
                  [columns.amount]\ntype = \"integer\"\n";
    let path = project.join("pipelines/sources/shop.toml");
    let refused = |text: &str, rows: &str| {
        fs::write(&path, text).unwrap();
        fs::write(project.join("extracts/shop.csv"), rows).unwrap();
        says(&project, 3, &["run", "--as-of", "2026-11-23"])
    };
    let two_rows = source.replace("[columns.id]", "[csv]\nheader_rows = 2\n[columns.id]");
    let json = source
        .replace("\"csv\"", "\"json_lines\"")
        .replace("type = \"text\"", "type = \"text\"\nrequired = true");
    for (text, rows, expected) in [
        (source, "id;amount\n1;2\n", "it has all columns with `delimiter = \";\"` in `[csv]`"),
        (
            source,
            "Shop\nof today\nid,amount\n1,2\n",
            "it has all columns with `skip_rows = 2` in `[csv]`",
        ),
        (&two_rows, "Q1,Q2\nid,amount\n1,2\n", "`names_row = 2` in `[csv]`"),
        (
            source,
            "Of today\nid\tamount\n1\t2\n",
            "`delimiter = \"\\t\"` and `skip_rows = 1` in `[csv]`",
        ),
        (source, "id,amount\n1,two\n", "first on line 2, column `amount`"),
        (
            &json,
            "{\"orders\": [{\"id\": \"1\"}, {\"id\": \"2\"}]}\n",
            "`rows = \"orders\"` in `[json]`",
        ),
    ] {
        let said = refused(text, rows);
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }
}

#[test]
fn lists_of_ids_and_values_are_read_and_paths_to_nothing_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let project = empty_project(folder.path());
    let source = "title = \"T\"\nfiles = \"t*\"\nformat = \"json_lines\"\n[columns.id]\ntype = \"integer\"\n\
                  [columns.team]\nfrom = \"fields[id=42].value\"\ntype = \"text\"\n\
                  [columns.region]\nfrom = \"fields[id=43].value\"\ntype = \"text\"\n\
                  [columns.rate]\ntype = \"decimal\"\nround = true\n";
    fs::write(project.join("pipelines/sources/t.toml"), source).unwrap();
    let rows = "{\"id\": 1, \"rate\": 0.30000000000000004, \"fields\": [{\"id\": 41, \"value\": \"x\"}, {\"id\": 42, \"value\": \"Billing\"}]}\n\
                {\"id\": 2, \"rate\": 0.5, \"fields\": []}\n";
    fs::write(project.join("extracts/t.jsonl"), rows).unwrap();
    let said = says(&project, 0, &["run", "--as-of", "2026-11-23"]);
    assert!(said.contains("1 numbers of extract `t.jsonl` of source `t` were rounded"), "{said}");
    assert!(said.contains("has anything at `fields[id=43].value`"), "{said}");
    assert_eq!(
        query(&project, "SELECT id, team, rate FROM raw.t ORDER BY 1"),
        "id,team,rate\n1,Billing,0.3000\n2,,0.5000\n"
    );
}

#[test]
fn a_known_product_is_recognized_by_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let project = empty_project(folder.path());
    let extract =
        root().join("tests/exports/zendesk-fan-out/extracts/zendesk_tickets_2026-11-24.csv");
    let said = says(&project, 0, &["add", "source", extract.to_str().unwrap()]);
    assert!(said.contains("it looks like `zendesk_tickets` of the standard library"), "{said}");
    let answers = root().join("tests/samples/thousands_b.csv");
    let said = says(&project, 0, &["add", "source", answers.to_str().unwrap()]);
    assert!(!said.contains("it looks like"), "{said}");
}

/// Answers as somebody types them, on a terminal that `script` (util-linux) makes.
fn typed(folder: &Path, command: &str, answers: &str) -> String {
    let program = env!("CARGO_BIN_EXE_scorewright");
    let mut terminal = Command::new("script")
        .args(["--quiet", "--return", "--command", &format!("{program} {command}"), "/dev/null"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a terminal can be made");
    terminal.stdin.take().expect("it is piped").write_all(answers.as_bytes()).unwrap();
    let ended = terminal.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(ended.status.success(), "{said}");
    said
}

#[test]
fn on_a_terminal_it_asks_for_what_it_does_not_find() {
    let folder = tempfile::tempdir().unwrap();
    let project = empty_project(folder.path());
    fs::write(project.join("extracts/poll.csv"), "Wann,Urteil\n03/04/2026,9\n04/05/2026,2\n")
        .unwrap();
    let said = typed(
        &project,
        "add source extracts/poll.csv --role survey_answer",
        "1\nnps=Urteil\nday\n",
    );
    assert!(said.contains("answered_at: when the answer was given?"), "{said}");
    assert!(said.contains("`Wann`: does the day or the month come first?"), "{said}");
    says(&project, 0, &["run", "--as-of", "2026-05-10"]);
    assert_eq!(
        query(
            &project,
            "SELECT CAST(answered_at AS DATE) AS day, question, score FROM fact.survey_answer ORDER BY 1"
        ),
        "day,question,score\n2026-04-03,nps,9\n2026-05-04,nps,2\n"
    );
}
