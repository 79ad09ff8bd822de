//! Names that tables give to columns of their own, so that no source may declare them.

/// Column that says since when a version of a key is valid; of `load = "snapshot"` only.
pub const VALID_FROM: &str = "valid_from";
/// Column that says until when it was; null while it is.
pub const VALID_TO: &str = "valid_to";
