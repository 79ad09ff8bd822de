-- One row per order that counts: paid, and not cancelled.
-- grain: source, order_id
SELECT
    placed.source,
    placed.order_id,
    customer.customer_id,
    customer.segment,
    customer.region,
    placed.ordered_at,
    CAST(greatest(placed.subtotal - coalesce(placed.refunded, 0), 0) AS DECIMAL(18, 4)) AS net
FROM staging."order" AS placed
LEFT JOIN dim.map_identity AS by_number
    ON by_number.source = placed.source AND by_number.kind = 'account' AND by_number.source_key = placed.customer_key
LEFT JOIN dim.map_identity AS by_domain
    ON by_domain.source = placed.source AND by_domain.kind = 'domain' AND by_domain.source_key = placed.email_domain
LEFT JOIN dim.customer AS customer
    ON customer.customer_id = coalesce(by_number.customer_id, by_domain.customer_id)
WHERE placed.ordered_at < $as_of
    -- An order that is cancelled later still stood at $as_of, whatever its state says now.
    AND coalesce(placed.cancelled_at >= $as_of, placed.is_paid)
    AND NOT coalesce(customer.is_test, FALSE)
