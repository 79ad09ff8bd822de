//! Whole numbers as tables have them: with a sign.

use arrow::datatypes::DataType;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, cast};

/// The same rows, whole numbers without a sign as those with one.
///
/// `row_number()`, `rank()` and `array_length()` give such; files would hold another type than the version states, and
/// than other tools take for a whole number.
pub(super) fn signed(plan: DataFrame) -> Result<DataFrame, DataFusionError> {
    let schema = plan.schema();
    if !schema.fields().iter().any(|field| field.data_type().is_unsigned_integer()) {
        return Ok(plan);
    }
    let columns = schema.columns().into_iter().zip(schema.fields()).map(|(column, field)| {
        let name = column.name.clone();
        let value = Expr::Column(column);
        let has_no_sign = field.data_type().is_unsigned_integer();
        if has_no_sign { cast(value, DataType::Int64).alias(name) } else { value }
    });
    let columns: Vec<Expr> = columns.collect();
    plan.select(columns)
}

#[cfg(test)]
mod tests {
    use super::super::{Parameters, Session};

    #[test]
    fn a_number_of_a_row_is_a_whole_number_like_any_other() {
        let session = Session::without_data().unwrap();
        let sql = "SELECT t.a, row_number() OVER (ORDER BY t.a) AS place, 'x' AS \"Word\" \
                   FROM (VALUES (3), (1)) AS t(a)";
        let plan = session.typed_plan(sql, &Parameters::new()).unwrap();
        let fields = plan.schema().fields().iter();
        let types: Vec<String> =
            fields.map(|field| format!("{} {}", field.name(), field.data_type())).collect();
        assert_eq!(types, ["a Int64", "place Int64", "Word Utf8"]);
        let rows = session.query(sql, &Parameters::new()).unwrap().rows;
        assert_eq!(rows.len(), 2);
    }
}
