//! Pages copied to a folder as a static site, through the program. Object stores are asked by `tests/places.py`.

use std::fs;
use std::path::Path;

use crate::binary::{copy, files_below, root, says};
use crate::datasets::unfolded;

const RUN: [&str; 3] = ["run", "--as-of", "2026-11-23"];

/// The small project, which publishes to a place.
fn project(to: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("tests/scenarios/base"), folder.path());
    append(folder.path(), &format!("\n[publish]\nto = \"{to}\"\n"));
    folder
}

fn append(folder: &Path, more: &str) {
    let path = folder.join("scorewright.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, text + more).unwrap();
}

/// Another ticket of the week: other figures.
fn one_more(folder: &Path, number: u32) {
    let rows = format!("Ticket,Team,Opened,Rating\nT90{number},Billing,2026-11-18 09:00:00,1\n");
    fs::write(folder.join(format!("extracts/tickets_{number}.csv")), rows).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    files_below(folder).into_iter().map(|(path, _)| path.to_str().unwrap().to_owned()).collect()
}

#[test]
fn pages_are_published_and_what_leads_to_them_leads_to_the_newest() {
    let acme = project("site");
    let (folder, site) = (acme.path(), acme.path().join("site"));
    assert!(says(folder, 0, &RUN).contains("1 page, 1 page published"));
    let week = "scorecard/2026-W47";
    let first = names(&site);
    let pages = ["scorecard.html", "scorecard.json", "scorecard.md"];
    let mut expected = vec![format!("{week}/index.html")];
    expected.extend(pages.map(|page| format!("{week}/r1/{page}")));
    expected.insert(0, "scorecard/index.html".into());
    expected.sort();
    let mut sorted = first.clone();
    sorted.sort();
    assert_eq!(sorted, expected);
    let read = |path: String| fs::read(site.join(path)).unwrap();
    let own = |page: &str| fs::read(folder.join("out/pages").join(week).join(page)).unwrap();
    assert!(pages.iter().all(|page| read(format!("{week}/r1/{page}")) == own(page)));
    assert!(says(folder, 0, &RUN).starts_with("nothing new"));

    one_more(folder, 1);
    says(folder, 0, &RUN);
    assert_eq!(names(&site).len(), first.len() + pages.len(), "the revision before stays");
    let leads = String::from_utf8(read(format!("{week}/index.html"))).unwrap();
    assert!(leads.contains("url=r2/scorecard.html"), "{leads}");
    assert!(pages.iter().all(|page| read(format!("{week}/r2/{page}")) == own(page)));
}

#[test]
fn what_was_removed_or_could_not_be_written_is_published_by_the_next_run() {
    let acme = project("${SITE}");
    assert!(unfolded(&says(acme.path(), 2, &RUN)).contains("`SITE`"));
    let acme = project("site/kpi");
    let folder = acme.path();
    // A file where the folder should be.
    fs::write(folder.join("site"), "in the way").unwrap();
    let told = unfolded(&says(folder, 5, &RUN));
    assert!(told.contains("outstanding: scorecard 2026-W47 r1: site to site/kpi/"), "{told}");
    assert!(unfolded(&says(folder, 5, &["status"])).contains("site to site/kpi/scorecard"));
    fs::remove_file(folder.join("site")).unwrap();
    assert!(says(folder, 0, &RUN).contains("1 page published"));
    let page = folder.join("site/kpi/scorecard/2026-W47/r1/scorecard.html");
    fs::remove_file(&page).unwrap();
    fs::write(folder.join("reports/scorecard/scorecard.md.j2"), "{{ title }}\n").unwrap();
    says(folder, 0, &RUN);
    assert!(page.is_file(), "the run that makes the report anew finds it gone");
}

#[test]
fn a_profile_publishes_nothing_and_no_place_of_the_project_is_one_to_publish_to() {
    let acme = project("site");
    append(acme.path(), "\n[profiles.dev]\nstate = \"dev\"\n");
    says(acme.path(), 0, &[&RUN[..], &["--profile", "dev"]].concat());
    assert!(!acme.path().join("site").exists());
    for (to, message) in [
        ("out/pages", "is or holds a folder that the project keeps for itself"),
        ("extracts/site", "is or holds a folder that the project keeps for itself"),
        ("s3://acme/*", "this is no place to publish to"),
        ("ftp://acme/kpi", "it begins with a scheme that is not known"),
    ] {
        let acme = project(to);
        let told = unfolded(&says(acme.path(), 2, &["check"]));
        assert!(told.contains(message), "{to} {told}");
    }
}
