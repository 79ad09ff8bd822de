//! Parquet decoded in a process of its own, with little memory: a file that makes its reader ask for all memory there
//! is, or more, ends that process and not the run.
//!
//! The process is this program again. It gets the file as its standard input, answers with an Arrow IPC stream, and
//! says on its standard error why it could not.

use crate::refusal::AdmitExtract as _;
use scorewright_domain::Limits;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read as _, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, OnceLock};

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;

use super::decode::{self, Batches, Outline};
use crate::refusal::Refusal;

static PROGRAM: OnceLock<DecodeProgram> = OnceLock::new();

/// The command by which the program is asked.
const COMMAND: &str = "decode-parquet";

/// What decodes Parquet in a process of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeProgram {
    /// Where it lies. It must know the command `decode-parquet` and answer it with [`answer`].
    pub path: PathBuf,
    /// All of its environment.
    pub environment: &'static [(&'static str, &'static str)],
}

/// Decodes Parquet from here on by starting `program`.
///
/// Until it is called files are decoded in this process, where one that is hostile enough may end it.
pub fn decode_parquet_in_sandbox(program: DecodeProgram) {
    let _ = PROGRAM.set(program);
}

/// What the other process is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeRequest {
    /// Bytes of memory it may take.
    pub memory: u64,
    /// Seconds of a processor it may take; each MiB of the file adds one.
    pub seconds: u64,
    /// Most columns it should name.
    pub most_columns: usize,
    /// Places of the columns whose rows are wanted; without them only names and types are.
    pub columns: Option<Vec<usize>>,
}

const EXPANDED: &str = "expanded";
const ROWS: &str = "rows";

/// What a file says of itself.
pub(crate) fn outline(file: File, limits: &Limits) -> Result<Outline, Refusal> {
    let Some(program) = PROGRAM.get() else {
        return here(|| decode::outline(file, limits.columns));
    };
    let mut sandbox = Sandbox::start(program, file, limits, None)?;
    let schema = sandbox.schema.clone();
    sandbox.next().transpose()?;
    let number = |key: &str| schema.metadata().get(key).and_then(|number| number.parse().ok());
    let expanded = number(EXPANDED).unwrap_or(u64::MAX);
    Ok(Outline { expanded, rows: number(ROWS).unwrap_or(u64::MAX), schema })
}

/// The rows of some columns of a file, by their places.
pub(crate) fn batches(
    file: File,
    limits: &Limits,
    columns: &[usize],
) -> Result<Box<dyn Iterator<Item = Result<RecordBatch, Refusal>>>, Refusal> {
    let Some(program) = PROGRAM.get() else {
        let mut batches = here(|| decode::batches(file, columns))?;
        return Ok(Box::new(std::iter::from_fn(move || {
            here(|| batches.next().transpose()).transpose()
        })));
    };
    Ok(Box::new(Sandbox::start(program, file, limits, Some(columns))?))
}

/// The library panics on some broken files; that is their fault, not a bug of the run.
fn here<T>(decode: impl FnOnce() -> Result<T, String>) -> Result<T, Refusal> {
    let decoded = catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(GAVE_UP.into()));
    decoded.map_err(Refusal::BadParquet)
}

const GAVE_UP: &str = "its reader gave up";

/// The other process while it answers.
struct Sandbox {
    child: Child,
    answer: Option<StreamReader<BufReader<ChildStdout>>>,
    schema: SchemaRef,
    limits: Limits,
}

impl Sandbox {
    fn start(
        program: &DecodeProgram,
        file: File,
        limits: &Limits,
        columns: Option<&[usize]>,
    ) -> Result<Self, Refusal> {
        let mut command = Command::new(&program.path);
        command.env_clear().envs(program.environment.iter().copied());
        command.arg(COMMAND).stdin(file).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.args(["--memory", &limits.parquet_memory.to_string()]);
        command.args(["--seconds", &limits.parquet_seconds.to_string()]);
        command.args(["--most-columns", &limits.columns.to_string()]);
        if let Some(columns) = columns {
            let places: Vec<String> = columns.iter().map(usize::to_string).collect();
            command.args(["--columns", &places.join(",")]);
        }
        let mut child = command.spawn().map_err(Refusal::Unreadable)?;
        let answer = child.stdout.take().expect("it is piped");
        let mut sandbox =
            Self { child, answer: None, schema: Arc::new(Schema::empty()), limits: *limits };
        match StreamReader::try_new(BufReader::new(answer), None) {
            Ok(answer) => {
                sandbox.schema = answer.schema();
                sandbox.answer = Some(answer);
                Ok(sandbox)
            }
            Err(_) => Err(sandbox.ended().unwrap_or_else(|| Refusal::BadParquet(GAVE_UP.into()))),
        }
    }

