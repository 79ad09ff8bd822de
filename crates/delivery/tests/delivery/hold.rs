//! Mails of a period that is not whole: held until a deadline, then sent as they are, and completed.

use std::fs;

use jiff::SignedDuration;
use scorewright_delivery::{
    Delivery, DeliveryState, Hold, Issue, Retry, deliver, deliveries_of, resend, undelivered,
};
use scorewright_domain::OwedIssue;

use crate::fixture::{Home, files, header, hold, issue, night, page};

const WHOLE: &str = "All 2 on track - w/e 22 Nov";
const PARTIAL: &str = "[Partial] All 2 on track - w/e 22 Nov";

/// The report of a period that is not whole.
fn partial(figures: &str) -> Issue {
    let mut issue = Issue { hold: Some(hold()), ..issue(figures) };
    issue.email.as_mut().unwrap().subject = PARTIAL.into();
    issue
}

/// The same for readers who are told at once that it is held.
fn noticed(figures: &str) -> Issue {
    let notice = Some("Customer scorecard - w/e 22 Nov".into());
    Issue { hold: Some(Hold { notice, ..hold() }), ..partial(figures) }
}

fn states(delivery: &Delivery) -> Vec<DeliveryState> {
    delivery.outstanding.iter().map(|entry| entry.state).collect()
}

fn new_mails(delivery: &Delivery) -> usize {
    let is_new_mail =
        |receipt: &&scorewright_domain::Receipt| receipt.is_new && receipt.route == "eml";
    delivery.receipts.iter().filter(is_new_mail).count()
}

/// Subjects of the mails to one of the two recipients, by revision.
fn to_ann(home: &Home) -> Vec<String> {
    let mails =
        home.mails().into_iter().filter(|(_, mail)| header(mail, "To") == "ann@example.com");
    mails.map(|(_, mail)| header(&mail, "Subject")).collect()
}

#[test]
fn a_mail_is_held_and_says_why_and_until_when() {
    let home = Home::new();
    let held = home.deliver(&partial("csat 0.81"));
    assert_eq!(held.receipts.len(), 1, "pages do not wait");
    assert_eq!(states(&held), [DeliveryState::Held, DeliveryState::Held]);
    let said = "held until 2026-11-24 03:30 UTC: the survey extract is missing";
    assert!(held.outstanding.iter().all(|entry| entry.why() == said), "{held:?}");
    assert!(home.mails().is_empty());
}

#[test]
fn a_deadline_that_is_over_sends_it_as_it_is_and_once() {
    let home = Home::new();
    home.deliver(&partial("csat 0.81"));
    let early = home.resend_at("2026-11-24T03:29:59Z".parse().unwrap());
    assert_eq!((states(&early).len(), home.mails().len()), (2, 0));
    let late = home.resend_at(night(2));
    assert_eq!((new_mails(&late), late.outstanding.len()), (2, 0));
    assert_eq!(home.subjects(), [PARTIAL, PARTIAL]);
    let before = files(home.path());
    home.resend_at(night(3));
    home.deliver_at(&partial("csat 0.81"), night(3));
    assert_eq!(files(home.path()), before, "nothing is sent twice");
}

#[test]
fn the_same_figures_a_night_later_do_not_move_the_deadline() {
    let home = Home::new();
    home.deliver(&partial("csat 0.81"));
    let before = files(home.path());
    home.deliver_at(&partial("csat 0.81"), night(1) + SignedDuration::from_hours(20));
    assert_eq!(files(home.path()), before);
    let late = home.deliver_at(&partial("csat 0.81"), night(2));
    assert_eq!((new_mails(&late), late.outstanding.len()), (2, 0));
}

#[test]
fn a_span_of_zero_does_not_hold() {
    let home = Home::new();
    let mut at_once = partial("csat 0.81");
    at_once.hold.as_mut().unwrap().span = SignedDuration::ZERO;
    assert_eq!(new_mails(&home.deliver(&at_once)), 2);
    assert_eq!(to_ann(&home), [PARTIAL]);
    home.deliver(&issue("csat 0.82"));
    assert_eq!(to_ann(&home), [PARTIAL, "Complete: All 2 on track - w/e 22 Nov"]);
}

