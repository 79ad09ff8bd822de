//! What stands in quarantine in place of what must not be shown.

/// What stands in quarantine for a row whose personal values cannot be told from the rest.
pub const WITHHELD: &str = "(not kept: the source has personal columns)";

/// What stands in quarantine for a personal value.
pub const MASK: &str = "***";
