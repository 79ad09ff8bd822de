//! What the answer of a webhook means for its message.

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

use crate::http::HttpAnswer;
use crate::route::{HandOverError, Pause};

/// Whether the message was taken, or is tried again, or never will be.
pub(super) fn outcome(answer: &HttpAnswer) -> Result<(), HandOverError> {
    let HttpAnswer { status, retry_after } = answer;
    let said = format!("the webhook answered with status {status}");
    match status {
        200..=299 => Ok(()),
        408 | 429 | 500..=599 => Err(match retry_after.as_deref().and_then(pause) {
            Some(pause) => HandOverError::Paused { reason: said, pause },
            None => HandOverError::Later(said),
        }),
        300..=399 => Err(HandOverError::Never(format!(
            "{said}: it is somewhere else by now, and no redirect is followed"
        ))),
        _ => Err(HandOverError::Never(said)),
    }
}

/// `120`, or `Sun, 06 Nov 1994 08:49:37 GMT`.
fn pause(text: &str) -> Option<Pause> {
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Pause::For(SignedDuration::from_secs(seconds.into())));
    }
    let date = DateTimeParser::new().parse_timestamp(text).ok();
    date.map(|date: Timestamp| Pause::Until(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, retry_after: Option<&str>) -> Result<(), HandOverError> {
        outcome(&HttpAnswer { status, retry_after: retry_after.map(str::to_owned) })
    }

    #[test]
    fn each_class_of_answer_has_its_outcome() {
        assert!([200, 202, 204, 299].into_iter().all(|status| answered(status, None).is_ok()));
        for status in [408, 429, 500, 503, 599] {
            let outcome = answered(status, None);
            assert!(matches!(outcome, Err(HandOverError::Later(_))), "{status} {outcome:?}");
        }
        for status in [301, 302, 307, 308, 400, 401, 403, 404, 410, 413, 422, 999] {
            let outcome = answered(status, Some("5"));
            assert!(matches!(outcome, Err(HandOverError::Never(_))), "{status} {outcome:?}");
        }
    }

    #[test]
    fn how_long_it_wants_to_be_left_alone_is_seconds_or_a_date() {
        let of = |text| match answered(429, Some(text)) {
            Err(HandOverError::Paused { pause, .. }) => Some(pause),
            _ => None,
        };
        assert_eq!(of("30"), Some(Pause::For(SignedDuration::from_secs(30))));
        let date = "1994-11-06T08:49:37Z".parse().unwrap();
        assert_eq!(of("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Pause::Until(date)));
        for none in ["", "-5", "soon", "99999999999999999999"] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
