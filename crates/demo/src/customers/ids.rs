//! What each system calls a customer. No two agree.

use super::customer::Customer;

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A kind of record in the CRM; the first three letters of its id say which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CrmRecord {
    Account,
    /// The same customer entered once more, merged into the account later; 1 or 2.
    Duplicate(u32),
    Opportunity,
    User,
}

/// An 18-character CRM id: prefix, number, and the three letters that make it safe where case is lost.
pub(crate) fn crm(record: CrmRecord, number: u32) -> String {
    let (prefix, pod) = match record {
        CrmRecord::Account => ("001", 0),
        CrmRecord::Duplicate(which) => ("001", which),
        CrmRecord::Opportunity => ("006", 0),
        CrmRecord::User => ("005", 0),
    };
    let mut id = format!("{prefix}5g000{pod}");
    base62(scatter(number, 0xC1), 6, &mut id);
    id.push_str(&case_checksum(&id));
    id
}

/// One letter for each five: which of them are capitals, as a number below 32.
fn case_checksum(id: &str) -> String {
    let capitals = |five: &[u8]| {
        five.iter()
            .enumerate()
            .map(|(place, letter)| usize::from(letter.is_ascii_uppercase()) << place)
            .sum::<usize>()
    };
    id.as_bytes()
        .chunks(5)
        .map(|five| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[capitals(five)]))
        .collect()
}

/// The id of a customer in billing: `cus_NffrFeUfNV2Hib`.
pub(crate) fn billing(customer: &Customer) -> String {
    let mut id = String::from("cus_");
    base62(scatter(customer.number, 0xB1), 7, &mut id);
    base62(scatter(customer.number, 0xB2), 7, &mut id);
    id
}

/// The id of a subscription in billing.
pub(crate) fn subscription(customer: &Customer, which: u32) -> String {
    let mut id = String::from("sub_1");
    base62(scatter(customer.number, 0xD0 + u64::from(which)), 11, &mut id);
    base62(u64::from(customer.number), 4, &mut id);
    id
}

/// The number of a customer's organization in the help desk.
pub(crate) fn organization(customer: &Customer) -> u64 {
    360_010_000_000 + u64::from(customer.number) * 7
}

/// The number of a person of the customer in the help desk.
pub(crate) fn requester(customer: &Customer, person: u32) -> u64 {
    380_100_000_000 + u64::from(customer.number) * 64 + u64::from(person)
}

/// The number printed on invoices, which surveys carry as their external reference: `C-000042`.
pub(crate) fn number(customer: &Customer) -> String {
    format!("C-{:06}", customer.number)
}

/// The id of a survey response: `R_` and 15 letters.
pub(crate) fn response(number: u64) -> String {
    let mut id = String::from("R_");
    base62(mix(number), 10, &mut id);
    base62(number, 5, &mut id);
    id
}

fn base62(mut number: u64, letters: u32, id: &mut String) {
    for _ in 0..letters {
        id.push(char::from(LETTERS[usize::try_from(number % 62).expect("below 62")]));
        number /= 62;
    }
}

/// Spreads numbers so that ids do not look counted; one to one within 30 bits, so no two are the same.
fn scatter(number: u32, salt: u64) -> u64 {
    let spread = u64::from(number).wrapping_mul(0x9E37_79B1) & 0x3FFF_FFFF;
    if salt == 0xC1 { spread } else { mix(spread ^ (salt << 32)) }
}

/// The finalizer of splitmix64: one to one on 64 bits.
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_case_checksum_is_the_published_one() {
        // The account id that the vendor's REST guide prints throughout.
        assert_eq!(case_checksum("001D000000IqhSL"), "IAZ");
    }

    #[test]
    fn no_two_records_share_an_id() {
        let ids: HashSet<String> =
            (1..50_000).map(|number| crm(CrmRecord::Account, number)).collect();
        assert_eq!(ids.len(), 49_999);
        assert!(ids.iter().all(|id| id.len() == 18 && id.starts_with("001")));
    }
}
