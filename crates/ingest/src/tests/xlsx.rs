//! Spreadsheets of several programs, and such as no program writes.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn xlsx(head: &str, columns: &str) -> Source {
    let start = "title = \"T\"\nfiles = \"*.xlsx\"\nformat = \"xlsx\"\ntolerate = 0.9\n";
    source(&format!("{start}{head}\n{columns}"))
}

const ID: &str = "[columns.id]\ntype = \"text\"\n";

/// A workbook of the parts given; those of a plain one stand in for the others.
fn workbook(partitions: &[(&str, &str)]) -> Vec<u8> {
    let plain = [
        (
            "_rels/.rels",
            "<Relationships><Relationship Id='r1' Type='x/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name='One' sheetId='1' r:id='r1'/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id='r1' Type='x/worksheet' Target='/xl/sheet.xml'/>\
             <Relationship Id='r2' Type='x/sharedStrings' Target='strings.xml'/></Relationships>",
        ),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let is_given = |name: &str| partitions.iter().any(|(given, _)| *given == name);
    for (name, text) in plain.iter().filter(|(name, _)| !is_given(name)).chain(partitions) {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook whose one sheet has these rows.
fn sheet(rows: &str) -> Vec<u8> {
    workbook(&[("xl/sheet.xml", &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"))])
}

fn refused(file: &[u8], source: &Source) -> String {
    refused_by(Limits::default(), file, source)
}

fn refused_by(limits: Limits, file: &[u8], source: &Source) -> String {
    let stage = Stage::new();
    stage.receive("a.xlsx", file);
    stage.refusal("a.xlsx", source, &limits).to_string()
}

// Written by openpyxl; what it wrote is in `samples/make.py`.
#[test]
fn typed_cells_become_typed_values() {
    let stage = Stage::new();
    stage.receive("a.xlsx", include_bytes!("../../../extract/src/xlsx/samples/openpyxl.xlsx"));
    let columns = "[columns.id]\nfrom = \"Id\"\ntype = \"text\"\n\
                   [columns.opened_at]\nfrom = \"Opened\"\ntype = \"timestamp\"\ntime_zone = \"Europe/Berlin\"\nformat = \"%d/%m/%Y %H:%M\"\n\
                   [columns.day]\nfrom = \"Day\"\ntype = \"date\"\nnull = [\"\", \"9999-12-31\"]\n\
                   [columns.price]\nfrom = \"Price\"\ntype = \"decimal\"\nscale = 7\ndecimal_mark = \",\"\n\
                   [columns.answers]\nfrom = \"Answers\"\ntype = \"integer\"\n\
                   [columns.solved]\nfrom = \"Solved\"\ntype = \"boolean\"\n\
                   [columns.spent]\nfrom = \"Spent\"\ntype = \"duration\"\nformat = \"h:mm\"\n\
                   [columns.note]\nfrom = \"Note\"\ntype = \"text\"\n";
    stage.land(&xlsx("[xlsx]\nskip_rows = 3\nheader_rows = 2", columns));
    assert_eq!(
        stage.rows("raw"),
        [
            "9007199254740992|2026-05-01T08:30:15.250Z|2026-05-02|1.1000000|3|true|91800|ä & <b> \"q\"\nline|a.xlsx|6",
            "T2|1899-12-31T23:00:00Z|-|0.3000000|-7|false|300|-|a.xlsx|7",
            "T3|-|-|0.0000001|-|-|-|#N/A|a.xlsx|9",
        ]
    );
    assert_eq!(
        stage.rows("quarantine")[0].split_once(".xlsx|").unwrap().1,
        "10|0|0|Opened|not_a_timestamp|Id=123, Opened=10:30:00, Price=12345678901234600000, Answers=2.5, Note= padded "
    );
}

// Written by XlsxWriter: days from 1904, shared and rich texts, formulas with their results.
#[test]
fn shared_texts_formulas_and_the_other_calendar_are_read() {
    let stage = Stage::new();
    stage.receive("a.xlsx", include_bytes!("../../../extract/src/xlsx/samples/xlsxwriter.xlsx"));
    let columns = "[columns.id]\ntype = \"text\"\n[columns.opened_at]\ntype = \"timestamp\"\n[columns.total]\ntype = \"text\"\n";
    stage.land(&xlsx("", columns));
    assert_eq!(
        stage.rows("raw"),
        [
            "T1|2026-05-01T10:30:00Z|2|a.xlsx|2",
            "T2|1904-01-01T06:00:00Z|x|a.xlsx|3",
            "T3\u{1}|-|true|a.xlsx|4",
            "T4|-|#DIV/0!|a.xlsx|5"
        ]
    );
    let named = refused(
        include_bytes!("../../../extract/src/xlsx/samples/xlsxwriter.xlsx"),
        &xlsx("[xlsx]\nsheet = \"Tickets\"", ID),
    );
    assert_eq!(named, "it has no sheet `Tickets`");
}

#[test]
fn whole_numbers_keep_every_digit() {
    let stage = Stage::new();
    stage.receive(
        "a.xlsx",
        sheet("<row><c t='str'><v>id</v></c></row><row><c><v>1234567890123456789</v></c></row>"),
    );
    stage.land(&xlsx("", "[columns.id]\ntype = \"integer\"\n"));
    assert_eq!(stage.rows("raw"), ["1234567890123456789|a.xlsx|2"]);
}

#[test]
fn a_value_beside_the_table_sets_its_row_aside() {
    let stage = Stage::new();
    let rows = "<row r='2'><c r='B2' t='str'><v>id</v></c></row>\
                <row r='5'><c r='A5'><v>1</v></c><c r='B5'><v>2</v></c><c r='C5'><v>3</v></c></row>\
                <row r='9'><c r='B9'><v>4</v></c></row>";
    stage.receive("a.xlsx", sheet(rows));
    stage.land(&xlsx("", ID));
    assert_eq!(stage.rows("raw"), ["4|a.xlsx|9"]);
    assert_eq!(
        stage.rows("quarantine")[0].split_once(".xlsx|").unwrap().1,
        "5|0|0|-|too_many_fields|=1, id=2, =3"
    );
}

#[test]
fn what_is_no_sound_workbook_is_refused() {
    let source = xlsx("", ID);
    for (file, message) in [
        (b"Id,Score\n".to_vec(), "it is no xlsx file, not what its name and source say"),
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(),
            "it is an xls file of old, or protected by a password, not what its name and source say",
        ),
        (sheet("")[..300].to_vec(), "it is not a sound xlsx file: "),
        (workbook(&[]), "it is not a sound xlsx file: its part `xl/sheet.xml` is missing"),
        (
            sheet("<row r='3'/><row r='2'/>"),
            "it is not a sound xlsx file: the row after row 3 is out of order",
        ),
        (
            sheet("<row r='9999999'/>"),
            "it is not a sound xlsx file: the row after row 0 is out of order",
        ),
        (
            sheet("<row><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>"),
            "it is not a sound xlsx file: the cells of row 1 are out of order",
        ),
        (
            sheet("<row><c r='ZZZZ1'><v>1</v></c></row>"),
            "it is not a sound xlsx file: the cells of row 1 are out of order",
        ),
        (
            sheet("<row><c t='s'><v>7</v></c></row>"),
            "it is not a sound xlsx file: its shared text 7 is missing",
        ),
        (
            sheet("<row><c t='str'><v>&lol;</v></c></row>"),
            "it is not a sound xlsx file: it has an entity that XML does not know",
        ),
        (sheet("<row><c><v>1</v>"), "it is not a sound xlsx file: "),
        (sheet(""), "it is empty"),
    ] {
        let found = refused(&file, &source);
        assert!(found.starts_with(message), "{found}");
    }
}

#[test]
fn a_bomb_is_refused_while_it_is_expanded() {
    let small = Limits { expanded_floor: 1 << 20, row_bytes: 500_000, ..Limits::default() };
    let bomb = |file: &[u8], limits| refused_by(limits, file, &xlsx("", ID));
    let rows = |rows: &str| sheet(&format!("<row><c t='str'><v>id</v></c></row>{rows}"));
    let long = rows(&format!("<row><c t='str'><v>{}</v></c></row>", "x".repeat(900_000)));
    assert_eq!(
        bomb(&long, small),
        "its part `xl/sheet.xml` has a value of more than 500,000 bytes (limit `row_bytes`)"
    );
    let broad = rows(&format!("<row>{}</row>", "<c t='str'><v>12345678</v></c>".repeat(1_000)));
    let narrow = Limits { row_bytes: 4_000, ..small };
    assert_eq!(bomb(&broad, narrow), "its line 2 is longer than 4,000 bytes (limit `row_bytes`)");
    assert_eq!(
        bomb(&rows(&"<!---->".repeat(1 << 20)), small),
        "its part `xl/sheet.xml` expands to more than 200 times its size (limit `expanded_ratio`)"
    );
    let large = Limits { expanded_bytes: 10_000, ..small };
    assert_eq!(
        bomb(&broad, large),
        "its part `xl/sheet.xml` expands to more than 10,000 bytes (limit `expanded_bytes`)"
    );
    let strings = format!("<sst>{}</sst>", "<si><t>x</t></si>".repeat(10_000));
    let encoded = workbook(&[("xl/sheet.xml", ""), ("xl/strings.xml", &strings)]);
    let held_limit = Limits { workbook_bytes: 100_000, ..small };
    assert_eq!(
        bomb(&encoded, held_limit),
        "its part `xl/strings.xml` expands to more than 100,000 bytes (limit `workbook_bytes`)"
    );
    let few = Limits { sheet_cells: 900, ..small };
    assert_eq!(bomb(&broad, few), "its sheet has more than 900 cells (limit `sheet_cells`)");
}

#[test]
fn all_missing_columns_of_a_sheet_are_named() {
    let columns = "[columns.id]\ntype = \"text\"\n[columns.nr]\ntype = \"text\"\n[columns.score]\ntype = \"integer\"\n";
    let file = sheet("<row><c t='str'><v>nr</v></c></row><row><c><v>1</v></c></row>");
    assert_eq!(refused(&file, &xlsx("", columns)), "it lacks 2 columns: `id`, `score`");
}

#[test]
fn texts_that_cells_share_count_for_every_cell() {
    let text = format!("<sst><si><t>id</t></si><si><t>{}</t></si></sst>", "x".repeat(50_000));
    let shared = |rows: &str| {
        let sheet = format!("<row><c t='s'><v>0</v></c></row>{rows}");
        workbook(&[("xl/sheet.xml", &sheet), ("xl/strings.xml", &text)])
    };
    let refused = |file: &[u8], limits| refused_by(limits, file, &xlsx("", ID));
    let row = format!("<row>{}</row>", "<c t='s'><v>1</v></c>".repeat(10));
    let narrow = Limits { row_bytes: 400_000, ..Limits::default() };
    assert_eq!(
        refused(&shared(&row), narrow),
        "its line 2 is longer than 400,000 bytes (limit `row_bytes`)"
    );
    let rows = "<row><c t='s'><v>1</v></c></row>".repeat(1_000);
    let small = Limits { expanded_floor: 1 << 20, ..Limits::default() };
    let stated = refused(&shared(&rows), small);
    assert_eq!(stated, "it expands to more than 200 times its size (limit `expanded_ratio`)");
}

#[test]
fn columns_of_a_sheet_become_rows_and_what_stands_above_them_is_in_each() {
    let stage = Stage::new();
    let text = |cell: &str, text: &str| format!("<c r='{cell}' t='str'><v>{text}</v></c>");
    let rows = format!(
        "<row r='1'>{}</row><row r='2'>{}{}{}</row><row r='3'>{}<c r='B3'><v>9</v></c></row>\
         <row r='4'>{}<c r='B4'><v>99</v></c><c r='C4'><v>7</v></c></row>",
        text("A1", "Stand: 2026-11-20"),
        text("A2", "Id"),
        text("B2", "Q1"),
        text("C2", "Q2"),
        text("A3", "R1"),
        text("A4", "R2"),
    );
    stage.receive("a.xlsx", sheet(&rows));
    let columns = "[unpivot]\ncolumns = [\"Q*\"]\nname = \"question\"\nvalue = \"score\"\n\
        [columns.id]\nfrom = \"Id\"\ntype = \"text\"\n[columns.question]\ntype = \"text\"\n\
        [columns.score]\ntype = \"integer\"\nmax = 10\n\
        [columns.day]\nabove = 'Stand: (\\S+)'\ntype = \"date\"\n";
    stage.land(&xlsx("key = [\"id\", \"question\"]\n[xlsx]\nskip_rows = 1", columns));
    assert_eq!(stage.rows("raw"), ["R1|Q1|9|2026-11-20|a.xlsx|3", "R2|Q2|7|2026-11-20|a.xlsx|4"]);
    assert_eq!(reasons(&stage.books("a.xlsx")), [("out_of_range", 1)]);
}
