//! Segments by number, because each row belongs to many.

use std::collections::HashMap;

use scorewright_domain::Segment;
use scorewright_warehouse::arrow::array::{Array as _, StringArray};

use crate::metric::Metric;

/// Number of the segment that has all rows.
pub(crate) const TOTAL: usize = 0;

/// The segments of a metric by number, in the order in which rows have them; the total is the first.
#[derive(Debug)]
pub(crate) struct SegmentCodes {
    dimensions: Vec<String>,
    /// By dimension, the number of the segment of a value.
    codes: Vec<HashMap<String, usize>>,
    segments: Vec<Segment>,
}

impl SegmentCodes {
    pub(crate) fn of(metric: &Metric) -> Self {
        let dimensions: Vec<String> =
            metric.by.iter().map(|dimension| dimension.text.clone()).collect();
        let codes = vec![HashMap::new(); dimensions.len()];
        Self { dimensions, codes, segments: vec![Segment::total()] }
    }

    /// The segment of each row by one dimension; `None` where a row has no value.
    pub(super) fn of_column(
        &mut self,
        dimension: usize,
        values: &StringArray,
    ) -> Option<Vec<usize>> {
        if values.null_count() > 0 {
            return None;
        }
        let mut last: Option<(&str, usize)> = None;
        let coded = values.iter().flatten().map(|value| {
            let code = match last {
                Some((known, code)) if known == value => code,
                _ => self.code(dimension, value),
            };
            last = Some((value, code));
            code
        });
        Some(coded.collect())
    }

    fn code(&mut self, dimension: usize, value: &str) -> usize {
        if let Some(known) = self.codes[dimension].get(value) {
            return *known;
        }
        let code = self.segments.len();
        self.segments.push(Segment::of(&self.dimensions[dimension], value));
        self.codes[dimension].insert(value.to_owned(), code);
        code
    }

    /// By number of a segment, its place among all when they are sorted by name.
    pub(crate) fn ranks(&self) -> Vec<usize> {
        let mut sorted: Vec<usize> = (0..self.segments.len()).collect();
        sorted.sort_unstable_by(|one, other| {
            self.segments[*one].value.cmp(&self.segments[*other].value)
        });
        let mut ranks = vec![0; sorted.len()];
        sorted.iter().enumerate().for_each(|(rank, code)| ranks[*code] = rank);
        ranks
    }

    /// Every segment seen so far, by number.
    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
    }
}
