//! Figures, from measured to judged.

pub(crate) mod unit;

pub(crate) mod segment;

pub(crate) mod interval_method;

pub(crate) mod coverage;

pub(crate) mod kpi_value;

pub(crate) mod target;

pub(crate) mod benchmark;

pub(crate) mod change_test;

pub(crate) mod declared_change;

pub(crate) mod standing;
