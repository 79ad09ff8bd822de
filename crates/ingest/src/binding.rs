//! Which column of the file is which column of the source: by name, never by place.

use scorewright_domain::nearest;

use crate::refusal::Refusal;
use crate::source::Source;

/// Where the columns of a source stand in one file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// For each stored column, in the order of the table, its place in the file.
    pub(crate) places: Vec<Option<usize>>,
    /// Places of columns whose values must not be shown.
    pub(crate) personal: Vec<usize>,
    /// Names of the file that the source does not declare.
    pub(crate) unknown: Vec<String>,
}

impl Binding {
    /// Finds every declared column in a header.
    ///
    /// A name is looked for as it is written, then without the blanks around it.
    pub(crate) fn new(header: &[String], source: &Source) -> Result<Self, Refusal> {
        let mut binding = Self { places: Vec::new(), personal: Vec::new(), unknown: Vec::new() };
        let mut is_known = vec![false; header.len()];
        for (name, column) in &source.columns {
            let place = find(header, &column.names(name))?;
            if place.is_none() && !column.optional {
                return Err(missing(header, name, source));
            }
            if let Some(place) = place {
                is_known[place] = true;
            }
            match column.personal {
                crate::source::Personal::Keep => binding.places.push(place),
                crate::source::Personal::Hash => {
                    binding.places.push(place);
                    binding.personal.extend(place);
                }
                crate::source::Personal::Drop => binding.personal.extend(place),
            }
        }
        let unknown = header.iter().zip(is_known).filter(|(_, is_known)| !is_known);
        binding.unknown = unknown.map(|(name, _)| name.trim().to_owned()).collect();
        Ok(binding)
    }
}

fn find(header: &[String], names: &[&str]) -> Result<Option<usize>, Refusal> {
    let exact = |found: &str, name: &str| found == name;
    let trimmed = |found: &str, name: &str| found.trim() == name.trim();
    for is_same in [exact as fn(&str, &str) -> bool, trimmed] {
        for name in names {
            let mut places = header.iter().enumerate().filter(|(_, found)| is_same(found, name));
            match (places.next(), places.next()) {
                (Some((place, _)), None) => return Ok(Some(place)),
                (Some(_), Some(_)) => return Err(Refusal::AmbiguousColumn((*name).to_owned())),
                (None, _) => {
                    if let Some(place) = numbered(header, name, is_same) {
                        return Ok(Some(place));
                    }
                }
            }
        }
    }
    Ok(None)
}

/// The place of `Labels#2`: the second of several columns that are all named `Labels`.
fn numbered(header: &[String], name: &str, is_same: fn(&str, &str) -> bool) -> Option<usize> {
    let (name, number) = name.trim_end().rsplit_once('#')?;
    let nth = number.parse::<usize>().ok()?.checked_sub(1)?;
    header.iter().enumerate().filter(|(_, found)| is_same(found, name)).map(|(place, _)| place).nth(nth)
}

/// The refusal of a file that lacks a column.
pub(crate) fn missing(header: &[String], name: &str, source: &Source) -> Refusal {
    let tried = source.columns[name].names(name);
    let known: Vec<&str> = header.iter().map(|found| found.trim()).collect();
    Refusal::MissingColumn {
        column: name.to_owned(),
        tried: tried.iter().map(|name| (*name).to_owned()).collect(),
        header: header.to_vec(),
        nearest: tried.iter().find_map(|name| nearest(name, &known)).map(ToOwned::to_owned),
        path: source.path.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tests::source;

    fn bind(columns: &str, header: &[&str]) -> Result<Binding, Refusal> {
        let source = source(&format!("title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\n{columns}"));
        Binding::new(&header.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), &source)
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        let columns = "[columns.id]\ntype = \"text\"\nfrom = \"Id\"\n\
                       [columns.score]\ntype = \"integer\"\nfrom = [\"NETPRO\", \"Score\"]\n\
                       [columns.note]\ntype = \"text\"\noptional = true\n";
        let found = bind(columns, &["extra", "NETPRO  ", "Id"]).unwrap();
        assert_eq!(found.places, [Some(2), Some(1), None]);
        assert_eq!(found.unknown, ["extra"]);
    }

    #[test]
    fn a_name_as_written_goes_before_one_with_blanks() {
        let columns = "[columns.id]\ntype = \"text\"\n";
        assert_eq!(bind(columns, &["id ", "id"]).unwrap().places, [Some(1)]);
    }

    #[test]
    fn a_name_twice_is_refused_only_where_it_is_declared() {
        let columns = "[columns.id]\ntype = \"text\"\n";
        assert!(bind(columns, &["id", "category", "category"]).is_ok());
        assert!(matches!(bind(columns, &["id", "id"]), Err(Refusal::AmbiguousColumn(name)) if name == "id"));
    }

    #[test]
    fn a_repeated_name_is_told_apart_by_its_number() {
        let columns = "[columns.first]\nfrom = \"Labels#1\"\ntype = \"text\"\n\
                       [columns.third]\nfrom = \"Labels#3\"\ntype = \"text\"\n\
                       [columns.hash]\nfrom = \"Issue #2\"\ntype = \"text\"\n";
        let found = bind(columns, &["Labels", "Issue #2", "Labels", "Labels "]).unwrap();
        assert_eq!(found.places, [Some(0), Some(3), Some(1)]);
        assert_eq!(found.unknown, ["Labels"]);
        let missing = bind(columns, &["Labels", "Issue #2", "Labels"]);
        assert!(matches!(missing, Err(Refusal::MissingColumn { column, .. }) if column == "third"));
    }

    #[test]
    fn a_missing_column_suggests_a_near_name() {
        let columns = "[columns.closed_at]\ntype = \"timestamp\"\n";
        let Err(Refusal::MissingColumn { nearest, .. }) = bind(columns, &["id", "closd_at"]) else {
            panic!("it is missing")
        };
        assert_eq!(nearest.as_deref(), Some("closd_at"));
    }

    #[test]
    fn a_dropped_column_is_known_and_not_stored() {
        let columns =
            "[columns.id]\ntype = \"text\"\n[columns.email]\ntype = \"text\"\npersonal = \"drop\"\n";
        let found = bind(columns, &["email", "id"]).unwrap();
        assert_eq!(
            (found.places, found.personal, found.unknown),
            (vec![Some(1)], vec![0], Vec::<String>::new())
        );
    }
}
