-- One row per interview and item answered.
-- grain: response_id, item
SELECT
    response_id,
    'nps' AS question,
    'Recommend the airport' AS item,
    interviewed_on AS answered_on,
    boarding_area,
    market,
    language,
    recommendation AS score,
    weight
FROM fact.interview
WHERE recommendation IS NOT NULL
UNION ALL
SELECT
    response_id,
    'csat' AS question,
    'The airport as a whole' AS item,
    interviewed_on AS answered_on,
    boarding_area,
    market,
    language,
    satisfaction AS score,
    weight
FROM fact.interview
WHERE satisfaction IS NOT NULL
UNION ALL
SELECT
    response_id,
    'ces' AS question,
    'Getting to the airport' AS item,
    interviewed_on AS answered_on,
    boarding_area,
    market,
    language,
    ease_of_getting_there AS score,
    weight
FROM fact.interview
WHERE ease_of_getting_there IS NOT NULL
UNION ALL
SELECT
    response_id,
    'ces' AS question,
    'Finding the way' AS item,
    interviewed_on AS answered_on,
    boarding_area,
    market,
    language,
    ease_of_finding_the_way AS score,
    weight
FROM fact.interview
WHERE ease_of_finding_the_way IS NOT NULL
UNION ALL
SELECT
    response_id,
    'ces' AS question,
    'Passing security' AS item,
    interviewed_on AS answered_on,
    boarding_area,
    market,
    language,
    ease_of_security AS score,
    weight
FROM fact.interview
WHERE ease_of_security IS NOT NULL
