-- One row per item of a subscription and time in which nothing about it changed.
-- grain: source, subscription_id, item_id, started_at
-- Where nothing tells of items and of former terms, the subscription's own hold for all its time.
WITH known AS (
    SELECT
        subscription.source,
        subscription.subscription_id,
        coalesce(terms.item_id, subscription.subscription_id) AS item_id,
        subscription.left_out,
        subscription.status,
        coalesce(
            by_number.customer_id, by_domain.customer_id, subscription.source || '.account:' || subscription.customer_key
        ) AS customer_id,
        greatest(subscription.started_at, terms.held_from) AS begins_at,
        least(subscription.ended_at, terms.held_until) AS ends_at,
        subscription.trial_started_at,
        subscription.trial_ended_at,
        CASE WHEN terms.item_id IS NULL THEN subscription.plan ELSE terms.plan END AS plan,
        CASE WHEN terms.item_id IS NULL THEN subscription.quantity ELSE terms.quantity END AS quantity,
        CASE WHEN terms.item_id IS NULL THEN subscription.unit_amount ELSE terms.unit_amount END AS unit_amount,
        CASE WHEN terms.item_id IS NULL THEN subscription.currency ELSE terms.currency END AS currency,
        CASE WHEN terms.item_id IS NULL THEN subscription.billing_interval ELSE terms.billing_interval END AS billing_interval,
        coalesce(CASE WHEN terms.item_id IS NULL THEN subscription.interval_count ELSE terms.interval_count END, 1) AS interval_count,
        terms.discount_share,
        terms.discount_amount,
        terms.discount_ends_at,
        terms.paused_at,
        terms.resumes_at
    FROM staging.subscription AS subscription
    LEFT JOIN staging.subscription_terms AS terms
        ON terms.source = subscription.source AND terms.subscription_id = subscription.subscription_id
    LEFT JOIN dim.map_identity AS by_number
        ON by_number.source = subscription.source AND by_number.kind = 'account' AND by_number.source_key = subscription.customer_key
    LEFT JOIN dim.map_identity AS by_domain
        ON by_domain.source = subscription.source AND by_domain.kind = 'domain' AND by_domain.source_key = subscription.email_domain
),
item AS (
    SELECT
        *,
        row_number() OVER (ORDER BY source, subscription_id, item_id, begins_at) AS number,
        unit_amount * coalesce(quantity, 1) AS amount,
        CASE
            WHEN billing_interval IN ('day', 'days', 'daily') THEN 365
            WHEN billing_interval IN ('week', 'weeks', 'weekly') THEN 52
            WHEN billing_interval IN ('month', 'months', 'monthly') THEN 12
            WHEN billing_interval IN ('quarter', 'quarters', 'quarterly') THEN 4
            WHEN billing_interval IN ('year', 'years', 'yearly', 'annual', 'annually') THEN 1
        END AS intervals_in_a_year
    FROM known
    WHERE ends_at IS NULL OR ends_at > begins_at
),
-- Moments at which something may change, the beginning among them.
moment AS (
    SELECT number, begins_at, ends_at, unnest(
        make_array(begins_at, trial_started_at, trial_ended_at, paused_at, resumes_at, discount_ends_at)
    ) AS changes_at
    FROM item
    UNION ALL
    SELECT item.number, item.begins_at, item.ends_at, held.valid_from AS changes_at
    FROM item
    INNER JOIN dim.customer_history AS held ON held.customer_id = item.customer_id
),
cut AS (
    SELECT DISTINCT number, changes_at
    FROM moment
    WHERE changes_at >= begins_at AND (ends_at IS NULL OR changes_at < ends_at)
),
stretch AS (
    SELECT
        number,
        changes_at AS started_at,
        lead(changes_at) OVER (PARTITION BY number ORDER BY changes_at) AS changes_again_at
    FROM cut
),
stated AS (
    SELECT
        item.*,
        stretch.started_at AS stretch_started_at,
        coalesce(stretch.changes_again_at, item.ends_at) AS stretch_ended_at,
        CASE
            WHEN item.paused_at <= stretch.started_at AND (item.resumes_at IS NULL OR item.resumes_at > stretch.started_at) THEN 'paused'
            WHEN item.trial_ended_at > stretch.started_at
                AND (item.trial_started_at IS NULL OR item.trial_started_at <= stretch.started_at) THEN 'trial'
            WHEN item.amount = 0 THEN 'free'
            ELSE 'paid'
        END AS state,
        -- A discount without an end holds for as long as the subscription does.
        CASE
            WHEN item.amount IS NULL OR item.discount_ends_at <= stretch.started_at THEN item.amount
            ELSE greatest(item.amount - item.amount * coalesce(item.discount_share, 0) - coalesce(item.discount_amount, 0), 0)
        END AS net_amount
    FROM stretch
    INNER JOIN item ON item.number = stretch.number
)
SELECT
    stated.source,
    stated.subscription_id,
    stated.item_id,
    CASE
        WHEN stated.left_out IS NOT NULL THEN stated.left_out
        WHEN customer.is_test THEN 'test account'
        WHEN stated.state = 'free' THEN 'free plan'
        WHEN stated.state <> 'paid' THEN stated.state
    END AS left_out,
    stated.customer_id,
    held.segment,
    held.region,
    stated.plan,
    stated.state,
    stated.status,
    stated.quantity,
    stated.stretch_started_at AS started_at,
    stated.stretch_ended_at AS ended_at,
    CAST(round(
        stated.net_amount * stated.intervals_in_a_year / (12 * stated.interval_count), 4
    ) AS DECIMAL(18, 4)) AS mrr,
    stated.currency
FROM stated
LEFT JOIN dim.customer AS customer ON customer.customer_id = stated.customer_id
LEFT JOIN dim.customer_history AS held
    ON held.customer_id = stated.customer_id
    AND (held.valid_from IS NULL OR held.valid_from <= stated.stretch_started_at)
    AND (held.valid_to IS NULL OR held.valid_to > stated.stretch_started_at)
