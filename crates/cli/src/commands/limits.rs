//! `scorewright check --limits`: what an extract may be at most.

use scorewright_ingest::{Listed, Unit};
use scorewright_project::{ProjectLocation, Settings};
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
    let listed = Settings::read(&location.project)?.0.limits.listed();
    console.answer(&match options.output {
        StatusFormat::Text => as_text(&listed),
        StatusFormat::Json => as_json(&listed),
    });
    Ok(ExitStatus::Done)
}

fn as_text(listed: &[Listed]) -> String {
    let lines: Vec<String> = listed.iter().map(line).collect();
    format!("[limits]\n{}", lines.join("\n"))
}

/// A limit as `scorewright.toml` would set it, with what it may be.
fn line(limit: &Listed) -> String {
    let unit = limit.unit;
    let setting = format!("{} = {}", limit.key, toml_value(unit, limit.value));
    let origin = if limit.value == limit.default { "the default" } else { "set here" };
    let bounds = format!("from {} to {}", unit.said(limit.least), unit.said(limit.most));
    format!("{setting:<32}# {}; {origin}; {bounds}", limit.says)
}

/// A figure as TOML has it.
fn toml_value(unit: Unit, number: u64) -> String {
    match unit {
        Unit::Bytes => format!("\"{}\"", unit.said(number).replace("bytes", "B").replace(',', "")),
        Unit::Count => unit.said(number).replace(',', "_"),
    }
}

fn as_json(listed: &[Listed]) -> String {
    let limits: Map<_, _> =
        listed.iter().map(|limit| (limit.key.to_owned(), json_entry(limit))).collect();
    serde_json::to_string_pretty(&limits).expect("numbers and texts are JSON")
}

fn json_entry(limit: &Listed) -> Value {
    let unit = match limit.unit {
        Unit::Bytes => "bytes",
        Unit::Count => "count",
    };
    let Listed { value, default, least, most, says, .. } = limit;
    json!({
        "value": value, "unit": unit, "default": default, "least": least, "most": most, "says": says,
    })
}
