//! How each store is asked: as the environment says, within bounds.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ::object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use ::object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use ::object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use ::object_store::{ClientConfigKey, ObjectStore, RetryConfig};

use crate::refusal::object_fault::{ObjectFault, Trouble};
use crate::source::address::{Address, Scheme};

/// Time to find a server, and time for one request with its answer.
const CONNECT: &str = "10 seconds";
const REQUEST: &str = "60 seconds";
/// Tries after the first, and time for all of them.
const RETRIES: usize = 2;
const RETRYING: Duration = Duration::from_mins(2);

/// A store, and what must never be said of it.
pub(crate) struct Client {
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) secrets: Vec<String>,
}

/// Prepares a client for the bucket of an address.
pub(crate) fn open(address: &Address) -> Result<Client, ObjectFault> {
    let opened = match address.scheme {
        Scheme::S3 => amazon(&address.bucket),
        Scheme::Google => google(&address.bucket),
        Scheme::Azure => azure(&address.bucket),
    };
    opened.map_err(|trouble| ObjectFault::new(address.bucket_url(), trouble))
}

fn retry() -> RetryConfig {
    RetryConfig { max_retries: RETRIES, retry_timeout: RETRYING, ..RetryConfig::default() }
}

fn amazon(bucket: &str) -> Result<Client, Trouble> {
    use AmazonS3ConfigKey as Key;
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(retry());
    let allows = allows_http(builder.get_config_value(&Key::Endpoint).as_deref())?;
    for (key, value) in limits(allows) {
        builder = builder.with_config(Key::Client(key), value);
    }
    let secrets = [Key::AccessKeyId, Key::SecretAccessKey, Key::Token]
        .map(|key| builder.get_config_value(&key));
    finish(builder.build(), secrets)
}

fn google(bucket: &str) -> Result<Client, Trouble> {
    use GoogleConfigKey as Key;
    let mut builder =
        GoogleCloudStorageBuilder::from_env().with_bucket_name(bucket).with_retry(retry());
    let allows = allows_http(builder.get_config_value(&Key::BaseUrl).as_deref())?;
    for (key, value) in limits(allows) {
        builder = builder.with_config(Key::Client(key), value);
    }
    let secrets = [Key::ServiceAccountKey].map(|key| builder.get_config_value(&key));
    finish(builder.build(), secrets)
}

fn azure(container: &str) -> Result<Client, Trouble> {
    use AzureConfigKey as Key;
    let mut builder =
        MicrosoftAzureBuilder::from_env().with_container_name(container).with_retry(retry());
    let allows = allows_http(builder.get_config_value(&Key::Endpoint).as_deref())?;
    for (key, value) in limits(allows) {
        builder = builder.with_config(Key::Client(key), value);
    }
    let secrets = [Key::AccessKey, Key::ClientSecret, Key::SasKey, Key::Token]
        .map(|key| builder.get_config_value(&key));
    finish(builder.build(), secrets)
}

fn limits(allows_http: bool) -> [(ClientConfigKey, String); 3] {
    [
        (ClientConfigKey::ConnectTimeout, CONNECT.into()),
        (ClientConfigKey::Timeout, REQUEST.into()),
        (ClientConfigKey::AllowHttp, allows_http.to_string()),
    ]
}

fn finish<const N: usize>(
    built: ::object_store::Result<impl ObjectStore>,
    secrets: [Option<String>; N],
) -> Result<Client, Trouble> {
    let secrets: Vec<String> =
        secrets.into_iter().flatten().filter(|secret| secret.len() > 3).collect();
    match built {
        Ok(store) => Ok(Client { store: Arc::new(store), secrets }),
        Err(error) => Err(Trouble::settings(&error, &secrets)),
    }
}

/// Whether an endpoint may be spoken to in the clear: on this machine only.
fn allows_http(endpoint: Option<&str>) -> Result<bool, Trouble> {
    let Some(rest) = endpoint.and_then(|endpoint| endpoint.trim().strip_prefix("http://")) else {
        return Ok(false);
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_here =
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if is_here { Ok(true) } else { Err(Trouble::PlainHttp(host.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_this_machine_in_the_clear() {
        let asked = |endpoint: &str| allows_http(Some(endpoint)).ok();
        for here in ["http://127.0.0.1:9000", "http://localhost", "http://[::1]:9000/x"] {
            assert_eq!(asked(here), Some(true), "{here}");
        }
        for there in [
            "http://minio:9000",
            "http://127.0.0.1@evil.example",
            "http://10.0.0.1",
            "http://localhost.evil.example",
        ] {
            assert_eq!(asked(there), None, "{there}");
        }
        assert_eq!(
            (asked("https://minio:9000"), allows_http(None).ok()),
            (Some(false), Some(false))
        );
    }
}
