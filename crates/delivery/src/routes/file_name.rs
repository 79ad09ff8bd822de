//! Names of the files that stand for what is sent: mails and messages.

use crate::label::Label;

/// A name that a person recognises; the start of the key keeps similar destinations apart.
pub(super) fn of(label: &Label, ending: &str) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }
    };
    let Label { report, period, revision, key, destination, .. } = label;
    let slug: String = destination.chars().take(40).map(plain).collect();
    let kind = if label.is_notice() { "held".into() } else { format!("r{revision}") };
    format!("{report}-{period}-{kind}-{slug}-{}.{ending}", &key[..12])
}
