//! Entities of each period and segment, counted by what they did: from one reading of the intervals.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use scorewright_domain::Fault;
use scorewright_warehouse::Cell;

use super::aggregates::{Aggregates, Sums};
use super::cluster_name::ClusterName;
use super::row_numbers::{RowNumbers, RunningSum};
use super::state_sums::{ENDS, ends_of};
use crate::measure::cells::GridCells;
use crate::measure::context::MeasureContext;
use crate::measure::rows::{CodedRows, PeriodGrid, PeriodSpans, RowReader, SegmentCodes, TOTAL};
use crate::metric::Expression;
use crate::sql::Sql;

/// What an entity did in a period: a bit each, in this order.
pub(crate) const FLAGS: [&str; 4] = ["at_start", "at_end", "moved_in", "moved_out"];

/// Ways in which an entity can have done some of them and not others.
const WAYS: usize = 1 << FLAGS.len();

const AT_START: usize = 1;
const AT_END: usize = 2;
const MOVED_IN: usize = 4;
const MOVED_OUT: usize = 8;

/// How many entities of a period and segment did what.
type Ways = [u32; WAYS];

/// Intervals of entities.
#[derive(Default)]
struct EntityIntervals {
    numbers: HashMap<ClusterName, usize>,
    entities: Vec<usize>,
    ends: Vec<(i64, Option<i64>)>,
    /// By dimension, the segment of each interval.
    segments: Vec<Vec<usize>>,
}

/// One entity in the periods of a length that its intervals reach into.
struct Presence {
    reached: Range<usize>,
    /// By period, counted from the first: whether an interval reaches into it, and the flags of its start and end.
    flags: Vec<Option<usize>>,
}

/// Counts entities, and sums over them what adds up; `None` where something does not, or the engine has to say what is wrong.
///
/// - `relation`: intervals with `_entity`, `_from`, `_until` and their dimensions.
/// - `counts_moves`: whether who changed the segment is counted in both.
///
/// # Errors
///
/// A [`Fault`] of a limit.
pub(crate) fn movement_sums(
    context: &MeasureContext,
    periods: &PeriodGrid,
    aggregates: &Aggregates,
    relation: &Sql,
    counts_moves: bool,
) -> Result<Option<GridCells<Sums>>, Fault> {
    let columns = aggregates.columns();
    let expressions: Vec<&Expression> = columns.iter().map(|(expression, _)| *expression).collect();
    let Some(numbers) = RowNumbers::of(&expressions) else { return Ok(None) };
    let Some(of_ways) = sums_of_ways(context, &numbers) else { return Ok(None) };
    let (mut reader, mut intervals) = (RowReader::of(context), EntityIntervals::default());
    let mut selected = Sql::new();
    selected.add(ENDS).add(", \"_entity\"");
    let read = reader.read(&selected, relation, |some| intervals.add(some))?;
    let make = || {
        let (mut cells, segments) = (GridCells::new(periods.everything()), reader.codes.segments());
        for spans in periods.spans(context) {
            let counted = intervals.counted(&spans, &reader.codes, counts_moves)?;
            for (place, ways) in counted.iter().enumerate() {
                let rows: u64 = ways.iter().map(|count| u64::from(*count)).sum();
                if rows > 0 {
                    let key = (
                        spans.periods[place / segments.len()],
                        segments[place % segments.len()].clone(),
                    );
                    let sums = weighted(&of_ways, ways, numbers.len())?;
                    cells.insert(key, aggregates.of_results(&numbers.results(&sums)?, rows));
                }
            }
        }
        Some(cells)
    };
    Ok(read.and_then(|()| make()))
}

/// What one entity adds to each sum, by what it did.
fn sums_of_ways(context: &MeasureContext, numbers: &RowNumbers) -> Option<Vec<RunningSum>> {
    let flag = |way: usize, at: usize| if way >> at & 1 == 1 { "TRUE" } else { "FALSE" };
    let rows = (0..WAYS).map(|way| {
        let flags: Vec<&str> = (0..FLAGS.len()).map(|at| flag(way, at)).collect();
        format!("({way}, {})", flags.join(", "))
    });
    let rows: Vec<String> = rows.collect();
    let names = FLAGS.iter().enumerate().map(|(at, name)| format!(", column{} AS {name}", at + 2));
    let mut sql = Sql::new();
    sql.add("SELECT \"_way\"");
    numbers.add_to(&mut sql);
    sql.add(format!("\nFROM (SELECT column1 AS \"_way\"{}", names.collect::<String>()));
    sql.add(" FROM (VALUES ").list(&rows).add("))");
    let mut sums = vec![RunningSum::default(); WAYS * numbers.len()];
    let ended =
        context.session.each_columns(sql.text(), &context.parameters(), |columns, count| {
            let way = |row| columns[0].cell(row).as_ref().and_then(Cell::as_u64);
            let places =
                (0..count).map(|row| Some(usize::try_from(way(row)?).ok()? * numbers.len()));
            let added = places
                .collect::<Option<Vec<usize>>>()
                .and_then(|places| numbers.add_rows(&columns[1..], &places, &mut sums));
            added.ok_or_else(|| scorewright_warehouse::SqlFault::new("no numbers"))
        });
    ended.is_ok().then_some(sums)
}

