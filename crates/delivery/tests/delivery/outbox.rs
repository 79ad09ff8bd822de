//! What the outbox promises: each delivery once, whatever happens in between.

use std::cell::Cell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::fixture::{Home, files, header, hold, issue, night, page};
use scorewright_delivery::{
    BadIssue, DeliveryError, DeliveryState, HandOverError, Issue, Label, Outbox, Retry, Route,
    deliver, deliver_all, deliveries_of, resend, undelivered,
};
use scorewright_domain::{Document, Fingerprint, OwedIssue};

#[test]
fn the_same_issue_twice_is_one_delivery_and_the_same_bytes() {
    let (first, second) = (Home::new(), Home::new());
    let new = first.deliver(&issue("csat 0.81"));
    assert_eq!(first.numbered(&issue("csat 0.81")).revision, 1);
    assert_eq!(new.receipts.len(), 3, "pages and two mails");
    assert!(new.receipts.iter().all(|receipt| receipt.is_new));
    assert!(new.outstanding.is_empty() && new.damaged.is_empty());

    let before = files(first.path());
    let again = first.deliver(&issue("csat 0.81"));
    assert!(again.receipts.iter().all(|receipt| !receipt.is_new));
    assert_eq!(files(first.path()), before);

    second.deliver(&issue("csat 0.81"));
    assert_eq!(files(second.path()), before, "another machine writes the same bytes");
}

#[test]
fn several_issues_at_once_are_what_they_are_one_after_the_other() {
    let named = |report: &str| Issue { report: report.into(), ..issue(report) };
    let issues: Vec<Issue> = (0..70).map(|number| named(&format!("team_{number:02}"))).collect();
    let (together, single) = (Home::new(), Home::new());
    let all: Vec<&Issue> = issues.iter().collect();
    let deliver_again = || deliver_all(&together.folders(), &together.routes(), &all, night(1));
    let delivery = deliver_again().unwrap();
    let one_by_one = issues.iter().flat_map(|issue| single.deliver(issue).receipts);
    assert_eq!(delivery.receipts, one_by_one.collect::<Vec<_>>());
    assert_eq!(files(together.path()), files(single.path()));
    assert!(deliver_again().unwrap().receipts.iter().all(|receipt| !receipt.is_new));
    assert_eq!(files(together.path()), files(single.path()));
}

#[test]
fn of_several_issues_none_is_delivered_where_one_cannot_be() {
    let home = Home::new();
    let (good, bad) = (issue("csat 0.81"), Issue { report: "../up".into(), ..issue("csat 0.81") });
    let refused = deliver_all(&home.folders(), &home.routes(), &[&good, &bad], night(1));
    assert!(matches!(refused, Err(DeliveryError::Issue(BadIssue::Name { .. }))));
    assert!(files(home.path()).is_empty());
}

#[test]
fn other_figures_are_a_revision_that_says_so() {
    let home = Home::new();
    home.deliver(&issue("csat 0.81"));
    let mut late = issue("csat 0.79");
    late.documents[0].bytes = b"<p>79 %</p>".into();
    let corrected = home.deliver(&late);

    assert_eq!(home.numbered(&late).revision, 2);
    assert!(corrected.receipts.iter().all(|receipt| receipt.is_new));
    assert_eq!(home.read("pages/customer/2026-W47/scorecard.html"), "<p>79 %</p>");
    assert_eq!(home.read("pages/customer/2026-W47.r1/scorecard.html"), "<p>81 %</p>");
    let subjects: Vec<String> =
        home.mails().iter().map(|(_, mail)| header(mail, "Subject")).collect();
    let (plain, correction) =
        ("All 2 on track - w/e 22 Nov", "Correction: All 2 on track - w/e 22 Nov");
    assert_eq!(subjects, [plain, plain, correction, correction], "two each, named by revision");

    home.deliver(&issue("csat 0.81"));
    assert_eq!(home.mails().len(), 6, "back to the first figures is news again");
    assert_eq!(home.read("pages/customer/2026-W47.r2/scorecard.html"), "<p>79 %</p>");
}