#[test]
fn a_shorter_span_ends_a_hold_and_a_longer_one_does_not_prolong_it() {
    let home = Home::new();
    home.deliver(&partial("csat 0.81"));
    let spanning = |hours| {
        let mut issue = partial("csat 0.81");
        issue.hold.as_mut().unwrap().span = SignedDuration::from_hours(hours);
        issue
    };
    let longer = home.deliver_at(&spanning(700), night(1));
    assert_eq!(longer.outstanding[0].waits_until().unwrap().to_string(), "2026-11-24T03:30:00Z");
    assert_eq!(new_mails(&home.deliver_at(&spanning(0), night(1))), 2);
}

#[test]
fn pages_alone_do_not_wait() {
    let home = Home::new();
    let delivery = home.deliver(&Issue { email: None, ..partial("csat 0.81") });
    assert_eq!((delivery.receipts.len(), delivery.outstanding.len()), (1, 0));
}

#[test]
fn a_whole_revision_before_the_deadline_is_the_only_mail_and_no_correction() {
    let home = Home::new();
    home.deliver(&partial("csat 0.81"));
    let whole = home.deliver_at(&issue("csat 0.82"), night(2));
    assert_eq!(whole.outstanding, []);
    assert_eq!(home.subjects(), [WHOLE, WHOLE]);
    assert!(home.mails().iter().all(|(name, _)| name.contains("-r2-")));
    assert!(home.read("ledger/customer/2026-W47.r1.json").contains("\"cancelled\""));
    home.resend_at(night(9));
    home.deliver_at(&issue("csat 0.82"), night(9));
    assert_eq!(home.mails().len(), 2, "the first is never sent");
}

#[test]
fn what_was_sent_as_partial_is_completed_and_then_corrected() {
    let home = Home::new();
    let showing =
        |text: &str, issue| Issue { documents: vec![page("scorecard.html", text)], ..issue };
    home.deliver(&showing("81 %", partial("csat 0.81")));
    home.resend_at(night(2));
    home.deliver_at(&showing("82 %", issue("csat 0.82")), night(3));
    home.deliver_at(&showing("83 %", issue("csat 0.83")), night(4));
    let complete = "Complete: All 2 on track - w/e 22 Nov";
    let correction = "Correction: All 2 on track - w/e 22 Nov";
    assert_eq!(to_ann(&home), [PARTIAL, complete, correction]);
    let pages = home.names("pages/customer");
    assert_eq!(pages.len(), 3, "each former page is kept: {pages:?}");
}

#[test]
fn a_second_partial_revision_has_the_deadline_of_the_first() {
    let home = Home::new();
    home.deliver(&partial("csat 0.81"));
    let second = home.deliver_at(&partial("csat 0.82"), night(1) + SignedDuration::from_hours(20));
    assert_eq!(second.outstanding.len(), 2, "the first waits no longer");
    assert_eq!(second.outstanding[0].label.revision, 2);
    assert_eq!(second.outstanding[0].waits_until().unwrap().to_string(), "2026-11-24T03:30:00Z");
    home.resend_at(night(2));
    assert_eq!(to_ann(&home), [PARTIAL]);
    home.deliver_at(&partial("csat 0.83"), night(3));
    assert_eq!(to_ann(&home), [PARTIAL], "that a part has grown is no news");
    home.deliver_at(&issue("csat 0.84"), night(4));
    assert_eq!(to_ann(&home), [PARTIAL, "Complete: All 2 on track - w/e 22 Nov"]);
}

#[test]
fn a_later_revision_whose_deadline_is_over_takes_the_place_of_a_held_one() {
    let home = Home::new();
    home.deliver(&partial("csat 0.81"));
    home.deliver_at(&partial("csat 0.82"), night(3));
    assert_eq!(to_ann(&home), [PARTIAL]);
    assert!(home.mails().iter().all(|(name, _)| name.contains("-r2-")));
}

