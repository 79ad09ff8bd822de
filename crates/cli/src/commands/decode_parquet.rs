//! The process in which a Parquet file is decoded: this program again, with a command that is not listed.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;

use scorewright_extract::{
    DecodeProgram, DecodeRequest, answer_decode_request, decode_parquet_in_sandbox,
};

use crate::arguments::DecodeOptions;
use crate::exit::ExitStatus;

/// Keeps the allocator from taking memory in advance: the process limits its memory only once it has begun.
const ENVIRONMENT: &[(&str, &str)] = &[("MIMALLOC_ARENA_RESERVE", "0")];

/// Lets Parquet be decoded by this program in a process of its own, where the program can be found.
pub(crate) fn use_separate_process() {
    // Where the system has it, a name of the running program that holds when an update takes the file's place.
    let running = PathBuf::from("/proc/self/exe");
    let path = Some(running).filter(|running| running.exists());
    let path = path.or_else(|| std::env::current_exe().ok().filter(|_| cfg!(unix)));
    if let Some(path) = path {
        decode_parquet_in_sandbox(DecodeProgram { path, environment: ENVIRONMENT });
    }
}

/// Answers what the run asks for; why it cannot goes to standard error.
pub(crate) fn decode_parquet(options: &DecodeOptions) -> ExitStatus {
    let &DecodeOptions { memory, seconds, most_columns, ref columns } = options;
    let request = DecodeRequest { memory, seconds, most_columns, columns: columns.clone() };
    let file = standard_input().map_err(|error| error.to_string());
    match file.and_then(|file| answer_decode_request(&request, file, io::stdout().lock())) {
        Ok(()) => ExitStatus::Done,
        Err(why) => {
            let _ = writeln!(io::stderr(), "{why}");
            ExitStatus::DataRefused
        }
    }
}

#[cfg(unix)]
fn standard_input() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

#[cfg(windows)]
fn standard_input() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    io::stdin().as_handle().try_clone_to_owned().map(File::from)
}
