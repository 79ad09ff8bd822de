//! Local days and business hours, from the project's files to the figures of a version.

use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::{query, root, says};

/// A project of sources of the library, in Berlin, with the extracts of this folder.
fn project(folder: &Path, sources: &str, extracts: &[&str]) -> PathBuf {
    says(folder, 0, &["init", "p", "--sources", sources]);
    let project = folder.join("p");
    let settings = fs::read_to_string(project.join("scorewright.toml")).unwrap();
    let zone = settings.lines().find(|line| line.starts_with("time_zone")).unwrap();
    let settings = settings.replace(zone, "time_zone = \"Europe/Berlin\"");
    fs::write(project.join("scorewright.toml"), settings).unwrap();
    fs::create_dir_all(project.join("extracts")).unwrap();
    for extract in extracts {
        fs::copy(given(extract), project.join("extracts").join(extract)).unwrap();
    }
    project
}

fn given(name: &str) -> PathBuf {
    root().join("tests/scenarios/local_time").join(name)
}

fn write(project: &Path, path: &str, text: &str) {
    let path = project.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

// Deal 903 was closed on 31 October at 23:30 UTC, which is 1 November in Berlin; 902 was merged into 901.
#[test]
fn a_deal_is_won_in_the_month_of_its_local_day() {
    let folder = tempfile::tempdir().unwrap();
    let extracts = ["hubspot_deals_1.csv", "hubspot_companies_1.csv"];
    let project = project(folder.path(), "hubspot_deals,hubspot_companies", &extracts);
    write(&project, "pipelines/metrics/won.toml", &fs::read_to_string(given("won.toml")).unwrap());
    let said = says(&project, 0, &["run", "--as-of", "2026-12-01"]);
    assert!(!said.contains("in UTC, not in"), "shipped models take local days\n{said}");
    // November is not delivered to its end, so the metric states October alone.
    let won = "SELECT period, CAST(value AS INT) AS won FROM kpi.value WHERE metric = 'won' \
               AND dimension = '' AND period = '2026-10'";
    assert_eq!(query(&project, won), "period,won\n2026-10,1000\n");
    let by_month = "SELECT local_period(close_on, 'month') AS month, CAST(sum(amount) AS INT) AS won \
                    FROM counted.opportunity WHERE is_won GROUP BY 1 ORDER BY 1";
    assert_eq!(query(&project, by_month), "month,won\n2026-10-01,1000\n2026-11-01,1200\n");
}

const HOURS: &str = "SELECT source, ticket_id, resolved_at,
    business_seconds(opened_at, resolved_at, 'support') AS business_seconds
FROM fact.ticket
WHERE is_resolved
";

const COMPANION: &str =
    "says = \"One row per resolved ticket, with the time inside opening hours.\"
grain = [\"source\", \"ticket_id\"]
";

const SCHEDULES: &str = r#"[[schedule]]
name = "support"
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]
holidays = ["2026-12-25"]
"#;

const MINUTES: &str =
    "SELECT ticket_id, business_seconds / 60 AS minutes FROM fact.ticket_hours ORDER BY 1";

// Counted minute by minute, over both changes of the clock and a holiday.
#[test]
fn business_hours_hold_over_the_clock_change_and_change_with_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), "zendesk_tickets", &["zendesk_tickets_1.csv"]);
    write(&project, "pipelines/models/fact/ticket_hours.sql", HOURS);
    write(&project, "pipelines/models/fact/ticket_hours.toml", COMPANION);
    let said = says(&project, 2, &["check"]);
    assert!(said.contains("there is no schedule `support`"), "{said}");
    assert!(said.contains("`pipelines/schedules.toml` has none"), "{said}");
    write(&project, "pipelines/schedules.toml", SCHEDULES);
    says(&project, 0, &["check"]);
    says(&project, 0, &["run", "--as-of", "2027-01-04"]);
    let minutes = "ticket_id,minutes\n401,120\n402,480\n403,330\n404,0\n405,45\n";
    assert_eq!(query(&project, MINUTES), minutes);

    // A version keeps its schedules: what is edited counts from the next run.
    let moved = SCHEDULES.replace("2026-12-25", "2026-12-28");
    write(&project, "pipelines/schedules.toml", &moved);
    let at_once = "SELECT ticket_id, business_seconds(opened_at, resolved_at, 'support') / 60 AS minutes \
                   FROM fact.ticket ORDER BY 1";
    assert_eq!(query(&project, at_once), minutes);
    says(&project, 0, &["run", "--as-of", "2027-01-04"]);
    // Ticket 403 was open on Thursday from 12:00, and now on Friday too, and on Monday no more: 5 and 8 hours.
    let moved = "ticket_id,minutes\n401,120\n402,480\n403,780\n404,0\n405,45\n";
    assert_eq!(query(&project, MINUTES), moved);
}

