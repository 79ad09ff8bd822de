-- One row per review and order, as published.
-- grain: review_id, order_id
SELECT
    reviews.review_id,
    reviews.order_id,
    'csat' AS question,
    orders.customer_id,
    orders.region,
    orders.team,
    orders.team_region,
    reviews.asked_at,
    reviews.answered_at,
    reviews.score,
    CAST(reviews.score AS VARCHAR) AS stars,
    reviews.headline,
    reviews.comment
FROM staging.reviews AS reviews
LEFT JOIN fact.order AS orders ON orders.order_id = reviews.order_id
WHERE reviews.answered_at < $as_of
