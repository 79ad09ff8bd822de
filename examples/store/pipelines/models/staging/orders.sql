-- One row per order.
-- grain: order_id
SELECT
    trim(order_id) AS order_id,
    trim(order_customer_id) AS order_customer_id,
    status,
    ordered_at,
    approved_at,
    shipped_at,
    delivered_at,
    promised_at
FROM raw.orders
