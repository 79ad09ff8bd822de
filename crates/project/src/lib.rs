//! A project folder: read as a whole, written for chosen sources, never run.
//!
//! [`Project::read`] reads every file once and reports every fault at once; [`init()`] writes a project out of the
//! standard library, [`add_source`] one more source of it.
//!
//! ```text
//! scorewright.toml   pipelines/   reports/              the standard library, inside the binary
//!        |                |           |                            |
//!    settings           files: the text of each                 library
//!        |                |                                        |
//!     folders         stage_files, templates  <--------------------+
//!        |                |                                        |
//!        +----> project, its lineage                            presets: what chosen sources feed
//!                                                                  |
//!                        own: what feeds a role  ------>   init, add: files of a project
//! ```

mod text_file;
mod unreadable_file;

mod location;

mod error;

mod seed_file;

mod files;

mod references;

mod file_settings;
mod profile_settings;
mod secret_place;

mod monitor_settings;
mod output_retention;
mod publish_settings;
mod retention_settings;
mod smtp_entry;
mod smtp_settings;
mod variables;

mod settings;

mod profiles;

mod webhook_place;

mod folders;

mod library;

mod recipients;
mod stage_files;
mod templates;

mod project;

mod draft;

mod lineage;
mod questions;

mod presets;

mod init;

mod own;

mod add;

pub use add::{AddError, AddedFiles, AddedRole, AddedSource, add_presets, add_source};
pub use draft::ProjectDraft;
pub use error::ProjectError;
pub use file_settings::FileSettings;
pub use files::{FileChange, ProjectFiles};
pub use folders::Folders;
pub use init::{InitError, init, init_empty, is_empty_folder, write_project};
pub use library::library_files;
pub use location::ProjectLocation;
pub use output_retention::OutputRetention;
pub use own::{AnsweredRole, DayOrder, FoundColumn, OpenQuestion, UnansweredRole};
pub use presets::{CatalogueEntry, Selection, SelectionError, catalogue};
pub use project::Project;
pub use publish_settings::PublishPlace;
pub use secret_place::SecretPlace;
pub use settings::Settings;
pub use smtp_entry::ConnectionSecurity;
pub use smtp_settings::SmtpSettings;
pub use unreadable_file::UnreadableFile;
pub use webhook_place::WebhookPlace;
