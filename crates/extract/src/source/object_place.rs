//! `s3://bucket/prefix`: a folder of an object store that is written to.

use std::fmt;

use super::address::{Address, BadAddress};

/// A folder of a bucket or container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectPlace {
    pub(crate) address: Address,
}

impl ObjectPlace {
    /// Reads a text as a folder of an object store; `None` when it is a path.
    ///
    /// # Errors
    ///
    /// [`BadAddress`] when it has a scheme and is no folder all the same.
    pub fn read(text: &str) -> Option<Result<Self, BadAddress>> {
        let (scheme, rest) = text.split_once("://")?;
        let address = Address::read(&format!("{scheme}://{}/*", rest.trim_end_matches('/')))?;
        let is_plain =
            |address: &Address| address.to_string().matches(['*', '?', '[']).count() == 1;
        Some(address.and_then(|address| {
            if is_plain(&address) { Ok(Self { address }) } else { Err(BadAddress::Objects) }
        }))
    }

    /// The name in the bucket of a file below it.
    pub(crate) fn key(&self, path: &str) -> String {
        format!("{}/{path}", self.address.prefix()).trim_start_matches('/').to_owned()
    }
}

impl fmt::Display for ObjectPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.address.url_of(self.address.prefix());
        out.write_str(place.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_of_one_bucket() {
        let read = |text: &str| ObjectPlace::read(text).unwrap();
        let place = read("s3://acme/kpi/site/").unwrap();
        assert_eq!(
            (place.to_string().as_str(), place.key("a/b").as_str()),
            ("s3://acme/kpi/site", "kpi/site/a/b")
        );
        let whole = read("az://acme").unwrap();
        assert_eq!((whole.to_string().as_str(), whole.key("a/b").as_str()), ("az://acme", "a/b"));
        for (text, why) in [
            ("ftp://acme/kpi", BadAddress::Scheme),
            ("s3://key:secret@acme/kpi", BadAddress::Secret),
            ("s3://", BadAddress::Bucket),
            ("s3://acme/*", BadAddress::Objects),
            ("s3://acme/../kpi", BadAddress::Objects),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
        assert!(ObjectPlace::read("site").is_none());
    }
}
