//! `scorewright check --limits`: what an extract may be at most.

use scorewright_extract::{LimitEntry, LimitUnit};
use serde_json::{Map, json};

use crate::arguments::{CheckOptions, Place, StatusOutput};
use crate::console::Console;
use crate::exit::{Failure, Status};
use crate::settings::Settings;

/// Prints the limits as the project sets them: as a `[limits]` that could stand in `scorewright.toml`, or as JSON.
pub(crate) fn limits(
    place: &Place,
    options: &CheckOptions,
    console: &Console,
) -> Result<Status, Failure> {
    let listed = Settings::read(place)?.0.limits.listed();
    console.answer(&match options.output {
        StatusOutput::Text => as_text(&listed),
        StatusOutput::Json => as_json(&listed),
    });
    Ok(Status::Done)
}

fn as_text(listed: &[LimitEntry]) -> String {
    let lines = listed.iter().map(|limit| {
        let set = format!("{} = {}", limit.key, written(limit.unit, limit.value));
        let said = |number| limit.unit.in_words(number);
        let default = if limit.value == limit.default { "the default" } else { "set here" };
        let bounds = format!("{default}; from {} to {}", said(limit.least), said(limit.most));
        format!("{set:<32}# {}; {bounds}", limit.says)
    });
    let lines: Vec<String> = lines.collect();
    format!("[limits]\n{}", lines.join("\n"))
}

/// A figure as TOML has it.
fn written(unit: LimitUnit, number: u64) -> String {
    match unit {
        LimitUnit::Bytes => {
            format!("\"{}\"", unit.in_words(number).replace("bytes", "B").replace(',', ""))
        }
        LimitUnit::Count => unit.in_words(number).replace(',', "_"),
    }
}

fn as_json(listed: &[LimitEntry]) -> String {
    let limit = |limit: &LimitEntry| {
        let unit = match limit.unit {
            LimitUnit::Bytes => "bytes",
            LimitUnit::Count => "count",
        };
        let LimitEntry { value, default, least, most, says, .. } = limit;
        let said = json!({
            "value": value, "unit": unit, "default": default, "least": least, "most": most, "says": says,
        });
        (limit.key.to_owned(), said)
    };
    let all: Map<_, _> = listed.iter().map(limit).collect();
    serde_json::to_string_pretty(&all).expect("numbers and texts are JSON")
}
