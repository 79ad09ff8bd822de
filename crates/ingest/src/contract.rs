//! What is said about columns that an extract has and its source does not declare.

use scorewright_domain::{Event, Landing};

use crate::source::{Contract, Source};

/// Names said at most; the books have them all.
const SAID: usize = 20;

/// What a person should know of an extract that has landed; `former` are the books as they were before it.
///
/// Columns that evolve are said when they come, columns left out with every extract: nothing of them is kept.
pub(crate) fn notice(source: &Source, landing: &Landing, former: &[Landing]) -> Option<Event> {
    let is_known = |name: &&String| {
        let mut others = former.iter().filter(|former| former.extract.source == source.name);
        source.contract == Contract::Evolve && others.any(|other| other.unknown_columns.contains(*name))
    };
    let names: Vec<&str> =
        landing.unknown_columns.iter().filter(|name| !is_known(name)).map(String::as_str).collect();
    if names.is_empty() {
        return None;
    }
    let more = match names.len().saturating_sub(SAID) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let names = names[..names.len().min(SAID)].join(", ");
    let what = match source.contract {
        Contract::Freeze => "declare them, or list them in `ignored`",
        Contract::Evolve => "they land as text",
        Contract::Quarantine => return None,
    };
    let file = landing.extract.file.display();
    Some(Event::Noticed {
        message: format!(
            "extract `{file}` of source `{}` has columns its source does not declare: {names}{more}; {what}",
            source.name
        ),
    })
}