#[test]
fn a_recipient_new_in_a_correction_gets_no_correction() {
    let home = Home::new();
    home.deliver(&issue("csat 0.81"));
    let mut late = issue("csat 0.79");
    late.email.as_mut().unwrap().to = vec!["new@example.com".parse().unwrap()];
    home.deliver(&late);
    let mail = home.mails().into_iter().find(|(_, mail)| header(mail, "To") == "new@example.com");
    assert_eq!(header(&mail.unwrap().1, "Subject"), "All 2 on track - w/e 22 Nov");
}

#[test]
fn a_page_that_looks_different_is_replaced_and_nobody_is_mailed() {
    let home = Home::new();
    home.deliver(&issue("csat 0.81"));
    let mut restyled = issue("csat 0.81");
    restyled.documents[0].bytes = b"<b>81 %</b>".into();
    restyled.email.as_mut().unwrap().html = "<b>81 %</b>".into();
    let delivery = home.deliver(&restyled);

    assert_eq!(home.numbered(&restyled).revision, 1);
    let new: Vec<&str> = delivery
        .receipts
        .iter()
        .filter(|receipt| receipt.is_new)
        .map(|receipt| &*receipt.route)
        .collect();
    assert_eq!(new, ["pages"]);
    assert_eq!(home.read("pages/customer/2026-W47/scorecard.html"), "<b>81 %</b>");
    assert_eq!(home.names("pages/customer"), ["2026-W47"], "one revision, one folder");
}

#[test]
fn a_page_that_was_removed_is_delivered_again_and_a_mail_is_not() {
    let home = Home::new();
    home.deliver(&issue("csat 0.81"));
    fs::remove_dir_all(home.path().join("pages")).unwrap();
    fs::remove_dir_all(home.path().join("mail")).unwrap();
    home.deliver(&issue("csat 0.81"));
    assert_eq!(home.read("pages/customer/2026-W47/scorecard.html"), "<p>81 %</p>");
    assert!(home.mails().is_empty());
}

#[test]
fn a_recipient_named_twice_gets_one_mail() {
    let home = Home::new();
    let mut issue = issue("csat 0.81");
    issue.email.as_mut().unwrap().to =
        vec!["ann@example.com".parse().unwrap(), "Ann <ann@EXAMPLE.com>".parse().unwrap()];
    home.deliver(&issue);
    assert_eq!(home.mails().len(), 1);
}

#[test]
fn what_is_held_waits_and_goes_out_once_the_reason_is_gone() {
    let home = Home::new();
    let held = Issue { hold: Some(hold()), ..issue("csat 0.81") };
    let waiting = home.deliver(&held);
    assert_eq!(waiting.receipts.len(), 1, "pages do not wait");
    assert!(waiting.outstanding.iter().all(|entry| entry.state == DeliveryState::Held));
    assert_eq!(waiting.outstanding[0].reason.as_deref(), Some("the survey extract is missing"));
    assert!(home.mails().is_empty());

    let complete = home.deliver(&issue("csat 0.82"));
    assert_eq!(complete.receipts.len(), 3);
    assert_eq!(home.numbered(&issue("csat 0.82")).revision, 2);
    let subject = header(&home.mails()[0].1, "Subject");
    assert_eq!(subject, "All 2 on track - w/e 22 Nov", "nobody has seen the first");
}

#[test]
fn a_damaged_entry_is_moved_and_the_others_are_delivered() {
    let home = Home::new();
    home.deliver(&Issue { hold: Some(hold()), ..issue("csat 0.81") });
    let entries = Outbox::read(&home.folders()).unwrap();
    let to_board =
        entries.entries().into_iter().find(|entry| entry.label.destination == "board@example.com");
    let name = format!("{}.json", to_board.unwrap().label.key);
    fs::write(home.outbox().join(&name), "{\"entry\": {\"la").unwrap();

    let delivery = home.deliver(&issue("csat 0.81"));
    assert_eq!(delivery.damaged, std::slice::from_ref(&name));
    assert_eq!(delivery.receipts.len(), 2);
    assert_eq!(delivery.outstanding[0].state, DeliveryState::Held, "it may have been delivered");
    assert_eq!(home.mails().len(), 1);

    fs::remove_file(home.outbox().join("damaged").join(name)).unwrap();
    let delivery = home.deliver(&issue("csat 0.81"));
    assert!(delivery.damaged.is_empty() && delivery.outstanding.is_empty());
    assert_eq!(home.mails().len(), 2);
}

