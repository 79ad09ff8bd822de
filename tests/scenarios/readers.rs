//! Mode and group of all that a run writes: for its owner alone, and what `[files] group` opens.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use crate::binary::{Ended, program, scorewright, scorewright_by};
use crate::readers_project::{
    GROUP, OTHER_GROUP, as_stranger, edit, group, hand_over, is_open, is_root, project, run,
    run_twice, set_files, under, written,
};

/// What a project has at least one of, so that every kind of file is looked at.
const KINDS: [&str; 16] = [
    "warehouse/.seen",
    "warehouse/.spill/lock",
    "warehouse/CURRENT.json",
    "warehouse/ledger/scorecard/",
    "warehouse/lock",
    "warehouse/manifests/",
    "warehouse/projects/",
    "warehouse/refused/tickets/",
    "warehouse/tables/fact/ticket/",
    "warehouse/tables/quarantine/tickets/",
    "warehouse/versions/",
    "out/mail/",
    "out/outbox/payload/",
    "out/outbox/",
    "out/pages/scorecard/",
    "out/runs/",
];

/// The paths that have another mode or group than they should, and what they have.
fn wrong(project: &Path, group: Option<u32>) -> BTreeMap<String, String> {
    let mut wrong = BTreeMap::new();
    for (path, found) in written(project) {
        let expected = match (group.filter(|_| is_open(&path)), found.is_dir()) {
            (None, false) => 0o600,
            (None, true) => 0o700,
            (Some(_), false) => 0o640,
            (Some(_), true) => 0o750,
        };
        let is_of_group = group.is_none_or(|group| !is_open(&path) || found.gid() == group);
        if found.mode() & 0o7777 != expected || !is_of_group {
            wrong.insert(path, format!("{:o} of {}", found.mode() & 0o7777, found.gid()));
        }
    }
    wrong
}

/// Both runs under a umask, looked at one by one: a run sets what the ones before it wrote.
fn runs_are_right(umask: &str, project: &Path, group: Option<u32>) {
    for day in ["2026-11-23", "2026-11-30"] {
        run(umask, project, day);
        assert_eq!(wrong(project, group), BTreeMap::new(), "umask {umask}, {day}");
    }
    let all = written(project);
    for kind in KINDS {
        let is_there = all.iter().any(|(path, found)| path.starts_with(kind) && found.is_file());
        assert!(is_there, "there is no file {kind}");
    }
}

/// The modes that a program had that followed the umask.
fn as_before(project: &Path) {
    for (path, found) in written(project) {
        let mode = if found.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(project.join(path), Permissions::from_mode(mode)).unwrap();
    }
}

#[test]
fn what_a_run_writes_is_for_its_owner_alone_whatever_the_umask() {
    for umask in ["000", "022", "077"] {
        runs_are_right(umask, project().path(), None);
    }
}

#[test]
fn a_group_gets_at_tables_versions_and_pages_whatever_the_umask() {
    for umask in ["000", "077"] {
        let project = project();
        set_files(project.path(), Some(&format!("group = {}", group())));
        runs_are_right(umask, project.path(), Some(group()));
    }
}

#[test]
fn a_page_and_its_former_revision_are_open_to_the_group() {
    let project = project();
    let project = project.path();
    set_files(project, Some(&format!("group = {}", group())));
    run("077", project, "2026-11-23");
    edit(project, "extracts/tickets_new.csv", |text| text + "T150,Billing,2026-11-20 09:00:00,1\n");
    run("077", project, "2026-11-23");
    let former = project.join("out/pages/scorecard/2026-W47.r1/scorecard.html");
    let found = fs::metadata(former).unwrap();
    assert_eq!((found.mode() & 0o7777, found.gid()), (0o640, group()));
}

#[test]
fn a_changed_setting_holds_for_what_is_there_already() {
    let project = project();
    let project = project.path();
    run_twice("022", project);
    as_before(project);
    // A link is no file of ours: what it leads to stays as it is.
    let elsewhere = project.join("elsewhere");
    fs::write(&elsewhere, "x").unwrap();
    fs::set_permissions(&elsewhere, Permissions::from_mode(0o644)).unwrap();
    std::os::unix::fs::symlink(&elsewhere, project.join("out/runs/link")).unwrap();
    let other = if is_root() { OTHER_GROUP } else { group() };
    for group in [None, Some(group()), Some(other), None] {
        let setting = group.map(|group| format!("group = {group}"));
        set_files(project, setting.as_deref());
        edit(project, "scorewright.toml", |text| text + "\n# another night\n");
        run("022", project, "2026-11-30");
        let mut wrong = wrong(project, group);
        wrong.remove("out/runs/link");
        assert_eq!(wrong, BTreeMap::new(), "{setting:?}");
    }
    assert_eq!(fs::metadata(elsewhere).unwrap().mode() & 0o777, 0o644);
}

/// A run with a disturbance: its status, and what it says.
fn disturbed(project: &Path, disturbance: &str) -> Ended {
    let disturbance = format!("SCOREWRIGHT_DISTURB={disturbance}");
    let command = ["env", &disturbance, &program().to_string_lossy()];
    scorewright_by(&command, project, &["run", "--as-of", "2026-11-23"])
}

