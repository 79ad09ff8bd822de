//! One metric file, read and checked by itself.

use scorewright_domain::{Fault, ProjectFile};

use super::definition::Metric;
use super::file::MetricFile;
use super::reader::MetricFileReader;
use super::scope::is_word;

/// Reads one metric file.
pub(super) fn read_metric(file: &ProjectFile) -> Result<Metric, Fault> {
    let raw: MetricFile = file.toml()?;
    let reader = MetricFileReader { file, raw: &raw };
    let name = name_of(file)?;
    reader.refuse_foreign_keys()?;
    reader.check_orientation()?;
    let kind = reader.kind()?;
    reader.check_period_end(&kind)?;
    reader.check_parameters(&kind)?;
    reader.check_expressions(&kind)?;
    reader.check_sample(&kind)?;
    Ok(Metric {
        name,
        version: raw.version,
        title: raw.title.clone(),
        says: raw.says.clone(),
        unit: *raw.unit.get_ref(),
        direction: *raw.direction.get_ref(),
        by: reader.dimensions()?,
        segments: reader.segments()?,
        grains: reader.grains()?,
        minimum_sample: reader.minimum_sample()?,
        minimum_group: reader.minimum_group()?,
        interval: reader.interval(&kind)?,
        population: reader.population()?,
        matures_after_days: raw.matures_after_days.as_ref().map_or(0, |days| *days.get_ref()),
        orientation: raw.orientation.as_ref().map(|orientation| *orientation.get_ref()),
        decided: raw.decided.clone(),
        changes: reader.changes()?,
        kind,
        file: file.clone(),
    })
}

