-- One row per subscriber of the quarter.
-- grain: customer_id
SELECT
    status.customer_id,
    $quarter_ended_on AS known_on,
    status.customer_status,
    status.has_churned,
    status.churn_category,
    status.satisfaction_score,
    services.contract,
    services.monthly_charge,
    services.tenure_months,
    services.offer
FROM staging.status AS status
LEFT JOIN staging.services AS services ON services.customer_id = status.customer_id
