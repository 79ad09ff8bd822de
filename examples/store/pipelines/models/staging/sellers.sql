-- One row per seller.
-- grain: seller_id
SELECT
    trim(seller_id) AS seller_id,
    trim(city) AS city,
    upper(trim(region)) AS region
FROM raw.sellers
