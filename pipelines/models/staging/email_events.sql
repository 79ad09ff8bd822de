-- One row per event of a message.
-- grain: event_id
SELECT
    event_id,
    lower(split_part(recipient, '@', 2)) AS recipient_domain,
    campaign_id,
    lower(kind) AS kind,
    coalesce(is_machine, FALSE) AS is_machine,
    sent_at,
    happened_at
FROM raw.email_events
