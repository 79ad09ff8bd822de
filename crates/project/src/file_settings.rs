//! `[files]` of `scorewright.toml`: who may read what a run writes.

use std::fmt;

use scorewright_domain::{Fault, ProjectFile};
use scorewright_durable::{GroupId, Readers};
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use toml::Spanned;

/// Who may read what a run writes.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSettings {
    /// The group that tables, versions and pages are opened to; without one all is for its owner alone.
    group: Option<Spanned<GroupSetting>>,
}

/// A group as it is written.
#[derive(Debug, Clone)]
enum GroupSetting {
    Name(String),
    Number(GroupId),
}

impl FileSettings {
    /// Who reads tables, versions and pages.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when this machine does not have the group.
    pub(crate) fn readers(&self, file: &ProjectFile) -> Result<Readers, Fault> {
        let Some(group) = &self.group else { return Ok(Readers::Owner) };
        let name = match group.get_ref() {
            GroupSetting::Number(group) => return Ok(Readers::Group(*group)),
            GroupSetting::Name(name) => name,
        };
        let fault = |message| file.fault(Some(group.span()), message);
        match GroupId::named(name) {
            Ok(Some(group)) => Ok(Readers::Group(group)),
            Ok(None) => Err(fault(format!("this machine has no group `{name}`")).help(
                "`getent group` lists those it has; create it (as root: groupadd NAME), name another one, or write its number: \
                 group = 1001",
            )),
            Err(cause) => Err(fault(format!("the group `{name}` cannot be looked up: {cause}"))
                .help("run again when the machine knows its groups, or write its number: group = 1001")),
        }
    }
}

impl<'de> Deserialize<'de> for GroupSetting {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct NameOrNumber;
        impl Visitor<'_> for NameOrNumber {
            type Value = GroupSetting;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                write!(out, "the name of a group, or its number from 0 to {}", GroupId::LARGEST)
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<GroupSetting, E> {
                Ok(GroupSetting::Name(name.to_owned()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<GroupSetting, E> {
                let group = u32::try_from(number).ok().and_then(GroupId::numbered);
                let refused = || E::invalid_value(Unexpected::Signed(number), &self);
                group.map(GroupSetting::Number).ok_or_else(refused)
            }
        }
        from.deserialize_any(NameOrNumber)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readers(group: &str) -> Result<Readers, Fault> {
        let file = ProjectFile::new("scorewright.toml", format!("group = {group}\n"));
        file.toml::<FileSettings>()?.readers(&file)
    }

    #[test]
    fn a_group_is_a_name_or_a_number() {
        let group = |number| Readers::Group(GroupId::numbered(number).unwrap());
        assert_eq!(readers("1234").unwrap(), group(1234));
        assert_eq!(readers("\"root\"").unwrap(), group(0));
        for wrong in ["-1", "4294967295", "1.5", "true"] {
            assert!(readers(wrong).is_err(), "{wrong}");
        }
        let file = ProjectFile::new("scorewright.toml", "");
        assert_eq!(file.toml::<FileSettings>().unwrap().readers(&file).unwrap(), Readers::Owner);
    }

    #[test]
    fn a_group_that_the_machine_does_not_have_is_shown_where_it_stands() {
        let fault = readers("\"no-such-group\"").unwrap_err();
        assert_eq!(fault.message(), "this machine has no group `no-such-group`");
        assert_eq!(fault.position(), "scorewright.toml:1");
        assert!(fault.help_text().unwrap().contains("group = 1001"), "{fault:?}");
    }
}
