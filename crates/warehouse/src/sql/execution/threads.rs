//! The threads that queries are planned and run on, and what waits for them.

use std::any::Any;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use scorewright_domain::STACK;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;

use super::exhaustion::Unfinished;
use super::watch::{LOOK, Watch};

/// Answers that wait to be taken.
const AHEAD: usize = 2;

/// How long a task that is told to end may take, before its thread is given up.
const GRACE: Duration = Duration::from_secs(2);

/// Threads of a session. None of the engine's own timers is relied on: they stand still when all threads are busy.
pub(crate) struct QueryThreads {
    /// `None` once they are ended.
    runtime: Option<Runtime>,
    /// Whether one of them runs something that cannot be stopped.
    has_stuck: AtomicBool,
}

impl QueryThreads {
    pub(crate) fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build()?;
        Ok(Self { runtime: Some(runtime), has_stuck: AtomicBool::new(false) })
    }

    /// Does what is short, on the thread of the caller.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime().block_on(work)
    }

    /// Does `work` on the threads, and takes its one answer.
    pub(crate) fn answer<T: Send + 'static, F>(
        &self,
        watch: &Watch,
        work: F,
    ) -> Result<T, Unfinished>
    where
        F: Future<Output = Result<T, Unfinished>> + Send + 'static,
    {
        let mut answer = None;
        let send = |sender: Sender<T>| async move {
            let _nobody_waits = sender.send(work.await?).await;
            Ok(())
        };
        self.stream(watch, send, |sent| -> Result<(), Unfinished> {
            answer = Some(sent);
            Ok(())
        })?;
        Ok(answer.expect("work that ends well has answered"))
    }

    /// Does `work` on the threads, and takes on the thread of the caller what it sends, until it ends or has to.
    pub(crate) fn stream<T: Send + 'static, F, E: From<Unfinished>>(
        &self,
        watch: &Watch,
        work: impl FnOnce(Sender<T>) -> F,
        mut take: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E>
    where
        F: Future<Output = Result<(), Unfinished>> + Send + 'static,
    {
        let (sender, mut receiver) = channel(AHEAD);
        let task = self.runtime().spawn(work(sender));
        loop {
            let taken = match next(&mut receiver, watch) {
                Ok(Some(sent)) => take(sent),
                Ok(None) => return Ok(self.end_of(task)?),
                Err(exceeded) => Err(exceeded.into()),
            };
            if taken.is_err() {
                drop(receiver);
                self.stop(&task);
                return taken;
            }
        }
    }

    /// How a task ended that sends no more.
    fn end_of(&self, task: JoinHandle<Result<(), Unfinished>>) -> Result<(), Unfinished> {
        match self.block_on(task) {
            Ok(ended) => ended,
            Err(error) if error.is_panic() => {
                Err(Unfinished::of_panic(panic_message(&*error.into_panic())))
            }
            Err(error) => unreachable!("nobody else ends a task: {error}"),
        }
    }

    fn stop(&self, task: &JoinHandle<Result<(), Unfinished>>) {
        task.abort();
        let until = Instant::now() + GRACE;
        while !task.is_finished() {
            if Instant::now() >= until {
                self.has_stuck.store(true, Ordering::Relaxed);
                return;
            }
            thread::park_timeout(Duration::from_millis(5));
        }
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("threads end with what holds them")
    }
}

impl Drop for QueryThreads {
    fn drop(&mut self) {
        // What cannot be stopped ends with the process.
        if let Some(runtime) =
            self.runtime.take().filter(|_| self.has_stuck.load(Ordering::Relaxed))
        {
            runtime.shutdown_background();
        }
    }
}

/// The next thing that is sent; `None` at the end.
fn next<T>(receiver: &mut Receiver<T>, watch: &Watch) -> Result<Option<T>, Unfinished> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut look = Instant::now() + LOOK;
    loop {
        if let Poll::Ready(sent) = receiver.poll_recv(&mut context) {
            return Ok(sent);
        }
        thread::park_timeout(LOOK);
        if Instant::now() >= look {
            look = Instant::now() + LOOK;
            if let Some(exceeded) = watch.exceeded() {
                return Err(exceeded);
            }
        }
    }
}

/// Wakes a thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&'static str>().copied()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use scorewright_domain::SqlLimits;

    use super::*;

    fn watch() -> Watch {
        Watch::begin(&SqlLimits::default())
    }

    #[test]
    fn what_is_sent_is_taken_in_order_and_an_error_of_the_taker_ends_it() {
        let threads = QueryThreads::start().unwrap();
        let count = |sender: Sender<u32>| async move {
            let mut number = 0;
            while sender.send(number).await.is_ok() {
                number += 1;
            }
            Ok(())
        };
        let mut taken = Vec::new();
        let ended = threads.stream(&watch(), count, |number| {
            taken.push(number);
            if number < 9 { Ok(()) } else { Err(Unfinished::OutOfMemory) }
        });
        assert!(matches!(ended, Err(Unfinished::OutOfMemory)));
        assert_eq!(taken, (0..10).collect::<Vec<_>>());
    }

    #[test]
    fn a_panic_is_an_error_and_the_threads_go_on() {
        let threads = QueryThreads::start().unwrap();
        let panics = |text: &'static str| {
            threads.answer(&watch(), async move {
                if text.is_empty() { Ok(1) } else { panic!("{text}") }
            })
        };
        assert!(matches!(panics("partition not used yet"), Err(Unfinished::OutOfMemory)));
        assert!(matches!(panics("something else"), Err(Unfinished::Failed(_))));
        assert_eq!(panics("").unwrap(), 1);
    }

    #[test]
    fn work_that_never_yields_is_given_up_in_time() {
        let threads = QueryThreads::start().unwrap();
        let limits = SqlLimits { query_seconds: 1, ..SqlLimits::default() };
        let (begun, is_over) = (Instant::now(), Arc::new(AtomicBool::new(false)));
        let seen = Arc::clone(&is_over);
        let ended = threads.answer::<(), _>(&Watch::begin(&limits), async move {
            while !seen.load(Ordering::Relaxed) {
                std::hint::spin_loop();
            }
            Ok(())
        });
        let Err(Unfinished::Failed(fault)) = ended else { panic!("it never ends") };
        assert_eq!(fault.limit, Some("query_seconds"));
        drop(threads);
        assert!(begun.elapsed() < Duration::from_secs(8));
        is_over.store(true, Ordering::Relaxed);
    }
}
