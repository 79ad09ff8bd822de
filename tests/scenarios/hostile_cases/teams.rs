//! Hostile texts in data that documents show: the name of a team.

use std::fmt::Write as _;

use super::Fault;
use super::case::Case;
use super::sandbox::Sandbox;

const PAGES: &str = "out/pages/scorecard/2026-W47";
const MAIL: &str = "\n[mail]\nfrom = \"Cards <cards@example.com>\"\nto = [\"ann@example.com\"]\n";

/// What is wrong with the documents of a shop that has the teams of all cases.
pub(super) fn shown(cases: &[&Case]) -> Vec<Fault> {
    let of_all = |fault: &str| cases.iter().map(|case| (case.label(), fault.to_owned())).collect();
    let documents = match documents(cases) {
        Ok(documents) => documents,
        Err(fault) => return of_all(&fault),
    };
    let faults = cases
        .iter()
        .filter_map(|case| differs(case, &documents).err().map(|fault| (case.label(), fault)));
    faults.collect()
}

/// What a run of the shop and an export of its tables say.
struct Documents {
    html: String,
    markdown: String,
    /// A query as CSV.
    export: String,
    /// Pages and mails.
    shown: String,
}

fn documents(cases: &[&Case]) -> Result<Documents, String> {
    let mut sandbox = shop(cases);
    sandbox.watch();
    let call = |arguments: &[&str]| {
        let words: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        sandbox.call(&words, &std::collections::BTreeMap::new())
    };
    let ran = call(&["run", "--as-of", "2026-11-23", "--mail"])?;
    if ran.status != 0 {
        return Err(ran.all());
    }
    call(&["query", "SELECT DISTINCT team FROM fact.ticket"])?;
    let export =
        call(&["query", "--output", "csv", "SELECT DISTINCT team FROM fact.ticket ORDER BY team"])?;
    if let Some(fault) = sandbox.disturbed(&[]) {
        return Err(fault);
    }
    let html = sandbox.text_of(&format!("{PAGES}/scorecard.html"));
    let markdown = sandbox.text_of(&format!("{PAGES}/scorecard.md"));
    let shown = [&*html, &markdown, &sandbox.text_of("out/mail")].concat();
    Ok(Documents { html, markdown, export: export.answer, shown })
}

/// The shop with a mail and ten tickets of each team in the week of its page.
fn shop(cases: &[&Case]) -> Sandbox {
    let sandbox = Sandbox::of("shop");
    let mut rows = String::from("Ticket,Team,Opened,Rating\n");
    for (at, case) in cases.iter().enumerate() {
        let team = case.team.as_deref().unwrap_or_default().replace('"', "\"\"");
        for ticket in 0..10 {
            let _ = writeln!(
                rows,
                "H{at}_{ticket},\"{team}\",2026-11-1{} 10:00:00,{}",
                6 + ticket % 4,
                1 + ticket % 5
            );
        }
    }
    sandbox.write("extracts/tickets_hostile.csv", &rows);
    let report = sandbox.text_of("reports/scorecard/report.toml") + MAIL;
    sandbox.write("reports/scorecard/report.toml", &report);
    sandbox
}

fn differs(case: &Case, documents: &Documents) -> Result<(), String> {
    let expected = [
        ("the page", &documents.html, &case.html),
        ("the Markdown", &documents.markdown, &case.markdown),
        ("the export", &documents.export, &case.export),
    ];
    for (name, text, parts) in expected {
        if let Some(part) = parts.iter().find(|part| !text.contains(part.as_str())) {
            return Err(format!("{name} does not hold `{part}`"));
        }
    }
    let forged = case.never_in_markdown.iter().find(|part| documents.markdown.contains(&***part));
    if let Some(part) = forged {
        return Err(format!("the Markdown holds `{part}`"));
    }
    let is_shown = |part: &&String| documents.shown.contains(&***part);
    case.never.iter().find(is_shown).map_or(Ok(()), |part| Err(format!("`{part}` is shown")))
}
