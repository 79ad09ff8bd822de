//! Presets: the part of the standard library that chosen sources feed.
//!
//! ```text
//! roles       which staging models feed which role       union   the SQL of a role over them
//! kept        models and metrics that the chosen sources reach
//! entries     entries of a TOML file about the rest, removed
//! goals       targets as examples
//! fitted      each file as a project with the kept parts gets it
//! selection   all of them; catalogue   the sources to choose from
//! extension   what further sources add to a project; merged   its files that say something of every source
//! ```

mod union;

mod roles;

mod kept;

mod entries;

mod fitted;
mod goals;

mod catalogue;
mod selection;

mod merged;

mod extension;

pub use catalogue::{CatalogueEntry, catalogue};
pub(crate) use extension::Extension;
pub(crate) use selection::check_names;
pub use selection::{Selection, SelectionError};
