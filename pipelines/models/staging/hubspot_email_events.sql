-- One row per event of a message.
-- grain: source, event_id
SELECT
    'hubspot' AS source,
    event_id,
    email_domain,
    campaign_id,
    lower(kind) AS kind,
    coalesce(is_machine, FALSE) AS is_machine,
    sent_at,
    happened_at
FROM raw.hubspot_email_events
