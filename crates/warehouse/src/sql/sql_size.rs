//! How long SQL may be, looked at before it is parsed: planning takes time by the square of its length, and memory of
//! the stack by the length of an expression.

use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};
use scorewright_domain::group_digits;

use super::sql_fault::SqlFault;

/// Most bytes of one statement.
const BYTES: usize = 256 * 1024;

/// Most tokens of one statement.
const TOKENS: usize = 50_000;

/// Most tokens of an expression without a comma, a keyword of a clause or a bracket between: some thousand terms.
const EXPRESSION: usize = 4_000;

/// Most SELECTs that are put together by UNION, INTERSECT or EXCEPT.
const UNIONS: usize = 500;

/// Most joins of one statement.
const JOINS: usize = 200;

/// Refuses SQL that is longer than the engine can plan.
///
/// # Errors
///
/// A [`SqlFault`] where it becomes too long.
pub(super) fn verify_size(sql: &str) -> Result<(), SqlFault> {
    if sql.len() > BYTES {
        return Err(too_long("bytes", sql.len(), BYTES, None));
    }
    // What cannot be told apart is refused by the parser, which says why.
    let Ok(tokens) = Tokenizer::new(&GenericDialect {}, sql).tokenize_with_location() else {
        return Ok(());
    };
    let mut size = SqlSize { levels: vec![0], ..SqlSize::default() };
    tokens.iter().filter(|token| !is_blank(token)).try_for_each(|token| size.add(token))
}

#[derive(Default)]
struct SqlSize {
    tokens: usize,
    unions: usize,
    joins: usize,
    /// Tokens of the expression at hand, at each level of brackets.
    levels: Vec<usize>,
}

impl SqlSize {
    fn add(&mut self, token: &TokenWithSpan) -> Result<(), SqlFault> {
        self.count(&token.token);
        let expression = self.levels.last().copied().unwrap_or_default();
        let counted = [
            ("tokens", self.tokens, TOKENS),
            ("terms of one expression", expression, EXPRESSION),
            ("SELECTs put together", self.unions, UNIONS),
            ("joins", self.joins, JOINS),
        ];
        let exceeded = counted.into_iter().find(|(_, count, most)| count > most);
        exceeded.map_or(Ok(()), |(what, count, most)| {
            Err(too_long(what, count, most, Some(token.span.start)))
        })
    }

    fn count(&mut self, token: &Token) {
        self.tokens += 1;
        match token {
            Token::LParen | Token::LBracket => self.levels.push(0),
            Token::RParen | Token::RBracket => {
                if self.levels.len() > 1 {
                    self.levels.pop();
                }
                self.term();
            }
            Token::Comma | Token::SemiColon => self.end_expression(),
            Token::Word(word) => self.word(word.keyword),
            _ => self.term(),
        }
    }

    fn word(&mut self, keyword: Keyword) {
        match keyword {
            Keyword::UNION | Keyword::INTERSECT | Keyword::EXCEPT => {
                self.unions += 1;
                self.end_expression();
            }
            Keyword::JOIN => {
                self.joins += 1;
                self.end_expression();
            }
            Keyword::SELECT
            | Keyword::FROM
            | Keyword::WHERE
            | Keyword::GROUP
            | Keyword::HAVING
            | Keyword::ORDER
            | Keyword::WHEN
            | Keyword::THEN
            | Keyword::ELSE
            | Keyword::CASE => self.end_expression(),
            _ => self.term(),
        }
    }

    fn term(&mut self) {
        if let Some(terms) = self.levels.last_mut() {
            *terms += 1;
        }
    }

    fn end_expression(&mut self) {
        if let Some(terms) = self.levels.last_mut() {
            *terms = 0;
        }
    }
}

fn is_blank(token: &TokenWithSpan) -> bool {
    matches!(token.token, Token::Whitespace(_) | Token::EOF)
}

fn too_long(what: &str, count: usize, most: usize, place: Option<Location>) -> SqlFault {
    let digits = |number: usize| group_digits(&number.to_string());
    // At a place counting ends, so that there may be more.
    let has = if place.is_some() { "more".to_owned() } else { digits(count) };
    let message = format!("SQL may have {} {what}, this has {has}", digits(most));
    let help = "split it into models of their own; a long list of values belongs into a seed that is joined";
    SqlFault {
        place: place.map(|place| (place.line, place.column)),
        help: Some(help.into()),
        ..SqlFault::new(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(sql: &str) -> String {
        verify_size(sql).unwrap_err().message
    }

    #[test]
    fn what_makes_planning_endless_is_refused_before_it_is_parsed() {
        let terms = |with: &str, count: usize| format!("SELECT {}", vec!["1"; count].join(with));
        for with in [" + ", " AND ", " || ", "::BIGINT::VARCHAR = "] {
            assert_eq!(
                refused(&terms(with, 3_000)),
                "SQL may have 4,000 terms of one expression, this has more",
                "{with}"
            );
        }
        let union = vec!["SELECT 1"; 3_000].join(" UNION ALL ");
        assert_eq!(refused(&union), "SQL may have 500 SELECTs put together, this has more");
        let joins = format!("SELECT 1 FROM a{}", " JOIN b USING (c)".repeat(300));
        assert_eq!(refused(&joins), "SQL may have 200 joins, this has more");
        assert_eq!(
            refused(&format!("SELECT '{}'", "x".repeat(300_000))),
            "SQL may have 262,144 bytes, this has 300,009"
        );
        assert_eq!(refused(&terms(", ", 60_000)), "SQL may have 50,000 tokens, this has more");
    }

    #[test]
    fn a_long_list_and_a_long_case_are_no_long_expression() {
        let list = vec!["'a value'"; 9_000].join(", ");
        let case = "WHEN b = 1 THEN 2 ".repeat(2_000);
        verify_size(&format!("SELECT CASE {case} ELSE 0 END FROM t WHERE a IN ({list})")).unwrap();
    }

    #[test]
    fn the_place_is_that_of_the_first_token_too_many() {
        let sql = format!("SELECT 1\n{}", " + 1".repeat(3_000));
        let fault = verify_size(&sql).unwrap_err();
        assert_eq!(fault.place.map(|(line, _)| line), Some(2));
        let place = usize::try_from(fault.place.unwrap().1).unwrap();
        assert_eq!(sql.lines().nth(1).unwrap()[..place].split_whitespace().count(), 4_000);
    }
}
