//! Which column of the file is which column of the source: by name, never by place.

use std::collections::HashMap;

use super::row_binding::RowBinding;
use super::unpivot;
use crate::refusal::{MissingColumns, Refusal};
use crate::source::{Column, Contract, FileFormat, Personal, Source};

/// Where the columns of a source stand in one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Binding {
    /// The rows that a record makes: one, or one for each column that becomes rows.
    pub(crate) rows: Vec<RowBinding>,
    /// Places of columns whose values must not be shown.
    pub(crate) personal: Vec<usize>,
    /// Places of columns in which no row may have a value, because the source does not declare them.
    pub(crate) barred: Vec<usize>,
    /// Optional columns that the file does not have, by their canonical names.
    pub(crate) absent: Vec<String>,
    /// Names of the file that the source does not declare, as `from` would name them.
    pub(crate) unknown: Vec<String>,
}

impl Binding {
    /// Finds every declared column in a header.
    ///
    /// A name is looked for as it is written, then without the blanks around it. Where no declared column has that
    /// name so, it is looked for in any case and without its blanks.
    pub(crate) fn new(header: &[String], source: &Source) -> Result<Self, Refusal> {
        let (mut binding, mut row) = (Self::default(), RowBinding::new(source));
        let numbered = numbered_names(header);
        let found = places(header, &numbered, source)?;
        let mut is_declared = vec![false; header.len()];
        let mut missing = Vec::new();
        for ((name, column), place) in source.columns.iter().zip(found) {
            if let Some(place) = place.filter(|_| !column.is_evolved) {
                is_declared[place] = true;
            }
            match place {
                None if has_no_place(source, name) => {}
                None if column.optional && !column.is_evolved => binding.absent.push(name.clone()),
                None if !column.optional => missing.push(name.as_str()),
                _ => {}
            }
            if column.personal != Personal::Drop {
                row.places.push(place);
                row.constants.push(column.found_above.clone());
                row.names.push(place.map_or(name, |place| &header[place]).clone());
            }
            if column.personal != Personal::Keep {
                binding.personal.extend(place);
            }
        }
        let mut undeclared: Vec<usize> =
            (0..header.len()).filter(|place| !is_declared[*place]).collect();
        let is_strange = undeclared.len() == header.len();
        let unpivoted = unpivot::places(source, header, &mut undeclared)?;
        if missing.is_empty() && is_strange && unpivoted.is_empty() {
            // Only optional columns, and none of them: a first line that is a row would land as names of columns.
            missing = binding.absent.iter().map(String::as_str).collect();
        }
        if !missing.is_empty() {
            let undeclared: Vec<&str> =
                undeclared.iter().map(|place| header[*place].as_str()).collect();
            return Err(lacks(source, missing, header.to_vec(), &undeclared));
        }
        undeclared.retain(|place| !source.is_ignored(&header[*place]));
        binding.unknown = undeclared.iter().map(|place| numbered[*place].clone()).collect();
        if source.contract == Contract::Quarantine {
            row.names.extend(undeclared.iter().map(|place| header[*place].trim().to_owned()));
            binding.barred = undeclared;
        }
        binding.personal.extend(unpivot::personal(source, &unpivoted));
        binding.rows = unpivot::rows(source, row, &numbered, &unpivoted);
        Ok(binding)
    }
}

/// Whether a column stands in no column of a file: its value is found above the rows, or is that of several columns.
fn has_no_place(source: &Source, name: &str) -> bool {
    source.columns[name].above.is_some() || source.is_unpivoted(name)
}

/// The names of a header without blanks around them, those that come again with their number: `Labels`, `Labels#2`.
fn numbered_names(header: &[String]) -> Vec<String> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let names = header.iter().map(|name| {
        let name = name.trim();
        let times = seen.entry(name).or_default();
        *times += 1;
        if *times == 1 { name.to_owned() } else { format!("{name}#{times}") }
    });
    names.collect()
}

/// The place of a column that an extract brought; a file has it once under one of its names.
fn find_evolved(
    names: &[String],
    canonical: &str,
    column: &Column,
) -> Result<Option<usize>, Refusal> {
    let is_it = |place: &usize| column.from.0.contains(&names[*place]);
    let places: Vec<usize> = (0..names.len()).filter(is_it).collect();
    match places[..] {
        [] => Ok(None),
        [place] => Ok(Some(place)),
        [first, second, ..] => Err(Refusal::SameName {
            first: names[first].clone(),
            second: names[second].clone(),
            column: canonical.to_owned(),
        }),
    }
}

/// Whether a name of a file is a name of the source.
type IsSame = fn(&str, &str) -> bool;

fn exactly(found: &str, name: &str) -> bool {
    found == name
}

