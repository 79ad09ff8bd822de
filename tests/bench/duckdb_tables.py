"""Tables of the peer: how each extract is read, which of its rows stay, and the fact made of them."""

from dataclasses import dataclass, field

TEXT, WHOLE, MONEY, TIME, DAY, FLAG = "VARCHAR", "BIGINT", "DECIMAL(18,4)", "TIMESTAMP", "DATE", "BOOLEAN"


@dataclass
class Table:
    """One extract."""

    name: str
    files: str
    key: str
    # Columns of the file with a type other than text: the reader rejects what does not fit.
    types: dict[str, str]
    # Columns of the staged table, and the first rule that a row breaks, or null.
    values: str
    verdict: str
    # Of rows with one key the first by this order stays.
    order: str
    header_rows: int = 1
    # Column that tells which version is newer, where one does.
    version: str = ""
    # Whether a row that is already there stays, and whether a newer one may be of another month.
    first_stays: bool = False
    moves: bool = False
    # The fact: its rows from `staged`, month there and in the fact, and times that measures go by.
    select: str = ""
    month: str = ""
    month_of_fact: str = ""
    times: tuple[str, ...] = field(default=())


def missing(*columns: str) -> str:
    return " ".join(f"WHEN {column} IS NULL THEN 'missing_value'" for column in columns)


def negative(*columns: str) -> str:
    return f"WHEN least({', '.join(columns)}) < 0 THEN 'out_of_range'"


ACCOUNTS = Table(
    "accounts", "salesforce_accounts*.csv", "account_id",
    {"IsDeleted": FLAG, "AnnualRevenue": MONEY, "NumberOfEmployees": MONEY, "CreatedDate": TIME, "SystemModstamp": TIME,
     "LastActivityDate": DAY, "Is_Test__c": FLAG},
    """Id AS account_id, coalesce(IsDeleted, FALSE) AS is_deleted, MasterRecordId AS master_account_id, trim(Name) AS name,
        trim(nullif(Segment__c, '#N/A')) AS segment, trim(Region__c) AS region, trim(Industry) AS industry,
        trim(BillingCountry) AS country, lower(trim(Email_Domain__c)) AS email_domain, Customer_Number__c AS customer_number,
        Zendesk_Org_Id__c AS zendesk_organization_id, Stripe_Customer_Id__c AS stripe_customer_id,
        coalesce(Is_Test__c, FALSE) AS is_test, CreatedDate AS created_at, SystemModstamp AS modified_at""",
    f"CASE {missing('Id', 'Name', 'CreatedDate', 'SystemModstamp')} {negative('AnnualRevenue', 'NumberOfEmployees')} END",
    "modified_at DESC, place DESC", version="modified_at")

# Customers are accounts that were not merged into another one.
CUSTOMERS = """CREATE TABLE customer AS
    SELECT account_id AS customer_id, name, segment, industry, region, country, created_at, is_test
    FROM raw_accounts WHERE master_account_id IS NULL AND NOT is_deleted"""

# What other systems call a customer, records merged into it included. What several claim is nobody's.
NAMES = """CREATE TABLE name AS
    WITH RECURSIVE led AS (
        SELECT account_id, account_id AS customer_id FROM raw_accounts WHERE master_account_id IS NULL AND NOT is_deleted
        UNION ALL
        SELECT merged.account_id, led.customer_id
        FROM raw_accounts AS merged JOIN led ON merged.master_account_id = led.account_id),
    told AS (
        SELECT unnest(['zendesk', 'stripe', 'qualtrics', 'domain']) AS source,
            unnest([zendesk_organization_id, stripe_customer_id, customer_number, email_domain]) AS key, customer_id
        FROM raw_accounts JOIN led USING (account_id)),
    one AS (
        SELECT source, key, min(customer_id) AS customer_id FROM told WHERE key IS NOT NULL
        GROUP BY source, key HAVING count(DISTINCT customer_id) = 1)
    SELECT source, key, customer_id, segment, region, is_test, FALSE AS is_derived
    FROM one JOIN customer USING (customer_id)"""

# Numbers that no account carries are known by the domain that stands beside them.
DERIVED = {"ticket": """INSERT INTO name
    SELECT 'zendesk', customer_key, any_value(customer_id), any_value(segment), any_value(region), any_value(is_test), TRUE
    FROM staged JOIN name AS known ON known.source = 'domain' AND known.key = staged.email_domain
    WHERE customer_key IS NOT NULL AND customer_key NOT IN (SELECT key FROM name WHERE source = 'zendesk')
    GROUP BY customer_key HAVING count(DISTINCT customer_id) = 1"""}

