//! Integers as the differences between neighbours.
//!
//! Format: Apache Parquet, "Encodings", `DELTA_BINARY_PACKED`. Blocks of 128 differences, each stored relative to the
//! smallest of its block, in miniblocks of 32 with as few bits as the largest of them needs.

use arrow::array::{Array as _, ArrowPrimitiveType, PrimitiveArray};
use parquet::basic::Encoding;
use parquet::file::statistics::Statistics;

use super::definition_levels::DefinitionLevels;
use super::integers::{add_varint, add_zigzag};
use super::pages::ColumnPages;

/// Differences of a block and of a miniblock.
const BLOCK: usize = 128;
const MINIBLOCK: usize = 32;

/// The page of a column of integers whose rows come in several arrays.
pub(super) fn pages<T: ArrowPrimitiveType<Native = i64>>(
    arrays: &[&PrimitiveArray<T>],
    levels: DefinitionLevels,
) -> ColumnPages {
    let nulls = levels.nulls as u64;
    let mut numbers = Vec::with_capacity(levels.values());
    for array in arrays {
        match array.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => numbers.extend_from_slice(array.values()),
            Some(nulls) => numbers.extend(nulls.valid_indices().map(|row| array.values()[row])),
        }
    }
    let (least, most) = (numbers.iter().min(), numbers.iter().max());
    let statistics = Statistics::int64(least.copied(), most.copied(), None, Some(nulls), false);
    ColumnPages::new(Encoding::DELTA_BINARY_PACKED, levels, |page| encode(&numbers, page))
        .with_statistics(Some(statistics))
}

/// Adds numbers.
pub(super) fn encode(numbers: &[i64], into: &mut Vec<u8>) {
    into.reserve(numbers.len() * 2);
    for header in [BLOCK, BLOCK / MINIBLOCK, numbers.len()] {
        add_varint(header as u64, into);
    }
    // The header has a first value even where there is none.
    let Some((first, rest)) = numbers.split_first() else { return add_zigzag(0, into) };
    add_zigzag(*first, into);
    let mut before = *first;
    let mut differences = [0; BLOCK];
    for block in rest.chunks(BLOCK) {
        for (difference, number) in differences.iter_mut().zip(block) {
            *difference = number.wrapping_sub(before);
            before = *number;
        }
        add_block(&differences[..block.len()], into);
    }
}

fn add_block(differences: &[i64], into: &mut Vec<u8>) {
    let least = differences.iter().copied().min().expect("a block has at least one difference");
    add_zigzag(least, into);
    let widths = into.len();
    into.extend_from_slice(&[0; BLOCK / MINIBLOCK]);
    for (index, differences) in differences.chunks(MINIBLOCK).enumerate() {
        let mut relative = [0; MINIBLOCK];
        for (relative, difference) in relative.iter_mut().zip(differences) {
            *relative = difference.wrapping_sub(least).cast_unsigned();
        }
        let width = u64::BITS - relative.iter().fold(0, |all, one| all | one).leading_zeros();
        into[widths + index] = width.to_le_bytes()[0];
        add_miniblock(&relative, width, into);
    }
}

/// Adds numbers of `width` bits, the first in the lowest bits.
fn add_miniblock(numbers: &[u64; MINIBLOCK], width: u32, into: &mut Vec<u8>) {
    if width == 0 {
        return;
    }
    let (mut word, mut bits) = (0_u64, 0);
    for number in numbers {
        word |= number << bits;
        bits += width;
        if bits >= u64::BITS {
            into.extend_from_slice(&word.to_le_bytes());
            bits -= u64::BITS;
            word = if bits == 0 { 0 } else { number >> (width - bits) };
        }
    }
    into.extend_from_slice(&word.to_le_bytes()[..bits as usize / 8]);
}
