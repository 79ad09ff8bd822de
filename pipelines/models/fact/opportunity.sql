-- One row per opportunity, its state at $as_of.
-- grain: source, opportunity_id
-- $as_of is a local midnight: twelve hours later it is the same calendar day in UTC, in all zones from UTC-11 to UTC+12.
WITH known AS (
    SELECT
        source,
        opportunity_id,
        customer_key,
        kind,
        stage,
        amount,
        created_at,
        close_on,
        is_closed AND close_on < CAST($as_of + INTERVAL '12 hours' AS DATE) AS is_closed,
        is_won
    FROM staging.opportunity
    WHERE created_at < $as_of
)
SELECT
    known.source,
    known.opportunity_id,
    customer.customer_id,
    customer.segment,
    customer.region,
    known.kind,
    known.stage,
    known.amount,
    known.created_at,
    known.close_on,
    known.is_closed,
    known.is_closed AND known.is_won AS is_won
FROM known
LEFT JOIN dim.map_identity AS by_account
    ON by_account.source = known.source AND by_account.kind = 'account' AND by_account.source_key = known.customer_key
LEFT JOIN dim.customer AS customer ON customer.customer_id = by_account.customer_id
WHERE NOT coalesce(customer.is_test, FALSE)
