-- One row per subscription period.
-- grain: subscription_id
SELECT
    subscription_id,
    customer_id,
    start_date AS started_on,
    end_date AS ended_on,
    monthly_amount
FROM staging.subscription_periods
