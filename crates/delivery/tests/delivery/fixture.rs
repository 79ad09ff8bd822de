//! A folder to deliver into, and an issue to deliver.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use scorewright_delivery::{
    Delivery, DeliveryFolders, Email, Hold, Issue, Outbox, Retry, Route, deliver, resend, routes,
};
use scorewright_domain::{Document, Fingerprint, Grain, Period};
use scorewright_durable::Readers;
use tempfile::TempDir;

/// The `out` folder of a project.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn outbox(&self) -> PathBuf {
        self.path().join("outbox")
    }

    pub(crate) fn routes(&self) -> Vec<Box<dyn Route>> {
        routes(self.path(), Readers::Owner)
    }

    pub(crate) fn folders(&self) -> DeliveryFolders {
        DeliveryFolders { outbox: self.outbox(), ledger: self.path().join("ledger") }
    }

    /// Delivers an issue as the revision that it is, in the first night.
    pub(crate) fn deliver(&self, issue: &Issue) -> Delivery {
        self.deliver_at(issue, night(1))
    }

    /// Delivers an issue as the revision that it is.
    pub(crate) fn deliver_at(&self, issue: &Issue, now: Timestamp) -> Delivery {
        deliver(&self.folders(), &self.routes(), &self.numbered(issue), now).unwrap()
    }

    /// Hands over what waits and is due.
    pub(crate) fn resend_at(&self, now: Timestamp) -> Delivery {
        resend(&self.folders(), &self.routes(), &[], Retry::WhenDue, now).unwrap()
    }

    /// The issue as the revision that it is, by what was delivered before.
    pub(crate) fn numbered(&self, issue: &Issue) -> Issue {
        let (mut outbox, period) = (Outbox::read(&self.folders()).unwrap(), issue.period.label());
        outbox.load(&issue.report, &period).unwrap();
        let revision = outbox.revision(&issue.report, &period, &issue.figures);
        Issue { revision, ..issue.clone() }
    }

    /// All mails written, with their file names.
    pub(crate) fn mails(&self) -> Vec<(String, String)> {
        let mails = files(&self.path().join("mail")).into_iter();
        mails.map(|(name, text)| (name.to_str().unwrap().to_owned(), text)).collect()
    }

    /// The subjects of all mails written, in the order of their files.
    pub(crate) fn subjects(&self) -> Vec<String> {
        self.mails().iter().map(|(_, mail)| header(mail, "Subject")).collect()
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    /// The names in a folder.
    pub(crate) fn names(&self, path: &str) -> Vec<String> {
        let items = fs::read_dir(self.path().join(path)).unwrap();
        items.map(|item| item.unwrap().file_name().into_string().unwrap()).collect()
    }
}

/// All files below a folder, with their text.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for item in fs::read_dir(&next).into_iter().flatten() {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = String::from_utf8(fs::read(&path).unwrap()).unwrap();
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), text);
            }
        }
    }
    found
}

/// The value of a header, as it stands in the file, unfolded.
pub(crate) fn header(mail: &str, name: &str) -> String {
    let (headers, _) = mail.split_once("\r\n\r\n").unwrap();
    let unfolded = headers.replace("\r\n ", " ");
    let start = format!("{name}: ");
    let found: Vec<&str> =
        unfolded.split("\r\n").filter_map(|line| line.strip_prefix(&start)).collect();
    assert_eq!(found.len(), 1, "{name} in {headers}");
    found[0].to_owned()
}

pub(crate) fn page(name: &str, text: &str) -> Document {
    Document {
        name: name.into(),
        media_type: "text/html; charset=utf-8".into(),
        bytes: text.as_bytes().to_vec(),
    }
}

/// The customer report of week 47 of 2026.
pub(crate) fn issue(figures: &str) -> Issue {
    Issue {
        report: "customer".into(),
        period: Period::containing(Grain::Week, date(2026, 11, 18)),
        revision: 1,
        figures: Fingerprint::of(figures.as_bytes()),
        documents: vec![page("scorecard.html", "<p>81 %</p>"), page("scorecard.json", "{}")],
        email: Some(email()),
        message: None,
        hold: None,
    }
}

pub(crate) fn email() -> Email {
    Email {
        from: "Scorewright <scorecards@example.com>".parse().unwrap(),
        to: vec!["Board <board@example.com>".parse().unwrap(), "ann@example.com".parse().unwrap()],
        subject: "All 2 on track - w/e 22 Nov".into(),
        date: "2026-11-23T06:00:00Z".parse().unwrap(),
        text: "All 2 on track.\n".into(),
        html: "<h1>All 2 on track</h1>\n".into(),
        reply_to: None,
        attachment: None,
    }
}

/// When the run of a night starts: the first is that after the week.
pub(crate) fn night(number: i64) -> Timestamp {
    let first: Timestamp = "2026-11-23T03:30:07Z".parse().unwrap();
    first + SignedDuration::from_hours(24 * (number - 1))
}

/// How the mail of a period that is not whole waits: a day, and recipients are told nothing.
pub(crate) fn hold() -> Hold {
    let reason = "the survey extract is missing".into();
    Hold { reason, span: SignedDuration::from_hours(24), notice: None }
}
