-- One row per campaign, of every product that feeds it.
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
FROM staging.mailchimp_campaigns
