//! `reports/recipients.toml`: who gets which report by mail, and in which role.

use scorewright_domain::{Fault, ProjectFile, did_you_mean};
use scorewright_report::Report;
use serde::Deserialize;
use toml::{Spanned, Value};

const PATH: &str = "reports/recipients.toml";

/// The recipients as they are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecipientFile {
    #[serde(default)]
    recipient: Vec<Recipient>,
}

/// Who gets reports: those named, and those that are mailed to a role.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipient {
    /// `Ann Doe <ann@example.com>`.
    mailbox: Spanned<String>,
    /// Reports by name.
    #[serde(default)]
    reports: Vec<Spanned<String>>,
    /// What the person is here: `board`.
    #[serde(default)]
    role: Option<Spanned<String>>,
    /// Refused: there is one edition of a report, for everybody.
    #[serde(default)]
    segment: Option<Spanned<Value>>,
}

/// The reports with the recipients that the project's list adds to those of their own.
pub(crate) fn with_recipients(
    files: &[ProjectFile],
    reports: Vec<Report>,
    faults: &mut Vec<Fault>,
) -> Vec<Report> {
    let listed = files.iter().find(|file| file.path == PATH);
    let mut roles: Vec<String> = Vec::new();
    let reports = match listed.map(|file| (file, file.toml::<RecipientFile>())) {
        None => reports,
        Some((_, Err(fault))) => {
            faults.push(fault);
            return reports;
        }
        Some((file, Ok(list))) => {
            faults.extend(list.recipient.iter().filter_map(|one| one.fault(&reports, file)));
            let named = list.recipient.iter().filter_map(|one| one.role.as_ref());
            roles.extend(named.map(|role| role.get_ref().clone()));
            reports.into_iter().map(|report| mailed_to(report, &list.recipient)).collect()
        }
    };
    for report in &reports {
        match report.check_recipients() {
            Err(fault) => faults.push(fault),
            Ok(()) => faults.extend(role_of_nobody(report, &roles)),
        }
    }
    reports
}

/// A role that a report is mailed to and nobody has: whoever it was meant for gets nothing, beside others who do.
fn role_of_nobody(report: &Report, roles: &[String]) -> Option<Fault> {
    let mail = report.mail.as_ref()?;
    let role = mail.roles.iter().find(|role| !roles.contains(role))?;
    let known: Vec<&str> = roles.iter().map(String::as_str).collect();
    let fault = report.fault(role, format!("nobody has the role `{role}`"));
    let help = "give it to somebody in `reports/recipients.toml`, or take it out";
    Some(fault.help(did_you_mean(role, &known, help)))
}

fn mailed_to(report: Report, recipients: &[Recipient]) -> Report {
    let more = recipients.iter().filter(|one| one.gets(&report));
    let more: Vec<String> = more.map(|one| one.mailbox.get_ref().clone()).collect();
    report.mailed_to(more)
}

impl Recipient {
    fn gets(&self, report: &Report) -> bool {
        let is_named = self.reports.iter().any(|name| name.get_ref() == report.id());
        let is_in_role = self.role.as_ref().is_some_and(|role| is_of(report, role.get_ref()));
        is_named || is_in_role
    }

    fn fault(&self, reports: &[Report], file: &ProjectFile) -> Option<Fault> {
        if let Some(segment) = &self.segment {
            let fault = file.fault(Some(segment.span()), "a report has no edition of a segment");
            return Some(fault.help("leave `segment` out: every recipient gets the whole report"));
        }
        let mailed = || reports.iter().filter(|report| report.mail.is_some());
        let known: Vec<&str> = mailed().map(Report::id).collect();
        let unknown = self.reports.iter().find(|name| !known.contains(&name.get_ref().as_str()));
        if let Some(name) = unknown {
            let message = format!("no report `{}` is mailed", name.get_ref());
            let list = format!("mailed are: {}", known.join(", "));
            let help = did_you_mean(name.get_ref(), &known, &list);
            return Some(file.fault(Some(name.span()), message).help(help));
        }
        match &self.role {
            Some(role) if !mailed().any(|report| is_of(report, role.get_ref())) => {
                let message = format!("no report is mailed to the role `{}`", role.get_ref());
                let fault = file.fault(Some(role.span()), message);
                Some(fault.help("name it in `roles` of the [mail] of a report"))
            }
            None if self.reports.is_empty() => {
                let fault = file.fault(Some(self.mailbox.span()), "this recipient gets no report");
                Some(fault.help("add `reports = [\"NAME\"]`, or a `role`"))
            }
            _ => None,
        }
    }
}