/// Names of the entries that have a file of their own.
fn entry_files(home: &Home) -> Vec<String> {
    let is_folder = |name: &String| home.outbox().join(name).is_dir();
    home.names("outbox").into_iter().filter(|name| !is_folder(name)).collect()
}

#[test]
fn what_came_to_an_end_is_one_file_of_the_ledger() {
    let home = Home::new();
    home.deliver(&issue("csat 0.81"));
    assert!(entry_files(&home).is_empty());
    assert_eq!(home.names("ledger/customer"), ["2026-W47.r1.json"]);
    let waiting = Issue { hold: Some(hold()), ..issue("csat 0.79") };
    home.deliver(&waiting);
    assert_eq!(entry_files(&home).len(), 3, "an issue is moved as a whole");
    home.deliver(&Issue { hold: None, ..waiting });
    assert!(entry_files(&home).is_empty());
}

#[test]
fn a_lost_outbox_is_no_reason_to_mail_twice() {
    let home = Home::new();
    home.deliver(&issue("csat 0.81"));
    for lost in ["outbox", "mail", "pages"] {
        fs::remove_dir_all(home.path().join(lost)).unwrap();
    }
    let delivery = home.deliver(&issue("csat 0.81"));
    assert_eq!((delivery.receipts.len(), delivery.outstanding.len()), (3, 0));
    assert_eq!(home.read("pages/customer/2026-W47/scorecard.html"), "<p>81 %</p>");
    assert!(home.mails().is_empty());
}

#[test]
fn what_was_queued_and_is_lost_is_held_until_somebody_decides() {
    let home = Home::new();
    let left = Cell::new(0);
    let dying =
        |route| Box::new(Dying { route, is_done: false, left: &left }) as Box<dyn Route + '_>;
    let dying: Vec<Box<dyn Route + '_>> = home.routes().into_iter().map(dying).collect();
    let folders = home.folders();
    assert!(
        catch_unwind(AssertUnwindSafe(|| deliver(&folders, &dying, &issue("csat 0.81"), night(1))))
            .is_err()
    );
    fs::remove_dir_all(home.outbox()).unwrap();
    let delivery = home.deliver(&issue("csat 0.81"));
    assert_eq!((delivery.receipts.len(), delivery.outstanding.len()), (1, 2), "the page is there");
    assert!(home.mails().is_empty());
    let delivery = home.deliver(&issue("csat 0.81"));
    assert_eq!((delivery.outstanding.len(), home.mails().len()), (2, 0), "a night later too");
    let reason = delivery.outstanding[0].reason.clone().unwrap();
    assert!(reason.contains("remove `warehouse/ledger/customer/2026-W47.r1.json`"), "{reason}");
    fs::remove_file(home.path().join("ledger/customer/2026-W47.r1.json")).unwrap();
    let delivery = home.deliver(&issue("csat 0.81"));
    assert_eq!((delivery.outstanding.len(), home.mails().len()), (0, 2));
}

#[test]
fn what_is_owed_is_what_has_not_reached_its_destination() {
    let home = Home::new();
    let owed = OwedIssue {
        report: "customer".into(),
        period: "2026-W47".into(),
        revision: 1,
        figures: issue("csat 0.81").figures,
        version: 1,
        deliveries: deliveries_of(&issue("csat 0.81"), &home.routes()).unwrap(),
        is_delivered: false,
    };
    let open = || undelivered(&home.folders(), &home.routes(), &[&owed]).unwrap().len();
    assert_eq!(open(), 3, "a page and two mails");
    home.deliver(&Issue { hold: Some(hold()), ..issue("csat 0.81") });
    assert_eq!(open(), 2);
    home.deliver(&issue("csat 0.81"));
    assert_eq!(open(), 0);
    fs::remove_dir_all(home.path().join("mail")).unwrap();
    assert_eq!(open(), 0, "a mail that was taken away was delivered");
    fs::write(home.path().join("pages/customer/2026-W47/scorecard.json"), "[]").unwrap();
    assert_eq!(open(), 1, "a page that was changed is owed");
    let mut restyled = issue("csat 0.81");
    restyled.documents[0].bytes = b"<b>81 %</b>".into();
    home.deliver(&restyled);
    assert_eq!(open(), 1, "a page of another look is owed");
}

