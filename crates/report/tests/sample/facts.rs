//! What the run over the company's extracts knows of itself.

use std::path::PathBuf;

use scorewright_domain::{Books, CheckId, Extract, Fingerprint, Landing, SourceReach};
use scorewright_report::{
    CheckWarning, Concern, MetricFacts, RunFacts, SourceFacts, UnmatchedRows,
};

use super::company::company_lines;
use super::line::{as_of, metric};

pub fn landing(
    source: &str,
    file: &str,
    read: u64,
    reasons: &[(&str, u64)],
    watermark: Option<&str>,
) -> Landing {
    let quarantined = reasons.iter().map(|(_, rows)| rows).sum();
    let extract = Extract {
        source: source.into(),
        file: PathBuf::from(file),
        fingerprint: Fingerprint::noted(fingerprint(file)),
        bytes: read * 97,
    };
    let books = Books {
        read,
        accepted: read - quarantined,
        quarantined,
        reasons: reasons.iter().map(|(reason, rows)| ((*reason).to_owned(), *rows)).collect(),
        ..Books::default()
    };
    Landing { watermark: watermark.map(str::to_owned), ..Landing::new(extract, books) }
}

/// 64 hexadecimal digits that differ by file; not a real SHA-256.
fn fingerprint(file: &str) -> String {
    let seed = file
        .bytes()
        .fold(7_u64, |seed, byte| seed.wrapping_mul(1_099_511_628_211).wrapping_add(byte.into()));
    let parts: Vec<String> =
        (0..4_u64).map(|part| format!("{:016x}", seed.wrapping_mul(part * 2 + 3))).collect();
    parts.concat()
}

fn source(name: &str, title: &str, landings: Vec<Landing>) -> SourceFacts {
    SourceFacts {
        source: name.into(),
        title: title.into(),
        landings,
        refused: Vec::new(),
        is_as_before: false,
        reach: Some(reach(name, "2026-11-23T22:58:41Z")),
        unmatched: None,
    }
}

pub fn reach(source: &str, until: &str) -> SourceReach {
    SourceReach { source: source.into(), until: Some(until.parse().unwrap()), due: None }
}

pub fn company_facts() -> RunFacts {
    let newest = Some("2026-11-22T22:58:41Z");
    let mut metrics: Vec<MetricFacts> = company_lines().iter().map(metric).collect();
    metrics.dedup_by(|one, other| one.metric == other.metric);
    metrics[0].decided = Some(
        "2026-03-02: a repeat answer replaces the first, as the customer changed their mind".into(),
    );
    RunFacts {
        run_id: "2026-11-23-a41c".into(),
        generated_at: "2026-11-23T00:00:00+01:00".into(),
        as_of: as_of(),
        project: "Acme Cloud".into(),
        time_zone: "Europe/Berlin".into(),
        currency: "EUR".into(),
        sample_lines: None,
        sources: vec![
            source(
                "zendesk_tickets",
                "Zendesk tickets",
                vec![
                    landing(
                        "zendesk_tickets",
                        "zendesk_tickets_2026-10.csv.gz",
                        91_204,
                        &[("not_a_timestamp", 141), ("not_accepted", 22)],
                        Some("2026-10-31T22:59:12Z"),
                    ),
                    landing(
                        "zendesk_tickets",
                        "zendesk_tickets_2026-11.csv.gz",
                        72_817,
                        &[("not_a_timestamp", 149)],
                        newest,
                    ),
                ],
            ),
            source(
                "zendesk_ratings",
                "Zendesk satisfaction ratings",
                vec![landing(
                    "zendesk_ratings",
                    "zendesk_ratings.csv",
                    18_230,
                    &[("out_of_range", 37)],
                    newest,
                )],
            ),
            source(
                "qualtrics",
                "Qualtrics survey",
                vec![landing(
                    "qualtrics",
                    "qualtrics_relationship.csv",
                    6_412,
                    &[("missing_value", 9)],
                    Some("2026-11-21T17:03:00Z"),
                )],
            ),
            source(
                "stripe_subscriptions",
                "Stripe subscriptions",
                vec![landing("stripe_subscriptions", "subscriptions.csv", 9_844, &[], None)],
            ),
            SourceFacts {
                unmatched: Some(UnmatchedRows {
                    rows: 1_237,
                    looked_at: 412_330,
                    is_warning: false,
                }),
                ..source(
                    "orders",
                    "Shop orders",
                    vec![landing("orders", "orders.parquet", 412_330, &[], newest)],
                )
            },
        ],
        warnings: vec![CheckWarning {
            table: "fact.ticket".into(),
            check: CheckId::noted("reference(customer_id to dim.customer)"),
            offending: 212,
            looked_at: Some(164_021),
            concern: Concern::Rows,
        }],
        metrics,
    }
}
