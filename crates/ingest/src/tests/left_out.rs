//! Refused extracts that stop nothing: what lands beside them, and what the commit knows of them.

use scorewright_domain::LeftOutExtract;
use scorewright_extract::OnRefused;

use super::*;

const GOOD: &str = "Id,Score\nT1,7\n";
const SECOND: &str = "Id,Score\nT2,8\n";
const BAD: &str = "Id,Score\nT3,x\nT4,y\n";

fn on_refused(setting: &str) -> Source {
    tickets(&format!("on_refused = \"{setting}\""))
}

/// Whether nothing is new of the source, as the newest version knows it.
fn is_settled(stage: &Stage, source: &Source) -> bool {
    let sources = std::slice::from_ref(source);
    let (extracts, limits) = (stage.extracts(), Limits::default());
    let snapshot = stage.snapshot();
    let pending =
        pending(sources, &extracts, &limits, &stage.warehouse, &snapshot, Timestamp::MAX).unwrap();
    pending.is_nothing() && pending.refused.is_empty()
}

fn left_out(snapshot: &Snapshot) -> Vec<(String, bool)> {
    let file = |extract: &LeftOutExtract| extract.file.to_string_lossy().into_owned();
    snapshot.left_out.iter().map(|extract| (file(extract), extract.is_refused())).collect()
}

#[test]
fn a_run_stops_unless_its_source_says_otherwise() {
    let stage = Stage::new();
    assert_eq!(tickets("").on_refused, OnRefused::Stop);
    stage.receive("good.csv", GOOD);
    stage.receive("bad.csv", BAD);
    let (report, snapshot) = stage.land_unchecked(&tickets(""));
    assert!(report.stop.is_some() && snapshot.left_out.is_empty());
}

#[test]
fn the_other_files_land_and_the_refused_one_is_known_again() {
    let stage = Stage::new();
    let source = on_refused("skip_file");
    stage.receive("good.csv", GOOD);
    stage.land_unchecked(&source);
    stage.receive("second.csv", SECOND);
    stage.receive("bad.csv", BAD);
    stage.receive("empty.csv", "");
    let (report, snapshot) = stage.land_unchecked(&source);
    assert!(report.stop.is_none() && report.is_changed);
    assert_eq!(left_out(&snapshot), [("bad.csv".into(), true), ("empty.csv".into(), true)]);
    assert_eq!(
        snapshot.left_out[0].to_string(),
        "extract `bad.csv` of source `tickets` is refused: 2 of its 2 rows are bad (100.0 %), more than the \
         50.0 % that the source tolerates"
    );
    assert_eq!(stage.rows("raw"), ["T1|7|good.csv|2", "T2|8|second.csv|2"]);
    assert!(is_settled(&stage, &source), "the same again");
    stage.receive("bad.csv", "Id,Score\nT3,x\nT4,z\n");
    assert!(!is_settled(&stage, &source), "another content");
    stage.receive("bad.csv", "Id,Score\nT3,1\n");
    stage.remove("empty.csv");
    let (report, snapshot) = stage.land_unchecked(&source);
    assert!(report.refused.is_empty() && snapshot.left_out.is_empty(), "mended");
    assert!(is_settled(&stage, &source));
}

#[test]
fn a_source_keeps_what_it_had_as_a_whole() {
    let stage = Stage::new();
    let source = on_refused("keep_yesterday");
    stage.receive("good.csv", GOOD);
    stage.land_unchecked(&source);
    let before = stage.files("raw");
    stage.receive("second.csv", SECOND);
    stage.receive("bad.csv", BAD);
    let (report, snapshot) = stage.land_unchecked(&source);
    assert!(report.stop.is_none() && !report.is_changed && report.landings.is_empty());
    assert_eq!(left_out(&snapshot), [("bad.csv".into(), true), ("second.csv".into(), false)]);
    assert_eq!(stage.files("raw"), before);
    assert!(is_settled(&stage, &source), "the same again");
    stage.receive("third.csv", "Id,Score\nT5,5\n");
    assert!(!is_settled(&stage, &source), "another file");
    stage.remove("third.csv");
    stage.remove("bad.csv");
    assert!(!is_settled(&stage, &source), "taken away");
    stage.land(&source);
    assert_eq!(stage.rows("raw"), ["T1|7|good.csv|2", "T2|8|second.csv|2"]);
}

