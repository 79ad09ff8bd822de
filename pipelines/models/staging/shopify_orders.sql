-- One row per order: the first of its lines carries the order's own fields.
-- grain: source, order_id
WITH placed AS (
    SELECT
        *,
        -- Where prices include the tax, the total is no more than items and shipping.
        CASE
            WHEN taxes > 0 AND total > 0 AND total = subtotal + coalesce(shipping, 0) THEN taxes / total
            ELSE 0
        END AS tax_inside
    FROM raw.shopify_orders
    WHERE subtotal IS NOT NULL
)
SELECT
    'shopify' AS source,
    order_name AS order_id,
    -- The export names no customer but by e-mail address.
    CAST(NULL AS VARCHAR) AS customer_key,
    email_domain,
    buyer,
    financial_status AS status,
    -- To count orders from the moment they are placed, add 'pending' and 'authorized' here.
    coalesce(financial_status IN ('paid', 'partially_paid', 'partially_refunded', 'refunded'), paid_at IS NOT NULL) AS is_paid,
    created_at AS ordered_at,
    cancelled_at,
    CAST(round(subtotal - subtotal * tax_inside, 2) AS DECIMAL(18, 4)) AS subtotal,
    discount,
    shipping,
    taxes AS tax,
    CAST(round(coalesce(refunded, 0) - coalesce(refunded, 0) * tax_inside, 2) AS DECIMAL(18, 4)) AS refunded,
    -- When money was given back is not exported; of a cancelled order it was not before that.
    CASE WHEN refunded > 0 THEN cancelled_at END AS refunded_at,
    upper(trim(currency)) AS currency,
    CAST(NULL AS VARCHAR) AS left_out
FROM placed