#[test]
fn what_an_earlier_version_owes_is_for_the_readers_of_today() {
    let said = disturbed(project().path(), "named").said;
    let operations = said.lines().filter(|line| line.starts_with("operation "));
    let commit = operations.into_iter().position(|line| line.contains(" link ")).unwrap() + 1;
    let project = project();
    let project = project.path();
    assert_eq!(disturbed(project, &format!("die_after:{commit}")).status, 137);
    set_files(project, Some(&format!("group = {}", group())));
    run("077", project, "2026-11-30");
    let page = fs::metadata(project.join("out/pages/scorecard/2026-W47/scorecard.html")).unwrap();
    assert_eq!((page.mode() & 0o7777, page.gid()), (0o640, group()), "it is owed by version 1");
    assert_eq!(wrong(project, Some(group())), BTreeMap::new());
}

#[test]
fn a_run_that_publishes_nothing_closes_what_was_open() {
    let project = project();
    let project = project.path();
    set_files(project, Some(&format!("group = {}", group())));
    run_twice("022", project);
    set_files(project, None);
    edit(project, "pipelines/sources/tickets.toml", |text| text.replace("skip_file", "stop"));
    let ended = under("022", project, &["run", "--as-of", "2026-11-30"]);
    assert_eq!(ended.status, 3, "{}", ended.said);
    assert_eq!(wrong(project, None), BTreeMap::new());
    set_files(project, Some(&format!("group = {}", group())));
    let ended = under("022", project, &["run", "--as-of", "2026-11-30", "--require-new"]);
    assert_ne!(ended.status, 2, "{}", ended.said);
    assert_eq!(wrong(project, Some(group())), BTreeMap::new());
}

#[test]
fn a_group_has_a_name() {
    // The first group after that of root that the machine has, or the own one.
    let groups = fs::read_to_string("/etc/group").unwrap();
    let known = groups.lines().filter_map(|line| {
        let mut parts = line.split(':');
        Some((parts.next()?, parts.nth(1)?.parse::<u32>().ok()?))
    });
    let is_usable = |(_, id): &(&str, u32)| if is_root() { *id > 0 } else { *id == group() };
    let (name, id) = known.into_iter().find(is_usable).expect("a group has a name");
    let project = project();
    set_files(project.path(), Some(&format!("group = \"{name}\"")));
    runs_are_right("077", project.path(), Some(id));
}

#[test]
fn a_group_that_the_machine_does_not_have_is_a_fault_of_the_settings() {
    let project = project();
    let project = project.path();
    run("022", project, "2026-11-23");
    set_files(project, Some("group = \"no-such-group\""));
    for arguments in [&["check"][..], &["run", "--as-of", "2026-11-30"]] {
        let ended = scorewright(project, arguments);
        assert_eq!(ended.status, 2, "{}", ended.said);
        for part in
            ["this machine has no group `no-such-group`", "scorewright.toml:6", "group = 1001"]
        {
            assert!(ended.said.contains(part), "{arguments:?}: {}", ended.said);
        }
    }
    let count = ["query", "SELECT count(*) AS n FROM fact.ticket", "--output", "csv"];
    assert_eq!(scorewright(project, &count).answer, "n\n60\n", "who only reads needs no group");
    assert_eq!(scorewright(project, &["status"]).status, 5);
}

#[test]
fn a_group_that_this_user_is_not_in_is_named_with_what_mends_it() {
    let project = project();
    let project = project.path();
    let (of_others, named) = if is_root() { (GROUP, "4242") } else { (0, "root") };
    set_files(project, Some(&format!("group = {of_others}")));
    hand_over(project);
    let ended = if is_root() {
        as_stranger(None, project, &["run", "--as-of", "2026-11-23"])
    } else {
        scorewright(project, &["run", "--as-of", "2026-11-23"])
    };
    assert_eq!(ended.status, 74, "{}", ended.said);
    let said = crate::datasets::unfolded(&ended.said);
    let why = format!("this user is not a member of the group `{named}`");
    for part in [why.as_str(), "usermod -aG", "`[files]` of `scorewright.toml`"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn what_people_ask_for_follows_the_umask_but_rows_of_quarantine() {
    let project = project();
    let project = project.path();
    run_twice("022", project);
    let mode = |path: &str| fs::metadata(project.join(path)).unwrap().mode() & 0o777;
    let done = |arguments: &[&str]| {
        let ended = under("022", project, arguments);
        assert_eq!(ended.status, 0, "{}", ended.said);
    };
    done(&["quarantine", "export", "--source", "tickets", "--to", "rows.csv"]);
    done(&["render", "--to", "shown"]);
    done(&["render"]);
    done(&["init", "new"]);
    assert_eq!(mode("rows.csv"), 0o600);
    assert_eq!((mode("shown"), mode("shown/scorecard/scorecard.html")), (0o755, 0o644));
    assert_eq!((mode("new"), mode("new/scorewright.toml")), (0o755, 0o644));
    assert_eq!(wrong(project, None), BTreeMap::new());
}
