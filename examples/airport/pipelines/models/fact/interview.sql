-- One row per interview of any year.
-- grain: response_id
WITH wave AS (
    SELECT
        response_id,
        interviewed_on,
        boarding_area,
        market_code,
        language_code,
        satisfaction,
        recommendation,
        ease_of_getting_there,
        ease_of_finding_the_way,
        ease_of_security,
        weight
    FROM staging.passengers_2016
    UNION ALL
    SELECT
        response_id,
        interviewed_on,
        boarding_area,
        market_code,
        language_code,
        satisfaction,
        recommendation,
        ease_of_getting_there,
        ease_of_finding_the_way,
        ease_of_security,
        weight
    FROM staging.passengers_2017
    UNION ALL
    SELECT
        response_id,
        interviewed_on,
        boarding_area,
        market_code,
        language_code,
        satisfaction,
        recommendation,
        ease_of_getting_there,
        ease_of_finding_the_way,
        ease_of_security,
        weight
    FROM staging.passengers_2018
)
SELECT
    response_id,
    interviewed_on,
    boarding_area,
    CASE market_code
        WHEN 1 THEN 'Domestic, peak'
        WHEN 2 THEN 'Domestic, off peak'
        WHEN 3 THEN 'International'
    END AS market,
    CASE language_code
        WHEN 1 THEN 'English'
        WHEN 2 THEN 'Spanish'
        WHEN 3 THEN 'Chinese'
        WHEN 4 THEN 'Japanese'
    END AS language,
    satisfaction,
    recommendation,
    ease_of_getting_there,
    ease_of_finding_the_way,
    ease_of_security,
    weight
FROM wave
WHERE interviewed_on < CAST($as_of AS DATE)