/// Whether a report is mailed to a role.
fn is_of(report: &Report, role: &str) -> bool {
    report.mail.as_ref().is_some_and(|mail| mail.roles.iter().any(|one| one == role))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str =
        "title = \"Board\"\ngrain = \"week\"\n[[group]]\ntitle = \"Voice\"\nlines = [\"nps\"]\n";

    fn read(mail: &str, recipients: &str) -> (Vec<String>, Vec<String>) {
        let report = ProjectFile::new("reports/board/report.toml", format!("{REPORT}{mail}"));
        let files = [ProjectFile::new(PATH, recipients)];
        let mut faults = Vec::new();
        let reports = with_recipients(&files, vec![Report::read(&report).unwrap()], &mut faults);
        let to = reports.into_iter().filter_map(|report| report.mail).flat_map(|mail| mail.to);
        let told = faults.iter().map(|it| format!("{} {}", it.position(), it.message()));
        (to.collect(), told.collect())
    }

    const MAIL: &str = "[mail]\nfrom = \"a@example.com\"\nroles = [\"lead\"]\n";

    #[test]
    fn a_report_is_mailed_to_who_is_named_with_it_or_in_its_roles() {
        let (to, faults) = read(
            MAIL,
            "[[recipient]]\nmailbox = \"Ann <ann@example.com>\"\nreports = [\"board\"]\n\
             [[recipient]]\nmailbox = \"bo@example.com\"\nrole = \"lead\"\n",
        );
        assert_eq!(
            (to, faults),
            (vec!["Ann <ann@example.com>".into(), "bo@example.com".into()], vec![])
        );
    }

    #[test]
    fn who_gets_nothing_and_what_nobody_gets_is_a_fault_at_its_line() {
        let of = |more: &str| {
            read(MAIL, &format!("[[recipient]]\nmailbox = \"bo@example.com\"\n{more}")).1
        };
        let nobody = "reports/board/report.toml the mail has no recipient";
        assert_eq!(of(""), ["reports/recipients.toml:2 this recipient gets no report", nobody]);
        assert_eq!(
            of("reports = [\"bord\"]\n")[0],
            "reports/recipients.toml:3 no report `bord` is mailed"
        );
        assert_eq!(
            of("role = \"crew\"\n")[0],
            "reports/recipients.toml:3 no report is mailed to the role `crew`"
        );
        assert_eq!(
            of("role = \"lead\"\nsegment = \"team=Billing\"\n"),
            ["reports/recipients.toml:4 a report has no edition of a segment"]
        );
        let (_, faults) = read(
            &MAIL.replace("[\"lead\"]", "[\"lead\", \"bord\"]"),
            "[[recipient]]\nmailbox = \"bo@example.com\"\nrole = \"lead\"\n",
        );
        assert_eq!(faults, ["reports/board/report.toml:8 nobody has the role `bord`"]);
        assert_eq!(of("rolle = \"lead\"\n")[0], "reports/recipients.toml:3 unknown key `rolle`");
        let (to, faults) =
            read("", "[[recipient]]\nmailbox = \"bo@example.com\"\nreports = [\"board\"]\n");
        assert_eq!(
            (to.len(), &faults[0][..]),
            (0, "reports/recipients.toml:3 no report `board` is mailed")
        );
    }
}
