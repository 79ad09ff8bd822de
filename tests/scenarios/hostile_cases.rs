//! Hostile extracts, projects and calls: each case of `tests/hostile/` ends as its file says.
//!
//! `tests/hostile/README.md` has the form of the files. `SCOREWRIGHT_HOSTILE=sql_models` tells one family alone.

mod calls;
mod case;
mod content;
mod extracts;
mod family;
mod guards;
mod sandbox;
mod teams;

use std::fmt::Write as _;
use std::sync::Mutex;
use std::thread;

use case::Case;
use family::{Family, families};

/// Cases that are run at the same time.
const WORKERS: usize = 2;

/// Teams that a page shows beside those of the shop: it has room for twelve.
const TEAMS: usize = 8;

/// What is wrong with a case: `family/case`, and how it ended.
type Fault = (String, String);

/// Cases that share a project, or one that has its own.
enum Job<'a> {
    Landed(Vec<&'a Case>),
    Refused(Vec<&'a Case>),
    Teams(Vec<&'a Case>),
    Calls(&'a Case),
}

impl Job<'_> {
    fn faults(&self) -> Vec<Fault> {
        match self {
            Job::Landed(cases) => extracts::landed(cases),
            Job::Refused(cases) => extracts::refused(cases),
            Job::Teams(cases) => teams::shown(cases),
            Job::Calls(case) => calls::ended(case),
        }
    }
}

/// The jobs of a family: few projects for its extracts, one for each other case.
fn jobs(family: &Family) -> Vec<Job<'_>> {
    let of = |is_one: fn(&Case) -> bool| -> Vec<&Case> {
        family.cases.iter().filter(|case| is_one(case)).collect()
    };
    let landed = some(of(Case::is_landed)).map(Job::Landed);
    let refused = some(of(Case::is_refused)).map(Job::Refused);
    let teams = of(Case::is_team);
    let teams = teams.chunks(TEAMS).map(|cases| Job::Teams(cases.to_vec()));
    let alone = of(Case::is_alone).into_iter().map(Job::Calls);
    landed.into_iter().chain(refused).chain(teams).chain(alone).collect()
}

fn some(cases: Vec<&Case>) -> Option<Vec<&Case>> {
    Some(cases).filter(|cases| !cases.is_empty())
}

fn faults(jobs: &[Job]) -> Vec<Fault> {
    let left = Mutex::new(jobs.iter());
    let next = || left.lock().unwrap().next();
    let work = || {
        let mut faults = Vec::new();
        while let Some(job) = next() {
            faults.extend(job.faults());
        }
        faults
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

#[test]
fn each_hostile_case_ends_as_its_file_says() {
    let families = families();
    let jobs: Vec<Job> = families.iter().flat_map(jobs).collect();
    let told = faults(&jobs).iter().fold(String::new(), |mut told, (case, text)| {
        let _ = writeln!(told, "\nFAILED {case}\n{text}");
        told
    });
    assert!(told.is_empty(), "{told}");
}
