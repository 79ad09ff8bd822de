//! Names of companies and people, with the commas, quotes and accents that real ones have.

use super::customer::Customer;
use crate::random::RandomStream;

/// First words of company names: as written, and as it stands in a web address.
const FIRST: [(&str, &str); 24] = [
    ("Brightwater", "brightwater"),
    ("Ångström", "angstrom"),
    ("Müller & Söhne", "mueller-soehne"),
    ("O'Leary", "oleary"),
    ("Smith, Jones", "smith-jones"),
    ("Société du Nord", "societe-du-nord"),
    ("Žižka", "zizka"),
    ("\"Klar\"", "klar"),
    ("Pipe|Works", "pipe-works"),
    ("Halcyon", "halcyon"),
    ("Redfern", "redfern"),
    ("Castellano", "castellano"),
    ("Øresund", "oeresund"),
    ("Tallgrass", "tallgrass"),
    ("Vantage <North>", "vantage-north"),
    ("Quarry Hill", "quarry-hill"),
    ("Marigold", "marigold"),
    ("Ponte Vecchio", "ponte-vecchio"),
    ("Silverbirch", "silverbirch"),
    ("Fjordline", "fjordline"),
    ("Copperfield", "copperfield"),
    ("Lindqvist", "lindqvist"),
    ("São Bento", "sao-bento"),
    ("Greyhound", "greyhound"),
];
const SECOND: [(&str, &str); 12] = [
    ("Logistics", "logistics"),
    ("Foods", "foods"),
    ("Systems", "systems"),
    ("Health", "health"),
    ("Energy", "energy"),
    ("Retail", "retail"),
    ("Textiles", "textiles"),
    ("Insurance", "insurance"),
    ("Labs", "labs"),
    ("Optics", "optics"),
    ("Packaging", "packaging"),
    ("Travel", "travel"),
];
const GIVEN: [(&str, &str); 16] = [
    ("Anna", "anna"),
    ("Björn", "bjoern"),
    ("Chloé", "chloe"),
    ("Dmitri", "dmitri"),
    ("Elif", "elif"),
    ("Fiona", "fiona"),
    ("Giulia", "giulia"),
    ("Henrik", "henrik"),
    ("Inês", "ines"),
    ("Jack", "jack"),
    ("Katarzyna", "katarzyna"),
    ("Liam", "liam"),
    ("María", "maria"),
    ("Noah", "noah"),
    ("Oda", "oda"),
    ("Priya", "priya"),
];
const FAMILY: [(&str, &str); 16] = [
    ("Andersson", "andersson"),
    ("Bianchi", "bianchi"),
    ("Clarke", "clarke"),
    ("Dupont", "dupont"),
    ("Eriksen", "eriksen"),
    ("Fernández", "fernandez"),
    ("Groß", "gross"),
    ("Hughes", "hughes"),
    ("Ivanova", "ivanova"),
    ("Jensen", "jensen"),
    ("Kowalska", "kowalska"),
    ("Lemaître", "lemaitre"),
    ("Murphy", "murphy"),
    ("Nielsen", "nielsen"),
    ("O'Brien", "obrien"),
    ("Patel", "patel"),
];

/// A person who works for a customer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    pub(crate) given_name: &'static str,
    pub(crate) family: &'static str,
    address: (&'static str, &'static str),
}

impl Person {
    /// Somebody.
    pub(crate) fn random(random: &mut RandomStream) -> Self {
        let (given, family) = (random.pick(&GIVEN), random.pick(&FAMILY));
        Self { given_name: given.0, family: family.0, address: (given.1, family.1) }
    }

    /// The e-mail address at a domain.
    pub(crate) fn email(self, domain: &str) -> String {
        format!("{}.{}@{domain}", self.address.0, self.address.1)
    }

    /// Given and family name.
    pub(crate) fn name(self) -> String {
        format!("{} {}", self.given_name, self.family)
    }
}

/// The name on the door: `Müller & Söhne Optics GmbH`. Not unique, as in life.
pub(crate) fn company(customer: &Customer) -> String {
    if customer.is_test {
        return format!("Acme Cloud (internal test {})", customer.number);
    }
    let (first, second) = words(customer);
    let form = match customer.country {
        "Germany" | "Austria" | "Switzerland" => "GmbH",
        "Sweden" | "Finland" | "Norway" => "AB",
        "United States" | "Canada" => "Inc.",
        "France" | "Spain" | "Portugal" | "Italy" => "S.A.",
        _ => "Ltd",
    };
    format!("{} {} {form}", first.0, second.0)
}

/// The web address, unique: `mueller-soehne-optics-42.example`.
pub(crate) fn domain(customer: &Customer) -> String {
    if customer.is_test {
        return format!("test-{}.acme-cloud.example", customer.number);
    }
    let (first, second) = words(customer);
    format!("{}-{}-{}.example", first.1, second.1, customer.number)
}

type NamePart = (&'static str, &'static str);

/// Spreads neighbouring numbers over all pairs of words.
fn words(customer: &Customer) -> (NamePart, NamePart) {
    let place = customer.number as usize * 37 % (FIRST.len() * SECOND.len());
    (FIRST[place % FIRST.len()], SECOND[place / FIRST.len()])
}
