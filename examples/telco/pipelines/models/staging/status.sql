-- One row per subscriber of the quarter.
-- grain: customer_id
SELECT
    trim(customer_id) AS customer_id,
    satisfaction_score,
    customer_status,
    has_churned,
    churn_category
FROM raw.status
