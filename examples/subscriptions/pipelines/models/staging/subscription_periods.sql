-- One row per subscription period.
-- grain: subscription_id
SELECT
    subscription_id,
    customer_id,
    start_date,
    end_date,
    CAST(monthly_amount AS DECIMAL(18, 2)) AS monthly_amount
FROM raw.subscription_periods
