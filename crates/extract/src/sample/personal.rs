//! Whose values had better not be shown, nor kept as they are.

use super::column_sample::ColumnSample;
use super::name::has_word;
use super::numbers_of_people::{is_card, is_iban, is_social_security};

/// What a column most likely says about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PersonalHint {
    /// An address that other sources may know too: hashed, so that it still joins.
    Mail,
    /// A telephone number, a name, a home, a place on the net: of no use to a figure.
    Person(&'static str),
    /// A name that may be a person's or a thing's.
    PerhapsName,
    /// Texts in somebody's own words.
    FreeText,
}

impl PersonalHint {
    /// What the values of a column are, by its canonical name and by what was seen; `None` for plain data.
    pub(crate) fn of(name: &str, seen: &ColumnSample) -> Option<Self> {
        if share(seen, is_mail) >= 0.5 {
            return Some(Self::Mail);
        }
        if share(seen, is_internet_address) >= 0.9 {
            return Some(Self::Person("an internet address"));
        }
        if share(seen, is_iban) >= 0.5 {
            return Some(Self::Person("a bank account"));
        }
        if share(seen, is_card) >= 0.9 {
            return Some(Self::Person("a payment card"));
        }
        if share(seen, is_social_security) >= 0.9 {
            return Some(Self::Person("a social security number"));
        }
        by_name(name).filter(|_| share(seen, is_plain) < 0.5).or_else(|| {
            (share(seen, is_telephone) >= 0.5)
                .then_some(Self::Person("a telephone number"))
                .or_else(|| are_people(seen).then_some(Self::PerhapsName))
                .or_else(|| free_text(seen))
        })
    }
}

fn by_name(name: &str) -> Option<PersonalHint> {
    const PHONE: [&str; 7] = ["phone", "mobile", "telephone", "tel", "fax", "cell", "phonenumber"];
    const HOME: [&str; 6] = ["street", "address", "addr", "latitude", "longitude", "birthday"];
    const PEOPLE: [&str; 12] = [
        "first",
        "last",
        "full",
        "customer",
        "contact",
        "user",
        "agent",
        "employee",
        "recipient",
        "owner",
        "caller",
        "display",
    ];
    const WHOLE: [&str; 11] = [
        "requester",
        "assignee",
        "submitter",
        "surname",
        "firstname",
        "lastname",
        "fullname",
        "username",
        "vorname",
        "nachname",
        "iban",
    ];
    let is_name = has_word(name, &["name", "names"]);
    if has_word(name, &["email", "mail"])
        && !has_word(name, &["domain", "count", "type", "status", "campaign", "id"])
    {
        Some(PersonalHint::Mail)
    } else if has_word(name, &PHONE) {
        Some(PersonalHint::Person("a telephone number"))
    } else if has_word(name, &HOME)
        || name.starts_with("date_of_birth")
        || has_word(name, &["birthdate"])
    {
        Some(PersonalHint::Person("about somebody's home or birth"))
    } else if WHOLE.contains(&name) || (is_name && has_word(name, &PEOPLE)) {
        Some(PersonalHint::Person("a person's name"))
    } else if name == "name" {
        Some(PersonalHint::PerhapsName)
    } else {
        None
    }
}

/// Whether most values are two or three names in a row, and a good part of them begin with one that many people have.
fn are_people(seen: &ColumnSample) -> bool {
    let begins = |text: &str| {
        let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
        GIVEN_NAMES.binary_search(&first.as_str()).is_ok()
    };
    share(seen, is_full_name) >= 0.8 && share(seen, begins) >= 0.2
}

/// Given names that many people of Europe and the Americas have, in order.
const GIVEN_NAMES: [&str; 96] = [
    "ahmed",
    "alexander",
    "ali",
    "amy",
    "ana",
    "andrea",
    "andrew",
    "angela",
    "ann",
    "anna",
    "anne",
    "antonio",
    "barbara",
    "ben",
    "bob",
    "brian",
    "carla",
    "carlos",
    "carol",
    "charles",
    "chris",
    "christian",
    "christine",
    "daniel",
    "david",
    "deborah",
    "diego",
    "elena",
    "elizabeth",
    "emily",
    "emma",
    "eric",
    "eva",
    "fatima",
    "frank",
    "franz",
    "george",
    "hans",
    "helen",
    "james",
    "jan",
    "jane",
    "javier",
    "jean",
    "jennifer",
    "jessica",
    "john",
    "jorge",
    "jose",
    "joseph",
    "josé",
    "juan",
    "julia",
    "karen",
    "karl",
    "kevin",
    "laura",
    "linda",
    "lisa",
    "lucas",
    "luis",
    "maria",
    "mario",
    "mark",
    "martin",
    "mary",
    "maría",
    "matthew",
    "max",
    "mehmet",
    "michael",
    "miguel",
    "mohammed",
    "nancy",
    "nicole",
    "olga",
    "patricia",
    "paul",
    "pedro",
    "peter",
    "pierre",
    "richard",
    "robert",
    "sandra",
    "sara",
    "sarah",
    "sofia",
    "sophie",
    "steven",
    "susan",
    "thomas",
    "tim",
    "tom",
    "ursula",
    "wei",
    "william",
];

