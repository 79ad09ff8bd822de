-- One row per order: the first of its lines carries the order's own fields.
-- grain: source, order_id
SELECT
    'shopify' AS source,
    order_name AS order_id,
    -- The export names no customer but by e-mail address.
    CAST(NULL AS VARCHAR) AS customer_key,
    lower(split_part(email, '@', 2)) AS email_domain,
    financial_status AS status,
    created_at AS ordered_at,
    cancelled_at,
    subtotal,
    discount,
    shipping,
    taxes AS tax,
    CAST(coalesce(refunded, 0) AS DECIMAL(18, 4)) AS refunded,
    currency
FROM raw.shopify_orders
WHERE financial_status IS NOT NULL
