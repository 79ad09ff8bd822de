//! Names of months in the languages of business software.
//!
//! Names and abbreviations are those of Unicode CLDR for Danish, Dutch, English, Finnish, French, German, Italian,
//! Norwegian, Polish, Portuguese, Spanish, Swedish and Turkish, and the Austrian and the older German ones. No name
//! means one month here and another there, so nothing has to say which language a text is in.

/// How long a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MonthName {
    /// `Mar`, `dic`, `okt`.
    Abbreviated,
    /// `March`, `diciembre`.
    Whole,
}

/// Names of one length, for each month the English one first, in small letters.
type MonthNames = [&'static [&'static str]; 12];

/// Without the point that some languages write after them.
const ABBREVIATED: MonthNames = [
    &["jan", "ene", "gen", "janv", "jän", "oca", "sty", "tammi"],
    &["feb", "fev", "févr", "helmi", "lut", "şub"],
    &["mar", "maalis", "mars", "mrt", "mrz", "mär", "märz"],
    &["apr", "abr", "avr", "huhti", "kwi", "nis"],
    &["may", "mag", "mai", "maj", "mei", "touko"],
    &["jun", "cze", "giu", "haz", "juin", "juni", "kesä"],
    &["jul", "heinä", "juil", "juli", "lip", "lug", "tem"],
    &["aug", "ago", "août", "ağu", "elo", "sie"],
    &["sep", "eyl", "sept", "set", "syys", "wrz"],
    &["oct", "eki", "loka", "okt", "ott", "out", "paź"],
    &["nov", "kas", "lis", "marras"],
    &["dec", "ara", "des", "dez", "dic", "déc", "gru", "joulu"],
];

/// As they stand in a date, and alone.
const WHOLE: MonthNames = [
    &[
        "january",
        "enero",
        "gennaio",
        "janeiro",
        "januar",
        "januari",
        "janvier",
        "jänner",
        "ocak",
        "styczeń",
        "stycznia",
        "tammikuu",
        "tammikuuta",
    ],
    &[
        "february",
        "febbraio",
        "febrero",
        "februar",
        "februari",
        "fevereiro",
        "février",
        "helmikuu",
        "helmikuuta",
        "lutego",
        "luty",
        "şubat",
    ],
    &[
        "march",
        "maaliskuu",
        "maaliskuuta",
        "maart",
        "marca",
        "mars",
        "mart",
        "marts",
        "marzec",
        "marzo",
        "março",
        "märz",
    ],
    &[
        "april",
        "abril",
        "aprile",
        "avril",
        "huhtikuu",
        "huhtikuuta",
        "kwiecień",
        "kwietnia",
        "nisan",
    ],
    &[
        "may",
        "maggio",
        "mai",
        "maio",
        "maj",
        "maja",
        "mayo",
        "mayıs",
        "mei",
        "toukokuu",
        "toukokuuta",
    ],
    &[
        "june",
        "czerwca",
        "czerwiec",
        "giugno",
        "haziran",
        "juin",
        "junho",
        "juni",
        "junio",
        "kesäkuu",
        "kesäkuuta",
    ],
    &[
        "july",
        "heinäkuu",
        "heinäkuuta",
        "juillet",
        "julho",
        "juli",
        "julio",
        "lipca",
        "lipiec",
        "luglio",
        "temmuz",
    ],
    &[
        "august",
        "agosto",
        "août",
        "augusti",
        "augustus",
        "ağustos",
        "elokuu",
        "elokuuta",
        "sierpień",
        "sierpnia",
    ],
    &[
        "september",
        "eylül",
        "septembre",
        "septiembre",
        "setembro",
        "settembre",
        "syyskuu",
        "syyskuuta",
        "wrzesień",
        "września",
    ],
    &[
        "october",
        "ekim",
        "lokakuu",
        "lokakuuta",
        "octobre",
        "octubre",
        "oktober",
        "ottobre",
        "outubro",
        "październik",
        "października",
    ],
    &[
        "november",
        "kasım",
        "listopad",
        "listopada",
        "marraskuu",
        "marraskuuta",
        "novembre",
        "novembro",
        "noviembre",
    ],
    &[
        "december",
        "aralık",
        "desember",
        "dezember",
        "dezembro",
        "dicembre",
        "diciembre",
        "décembre",
        "grudnia",
        "grudzień",
        "joulukuu",
        "joulukuuta",
    ],
];

impl MonthName {
    /// The number of the month that opens the text, in any case, and what follows its name.
    pub(super) fn read(self, text: &[u8]) -> Option<(i8, &[u8])> {
        let names = match self {
            Self::Abbreviated => &ABBREVIATED,
            Self::Whole => &WHOLE,
        };
        english(names, text).or_else(|| any_language(names, text))
    }
}

/// The usual case, without decoding: an English name that no letter follows.
fn english<'a>(names: &MonthNames, text: &'a [u8]) -> Option<(i8, &'a [u8])> {
    for (number, names) in (1..).zip(names) {
        let Some((found, after)) = text.split_at_checked(names[0].len()) else { continue };
        let is_over =
            after.first().is_none_or(|next| next.is_ascii() && !next.is_ascii_alphabetic());
        if is_over && found.eq_ignore_ascii_case(names[0].as_bytes()) {
            return Some((number, after));
        }
    }
    None
}

fn any_language<'a>(names: &MonthNames, text: &'a [u8]) -> Option<(i8, &'a [u8])> {
    let word = first_word(text);
    let is_it = |name: &&str| name.chars().eq(word.chars().flat_map(char::to_lowercase));
    let month = (1..).zip(names).find(|(_, names)| names.iter().any(is_it));
    month.map(|(number, _)| (number, &text[word.len()..]))
}

/// The letters that open a text.
fn first_word(text: &[u8]) -> &str {
    let letters = text.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let end = letters.find(|letter: char| !letter.is_alphabetic());
    &letters[..end.unwrap_or(letters.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_months() {
        for names in [ABBREVIATED, WHOLE] {
            let mut seen = std::collections::HashSet::new();
            assert!(names.iter().copied().flatten().all(|name| seen.insert(*name)));
        }
    }

    #[test]
    fn a_name_is_known_in_any_case_and_ends_where_its_letters_end() {
        for (text, month, rest) in [
            ("dic/25", 12, "/25"),
            ("ABR/26", 4, "/26"),
            ("Mars 3", 3, " 3"),
            ("MÄR", 3, ""),
            ("août 2026", 8, " 2026"),
            ("sept. 1", 9, ". 1"),
        ] {
            let found = MonthName::Abbreviated.read(text.as_bytes());
            assert_eq!(found, Some((month, rest.as_bytes())), "{text}");
        }
        let whole = MonthName::Whole.read("Décembre 24".as_bytes());
        assert_eq!(whole, Some((12, " 24".as_bytes())));
        for text in ["Marz", "xyz", "", "12", "\u{fffd}"] {
            assert_eq!(MonthName::Abbreviated.read(text.as_bytes()), None, "{text}");
        }
    }
}
