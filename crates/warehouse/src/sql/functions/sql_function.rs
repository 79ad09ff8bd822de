//! A function of our own as the engine knows it.

use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::scalar::ScalarValue;

use crate::sql::sql_fault::SqlFault;

/// What a function answers, value by value.
pub(super) trait SqlFunctionBody: Debug + Send + Sync + 'static {
    /// The type of its answer, known when SQL is planned; a fault for values it does not take.
    ///
    /// - `words`: arguments that are texts in the SQL itself.
    fn answers(&self, arguments: &[DataType], words: &[Option<&str>])
    -> Result<DataType, SqlFault>;

    /// Its answer for each row. All arguments have as many rows.
    fn answer(&self, arguments: &[ArrayRef]) -> Result<ArrayRef, SqlFault>;
}

/// A function by its name; a session has one of each name.
#[derive(Debug)]
pub(super) struct SqlFunction {
    name: &'static str,
    signature: Signature,
    body: Arc<dyn SqlFunctionBody>,
}

impl SqlFunction {
    pub(super) fn new(name: &'static str, arguments: usize, body: impl SqlFunctionBody) -> Self {
        // Of any type: the body refuses what it does not take, in words of ours.
        let signature = Signature::any(arguments, Volatility::Immutable);
        Self { name, signature, body: Arc::new(body) }
    }
}

impl PartialEq for SqlFunction {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.body, &other.body)
    }
}

impl Eq for SqlFunction {}

impl Hash for SqlFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for SqlFunction {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        self.body.answers(arguments, &[]).map_err(external)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let types: Vec<DataType> =
            args.arg_fields.iter().map(|field| field.data_type().clone()).collect();
        let words = args.scalar_arguments.iter();
        let words: Vec<Option<&str>> =
            words.map(|value| value.and_then(|it| it.try_as_str().flatten())).collect();
        let answer = self.body.answers(&types, &words).map_err(external)?;
        Ok(Arc::new(Field::new(self.name, answer, true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_scalar = |value: &ColumnarValue| matches!(value, ColumnarValue::Scalar(_));
        let is_constant = args.args.iter().all(is_scalar);
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let answer = self.body.answer(&arrays).map_err(external)?;
        Ok(if is_constant {
            ColumnarValue::Scalar(ScalarValue::try_from_array(&answer, 0)?)
        } else {
            ColumnarValue::Array(answer)
        })
    }
}

fn external(fault: SqlFault) -> DataFusionError {
    DataFusionError::External(Box::new(fault))
}
