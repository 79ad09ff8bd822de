//! What a selector names, and what stays.

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::{Silent, TableName};
use scorewright_warehouse::Warehouse;

use super::{GRAIN, model, put, raw, read, run, sale};
use crate::pipeline::{Pipeline, RunSelection};

fn pipeline() -> Pipeline {
    let mut files = sale(GRAIN);
    files.extend(model("dim/net", "SELECT key FROM fact.sale", GRAIN));
    files.extend(model("dim/other", "SELECT 1 AS key", GRAIN));
    read(&files).unwrap()
}

fn selected(words: &[&str]) -> (Vec<String>, Vec<String>) {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    let RunSelection { sources, models } = pipeline().select(&words, &["sale"]).unwrap();
    (sources.into_iter().collect(), models.iter().map(ToString::to_string).collect())
}

#[test]
fn a_word_selects_a_model_with_what_reads_it_or_what_it_reads() {
    for (word, sources, models) in [
        ("fact.sale", &[][..], &["fact.sale"][..]),
        ("fact.sale+", &[], &["dim.net", "fact.sale"]),
        ("+fact.sale", &["sale"], &["fact.sale", "staging.sale"]),
        ("+fact.sale+", &["sale"], &["dim.net", "fact.sale", "staging.sale"]),
        ("dim.other+", &[], &["dim.other"]),
        ("sale", &["sale"], &["dim.net", "fact.sale", "staging.sale"]),
    ] {
        let (found_sources, found_models) = selected(&[word]);
        assert_eq!(
            (&*found_sources, &*found_models),
            (&*owned(sources), &*owned(models)),
            "{word}"
        );
    }
    let both = selected(&["dim.other", "fact.sale"]);
    assert_eq!(both, (Vec::new(), owned(&["dim.other", "fact.sale"])));
    let words = ["fact.sales".to_owned()];
    assert_eq!(pipeline().select(&words, &["sale"]), Err("fact.sales".into()));
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_not_selected_stays_and_is_behind() {
    let folder = tempfile::tempdir().unwrap();
    let warehouse = Warehouse::at(folder.path());
    let mut files = sale(GRAIN);
    files.extend(model("dim/net", "SELECT key FROM fact.sale", GRAIN));
    let first = run(&warehouse, &files, &[1, 2]).1.unwrap();
    let pipeline = read(&files).unwrap();
    let table = |name: &str| -> TableName { name.parse().unwrap() };
    let mut transaction = warehouse.begin().unwrap();
    put(&mut transaction, &raw(), &[1, 2, 3]);
    let only = BTreeSet::from([table("fact.sale")]);
    let as_of = Timestamp::UNIX_EPOCH;
    let report = pipeline.build_some(Some(&only), &mut transaction, as_of, &Silent).unwrap();
    assert!(report.is_sound());
    let built = transaction.snapshot();
    assert_eq!(built.tables[&table("fact.sale")].rows(), 3);
    assert_eq!(built.tables[&table("dim.net")], first.tables[&table("dim.net")]);
    assert_eq!(pipeline.behind(built, as_of), BTreeSet::from([table("dim.net")]));
    pipeline.build(&mut transaction, as_of, &Silent).unwrap();
    assert_eq!(transaction.snapshot().tables[&table("dim.net")].rows(), 3);
    assert_eq!(pipeline.behind(transaction.snapshot(), as_of), BTreeSet::new());
}
