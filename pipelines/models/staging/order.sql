-- One row per order, of every product that feeds it.
-- grain: source, order_id
SELECT
    source,
    order_id,
    customer_key,
    email_domain,
    buyer,
    status,
    is_paid,
    ordered_at,
    cancelled_at,
    subtotal,
    discount,
    shipping,
    tax,
    refunded,
    refunded_at,
    currency,
    left_out
FROM staging.shopify_orders
