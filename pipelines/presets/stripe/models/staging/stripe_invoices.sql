-- One row per invoice, paid or not.
-- grain: source, order_id
WITH invoice AS (
    SELECT
        *,
        lower(trim(status)) AS state,
        -- The total less its tax is free of tax whether prices include it or not.
        coalesce(total - tax, subtotal - coalesce(discount, 0), total) AS net
    FROM raw.stripe_invoices
)
SELECT
    'stripe' AS source,
    invoice_id AS order_id,
    stripe_customer_id AS customer_key,
    email_domain,
    buyer,
    coalesce(state, CASE WHEN is_paid THEN 'paid' WHEN NOT is_paid THEN 'open' END) AS status,
    CASE WHEN coalesce(total, net) <= 0 THEN FALSE ELSE coalesce(state = 'paid', is_paid) END AS is_paid,
    created_at AS ordered_at,
    -- What was voided was never paid.
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS cancelled_at,
    CAST(net AS DECIMAL(18, 4)) AS subtotal,
    discount,
    CAST(NULL AS DECIMAL(18, 4)) AS shipping,
    tax,
    CAST(NULL AS DECIMAL(18, 4)) AS refunded,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS refunded_at,
    upper(currency) AS currency,
    CAST(NULL AS VARCHAR) AS left_out
FROM invoice
