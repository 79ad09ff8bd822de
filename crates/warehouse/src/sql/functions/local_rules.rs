//! The zone of a project and its schedules, ready to be asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use scorewright_domain::{LocalTime, OpenHours, did_you_mean};

use crate::sql::sql_fault::SqlFault;

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// The zone of a project and its schedules, ready to be asked.
#[derive(Debug)]
pub(crate) struct LocalRules {
    pub(crate) zone_name: String,
    zone: TimeZone,
    pub(super) schedules: BTreeMap<String, OpenHours>,
}

impl LocalRules {
    /// `None` when this machine does not know one of the zones.
    pub(crate) fn of(time: &LocalTime) -> Option<Self> {
        let zone = TimeZone::get(&time.time_zone).ok()?;
        let schedules = time.schedules.iter();
        let schedules = schedules
            .map(|(name, schedule)| Some((name.clone(), OpenHours::new(schedule.clone())?)));
        Some(Self {
            zone_name: time.time_zone.clone(),
            zone,
            schedules: schedules.collect::<Option<_>>()?,
        })
    }

    /// The local day of an instant, both counted from 1970; `None` outside the calendar.
    pub(super) fn day_of(&self, microsecond: i64) -> Option<i32> {
        let instant = Timestamp::from_microsecond(microsecond).ok()?;
        let offset = i64::from(self.zone.to_offset(instant).seconds()) * 1_000_000;
        i32::try_from((microsecond + offset).div_euclid(DAY)).ok()
    }

    /// The fault of a name that no schedule has.
    pub(crate) fn unknown_schedule(&self, name: &str) -> Option<SqlFault> {
        if self.schedules.contains_key(name) {
            return None;
        }
        let fault = SqlFault::new(format!("there is no schedule `{name}`"));
        Some(SqlFault { help: Some(self.known_schedules(name)), ..fault })
    }

    /// The schedules there are, and the one that was meant.
    pub(super) fn known_schedules(&self, meant: &str) -> String {
        let known: Vec<&str> = self.schedules.keys().map(String::as_str).collect();
        if known.is_empty() {
            return "`pipelines/schedules.toml` has none: add [[schedule]] with a name and hours"
                .to_owned();
        }
        let list = format!("schedules of `pipelines/schedules.toml`: {}", known.join(", "));
        did_you_mean(meant, &known, &list)
    }
}

/// The rules, or why a function cannot be used without them.
pub(super) fn known<'a>(
    rules: Option<&'a Arc<LocalRules>>,
    function: &str,
) -> Result<&'a Arc<LocalRules>, SqlFault> {
    rules.ok_or_else(|| SqlFault {
        help: Some("`scorewright run` makes a version that keeps it".into()),
        ..SqlFault::new(format!(
            "`{function}` needs the time zone, which this version does not keep"
        ))
    })
}
