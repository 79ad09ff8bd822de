//! Where the addresses of the webhooks of reports are.

use std::path::Path;

use scorewright_domain::Fault;
use scorewright_report::Report;

use crate::secret_place::SecretPlace;

/// The webhook of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookPlace {
    /// Name of the report.
    pub report: String,
    /// Where its address is.
    pub address: SecretPlace,
}

/// The webhooks of reports, and a fault for each whose address is at no place, above all when it stands in the report.
pub(crate) fn webhook_places(
    reports: &[Report],
    project: &Path,
    faults: &mut Vec<Fault>,
) -> Vec<WebhookPlace> {
    let mut places = Vec::new();
    for report in reports {
        let (Some(webhook), Some(file)) = (&report.webhook, report.file()) else { continue };
        match SecretPlace::of(&webhook.url, "url", project, file) {
            Ok(address) => places.push(WebhookPlace { report: report.id().into(), address }),
            Err(fault) => faults.push(fault),
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use scorewright_domain::ProjectFile;

    use super::*;

    fn read(url: &str) -> (Vec<WebhookPlace>, Vec<Fault>) {
        let text = format!(
            "title = \"Board\"\ngrain = \"week\"\n[[group]]\ntitle = \"Voice\"\nlines = [\"nps\"]\n\
             [webhook]\nurl = {url}\n"
        );
        let report = Report::read(&ProjectFile::new("reports/board/report.toml", text)).unwrap();
        let mut faults = Vec::new();
        (webhook_places(&[report], Path::new("/acme"), &mut faults), faults)
    }

    #[test]
    fn the_address_is_a_secret_and_not_repeated() {
        let (places, faults) = read("{ env = \"CHAT\" }");
        let address = SecretPlace::Env("CHAT".into());
        assert_eq!(places, [WebhookPlace { report: "board".into(), address }]);
        assert!(faults.is_empty(), "{faults:?}");
        let (places, mut faults) = read("\"https://chat.example/hunter2\"");
        let fault = faults.remove(0);
        assert_eq!((places.len(), fault.message()), (0, "this is no place of a url"));
        let told = format!("{:?}", miette::Report::new(fault));
        assert!(told.contains("a url never stands in a file of the project"), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}
