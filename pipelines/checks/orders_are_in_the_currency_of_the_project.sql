-- severity: warn
-- Pages show all amounts in the `currency` of scorewright.toml: say there what the store sells in, or convert the amounts at rates of a
-- seed in `pipelines/models/staging/order.sql`.
SELECT currency, count(*) AS orders
FROM fact."order"
WHERE left_out IS NULL AND currency <> $currency
GROUP BY currency
