-- One row per purchase.
-- grain: purchase_id
-- Columns are parted by one blank or several: ` 00001 19970101  1   11.77`.
WITH part AS (
    SELECT _line, string_to_array(regexp_replace(trim(line), ' +', ' ', 'g'), ' ') AS parts
    FROM raw.purchases
)
SELECT
    _line AS purchase_id,
    parts[1] AS customer_id,
    to_date(parts[2], '%Y%m%d') AS purchased_on,
    CAST(parts[3] AS BIGINT) AS discs,
    CAST(parts[4] AS DECIMAL(18, 2)) AS amount
FROM part
