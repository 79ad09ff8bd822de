-- One row per account record: no chosen source has any.
-- grain: source, account_id
SELECT
    CAST(NULL AS VARCHAR) AS source,
    CAST(NULL AS VARCHAR) AS account_id,
    CAST(NULL AS VARCHAR) AS master_account_id,
    CAST(NULL AS BOOLEAN) AS is_deleted,
    CAST(NULL AS VARCHAR) AS name,
    CAST(NULL AS VARCHAR) AS segment,
    CAST(NULL AS VARCHAR) AS region,
    CAST(NULL AS VARCHAR) AS industry,
    CAST(NULL AS VARCHAR) AS country,
    CAST(NULL AS VARCHAR) AS email_domain,
    CAST(NULL AS VARCHAR) AS customer_number,
    CAST(NULL AS VARCHAR) AS zendesk_organization_id,
    CAST(NULL AS VARCHAR) AS stripe_customer_id,
    CAST(NULL AS BOOLEAN) AS is_test,
    CAST(NULL AS TIMESTAMP(6) WITH TIME ZONE) AS created_at
WHERE FALSE
