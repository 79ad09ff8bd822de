-- One row per payment, whether or not money was received.
-- grain: source, order_id
WITH payment AS (
    SELECT
        *,
        replace(lower(trim(status)), ' ', '_') AS state,
        coalesce(lower(converted_currency) <> lower(currency) AND amount > 0 AND converted_amount > 0, FALSE) AS is_converted,
        coalesce(refunded, 0) + CASE WHEN lower(dispute_status) LIKE '%lost%' THEN coalesce(disputed, 0) ELSE 0 END AS given_back
    FROM raw.stripe_payments
)
SELECT
    'stripe' AS source,
    payment_id AS order_id,
    stripe_customer_id AS customer_key,
    email_domain,
    buyer,
    state AS status,
    CASE
        WHEN NOT is_captured THEN FALSE
        WHEN state IN ('paid', 'succeeded', 'refunded', 'partially_refunded', 'partial_refund', 'disputed') THEN TRUE
        WHEN state LIKE 'requires%' THEN FALSE
        WHEN state IN (
            'failed', 'pending', 'uncaptured', 'canceled', 'cancelled', 'expired', 'blocked', 'incomplete', 'processing'
        ) THEN FALSE
        ELSE is_captured
    END AS is_paid,
    created_at AS ordered_at,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS cancelled_at,
    CASE WHEN is_converted THEN converted_amount ELSE amount END AS subtotal,
    CAST(NULL AS DECIMAL(18, 4)) AS discount,
    CAST(NULL AS DECIMAL(18, 4)) AS shipping,
    CAST(NULL AS DECIMAL(18, 4)) AS tax,
    CAST(
        CASE
            WHEN refunded IS NULL AND given_back = 0 THEN NULL
            WHEN NOT is_converted THEN least(given_back, amount)
            -- A refund is converted at the rate of its own day; what the export does not convert, at that of the payment.
            WHEN converted_refunded > 0 AND given_back = refunded THEN least(converted_refunded, converted_amount)
            ELSE round(least(given_back, amount) * converted_amount / amount, 2)
        END AS DECIMAL(18, 4)
    ) AS refunded,
    CASE WHEN given_back > 0 THEN refunded_at END AS refunded_at,
    upper(CASE WHEN is_converted THEN converted_currency ELSE currency END) AS currency,
    CASE WHEN lower(mode) = 'test' THEN 'test' END AS left_out
FROM payment
