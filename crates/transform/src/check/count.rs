//! Counts that a query answers, and how many offending rows are tolerated.

use scorewright_warehouse::{Parameters, Session, SqlFault};

/// The count in the given column of a query's only row.
///
/// # Errors
///
/// A [`SqlFault`] when the query does not run, or answers anything but one count.
pub(crate) fn query_count(session: &Session, sql: &str, column: &str) -> Result<u64, SqlFault> {
    let answer = session.query(sql, &Parameters::new())?;
    let count = match answer.rows.as_slice() {
        [row] => answer.column(column).and_then(|position| row[position].as_u64()),
        _ => None,
    };
    count.ok_or_else(|| SqlFault::new(format!("the query does not answer one count `{column}`")))
}

/// How many of some rows may offend, when a share of them, from 0 to 1, may.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a count of rows is a count, and needs no more than 52 bits"
)]
pub(crate) fn tolerated(rows: u64, share: f64) -> u64 {
    (share * rows as f64).floor() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_its_count_is_no_zero() {
        let session = Session::without_data().unwrap();
        assert_eq!(query_count(&session, "SELECT 3 AS counted", "counted"), Ok(3));
        for sql in
            ["SELECT 3 AS other", "SELECT 'three' AS counted", "SELECT 3 AS counted WHERE FALSE"]
        {
            assert!(query_count(&session, sql, "counted").is_err(), "{sql}");
        }
    }
}
