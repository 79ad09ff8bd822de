//! The hours that count as business hours: `pipelines/schedules.toml`.

mod schedules_file;

mod windows;

mod read;

pub use read::read_schedules;