CUSTOMER = "coalesce(by_number.customer_id, by_domain.customer_id)"
WHERE_FROM = """CASE WHEN by_number.customer_id IS NULL THEN by_domain.segment ELSE by_number.segment END AS segment,
    CASE WHEN by_number.customer_id IS NULL THEN by_domain.region ELSE by_number.region END AS region"""
IS_TEST = "coalesce(by_number.is_test, by_domain.is_test)"


def joined(source: str, rows: str) -> str:
    return f"""FROM ({rows}) AS t
    LEFT JOIN name AS by_number ON by_number.source = '{source}' AND by_number.key = t.customer_key
    LEFT JOIN name AS by_domain ON by_domain.source = 'domain' AND by_domain.key = t.email_domain"""


MINUTES = ("First reply time in minutes", "First resolution time in minutes", "Full resolution time in minutes",
           "Agent wait time in minutes", "Requester wait time in minutes", "On hold time in minutes")
COUNTS = ("Group stations", "Assignee stations", "Reopens", "Replies")
TICKETS = Table(
    "ticket", "zendesk_tickets*.csv", "ticket_id",
    {"Summation column": WHOLE, "Created at": TIME, "Updated at": TIME, "Assigned at": TIME, "Solved at": TIME,
     "SLA due at [txt]": TIME, **{name: WHOLE for name in MINUTES + COUNTS}},
    """Id AS ticket_id, "Organization id [txt]" AS customer_key, lower(trim("Requester domain")) AS email_domain,
        trim("Group") AS team, lower(trim(Via)) AS channel, lower(trim(nullif(nullif(Priority, '-'), '#N/A'))) AS priority,
        lower(trim(nullif("Topic [list]", '-'))) AS category, Tags AS tags,
        CASE lower(Status) WHEN 'hold' THEN 'on-hold' WHEN '#n/a' THEN NULL ELSE lower(Status) END AS word,
        "Created at" AS opened_at, "Updated at" AS updated_at, "Solved at" AS solved_told, "SLA due at [txt]" AS sla_due_at,
        "First reply time in minutes" AS first_reply_minutes, "First resolution time in minutes" AS first_resolution_minutes,
        "Full resolution time in minutes" AS full_resolution_minutes, Reopens AS reopens, Replies AS replies,
        "Requester wait time in minutes" AS requester_wait_minutes, "Agent wait time in minutes" AS agent_wait_minutes,
        "On hold time in minutes" AS on_hold_minutes, "Assignee stations" AS assignments,
        "Group stations" AS team_stations""",
    f"""CASE {missing('ticket_id', 'word', 'opened_at', 'updated_at')}
        {negative(*(f'"{name}"' for name in MINUTES + COUNTS))} END""",
    "updated_at DESC, place DESC", version="updated_at",
    select=f"""
        SELECT 'zendesk' AS source, ticket_id,
            CASE WHEN word = 'deleted' THEN 'deleted' WHEN tags LIKE '%closed_by_merge%' THEN 'merged'
                WHEN {IS_TEST} THEN 'test account' END AS left_out,
            {CUSTOMER} AS customer_id, {WHERE_FROM}, team, channel, priority, category, opened_at,
            opened_at + to_minutes(first_reply_minutes) AS first_replied_at,
            CASE WHEN solved_first > resolved_at AND solved_first < resolved_at + INTERVAL 1 MINUTE THEN resolved_at
                ELSE solved_first END AS first_solved_at,
            resolved_at, first_reply_minutes * 60 AS first_reply_seconds,
            CASE WHEN resolved_at IS NOT NULL THEN full_resolution_minutes * 60 END AS resolution_seconds, replies, reopens,
            resolved_at IS NOT NULL AS is_resolved, reopens > 0 AS is_reopened,
            CASE WHEN resolved_at IS NULL THEN FALSE
                WHEN replies IS NOT NULL AND reopens IS NOT NULL THEN replies = 1 AND reopens = 0 END AS is_one_touch,
            sla_due_at, CASE WHEN sla_due_at IS NOT NULL THEN resolved_at <= sla_due_at END AS is_sla_met,
            CASE WHEN is_over THEN requester_wait_minutes * 60 END AS requester_wait_seconds,
            CASE WHEN is_over THEN agent_wait_minutes * 60 END AS agent_wait_seconds,
            CASE WHEN is_over THEN on_hold_minutes * 60 END AS on_hold_seconds,
            assignments, CASE WHEN team_stations > 0 THEN team_stations - 1 ELSE team_stations END AS team_changes,
            FALSE AS has_events, updated_at
        {joined('zendesk', '''
            SELECT *, word IN ('solved', 'closed') AS is_over, CASE WHEN is_over THEN solved_told END AS resolved_at,
                opened_at + to_minutes(first_resolution_minutes) AS solved_first FROM staged''')}""",
    month="opened_at", month_of_fact="opened_at", times=("first_replied_at", "resolved_at", "sla_due_at"))