#[test]
fn a_slip_in_a_schedule_is_shown_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), "zendesk_tickets", &[]);
    let hours = HOURS.replace("'support'", "'suport'");
    write(&project, "pipelines/models/fact/ticket_hours.sql", &hours);
    write(&project, "pipelines/models/fact/ticket_hours.toml", COMPANION);
    write(&project, "pipelines/schedules.toml", SCHEDULES);
    let said = says(&project, 2, &["check"]);
    assert!(said.contains("there is no schedule `suport`"), "{said}");
    assert!(said.contains("pipelines/models/fact/ticket_hours.sql:2:46"), "{said}");
    assert!(said.contains("did you mean `support`?"), "{said}");
    write(&project, "pipelines/schedules.toml", &SCHEDULES.replace("09:00-17:00", "9-17"));
    let said = says(&project, 2, &["check"]);
    assert!(said.contains("`9-17` is no window of a day"), "{said}");
    assert!(said.contains("pipelines/schedules.toml:3:"), "{said}");
    assert!(!said.contains("there is no schedule"), "only what is wrong is told\n{said}");
}

const UTC_METRIC: &str = "title = \"Opened\"
says = \"Tickets opened\"
unit = \"count\"
direction = \"neutral\"
kind = \"total\"
fact = \"fact.ticket\"
time = \"CAST(opened_at AS DATE)\"
numerator = \"count(*)\"
grains = [\"month\"]
";

#[test]
fn days_of_utc_are_told_by_check_and_by_the_first_run() {
    let folder = tempfile::tempdir().unwrap();
    let project = project(folder.path(), "zendesk_tickets", &["zendesk_tickets_1.csv"]);
    let model = "SELECT source, ticket_id,\n    date_trunc('month', opened_at) AS opened_in\nFROM fact.ticket\n";
    write(&project, "pipelines/models/fact/opened.sql", model);
    write(&project, "pipelines/models/fact/opened.toml", COMPANION);
    let check = "-- severity: warn\nSELECT ticket_id FROM fact.ticket\nWHERE resolved_at::date < opened_at::date\n";
    write(&project, "pipelines/checks/order.sql", check);
    write(&project, "pipelines/metrics/opened_on.toml", UTC_METRIC);
    let warnings = [
        "pipelines/models/fact/opened.sql:2:25: `date_trunc` takes the day of an instant in UTC, not in Europe/Berlin; \
         write local_period(x, 'month')",
        "pipelines/checks/order.sql:3:7: CAST ... AS DATE takes the day of an instant in UTC",
        "pipelines/metrics/opened_on.toml:7:14: CAST ... AS DATE takes the day of an instant in UTC",
    ];
    let told = |said: &str| {
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        warnings.iter().filter(|warning| said.contains(**warning)).count()
    };
    let said = says(&project, 0, &["check"]);
    assert_eq!(told(&said), 3, "{said}");
    let said = says(&project, 0, &["run", "--as-of", "2027-01-04"]);
    assert_eq!(told(&said), 3, "{said}");
    let said = says(&project, 0, &["run", "--as-of", "2027-01-05"]);
    assert_eq!(told(&said), 0, "told once\n{said}");
}