fn trimmed(found: &str, name: &str) -> bool {
    found.trim() == name.trim()
}

/// Products change the case of their names, and leave out blanks, from one age of an export to the next.
fn loosely(found: &str, name: &str) -> bool {
    letters(found).eq(letters(name))
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase)
}

/// The place of each column of a source, in its order.
fn places(
    header: &[String],
    numbered: &[String],
    source: &Source,
) -> Result<Vec<Option<usize>>, Refusal> {
    let mut found = Vec::new();
    for (name, column) in &source.columns {
        found.push(if has_no_place(source, name) {
            None
        } else if column.is_evolved {
            find_evolved(numbered, name, column)?
        } else {
            find(header, &column.names(name), &[exactly, trimmed], &[])?
        });
    }
    let mut taken: Vec<usize> = found.iter().flatten().copied().collect();
    // Columns of the same names are one column of the file, read in several ways.
    let mut of_names: HashMap<Vec<&str>, Option<usize>> = HashMap::new();
    let missing = source.columns.iter().zip(&mut found);
    for ((name, column), place) in missing.filter(|((_, column), _)| !column.is_evolved) {
        let names = column.names(name);
        if place.is_none() && !has_no_place(source, name) {
            *place = match of_names.get(&names) {
                Some(known) => *known,
                None => find(header, &names, &[loosely], &taken)?,
            };
            taken.extend(*place);
            of_names.insert(names, *place);
        }
    }
    Ok(found)
}

/// The first name that the header has, in a place that is not taken.
fn find(
    header: &[String],
    names: &[&str],
    ways: &[IsSame],
    taken: &[usize],
) -> Result<Option<usize>, Refusal> {
    for is_same in ways {
        for name in names {
            let mut places = (0..header.len())
                .filter(|place| is_same(&header[*place], name) && !taken.contains(place));
            match (places.next(), places.next()) {
                (Some(place), None) => return Ok(Some(place)),
                (Some(_), Some(_)) => return Err(Refusal::AmbiguousColumn((*name).to_owned())),
                (None, _) => {
                    let place = find_numbered(header, name, *is_same);
                    if let Some(place) = place.filter(|place| !taken.contains(place)) {
                        return Ok(Some(place));
                    }
                }
            }
        }
    }
    Ok(None)
}

/// The place of `Labels#2`: the second of several columns that are all named `Labels`.
fn find_numbered(header: &[String], name: &str, is_same: IsSame) -> Option<usize> {
    let (name, number) = name.trim_end().rsplit_once('#')?;
    let nth = number.parse::<usize>().ok()?.checked_sub(1)?;
    (0..header.len()).filter(|place| is_same(&header[*place], name)).nth(nth)
}