#[test]
fn a_page_that_waited_does_not_replace_a_later_one() {
    let home = Home::new();
    let closed = home.routes().into_iter().map(|route| Box::new(Closed(route)) as Box<dyn Route>);
    let closed: Vec<Box<dyn Route>> = closed.collect();
    deliver(&home.folders(), &closed, &Issue { email: None, ..issue("csat 0.81") }, night(1))
        .unwrap();
    let mut late = Issue { revision: 2, email: None, ..issue("csat 0.79") };
    late.documents[0].bytes = b"<p>79 %</p>".into();
    deliver(&home.folders(), &home.routes(), &late, night(1)).unwrap();
    home.resend_at(night(1));
    assert_eq!(home.read("pages/customer/2026-W47/scorecard.html"), "<p>79 %</p>");
}

#[test]
fn a_damaged_file_of_the_ledger_stays_and_holds_the_mails() {
    let home = Home::new();
    home.deliver(&issue("csat 0.81"));
    let ledger = home.path().join("ledger/customer/2026-W47.r1.json");
    fs::write(&ledger, "half").unwrap();
    fs::remove_dir_all(home.path().join("mail")).unwrap();
    for night in 0..3 {
        let delivery = home.deliver(&issue("csat 0.81"));
        assert_eq!(delivery.outstanding.len(), 2, "night {night}");
        assert!(home.mails().is_empty(), "night {night}");
        assert_eq!(fs::read(&ledger).unwrap(), b"half");
    }
}

#[test]
fn damaged_contents_are_never_handed_over() {
    let home = Home::new();
    let refusing = [Box::new(Refusing) as Box<dyn Route>];
    let delivery = deliver(&home.folders(), &refusing, &issue("csat 0.81"), night(1)).unwrap();
    let folder = home.outbox().join("payload");
    let kept = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path().join("scorecard.html");
    fs::write(kept, "<p>99 %</p>").unwrap();
    assert_eq!(delivery.outstanding[0].state, DeliveryState::Deferred);
    let held = resend(&home.folders(), &refusing, &[], Retry::WhenDue, night(1)).unwrap();
    assert_eq!(held.outstanding[0].state, DeliveryState::Held);
}

#[test]
fn what_could_not_be_handed_over_is_kept_and_goes_out_later() {
    let home = Home::new();
    fs::write(home.path().join("mail"), "a file where the folder should be").unwrap();
    let delivery = home.deliver(&issue("csat 0.81"));
    let states: Vec<DeliveryState> = delivery.outstanding.iter().map(|entry| entry.state).collect();
    assert_eq!(states, [DeliveryState::Deferred, DeliveryState::Deferred]);
    assert!(delivery.outstanding[0].reason.as_ref().unwrap().contains("mail"), "names the place");
    assert_eq!(delivery.receipts.len(), 1, "the pages went out");

    fs::remove_file(home.path().join("mail")).unwrap();
    let later = home.resend_at(night(1));
    assert_eq!(later.receipts.len(), 2, "without the issue at hand");
    assert_eq!(home.mails().len(), 2);
    assert!(home.names("outbox/payload").is_empty(), "nothing is kept that was delivered");
}

#[test]
fn an_outbox_of_an_earlier_version_is_delivered() {
    let home = Home::new();
    fs::write(home.path().join("mail"), "a file where the folder should be").unwrap();
    assert_eq!(home.deliver(&issue("csat 0.81")).outstanding.len(), 2);
    // Earlier versions called the folder `frozen`; what is in it has the same form.
    fs::rename(home.outbox().join("payload"), home.outbox().join("frozen")).unwrap();
    fs::remove_file(home.path().join("mail")).unwrap();
    let later = home.resend_at(night(1));
    assert_eq!((later.receipts.len(), later.outstanding.len()), (2, 0));
    assert_eq!(home.mails().len(), 2);
    assert!(!home.outbox().join("frozen").exists());
}

