//! What is said about columns that an extract has and its source does not declare.

use scorewright_domain::{Event, Landing};

use scorewright_extract::{Contract, Source, is_cut, listed, shortened};

/// Names said at most, and names that the books keep of an extract.
const SAID: usize = 20;
const KEPT: usize = 200;

/// Undeclared columns as the books keep them, and how many there are beyond; under `evolve` all of them in full,
/// because the columns of the table follow from them.
pub(crate) fn kept(source: &Source, names: &[String]) -> (Vec<String>, u64) {
    if source.contract == Contract::Evolve {
        return (names.to_vec(), 0);
    }
    let kept = names.iter().take(KEPT).map(|name| shortened(name)).collect();
    (kept, names.len().saturating_sub(KEPT) as u64)
}

/// Those of the undeclared columns in the books whose names are whole: a beginning is the name of no column.
pub(crate) fn whole(landing: &Landing) -> impl Iterator<Item = String> {
    landing.unknown_columns.iter().filter(|name| !is_cut(name)).cloned()
}

/// What a person should know of an extract that has landed; `former` are the books as they were before it.
///
/// Columns that evolve are said when they come, columns left out with every extract: nothing of them is kept.
pub(crate) fn notice(source: &Source, landing: &Landing, former: &[Landing]) -> Option<Event> {
    let is_known = |name: &&String| {
        let mut others = former.iter().filter(|former| former.extract.source == source.name);
        source.contract == Contract::Evolve
            && others.any(|other| other.unknown_columns.contains(*name))
    };
    // Exports end their lines with a column that has no name: nobody could declare it, or list it.
    let is_said = |name: &&String| !name.trim().is_empty() && !is_known(name);
    let names: Vec<&str> =
        landing.unknown_columns.iter().filter(is_said).map(String::as_str).collect();
    if names.is_empty() {
        return None;
    }
    let shown = names.iter().map(|name| shortened(name));
    let names = listed(shown, SAID, landing.further_unknown_columns);
    let what = match source.contract {
        Contract::Freeze => "declare them, or list them in `ignored`",
        Contract::Evolve => "they land as text",
        Contract::Quarantine => return None,
    };
    let file = landing.extract.file.display();
    Some(Event::Noticed {
        message: format!(
            "extract `{file}` of source `{}` has columns its source does not declare: {names}; {what}",
            source.name
        ),
    })
}