// With a key all files of a source are read again when one of them changes.
#[test]
fn a_refused_correction_of_a_source_with_a_key_is_known_again() {
    for setting in ["skip_file", "keep_yesterday"] {
        let stage = Stage::new();
        let source = tickets(&format!("on_refused = \"{setting}\"\nkey = [\"id\"]"));
        stage.receive("a.csv", GOOD);
        stage.receive("b.csv", SECOND);
        stage.land_unchecked(&source);
        stage.receive("a.csv", BAD);
        let (report, snapshot) = stage.land_unchecked(&source);
        assert!(report.stop.is_none(), "{setting}");
        assert_eq!(left_out(&snapshot), [("a.csv".into(), true)], "{setting}");
        assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2", "T2|8|b.csv|2"], "{setting}");
        assert!(is_settled(&stage, &source), "{setting}");
    }
}

#[test]
fn a_changed_source_of_which_a_file_is_refused_is_known_again() {
    for (setting, rows) in [("skip_file", 1), ("keep_yesterday", 2)] {
        let stage = Stage::new();
        stage.receive("a.csv", GOOD);
        stage.receive("b.csv", "Id,Score\nT2,9\n");
        stage.land_unchecked(&on_refused(setting));
        let text = TICKETS.replace("max = 10", "max = 8");
        let source = source(
            &text.replace("tolerate = 0.5", &format!("tolerate = 0.5\non_refused = \"{setting}\"")),
        );
        let (report, _) = stage.land_unchecked(&source);
        assert!(report.stop.is_none(), "{setting}");
        assert_eq!(stage.rows("raw").len(), rows, "{setting}");
        assert!(is_settled(&stage, &source), "{setting}");
    }
}

#[test]
fn without_a_yesterday_a_refused_file_stops_the_run() {
    for setting in ["skip_file", "keep_yesterday"] {
        let stage = Stage::new();
        stage.receive("bad.csv", BAD);
        let (report, _) = stage.land_unchecked(&on_refused(setting));
        assert!(report.stop.is_some(), "{setting}");
    }
}

#[test]
fn bad_rows_of_a_refused_file_are_kept_until_it_lands() {
    let stage = Stage::new();
    let source = tickets("key = [\"id\"]");
    stage.receive("a.csv", GOOD);
    stage.receive("bad.csv", "Id,Score\nT3,x\nT1,8\n");
    stage.land_unchecked(&source);
    let kept = stage.warehouse.refused_rows().unwrap();
    let rows: Vec<(u64, &str, &str)> =
        kept[0].rows.iter().map(|row| (row.line, row.reason.as_str(), row.raw.as_str())).collect();
    assert_eq!((kept[0].file.as_str(), kept[0].bad), ("bad.csv", 2));
    assert_eq!(rows, [(2, "not_an_integer", "T3,x"), (3, "conflicting_key", "T1,8")]);
    stage.receive("bad.csv", "Id,Score\nT3,3\n");
    stage.land(&source);
    assert_eq!(stage.warehouse.refused_rows().unwrap(), []);
}

#[test]
fn an_extract_without_rows_lands_where_it_may() {
    let stage = Stage::new();
    let source = tickets("may_be_empty = true");
    stage.receive("header.csv", "Id,Score\n");
    stage.receive("nothing.csv", "");
    let (report, _) = stage.land_unchecked(&source);
    let codes: Vec<&str> = report.refused.iter().map(RefusedExtract::reason).collect();
    assert_eq!(codes, ["empty"], "a file without its header is one that was cut off");
    assert_eq!(stage.books("header.csv"), Books::default());
    assert_eq!(stage.rows("raw"), [""; 0]);
    stage.remove("nothing.csv");
    assert!(is_settled(&stage, &source));
    stage.receive("a.csv", GOOD);
    stage.land(&source);
    assert_eq!(stage.rows("raw"), ["T1|7|a.csv|2"]);
}

#[test]
fn json_lines_and_csv_without_a_header_may_have_no_bytes() {
    let json = "title = \"T\"\nfiles = \"*\"\nformat = \"json_lines\"\nmay_be_empty = true\n\
                [columns.a]\ntype = \"text\"\n";
    let csv = "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\nmay_be_empty = true\n\
               [csv]\nheader_rows = 0\nnames = [\"a\"]\n[columns.a]\ntype = \"text\"\n";
    let list = json.replace("[columns", "[json]\nrows = \"items\"\n[columns");
    for (text, content) in [(json, ""), (csv, ""), (&list, "{\"items\": []}\n")] {
        let stage = Stage::new();
        stage.receive("nothing", content);
        let report = stage.land(&source(text));
        assert!(report.refused.is_empty(), "{:?}", report.refused);
        assert_eq!(stage.books("nothing"), Books::default());
        let refused = stage.land_unchecked(&source(&text.replace("may_be_empty = true\n", ""))).0;
        assert_eq!(refused.refused.len(), 1, "without the key");
    }
}