    /// Why the other process ended, unless all is well.
    fn ended(&mut self) -> Option<Refusal> {
        self.answer = None;
        let mut said = Vec::new();
        if let Some(words) = self.child.stderr.take() {
            let _ = words.take(4 << 10).read_to_end(&mut said);
        }
        let status = self.child.wait().ok();
        if status.is_some_and(|status| status.success()) {
            return None;
        }
        let said = String::from_utf8_lossy(&said);
        let why = said.trim().strip_prefix(REFUSED).map(|why| Refusal::BadParquet(why.to_owned()));
        let is_full = said.contains("memory allocation of");
        let full = || is_full.then(|| self.limits.memory_exceeded().into());
        let late = || status.is_some_and(is_late).then(|| self.limits.time_exceeded().into());
        Some(full().or_else(late).or(why).unwrap_or_else(|| Refusal::BadParquet(GAVE_UP.into())))
    }
}

impl Iterator for Sandbox {
    type Item = Result<RecordBatch, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.answer.as_mut()?.next() {
            Some(Ok(batch)) => Some(Ok(batch)),
            Some(Err(_)) => {
                Some(Err(self.ended().unwrap_or_else(|| Refusal::BadParquet(GAVE_UP.into()))))
            }
            None => self.ended().map(Err),
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const REFUSED: &str = "refused: ";

/// Answers a request in the process that was started for it: the file was its standard input, the answer is its
/// standard output.
///
/// # Errors
///
/// Why the file cannot be decoded, to be said on standard error.
pub fn answer(request: &DecodeRequest, file: File, out: impl Write) -> Result<(), String> {
    // What is broken is the file; nobody needs to see where the library noticed.
    std::panic::set_hook(Box::new(|_| {}));
    let answered = catch_unwind(AssertUnwindSafe(|| answered(request, file, out)));
    answered.unwrap_or_else(|_| Err(GAVE_UP.into())).map_err(|why| format!("{REFUSED}{why}"))
}

fn answered(request: &DecodeRequest, file: File, out: impl Write) -> Result<(), String> {
    let said = |error: io::Error| error.to_string();
    let bytes = file.metadata().map_err(said)?.len();
    restrict(request.memory, request.seconds.saturating_add(bytes >> 20)).map_err(said)?;
    match &request.columns {
        None => {
            let Outline { schema, expanded, rows } = decode::outline(file, request.most_columns)?;
            let said = [(EXPANDED, expanded), (ROWS, rows)]
                .map(|(key, number)| (key.to_owned(), number.to_string()));
            let schema = schema.as_ref().clone().with_metadata(HashMap::from(said));
            write(out, &schema, Box::new(std::iter::empty()))
        }
        Some(columns) => {
            let mut batches = decode::batches(file, columns)?.peekable();
            let schema = match batches.peek() {
                Some(Ok(batch)) => batch.schema(),
                Some(Err(why)) => return Err(why.clone()),
                None => Arc::new(Schema::empty()),
            };
            write(out, &schema, Box::new(batches))
        }
    }
}

fn write(out: impl Write, schema: &Schema, batches: Batches) -> Result<(), String> {
    let said = |error: ArrowError| error.to_string();
    let mut writer = StreamWriter::try_new(out, schema).map_err(said)?;
    for batch in batches {
        writer.write(&batch?).map_err(said)?;
        writer.flush().map_err(said)?;
    }
    writer.finish().map_err(said)
}

/// Whether the system ended a process because its time was over.
#[cfg(unix)]
fn is_late(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal() == Some(libc::SIGXCPU)
}

#[cfg(not(unix))]
fn is_late(_status: ExitStatus) -> bool {
    false
}

#[cfg(unix)]
fn restrict(memory: u64, seconds: u64) -> io::Result<()> {
    // The signal of the soft limit says why the process ended; that of the hard one, a little later, could be any.
    rlimit::setrlimit(rlimit::Resource::CPU, seconds, seconds.saturating_add(5))?;
    rlimit::setrlimit(rlimit::Resource::CORE, 0, 0)?;
    // Whoever started the run may allow it less.
    let (_, allowed) = rlimit::getrlimit(rlimit::Resource::AS)?;
    rlimit::setrlimit(rlimit::Resource::AS, memory.min(allowed), allowed)
}

#[cfg(not(unix))]
fn restrict(_memory: u64, _seconds: u64) -> io::Result<()> {
    Ok(())
}
