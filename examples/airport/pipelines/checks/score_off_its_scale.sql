-- Answers to the 1-5 questions that are not from 1 to 5.
SELECT response_id, item, score
FROM fact.survey_answer
WHERE question IN ('csat', 'ces') AND score NOT BETWEEN 1 AND 5