#[test]
fn what_was_refused_for_good_is_not_tried_again() {
    struct Closed;
    impl Route for Closed {
        fn name(&self) -> &'static str {
            "closed"
        }
        fn destinations(&self, _: &Issue) -> Vec<String> {
            vec!["nobody@example.com".into()]
        }
        fn payload(&self, issue: &Issue, _: &Label) -> Result<Vec<Document>, BadIssue> {
            Ok(issue.documents.clone())
        }
        fn hand_over(
            &self,
            _: &Label,
            _: &[Document],
            _: &mut dyn FnMut() -> Result<(), HandOverError>,
        ) -> Result<(), HandOverError> {
            Err(HandOverError::Never("no such mailbox".into()))
        }
    }
    let (home, closed) = (Home::new(), [Box::new(Closed) as Box<dyn Route>]);
    for _ in 0..2 {
        let delivery = deliver(&home.folders(), &closed, &issue("csat 0.81"), night(1)).unwrap();
        assert_eq!(delivery.outstanding[0].state, DeliveryState::Rejected);
        assert_eq!(delivery.outstanding[0].attempts, 1);
    }
    assert!(
        resend(&home.folders(), &closed, &[], Retry::WhenDue, night(1))
            .unwrap()
            .outstanding
            .is_empty()
    );
}

#[test]
fn killed_before_or_after_any_hand_over_the_next_call_finishes() {
    let undisturbed = Home::new();
    undisturbed.deliver(&issue("csat 0.81"));
    for (nth, is_done) in [(0, false), (0, true), (1, false), (1, true), (2, false), (2, true)] {
        let home = Home::new();
        let left = Cell::new(nth);
        let dying = |route| Box::new(Dying { route, is_done, left: &left }) as Box<dyn Route + '_>;
        let dying: Vec<Box<dyn Route + '_>> = home.routes().into_iter().map(dying).collect();
        let folders = home.folders();
        let killed = catch_unwind(AssertUnwindSafe(|| {
            deliver(&folders, &dying, &issue("csat 0.81"), night(1))
        }));
        assert!(killed.is_err());

        let delivery = home.deliver(&issue("csat 0.81"));
        assert_eq!((delivery.receipts.len(), delivery.outstanding.len()), (3, 0));
        assert_eq!(
            files(home.path()),
            files(undisturbed.path()),
            "killed at {nth}, done: {is_done}"
        );
    }
}

#[test]
fn half_written_files_of_a_killed_call_are_never_read() {
    let (home, undisturbed) = (Home::new(), Home::new());
    undisturbed.deliver(&issue("csat 0.81"));
    home.deliver(&Issue { email: None, ..issue("csat 0.81") });
    fs::remove_dir_all(home.path().join("pages")).unwrap();
    let half = [
        "pages/customer/.staged-2026-W47/scorecard.html",
        "pages/customer/.staged-retired-2026-W47/scorecard.html",
        "outbox/payload/.staged-abc/scorecard.html",
    ];
    for path in half.map(|path| home.path().join(path)) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "<p>8").unwrap();
    }
    let (mail, text) = undisturbed.mails().pop().unwrap();
    fs::create_dir_all(home.path().join("mail")).unwrap();
    fs::write(home.path().join(format!("mail/.staged-{mail}")), &text[..9]).unwrap();

    let delivery = home.deliver(&issue("csat 0.81"));
    assert_eq!((delivery.receipts.len(), delivery.outstanding.len()), (3, 0));
    assert_eq!(files(&home.path().join("pages")), files(&undisturbed.path().join("pages")));
    assert_eq!(home.mails(), undisturbed.mails());
    assert!(home.names("outbox/payload").is_empty());
}

#[test]
fn killed_while_replacing_a_page_the_next_call_finishes() {
    let home = Home::new();
    home.deliver(&issue("csat 0.81"));
    let mut late = issue("csat 0.79");
    late.documents = vec![page("scorecard.html", "<p>79 %</p>")];
    // Killed between the two renames: the former pages are moved, the new ones not yet published.
    fs::rename(
        home.path().join("pages/customer/2026-W47"),
        home.path().join("pages/customer/2026-W47.r1"),
    )
    .unwrap();
    home.deliver(&late);
    assert_eq!(home.read("pages/customer/2026-W47/scorecard.html"), "<p>79 %</p>");
    assert_eq!(home.read("pages/customer/2026-W47.r1/scorecard.html"), "<p>81 %</p>");
}

