-- One row per order: the first of its lines carries the order's own fields.
-- grain: order_id
SELECT
    order_name AS order_id,
    lower(split_part(email, '@', 2)) AS email_domain,
    financial_status,
    created_at AS ordered_at,
    cancelled_at,
    subtotal,
    coalesce(refunded, 0) AS refunded
FROM raw.orders
WHERE financial_status IS NOT NULL
