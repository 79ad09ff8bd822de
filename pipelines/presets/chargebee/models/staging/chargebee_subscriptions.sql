-- One row per subscription; those that count for nothing are left out.
-- grain: source, subscription_id
WITH worded AS (
    SELECT *, replace(translate(lower(trim(status)), ' -', '__'), 'canceled', 'cancelled') AS state
    FROM raw.chargebee_subscriptions
),
subscription AS (
    SELECT
        *,
        -- What has not begun begins on the day that was set, and not within its first term.
        CASE WHEN state = 'future' THEN coalesce(start_at, term_ends_at) ELSE coalesce(started_at, activated_at, created_at) END AS begins_at,
        CASE WHEN state = 'in_trial' THEN coalesce(trial_ends_at, term_ends_at) ELSE trial_ends_at END AS trial_ended_at
    FROM worded
)
SELECT
    'chargebee' AS source,
    subscription_id,
    chargebee_customer_id AS customer_key,
    email_domain,
    plan,
    quantity,
    CAST(
        CASE
            WHEN unit_amount IS NOT NULL THEN unit_amount
            -- Some currencies have no smaller unit, and some a thousandth.
            WHEN lower(currency) IN (
                'bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'ugx', 'vnd', 'vuv', 'xaf', 'xof', 'xpf'
            ) THEN unit_amount_in_api * 100
            WHEN lower(currency) IN ('bhd', 'jod', 'kwd', 'omr', 'tnd') THEN unit_amount_in_api / 10
            ELSE unit_amount_in_api
        END AS DECIMAL(18, 4)
    ) AS unit_amount,
    upper(currency) AS currency,
    lower(billing_interval) AS billing_interval,
    interval_count,
    state AS status,
    begins_at AS started_at,
    trial_started_at,
    trial_ended_at,
    coalesce(notice_at, cancelled_at) AS canceled_at,
    CASE state
        WHEN 'cancelled' THEN coalesce(cancelled_at, term_ends_at)
        WHEN 'non_renewing' THEN greatest(term_ends_at, cancelled_at)
        -- Where the day of the pause is not told, access is sure up to the term in which it began.
        WHEN 'paused' THEN coalesce(paused_at, term_started_at)
    END AS ended_at,
    CASE WHEN is_deleted THEN 'deleted' END AS left_out
FROM subscription
WHERE begins_at IS NOT NULL AND (state <> 'in_trial' OR trial_ended_at IS NOT NULL)
