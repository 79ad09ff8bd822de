//! How long the steps of a run took.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use scorewright_domain::Event;
use serde::{Deserialize, Serialize};

/// A step that ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StepTime {
    /// `land`, `build`, `measure`, `deliver`; `other` is what the run did beside them.
    pub(crate) step: String,
    /// Milliseconds.
    pub(crate) ms: u64,
    /// Its share of the time of the run, 0 to 1.
    pub(crate) share: f64,
}

/// The steps so far.
#[derive(Default)]
pub(super) struct StepsSoFar(Mutex<Vec<RunningStep>>);

struct RunningStep {
    step: &'static str,
    started: Instant,
    took: Option<Duration>,
}

impl StepsSoFar {
    /// Takes note of the start and the end of a step.
    pub(super) fn note(&self, event: &Event) {
        match event {
            Event::StepStarted { step, .. } => {
                self.lock().push(RunningStep { step, started: Instant::now(), took: None });
            }
            Event::StepFinished { step } => {
                let mut steps = self.lock();
                if let Some(running) = steps.iter_mut().rfind(|running| running.step == *step) {
                    running.took = Some(running.started.elapsed());
                }
            }
            _ => {}
        }
    }

    /// How long the last step of a name took.
    pub(super) fn took(&self, step: &str) -> Duration {
        let steps = self.lock();
        let running = steps.iter().rfind(|running| running.step == step);
        running.and_then(|running| running.took).unwrap_or_default()
    }

    /// The steps of a run that ended, in the order in which they began, and the rest of its time.
    ///
    /// - `began`: when the run did. What was done before it, such as writing the extracts of a demo, is none of its steps.
    pub(super) fn times(&self, began: Instant) -> Vec<StepTime> {
        let elapsed = began.elapsed();
        let time = |step: &str, took: Duration| StepTime {
            step: step.to_owned(),
            ms: milliseconds(took),
            share: took.as_secs_f64() / elapsed.as_secs_f64().max(f64::EPSILON),
        };
        let steps = self.lock();
        let of_run = steps.iter().filter(|running| running.started >= began);
        let ended = of_run.filter_map(|running| Some((running.step, running.took?)));
        let ended: Vec<(&str, Duration)> = ended.collect();
        let known: Duration = ended.iter().map(|(_, took)| *took).sum();
        let other = [("other", elapsed.saturating_sub(known))];
        ended.into_iter().chain(other).map(|(step, took)| time(step, took)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<RunningStep>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_step_took_is_told_as_the_rest() {
        let steps = StepsSoFar::default();
        let started = |step, items| steps.note(&Event::StepStarted { step, items });
        let began = Instant::now().checked_sub(Duration::from_secs(100)).unwrap();
        started("land", 1);
        steps.note(&Event::StepFinished { step: "land" });
        started("build", 1);
        let times = steps.times(began);
        let names: Vec<&str> = times.iter().map(|time| time.step.as_str()).collect();
        assert_eq!(names, ["land", "other"], "a step that fails has no end");
        assert!(times[1].ms > 99_000 && times[1].share > 0.99, "{times:?}");
        let all: f64 = times.iter().map(|time| time.share).sum();
        assert!((all - 1.0).abs() < 1e-9, "{times:?}");
    }

    #[test]
    fn what_was_done_before_the_run_is_none_of_its_steps() {
        let steps = StepsSoFar::default();
        steps.note(&Event::StepStarted { step: "write", items: 1 });
        steps.note(&Event::StepFinished { step: "write" });
        let times = steps.times(Instant::now());
        assert_eq!(times.iter().map(|time| &*time.step).collect::<Vec<_>>(), ["other"]);
    }
}
