-- One row per campaign that was sent.
-- grain: source, campaign_id
SELECT
    source,
    campaign_id,
    title,
    audience,
    sent_at,
    recipients,
    delivered,
    bounces,
    unique_opens,
    unique_clicks,
    unsubscribes,
    complaints
FROM staging.email_campaign
