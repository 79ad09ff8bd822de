//! Why a row is rejected: a code for each reason, in tables, logs and messages.

macro_rules! reasons {
    ($($(#[doc = $text:literal])+ $reason:ident = $code:literal,)+) => {
        /// Why a row is rejected.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $($(#[doc = $text])+ $reason,)+
        }

        impl Reason {
            /// All of them, in the order of the reference.
            pub const ALL: &[Self] = &[$(Self::$reason),+];

            /// The reason as tables and messages state it.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$reason => $code,)+
                }
            }

            /// What it means, in a sentence.
            pub fn text(self) -> &'static str {
                match self {
                    $(Self::$reason => concat!($($text),+).trim_ascii(),)+
                }
            }
        }
    };
}

reasons! {
    /// Fewer fields than the header has names.
    TooFewFields = "too_few_fields",
    /// More fields than the header has names.
    TooManyFields = "too_many_fields",
    /// A text that is no whole number of 64 bits, as the column declares them.
    NotAnInteger = "not_an_integer",
    /// A text that is no decimal of 18 digits with the declared scale: nothing is rounded.
    NotADecimal = "not_a_decimal",
    /// A text that no declared format reads as a moment.
    NotATimestamp = "not_a_timestamp",
    /// A text that no declared format reads as a day.
    NotADate = "not_a_date",
    /// A text that no declared format reads as a time span.
    NotADuration = "not_a_duration",
    /// A text that is no claim.
    NotABoolean = "not_a_boolean",
    /// No value in a required column.
    MissingValue = "missing_value",
    /// A text that `accepted` does not have.
    NotAccepted = "not_accepted",
    /// A number, duration or moment outside `min` and `max`.
    OutOfRange = "out_of_range",
    /// A text of more characters than `max_length`, or a key of more than 256 bytes.
    TooLong = "too_long",
    /// A value in a column that the source does not declare, under `contract = "quarantine"`.
    UndeclaredColumn = "undeclared_column",
    /// Bytes that are not of the declared encoding.
    BadEncoding = "bad_encoding",
    /// A quote that opens and does not close.
    UnclosedQuote = "unclosed_quote",
    /// A quote inside a field that is not quoted.
    StrayQuote = "stray_quote",
    /// A field of more bytes than the limit allows, whatever the source declares.
    FieldTooLong = "field_too_long",
    /// With `append`: a row of the same key is there already, and differs.
    ConflictingKey = "conflicting_key",
    /// A local time that the clock skips when summer time begins.
    NonexistentTime = "nonexistent_time",
    /// A local time that the clock shows twice when summer time ends.
    AmbiguousTime = "ambiguous_time",
    /// A line that is no object of JSON.
    BadJson = "bad_json",
    /// A value nested deeper than the limit allows.
    TooDeep = "too_deep",
    /// An object that has the same member twice.
    DuplicateKey = "duplicate_key",
    /// A member of JSON, or a cell, of another type than the column can take.
    WrongType = "wrong_type",
}
