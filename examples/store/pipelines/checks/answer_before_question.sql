-- Reviews that were answered before they were asked for.
SELECT review_id, order_id, asked_at, answered_at
FROM fact.survey_answer
WHERE answered_at < asked_at
