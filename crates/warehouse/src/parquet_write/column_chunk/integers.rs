//! Integers as the encodings of Parquet have them.

const FITS: &str = "a row group is far smaller than 4 GiB";

/// A length or count in four bytes.
pub(super) fn as_u32(length: usize) -> u32 {
    u32::try_from(length).expect(FITS)
}

/// A length or count in the signed form that Parquet's metadata has.
pub(super) fn as_i64(length: usize) -> i64 {
    i64::try_from(length).expect(FITS)
}

/// Adds a number in as many bytes as it needs, seven bits each, the lowest first.
pub(super) fn add_varint(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    into.push(number.to_le_bytes()[0]);
}

/// Adds a signed number as a varint whose lowest bit is its sign.
pub(super) fn add_zigzag(number: i64, into: &mut Vec<u8>) {
    add_varint(((number << 1) ^ (number >> 63)).cast_unsigned(), into);
}
