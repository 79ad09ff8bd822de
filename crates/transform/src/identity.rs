//! The customer behind each name that any system has for one.
//!
//! ```text
//! identity.toml ─> Identity ─> collect_keys ─> Clusters ─> ResolvedKeys ─> batches of each IdentityTable
//!   as written     verified    keys, links     an owner    a customer      written by IdentityResolver
//!                              as numbers      for each    for each key
//! ```

mod identity_file;

mod key_table;

mod definition;

mod read;

mod key_query;

mod plan;

mod collected_keys;

mod collect_keys;

mod clusters;

mod resolved_keys;

mod match_counts;

mod outcomes;

mod tables;

mod key_order;

mod batches;

mod resolver;

pub(crate) use definition::Identity;
pub(crate) use plan::plan;
pub(crate) use resolved_keys::ResolvedKeys;
pub(crate) use resolver::IdentityResolver;
pub(crate) use tables::IdentityTable;
#[cfg(test)]
pub(crate) use tests::fixture;

#[cfg(test)]
mod tests;
