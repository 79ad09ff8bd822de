-- Amounts of several currencies are never added up, and pages show all of them in the project's. Convert the others in
-- `pipelines/models/staging/order.sql`, or give them a reason in `left_out` there.
SELECT source, order_id, currency
FROM fact."order"
WHERE left_out IS NULL AND currency <> project_currency()
