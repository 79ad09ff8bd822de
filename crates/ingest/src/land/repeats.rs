//! What is said of a file that mostly repeats another, where nothing takes the second of two equal rows away.

use scorewright_domain::{Event, Landing};

use crate::load::Loaded;
use crate::rows::row_sample::{different, overlap};

/// Share of rows from which a file is one that repeats another.
const MOSTLY: f64 = 0.5;

/// What a person should know of a file that has landed: that most of its rows count twice.
pub(super) fn notice(landing: &Landing, loaded: &Loaded) -> Option<Event> {
    let is_said_there =
        |other: &Landing| other.extract.file > landing.extract.file && loaded.fresh.contains(other);
    let others = loaded.landings.iter().filter(|other| {
        other.extract.file != landing.extract.file
            && has_rows_of_its_own(other)
            && !is_said_there(other)
    });
    let shares =
        others.filter_map(|other| Some((other, overlap(&landing.row_sample, &other.row_sample)?)));
    let (other, share) = shares.max_by(|(_, left), (_, right)| left.total_cmp(right))?;
    (share >= MOSTLY && has_rows_of_its_own(landing)).then(|| Event::Noticed {
        message: format!(
            "extract `{}` of source `{}` repeats about {:.0} % of the rows of `{}`, and they count twice: \
             declare the `key` of a row, or with `delivery` that the later file of a period replaces the former",
            landing.extract.file.display(),
            landing.extract.source,
            share * 100.0,
            other.extract.file.display()
        ),
    })
}

/// Whether its rows mostly differ from each other: answers of one letter are the same every month.
fn has_rows_of_its_own(landing: &Landing) -> bool {
    different(&landing.row_sample) * 2 >= landing.books.accepted
}
