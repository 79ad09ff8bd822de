//! Names that tables give to columns of their own, so that no source may declare them.

/// Column that says from when a version of a key held; of tables of the history layer only, as are those below.
pub const VALID_FROM: &str = "valid_from";
/// Column that says until when it did; null while it does.
pub const VALID_TO: &str = "valid_to";
/// Column that says whether it is the first version known of its key.
pub const IS_FIRST: &str = "is_first";