#[test]
fn a_hostile_name_is_refused_before_anything_is_written() {
    for name in ["../escape.html", "a/b.html", "..", "a\nb", ".hidden", "C:\\a.html"] {
        let home = Home::new();
        let bad = Issue { documents: vec![page(name, "x")], ..issue("csat 0.81") };
        let refused = deliver(&home.folders(), &home.routes(), &bad, night(1)).unwrap_err();
        assert!(matches!(refused, DeliveryError::Issue(BadIssue::Name { .. })), "{refused}");
        assert!(files(home.path()).is_empty(), "{name}");
    }
    let home = Home::new();
    let bad = Issue { report: "../../etc".into(), ..issue("csat 0.81") };
    assert!(deliver(&home.folders(), &home.routes(), &bad, night(1)).is_err());
}

#[test]
fn reading_an_outbox_changes_nothing() {
    let home = Home::new();
    assert!(Outbox::read(&home.folders()).unwrap().entries().is_empty());
    home.deliver(&Issue { hold: Some(hold()), ..issue("csat 0.81") });
    fs::write(home.outbox().join("0.json"), "half").unwrap();
    let before = files(home.path());
    let outbox = Outbox::read(&home.folders()).unwrap();
    assert_eq!((outbox.entries().len(), outbox.damaged()), (3, &["0.json".to_owned()][..]));
    assert_eq!(outbox.revision("customer", "2026-W47", &Fingerprint::of(b"csat 0.81")), 1);
    assert_eq!(outbox.revision("customer", "2026-W47", &Fingerprint::of(b"csat 0.79")), 2);
    assert_eq!(files(home.path()), before);
}

/// A route whose disk is full.
struct Refusing;

impl Route for Refusing {
    fn name(&self) -> &'static str {
        "full"
    }

    fn destinations(&self, issue: &Issue) -> Vec<String> {
        vec![format!("{}/{}", issue.report, issue.period.label())]
    }

    fn payload(&self, issue: &Issue, _: &Label) -> Result<Vec<Document>, BadIssue> {
        Ok(issue.documents.clone())
    }

    fn hand_over(
        &self,
        _: &Label,
        _: &[Document],
        _: &mut dyn FnMut() -> Result<(), HandOverError>,
    ) -> Result<(), HandOverError> {
        Err(HandOverError::Later("disk full".into()))
    }
}

/// A route that takes the process with it at its last call, before or after doing its work.
struct Dying<'a> {
    route: Box<dyn Route>,
    is_done: bool,
    left: &'a Cell<u32>,
}

impl Route for Dying<'_> {
    fn name(&self) -> &'static str {
        self.route.name()
    }

    fn destinations(&self, issue: &Issue) -> Vec<String> {
        self.route.destinations(issue)
    }

    fn payload(&self, issue: &Issue, label: &Label) -> Result<Vec<Document>, BadIssue> {
        self.route.payload(issue, label)
    }

    fn hand_over(
        &self,
        label: &Label,
        payload: &[Document],
        before_end: &mut dyn FnMut() -> Result<(), HandOverError>,
    ) -> Result<(), HandOverError> {
        let left = self.left.get();
        assert!(left > 0 || self.is_done, "killed");
        let done = self.route.hand_over(label, payload, before_end);
        assert!(left > 0, "killed");
        self.left.set(left - 1);
        done
    }

    fn is_replaceable(&self) -> bool {
        self.route.is_replaceable()
    }

    fn is_intact(&self, label: &Label, payload: &[Document]) -> bool {
        self.route.is_intact(label, payload)
    }
}

/// A route whose destination cannot be reached now.
struct Closed(Box<dyn Route>);

impl Route for Closed {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn destinations(&self, issue: &Issue) -> Vec<String> {
        self.0.destinations(issue)
    }

    fn payload(&self, issue: &Issue, label: &Label) -> Result<Vec<Document>, BadIssue> {
        self.0.payload(issue, label)
    }

    fn hand_over(
        &self,
        _: &Label,
        _: &[Document],
        _: &mut dyn FnMut() -> Result<(), HandOverError>,
    ) -> Result<(), HandOverError> {
        Err(HandOverError::Later("the disk is full".into()))
    }

    fn is_replaceable(&self) -> bool {
        self.0.is_replaceable()
    }
}
