-- One row per subscription; those that count for nothing are left out.
-- grain: source, subscription_id
WITH subscription AS (
    SELECT
        *,
        lower(trim(status)) AS state,
        CASE
            WHEN lower(trim(status)) <> 'future' THEN coalesce(least(activated_at, trial_started_at), created_at, period_started_at)
            -- What has not begun when it was last changed begins at the first moment after that.
            WHEN activated_at > modified_at THEN activated_at
            WHEN period_started_at > modified_at THEN period_started_at
            WHEN period_ends_at > modified_at THEN period_ends_at
        END AS begins_at
    FROM raw.recurly_subscriptions
)
SELECT
    'recurly' AS source,
    subscription_id,
    recurly_account AS customer_key,
    email_domain,
    coalesce(plan_name, plan) AS plan,
    quantity,
    unit_amount,
    upper(currency) AS currency,
    CAST(NULL AS VARCHAR) AS billing_interval,
    CAST(NULL AS BIGINT) AS interval_count,
    state AS status,
    begins_at AS started_at,
    trial_started_at,
    trial_ends_at AS trial_ended_at,
    canceled_at,
    CASE state
        WHEN 'expired' THEN coalesce(expires_at, canceled_at, period_ends_at)
        WHEN 'canceled' THEN coalesce(expires_at, period_ends_at)
        -- A pause begins with a period, so that the one it is in is not paid for.
        WHEN 'paused' THEN coalesce(paused_at, period_started_at)
    END AS ended_at,
    CASE WHEN state IN ('failed', 'pending') THEN 'never paid' END AS left_out
FROM subscription
WHERE begins_at IS NOT NULL OR state NOT IN ('future', 'failed', 'pending')