#[test]
fn what_a_reader_has_is_not_sent_again_after_a_held_revision() {
    let home = Home::new();
    home.deliver(&issue("csat 0.81"));
    home.deliver(&partial("csat 0.70"));
    let again = home.deliver_at(&issue("csat 0.81"), night(2));
    assert_eq!((home.mails().len(), again.outstanding.len()), (2, 0));
    home.deliver_at(&issue("csat 0.82"), night(3));
    assert_eq!(to_ann(&home), [WHOLE, "Correction: All 2 on track - w/e 22 Nov"]);
}

#[test]
fn a_revision_that_could_not_be_offered_yet_is_waited_for() {
    let home = Home::new();
    home.deliver(&partial("csat 0.81"));
    let owed = owed(&home, &Issue { revision: 2, ..issue("csat 0.82") });
    let delivery =
        resend(&home.folders(), &home.routes(), &[owed], Retry::WhenDue, night(2)).unwrap();
    assert_eq!((home.mails().len(), delivery.outstanding.len()), (0, 0));
    let whole = Issue { revision: 2, ..issue("csat 0.82") };
    deliver(&home.folders(), &home.routes(), &whole, night(2)).unwrap();
    assert_eq!(home.subjects(), [WHOLE, WHOLE]);
}

#[test]
fn who_is_no_recipient_any_more_gets_no_held_mail() {
    let home = Home::new();
    home.deliver(&partial("csat 0.81"));
    let mut fewer = partial("csat 0.81");
    fewer.email.as_mut().unwrap().to.remove(0);
    assert_eq!(home.deliver(&fewer).outstanding.len(), 1);
    home.resend_at(night(2));
    assert_eq!(home.mails().len(), 1);
    assert_eq!(to_ann(&home), [PARTIAL]);
}

#[test]
fn a_lost_outbox_holds_a_mail_anew_and_never_one_that_may_be_out() {
    let home = Home::new();
    home.deliver(&partial("csat 0.81"));
    fs::remove_dir_all(home.outbox()).unwrap();
    let anew = home.deliver_at(&partial("csat 0.81"), night(2));
    assert_eq!(anew.outstanding[0].waits_until().unwrap().to_string(), "2026-11-25T03:30:00Z");
    // A file where the folder should be: the mails are released and not handed over.
    fs::write(home.path().join("mail"), "").unwrap();
    assert_eq!(states(&home.resend_at(night(3))), [DeliveryState::Deferred; 2]);
    fs::remove_dir_all(home.outbox()).unwrap();
    fs::remove_file(home.path().join("mail")).unwrap();
    for day in 4..7 {
        let lost = home.deliver_at(&partial("csat 0.81"), night(day));
        assert_eq!(states(&lost), [DeliveryState::Held; 2]);
        assert_eq!(lost.outstanding[0].waits_until(), None, "it waits for a person");
        home.resend_at(night(day));
    }
    assert!(home.mails().is_empty());
}

#[test]
fn a_call_that_died_while_it_released_is_finished_by_the_next() {
    for is_offered in [false, true] {
        let home = Home::new();
        home.deliver(&partial("csat 0.81"));
        let held = files(&home.outbox());
        fs::write(home.path().join("mail"), "").unwrap();
        home.resend_at(night(2));
        // The ledger has the release, and the entries are as they were before it.
        for (name, text) in held {
            fs::write(home.outbox().join(name), text).unwrap();
        }
        fs::remove_file(home.path().join("mail")).unwrap();
        let next = if is_offered {
            home.deliver_at(&partial("csat 0.81"), night(2))
        } else {
            home.resend_at(night(2))
        };
        assert_eq!((new_mails(&next), next.outstanding.len()), (2, 0));
    }
}

