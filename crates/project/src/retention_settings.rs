//! `[retention]` of `scorewright.toml`: how long versions are kept.

use std::num::NonZeroU32;

use jiff::{SignedDuration, Span, SpanRelativeTo};
use scorewright_domain::{Fault, ProjectFile};
use scorewright_warehouse::Retention;
use serde::Deserialize;
use toml::Spanned;

use crate::output_retention::OutputRetention;

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
    /// How long records of runs are kept that no kept version needs.
    runs: Option<Spanned<String>>,
    /// How long mail files are kept that were delivered.
    mails: Option<Spanned<String>>,
    /// How long pages are kept that were replaced and that no kept version shows.
    pages: Option<Spanned<String>>,
}

impl RetentionEntry {
    /// How long versions are kept.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when `nightly` is zero, or `min_age` is no length of time.
    pub(crate) fn retention(&self, file: &ProjectFile) -> Result<Retention, Fault> {
        let default = Retention::default();
        let min_age = age(file, "min_age", self.min_age.as_ref(), default.min_age)?;
        Ok(Retention {
            nightly: self.nightly(file)?.unwrap_or(default.nightly),
            monthly: self.monthly.unwrap_or(default.monthly),
            min_age,
        })
    }
}

impl RetentionEntry {
    /// How long is kept what runs leave in `out/`.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when one of them is no length of time.
    pub(crate) fn outputs(&self, file: &ProjectFile) -> Result<OutputRetention, Fault> {
        let default = OutputRetention::default();
        Ok(OutputRetention {
            runs: age(file, "runs", self.runs.as_ref(), default.runs)?,
            mails: age(file, "mails", self.mails.as_ref(), default.mails)?,
            pages: age(file, "pages", self.pages.as_ref(), default.pages)?,
        })
    }

    fn nightly(&self, file: &ProjectFile) -> Result<Option<NonZeroU32>, Fault> {
        let Some(written) = &self.nightly else { return Ok(None) };
        let nightly = NonZeroU32::new(*written.get_ref()).ok_or_else(|| {
            let fault = file.fault(Some(written.span()), "`nightly` is at least 1");
            fault.help("the newest version always stays: write how many of the newest are kept")
        })?;
        Ok(Some(nightly))
    }
}

/// The length of time that a key says, or its default.
fn age(
    file: &ProjectFile,
    key: &str,
    written: Option<&Spanned<String>>,
    default: SignedDuration,
) -> Result<SignedDuration, Fault> {
    let Some(written) = written else { return Ok(default) };
    length_of_time(written.get_ref()).ok_or_else(|| {
        let message = format!("`{key}` is no length of time: `{}`", written.get_ref());
        let fault = file.fault(Some(written.span()), message);
        fault.help("`90d`, `24h` or `1h 30m`; `0h` keeps nothing for its age alone")
    })
}

/// Hours and less, and days and weeks of 24 hours each.
fn length_of_time(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    (!length.is_negative()).then_some(length)
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
    fn ages_are_hours_or_days() {
        let text = "runs = \"2d\"\nmails = \"1w\"\npages = \"0h\"\n";
        let file = ProjectFile::new("scorewright.toml", text);
        let outputs = file.toml::<RetentionEntry>().unwrap().outputs(&file).unwrap();
        assert_eq!(outputs.runs, SignedDuration::from_hours(48));
        assert_eq!(outputs.mails, SignedDuration::from_hours(7 * 24));
        assert_eq!(outputs.pages, SignedDuration::ZERO);
        let wrong = ProjectFile::new("scorewright.toml", "mails = \"1 month\"\n");
        let fault = wrong.toml::<RetentionEntry>().unwrap().outputs(&wrong).unwrap_err();
        assert_eq!(fault.message(), "`mails` is no length of time: `1 month`");
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
