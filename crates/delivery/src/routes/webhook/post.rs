//! A message to the address of its webhook.

use std::io::ErrorKind;

use super::answer::outcome;
use crate::http::{HttpConnection, words_of};
use crate::route::HandOverError;
use crate::web_address::{AddressParts, BadWebAddress};
use crate::webhook::Webhook;

/// Posts a message. `before_end` records that from then on it may have arrived.
///
/// No redirect is followed, and nothing that the server says but its status gets into a reason: it may repeat the address.
pub(super) fn post(
    target: &Webhook,
    message: &[u8],
    before_end: &mut dyn FnMut() -> Result<(), HandOverError>,
) -> Result<(), HandOverError> {
    let later = |cause: std::io::Error| {
        HandOverError::Later(format!("the webhook was not reached: {}", words_of(&cause)))
    };
    let address = target.address.as_ref().map_err(|why| HandOverError::Later(why.clone()))?;
    let parts = AddressParts::of(address.expose());
    let parts = parts.ok_or_else(|| HandOverError::Later(BadWebAddress("webhook").to_string()))?;
    let endpoint = parts.endpoint(target.authorities.as_deref(), target.timeout, target.elapsed);
    let request = request(&parts, message);
    // Until its last byte is there, a server has no whole message.
    let (start, end) = request.split_at(request.len() - 1);
    let mut connection = HttpConnection::open(&endpoint).map_err(later)?;
    connection.send(start).map_err(later)?;
    before_end()?;
    // A server that refuses early may have closed already; its answer says why.
    let sent = connection.send(end);
    match connection.answer() {
        Ok(answer) => outcome(&answer),
        Err(cause) => {
            let cause =
                sent.err().filter(|_| cause.kind() == ErrorKind::UnexpectedEof).unwrap_or(cause);
            Err(HandOverError::Unclear(format!("the webhook did not answer: {}", words_of(&cause))))
        }
    }
}

fn request(parts: &AddressParts<'_>, message: &[u8]) -> Vec<u8> {
    let AddressParts { authority, path, query, .. } = parts;
    let path = if path.is_empty() { "/" } else { path };
    let mut request = format!(
        "POST {path}{query} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: scorewright\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        message.len()
    )
    .into_bytes();
    request.extend_from_slice(message);
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_the_message_as_it_is_and_says_how_long_it_is() {
        let parts = AddressParts::of("https://chat.example:8443/services/key?v=2").unwrap();
        let request = String::from_utf8(request(&parts, "{\"text\":\"é\"}".as_bytes())).unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /services/key?v=2 HTTP/1.1\r\nHost: chat.example:8443\r\n"));
        assert!(head.contains("\r\nContent-Length: 13\r\n"), "{head}");
        assert_eq!(body, "{\"text\":\"é\"}");
    }
}
