-- One row per customer, with the one that it was merged into.
SELECT
    customer.customer_id,
    coalesce(survivor.customer_id, customer.customer_id) AS account_id,
    coalesce(survivor.segment, customer.segment) AS segment,
    plan.plan
FROM raw.customers AS customer
LEFT JOIN raw.customers AS survivor ON survivor.customer_id = customer.merged_into
LEFT JOIN raw.plans AS plan ON plan.customer_id = customer.customer_id