#[test]
fn damaged_contents_of_a_held_mail_are_made_again() {
    let home = Home::new();
    home.deliver(&partial("csat 0.81"));
    for (name, _) in files(&home.outbox().join("payload")) {
        fs::write(home.outbox().join("payload").join(name), "half").unwrap();
    }
    let damaged = home.resend_at(night(2));
    assert!(damaged.outstanding.iter().all(|entry| entry.waits_until().is_none()));
    let mended = home.deliver_at(&partial("csat 0.81"), night(2));
    assert_eq!((new_mails(&mended), mended.outstanding.len()), (2, 0));
}

fn owed(home: &Home, issue: &Issue) -> OwedIssue {
    OwedIssue {
        report: "customer".into(),
        period: "2026-W47".into(),
        revision: issue.revision,
        figures: issue.figures.clone(),
        version: 1,
        deliveries: deliveries_of(issue, &home.routes()).unwrap(),
        is_delivered: false,
    }
}

#[test]
fn what_is_held_is_owed_until_a_later_revision_takes_its_place() {
    let home = Home::new();
    home.deliver(&partial("csat 0.81"));
    let owed = owed(&home, &partial("csat 0.81"));
    let open = || undelivered(&home.folders(), &home.routes(), &[&owed]).unwrap();
    assert_eq!(open().len(), 2);
    assert!(open().iter().all(|open| open.waits_until.is_some()), "nothing is to be done");
    home.deliver(&issue("csat 0.82"));
    assert!(open().iter().all(|open| open.label.route == "pages"), "a later page is there");
}

#[test]
fn recipients_are_told_once_that_the_report_is_held() {
    let home = Home::new();
    let told = home.deliver(&noticed("csat 0.81"));
    assert_eq!((new_mails(&told), states(&told)), (2, vec![DeliveryState::Held; 2]));
    assert_eq!(to_ann(&home), ["[Held] Customer scorecard - w/e 22 Nov"]);
    let (name, mail) = home.mails().remove(0);
    assert!(name.starts_with("customer-2026-W47-held-"), "{name}");
    assert!(header(&mail, "Content-Type").starts_with("text/plain"));
    let text = mail.replace("=\r\n", "");
    assert!(text.contains("the survey extract is missing"), "{text}");
    assert!(text.contains("by 2026-11-24 03:30 UTC, the first run after that"), "{text}");
    assert!(!text.contains("on track"), "it tells no figure");

    home.deliver_at(&noticed("csat 0.81"), night(1));
    home.deliver_at(&noticed("csat 0.82"), night(1));
    fs::remove_dir_all(home.outbox()).unwrap();
    home.deliver_at(&noticed("csat 0.83"), night(1));
    assert_eq!(home.mails().len(), 2, "once for a report, period and recipient");
    home.resend_at(night(3));
    let held = "[Held] Customer scorecard - w/e 22 Nov";
    assert_eq!(to_ann(&home), [held, PARTIAL]);
    home.deliver_at(&issue("csat 0.84"), night(4));
    assert_eq!(to_ann(&home)[2], "Complete: All 2 on track - w/e 22 Nov");
}

#[test]
fn a_notice_that_could_not_be_sent_in_time_is_not_sent() {
    let home = Home::new();
    fs::write(home.path().join("mail"), "").unwrap();
    let waiting = home.deliver(&noticed("csat 0.81"));
    assert_eq!(waiting.outstanding.len(), 4, "two notices and two reports");
    fs::remove_file(home.path().join("mail")).unwrap();
    let late = home.resend_at(night(2));
    assert_eq!(late.outstanding, []);
    assert_eq!(home.subjects(), [PARTIAL, PARTIAL]);
}

#[test]
fn a_report_that_is_not_held_sends_no_notice() {
    let home = Home::new();
    let mut at_once = noticed("csat 0.81");
    at_once.hold.as_mut().unwrap().span = SignedDuration::ZERO;
    home.deliver(&at_once);
    assert_eq!(home.subjects(), [PARTIAL, PARTIAL]);
}
