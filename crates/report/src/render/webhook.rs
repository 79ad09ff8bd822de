//! `webhook.json`: the message to a chat.

use scorewright_domain::Fault;
use serde_json::Value;

use super::renderer::{Audience, Renderer};
use super::template_context::TemplateContext;
use super::templates::Templates;

const TEMPLATE: &str = "webhook.json.j2";

/// Chats refuse or cut off longer messages; the strictest of them beyond 28 KB.
const LARGEST: usize = 25_000;

/// The message as JSON, which Slack, Teams and other chats take at an address of theirs.
#[derive(Debug, Clone, Copy)]
pub struct WebhookMessage;

impl Renderer for WebhookMessage {
    fn name(&self) -> &'static str {
        "webhook.json"
    }

    fn media_type(&self) -> &'static str {
        "application/json"
    }

    fn audience(&self) -> Audience {
        Audience::Chat
    }

    fn text(&self, page: &TemplateContext<'_>, templates: &Templates) -> Result<String, Fault> {
        let written = templates.render(TEMPLATE, page)?;
        let fault = |message: String, help: &'static str| {
            templates.fault(page.scorecard, TEMPLATE, message).help(help)
        };
        let json: Value = serde_json::from_str(&written).map_err(|bad| {
            let message = format!("what the template writes is no JSON: {bad}");
            fault(message, "a value stands within quotes: {\"text\": \"{{ verdict.subject }}\"}")
        })?;
        if !json.is_object() {
            let message = "what the template writes is JSON, but no object".to_owned();
            return Err(fault(message, "chats take an object: {\"text\": \"…\"}"));
        }
        // Written anew, so that no escape of the template is left that its text does not need.
        let message = json.to_string();
        if message.len() > LARGEST {
            let message =
                format!("the message has {} bytes; chats take {LARGEST} at most", message.len());
            return Err(fault(message, "leave long parts to the full scorecard"));
        }
        Ok(message)
    }
}
