-- One row per buyer: a customer with an order that counts.
-- grain: customer_id
WITH placed AS (
    SELECT
        customer_id,
        segment,
        region,
        ordered_at,
        net,
        row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at, source, order_id) AS place
    FROM fact."order"
    WHERE left_out IS NULL AND customer_id IS NOT NULL
)
SELECT
    customer_id,
    max(CASE WHEN place = 1 THEN segment END) AS segment,
    max(CASE WHEN place = 1 THEN region END) AS region,
    min(ordered_at) AS first_ordered_at,
    max(CASE WHEN place = 2 THEN ordered_at END) AS second_ordered_at,
    max(ordered_at) AS last_ordered_at,
    count(*) AS orders,
    CAST(sum(net) AS DECIMAL(18, 4)) AS net
FROM placed
GROUP BY customer_id