STATUSES = ("IP Address", "Survey Preview", "Survey Test", "Imported", "Spam", "Offline", "EX", "EX Offline")
SURVEYS = Table(
    "survey_answer", "qualtrics_relationship_survey*.csv", "response_id",
    {"StartDate": TIME, "EndDate": TIME, "Progress": WHOLE, "Duration (in seconds)": WHOLE, "Finished": FLAG,
     "RecordedDate": TIME, "Q1": WHOLE, "Q2": WHOLE, "Q3": WHOLE},
    """ResponseId AS response_id, ExternalReference AS customer_key, NULL::VARCHAR AS email_domain,
        left(sha256(lower(trim(RecipientEmail))), 32) AS email, Status AS status, Finished AS is_finished,
        RecordedDate AS recorded_at, nullif(Q1, -99) AS nps, nullif(Q2, -99) AS csat, nullif(Q3, -99) AS ces,
        trim(nullif(Q4, '-99')) AS comment, trim(SupportTeam) AS team""",
    f"""CASE {missing('ResponseId', 'Status', 'Finished', 'RecordedDate')}
        WHEN CASE Status {' '.join(f"WHEN '{word}' THEN FALSE" for word in STATUSES)} ELSE TRUE END THEN 'not_accepted'
        WHEN Progress NOT BETWEEN 0 AND 100 OR "Duration (in seconds)" < 0 OR nps NOT BETWEEN 0 AND 10
            OR csat NOT BETWEEN 1 AND 5 OR ces NOT BETWEEN 1 AND 7 THEN 'out_of_range' END""",
    "recorded_at DESC, place DESC", header_rows=3, moves=True,
    select=f"""
        SELECT 'qualtrics' AS source, response_id, question,
            CASE status WHEN 'Survey Preview' THEN 'preview' WHEN 'Survey Test' THEN 'test' WHEN 'Spam' THEN 'spam'
                ELSE CASE WHEN {IS_TEST} THEN 'test account' END END AS left_out,
            {CUSTOMER} AS customer_id, {WHERE_FROM}, respondent, team, 'relationship' AS touchpoint,
            CASE WHEN question = 'ces' THEN 'ease' ELSE 'overall' END AS aspect, answered_at, score, is_complete, comment
        {joined('qualtrics', '''
            SELECT response_id, customer_key, email_domain, coalesce(email, customer_key) AS respondent, team, status,
                recorded_at AS answered_at, is_finished AS is_complete,
                unnest(['nps', 'csat', 'ces']) AS question, unnest([nps, csat, ces]) AS score,
                unnest([comment, CASE WHEN nps IS NULL THEN comment END,
                    CASE WHEN nps IS NULL AND csat IS NULL THEN comment END]) AS comment
            FROM staged''')}
        WHERE score IS NOT NULL""",
    month="recorded_at", month_of_fact="answered_at", times=("answered_at",))

