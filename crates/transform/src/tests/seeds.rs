//! Seeds among the models: their place, their columns, and what is said of one that is not there.

use std::collections::BTreeSet;

use jiff::Timestamp;
use scorewright_domain::{Fault, ProjectFile};
use scorewright_warehouse::Session;

use super::{GRAIN, model, read};

fn seed(companion: &str) -> Vec<ProjectFile> {
    let file =
        |ending: &str, text: &str| ProjectFile::new(format!("pipelines/seeds/zone.{ending}"), text);
    vec![file("csv", "key,zone\n1,north\n2,south\n"), file("toml", companion)]
}

const COMPANION: &str = "says = \"a\"\ngrain = [\"key\"]\n[columns.key]\ntype = \"integer\"\n[columns.zone]\ntype = \"text\"\n";

/// Messages, each with what is said to mend it.
fn told(faults: &[Fault]) -> Vec<(&str, &str)> {
    faults.iter().map(|fault| (fault.message(), fault.help_text().unwrap_or_default())).collect()
}

#[test]
fn a_seed_comes_before_what_reads_it_and_its_columns_are_known() {
    let fact = model("fact/a", "SELECT key, zone FROM seed.zone", GRAIN);
    let pipeline = read(&[seed(COMPANION), fact.to_vec()].concat()).unwrap();
    let names: Vec<String> = pipeline.models.iter().map(|model| model.name.to_string()).collect();
    assert_eq!(names, ["seed.zone", "fact.a"]);
    let session = Session::without_data().unwrap();
    let plan = |files: Vec<ProjectFile>| {
        read(&files).unwrap().plan(&session, Timestamp::UNIX_EPOCH, &mut BTreeSet::new())
    };
    assert_eq!(plan([seed(COMPANION), fact.to_vec()].concat()), []);
    let other = model("fact/a", "SELECT key, zoen FROM seed.zone", GRAIN);
    let faults = plan([seed(COMPANION), other.to_vec()].concat());
    assert!(faults[0].message().contains("zoen"), "{faults:?}");
}

#[test]
fn a_seed_that_is_not_there_and_a_model_in_its_layer_say_what_to_do() {
    let files = [seed(COMPANION), model("fact/a", "SELECT key FROM seed.zon", GRAIN).to_vec()];
    let faults = read(&files.concat()).unwrap_err();
    let help = "did you mean `seed.zone`? otherwise add the seed `pipelines/seeds/zon.csv`";
    assert_eq!(told(&faults), [("no source or model makes the table `seed.zon`", help)]);
    let files = [seed(COMPANION), model("seed/a", "SELECT key FROM raw.sale", GRAIN).to_vec()];
    let faults = read(&files.concat()).unwrap_err();
    assert!(faults[0].help_text().unwrap().contains("seed, counted and kpi are taken"));
}
