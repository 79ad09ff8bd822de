//! Profiles: a project run beside its usual one, on a sample, without a mail to anybody.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::binary::{
    Ended, copy, files_below, program, root, scorewright, scorewright_by, stored_version,
};

/// Two profiles: a sample in a folder of its own, and one that only has other folders.
const PROFILES: &str = "\n[profiles.dev]\nstate = \"profiles/dev\"\nsample_lines = 15\n\
    \n[profiles.stage]\nextracts = \"elsewhere\"\nstate = \"profiles/stage\"\n";
const MAIL: &str =
    "\n[mail]\nfrom = \"a@example.com\"\nto = [\"board@example.com\"]\n[hold]\nfor = \"0h\"\n";

fn edit(project: &Path, path: &str, edit: impl FnOnce(String) -> String) {
    let path = project.join(path);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, edit(text)).unwrap();
}

/// The small project with profiles and a mail. Its extract has 40 rows below a header; the row on line 12 is bad, and so is that on line 30.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    edit(folder.path(), "scorewright.toml", |text| text + PROFILES);
    edit(folder.path(), "reports/scorecard/report.toml", |text| text + MAIL);
    edit(folder.path(), "extracts/tickets.csv", |text| {
        text.replace("2026-11-02 09:00:00,5", "2026-11-02 09:00:00,55")
            .replace("2026-11-11 18:45:00,4", "2026-11-11 18:45:00,44")
    });
    copy(&folder.path().join("extracts"), &folder.path().join("elsewhere"));
    folder
}

fn says(project: &Path, status: i32, arguments: &[&str]) -> String {
    of_status(scorewright(project, arguments), status)
}

fn of_status(ended: Ended, status: i32) -> String {
    let said = ended.answer + &ended.said;
    assert_eq!(ended.status, status, "{said}");
    said
}

const DAY: [&str; 2] = ["--as-of", "2026-11-23"];

/// Books of the only extract, in a version of a folder.
fn books(state: &Path) -> Value {
    stored_version(&state.join("warehouse"), 1)["landings"][0]["books"].clone()
}

fn counts<const N: usize>(books: &Value, keys: [&str; N]) -> [u64; N] {
    keys.map(|key| books[key].as_u64().unwrap_or_default())
}

// Of lines 2 to 15 one is bad: 13 of 14 rows are kept, and the 26 rows below are counted and left out, the bad one among them.
#[test]
fn a_sample_keeps_the_first_lines_and_its_books_balance() {
    let folder = project();
    let project = folder.path();
    says(project, 0, &["--profile", "dev", "check"]);
    let said = says(project, 0, &[&["--profile", "dev", "run"][..], &DAY].concat());
    assert!(said.contains("profile dev, a sample: the first 15 lines of each extract"), "{said}");
    let state = project.join("profiles/dev");
    let keys = ["read", "accepted", "quarantined", "not_sampled"];
    assert_eq!(counts(&books(&state), keys), [40, 13, 1, 26]);
    let asked = [
        "--profile",
        "dev",
        "query",
        "--output",
        "csv",
        "SELECT max(_line) AS line, count(*) AS rows FROM raw.tickets",
    ];
    assert_eq!(says(project, 0, &asked), "line,rows\n15,13\n");
    assert!(
        !project.join("warehouse").exists() && !project.join("out").exists(),
        "nothing of it is the project's own"
    );
    let status = says(project, 0, &["--profile", "dev", "status"]);
    assert!(
        status.contains("profile dev, a sample: the first 15 lines of each extract"),
        "{status}"
    );
    assert!(
        status.contains("40 rows read = 13 accepted + 1 quarantined + 26 not sampled"),
        "{status}"
    );
}