/// The sums over entities that did one thing or the other.
fn weighted(of_ways: &[RunningSum], ways: &Ways, width: usize) -> Option<Vec<RunningSum>> {
    let mut sums = vec![RunningSum::default(); width];
    for (way, count) in ways.iter().enumerate() {
        for (at, sum) in sums.iter_mut().enumerate() {
            sum.merge(of_ways[way * width + at].times(i128::from(*count))?)?;
        }
    }
    Some(sums)
}

impl EntityIntervals {
    fn add(&mut self, rows: &CodedRows) -> Option<()> {
        self.ends.extend(ends_of(rows)?);
        for row in 0..rows.count {
            let name = ClusterName::from(&rows.columns[2].cell(row).unwrap_or(Cell::Null));
            let next = self.numbers.len();
            let number = match self.numbers.entry(name) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(place) => *place.insert(next),
            };
            self.entities.push(number);
        }
        self.segments.resize_with(rows.segments.len(), Vec::new);
        self.segments.iter_mut().zip(&rows.segments).for_each(|(all, next)| all.extend(next));
        Some(())
    }

    /// The entities of each period and segment by what they did; `None` where these are too many.
    fn counted(
        &self,
        spans: &PeriodSpans,
        codes: &SegmentCodes,
        counts_moves: bool,
    ) -> Option<Vec<Ways>> {
        let (width, rank) = (codes.segments().len(), codes.ranks());
        let mut counted = vec![[0; WAYS]; spans.places(width)?];
        let mut order: Vec<usize> = (0..self.entities.len()).collect();
        order.sort_unstable_by_key(|row| self.entities[*row]);
        for rows in order.chunk_by(|one, next| self.entities[*one] == self.entities[*next]) {
            let Some(presence) = self.presence(rows, spans) else { continue };
            for (period, flags) in presence.periods() {
                counted[period * width + TOTAL][flags] += 1;
            }
            for segments in &self.segments {
                let places = self.places(rows, spans, &presence, segments, &rank);
                for (period, flags) in presence.periods() {
                    let (began_in, ended_in) = places[period - presence.reached.start];
                    let moves =
                        counts_moves && flags == AT_START | AT_END && ended_in != Some(began_in);
                    let flags = if moves { flags | MOVED_OUT } else { flags };
                    counted[period * width + began_in][flags] += 1;
                    if let (true, Some(ended_in)) = (moves, ended_in) {
                        counted[period * width + ended_in][MOVED_IN] += 1;
                    }
                }
            }
        }
        Some(counted)
    }

    /// The periods that the intervals of an entity reach into, and at which of their ends one holds.
    fn presence(&self, rows: &[usize], spans: &PeriodSpans) -> Option<Presence> {
        let reached = |row: &usize| spans.reached(self.ends[*row].0, self.ends[*row].1);
        let with_periods = || rows.iter().map(reached).filter(|periods| !periods.is_empty());
        let first = with_periods().map(|periods| periods.start).min()?;
        let behind = with_periods().map(|periods| periods.end).max()?;
        let mut flags = vec![None; behind - first];
        for row in rows {
            let (from, until) = self.ends[*row];
            for period in spans.reached(from, until) {
                let of_period: &mut Option<usize> = &mut flags[period - first];
                let at_start = spans.held_at_start(from, until).contains(&period);
                let at_end = spans.held_at_end(from, until).contains(&period);
                let held = if at_start { AT_START } else { 0 } | if at_end { AT_END } else { 0 };
                *of_period = Some(of_period.unwrap_or(0) | held);
            }
        }
        Some(Presence { reached: first..behind, flags })
    }

    /// By period, the segment an entity was in at the start, else at the end, else at all; and the one at the end. Of several
    /// the first by name.
    fn places(
        &self,
        rows: &[usize],
        spans: &PeriodSpans,
        presence: &Presence,
        segments: &[usize],
        rank: &[usize],
    ) -> Vec<(usize, Option<usize>)> {
        let mut places = vec![(usize::MAX, TOTAL, None); presence.flags.len()];
        for row in rows {
            let ((from, until), segment) = (self.ends[*row], segments[*row]);
            let (at_start, at_end) =
                (spans.held_at_start(from, until), spans.held_at_end(from, until));
            for period in spans.reached(from, until) {
                let (best, began_in, ended_in) = &mut places[period - presence.reached.start];
                let is_at_end = at_end.contains(&period);
                let order = if at_start.contains(&period) {
                    0
                } else if is_at_end {
                    1
                } else {
                    2
                };
                let order = order * rank.len() + rank[segment];
                if order < *best {
                    (*best, *began_in) = (order, segment);
                }
                let is_first = ended_in.is_none_or(|known: usize| rank[segment] < rank[known]);
                if is_at_end && is_first {
                    *ended_in = Some(segment);
                }
            }
        }
        places.into_iter().map(|(_, began_in, ended_in)| (began_in, ended_in)).collect()
    }
}

impl Presence {
    /// The periods that are reached, with the flags of each.
    fn periods(&self) -> impl Iterator<Item = (usize, usize)> {
        let flags = self.flags.iter().enumerate();
        flags.filter_map(|(at, flags)| Some((self.reached.start + at, (*flags)?)))
    }
}
