//! How answers and events are printed.

use clap::ValueEnum;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Progress bars on a terminal, json elsewhere
    Auto,
    /// Plain text
    Text,
    /// One JSON object for each event
    Json,
}

/// The log format that a command line asks for which is not understood as a whole.
pub(crate) fn asked_log_format() -> LogFormat {
    let words: Vec<String> =
        std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    log_format_in(&words)
}

fn log_format_in(words: &[String]) -> LogFormat {
    const FLAG: &str = "--log-format";
    let after = words.iter().skip_while(|word| *word != FLAG).nth(1).map(String::as_str);
    let joined = words.iter().find_map(|word| word.strip_prefix(FLAG)?.strip_prefix('='));
    let asked = after.or(joined).and_then(|asked| LogFormat::from_str(asked, true).ok());
    asked.unwrap_or(LogFormat::Auto)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// A table for people
    Table,
    /// Comma-separated values
    Csv,
    /// One JSON object for each row
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    /// Lines for people
    Text,
    /// One JSON object
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_format_is_found_in_a_wrong_command_line() {
        for (line, format) in [
            ("run --log-format json --as-of", LogFormat::Json),
            ("--log-format=text rum", LogFormat::Text),
            ("run --log-format", LogFormat::Auto),
            ("run --log-format yaml", LogFormat::Auto),
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            assert_eq!(log_format_in(&words), format, "{line}");
        }
    }
}
