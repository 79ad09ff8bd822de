-- One row per review and order, as published.
-- grain: review_id, order_id
SELECT
    trim(review_id) AS review_id,
    trim(order_id) AS order_id,
    score,
    nullif(trim(headline), '') AS headline,
    nullif(trim(comment), '') AS comment,
    asked_at,
    answered_at
FROM raw.reviews
