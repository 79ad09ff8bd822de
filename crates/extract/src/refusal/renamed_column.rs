//! A column that was there before and is not, beside one that is there for the first time.

use std::fmt;

use miette::Diagnostic;
use scorewright_domain::nearest;

use super::truncate::{listed, shortened};

/// Most columns that a message names.
const SHOWN: usize = 10;

/// Columns that vanished from the extracts of a source while others came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenamedColumn {
    /// Optional columns that earlier extracts had: canonical names, each with the first name looked for.
    pub vanished: Vec<(String, String)>,
    /// Columns that no earlier extract had and that the source does not declare.
    pub fresh: Vec<String>,
    /// The source's file.
    pub path: String,
}

impl fmt::Display for RenamedColumn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |name: &str| format!("`{}`", shortened(name));
        let vanished = self.vanished.iter().map(|(_, name)| named(name));
        let fresh = self.fresh.iter().map(|name| named(name));
        write!(
            out,
            "it has no column {}, which extracts before it had, and for the first time {}",
            listed(vanished, SHOWN, 0),
            listed(fresh, SHOWN, 0)
        )
    }
}

impl std::error::Error for RenamedColumn {}

impl Diagnostic for RenamedColumn {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let fresh = self.fresh.first()?;
        let names: Vec<&str> = self.vanished.iter().map(|(_, name)| name.as_str()).collect();
        let is_near = |(_, name): &&(String, String)| nearest(fresh, &names) == Some(name.as_str());
        let (column, from) = self.vanished.iter().find(is_near).or(self.vanished.first())?;
        let fresh = shortened(fresh);
        Some(Box::new(format!(
            "where it was renamed, add the new name in `{path}`: `from = [\"{from}\", \"{fresh}\"]` of `{column}`\n\
             where it was not, list the new one there in `ignored`: values are then missing from here on",
            path = self.path
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_columns_that_vanished_the_nearest_is_the_one_that_was_renamed() {
        let named = |name: &str| (name.to_lowercase(), name.to_owned());
        let vanished = ["Priority", "Type", "Email"].map(named).to_vec();
        let renamed = RenamedColumn { vanished, fresh: vec!["Typ".into()], path: "s.toml".into() };
        let help = renamed.help().expect("it says what mends it").to_string();
        assert!(help.contains("`from = [\"Type\", \"Typ\"]` of `type`"), "{help}");
    }
}
