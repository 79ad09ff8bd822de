-- One row per order of a customer who had paid access by a subscription when it ordered.
-- grain: source, order_id
SELECT
    placed.source,
    placed.order_id,
    placed.left_out,
    placed.left_out_at,
    placed.customer_id,
    placed.segment,
    placed.region,
    placed.ordered_at
FROM fact."order" AS placed
INNER JOIN fact.customer_tenure AS tenure
    ON tenure.customer_id = placed.customer_id
    AND tenure.started_at <= placed.ordered_at
    AND (tenure.ended_at IS NULL OR tenure.ended_at > placed.ordered_at)