#[test]
fn a_page_of_a_sample_says_so_and_nobody_gets_a_mail_of_it() {
    let folder = project();
    let project = folder.path();
    says(project, 0, &[&["run"][..], &DAY].concat());
    assert_eq!(files_below(&project.join("out/mail")).len(), 1, "the project itself has a mail");
    says(project, 0, &[&["--profile", "dev", "run"][..], &DAY].concat());
    let state = project.join("profiles/dev");
    let is_there =
        |name: &str| files_below(&state.join("out")).iter().any(|(path, _)| path.starts_with(name));
    assert!(is_there("pages") && !is_there("mail"), "pages, and no mail");
    for page in ["scorecard.html", "scorecard.md"] {
        let of_sample = state.join("out/pages/scorecard/2026-W47").join(page);
        let words = "This is a sample: of each extract the first 15 lines";
        let said = fs::read_to_string(of_sample).unwrap().replace('\u{a0}', " ");
        assert!(said.replace("&nbsp;", " ").contains(words), "{page}");
        let of_project = project.join("out/pages/scorecard/2026-W47").join(page);
        assert!(!fs::read_to_string(of_project).unwrap().contains("sample:"), "{page}");
    }
}

#[test]
fn another_sample_reads_the_extracts_again_and_the_same_one_is_nothing_new() {
    let folder = project();
    let project = folder.path();
    let run = [&["--profile", "dev", "run"][..], &DAY].concat();
    says(project, 0, &run);
    assert!(says(project, 0, &run).contains("nothing new"));
    edit(project, "scorewright.toml", |text| {
        text.replace("sample_lines = 15", "sample_lines = 20")
    });
    says(project, 0, &run);
    let asked = [
        "--profile",
        "dev",
        "query",
        "--output",
        "csv",
        "SELECT count(*) AS rows FROM raw.tickets",
    ];
    assert_eq!(says(project, 0, &asked), "rows\n18\n");
}

#[test]
fn a_profile_is_chosen_by_the_environment_too_and_keeps_its_folders() {
    let folder = project();
    let project = folder.path();
    edit(project, "elsewhere/tickets.csv", |text| {
        text.lines().take(5).fold(String::new(), |all, line| all + line + "\n")
    });
    let by_name = ["env", "SCOREWRIGHT_PROFILE=stage", program().to_str().unwrap()];
    of_status(scorewright_by(&by_name, project, &[&["run"][..], &DAY].concat()), 0);
    assert_eq!(counts(&books(&project.join("profiles/stage")), ["read", "accepted"]), [4, 4]);
    assert_eq!(files_below(&project.join("profiles/stage/out/mail")).len(), 1, "it is no sample");
}

#[test]
fn an_unknown_profile_and_a_shared_folder_are_refused() {
    let folder = project();
    let project = folder.path();
    let said = says(project, 2, &["--profile", "devv", "check"]);
    assert!(said.contains("there is no profile `devv`"), "{said}");
    assert!(said.contains("did you mean `dev`? known: dev, stage"), "{said}");
    let said = says(project, 2, &["--profile", "dev", "--state", "other", "check"]);
    assert!(said.contains("the profile `dev` has a `state` of its own"), "{said}");
    edit(project, "scorewright.toml", |text| {
        text.replace("\"profiles/stage\"", "\"./profiles/dev\"")
    });
    let said = says(project, 2, &["check"]);
    assert!(said.contains("this folder is that of the profile `dev`"), "{said}");
}

/// A folder that another profile has filled is not run over, whatever the settings were then.
#[test]
fn a_run_refuses_the_versions_of_another_profile() {
    let folder = project();
    let project = folder.path();
    says(project, 0, &[&["--profile", "dev", "run"][..], &DAY].concat());
    edit(project, "scorewright.toml", |text| text.replace("profiles.dev", "profiles.trial"));
    let said = says(project, 2, &[&["--profile", "trial", "run"][..], &DAY].concat());
    assert!(said.contains("its versions are those of profile `dev`"), "{said}");
    let said = says(project, 2, &[&["--state", "profiles/dev", "run"][..], &DAY].concat());
    assert!(said.contains("its versions are those of profile `dev`"), "{said}");
}
