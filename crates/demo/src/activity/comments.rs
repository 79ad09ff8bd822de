//! What people write into free text fields: commas, quotes, line breaks, accents, and worse.

use crate::random::RandomStream;

const HAPPY: [&str; 12] = [
    "Great service, quick and friendly.",
    "Alles bestens – danke an das Team! 👍",
    "It just works, and when it does not, \"Ada\" fixes it.",
    "Très satisfait, merci beaucoup.",
    "Onboarding was smooth, thank you Grace",
    "10/10, would recommend | already did",
    "Good value.\nSupport answers fast.",
    "Snabbt och enkelt, inga problem.",
    "<b>Love</b> the new dashboard",
    "Nothing to complain about; keep going",
    "¡Muy bien! Sólo falta el modo oscuro.",
    "saves us 2-3 hours a week",
];
const MIXED: [&str; 8] = [
    "OK, but expensive",
    "Fine on the whole, the mobile app lags behind.",
    "Works, though the documentation is thin, e.g. for the API.",
    "Geht so.",
    "Some features are hard to find;\nsearch would help",
    "Neither good nor bad",
    "Pas mal, peut mieux faire…",
    "=SUM(A1:A9) in the export breaks our sheet",
];
const UNHAPPY: [&str; 10] = [
    "Too slow, too often.",
    "I had to ask three times, \"please be patient\" is not an answer",
    "Sehr enttäuschend. Niemand fühlt sich zuständig.",
    "We are looking at alternatives 😞",
    "Support closes tickets without solving them",
    "Trop lent, trop cher.",
    "Page after page of <script> errors",
    "Promised a call back, never happened.\nTwice.",
    "Price went up, quality went down",
    "Nobody told us about the change; our Monday was lost",
];
const RELEASE: [&str; 5] = [
    "Since release 4.2 the export stops half way.",
    "4.2 broke our dashboards, please roll back!",
    "Seit dem Update auf 4.2 geht nichts mehr",
    "The update on Monday cost us two days",
    "Release 4.2: slow, \"unexpected error\", data missing",
];
const BILLING: [&str; 5] = [
    "Three weeks for a corrected invoice",
    "Billing does not answer, sent four mails",
    "Charged twice, refund took a month",
    "Rechnung zweimal falsch, Antwort nach 9 Tagen",
    "Your billing team seems to be one person",
];

/// What colours a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommentCause {
    Release,
    Billing,
    Nothing,
}

/// A comment that goes with a score from 0 to 10; most people write none.
pub(crate) fn comment(random: &mut RandomStream, score: u32, cause: CommentCause) -> &'static str {
    if !random.chance(if score <= 6 { 550 } else { 220 }) {
        return "";
    }
    match (score, cause) {
        (9.., _) => random.pick(&HAPPY),
        (7.., _) => random.pick(&MIXED),
        (_, CommentCause::Release) => random.pick(&RELEASE),
        (_, CommentCause::Billing) => random.pick(&BILLING),
        (_, CommentCause::Nothing) => random.pick(&UNHAPPY),
    }
}
