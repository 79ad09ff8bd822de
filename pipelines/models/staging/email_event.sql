-- One row per event of a message, of every product that feeds it.
-- grain: source, event_id
SELECT
    source,
    event_id,
    email_domain,
    campaign_id,
    kind,
    is_machine,
    sent_at,
    happened_at
FROM staging.hubspot_email_events