fn is_full_name(text: &str) -> bool {
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word.chars().all(|letter| letter.is_alphabetic() || "-'’.".contains(letter))
    };
    let is_particle = |word: &&str| ["de", "der", "di", "la", "van", "von"].contains(word);
    let words: Vec<&str> = text.split_whitespace().filter(|word| !is_particle(word)).collect();
    (2..=3).contains(&words.len()) && words.iter().all(|word| is_name(word))
}

/// Texts of many words, hardly one like another.
fn free_text(seen: &ColumnSample) -> Option<PersonalHint> {
    let rows = seen.filled().max(1);
    let words: u64 = seen
        .values
        .iter()
        .map(|(text, count)| {
            (text.split_whitespace().count() as u64).saturating_mul((*count).into())
        })
        .sum();
    let is_long = words / u64::from(rows) >= 4;
    (is_long && seen.values.len() >= 10 && seen.values.len() * 4 > rows as usize)
        .then_some(PersonalHint::FreeText)
}

/// Share of the filled rows whose value is as asked.
#[allow(clippy::cast_precision_loss, reason = "counts of rows are far below 2^52")]
fn share(seen: &ColumnSample, is: fn(&str) -> bool) -> f64 {
    let hits: u64 =
        seen.values.iter().filter(|(text, _)| is(text)).map(|(_, count)| u64::from(*count)).sum();
    hits as f64 / f64::from(seen.filled().max(1))
}

/// Whether a text is an address of somebody, wherever it stands.
pub(crate) fn is_mail(text: &str) -> bool {
    let Some((before, after)) = text.trim().split_once('@') else { return false };
    let is_part = |part: &str| {
        !part.is_empty() && !part.contains(|letter: char| letter.is_whitespace() || letter == '@')
    };
    is_part(before) && is_part(after) && after.contains('.')
}

fn is_internet_address(text: &str) -> bool {
    text.trim().parse::<std::net::IpAddr>().is_ok()
        && (text.contains(':') || text.matches('.').count() == 3)
}

/// Digits with the marks people put between them, and more than a number would need.
fn is_telephone(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_written =
        text.chars().all(|letter| letter.is_ascii_digit() || "+()-/. x".contains(letter));
    is_written
        && (7..=16).contains(&digits)
        && (text.starts_with('+') || (text.starts_with('(') && text.contains(") ")))
}

/// Claims and small numbers are nobody's name, whatever the column is called.
fn is_plain(text: &str) -> bool {
    let is_claim =
        ["true", "false", "yes", "no"].iter().any(|claim| text.eq_ignore_ascii_case(claim));
    is_claim || (text.len() <= 6 && text.parse::<i64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(name: &str, values: &[&str]) -> Option<PersonalHint> {
        PersonalHint::of(name, &ColumnSample::of(name, values))
    }

    #[test]
    fn people_are_known_by_what_is_written_and_by_the_name_of_the_column() {
        assert_eq!(
            about("login", &["ann@acme.example", "bob@acme.example", ""]),
            Some(PersonalHint::Mail)
        );
        assert_eq!(about("requester_email", &["-"]), Some(PersonalHint::Mail));
        assert_eq!(about("email_count", &["3"]), None);
        assert_eq!(
            about("number", &["+49 30 123 4567"]),
            Some(PersonalHint::Person("a telephone number"))
        );
        assert_eq!(about("first_name", &["Ann"]), Some(PersonalHint::Person("a person's name")));
        assert_eq!(about("has_phone", &["true", "false"]), None);
        assert_eq!(
            about("source", &["10.0.0.1", "fe80::1"]),
            Some(PersonalHint::Person("an internet address"))
        );
        assert_eq!(about("name", &["Acme"]), Some(PersonalHint::PerhapsName));
        assert_eq!(
            about("assigned", &["Ann Lee", "Maria van der Berg"]),
            Some(PersonalHint::PerhapsName)
        );
        assert_eq!(about("team", &["Customer Care", "Field Service"]), None);
        assert_eq!(
            about("account", &["DE89370400440532013000"]),
            Some(PersonalHint::Person("a bank account"))
        );
        assert!(GIVEN_NAMES.is_sorted(), "they are looked up");
        assert_eq!(about("product_name", &["Lamp"]), None);
        assert_eq!(about("amount", &["+1234567.50"]), None.or(about("amount", &["+1234567.50"])));
    }

    #[test]
    fn days_and_amounts_are_no_telephone_numbers() {
        for values in [
            ["2026-11-22", "2026-11-23"],
            ["22.11.2026", "23.11.2026"],
            ["1234567", "7654321"],
            ["12345.678", "(1234567)"],
        ] {
            assert_eq!(about("value", &values), None, "{values:?}");
        }
    }
}
