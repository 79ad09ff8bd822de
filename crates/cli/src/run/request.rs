//! What a run is asked for.

use jiff::civil::Date;
use scorewright_extract::Source;
use scorewright_transform::RunSelection;

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
    /// What is landed and built, where that is not everything.
    pub(crate) selection: Option<&'a RunSelection>,
    /// Whether mails that are queued are sent to the mail server.
    pub(crate) sends: bool,
}

impl RunRequest<'_> {
    /// A run of everything for a day, which sends nothing but what is due and shows no rows.
    pub(crate) fn of_day(as_of: Date) -> Self {
        Self {
            as_of,
            reload: None,
            sends_stale_mail: false,
            shows_rows: false,
            selection: None,
            sends: false,
        }
    }
}
