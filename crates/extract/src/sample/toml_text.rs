//! Texts as TOML writes them.

/// A string of TOML.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\t' => quoted += "\\t",
            '\n' => quoted += "\\n",
            '\r' => quoted += "\\r",
            hidden
                if hidden.is_control()
                    || matches!(hidden, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}') =>
            {
                quoted += &format!("\\u{:04X}", u32::from(hidden));
            }
            plain => quoted.push(plain),
        }
    }
    quoted + "\""
}
