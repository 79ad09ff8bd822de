-- One row per seller.
-- grain: seller_id
SELECT seller_id, city, region
FROM staging.sellers
