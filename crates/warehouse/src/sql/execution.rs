//! Plans that run within the limits of the project.
//!
//! ```text
//! machine_memory    what there is
//!       |
//!     watch         what a query may take: time, and memory that no pool counts
//!       |
//!    threads        where it runs, and who waits for it
//!       |
//!    attempt        how it is tried: beside others, alone, by plans that need little
//! guarded_plan      what is refused before, and can be stopped
//!  exhaustion       why it did not end
//! ```

mod machine_memory;

mod exhaustion;

mod watch;

mod threads;

mod attempt;
mod guarded_plan;

#[cfg(test)]
mod tests;

use std::sync::PoisonError;

use arrow::record_batch::RecordBatch;
use datafusion::dataframe::DataFrame;
use datafusion::physical_plan::execute_stream;
use futures::StreamExt as _;
use tokio::sync::mpsc::Sender;

use super::session::Session;
use super::sql_fault::SqlFault;
pub(super) use attempt::Attempt;
pub(super) use exhaustion::Unfinished;
pub use machine_memory::memory_share;
pub(super) use threads::QueryThreads;
pub(super) use watch::Watch;

impl Session {
    /// Runs a plan beside others; where memory does not suffice, once more alone, by plans that need little.
    pub(super) fn collect(&self, plan: &DataFrame) -> Result<Vec<RecordBatch>, SqlFault> {
        let watch = self.watch();
        for attempt in [Attempt::Beside, Attempt::Frugal] {
            let mut batches = Vec::new();
            let ended = self.attempt(plan.clone(), attempt, &watch, |batch| {
                batches.push(batch);
                Ok::<_, Unfinished>(())
            });
            match ended {
                Ok(()) => return Ok(batches),
                Err(Unfinished::OutOfMemory) => {}
                Err(Unfinished::Failed(fault)) => return Err(fault),
            }
        }
        Err(self.out_of_memory())
    }

    /// Runs a plan and hands on its batches as they come; again only while none was handed on.
    pub(super) fn run(
        &self,
        plan: &DataFrame,
        mut take: impl FnMut(&RecordBatch) -> Result<(), SqlFault>,
    ) -> Result<(), SqlFault> {
        let watch = self.watch();
        let mut is_begun = false;
        for attempt in [Attempt::Beside, Attempt::Frugal] {
            let ended = self.attempt(plan.clone(), attempt, &watch, |batch| {
                is_begun = true;
                take(&batch).map_err(Unfinished::Failed)
            });
            match ended {
                Ok(()) => return Ok(()),
                Err(Unfinished::OutOfMemory) if !is_begun => {}
                Err(Unfinished::OutOfMemory) => break,
                Err(Unfinished::Failed(fault)) => return Err(fault),
            }
        }
        Err(self.out_of_memory())
    }

    /// Runs a plan one way, beside others or alone.
    pub(super) fn attempt<E: From<Unfinished>>(
        &self,
        plan: DataFrame,
        attempt: Attempt,
        watch: &Watch,
        take: impl FnMut(RecordBatch) -> Result<(), E>,
    ) -> Result<(), E> {
        let (_others, _alone);
        if attempt == Attempt::Beside {
            _others = self.turns.read().unwrap_or_else(PoisonError::into_inner);
        } else {
            _alone = self.turns.write().unwrap_or_else(PoisonError::into_inner);
        }
        let temporary = self.limits.temporary_bytes;
        let (state, plan) = plan.into_parts();
        let state = attempt.state(state, &self.limits, self.spill_path());
        let state = state.map_err(|error| Unfinished::of(error, temporary))?;
        let work = move |sender: Sender<RecordBatch>| async move {
            let batches = batches(DataFrame::new(state, plan), sender).await;
            batches.map_err(|error| Unfinished::of(error, temporary))
        };
        self.threads.stream(watch, work, take)
    }

    pub(super) fn watch(&self) -> Watch {
        Watch::begin(&self.limits)
    }

    /// What is said once no try is left.
    pub(super) fn out_of_memory(&self) -> SqlFault {
        SqlFault::out_of_memory(self.limits.memory.unwrap_or_else(memory_share))
    }
}

/// Sends the batches of a plan until nobody takes them.
async fn batches(plan: DataFrame, sender: Sender<RecordBatch>) -> datafusion::error::Result<()> {
    let task = plan.task_ctx().into();
    let plan = guarded_plan::guarded(plan.create_physical_plan().await?)?;
    let mut batches = execute_stream(plan, task)?;
    while let Some(batch) = batches.next().await {
        if sender.send(batch?).await.is_err() {
            break;
        }
    }
    Ok(())
}
