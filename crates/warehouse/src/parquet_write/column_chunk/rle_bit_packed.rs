//! The hybrid of runs and bit-packed values, for numbers of few bits.
//!
//! Format: Apache Parquet, "Encodings", RLE / bit-packing hybrid. A run is twice its length, then its number in whole
//! bytes. Bit-packed values come in eights, after twice the count of eights plus one.

use super::integers::add_varint;

/// Values are bit-packed eight at a time.
const EIGHT: usize = 8;

/// Bits that a run has to save before it is worth a header of its own.
const WORTH: usize = 64;

/// Adds numbers of at most `width` bits.
pub(super) fn encode(numbers: &[u32], width: u32, into: &mut Vec<u8>) {
    let worth = EIGHT.max(WORTH / width.max(1) as usize);
    let (mut written, mut position) = (0, 0);
    while let Some(number) = numbers.get(position) {
        let run = numbers[position..].iter().take_while(|next| *next == number).count();
        // The values before a run are bit-packed in whole eights: the run fills up the last of them.
        let fill = (position - written).next_multiple_of(EIGHT) - (position - written);
        if run >= fill + worth {
            add_bit_packed(&numbers[written..position + fill], width, into);
            add_run(*number, run - fill, width, into);
            written = position + run;
        }
        position += run;
    }
    add_bit_packed(&numbers[written..], width, into);
}

/// Adds a run of one number.
pub(super) fn add_run(number: u32, times: usize, width: u32, into: &mut Vec<u8>) {
    add_varint(times as u64 * 2, into);
    into.extend_from_slice(&number.to_le_bytes()[..width.div_ceil(8) as usize]);
}

/// Adds bits, eight in a byte, the first in the lowest bit.
pub(super) fn add_bits(bytes: &[u8], into: &mut Vec<u8>) {
    add_varint(bytes.len() as u64 * 2 + 1, into);
    into.extend_from_slice(bytes);
}

/// Adds numbers of `width` bits, the first in the lowest bits; zeros fill up the last eight.
fn add_bit_packed(numbers: &[u32], width: u32, into: &mut Vec<u8>) {
    if numbers.is_empty() {
        return;
    }
    let eights = numbers.len().div_ceil(EIGHT);
    add_varint(eights as u64 * 2 + 1, into);
    let end = into.len() + eights * width as usize;
    let (mut word, mut bits) = (0_u64, 0);
    for number in numbers {
        word |= u64::from(*number) << bits;
        bits += width;
        if bits >= u32::BITS {
            into.extend_from_slice(&word.to_le_bytes()[..4]);
            word >>= u32::BITS;
            bits -= u32::BITS;
        }
    }
    into.extend_from_slice(&word.to_le_bytes());
    into.resize(end, 0);
}
