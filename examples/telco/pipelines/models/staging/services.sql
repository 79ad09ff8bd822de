-- One row per subscriber of the quarter.
-- grain: customer_id
SELECT
    trim(customer_id) AS customer_id,
    contract,
    monthly_charge,
    tenure_months,
    offer
FROM raw.services