fn name_of(file: &ProjectFile) -> Result<String, Fault> {
    let stem = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml");
    if is_word(stem) {
        return Ok(stem.to_owned());
    }
    let message = format!("`{stem}` is not a name for a metric");
    Err(file
        .fault(None, message)
        .help("name the file in lower-case letters, digits and underscores"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::interval_choice::IntervalChoice;
    use miette::Diagnostic;

    const CES: &str = r#"title = "Effort"
says = "Mean effort"
unit = "score"
direction = "higher_is_better"
kind = "ratio"
fact = "fact.survey_answer"
time = "answered_at"
numerator = "sum(score)"
denominator = "count(score)"
question = "ces"
orientation = "ease"
"#;

    fn read(text: &str) -> Result<Metric, Fault> {
        read_metric(&ProjectFile::new("pipelines/metrics/ces.toml", text))
    }

    /// Message, help, and the text pointed at.
    fn refused(text: &str) -> (String, String, String) {
        let fault = read(text).unwrap_err();
        let label = fault.labels().and_then(|mut labels| labels.next());
        let pointed_at =
            label.map_or("", |label| &text[label.offset()..label.offset() + label.len()]);
        let help = Diagnostic::help(&fault).map(|help| help.to_string()).unwrap_or_default();
        (fault.message().to_owned(), help, pointed_at.to_owned())
    }

    #[test]
    fn a_ces_metric_must_say_its_orientation() {
        let (message, help, pointed_at) = refused(&CES.replace("orientation = \"ease\"\n", ""));
        assert_eq!(
            message,
            "a CES metric must say its orientation: `ease` when a high answer means easy, `effort` when it means much effort"
        );
        assert!(help.contains("orientation = \"effort\""));
        assert_eq!(pointed_at, "\"ces\"");
    }

    #[test]
    fn the_direction_follows_the_orientation() {
        let (message, help, pointed_at) = refused(&CES.replace("\"ease\"", "\"effort\""));
        assert_eq!(message, "the direction contradicts the orientation `effort`");
        assert!(help.contains("lower_is_better"));
        assert_eq!(pointed_at, "\"higher_is_better\"");
        assert!(read(&CES.replace("\"ease\"", "\"effort\"").replace("higher", "lower")).is_ok());
    }

    #[test]
    fn a_share_of_good_answers_may_point_either_way() {
        let low_effort_rate =
            CES.replace("\"ease\"", "\"effort\"").replace("\"score\"", "\"share\"");
        assert!(read(&low_effort_rate).is_ok());
    }

    #[test]
    fn a_syntax_slip_is_pointed_at() {
        let slip = CES.replace("sum(score)", "sum(score) FILTER WHERE score > 1");
        let (message, _, pointed_at) = refused(&slip);
        assert_eq!(message, "`numerator`: one expression is expected, and it ends before `WHERE`");
        assert_eq!(pointed_at, "WHERE");
    }

    #[test]
    fn a_ratio_needs_its_bottom() {
        let (message, help, pointed_at) =
            refused(&CES.replace("denominator = \"count(score)\"\n", ""));
        assert_eq!(message, "a metric of kind `ratio` needs `denominator`");
        assert!(help.contains("count(score)"));
        assert_eq!(pointed_at, "\"ratio\"");
    }

    #[test]
    fn a_quantile_needs_its_value_and_takes_no_numerator() {
        let text = CES.replace("\"ratio\"", "\"quantile\"");
        assert_eq!(refused(&text).0, "`numerator` means nothing for a metric of kind `quantile`");
        let text = text.replace("numerator = \"sum(score)\"\ndenominator = \"count(score)\"\n", "");
        assert_eq!(refused(&text).0, "a metric of kind `quantile` needs `value`");
    }

    #[test]
    fn an_interval_must_fit_the_kind() {
        let (message, _, pointed_at) = refused(&format!("{CES}interval = \"student_t\"\n"));
        assert_eq!(
            message,
            "an interval `student_t` needs kind `ratio` with `sum_of_squares` and a `denominator` that counts rows"
        );
        assert_eq!(pointed_at, "\"student_t\"");
        let (message, _, pointed_at) = refused(&format!("{CES}interval = \"wilsn\"\n"));
        assert_eq!(message, "`wilsn` is not accepted here");
        assert_eq!(pointed_at, "\"wilsn\"");
    }

    #[test]
    fn shares_and_quantiles_have_an_interval_unless_the_file_says_none() {
        assert_eq!(read(CES).unwrap().interval, IntervalChoice::None);
        let share = CES
            .replace("\"score\"", "\"share\"")
            .replace("sum(score)", "count(*) FILTER (WHERE score > 5)");
        assert_eq!(read(&share).unwrap().interval, IntervalChoice::Wilson);
        assert_eq!(
            read(&format!("{share}interval = \"none\"\n")).unwrap().interval,
            IntervalChoice::None
        );
    }

    #[test]
    fn a_minimum_sample_of_zero_is_refused_and_thirty_is_usual() {
        let (message, _, pointed_at) = refused(&format!("{CES}minimum_sample = 0\n"));
        assert_eq!(message, "a minimum sample of 0 lets nobody speak for everybody");
        assert_eq!(pointed_at, "0");
        assert_eq!(read(CES).unwrap().minimum_sample, 30);
    }

    #[test]
    fn a_misspelt_key_names_the_nearest() {
        let (message, help, pointed_at) = refused(&CES.replace("denominator", "denominater"));
        assert_eq!(message, "unknown key `denominater`");
        assert!(help.starts_with("did you mean `denominator`?"), "{help}");
        assert_eq!(pointed_at, "denominater");
    }

    #[test]
    fn everything_cannot_wait_to_mature() {
        let (message, ..) = refused(&format!("{CES}matures_after_days = 7\ngrains = [\"all\"]\n"));
        assert!(message.starts_with("`all` always holds days too young"), "{message}");
    }

    #[test]
    fn latest_of_names_columns_each_once_and_at_least_one() {
        let told = |columns: &str| refused(&format!("{CES}latest_of = {columns}\n"));
        let (message, help, pointed_at) = told("[]");
        assert_eq!(message, "`latest_of` names no column");
        assert!(help.contains("\"respondent\""), "{help}");
        assert_eq!(pointed_at, "[]");
        assert_eq!(told("[\"team\", \"lower(team)\"]").2, "\"lower(team)\"");
        assert_eq!(told("[\"team\", \"team\"]").0, "column `team` is named twice");
        let metric = read(&format!("{CES}latest_of = [\"source\", \"team\"]\n")).unwrap();
        let definition = metric.kind.definition();
        assert_eq!(definition[2], ("latest_of", "source, team".to_owned()));
    }

    #[test]
    fn the_latest_of_rows_that_hold_for_a_while_or_of_metrics_is_refused() {
        let top = CES.split_once("kind = ").unwrap().0;
        let state = "kind = \"state\"\nfact = \"fact.customer_tenure\"\nfrom = \"started_at\"\nuntil = \"ended_at\"\nnumerator = \"count(*)\"\n";
        let movement = format!(
            "{}entity = \"customer_id\"\ndenominator = \"count(*)\"\n",
            state.replace("state", "movement")
        );
        let derived = "kind = \"derived\"\nformula = \"nps * 2\"\n";
        let growth = "kind = \"growth\"\nof = \"nps\"\n";
        for kind in [state, &movement, derived, growth] {
            let (message, help, pointed_at) =
                refused(&format!("{top}{kind}latest_of = [\"customer_id\"]\n"));
            assert!(
                message.starts_with("`latest_of` means nothing for a metric of kind"),
                "{message}"
            );
            assert!(help.starts_with("this kind takes: "), "{help}");
            assert_eq!(pointed_at, "[\"customer_id\"]");
        }
    }

    #[test]
    fn segments_by_name_are_of_a_dimension_and_each_stands_once() {
        let told =
            |written: &str| refused(&format!("{CES}by = [\"team\"]\nsegments = {written}\n")).0;
        assert_eq!(told("{ region = [\"A\"] }"), "`segments` names `region`, and `by` does not");
        for values in ["[]", "[\"A\", \"A\"]"] {
            let message = told(&format!("{{ team = {values} }}"));
            assert_eq!(message, "`segments` names no value of `team`, or one twice");
        }
        let growth = "title = \"G\"\nsays = \"G\"\nunit = \"growth\"\ndirection = \"neutral\"\nkind = \"growth\"\nof = \"nps\"\nby = [\"team\"]\nsegments = { team = [\"A\"] }\n";
        assert!(refused(growth).0.starts_with("a metric made of metrics has their segments"));
    }

    #[test]
    fn a_dimension_is_one_column() {
        let (message, _, pointed_at) = refused(&format!("{CES}by = [\"team\", \"a b\"]\n"));
        assert_eq!(message, "`a b` is not a dimension: name one column of the fact");
        assert_eq!(pointed_at, "\"a b\"");
    }
}
