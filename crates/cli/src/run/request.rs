//! What a run is asked for.

use jiff::civil::Date;
use scorewright_extract::Source;

/// What a run is asked for.
pub(crate) struct RunRequest<'a> {
    /// Day it is made for.
    pub(crate) as_of: Date,
    /// A source whose extracts are all read again.
    pub(crate) reload: Option<&'a Source>,
    /// Whether mails of periods that ended long ago are sent too.
    pub(crate) sends_stale_mail: bool,
    /// Whether rows that a failed check is about are shown.
    pub(crate) shows_rows: bool,
    /// Whether mails that are queued are sent to the mail server.
    pub(crate) sends: bool,
}
