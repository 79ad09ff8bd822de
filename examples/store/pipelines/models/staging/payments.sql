-- One row per payment of an order.
-- grain: order_id, payment_number
SELECT
    trim(order_id) AS order_id,
    payment_number,
    payment_type,
    amount
FROM raw.payments
