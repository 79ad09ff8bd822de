//! `scorewright check --limits`: what an extract and a query may be at most.

use scorewright_domain::{LimitEntry, LimitUnit};
use scorewright_project::{ProjectLocation, Settings};
use scorewright_warehouse::memory_share;
use serde_json::{Map, Value, json};

use crate::arguments::{CheckOptions, StatusFormat};
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// Prints the limits as the project sets them: as a `[limits]` that could stand in `scorewright.toml`, or as JSON.
pub(crate) fn limits(
    location: &ProjectLocation,
    options: &CheckOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let listed = Settings::read(&location.project)?.limits.listed(memory_share());
    console.answer(&match options.output {
        StatusFormat::Text => as_text(&listed),
        StatusFormat::Json => as_json(&listed),
    });
    Ok(ExitStatus::Done)
}

fn as_text(listed: &[LimitEntry]) -> String {
    let lines: Vec<String> = listed.iter().map(line).collect();
    format!("[limits]\n{}", lines.join("\n"))
}

/// A limit as `scorewright.toml` would set it, with what it may be.
fn line(limit: &LimitEntry) -> String {
    let unit = limit.unit;
    let setting = format!("{} = {}", limit.key, toml_value(unit, limit.value));
    let origin = if limit.value == limit.default { "the default" } else { "set here" };
    let bounds = format!("from {} to {}", unit.in_words(limit.least), unit.in_words(limit.most));
    format!("{setting:<32}# {}; {origin}; {bounds}", limit.says)
}

/// A figure as TOML has it.
fn toml_value(unit: LimitUnit, number: u64) -> String {
    match unit {
        LimitUnit::Bytes => {
            format!("\"{}\"", unit.in_words(number).replace("bytes", "B").replace(',', ""))
        }
        LimitUnit::Count => unit.in_words(number).replace(',', "_"),
    }
}

fn as_json(listed: &[LimitEntry]) -> String {
    let limits: Map<_, _> =
        listed.iter().map(|limit| (limit.key.to_owned(), json_entry(limit))).collect();
    serde_json::to_string_pretty(&limits).expect("numbers and texts are JSON")
}

fn json_entry(limit: &LimitEntry) -> Value {
    let unit = match limit.unit {
        LimitUnit::Bytes => "bytes",
        LimitUnit::Count => "count",
    };
    let LimitEntry { value, default, least, most, says, .. } = limit;
    json!({
        "value": value, "unit": unit, "default": default, "least": least, "most": most, "says": says,
    })
}
