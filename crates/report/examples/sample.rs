//! Writes the documents of a made-up company into a folder, to look at while changing a template.
//!
//! ```sh
//! cargo run -p scorewright-report --example sample -- out
//! ```

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "out".into()));
    let company = (
        sample::report(sample::COMPANY_REPORT),
        sample::company_standings(),
        sample::company_facts(),
    );
    for (name, (report, standings, facts)) in
        [("company", company), ("hostile", sample::hostile::run())]
    {
        let scorecard = scorewright_report::compose(
            &report,
            &scorewright_report::StandingIndex::of(&standings),
            &facts,
        )?;
        std::fs::create_dir_all(folder.join(name))?;
        for document in scorewright_report::documents(&report, &scorecard, &sample::templates())? {
            std::fs::write(folder.join(name).join(&document.name), &document.bytes)?;
        }
    }
    Ok(())
}
