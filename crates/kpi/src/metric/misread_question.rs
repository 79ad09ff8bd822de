//! A metric whose question means the other end than it says.

use scorewright_domain::Fault;

use super::definition::Metric;
use super::survey::MetricOrientation;

impl Metric {
    /// A fault that says that a question it is computed from means the other end.
    ///
    /// - `column` and `path`: where the question is declared.
    pub fn misread_question(&self, column: &str, path: &str) -> Fault {
        let meant = self.orientation.map_or("", MetricOrientation::name);
        let message = format!(
            "`orientation = \"{meant}\"`, but a high answer in `{column}` of `{path}` means the other end"
        );
        let help = format!(
            "set `orientation = \"{meant}\"` there if that is what is asked; if a staging model turns the answers round, say \
             `reversed = true` there; else make it a metric of its own"
        );
        self.file.fault(self.file.find("orientation"), message).help(help)
    }
}
