-- Our own test accounts are in the dimension and in no fact.
WITH counted AS (
    SELECT customer_id FROM fact.ticket
    UNION ALL SELECT customer_id FROM fact.survey_answer
    UNION ALL SELECT customer_id FROM fact.customer_tenure
    UNION ALL SELECT customer_id FROM fact."order"
    UNION ALL SELECT customer_id FROM fact.opportunity
    UNION ALL SELECT customer_id FROM fact.email_event
)
SELECT DISTINCT counted.customer_id
FROM counted
JOIN dim.customer AS customer ON customer.customer_id = counted.customer_id
WHERE customer.is_test
