//! A sender or recipient, checked before the mail library sees it.

use std::fmt;
use std::str::FromStr;

use lettre::Address;

/// A name and an address: `Board <board@example.com>` or `board@example.com`.
///
/// ```
/// use scorewright_delivery::Mailbox;
/// let mailbox: Mailbox = "Board <board@Example.com>".parse()?;
/// assert_eq!(mailbox.address(), "board@example.com");
/// assert!("Board\r\nBcc: all@example.com <board@example.com>".parse::<Mailbox>().is_err());
/// # Ok::<(), scorewright_delivery::BadMailbox>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    name: Option<String>,
    address: Address,
}

/// A text that is not one mailbox.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("`{text}` is not a mailbox: {why}")]
#[diagnostic(help(
    "write `Name <name@example.com>` or `name@example.com`, one mailbox for each entry"
))]
pub struct BadMailbox {
    text: String,
    why: &'static str,
}

impl Mailbox {
    /// The address alone, its domain in lower case.
    pub fn address(&self) -> &str {
        self.address.as_ref()
    }

    /// The name shown for it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(crate) fn domain(&self) -> &str {
        self.address.domain()
    }

    pub(crate) fn for_header(&self) -> lettre::message::Mailbox {
        lettre::message::Mailbox::new(self.name.clone(), self.address.clone())
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(out, "{name} <{}>", self.address()),
            None => out.write_str(self.address()),
        }
    }
}

impl FromStr for Mailbox {
    type Err = BadMailbox;

    fn from_str(text: &str) -> Result<Self, BadMailbox> {
        parse(text).map_err(|why| BadMailbox { text: text.escape_debug().take(200).collect(), why })
    }
}

fn parse(text: &str) -> Result<Mailbox, &'static str> {
    if text.chars().any(is_unprintable) {
        return Err("it holds a control character");
    }
    if text.len() > 400 {
        return Err("it is longer than 400 bytes");
    }
    let text = text.trim();
    let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) => (name_of(name.trim())?, address),
        None => (String::new(), text),
    };
    let name = (!name.is_empty()).then(|| plain(&name));
    Ok(Mailbox { name, address: address_of(address)? })
}

/// The address with its domain in lower case, so that one mailbox has one key in the outbox.
fn address_of(text: &str) -> Result<Address, &'static str> {
    if !text.is_ascii() {
        return Err("its address holds letters beyond ASCII (write the domain as `xn--...`)");
    }
    if text.contains(|letter: char| letter.is_ascii_whitespace() || "\"<>(),;:\\".contains(letter))
    {
        return Err("its address holds a character that only several or quoted addresses need");
    }
    let (user, domain) = text.rsplit_once('@').ok_or("its address has no `@`")?;
    Address::new(user, domain.to_ascii_lowercase()).map_err(|_| "its address is malformed")
}

/// `Doe, Jane` of `"Doe, Jane"`.
fn name_of(text: &str) -> Result<String, &'static str> {
    if let Some(inside) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        return Ok(inside.replace("\\\"", "\"").replace("\\\\", "\\"));
    }
    // Without quotes these could start a second mailbox.
    if text.contains(['<', '>', '@', ',', ';', '"']) {
        return Err("its name needs quotes");
    }
    Ok(text.into())
}

/// Breaks up what a mail program would decode as an encoded word, and so show as another text.
pub(crate) fn plain(text: &str) -> String {
    text.replace("=?", "= ?")
}

/// Control characters, line separators, and characters that reverse or hide text.
pub(crate) fn is_unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_refused() {
        for text in [
            "a@b.example\r\nBcc: x@y.example",
            "A\nB <a@b.example>",
            "a@b.example\0",
            "\u{202E}A <a@b.example>",
        ] {
            let bad = text.parse::<Mailbox>().unwrap_err();
            assert!(bad.to_string().ends_with("control character"), "{bad}");
            assert!(!bad.to_string().contains(['\r', '\n', '\0', '\u{202E}']));
        }
    }

    #[test]
    fn an_entry_is_one_mailbox() {
        for text in [
            "",
            "board",
            "@b.example",
            "a@",
            "a@b.example, c@d.example",
            "A <a@b.example> <c@d.example>",
            "\"a b\"@c.example",
            "jörg@b.example",
            "A <>",
        ] {
            assert!(text.parse::<Mailbox>().is_err(), "{text}");
        }
    }

    #[test]
    fn names_keep_their_letters() {
        let mailbox: Mailbox = "\"Müller, \\\"Ann\\\" 🎈\" <ann@b.example>".parse().unwrap();
        assert_eq!(mailbox.name(), Some("Müller, \"Ann\" 🎈"));
        assert_eq!(mailbox.to_string(), "Müller, \"Ann\" 🎈 <ann@b.example>");
        assert_eq!("<a@b.example>".parse::<Mailbox>().unwrap().name(), None);
    }
}