AMOUNTS = ("Subtotal", "Shipping", "Taxes", "Total", "Discount Amount", "Refunded Amount")
ORDERS = Table(
    "order", "orders*.csv", "order_id",
    {**{name: MONEY for name in AMOUNTS}, "Lineitem price": MONEY, "Lineitem quantity": WHOLE, "Paid at": TIME,
     "Created at": TIME, "Cancelled at": TIME},
    """Name AS order_id, lower(nullif(split_part(Email, '@', 2), '')) AS email_domain, NULL::VARCHAR AS customer_key,
        left(sha256(lower(trim(Email))), 32) AS buyer, nullif("Financial Status", '#N/A') AS status, "Paid at" AS paid_at,
        "Cancelled at" AS cancelled_at, "Created at" AS ordered_at, Subtotal AS subtotal, "Refunded Amount" AS refunded_told,
        upper(trim(Currency)) AS currency,
        CASE WHEN Taxes > 0 AND Total > 0 AND Total = Subtotal + coalesce(Shipping, 0) THEN Taxes / Total ELSE 0 END
            AS tax_inside""",
    f"""CASE {missing('Name')}
        {negative(*(f'"{name}"' for name in (*AMOUNTS, 'Lineitem quantity')))} END""",
    # Of one file the first line carries the order's own fields; of two files the later one counts.
    "place",
    select=f"""
        SELECT 'shopify' AS source, order_id,
            CASE WHEN {IS_TEST} THEN 'test account' WHEN NOT is_paid THEN coalesce(status, 'not paid')
                WHEN cancelled_at IS NOT NULL THEN 'cancelled' END AS left_out,
            CASE WHEN is_paid AND NOT coalesce({IS_TEST}, FALSE) THEN cancelled_at END AS left_out_at,
            coalesce({CUSTOMER}, 'shopify.buyer:' || buyer) AS customer_id, {WHERE_FROM}, ordered_at, currency,
            least(given_back, worth)::DECIMAL(18, 4) AS refunded,
            CASE WHEN refunded_told > 0 THEN cancelled_at END AS refunded_at,
            greatest(worth - given_back, 0)::DECIMAL(18, 4) AS net
        {joined('shopify', '''
            SELECT *,
                coalesce(status IN ('paid', 'partially_paid', 'partially_refunded', 'refunded'), paid_at IS NOT NULL)
                    AS is_paid,
                round(subtotal - subtotal * tax_inside, 2) AS worth,
                round(coalesce(refunded_told, 0) - coalesce(refunded_told, 0) * tax_inside, 2) AS given_back
            FROM staged WHERE subtotal IS NOT NULL''')}""",
    month="ordered_at", month_of_fact="ordered_at", times=("ordered_at",))

EMAILS = Table(
    "email_event", "email_events*.csv.gz", "event_id", {"created": TIME, "sent_by_created": TIME, "filtered_event": FLAG},
    """id AS event_id, lower(nullif(split_part(recipient, '@', 2), '')) AS email_domain, email_campaign_id AS campaign_id,
        lower(nullif(type, '#N/A')) AS kind, coalesce(filtered_event, FALSE) AS is_machine, sent_by_created AS sent_at,
        created AS happened_at""",
    f"CASE {missing('event_id', 'happened_at', 'kind')} END", "place", first_stays=True,
    select="""
        SELECT 'hubspot' AS source, event_id, CASE WHEN is_test THEN 'test account' END AS left_out, customer_id, segment,
            region, campaign_id, kind, is_machine, sent_at, happened_at
        FROM staged LEFT JOIN name ON name.source = 'domain' AND name.key = staged.email_domain""",
    month="happened_at", month_of_fact="happened_at", times=("sent_at",))

# The largest first.
FACTS = (EMAILS, TICKETS, SURVEYS, ORDERS)

SUBSCRIPTIONS = Table(
    "subscriptions", "stripe_subscriptions*.csv", "subscription_id",
    {"Quantity": WHOLE, "Amount": MONEY, "Cancel At Period End": FLAG,
     **{f"{name} (UTC)": TIME for name in ("Created", "Start", "Start Date", "Current Period Start", "Current Period End",
                                           "Trial Start", "Trial End", "Canceled At", "Ended At")}},
    """id AS subscription_id, "Customer ID" AS customer_key, Plan AS plan, Quantity AS quantity, Amount AS amount,
        lower(nullif(split_part("Customer Email", '@', 2), '')) AS email_domain, upper(Currency) AS currency,
        nullif(Interval, '#N/A') AS billing_interval,
        nullif(Status, '#N/A') AS word, coalesce("Start Date (UTC)", "Start (UTC)", "Created (UTC)") AS started_at,
        "Trial Start (UTC)" AS trial_started_at, "Trial End (UTC)" AS trial_ended_at, "Ended At (UTC)" AS ended_at,
        "Current Period Start (UTC)" AS period_started_at,
        coalesce("Current Period Start (UTC)", "Created (UTC)") AS version_at""",
    f"""CASE {missing('subscription_id', 'customer_key', 'word', '"Created (UTC)"', 'started_at')}
        {negative('Quantity')} END""",
    "version_at DESC, place DESC", version="version_at")
