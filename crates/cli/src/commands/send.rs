//! `scorewright send`: mails that wait, to the mail server, and messages that wait, to chats.

use std::slice;

use scorewright_delivery::{Issue, Mailbox, Retry, TestMailError, due_mails, send_test_mail};
use scorewright_durable::{Readers, replace_file};
use scorewright_project::{Folders, Project, ProjectLocation};
use scorewright_report::Report;
use scorewright_warehouse::Lock;

use crate::arguments::SendOptions;
use crate::clock;
use crate::console::Console;
use crate::console::lines::{labelled, shown_path};
use crate::exit::{ExitStatus, Failure};
use crate::reports::mail_server::{mail_server, rules_of, server_to_send_to};
use crate::reports::publish::{
    Published, delivery, mails_and_messages, prepared_reports, send_mails,
};
use crate::reports::{delivery_folders, delivery_routes, within_memory};
use crate::version::PublishedVersion;

/// Sends what waits; or says what that would be; or sends the newest reports to one person.
pub(crate) fn send(
    location: &ProjectLocation,
    options: &SendOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    // Every fault of the project is told before anything is sent.
    let project = Project::read(location)?;
    if let Some(to) = &options.to {
        return send_test(location, &project, to, options.report.as_deref(), console);
    }
    // Without a server, or without its password, there is nothing to try.
    let server = server_to_send_to(&project.folders)?;
    if options.dry_run {
        return list_due(&project.folders, console);
    }
    drop(server);
    let warehouse = project.folders.warehouse();
    let _lock = Lock::take(&warehouse)?;
    let published =
        send_mails(&project.folders, &warehouse.newest()?, Retry::AtOnce, clock::now())?;
    published.emit(console);
    console.answer(&sent(&published));
    let is_done = published.outstanding().next().is_none();
    Ok(if is_done { ExitStatus::Done } else { ExitStatus::Outstanding })
}

/// What was sent, and what still waits.
fn sent(published: &Published) -> String {
    let sent = published.sent().unwrap_or_else(|| "nothing".into());
    let outstanding = published.outstanding().map(|what| format!("outstanding: {what}"));
    let mut owed: Vec<String> = published.held().cloned().chain(outstanding).collect();
    if owed.is_empty() {
        owed.push("nothing".into());
    }
    labelled("sent", &[sent]) + &labelled("owed", &owed)
}

fn list_due(folders: &Folders, console: &Console) -> Result<ExitStatus, Failure> {
    let due = due_mails(&delivery_folders(folders), &delivery_routes(folders), clock::now())?;
    let target = folders.out("rendered").join("mail");
    for (entry, message) in &due {
        let path = target.join(&message.name);
        replace_file(&path, &message.bytes, Readers::Owner)?;
        let line = format!("{}: {}", delivery(&entry.label), shown_path(&path));
        console.answer(&line);
    }
    let messages = due.iter().filter(|(entry, _)| entry.label.route == "webhook").count();
    let [mails, messages] = [due.len() - messages, messages].map(|count| count as u64);
    let would = mails_and_messages(mails, messages).unwrap_or_else(|| "0 mails".into());
    console.answer(&format!("{would} would be sent"));
    Ok(ExitStatus::Done)
}

fn send_test(
    location: &ProjectLocation,
    today: &Project,
    to: &str,
    only: Option<&str>,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let to: Mailbox = to.parse().map_err(|bad| Failure::new(ExitStatus::Configuration, bad))?;
    let rules = today.folders.smtp.as_ref().map(rules_of);
    let issues = mailed_issues(location, only, console)?;
    for issue in &issues {
        let server = mail_server(&today.folders)?;
        let rules = rules.as_ref().expect("without them there is no server");
        send_test_mail(issue, &to, rules, server, clock::now()).map_err(not_sent)?;
        let (report, period) = (&issue.report, issue.period);
        console.answer(&format!("sent {report} {period} r{} to {}", issue.revision, to.address()));
    }
    Ok(ExitStatus::Done)
}

fn not_sent(error: TestMailError) -> Failure {
    let status = match error {
        TestMailError::NotTaken(_) => ExitStatus::Outstanding,
        TestMailError::Domain(_) | TestMailError::Issue(_) => ExitStatus::Configuration,
    };
    Failure::new(status, error)
}

/// The reports of the newest version that are mailed.
fn mailed_issues(
    location: &ProjectLocation,
    only: Option<&str>,
    console: &Console,
) -> Result<Vec<Issue>, Failure> {
    let version = PublishedVersion::newest(location, console)?;
    let project = &version.project;
    let session = version.session()?;
    let reports = within_memory(&project.folders.sql_limits, console, || {
        prepared_reports(project, &version.snapshot, &session, only.as_ref().map(slice::from_ref))
    })?;
    let issues = reports.into_iter().map(|report| report.issue);
    let mailed: Vec<Issue> = issues.filter(|issue| issue.email.is_some()).collect();
    if mailed.is_empty() {
        let known: Vec<&str> = project.reports.iter().map(Report::id).collect();
        return Err(Failure::usage(
            "no report of the newest version is mailed",
            format!(
                "a report with [mail] in its `report.toml` is; there are: {}",
                known.join(", ")
            ),
        ));
    }
    Ok(mailed)
}
