-- One row per order.
-- grain: source, order_id
SELECT
    placed.source,
    placed.order_id,
    CASE
        WHEN placed.left_out IS NOT NULL THEN placed.left_out
        WHEN customer.is_test THEN 'test account'
        WHEN NOT coalesce(placed.is_paid, FALSE) THEN coalesce(placed.status, 'not paid')
        WHEN placed.cancelled_at IS NOT NULL THEN 'cancelled'
    END AS left_out,
    -- A paid order stands until it is cancelled.
    CASE
        WHEN placed.left_out IS NULL AND placed.is_paid AND NOT coalesce(customer.is_test, FALSE) THEN placed.cancelled_at
    END AS left_out_at,
    -- Without a CRM the buyer is who the store says it is, else who has the address.
    coalesce(
        by_number.customer_id,
        by_domain.customer_id,
        placed.source || '.account:' || placed.customer_key,
        placed.source || '.buyer:' || placed.buyer
    ) AS customer_id,
    held.segment,
    held.region,
    placed.ordered_at,
    placed.currency,
    CAST(least(coalesce(placed.refunded, 0), placed.subtotal) AS DECIMAL(18, 4)) AS refunded,
    placed.refunded_at,
    CAST(greatest(placed.subtotal - coalesce(placed.refunded, 0), 0) AS DECIMAL(18, 4)) AS net
FROM staging."order" AS placed
LEFT JOIN dim.map_identity AS by_number
    ON by_number.source = placed.source AND by_number.kind = 'account' AND by_number.source_key = placed.customer_key
LEFT JOIN dim.map_identity AS by_domain
    ON by_domain.source = placed.source AND by_domain.kind = 'domain' AND by_domain.source_key = placed.email_domain
LEFT JOIN dim.customer AS customer
    ON customer.customer_id = coalesce(by_number.customer_id, by_domain.customer_id)
LEFT JOIN dim.customer_history AS held
    ON held.customer_id = customer.customer_id
    AND (held.valid_from IS NULL OR held.valid_from <= placed.ordered_at)
    AND (held.valid_to IS NULL OR held.valid_to > placed.ordered_at)
