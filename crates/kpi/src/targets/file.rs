//! `targets.toml` and `benchmarks.toml` as they are written.

use scorewright_domain::{Benchmark, Target};
use serde::Deserialize;
use toml::Spanned;

/// `targets.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetsFile {
    #[serde(default)]
    pub(super) target: Vec<Spanned<Target>>,
}

/// `benchmarks.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BenchmarksFile {
    #[serde(default)]
    pub(super) benchmark: Vec<Spanned<Benchmark>>,
}
