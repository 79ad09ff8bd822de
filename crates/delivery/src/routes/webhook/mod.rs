//! The route to a chat: one message for each report, period and revision, posted to a web address.

mod answer;
mod post;

use scorewright_domain::Document;
use serde_json::Value;

use super::file_name;
use crate::issue::{BadIssue, Issue};
use crate::label::Label;
use crate::route::{HandOverError, Route, SendRules};
use crate::webhook::Webhooks;
use post::post;

/// Posts the message of a report, as JSON.
pub(crate) struct WebhookRoute {
    webhooks: Webhooks,
}

impl WebhookRoute {
    pub(crate) fn new(webhooks: Webhooks) -> Self {
        Self { webhooks }
    }
}

impl Route for WebhookRoute {
    fn name(&self) -> &'static str {
        "webhook"
    }

    fn destinations(&self, issue: &Issue) -> Vec<String> {
        issue.message.iter().map(|message| message.channel.clone()).collect()
    }

    fn payload(&self, issue: &Issue, label: &Label) -> Result<Vec<Document>, BadIssue> {
        let message = issue.message.iter().find(|message| message.channel == label.destination);
        let announced = message.map(|message| {
            let name = file_name::of(label, "json");
            Document {
                name,
                bytes: announced(&message.document, label),
                ..message.document.clone()
            }
        });
        Ok(announced.into_iter().collect())
    }

    fn hand_over(
        &self,
        label: &Label,
        payload: &[Document],
        before_end: &mut dyn FnMut() -> Result<(), HandOverError>,
    ) -> Result<(), HandOverError> {
        let later = |why: &str| HandOverError::Later(why.into());
        let targets = self.webhooks.targets.as_deref();
        let targets = targets.ok_or_else(|| later("messages are not sent by this command"))?;
        let target = targets.iter().find(|target| target.report == label.report);
        let target = target.ok_or_else(|| later("its report has no [webhook] any more"))?;
        let [message] = payload else {
            return Err(HandOverError::Never("its kept message is not one".into()));
        };
        post(target, &message.bytes, before_end)
    }

    fn send_rules(&self) -> Option<SendRules> {
        let Webhooks { expires_after, repeats_unanswered, targets } = &self.webhooks;
        Some(SendRules {
            expires_after: *expires_after,
            repeats_unanswered: *repeats_unanswered,
            is_sending: targets.is_some(),
        })
    }
}

/// A message with what it is to a chat that has an earlier one in front of its `text`, as in the subject of a mail.
fn announced(message: &Document, label: &Label) -> Vec<u8> {
    let start = label.announcement();
    if start.is_empty() {
        return message.bytes.clone();
    }
    let mut json: Value = match serde_json::from_slice(&message.bytes) {
        Ok(json) => json,
        Err(_) => return message.bytes.clone(),
    };
    if let Some(Value::String(text)) = json.get_mut("text") {
        text.insert_str(0, start);
    }
    json.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_says_so_in_front_of_its_text_and_nowhere_else() {
        let label = |replaces| {
            let label = Label::new("board", "2026-W47", 2, "webhook", "channel");
            Label { replaces, ..label }
        };
        let of = |json: &str, replaces| {
            let (name, media_type) = ("webhook.json".into(), "application/json".into());
            let message = Document { name, media_type, bytes: json.into() };
            String::from_utf8(announced(&message, &label(replaces))).unwrap()
        };
        let message = "{\"text\":\"On track\",\"a\":1}";
        assert_eq!(of(message, None), message);
        assert_eq!(of(message, Some(1)), "{\"text\":\"Correction: On track\",\"a\":1}");
        assert_eq!(of("{\"blocks\":[]}", Some(1)), "{\"blocks\":[]}");
    }
}
