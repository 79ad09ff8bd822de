-- One row per company, and one for each number that was merged into it.
-- grain: source, account_id
WITH merged AS (
    SELECT
        trim(merged_id) AS account_id,
        max(company_id) AS master_account_id,
        max(trim(name)) AS name,
        max(created_at) AS created_at
    FROM (
        SELECT unnest(string_to_array(merged_ids, ';')) AS merged_id, company_id, name, created_at
        FROM raw.hubspot_companies
    ) AS listed
    GROUP BY trim(merged_id)
)
SELECT
    'hubspot' AS source,
    company.company_id AS account_id,
    merged.master_account_id,
    merged.account_id IS NOT NULL OR coalesce(company.is_gone, FALSE) AS is_deleted,
    trim(company.name) AS name,
    trim(company.segment) AS segment,
    trim(company.region) AS region,
    trim(company.industry) AS industry,
    trim(company.country) AS country,
    lower(trim(company.domain)) AS email_domain,
    company.customer_number,
    company.zendesk_organization_id,
    company.stripe_customer_id,
    coalesce(company.is_test, FALSE) AS is_test,
    company.created_at
FROM raw.hubspot_companies AS company
LEFT JOIN merged ON merged.account_id = company.company_id
WHERE coalesce(company.is_active, TRUE)
UNION ALL
SELECT
    'hubspot' AS source,
    merged.account_id,
    merged.master_account_id,
    TRUE AS is_deleted,
    merged.name,
    CAST(NULL AS VARCHAR) AS segment,
    CAST(NULL AS VARCHAR) AS region,
    CAST(NULL AS VARCHAR) AS industry,
    CAST(NULL AS VARCHAR) AS country,
    CAST(NULL AS VARCHAR) AS email_domain,
    CAST(NULL AS VARCHAR) AS customer_number,
    CAST(NULL AS VARCHAR) AS zendesk_organization_id,
    CAST(NULL AS VARCHAR) AS stripe_customer_id,
    FALSE AS is_test,
    merged.created_at
FROM merged
LEFT JOIN raw.hubspot_companies AS company ON company.company_id = merged.account_id
WHERE company.company_id IS NULL
