//! The routes there are.

mod eml;
mod message;
mod notice;
mod pages;

use std::path::Path;

use crate::route::Route;
use eml::EmlRoute;
use pages::PagesRoute;

/// Every route, in the order a report is delivered, into folders below `out`.
pub fn routes(out: &Path) -> Vec<Box<dyn Route>> {
    vec![Box::new(PagesRoute::new(out.join("pages"))), Box::new(EmlRoute::new(out.join("mail")))]
}
