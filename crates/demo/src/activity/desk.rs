//! The help desk: teams, topics, priorities, channels.

/// A support team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Team {
    Technical,
    Billing,
    Onboarding,
    Integrations,
}

impl Team {
    /// Its name in every system.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Technical => "Technical",
            Self::Billing => "Billing",
            Self::Onboarding => "Onboarding",
            Self::Integrations => "Integrations",
        }
    }

    /// Usual minutes until a first reply. Billing is understaffed.
    pub(crate) fn reply(self) -> u32 {
        [75, 260, 45, 95][self as usize]
    }

    /// Usual minutes from the first reply to the solution of a ticket of normal priority.
    pub(crate) fn solution(self) -> u32 {
        [760, 2300, 380, 980][self as usize]
    }

    /// Points of satisfaction its work adds.
    pub(crate) fn mood(self) -> i32 {
        [1, -13, 4, 0][self as usize]
    }

    /// Its members.
    pub(crate) fn agents(self) -> &'static [&'static str] {
        match self {
            Self::Technical => &["Ada Nowak", "Ben Osei", "Carla Ruiz", "Daan Visser"],
            Self::Billing => &["Eva Brandt", "Farid Haddad"],
            Self::Onboarding => &["Grace Kim", "Hugo Lindgren", "Ida Moreau", "Jonas Weber"],
            Self::Integrations => &["Kenji Sato", "Lena Fischer", "Marek Dvořák", "Nora Byrne"],
        }
    }
}

/// What a ticket is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Topic {
    /// The category, and a tag.
    pub(crate) name: &'static str,
    pub(crate) team: Team,
    pub(crate) subjects: [&'static str; 3],
}

/// Every topic.
pub(crate) const TOPICS: [Topic; 8] = [
    topic(
        "bug",
        Team::Technical,
        ["Export stops at 99 %", "Error \"0x5F\" after login", "Chart shows <nothing>"],
    ),
    topic(
        "performance",
        Team::Technical,
        ["Very slow since this morning", "Timeouts, again", "Search takes a minute"],
    ),
    topic(
        "access",
        Team::Onboarding,
        ["Cannot log in", "New colleague needs access", "Passwort zurücksetzen"],
    ),
    topic(
        "how_to",
        Team::Onboarding,
        ["How do I share a report?", "Question about filters", "Où sont mes rapports ?"],
    ),
    topic(
        "invoice",
        Team::Billing,
        ["Invoice lacks our PO number", "Wrong address, wrong amount", "Rechnung fehlt"],
    ),
    topic(
        "payment",
        Team::Billing,
        ["Card was charged twice", "Refund still not here", "Change to SEPA, please"],
    ),
    topic(
        "api",
        Team::Integrations,
        ["429 from the API", "Webhook fires twice", "Token | scope question"],
    ),
    topic(
        "data_import",
        Team::Integrations,
        ["CSV import rejects dates", "Umlauts broken after import", "Sync is late"],
    ),
];

const fn topic(name: &'static str, team: Team, subjects: [&'static str; 3]) -> Topic {
    Topic { name, team, subjects }
}

/// How often each topic comes up; after a bad release mostly as bugs.
pub(crate) fn topic_weights(is_bad_release: bool) -> [u32; 8] {
    let (bug, performance) = if is_bad_release { (78, 40) } else { (20, 9) };
    [bug, performance, 12, 20, 16, 8, 9, 6]
}

/// How urgent a ticket is: name, share, percent of the usual waiting time, minutes promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Priority {
    pub(crate) name: &'static str,
    /// Percent of the usual time to a reply and to a solution.
    pub(crate) percent: u32,
    /// Minutes from opening within which the solution is promised.
    pub(crate) promise: u32,
}

/// Every priority, most urgent first.
pub(crate) const PRIORITIES: [Priority; 4] = [
    Priority { name: "Urgent", percent: 18, promise: 8 * 60 },
    Priority { name: "High", percent: 45, promise: 24 * 60 },
    Priority { name: "Normal", percent: 100, promise: 3 * 24 * 60 },
    Priority { name: "Low", percent: 170, promise: 7 * 24 * 60 },
];

/// How a ticket came in; the last two are answered at once.
pub(crate) const CHANNELS: [&str; 5] = ["Mail", "Web form", "API", "Chat", "Phone"];
