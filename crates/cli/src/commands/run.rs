//! `scorewright run`: the nightly job.

use jiff::civil::Date;
use scorewright_domain::{Event, Listener as _};
use scorewright_extract::AwaitedExtract;
use scorewright_project::{Project, ProjectLocation};
use scorewright_transform::RunSelection;
use scorewright_warehouse::{Lock, Snapshot, WarehouseError};

use crate::arguments::RunOptions;
use crate::clock;
use crate::console::Console;
use crate::console::lines::{LINE, shown_path, wrapped};
use crate::exit::{ExitStatus, Failure};
use crate::monitor::{monitor_of, notify_end, notify_start};
use crate::reports::owed::{OpenIssue, deliver_owed, open_issues};
use crate::reports::publish::{
    Published, is_any_waiting, release_reports, resend_reports, send_after_run,
};
use crate::run::clock_check::check_clock;
use crate::run::freshness::overdue;
use crate::run::leftovers::{clear_leftovers, clear_refused_rows};
use crate::run::nothing_new::{RunWork, run_work};
use crate::run::record::RunRecord;
use crate::run::request::RunRequest;
use crate::run::selected::selection;
use crate::run::{
    self, check_profile, found_newest, notice_awaited, notice_unclaimed, summary, tell_deliveries,
};
use crate::version::PublishedVersion;

/// Letters by which the rest of a long line is set in.
const INDENT: usize = 2;

/// Runs the project, or says that nothing is new.
pub(crate) fn run(
    location: &ProjectLocation,
    options: &RunOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    if options.dry_run {
        return dry_run(location, options, console);
    }
    console.begin_run();
    let monitor = monitor_of(location, console);
    notify_start(monitor.as_ref(), console);
    let ended = run_or_nothing_new(location, options, console);
    if ended.is_err() {
        found_newest(location, console);
    }
    notify_end(monitor.as_ref(), &ended, console);
    ended
}

fn run_or_nothing_new(
    location: &ProjectLocation,
    options: &RunOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let project = Project::read(location)?;
    check_clock(&project, options.clock_is_right, console)?;
    let as_of = clock::day_or_today(options.as_of, &project.zone);
    clear_leftovers(&project.folders)?;
    let newest = project.folders.warehouse().newest()?;
    console.found_version(newest.number);
    check_profile(&project, &newest)?;
    let selection = selection(&project, &options.select)?;
    let request = request(options, as_of, selection.as_ref());
    match run_work(&project, &newest, &request, options.require_new)? {
        RunWork::Nothing(awaited) => {
            let (project, newest, sends) = (&project, &newest, options.send);
            let extracts = Unchanged { project, newest, awaited: &awaited, sends };
            if extracts.gives_what_it_owes(location, console)? {
                return extracts.nothing_new(location, options, console);
            }
            if options.require_new {
                return nothing_published(project, newest, sends, console);
            }
        }
        RunWork::NoNewExtract => {
            return nothing_published(&project, &newest, options.send, console);
        }
        RunWork::Version => {}
    }
    run::run(&project, location, &request, console)
}

/// What a run is asked for by its command line.
fn request<'a>(
    options: &RunOptions,
    as_of: Date,
    selection: Option<&'a RunSelection>,
) -> RunRequest<'a> {
    RunRequest {
        as_of,
        reload: None,
        sends_stale_mail: options.mail,
        shows_rows: options.show_rows,
        selection,
        sends: options.send,
    }
}

/// Does all of a run but what others see, and says what it would publish and how it would end.
fn dry_run(
    location: &ProjectLocation,
    options: &RunOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let project = Project::read(location)?;
    check_clock(&project, options.clock_is_right, console)?;
    let as_of = clock::day_or_today(options.as_of, &project.zone);
    let newest = project.folders.warehouse().newest()?;
    console.found_version(newest.number);
    check_profile(&project, &newest)?;
    let selection = selection(&project, &options.select)?;
    let request = request(options, as_of, selection.as_ref());
    let work = run_work(&project, &newest, &request, options.require_new)?;
    let is_nothing_new = matches!(work, RunWork::Nothing(_));
    Ok(match run::dry_run::dry_run(&project, &newest, &request, work, console)? {
        ExitStatus::Done if is_nothing_new && options.require_new => ExitStatus::SourceMissing,
        status => status,
    })
}

/// Ends a run that has no new extract to publish; what waited in the outbox goes out all the same.
fn nothing_published(
    project: &Project,
    newest: &Snapshot,
    sends: bool,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    // Settings may say by now who reads what is published.
    if let Ok(_lock) = Lock::take(&project.folders.warehouse()) {
        project.folders.set_readers()?;
    }
    let extracts = Unchanged { project, newest, awaited: &[], sends };
    let published = extracts.resend()?;
    extracts.answer("no new extract has arrived; nothing is published\n", &published, console);
    Ok(ExitStatus::SourceMissing)
}

/// A project whose newest version holds everything that has arrived.
struct Unchanged<'a> {
    project: &'a Project,
    newest: &'a Snapshot,
    awaited: &'a [AwaitedExtract],
    /// Whether mails that are queued are sent to the mail server.
    sends: bool,
}

