//! `s3://bucket/prefix/*.csv`: which store, which bucket, which objects.

use std::fmt;

use glob::{MatchOptions, Pattern};

/// The stores that an address can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    S3,
    Google,
    Azure,
}

impl Scheme {
    fn of(text: &str) -> Option<Self> {
        match text {
            "s3" => Some(Self::S3),
            "gs" => Some(Self::Google),
            "az" => Some(Self::Azure),
            _ => None,
        }
    }
}

/// Objects of one bucket, by a glob over their names: `*` stays within a folder, `**` does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub(crate) scheme: Scheme,
    pub(crate) bucket: String,
    pattern: Pattern,
}

/// Why a text is no address. No message repeats the text: it may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum BadAddress {
    /// Another scheme.
    #[error("it begins with a scheme that is not known")]
    #[diagnostic(help(
        "`s3://bucket/…`, `gs://bucket/…`, `az://container/…`, or a path below the extracts folder"
    ))]
    Scheme,
    /// A user, a password or a signature.
    #[error("it holds a user, a password or a signature")]
    #[diagnostic(help(
        "take it out, and change it where it was given: project files are no place for secrets. Credentials come from the environment: AWS_ACCESS_KEY_ID, GOOGLE_APPLICATION_CREDENTIALS, AZURE_STORAGE_ACCOUNT_KEY"
    ))]
    Secret,
    /// No bucket, or a glob in its place.
    #[error("its bucket is not a name")]
    #[diagnostic(help("name one bucket, then the objects: `s3://bucket/prefix/*.csv`"))]
    Bucket,
    /// No object, or a glob that cannot be read.
    #[error("it does not say which objects")]
    #[diagnostic(help("end it with a glob over names: `s3://bucket/prefix/*.csv`"))]
    Objects,
}

impl Address {
    /// Reads a text as an address; `None` when it is a path.
    ///
    /// # Errors
    ///
    /// [`BadAddress`] when it has a scheme and is no address all the same.
    pub fn read(text: &str) -> Option<Result<Self, BadAddress>> {
        let (scheme, rest) = text.split_once("://")?;
        Some(Self::parse(scheme, rest))
    }

    /// The address of one object as a table states it, and its name in the bucket; `None` when it is a path.
    pub fn of_object(url: &str) -> Option<(Self, &str)> {
        let (scheme, rest) = url.split_once("://")?;
        let (bucket, key) = rest.split_once('/')?;
        let pattern = Pattern::new(&Pattern::escape(key)).ok()?;
        Some((Self { scheme: Scheme::of(scheme)?, bucket: bucket.to_owned(), pattern }, key))
    }

    fn parse(scheme: &str, rest: &str) -> Result<Self, BadAddress> {
        let (bucket, pattern) = rest.split_once('/').unwrap_or((rest, ""));
        let has_query = pattern.split_once('?').is_some_and(|(_, query)| query.contains('='));
        if bucket.contains('@') || has_query {
            return Err(BadAddress::Secret);
        }
        let scheme = Scheme::of(scheme).ok_or(BadAddress::Scheme)?;
        let is_name =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
        if bucket.is_empty() || !bucket.chars().all(is_name) {
            return Err(BadAddress::Bucket);
        }
        let is_folder = |part: &str| part.is_empty() || part == "." || part == "..";
        if pattern.split('/').any(is_folder) || pattern.contains(char::is_control) {
            return Err(BadAddress::Objects);
        }
        let pattern = Pattern::new(pattern).map_err(|_| BadAddress::Objects)?;
        Ok(Self { scheme, bucket: bucket.to_owned(), pattern })
    }

    /// The folder that holds all objects the address can name.
    pub(crate) fn prefix(&self) -> &str {
        let pattern = self.pattern.as_str();
        let literal = &pattern[..pattern.find(['*', '?', '[']).unwrap_or(pattern.len())];
        &literal[..literal.rfind('/').unwrap_or(0)]
    }

    /// Whether all objects it names lie in one folder.
    pub(crate) fn is_flat(&self) -> bool {
        let below = self.pattern.as_str()[self.prefix().len()..].trim_start_matches('/');
        !below.contains('/') && !below.contains("**")
    }

    /// Whether an object of the bucket is one it names.
    pub fn names(&self, key: &str) -> bool {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::default() };
        self.pattern.matches_with(key, options)
    }

    /// Which objects of the bucket, as it is written.
    pub fn pattern(&self) -> &str {
        self.pattern.as_str()
    }

    /// The bucket alone.
    pub fn bucket_url(&self) -> String {
        let scheme = match self.scheme {
            Scheme::S3 => "s3",
            Scheme::Google => "gs",
            Scheme::Azure => "az",
        };
        format!("{scheme}://{}", self.bucket)
    }

    pub(crate) fn url_of(&self, key: &str) -> String {
        format!("{}/{key}", self.bucket_url())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.url_of(self.pattern.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Address, BadAddress> {
        Address::read(text).expect("it has a scheme")
    }

    #[test]
    fn an_address_names_a_bucket_and_its_objects() {
        let address = read("s3://acme/exports/2026/*.csv*").unwrap();
        assert_eq!(
            (address.bucket.as_str(), address.prefix(), address.is_flat()),
            ("acme", "exports/2026", true)
        );
        assert!(address.names("exports/2026/a.csv.gz"));
        assert!(!address.names("exports/2026/old/a.csv"), "a star stays in its folder");
        assert_eq!(address.to_string(), "s3://acme/exports/2026/*.csv*");
        let deep = read("gs://acme/**/a.csv").unwrap();
        assert_eq!((deep.prefix(), deep.is_flat(), deep.names("x/y/a.csv")), ("", false, true));
        assert_eq!(read("az://acme/a.csv").unwrap().prefix(), "");
        assert!(Address::read("exports/a.csv").is_none());
    }

    #[test]
    fn the_address_of_an_object_names_it_alone_whatever_its_name_holds() {
        let (address, key) = Address::of_object("s3://acme/a[1]/t*.csv?b=1").unwrap();
        assert_eq!((address.bucket_url().as_str(), key), ("s3://acme", "a[1]/t*.csv?b=1"));
        assert!(address.names(key) && !address.names("a1/t2.csv?b=1"));
        assert!(Address::of_object("exports/tickets.csv").is_none());
        assert!(Address::of_object("ftp://acme/tickets.csv").is_none());
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for (text, why) in [
            ("ftp://acme/a.csv", BadAddress::Scheme),
            ("s3://key:secret@acme/a.csv", BadAddress::Secret),
            ("az://acme/a.csv?sv=2024&sig=secret", BadAddress::Secret),
            ("https://user:secret@acme/a.csv", BadAddress::Secret),
            ("s3:///a.csv", BadAddress::Bucket),
            ("s3://ac*me/a.csv", BadAddress::Bucket),
            ("s3://acme", BadAddress::Objects),
            ("s3://acme/", BadAddress::Objects),
            ("s3://acme/../a.csv", BadAddress::Objects),
            ("s3://acme/a[.csv", BadAddress::Objects),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
            assert!(!why.to_string().contains("secret"));
        }
    }
}
