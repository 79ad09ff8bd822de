//! What is found before anything is built.

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::{Fault, ProjectFile};
use scorewright_warehouse::Session;

use super::{GRAIN, model, raw, read, sale};
use crate::pipeline::Pipeline;

#[test]
fn a_check_that_looks_into_a_table_made_later_closes_a_circle() {
    let referring =
        format!("{GRAIN}[[checks]]\nreference = {{ column = \"key\", to = \"fact.sale.key\" }}");
    let dim = model("dim/key", "SELECT key FROM raw.sale", &referring);
    let fact = model("fact/sale", "SELECT key FROM dim.key", GRAIN);
    let faults = read(&[dim, fact].concat()).unwrap_err();
    assert_eq!(
        faults[0].message(),
        "models read each other in a circle: `dim.key` reads `fact.sale` reads `dim.key`"
    );
}

#[test]
fn a_check_that_is_asked_twice_otherwise_is_a_fault_and_the_same_again_is_none() {
    let asked = |checks: &str| {
        let companion = format!("{GRAIN}{checks}");
        read(&model("fact/sale", "SELECT key FROM raw.sale", &companion))
    };
    let range = |limit: &str| format!("[[checks]]\nrange = {{ column = \"key\", {limit} }}\n");
    let faults = asked(&(range("max = 5") + &range("max = 9"))).unwrap_err();
    assert_eq!(faults[0].message(), "`range(key)` is asked twice, each time otherwise");
    let warned = range("max = 5") + "severity = \"warn\"\n";
    assert!(asked(&(range("max = 5") + &warned)).is_err());
    assert!(asked(&(range("max = 5") + &range("max = 5"))).is_ok());
    assert!(asked("[[checks]]\nnot_null = [\"key\"]\n").is_ok(), "the grain asks it already");
}

#[test]
fn models_that_read_each_other_are_named() {
    let one = model("staging/one", "SELECT key FROM staging.two", GRAIN);
    let two = model("staging/two", "SELECT key FROM staging.one", GRAIN);
    let faults = read(&[one, two].concat()).unwrap_err();
    assert_eq!(
        faults[0].message(),
        "models read each other in a circle: `staging.one` reads `staging.two` reads `staging.one`"
    );
}

#[test]
fn a_table_that_no_source_or_model_makes_is_a_fault_with_the_nearest_name() {
    let faults = read(&model("fact/sale", "SELECT key FROM raw.sales", GRAIN)).unwrap_err();
    assert_eq!(faults[0].message(), "no source or model makes the table `raw.sales`");
}

fn planned(pipeline: &Pipeline, session: &Session) -> Vec<Fault> {
    pipeline.plan(session, Timestamp::UNIX_EPOCH, &mut BTreeSet::new())
}

#[test]
fn planning_without_data_finds_unknown_columns_in_models_and_checks() {
    let session = Session::without_data().unwrap();
    session.add_fixture(&raw(), "key:integer\n").unwrap();
    let misspelt = model("fact/sale", "SELECT key,\n  nett\nFROM raw.sale", GRAIN);
    let faults = planned(&read(&misspelt).unwrap(), &session);
    assert!(faults[0].message().contains("nett"), "{}", faults[0]);

    let session = Session::without_data().unwrap();
    session.add_fixture(&raw(), "key:integer\n").unwrap();
    let check = format!("{GRAIN}[[checks]]\nnot_null = [\"nett\"]");
    let checked = read(&model("fact/sale", "SELECT key FROM raw.sale", &check)).unwrap();
    let faults = planned(&checked, &session);
    assert!(faults[0].message().contains("nett"), "{}", faults[0]);
}

#[test]
fn a_table_that_does_not_read_its_feeder_is_named() {
    let fed = |companion: &str| {
        let mut files = sale(GRAIN);
        files[1] = ProjectFile::new(files[1].path.clone(), companion);
        read(&files)
    };
    let feeder = "says = \"a\"\ngrain = [\"key\"]\nmaterialization = \"view\"\n";
    assert!(fed(&format!("{feeder}feeds = \"fact.sale\"")).is_ok());
    let faults = fed(&format!("{feeder}feeds = \"fact.order\"")).unwrap_err();
    assert_eq!(faults[0].message(), "`fact.order` does not read `staging.sale`");
}
