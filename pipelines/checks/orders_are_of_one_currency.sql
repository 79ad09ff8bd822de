-- Amounts of several currencies are never added up. Convert them in `pipelines/models/staging/order.sql`, or give those of the
-- others a reason in `left_out` there.
SELECT currency, count(*) AS orders
FROM fact."order"
WHERE left_out IS NULL
    AND currency IS NOT NULL
    AND (SELECT count(DISTINCT currency) FROM fact."order" WHERE left_out IS NULL) > 1
GROUP BY currency
