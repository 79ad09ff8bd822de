-- One row per event of a newsletter message.
-- grain: source, event_id
SELECT
    event.source,
    event.event_id,
    CASE WHEN customer.is_test THEN 'test account' END AS left_out,
    customer.customer_id,
    held.segment,
    held.region,
    event.campaign_id,
    event.kind,
    event.is_machine,
    event.sent_at,
    event.happened_at
FROM staging.email_event AS event
LEFT JOIN dim.map_identity AS by_domain
    ON by_domain.source = event.source AND by_domain.kind = 'domain' AND by_domain.source_key = event.email_domain
LEFT JOIN dim.customer AS customer ON customer.customer_id = by_domain.customer_id
LEFT JOIN dim.customer_history AS held
    ON held.customer_id = customer.customer_id
    AND (held.valid_from IS NULL OR held.valid_from <= event.happened_at)
    AND (held.valid_to IS NULL OR held.valid_to > event.happened_at)
