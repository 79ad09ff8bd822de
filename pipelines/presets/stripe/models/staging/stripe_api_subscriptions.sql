-- One row per subscription; those that never were and never can be paid for are left out.
-- grain: source, subscription_id
SELECT
    'stripe' AS source,
    subscription_id,
    stripe_customer_id AS customer_key,
    CAST(NULL AS VARCHAR) AS email_domain,
    plan,
    quantity,
    -- Some currencies have no smaller unit, and some a thousandth.
    CAST(
        CASE
            WHEN lower(currency) IN (
                'bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'ugx', 'vnd', 'vuv', 'xaf', 'xof', 'xpf'
            ) THEN amount * 100
            WHEN lower(currency) IN ('bhd', 'jod', 'kwd', 'omr', 'tnd') THEN amount / 10
            ELSE amount
        END AS DECIMAL(18, 4)
    ) AS unit_amount,
    upper(currency) AS currency,
    billing_interval,
    interval_count,
    status,
    started_at,
    trial_started_at,
    trial_ended_at,
    canceled_at,
    ended_at,
    CASE WHEN status IN ('incomplete', 'incomplete_expired') THEN 'never paid' END AS left_out
FROM raw.stripe_api_subscriptions
