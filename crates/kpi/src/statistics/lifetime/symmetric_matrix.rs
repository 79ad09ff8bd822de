//! Small symmetric matrices.

/// Rows of a square matrix.
pub(super) type Matrix<const N: usize> = [[f64; N]; N];

/// The inverse of a positive definite matrix by Cholesky's factors; `None` for any other.
pub(super) fn inverse<const N: usize>(of: &Matrix<N>) -> Option<Matrix<N>> {
    let factor = cholesky(of)?;
    let mut inverse = [[0.0; N]; N];
    for column in 0..N {
        let mut unit = [0.0; N];
        unit[column] = 1.0;
        let solved = solved(&factor, unit);
        for row in 0..N {
            inverse[row][column] = solved[row];
        }
    }
    Some(inverse)
}

/// The product of a row, a matrix and the same row.
pub(super) fn quadratic<const N: usize>(row: &[f64; N], matrix: &Matrix<N>) -> f64 {
    (0..N).map(|at| row[at] * product(&matrix[at], row)).sum()
}

/// The product of a matrix and a column.
pub(super) fn times<const N: usize>(matrix: &Matrix<N>, column: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|at| product(&matrix[at], column))
}

/// The sum of the products of two rows.
pub(super) fn product<const N: usize>(one: &[f64; N], other: &[f64; N]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn cholesky<const N: usize>(of: &Matrix<N>) -> Option<Matrix<N>> {
    let mut factor = [[0.0; N]; N];
    for row in 0..N {
        for column in 0..=row {
            let known: f64 = (0..column).map(|at| factor[row][at] * factor[column][at]).sum();
            let rest: f64 = of[row][column] - known;
            if row == column {
                factor[row][row] = Some(rest).filter(|rest| *rest > 0.0)?.sqrt();
            } else {
                factor[row][column] = rest / factor[column][column];
            }
        }
    }
    Some(factor)
}

/// What the matrix of a factor makes a column of.
fn solved<const N: usize>(factor: &Matrix<N>, mut column: [f64; N]) -> [f64; N] {
    for row in 0..N {
        let known: f64 = (0..row).map(|at| factor[row][at] * column[at]).sum();
        column[row] = (column[row] - known) / factor[row][row];
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|at| factor[at][row] * column[at]).sum();
        column[row] = (column[row] - known) / factor[row][row];
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_times_its_inverse_is_one() {
        let matrix = [[4.0, 2.0, 0.6], [2.0, 5.0, 1.0], [0.6, 1.0, 3.0]];
        let inverse = inverse(&matrix).unwrap();
        for (at, row) in inverse.iter().enumerate() {
            // The inverse is symmetric too: its rows are its columns.
            let product = times(&matrix, row);
            let unit: [f64; 3] = std::array::from_fn(|other| f64::from(u8::from(other == at)));
            assert!(product.iter().zip(unit).all(|(found, one)| (found - one).abs() < 1e-14));
        }
    }

    #[test]
    fn what_is_not_positive_definite_has_no_inverse() {
        assert_eq!(inverse(&[[1.0, 2.0], [2.0, 1.0]]), None);
    }
}
