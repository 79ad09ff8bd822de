-- One row per customer and time in which its attributes did not change.
-- grain: customer_id, version
WITH version AS (
    SELECT
        customer.customer_id,
        CASE WHEN known.account_id IS NULL THEN customer.segment ELSE known.segment END AS segment,
        CASE WHEN known.account_id IS NULL THEN customer.region ELSE known.region END AS region,
        known.valid_from
    FROM dim.customer AS customer
    LEFT JOIN staging.account_history AS known ON known.account_id = customer.customer_id
),
compared AS (
    SELECT
        customer_id,
        segment,
        region,
        valid_from,
        row_number() OVER versions AS number,
        lag(segment) OVER versions AS segment_before,
        lag(region) OVER versions AS region_before
    FROM version
    WINDOW versions AS (PARTITION BY customer_id ORDER BY valid_from NULLS FIRST)
),
-- Versions that differ in other things are one, and the first reaches back to before all events.
changed AS (
    SELECT
        customer_id,
        segment,
        region,
        CASE WHEN number > 1 THEN valid_from END AS valid_from
    FROM compared
    WHERE number = 1 OR (segment IS DISTINCT FROM segment_before) OR (region IS DISTINCT FROM region_before)
)
SELECT
    customer_id,
    row_number() OVER (PARTITION BY customer_id ORDER BY valid_from NULLS FIRST) AS version,
    segment,
    region,
    valid_from,
    lead(valid_from) OVER (PARTITION BY customer_id ORDER BY valid_from NULLS FIRST) AS valid_to
FROM changed
