-- One row per payment of an order.
-- grain: order_id, payment_number
SELECT
    payments.order_id,
    payments.payment_number,
    orders.customer_id,
    orders.region,
    payments.payment_type,
    orders.ordered_at,
    payments.amount
FROM staging.payments AS payments
JOIN fact.order AS orders ON orders.order_id = payments.order_id
