-- One row per order.
-- grain: order_id
WITH seller_share AS (
    SELECT order_id, seller_id, sum(price) AS price, count(*) AS items, min(item_number) AS first_item
    FROM fact.order_item
    GROUP BY order_id, seller_id
),
ranked_seller AS (
    SELECT
        order_id,
        seller_id,
        sum(price) OVER (PARTITION BY order_id) AS net,
        sum(items) OVER (PARTITION BY order_id) AS items,
        row_number() OVER (PARTITION BY order_id ORDER BY price DESC, first_item) AS place
    FROM seller_share
),
placed AS (
    SELECT
        orders.order_id,
        customers.customer_id,
        customers.region,
        orders.status,
        orders.ordered_at,
        -- The export is younger than the as-of day: what came later is not known yet.
        CASE WHEN orders.delivered_at < $as_of THEN orders.delivered_at END AS delivered_at,
        orders.promised_at,
        min(orders.ordered_at) OVER (PARTITION BY customers.customer_id) AS first_ordered_at
    FROM staging.orders AS orders
    LEFT JOIN staging.customers AS customers ON customers.order_customer_id = orders.order_customer_id
    WHERE orders.ordered_at < $as_of
)
SELECT
    placed.order_id,
    placed.customer_id,
    placed.region,
    lead_seller.seller_id AS team,
    seller.region AS team_region,
    placed.status,
    placed.ordered_at,
    placed.delivered_at,
    placed.promised_at,
    coalesce(lead_seller.items, 0) AS items,
    CAST(lead_seller.net AS DECIMAL(18, 4)) AS net,
    placed.status NOT IN ('canceled', 'unavailable') AS is_sold,
    placed.status = 'canceled' AS is_canceled,
    placed.status = 'delivered' AND placed.delivered_at IS NOT NULL AS is_delivered,
    CAST(placed.delivered_at AS DATE) <= CAST(placed.promised_at AS DATE) AS is_on_time,
    placed.delivered_at <= placed.promised_at AS is_on_time_to_the_second,
    date_trunc('month', placed.first_ordered_at) < date_trunc('month', placed.ordered_at) AS is_from_returning_customer
FROM placed
LEFT JOIN ranked_seller AS lead_seller ON lead_seller.order_id = placed.order_id AND lead_seller.place = 1
LEFT JOIN dim.seller AS seller ON seller.seller_id = lead_seller.seller_id