/// The refusal of a file that lacks columns; `undeclared` are names of it that no declared column has.
pub(crate) fn lacks(
    source: &Source,
    columns: Vec<&str>,
    header: Vec<String>,
    undeclared: &[&str],
) -> Refusal {
    let missing =
        columns.into_iter().map(|name| (name, source.columns[name].names(name))).collect();
    let missing = MissingColumns::new(missing, header, undeclared, &source.path);
    let is_first_line = matches!(source.format(), FileFormat::Csv | FileFormat::Xlsx);
    // The names of a schema are names, whatever they are.
    let has_any = missing.has_any || source.format() == FileFormat::Parquet;
    Refusal::MissingColumns(Box::new(MissingColumns { has_any, is_first_line, ..missing }))
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
        assert_eq!(found.rows[0].places, [Some(2), Some(1), None]);
        assert_eq!(found.unknown, ["extra"]);
    }

    #[test]
    fn a_name_as_written_goes_before_one_with_blanks() {
        let columns = "[columns.id]\ntype = \"text\"\n";
        assert_eq!(bind(columns, &["id ", "id"]).unwrap().rows[0].places, [Some(1)]);
    }

    #[test]
    fn a_name_of_another_case_is_taken_where_no_column_has_it_as_written() {
        let columns = "[columns.id]\nfrom = \"Ticket Id\"\ntype = \"text\"\n\
                       [columns.score]\nfrom = [\"NPS Score\", \"Score\"]\ntype = \"integer\"\n\
                       [columns.team]\nfrom = \"TEAM\"\ntype = \"text\"\noptional = true\n\
                       [columns.group]\nfrom = \"team\"\ntype = \"text\"\noptional = true\n";
        let found = bind(columns, &["TICKETID", "Score", "team", "nps score"]).unwrap();
        assert_eq!(
            found.rows[0].places,
            [Some(0), Some(1), None, Some(2)],
            "as written goes before"
        );
        assert_eq!(found.unknown, ["nps score"]);
        let twice = bind(columns, &["TICKET ID", "ticket id", "Score"]);
        assert!(matches!(twice, Err(Refusal::AmbiguousColumn(name)) if name == "Ticket Id"));
    }

    #[test]
    fn a_column_that_is_declared_twice_is_read_twice_in_any_case() {
        let columns = "[columns.domain]\nfrom = [\"Email\", \"Mail\"]\ntype = \"text\"\npersonal = \"domain\"\n\
                       [columns.person]\nfrom = [\"Email\", \"Mail\"]\ntype = \"text\"\npersonal = \"hash_address\"\n";
        assert_eq!(bind(columns, &["id", "Email"]).unwrap().rows[0].places, [Some(1), Some(1)]);
        assert_eq!(bind(columns, &["id", "E MAIL"]).unwrap().rows[0].places, [Some(1), Some(1)]);
    }

    #[test]
    fn a_name_twice_is_refused_only_where_it_is_declared() {
        let columns = "[columns.id]\ntype = \"text\"\n";
        assert!(bind(columns, &["id", "category", "category"]).is_ok());
        assert!(
            matches!(bind(columns, &["id", "id"]), Err(Refusal::AmbiguousColumn(name)) if name == "id")
        );
    }

    #[test]
    fn a_repeated_name_is_told_apart_by_its_number() {
        let columns = "[columns.first]\nfrom = \"Labels#1\"\ntype = \"text\"\n\
                       [columns.third]\nfrom = \"Labels#3\"\ntype = \"text\"\n\
                       [columns.hash]\nfrom = \"Issue #2\"\ntype = \"text\"\n";
        let found = bind(columns, &["Labels", "Issue #2", "Labels", "Labels "]).unwrap();
        assert_eq!(found.rows[0].places, [Some(0), Some(3), Some(1)]);
        assert_eq!(found.unknown, ["Labels#2"]);
        let missing = bind(columns, &["Labels", "Issue #2", "Labels"]);
        assert_eq!(missing.unwrap_err().to_string(), "it has no column `Labels#3`");
    }

    #[test]
    fn all_missing_columns_are_named_each_with_a_near_name_that_nothing_else_has() {
        let columns = "[columns.closed_at]\ntype = \"timestamp\"\n[columns.scores]\ntype = \"integer\"\n\
                       [columns.score]\ntype = \"integer\"\n";
        let Err(Refusal::MissingColumns(missing)) = bind(columns, &["score", "closd_at"]) else {
            panic!("two are missing")
        };
        let found: Vec<_> =
            missing.columns.iter().map(|it| (&*it.column, it.nearest.as_deref())).collect();
        assert_eq!(found, [("closed_at", Some("closd_at")), ("scores", None)]);
    }

    #[test]
    fn a_dropped_column_is_known_and_not_stored() {
        let columns = "[columns.id]\ntype = \"text\"\n[columns.email]\ntype = \"text\"\npersonal = \"drop\"\n";
        let found = bind(columns, &["email", "id"]).unwrap();
        assert_eq!(
            (found.rows[0].places.clone(), found.personal, found.unknown),
            (vec![Some(1)], vec![0], Vec::<String>::new())
        );
    }

    // `Binding` is told of the contract by lines above `[columns]`.
    fn bind_under(contract: &str, header: &[&str]) -> Binding {
        bind(&format!("{contract}\n[columns.id]\ntype = \"text\"\n"), header).unwrap()
    }

    #[test]
    fn ignored_columns_are_neither_unknown_nor_barred() {
        let header = ["id", "Custom field (A)", "Team", "Team"];
        let frozen = bind_under("ignored = [\"Custom field (*)\"]", &header);
        assert_eq!(frozen.unknown, ["Team", "Team#2"]);
        assert!(frozen.barred.is_empty());
        let barred = bind_under("contract = \"quarantine\"\nignored = [\"*field*\"]", &header);
        assert_eq!(barred.barred, [2, 3]);
    }

    #[test]
    fn an_evolved_column_is_found_under_any_of_its_spellings_but_once() {
        let text = "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\ncontract = \"evolve\"\n[columns.id]\ntype = \"text\"\n";
        let wide = crate::source_file::widened(&source(text), ["Team", "team", "Team#2"]).unwrap();
        let header =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let found = Binding::new(&header(&["Team ", "id", "Team"]), &wide).unwrap();
        assert_eq!(found.rows[0].places, [Some(1), Some(0), Some(2)]);
        assert_eq!(found.unknown, ["Team", "Team#2"], "the books still name them");
        let twice = Binding::new(&header(&["id", "Team", "team"]), &wide);
        assert!(matches!(twice, Err(Refusal::SameName { column, .. }) if column == "team"));
    }
}
