//! Names that are proven: of tables, in SQL, of checks, of contents.

pub(crate) mod table_name;

pub(crate) mod left_out_columns;

pub(crate) mod sql_name;

pub(crate) mod check_id;

pub(crate) mod fingerprint;
