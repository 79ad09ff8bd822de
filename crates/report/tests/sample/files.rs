//! Report files and templates.

use std::path::Path;

use scorewright_domain::ProjectFile;
use scorewright_report::{Report, Templates};

pub const COMPANY_REPORT: &str = r#"title = "Customer scorecard"
grain = "week"
history = 13

[[group]]
title = "What customers say"
lines = ["csat_top2", "nps", "ces"]

[[group]]
title = "How well we help"
lines = ["first_reply:median", "full_resolution:median", "full_resolution:p90", "one_touch", "reopen_rate", "sla_attainment"]

[[group]]
title = "Whether they stay and buy"
lines = ["logo_churn", "average_purchase_value", "purchase_frequency", "sales_growth"]

[[breakdown]]
metric = "csat_top2"
by = "team"

[[breakdown]]
metric = "csat_top2"
by = "segment"

[[breakdown]]
metric = "full_resolution:median"
by = "team"

[mail]
from = "Scorewright <scorecards@example.com>"
to = ["leadership@example.com"]
link = "https://scorecards.example.com/2026-W47/scorecard.html"
"#;

pub fn report(text: &str) -> Report {
    Report::read(&ProjectFile::new("reports/scorecard/report.toml", text)).unwrap()
}

/// The standard templates of the repository.
pub fn templates() -> Templates {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports");
    let mut files = Vec::new();
    for folder in ["scorecard", "shared"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.extension().is_some_and(|extension| extension == "j2") {
                files.push(ProjectFile::new(
                    format!("reports/{folder}/{name}"),
                    std::fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Templates::read(&files).unwrap()
}
