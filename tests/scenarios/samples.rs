//! Sources written after one look at the extracts of others, where those are at hand: they land them.

use std::path::PathBuf;

use scorewright_extract::{Limits, draft, preview, source_name};

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
