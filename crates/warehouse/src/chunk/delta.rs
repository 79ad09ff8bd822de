//! Whole numbers as the differences between neighbours.
//!
//! Format: Apache Parquet, "Encodings", `DELTA_BINARY_PACKED`. Blocks of 128 differences, each above the smallest of
//! its block, packed 32 by 32 in as few bits as the largest of them needs.

use arrow::array::{Array as _, ArrowPrimitiveType, PrimitiveArray};
use parquet::basic::Encoding;
use parquet::file::statistics::Statistics;

use super::hybrid::varint;
use super::{Pages, Present};

/// Differences of a block, and how many of them are packed alike.
const BLOCK: usize = 128;
const MINI: usize = 32;

/// The page of a column of numbers that comes in pieces.
pub(super) fn pages<T: ArrowPrimitiveType<Native = i64>>(
    pieces: &[&PrimitiveArray<T>],
    present: Present,
) -> Pages {
    let nulls = present.nulls as u64;
    let mut numbers = Vec::with_capacity(present.rows - present.nulls);
    for piece in pieces {
        match piece.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => numbers.extend_from_slice(piece.values()),
            Some(nulls) => numbers.extend(nulls.valid_indices().map(|row| piece.values()[row])),
        }
    }
    let (least, most) = (numbers.iter().min(), numbers.iter().max());
    let statistics = Statistics::int64(least.copied(), most.copied(), None, Some(nulls), false);
    let pages = Pages::new(Encoding::DELTA_BINARY_PACKED, present, |page| encode(&numbers, page));
    Pages { statistics: Some(statistics), ..pages }
}

/// Adds numbers.
pub(super) fn encode(numbers: &[i64], into: &mut Vec<u8>) {
    into.reserve(numbers.len() * 2);
    for head in [BLOCK, BLOCK / MINI, numbers.len()] {
        varint(head as u64, into);
    }
    let mut before = numbers.first().copied().unwrap_or_default();
    varint(zigzag(before), into);
    let mut differences = [0; BLOCK];
    for block in numbers.get(1..).unwrap_or_default().chunks(BLOCK) {
        for (difference, number) in differences.iter_mut().zip(block) {
            *difference = number.wrapping_sub(before);
            before = *number;
        }
        add_block(&differences[..block.len()], into);
    }
}

fn add_block(differences: &[i64], into: &mut Vec<u8>) {
    let least = differences.iter().copied().min().unwrap_or_default();
    varint(zigzag(least), into);
    let widths = into.len();
    into.extend_from_slice(&[0; BLOCK / MINI]);
    for (mini, differences) in differences.chunks(MINI).enumerate() {
        let mut above = [0; MINI];
        for (above, difference) in above.iter_mut().zip(differences) {
            *above = difference.wrapping_sub(least).cast_unsigned();
        }
        let width = u64::BITS - above.iter().fold(0, |all, above| all | above).leading_zeros();
        into[widths + mini] = width.to_le_bytes()[0];
        encode_row_group(&above, width, into);
    }
}

/// Packs numbers of `width` bits, the first in the lowest.
fn encode_row_group(numbers: &[u64; MINI], width: u32, into: &mut Vec<u8>) {
    if width == 0 {
        return;
    }
    let (mut held, mut bits) = (0_u64, 0);
    for number in numbers {
        held |= number << bits;
        bits += width;
        if bits >= u64::BITS {
            into.extend_from_slice(&held.to_le_bytes());
            bits -= u64::BITS;
            held = if bits == 0 { 0 } else { number >> (width - bits) };
        }
    }
    into.extend_from_slice(&held.to_le_bytes()[..bits as usize / 8]);
}

/// A number whose lowest bit says whether it is below zero.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}
