//! A run whose every name and number is hostile.

use scorewright_domain::{Coverage, CoverageState, Evidence, Segment, Standing, Status, Unit};
use scorewright_report::{RefusedFile, Report, RunFacts};

use super::company::company_lines;
use super::facts::{company_facts, reach};
use super::files::report;
use super::line::{SampleLine, metric, standing};

/// Text no template author thinks of.
pub const HOSTILE: [&str; 6] = [
    "<script>alert('x')</script>",
    "a|b **c** [d](javascript:e) `f` www.example.com",
    "\u{202e}טיפול בלקוחות\u{202c} مرحبا",
    "🎉 Zufriedenheit für Ärzte & Söhne 🎉",
    "line one\r\nSubject: two\r\n\r\nbody",
    "{{ run_id }}{% raw %}",
];

/// The company's report over names and numbers at their worst.
pub fn run() -> (Report, Vec<Standing>, RunFacts) {
    let huge = 1e300;
    let series: [Vec<Option<f64>>; 6] = [
        vec![None; 13],
        vec![Some(0.5)],
        vec![Some(-1e12), Some(1e12)],
        vec![Some(huge), None, Some(-huge)],
        vec![Some(0.0); 13],
        vec![Some(0.999_99), Some(0.000_01)],
    ];
    let units = [Unit::Share, Unit::Points, Unit::Money, Unit::Count, Unit::Duration, Unit::Growth];
    let base = company_lines().swap_remove(0);
    let names = ["one", "two", "three", "four", "five", "six"];
    let lines: Vec<SampleLine> = (0..6)
        .map(|index| SampleLine {
            name: names[index],
            title: HOSTILE[index],
            says: HOSTILE[(index + 1) % 6],
            formula: HOSTILE[(index + 2) % 6],
            unit: units[index],
            series: series[index].clone(),
            n: if index == 0 { 0 } else { 3 },
            width: if index == 3 { f64::INFINITY } else { 0.1 },
            target: Some(if index == 4 { 0.0 } else { -0.4 }),
            status: [
                Status::NoData,
                Status::TooLittleData,
                Status::OffTrack,
                Status::OffTrack,
                Status::OnTrack,
                Status::AtRisk,
            ][index],
            evidence: if index % 2 == 0 { Evidence::Real } else { Evidence::Noise },
            ..base.clone()
        })
        .collect();
    let mut standings: Vec<Standing> =
        lines.iter().map(|line| standing(line, Segment::total())).collect();
    for (index, name) in HOSTILE.iter().enumerate() {
        let status = if index == 1 { Status::TooLittleData } else { Status::AtRisk };
        let line = SampleLine {
            n: 40 + index as u64,
            series: series[index].clone(),
            status,
            ..lines[1].clone()
        };
        standings.push(standing(&line, Segment::of("team", *name)));
    }
    let mut facts = company_facts();
    facts.project = HOSTILE[4].into();
    facts.metrics = lines.iter().map(metric).collect();
    facts.sources[0].title = HOSTILE[0].into();
    facts.sources[0].refused = vec![RefusedFile {
        file: HOSTILE[1].into(),
        reason: "header `a|b` has no column `c`".into(),
    }];
    facts.sources[1].reach = Some(reach(&facts.sources[1].source, "2026-11-19T23:00:00Z"));
    standings[0].status = Status::Partial;
    standings[0].coverage = Coverage {
        state: CoverageState::Partial,
        until: facts.sources[1].reach.as_ref().and_then(|reach| reach.until),
        sources: vec![facts.sources[1].source.clone()],
    };
    let text = "title = \"Score | <b>card</b>\"\ngrain = \"week\"\n[[group]]\ntitle = \"<i>Group</i> *one*\"\n\
        lines = [\"one\", \"two\", \"three\", \"four\", \"five\", \"six\"]\n[[breakdown]]\nmetric = \"two\"\nby = \"team\"\n\
        [mail]\nfrom = \"a@example.com\"\nto = [\"b@example.com\"]\n";
    (report(text), standings, facts)
}
