//! Parquet's hybrid of runs and packed bits, for numbers that need few bits.
//!
//! Format: Apache Parquet, "Encodings", RLE / bit-packing hybrid. A run is twice its length and then its number, in
//! whole bytes; packed numbers stand in eights, after twice the count of eights plus one.

/// Numbers that are packed together.
const EIGHT: usize = 8;

/// Bits that a run has to save before it is worth its own head.
const WORTH: usize = 64;

/// Adds numbers of at most `width` bits.
pub(super) fn encode(numbers: &[u32], width: u32, into: &mut Vec<u8>) {
    let worth = EIGHT.max(WORTH / width.max(1) as usize);
    let (mut packed, mut at) = (0, 0);
    while let Some(number) = numbers.get(at) {
        let run = numbers[at..].iter().take_while(|next| *next == number).count();
        // Numbers before the run are packed in whole eights: the run fills up the last.
        let fill = (at - packed).next_multiple_of(EIGHT) - (at - packed);
        if run >= fill + worth {
            encode_row_group(&numbers[packed..at + fill], width, into);
            repeat(*number, run - fill, width, into);
            packed = at + run;
        }
        at += run;
    }
    encode_row_group(&numbers[packed..], width, into);
}

/// Adds the same number many times.
pub(super) fn repeat(number: u32, times: usize, width: u32, into: &mut Vec<u8>) {
    varint(times as u64 * 2, into);
    into.extend_from_slice(&number.to_le_bytes()[..width.div_ceil(8) as usize]);
}

/// Adds numbers of one bit that are packed already, the first in the lowest bit.
pub(super) fn bits(packed: &[u8], into: &mut Vec<u8>) {
    varint(packed.len() as u64 * 2 + 1, into);
    into.extend_from_slice(packed);
}

/// Packs numbers, the first in the lowest bits; zeros fill up the last eight.
fn encode_row_group(numbers: &[u32], width: u32, into: &mut Vec<u8>) {
    if numbers.is_empty() {
        return;
    }
    let eights = numbers.len().div_ceil(EIGHT);
    varint(eights as u64 * 2 + 1, into);
    let end = into.len() + eights * width as usize;
    let (mut held, mut bits) = (0_u64, 0);
    for number in numbers {
        held |= u64::from(*number) << bits;
        bits += width;
        if bits >= u32::BITS {
            into.extend_from_slice(&held.to_le_bytes()[..4]);
            held >>= u32::BITS;
            bits -= u32::BITS;
        }
    }
    into.extend_from_slice(&held.to_le_bytes());
    into.resize(end, 0);
}

/// A number in as many bytes as it needs, seven bits each, the lowest first.
pub(super) fn varint(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    into.push(number.to_le_bytes()[0]);
}
