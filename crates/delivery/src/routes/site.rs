//! The route to a static site: a folder, or a folder of an object store.
//!
//! ```text
//! <report>/<period>/r1/scorecard.html    content, under names of its revision
//! <report>/<period>/index.html           leads to the newest revision
//! <report>/index.html                    leads to the newest period
//! ```
//!
//! Content is written before what leads to it, so that nobody is led to what is not there.

use scorewright_domain::{Document, Fingerprint, Period};

use crate::entry::Attachment;
use crate::issue::{BadIssue, Issue};
use crate::label::Label;
use crate::route::{HandOverError, Route};
use crate::site_store::{SiteFile, SiteStore};

/// The file that a web server shows for a folder.
const INDEX: &str = "index.html";

/// Publishes the pages of an issue.
pub(crate) struct SiteRoute {
    store: Box<dyn SiteStore>,
}

impl SiteRoute {
    pub(crate) fn new(store: Box<dyn SiteStore>) -> Self {
        Self { store }
    }

    fn publish(&self, label: &Label, pages: &[Document]) -> Result<(), String> {
        for page in pages {
            self.store.write(SiteFile {
                path: &path_of(label, &page.name),
                media_type: &page.media_type,
                bytes: &page.bytes,
                is_pointer: false,
            })?;
        }
        let Label { report, period, .. } = label;
        if let Some(target) = target(label, pages) {
            self.lead(&format!("{report}/{period}/{INDEX}"), &target, label)?;
        }
        if self.is_newest(label)? {
            self.lead(&format!("{report}/{INDEX}"), &format!("{period}/{INDEX}"), label)?;
        }
        Ok(())
    }

    /// Writes a small page that leads to another one.
    fn lead(&self, path: &str, target: &str, label: &Label) -> Result<(), String> {
        let bytes = &pointer(target, label).into_bytes()[..];
        let media_type = "text/html; charset=utf-8";
        self.store.write(SiteFile { path, media_type, bytes, is_pointer: true })
    }

    /// Whether the report has no page of a later period.
    fn is_newest(&self, label: &Label) -> Result<bool, String> {
        let led = self.store.read(&format!("{}/{INDEX}", label.report))?;
        let until = |period: &str| Period::from_label(period).ok().map(|period| period.until);
        let shown =
            led.as_deref().and_then(led_to).and_then(|target| until(target.split('/').next()?));
        Ok(shown.is_none_or(|shown| until(&label.period).is_some_and(|own| own >= shown)))
    }

    /// Whether the pages are there, byte for byte by `is_same`, and the period leads to them.
    fn shows(&self, label: &Label, is_same: &dyn Fn(&str, &[u8]) -> bool, names: &[&str]) -> bool {
        let has = |name: &&str| {
            let there = self.store.read(&path_of(label, name));
            there.is_ok_and(|bytes| bytes.is_some_and(|bytes| is_same(name, &bytes)))
        };
        let led = self.store.read(&format!("{}/{}/{INDEX}", label.report, label.period));
        let own = format!("r{}/", label.revision);
        let is_led = |bytes: &[u8]| led_to(bytes).is_some_and(|target| target.starts_with(&own));
        names.iter().all(has) && led.is_ok_and(|bytes| bytes.is_some_and(|bytes| is_led(&bytes)))
    }
}

impl Route for SiteRoute {
    fn name(&self) -> &'static str {
        "site"
    }

    fn destinations(&self, issue: &Issue) -> Vec<String> {
        vec![format!("{}/{}/{}", self.store.name(), issue.report, issue.period.label())]
    }

    fn payload(&self, issue: &Issue, _label: &Label) -> Result<Vec<Document>, BadIssue> {
        Ok(issue.documents.clone())
    }

    fn hand_over(
        &self,
        label: &Label,
        payload: &[Document],
        _before_end: &mut dyn FnMut() -> Result<(), HandOverError>,
    ) -> Result<(), HandOverError> {
        self.publish(label, payload).map_err(HandOverError::Later)
    }

    fn is_replaceable(&self) -> bool {
        true
    }

    fn is_intact(&self, label: &Label, payload: &[Document]) -> bool {
        let names: Vec<&str> = payload.iter().map(|page| page.name.as_str()).collect();
        let is_same = |name: &str, bytes: &[u8]| {
            payload.iter().any(|page| page.name == name && page.bytes == bytes)
        };
        self.shows(label, &is_same, &names)
    }

    fn still_has(&self, label: &Label, contents: &[Attachment]) -> bool {
        // `status` asks nobody else: what a store lost is found by the run that makes the report anew.
        if !self.store.is_on_this_machine() {
            return true;
        }
        let names: Vec<&str> = contents.iter().map(|one| one.name.as_str()).collect();
        let is_same = |name: &str, bytes: &[u8]| {
            let hash = Fingerprint::of(bytes);
            contents.iter().any(|one| one.name == name && one.sha256 == hash)
        };
        self.shows(label, &is_same, &names)
    }
}

