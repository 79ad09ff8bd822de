//! `[variables]` of `scorewright.toml`: values that SQL calls by a name.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use scorewright_domain::{Fault, ProjectFile, Variable, Variables};
use serde::Deserialize;
use toml::{Spanned, Value};

/// Names that queries give a value themselves.
const TAKEN: [&str; 6] = ["as_of", "currency", "period", "period_end", "period_start", "segment"];

/// Digits that a decimal has at most, as in a column.
const DIGITS: usize = 18;

/// Variables as they are written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct VariableSettings(IndexMap<String, Spanned<Value>>);

impl VariableSettings {
    /// The variables of the project, and its currency as `$currency`.
    ///
    /// # Errors
    ///
    /// A [`Fault`] for each name that cannot be one, and each value that SQL has no exact type for.
    pub(crate) fn variables(
        &self,
        file: &ProjectFile,
        currency: &str,
    ) -> Result<Variables, Vec<Fault>> {
        let currency = ("currency".to_owned(), Variable::Text(currency.to_owned()));
        let (mut variables, mut faults) = (BTreeMap::from([currency]), Vec::new());
        for (name, written) in &self.0 {
            match check_name(name, file).and_then(|()| variable(written, file)) {
                Ok(value) => drop(variables.insert(name.clone(), value)),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() { Ok(Variables(variables)) } else { Err(faults) }
    }
}

fn check_name(name: &str, file: &ProjectFile) -> Result<(), Fault> {
    let is_part = |letter: char| matches!(letter, 'a'..='z' | '0'..='9' | '_');
    let is_word =
        name.starts_with(|letter: char| letter.is_ascii_lowercase()) && name.chars().all(is_part);
    let fault = |message: String| file.fault(file.find(name), message);
    if !is_word {
        let fault = fault(format!("`{name}` is not a name of a variable"));
        return Err(fault.help("lower-case letters, digits and underscores: recontact_days"));
    }
    if TAKEN.contains(&name) {
        let fault = fault(format!("the name `{name}` is taken"));
        return Err(fault.help(format!("choose another one than {}", TAKEN.join(", "))));
    }
    Ok(())
}

fn variable(written: &Spanned<Value>, file: &ProjectFile) -> Result<Variable, Fault> {
    let fault = |message: &str, help: &str| file.fault(Some(written.span()), message).help(help);
    match written.get_ref() {
        Value::Integer(number) => Ok(Variable::Integer(*number)),
        Value::String(text) => Ok(Variable::Text(text.clone())),
        Value::Boolean(is_so) => Ok(Variable::Boolean(*is_so)),
        // Its digits are those of the file: they never pass through a float.
        Value::Float(_) => decimal(&file.text[written.span()]).ok_or_else(|| {
            fault("this number is no exact decimal", "write its digits, at most 18 in all: 0.19")
        }),
        Value::Datetime(time) => {
            let day = time.date.filter(|_| time.time.is_none()).map(|day| day.to_string());
            let day = day.and_then(|day| day.parse().ok()).map(Variable::Date);
            let help = "write a day: 2026-01-31";
            day.ok_or_else(|| fault("a variable is a day, not a moment", help))
        }
        Value::Array(_) | Value::Table(_) => {
            let help = "a number, text, day, true or false; a list of values is a seed";
            Err(fault("a variable has one value", help))
        }
    }
}

/// The number that TOML writes as a float, digit by digit; `None` for exponents, infinities and too many digits.
fn decimal(written: &str) -> Option<Variable> {
    let plain = written.replace('_', "");
    let (whole, fraction) = plain.split_once('.')?;
    let digits = format!("{whole}{fraction}");
    let is_short = digits.trim_start_matches(['+', '-']).len() <= DIGITS;
    let scale = u8::try_from(fraction.len()).ok()?;
    let unscaled = digits.parse().ok().filter(|_| is_short)?;
    Some(Variable::Decimal { unscaled, scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Variables, Vec<String>> {
        let file = ProjectFile::new("scorewright.toml", text);
        let written: VariableSettings = file.toml().unwrap();
        let told = |fault: &Fault| format!("{} {}", fault.position(), fault.message());
        written.variables(&file, "EUR").map_err(|faults| faults.iter().map(told).collect())
    }

    #[test]
    fn each_value_has_its_type_and_no_digit_is_lost() {
        let text = "days = 7\nrate = 0.190\nlong = 234.123456789012345\nlow = -0.05\nteam = \"it's\"\n\
                    strict = true\nfrom_day = 2026-01-31\n";
        let decimal = |unscaled, scale| Variable::Decimal { unscaled, scale };
        let expected = [
            ("days", Variable::Integer(7)),
            ("rate", decimal(190, 3)),
            // The nearest float of 64 bits has other digits at the end: Python's `234.123456789012345` is 234.12345678901235.
            ("long", decimal(234_123_456_789_012_345, 15)),
            ("low", decimal(-5, 2)),
            ("team", Variable::Text("it's".into())),
            ("strict", Variable::Boolean(true)),
            ("from_day", Variable::Date(jiff::civil::date(2026, 1, 31))),
        ];
        let own = [("currency", Variable::Text("EUR".into()))];
        let expected = expected.into_iter().chain(own);
        let expected = expected.map(|(name, value)| (name.to_owned(), value));
        assert_eq!(read(text).unwrap(), Variables(expected.collect()));
        let longer = read(&text.replace("234.", "1_234.")).unwrap_err();
        assert_eq!(longer, ["scorewright.toml:3 this number is no exact decimal"]);
    }

    #[test]
    fn what_is_no_name_or_no_value_is_refused_each_at_its_line() {
        let text = "as_of = 1\ncurrency = 'USD'\nDays = 2\nlist = [1]\nat = 2026-01-31T10:00:00Z\nbig = 1e6\nnone = nan\nfine = 1\n";
        assert_eq!(
            read(text).unwrap_err(),
            [
                "scorewright.toml:1 the name `as_of` is taken",
                "scorewright.toml:2 the name `currency` is taken",
                "scorewright.toml:3 `Days` is not a name of a variable",
                "scorewright.toml:4 a variable has one value",
                "scorewright.toml:5 a variable is a day, not a moment",
                "scorewright.toml:6 this number is no exact decimal",
                "scorewright.toml:7 this number is no exact decimal",
            ]
        );
    }
}
