//! What a report file may not say, whatever the metrics of the project are.

use std::collections::BTreeSet;

use scorewright_domain::{Fault, Grain, environment_reference};

use super::{Mail, Report, mail_age};
use crate::line_name::LineName;

impl Report {
    /// What is wrong with a report by itself: the first fault of it.
    pub(super) fn verify(&self) -> Result<(), Fault> {
        if self.group.is_empty() {
            return Err(self
                .fault("title", "the report shows nothing")
                .help("add a `[[group]]` with `lines`"));
        }
        if !(2..=104).contains(&self.history) {
            return Err(self
                .fault("history", format!("a history of {} periods cannot be drawn", self.history))
                .help("write a number from 2 to 104"));
        }
        self.verify_grain()?;
        self.verify_name()?;
        self.verify_groups()?;
        self.verify_mail()?;
        self.verify_webhook()?;
        self.verify_hold()?;
        self.verify_link()
    }

    /// An issue is of a period that ends.
    fn verify_grain(&self) -> Result<(), Fault> {
        if self.grain != Grain::All {
            return Ok(());
        }
        let fault = self.fault("grain", "a report has no issue of everything known");
        Err(fault.help(
            "write a day, week, month, quarter or year; a metric that is stated by `all` alone is shown on each of them",
        ))
    }

    /// Pages are files below a folder of that name.
    fn verify_name(&self) -> Result<(), Fault> {
        const LONGEST: usize = 100;
        let id = self.id();
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        let is_name = id.starts_with(|first: char| first.is_ascii_alphanumeric())
            && id.chars().all(is_part)
            && id.len() <= LONGEST;
        if is_name {
            return Ok(());
        }
        let fault = self.fault("title", format!("`{id}` cannot be the name of a report"));
        Err(fault.help(
            "rename its folder: up to 100 letters, digits, `-`, `_` and `.`, and a letter or digit first",
        ))
    }

    fn verify_mail(&self) -> Result<(), Fault> {
        match &self.mail {
            Some(Mail { stale_after: Some(text), .. }) if mail_age::days(text).is_none() => {
                Err(self.fault(text, format!("`{text}` is no number of days up to 3660")).help(
                    "`40d`, or `6w`; a mail that is asked for is sent however old its period is",
                ))
            }
            _ => Ok(()),
        }
    }

    fn verify_webhook(&self) -> Result<(), Fault> {
        match &self.webhook {
            Some(webhook) if !webhook.has_name() => Err(self
                .fault(&webhook.name, format!("`{}` cannot be the name of a webhook", webhook.name))
                .help("up to 60 letters, digits, `-`, `_` and `.`, and a letter or digit first")),
            _ => Ok(()),
        }
    }

    fn verify_hold(&self) -> Result<(), Fault> {
        let Some(hold) = &self.hold else { return Ok(()) };
        if !self.is_sent() {
            return Err(self
                .fault("[hold]", "`[hold]` is of mails, and the report has none")
                .help("add `[mail]` or `[webhook]`, or remove `[hold]`; pages are never held"));
        }
        match &hold.longest {
            Some(text) if hold.span().is_none() => Err(self
                .fault(text, format!("`{text}` is no time of up to 30 days"))
                .help("`24h`, `90m` or `1h 30m`, up to `720h`; `0h` sends the mail at once")),
            _ => Ok(()),
        }
    }

    fn verify_groups(&self) -> Result<(), Fault> {
        let mut seen = BTreeSet::new();
        for group in &self.group {
            if group.lines.is_empty() {
                let message = format!("the group `{}` has no lines", group.title);
                return Err(self.fault(&group.title, message));
            }
            if let Some(again) = group.lines.iter().find(|line| !seen.insert(LineName::new(line))) {
                return Err(self
                    .fault(again, format!("`{again}` is shown twice"))
                    .help("keep one of the two"));
            }
        }
        Ok(())
    }

    fn verify_link(&self) -> Result<(), Fault> {
        let mail = self.mail.iter().filter_map(|mail| mail.link.as_deref());
        let webhook = self.webhook.iter().filter_map(|webhook| webhook.link.as_deref());
        let is_wrong = |link: &&str| environment_reference(link).is_none() && !is_web_address(link);
        match mail.chain(webhook).find(is_wrong) {
            Some(link) => Err(self
                .fault(link, format!("`{link}` is not a web address"))
                .help("write it as `https://…`, without spaces")),
            None => Ok(()),
        }
    }
}

/// Graphic letters of ASCII that no address has (RFC 3986, 2).
const NOT_IN_ADDRESSES: &str = "\"<>\\^`{|}";

/// Only web addresses become links: `javascript:` and the like never do.
fn is_web_address(link: &str) -> bool {
    let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let is_of_address =
            |letter: char| letter.is_ascii_graphic() && !NOT_IN_ADDRESSES.contains(letter);
        !rest.is_empty() && rest.chars().all(is_of_address)
    })
}
