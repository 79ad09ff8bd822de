//! Sources written after one look at the extracts of others, where those are at hand: they land them.

use std::path::PathBuf;

use scorewright_domain::Limits;
use scorewright_extract::{draft, preview, source_name};

use crate::binary::root;

/// Extracts of others, where they are at hand, with the rows that Python's `csv` finds in them.
const REAL: [(&str, u64); 18] = [
    ("bank_marketing/raw/bank-full.csv.gz", 45_211),
    ("hr_attrition/raw/WA_Fn-UseC_-HR-Employee-Attrition.csv", 1_470),
    ("olist_marketing_funnel/raw/mql_dmy.csv", 8_000),
    ("olist_marketing_funnel/raw/mql_iso_headerless.csv", 8_000),
    ("olist_marketing_funnel/raw/mql_mdy.csv", 8_000),
    ("olist_marketing_funnel/raw/olist_closed_deals_dataset.csv", 842),
    ("olist_sample/raw/olist_customers_dataset.csv", 8_135),
    ("olist_sample/raw/olist_order_items_dataset.csv", 8_365),
    ("olist_sample/raw/olist_order_payments_dataset.csv", 8_924),
    ("olist_sample/raw/olist_order_reviews_dataset.csv", 8_225),
    ("olist_sample/raw/olist_orders_dataset.csv", 8_135),
    ("olist_sample/raw/olist_sellers_dataset.csv", 1_610),
    ("sfo_passenger_survey/raw/2016_SFO_Customer_Survey.csv", 3_087),
    ("sfo_passenger_survey/raw/2017_SFO_Customer_Survey.csv", 2_831),
    ("sfo_passenger_survey/raw/2018_SFO_Customer_Survey.csv", 2_809),
    ("subscription_periods/raw/subscription_periods.csv", 121),
    // Rows of the sheets, as the data set's README counts customers.
    ("telco_churn/raw/Telco_customer_churn_demographics.xlsx", 7_043),
    ("telco_churn/raw/Telco_customer_churn_status.xlsx", 7_043),
];

fn shared() -> Option<PathBuf> {
    let folder = root().join("../shared/data");
    folder.is_dir().then_some(folder)
}

#[test]
fn the_written_file_lands_real_extracts() {
    let Some(folder) = shared() else {
        println!("the extracts of ../shared/data are not at hand: no source was written for them");
        return;
    };
    for (file, rows) in REAL {
        let path = folder.join(file);
        let draft = draft(&path, &source_name(&path), "", &Limits::default()).unwrap();
        let shown = preview(&draft.source, &path, 1, &Limits::default())
            .unwrap_or_else(|bad| panic!("{file}: {bad}\n{}", draft.file.text));
        assert_eq!(
            (shown.read, shown.quarantined.len(), shown.is_refused),
            (rows, 0, false),
            "{file}"
        );
        let names = file.contains("headerless").then(|| "names".to_owned());
        assert_eq!(draft.questions, Vec::from_iter(names), "{file} decides everything else");
    }
}

// The sample is the first 32 MiB of 45: the rest is neither read nor promised.
#[test]
fn a_large_file_is_known_by_its_beginning() {
    let Some(path) =
        shared().map(|folder| folder.join("uci_incident_log/raw/incident_event_log.csv.gz"))
    else {
        println!("the incident log is not at hand: no source was written for it");
        return;
    };
    let draft = draft(&path, "incidents", "", &Limits::default()).unwrap();
    let shown = preview(&draft.source, &path, 1, &Limits::default()).unwrap();
    assert_eq!((shown.read > 100_000, shown.quarantined.len()), (true, 0));
    let lines: Vec<&str> = draft.file.text.lines().collect();
    let of = |line: &str| lines.iter().filter(|found| **found == line).count();
    assert_eq!((of("format = \"%d/%m/%Y %H:%M\""), of("null = [\"\", \"?\"]") > 10), (5, true));
}

/// Small files that readers have stumbled over: rows, rows that would be refused, and what only a person can say.
const MADE_UP: [(&str, u64, usize, &[&str]); 13] = [
    ("a_preamble.csv", 3, 0, &[]),
    ("b_one_column.csv", 2, 0, &[]),
    ("c_quote_inside.csv", 4, 0, &[]),
    ("e_comment.csv", 4, 0, &[]),
    ("e2_comment.csv", 4, 0, &[]),
    ("e3_ids.csv", 3, 0, &[]),
    // Days in five ways, day or month first, and 1.234, which is a thousand or one and a quarter.
    ("thousands_a.csv", 5, 0, &["when"]),
    ("thousands_b.csv", 3, 0, &["when"]),
    ("thousands_c.csv", 3, 0, &["amount"]),
    ("thousands_e.csv", 3, 0, &["betrag"]),
    ("ga4_report.csv", 2, 0, &[]),
    // Two words a line: two columns, or one of texts.
    ("blanks.csv", 3, 0, &["delimiter"]),
    // Days, their numbers and texts in one column of a sheet.
    ("excel_dates.xlsx", 5, 0, &["opened", "closed"]),
];

#[test]
fn what_a_sample_does_not_decide_is_asked_and_nothing_else() {
    for (file, rows, bad, questions) in MADE_UP {
        let path = root().join("tests/samples").join(file);
        let draft = draft(&path, "sample", "", &Limits::default()).unwrap();
        let shown = preview(&draft.source, &path, 1, &Limits::default()).unwrap();
        let found = (shown.read, shown.quarantined.len(), draft.questions.as_slice());
        let questions: Vec<String> = questions.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(found, (rows, bad, questions.as_slice()), "{file}\n{}", draft.file.text);
    }
}

// Expected: the two lines above the header, read by a person.
#[test]
fn the_period_that_a_report_states_above_its_rows_is_that_of_each() {
    let path = root().join("tests/samples/ga4_report.csv");
    let draft = draft(&path, "sample", "", &Limits::default()).unwrap();
    let shown = preview(&draft.source, &path, 10, &Limits::default()).unwrap();
    assert_eq!(shown.columns[5..], ["start_date", "end_date"]);
    for row in &shown.rows {
        assert_eq!(row[5..], ["2026-11-01", "2026-11-28"]);
    }
    assert_eq!(shown.rows[0][3], "0.6666666666666666", "a ratio is not rounded");
}

// Expected by hand: serial 46342.375 is 2026-11-16 09:00 in the calendar of 1900.
#[test]
fn the_answer_to_a_question_lands_the_rows_and_sets_aside_what_fits_none() {
    let path = root().join("tests/samples/excel_dates.xlsx");
    let draft = draft(&path, "sample", "", &Limits::default()).unwrap();
    let [reading] = draft.readings["closed"].as_slice() else { panic!("{:?}", draft.readings) };
    let answered = draft
        .file
        .text
        .replace("from = \"Closed\"\ntype = \"text\"", &format!("from = \"Closed\"\n{reading}"));
    let answered = answered.replace("tolerate = 0.01", "tolerate = 0.5");
    let file = scorewright_domain::ProjectFile::new("pipelines/sources/sample.toml", answered);
    let source = scorewright_extract::Source::read(&file).unwrap();
    let shown = preview(&source, &path, 10, &Limits::default()).unwrap();
    let place = shown.columns.iter().position(|name| name == "closed").unwrap();
    let closed: Vec<&str> = shown.rows.iter().map(|row| row[place].as_str()).collect();
    assert_eq!(
        closed,
        ["2026-11-17T09:00:00Z", "2026-11-17T12:00:00Z", "2026-11-17T03:00:00Z", ""]
    );
    assert_eq!(shown.quarantined[0].reason, "not_a_timestamp");
}
