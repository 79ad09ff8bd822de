//! Runs plans, in the ways that there are until one comes to its end.

use std::sync::{Arc, PoisonError};

use arrow::record_batch::RecordBatch;
use datafusion::dataframe::DataFrame;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::physical_plan::execute_stream;
use futures::StreamExt as _;
use tokio::sync::mpsc::Sender;

use super::execution::{ExecutionMode, Unfinished, Watch, guarded, memory_share};
use super::session::Session;
use super::sql_fault::SqlFault;

impl Session {
    /// Runs a plan beside others; where memory does not suffice, once more alone, by plans that need little.
    pub(super) fn collect(&self, plan: &DataFrame) -> Result<Vec<RecordBatch>, SqlFault> {
        let watch = self.watch();
        for mode in [ExecutionMode::Beside, ExecutionMode::Frugal] {
            let mut batches = Vec::new();
            let ended = self.execute(plan.clone(), mode, &watch, |batch| {
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
        for mode in [ExecutionMode::Beside, ExecutionMode::Frugal] {
            let ended = self.execute(plan.clone(), mode, &watch, |batch| {
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
    pub(super) fn execute<E: From<Unfinished>>(
        &self,
        plan: DataFrame,
        mode: ExecutionMode,
        watch: &Watch,
        take: impl FnMut(RecordBatch) -> Result<(), E>,
    ) -> Result<(), E> {
        let (_others, _alone);
        if mode == ExecutionMode::Beside {
            _others = self.turns.read().unwrap_or_else(PoisonError::into_inner);
        } else {
            _alone = self.turns.write().unwrap_or_else(PoisonError::into_inner);
        }
        let temporary = self.limits.temporary_bytes;
        let (files, damages) = (Arc::clone(&self.files), self.files.damages());
        let unfinished = move |error| {
            let damage =
                files.damage_after(damages).map(|damage| Unfinished::Failed(damage.into()));
            damage.unwrap_or_else(|| Unfinished::of(error, temporary))
        };
        let (mut state, plan) = plan.into_parts();
        mode.configure(state.config_mut()).map_err(&unfinished)?;
        let runtime = mode.runtime(state.runtime_env(), &self.limits, self.spill_path());
        let runtime = runtime.map_err(&unfinished)?;
        let work = move |sender: Sender<RecordBatch>| async move {
            let plan = DataFrame::new(state, plan);
            batches(plan, runtime, sender).await.map_err(unfinished)
        };
        self.threads.stream(watch, work, take)?;
        // What the engine reads to plan better, it can do without.
        let damage = self.files.damage_after(damages);
        damage.map_or(Ok(()), |damage| Err(Unfinished::Failed(damage.into()).into()))
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
async fn batches(
    plan: DataFrame,
    runtime: Arc<RuntimeEnv>,
    sender: Sender<RecordBatch>,
) -> datafusion::error::Result<()> {
    let task = Arc::new(plan.task_ctx().with_runtime(runtime));
    let plan = guarded(plan.create_physical_plan().await?)?;
    let mut batches = execute_stream(plan, task)?;
    while let Some(batch) = batches.next().await {
        if sender.send(batch?).await.is_err() {
            break;
        }
    }
    Ok(())
}
