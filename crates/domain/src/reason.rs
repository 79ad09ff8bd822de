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
    /// No row of data: a line of separators alone, or one whose first value `not_data` lists. It does
    /// not count against `tolerate`.
    NotData = "not_data",
    /// Fewer fields than the header has names.
    TooFewFields = "too_few_fields",
    /// More fields than the header has names; in a sheet, a value to the right of the last name.
    TooManyFields = "too_many_fields",
    /// A quote that opens a field and is never closed, or has text after it where a later line
    /// closes it.
    UnclosedQuote = "unclosed_quote",
    /// Text after the quote that closes a field.
    StrayQuote = "stray_quote",
    /// Bytes that are not of the declared encoding; JSON is always UTF-8.
    BadEncoding = "bad_encoding",
    /// A field of more bytes than the limit `field_bytes`.
    FieldTooLong = "field_too_long",
    /// A line that is not valid JSON.
    BadJson = "bad_json",
    /// Objects and arrays nested deeper than the limit `json_depth`.
    TooDeep = "too_deep",
    /// A JSON object that has the same name twice.
    DuplicateKey = "duplicate_key",
    /// Another shape of JSON than declared: no object where a row or a path needs one, no array
    /// where `rows` names one, or an object or array in a column that is not text.
    WrongType = "wrong_type",
    /// A value that is not a whole number of 64 bits, written as the column declares.
    NotAnInteger = "not_an_integer",
    /// A value that does not fit decimal(18, `scale`), written as the column declares; nothing is
    /// rounded.
    NotADecimal = "not_a_decimal",
    /// A value that is not a finite number, written as the column declares; an exponent is one.
    NotAFloat = "not_a_float",
    /// A value that no `format` of the column reads as a date and time.
    NotATimestamp = "not_a_timestamp",
    /// A value that no `format` of the column reads as a date.
    NotADate = "not_a_date",
    /// A value that no `format` of the column reads as a duration.
    NotADuration = "not_a_duration",
    /// A value other than `true`, `false`, `yes`, `no`, `t`, `f`, `1` and `0`, in any case.
    NotABoolean = "not_a_boolean",
    /// A local time that the clock of `time_zone` skips when summer time begins.
    NonexistentTime = "nonexistent_time",
    /// A local time that the clock of `time_zone` shows twice when summer time ends.
    AmbiguousTime = "ambiguous_time",
    /// No time zone, or one that is not known, in the column that `time_zone` names, and a time that
    /// states no offset.
    UnknownTimeZone = "unknown_time_zone",
    /// A date or time that stands for none: before 1900 or after 2261, as systems write where
    /// they have nothing, and the query engine cannot hold. Its row does not count against `tolerate`.
    PlaceholderDate = "placeholder_date",
    /// No value in a required column; columns of the key are always required.
    MissingValue = "missing_value",
    /// A text with the character NUL, which many programs take for its end.
    NulCharacter = "nul_character",
    /// A text that `accepted` does not list.
    NotAccepted = "not_accepted",
    /// A number, duration, date or timestamp below `min` or above `max`.
    OutOfRange = "out_of_range",
    /// A text of more characters than `max_length`, or a key of more bytes than the limit
    /// `key_bytes`.
    TooLong = "too_long",
    /// A value in a column that the source does not declare, under `contract = "quarantine"`.
    UndeclaredColumn = "undeclared_column",
    /// Another row of the same key came before and differs: with `append` in any file, with
    /// `snapshot` in the same one.
    ConflictingKey = "conflicting_key",
}
