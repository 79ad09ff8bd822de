//! Models of customers who buy without a contract: how often they will buy again, and for how much.
//!
//! Time is in weeks. Likelihoods are summed over distinct histories in ascending order, so that the same customers in any order
//! give the same figures.

mod maximum;
mod purchase_model;
mod spend_model;
mod symmetric_matrix;

#[cfg(test)]
mod tests;

pub(crate) use maximum::Fitted;
pub(crate) use purchase_model::{PurchaseHistory, PurchaseModel};
pub(crate) use spend_model::{SpendHistory, SpendModel};
