//! Stories told through the real binary, and promises about the house itself.
//!
//! A story is a folder beside this file: `story.toml` says what to run, the
//! other files lie over the project in `base/`, and `expected/` holds what the
//! console must say. A new story needs no Rust.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on panics, and says what it left out"
)]

mod absent_columns;
mod aged_nights;
mod binary;
mod canary;
mod clock;
mod clock_project;
mod coverage;
mod datasets;
mod demo;
mod diff;
mod draws;
mod dry_run;
mod environment;
mod exports;
mod faults;
#[cfg(unix)]
mod flipped_bits;
mod help;
mod history_values;
mod hostile;
#[cfg(unix)]
mod hostile_cases;
#[cfg(unix)]
mod hostile_places;
mod house;
mod identity;
mod kept_project;
mod limits;
mod local_time;
mod log;
mod many_reports;
mod measured_again;
mod measured_span;
mod messages;
mod metrics;
mod model_cases;
mod monitor;
mod old_outputs;
mod own_sources;
mod plan;
mod planned_nights;
mod presets;
mod profiles;
mod promises;
#[cfg(unix)]
mod readers;
#[cfg(unix)]
mod readers_project;
#[cfg(unix)]
mod reading_users;
mod reference;
mod reference_pages;
mod refused;
mod refused_figures;
mod repair;
mod row_rules;
mod samples;
mod seeds;
mod selected_runs;
mod sending;
mod sequences;
mod site;
mod small_groups;
#[allow(dead_code, reason = "the tests of delivery use more of it")]
#[path = "../smtp/mod.rs"]
mod smtp;
mod sql_limits;
mod stale_mail;
mod stories;
mod terminal;
mod tutorial;
mod variables;
mod versions;
#[allow(dead_code, reason = "the tests of delivery use more of it")]
#[path = "../web/mod.rs"]
mod web;
mod webhook;
mod webhook_connection;
mod whole_check;