fn path_of(label: &Label, name: &str) -> String {
    let Label { report, period, revision, .. } = label;
    format!("{report}/{period}/r{revision}/{name}")
}

/// The page of a revision that its period leads to.
fn target(label: &Label, pages: &[Document]) -> Option<String> {
    let page = pages.iter().find(|page| page.media_type.starts_with("text/html"))?;
    Some(format!("r{}/{}", label.revision, page.name))
}

/// A page that leads to another one. All that it holds are names of files.
fn pointer(target: &str, label: &Label) -> String {
    let Label { report, period, .. } = label;
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={target}\">\n\
         <title>{report} {period}</title>\n<a href=\"{target}\">{report} {period}</a>\n</html>\n"
    )
}

/// Where a page leads to that [`pointer`] wrote.
fn led_to(bytes: &[u8]) -> Option<&str> {
    let (_, rest) = std::str::from_utf8(bytes).ok()?.split_once("content=\"0; url=")?;
    rest.split_once('"').map(|(target, _)| target)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::site_store::SiteFolder;

    /// A folder that takes only so many files.
    struct Failing {
        folder: SiteFolder,
        left: RefCell<usize>,
    }

    impl SiteStore for Failing {
        fn name(&self) -> &'static str {
            "site"
        }

        fn write(&self, file: SiteFile<'_>) -> Result<(), String> {
            let left = *self.left.borrow();
            *self.left.borrow_mut() = left.checked_sub(1).ok_or("the store is away")?;
            self.folder.write(file)
        }

        fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
            self.folder.read(path)
        }

        fn is_on_this_machine(&self) -> bool {
            true
        }
    }

    fn pages(text: &str) -> [Document; 2] {
        let page = |name: &str, media_type: &str| Document {
            name: name.into(),
            media_type: media_type.into(),
            bytes: text.into(),
        };
        [page("scorecard.json", "application/json"), page("scorecard.html", "text/html")]
    }

    fn label(period: &str, revision: u32) -> Label {
        Label::new("board", period, revision, "site", "site/board")
    }

    fn read(folder: &std::path::Path, path: &str) -> Option<String> {
        std::fs::read_to_string(folder.join(path)).ok()
    }

    /// The page that a reader of the report ends at.
    fn followed(folder: &std::path::Path) -> Option<String> {
        let led = |path: &str| led_to(read(folder, path)?.as_bytes()).map(str::to_owned);
        let period = led("board/index.html")?;
        let at = format!("board/{period}");
        let page = led(&at).expect("what a report leads to is there");
        let page = format!("{}/{page}", at.trim_end_matches("/index.html"));
        Some(read(folder, &page).expect("what a period leads to is there"))
    }

    #[test]
    fn wherever_it_ends_a_reader_is_led_to_a_whole_page_and_the_next_call_repairs_it() {
        let mut before = 0;
        loop {
            let folder = tempfile::tempdir().unwrap();
            let site = |left| {
                let folder = SiteFolder::new("site".into(), folder.path().into());
                SiteRoute::new(Box::new(Failing { folder, left: RefCell::new(left) }))
            };
            site(usize::MAX).publish(&label("2026-W46", 1), &pages("first")).unwrap();
            let published = site(before).publish(&label("2026-W47", 1), &pages("second"));
            let seen = followed(folder.path()).unwrap();
            assert_eq!(seen, if published.is_ok() { "second" } else { "first" }, "{before}");
            site(usize::MAX).publish(&label("2026-W47", 1), &pages("second")).unwrap();
            assert_eq!(followed(folder.path()).unwrap(), "second");
            assert!(site(0).is_intact(&label("2026-W47", 1), &pages("second")));
            if published.is_ok() {
                break;
            }
            before += 1;
        }
        assert_eq!(before, 4, "two pages, and two that lead to them");
    }

    #[test]
    fn a_revision_keeps_the_one_before_and_a_period_of_before_does_not_become_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let site = SiteRoute::new(Box::new(SiteFolder::new("site".into(), folder.path().into())));
        for (period, revision, text) in
            [("2026-W47", 1, "first"), ("2026-W47", 2, "second"), ("2026-W09", 1, "old")]
        {
            site.publish(&label(period, revision), &pages(text)).unwrap();
        }
        assert_eq!(followed(folder.path()).unwrap(), "second");
        let of = |path: &str| read(folder.path(), path);
        assert_eq!(of("board/2026-W47/r1/scorecard.html").unwrap(), "first");
        assert_eq!(of("board/2026-W09/r1/scorecard.html").unwrap(), "old");
        let (now, before) = (label("2026-W47", 2), label("2026-W47", 1));
        assert!(
            site.is_intact(&now, &pages("second")) && !site.is_intact(&before, &pages("first"))
        );
        assert!(!site.is_intact(&now, &pages("other looks")));
        std::fs::remove_file(folder.path().join("board/2026-W47/index.html")).unwrap();
        assert!(!site.is_intact(&now, &pages("second")), "nothing leads to it");
    }
}
