//! The routes there are.

mod eml;
mod message;
mod notice;
mod pages;

use std::path::Path;

use scorewright_durable::Readers;

use crate::route::Route;
use eml::EmlRoute;
use pages::PagesRoute;

/// Every route, in the order a report is delivered, into folders below `out`.
///
/// - `readers`: those of pages; a mail is for its owner alone until it is sent.
pub fn routes(out: &Path, readers: Readers) -> Vec<Box<dyn Route>> {
    let pages = PagesRoute::new(out.join("pages"), readers);
    vec![Box::new(pages), Box::new(EmlRoute::new(out.join("mail")))]
}
