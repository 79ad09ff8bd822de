-- Rows of our own test accounts are in the facts, and never count.
WITH counted AS (
    SELECT customer_id FROM fact.ticket WHERE left_out IS NULL
    UNION ALL SELECT customer_id FROM fact.survey_answer WHERE left_out IS NULL
    UNION ALL SELECT customer_id FROM fact.customer_tenure WHERE left_out IS NULL
    UNION ALL SELECT customer_id FROM fact."order" WHERE left_out IS NULL
    UNION ALL SELECT customer_id FROM fact.opportunity WHERE left_out IS NULL
    UNION ALL SELECT customer_id FROM fact.email_event WHERE left_out IS NULL
)
SELECT DISTINCT counted.customer_id
FROM counted
JOIN dim.customer AS customer ON customer.customer_id = counted.customer_id
WHERE customer.is_test
