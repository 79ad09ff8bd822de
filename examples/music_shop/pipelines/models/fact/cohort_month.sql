-- One row per customer and month after that of the first purchase, one to twelve.
-- grain: customer_id, age
WITH month AS (
    SELECT column1 AS number FROM (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12))
),
bought AS (
    SELECT DISTINCT
        purchase.customer_id,
        12 * (date_part('year', purchase.purchased_on) - date_part('year', customer.first_purchased_on))
            + date_part('month', purchase.purchased_on) - date_part('month', customer.first_purchased_on) AS number
    FROM staging.purchases AS purchase
    JOIN fact.customer AS customer ON customer.customer_id = purchase.customer_id
)
SELECT
    customer.customer_id,
    'M+' || CAST(month.number AS VARCHAR) AS age,
    customer.first_purchased_on,
    bought.customer_id IS NOT NULL AS has_bought
FROM fact.customer AS customer
CROSS JOIN month
LEFT JOIN bought ON bought.customer_id = customer.customer_id AND bought.number = month.number
