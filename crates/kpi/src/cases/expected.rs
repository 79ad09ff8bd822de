//! `expected.csv` of a case.

use scorewright_domain::KpiValue;

/// Columns that say which value a line is about.
const NAMING: [&str; 6] = ["metric", "statistic", "grain", "period", "dimension", "segment"];

/// Columns that are compared where the file has them.
const COMPARED: [&str; 8] =
    ["numerator", "denominator", "n", "value", "low", "high", "interval_method", "null_reason"];

/// One line of `expected.csv` by column.
pub(super) struct ExpectedValue<'a> {
    header: Vec<&'a str>,
    fields: Vec<&'a str>,
}

/// Reads the file; a column that nothing is compared with is refused.
pub(super) fn read(text: &str) -> Result<Vec<ExpectedValue<'_>>, String> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().ok_or("no header")?.split(',').collect();
    let is_known = |column: &str| NAMING.contains(&column) || COMPARED.contains(&column);
    if let Some(unknown) = header.iter().find(|column| !is_known(column)) {
        return Err(format!("column `{unknown}` is unknown"));
    }
    if let Some(missing) = NAMING.iter().find(|column| !header.contains(column)) {
        return Err(format!("column `{missing}` is missing"));
    }
    lines.map(|line| ExpectedValue::read(&header, line)).collect()
}

/// What `expected.csv` must be complete for: statistic, grain and dimension.
pub(super) fn group(value: &KpiValue) -> [&str; 3] {
    [&value.statistic, value.period.grain.name(), &value.segment.dimension]
}

impl<'a> ExpectedValue<'a> {
    fn read(header: &[&'a str], line: &'a str) -> Result<Self, String> {
        let fields: Vec<&str> = line.split(',').collect();
        if fields.len() == header.len() {
            Ok(Self { header: header.to_vec(), fields })
        } else {
            Err(format!("{} fields in `{line}`, {} in the header", fields.len(), header.len()))
        }
    }

    pub(super) fn line(&self) -> String {
        self.fields.join(",")
    }

    pub(super) fn group(&self) -> [&'a str; 3] {
        ["statistic", "grain", "dimension"].map(|column| self.get(column).unwrap())
    }

    pub(super) fn is_about(&self, value: &KpiValue) -> bool {
        let label = value.period.label();
        self.group() == group(value)
            && self.get("metric") == Some(&value.metric)
            && self.get("period") == Some(&label)
            && self.get("segment") == Some(&value.segment.value)
    }

    #[allow(clippy::cast_precision_loss, reason = "small numbers")]
    pub(super) fn compare(&self, value: &KpiValue, at: &str) {
        self.compare_number("numerator", value.numerator, at);
        self.compare_number("denominator", value.denominator, at);
        self.compare_number("n", value.n.map(|n| n as f64), at);
        self.compare_number("value", value.value, at);
        self.compare_number("low", value.low, at);
        self.compare_number("high", value.high, at);
        self.compare_text("interval_method", value.interval.name(), at);
        self.compare_text("null_reason", value.null_reason.map_or("", |why| why.name()), at);
    }

    fn compare_number(&self, column: &str, measured: Option<f64>, at: &str) {
        let Some(written) = self.get(column) else { return };
        let expected: Option<f64> = (!written.is_empty()).then(|| written.parse().unwrap());
        let is_same = match (expected, measured) {
            (Some(expected), Some(measured)) => {
                (expected - measured).abs() <= 1e-9 * expected.abs().max(1.0)
            }
            (expected, measured) => expected.is_none() && measured.is_none(),
        };
        assert!(is_same, "{at}: {column} is {measured:?}, expected {expected:?}");
    }

    fn compare_text(&self, column: &str, measured: &str, at: &str) {
        assert_eq!(self.get(column).unwrap_or(measured), measured, "{at}: {column}");
    }

    fn get(&self, column: &str) -> Option<&'a str> {
        let at = self.header.iter().position(|known| *known == column)?;
        Some(self.fields[at])
    }
}

#[test]
fn a_misspelt_or_missing_column_is_refused() {
    let refused = |text: &str| read(text).err().unwrap();
    let header = "metric,statistic,grain,period,dimension,segment,value";
    assert!(read(header).is_ok());
    assert_eq!(refused(&header.replace("value", "valeu")), "column `valeu` is unknown");
    assert_eq!(refused(&header.replace(",segment", "")), "column `segment` is missing");
    let line = "nps,value,week,2026-W47,,,1,2";
    assert_eq!(
        refused(&format!("{header}\n{line}")),
        format!("8 fields in `{line}`, 7 in the header")
    );
}
