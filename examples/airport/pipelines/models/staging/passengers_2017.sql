-- One row per interview of 2017.
-- grain: response_id
SELECT
    '2017-' || CAST(response_number AS VARCHAR) AS response_id,
    make_date(2017, 5, interview_day) AS interviewed_on,
    trim(boarding_area) AS boarding_area,
    market_code,
    language_code,
    satisfaction,
    recommendation,
    ease_of_getting_there,
    ease_of_finding_the_way,
    ease_of_security,
    weight
FROM raw.passengers_2017
