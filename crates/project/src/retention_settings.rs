//! `[retention]` of `scorewright.toml`: how long versions are kept.

use std::num::NonZeroU32;

use jiff::SignedDuration;
use scorewright_domain::{Fault, ProjectFile};
use scorewright_warehouse::Retention;
use serde::Deserialize;
use toml::Spanned;

/// How long versions are kept, as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetentionEntry {
    /// How many of the newest versions are kept.
    nightly: Option<Spanned<u32>>,
    /// Of how many months the newest version is kept.
    monthly: Option<u32>,
    /// How long a version or a file stays at least, whatever the counts say.
    min_age: Option<Spanned<String>>,
}

impl RetentionEntry {
    /// How long versions are kept.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when `nightly` is zero, or `min_age` is no length of time.
    pub(crate) fn retention(&self, file: &ProjectFile) -> Result<Retention, Fault> {
        let default = Retention::default();
        let min_age = match &self.min_age {
            None => default.min_age,
            Some(text) => min_age(text.get_ref()).ok_or_else(|| {
                let message = format!("`min_age` is no length of time: `{}`", text.get_ref());
                let fault = file.fault(Some(text.span()), message);
                fault.help("`24h`, `90m` or `1h 30m`; `0h` keeps nothing for its age alone")
            })?,
        };
        Ok(Retention {
            nightly: self.nightly(file)?.unwrap_or(default.nightly),
            monthly: self.monthly.unwrap_or(default.monthly),
            min_age,
        })
    }
}

impl RetentionEntry {
    fn nightly(&self, file: &ProjectFile) -> Result<Option<NonZeroU32>, Fault> {
        let Some(written) = &self.nightly else { return Ok(None) };
        let nightly = NonZeroU32::new(*written.get_ref()).ok_or_else(|| {
            let fault = file.fault(Some(written.span()), "`nightly` is at least 1");
            fault.help("the newest version always stays: write how many of the newest are kept")
        })?;
        Ok(Some(nightly))
    }
}

fn min_age(text: &str) -> Option<SignedDuration> {
    text.parse().ok().filter(|age: &SignedDuration| !age.is_negative())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Retention, Fault> {
        let file = ProjectFile::new("scorewright.toml", text);
        file.toml::<RetentionEntry>()?.retention(&file)
    }

    #[test]
    fn what_is_not_said_is_as_by_default() {
        assert_eq!(read("").unwrap(), Retention::default());
        let retention = read("nightly = 7\nmin_age = \"90m\"\n").unwrap();
        assert_eq!((retention.nightly.get(), retention.monthly), (7, 12));
        assert_eq!(retention.min_age, SignedDuration::from_mins(90));
    }

    #[test]
    fn the_newest_version_always_stays_and_an_age_is_a_length_of_time() {
        for wrong in ["nightly = 0", "monthly = -1", "min_age = \"-1h\"", "min_age = \"soon\""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let fault = read("min_age = \"soon\"\n").unwrap_err();
        assert_eq!(fault.message(), "`min_age` is no length of time: `soon`");
        assert_eq!(fault.position(), "scorewright.toml:1");
        assert_eq!(read("nightly = 0\n").unwrap_err().message(), "`nightly` is at least 1");
    }
}
