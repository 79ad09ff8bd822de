-- One row per purchase.
-- grain: purchase_id
SELECT
    purchase_id,
    customer_id,
    purchased_on,
    discs,
    amount
FROM staging.purchases
