-- One row per interview of 2016.
-- grain: response_id
-- The question whether they would recommend the airport was first asked in 2017.
SELECT
    '2016-' || CAST(response_number AS VARCHAR) AS response_id,
    CAST(interviewed_at AS DATE) AS interviewed_on,
    trim(boarding_area) AS boarding_area,
    market_code,
    language_code,
    satisfaction,
    CAST(NULL AS BIGINT) AS recommendation,
    ease_of_getting_there,
    ease_of_finding_the_way,
    ease_of_security,
    weight
FROM raw.passengers_2016
