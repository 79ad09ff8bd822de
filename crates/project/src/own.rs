//! A source of one's own that feeds a role: what the role asks, which columns of an extract answer it, and the files
//! that follow.
//!
//! ```text
//! role_questions: what a role asks        answers: what a person says
//!        +-----------------> mapping: which column tells what <-----------------+
//!                               |        (copies: which tells two)
//!                               |                    |
//!                  source_edit: the source     staging_page: the staging model
//! ```

mod answers;
mod role_questions;
mod times;

mod copies;

mod mapping;

mod source_edit;
mod staging_page;

pub use answers::{AnsweredRole, DayOrder, FoundColumn, OpenQuestion, UnansweredRole};
pub(crate) use mapping::Mapping;
pub(crate) use role_questions::{RoleQuestions, companion_of, is_role};
pub(crate) use source_edit::{fitted, repeated_key};
pub(crate) use staging_page::{StagingPage, grain_of};
