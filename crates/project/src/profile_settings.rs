//! `[profiles.<name>]` of `scorewright.toml`, as it is written.

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

/// The profiles of a project, by name.
pub(crate) type ProfileSettings = IndexMap<String, ProfileEntry>;

/// One profile as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileEntry {
    /// Folder of its extracts; that of the project when absent.
    #[serde(default)]
    pub(crate) extracts: Option<Spanned<String>>,
    /// Folder of its warehouse and documents, which no other profile has.
    pub(crate) state: Spanned<String>,
    /// Lines of each extract whose rows are kept.
    #[serde(default)]
    pub(crate) sample_lines: Option<Spanned<u64>>,
}