impl Unchanged<'_> {
    /// Ends a run that had nothing to land; what earlier runs owe is delivered from the versions that owe it.
    fn nothing_new(
        &self,
        location: &ProjectLocation,
        options: &RunOptions,
        console: &Console,
    ) -> Result<ExitStatus, Failure> {
        let folders = &self.project.folders;
        let open = open_issues(folders, self.newest)?;
        let is_taken_up = open.iter().any(OpenIssue::is_to_deliver);
        let mut published =
            if is_taken_up { self.complete(location, console)? } else { self.resend()? };
        published.overdue = overdue(self.newest, &self.project.zone);
        self.mend_hint(console)?;
        clear_refused_rows(&folders.warehouse(), self.newest)?;
        self.close_interrupted(console);
        notice_awaited(self.awaited, console);
        notice_unclaimed(self.project, console);
        let done = if is_taken_up { taken_up(&open) } else { self.holds_everything() };
        self.answer(&done, &published, console);
        Ok(match published.status(self.newest) {
            ExitStatus::Done if options.require_new => ExitStatus::SourceMissing,
            status => status,
        })
    }

    /// Says that nothing is new, and what there is.
    fn answer(&self, said: &str, published: &Published, console: &Console) {
        tell_deliveries(published, self.newest, console);
        let unchanged = self.newest.built.len() as u64;
        console.change_totals(|totals| totals.tables_unchanged = unchanged);
        let summary = summary::of_nothing_new(self.project, self.newest, published, console);
        console.answer(&(said.to_owned() + &summary));
    }

    /// Closes the last run where it never came to an end. Where another run is active it is left to that one.
    fn close_interrupted(&self, console: &Console) {
        let folders = &self.project.folders;
        let is_open = RunRecord::newest(folders).is_some_and(|last| last.is_open());
        if is_open && let Ok(_lock) = Lock::take(&folders.warehouse()) {
            RunRecord::close_interrupted(folders, console);
        }
    }

    /// Whether the newest version can be read as far as it still owes something; else the next one takes its place.
    fn gives_what_it_owes(
        &self,
        location: &ProjectLocation,
        console: &Console,
    ) -> Result<bool, Failure> {
        let open = open_issues(&self.project.folders, self.newest)?;
        let is_of_it = |open: &OpenIssue| open.issue.version == self.newest.number;
        if !open.iter().any(|open| open.is_to_deliver() && is_of_it(open)) {
            return Ok(true);
        }
        let made = PublishedVersion::as_made(location, self.newest.number);
        let made = made.inspect_err(|failure| {
            console.notice_failure("the newest version cannot give what it owes", failure);
        });
        Ok(made.is_ok())
    }

    /// Writes `CURRENT.json` again where it is not that of the newest version.
    fn mend_hint(&self, console: &Console) -> Result<(), Failure> {
        let warehouse = self.project.folders.warehouse();
        if !warehouse.has_hint(self.newest) {
            let _lock = self.lock()?;
            warehouse.write_hint(self.newest)?;
            let message = format!(
                "`warehouse/CURRENT.json` was not that of version {} and is written again",
                self.newest.number
            );
            console.on_event(Event::Noticed { message });
        }
        Ok(())
    }

    /// Delivers what runs that were interrupted after their commit left undone.
    fn complete(
        &self,
        location: &ProjectLocation,
        console: &Console,
    ) -> Result<Published, Failure> {
        let _lock = self.lock()?;
        let (folders, now) = (&self.project.folders, clock::now());
        let open = open_issues(folders, self.newest)?;
        let mut published = deliver_owed(location, &open, now, console);
        published.extend(release_reports(folders, self.newest, now)?);
        if self.sends {
            published.extend(send_after_run(folders, self.newest, now));
        }
        Ok(published)
    }

    /// Delivers what waits in the outbox.
    fn resend(&self) -> Result<Published, Failure> {
        let folders = &self.project.folders;
        if !is_any_waiting(folders)? {
            return Ok(Published::default());
        }
        let _lock = self.lock()?;
        let mut published = resend_reports(folders, self.newest, clock::now())?;
        if self.sends {
            published.extend(send_after_run(folders, self.newest, clock::now()));
        }
        Ok(published)
    }

    /// The lock, unless another run has published a version meanwhile.
    fn lock(&self) -> Result<Lock, Failure> {
        let warehouse = self.project.folders.warehouse();
        let lock = Lock::take(&warehouse)?;
        if warehouse.newest()?.number == self.newest.number {
            self.project.folders.set_readers()?;
            Ok(lock)
        } else {
            Err(WarehouseError::CommitConflict(self.newest.number + 1).into())
        }
    }

    fn holds_everything(&self) -> String {
        let extracts = shown_path(&self.project.folders.extracts);
        let arrived = match (self.awaited.is_empty(), self.newest.left_out.is_empty()) {
            (true, true) => "",
            (false, true) => " that has arrived",
            (true, false) => " but what is left out",
            (false, false) => " that has arrived, but what is left out",
        };
        let version = self.newest.number;
        let said =
            format!("nothing new: version {version} holds everything{arrived} in `{extracts}`");
        wrapped(&said, LINE, 0, INDENT) + "\n"
    }
}

/// What is taken up again of earlier runs.
fn taken_up(open: &[OpenIssue]) -> String {
    let mut text = "nothing new to land; what earlier runs owe is taken up again\n".to_owned();
    for open in open.iter().filter(|open| open.is_to_deliver()) {
        let issue = &open.issue;
        let of = format!("{} {} r{}", issue.report, issue.period, issue.revision);
        let deliveries: Vec<String> = open.deliveries().collect();
        let owed = format!("owed by version {}: {of}: {}", issue.version, deliveries.join(", "));
        text += &(wrapped(&owed, LINE, 0, INDENT) + "\n");
    }
    text
}
