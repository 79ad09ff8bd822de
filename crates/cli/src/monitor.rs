//! The hosted monitor of a project, told of runs.

use scorewright_delivery::{Monitor, Ping};
use scorewright_domain::{Event, Listener as _};
use scorewright_project::{Folders, ProjectLocation};

use crate::clock;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};
use crate::secrets::secret;

/// The monitor of a project, if it has one; what stands in its way is told, and hinders nothing.
pub(crate) fn monitor_of(location: &ProjectLocation, console: &Console) -> Option<Monitor> {
    // Settings that cannot be read are a fault that the run tells.
    let place = Folders::of(location).ok()?.monitor?;
    let monitor = secret(&place, "address of the monitor").and_then(|address| {
        Monitor::at(address, None, clock::elapsed).map_err(|bad| bad.to_string())
    });
    monitor.inspect_err(|why| notice(why, console)).ok()
}

/// Tells it that a run begins.
pub(crate) fn notify_start(monitor: Option<&Monitor>, console: &Console) {
    notify(monitor, Ping::Start, console);
}

/// Tells it how a run ended; of a run that left the work to another one that other tells.
pub(crate) fn notify_end(
    monitor: Option<&Monitor>,
    ended: &Result<ExitStatus, Failure>,
    console: &Console,
) {
    match ended.as_ref().map_or_else(|failure| failure.status, |status| *status) {
        ExitStatus::Busy => {}
        ExitStatus::Done => notify(monitor, Ping::Success, console),
        status => notify(monitor, Ping::Status(status as u8), console),
    }
}

fn notify(monitor: Option<&Monitor>, ping: Ping, console: &Console) {
    let told = monitor.map_or(Ok(()), |monitor| monitor.notify(ping));
    if let Err(why) = told {
        notice(&format!("the monitor was not told: {why}"), console);
    }
}

fn notice(message: &str, console: &Console) {
    console.on_event(Event::Noticed { message: message.to_owned() });
}
