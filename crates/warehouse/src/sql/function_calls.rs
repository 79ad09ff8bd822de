//! Calls of our own functions in SQL: what they depend on, and whether their words are right.

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectNamePart,
    Spanned as _, Value,
};
use datafusion::sql::sqlparser::tokenizer::Span;
use scorewright_domain::{LocalTimeUse, did_you_mean};

use super::functions::{CalendarUnit, DiffUnit, JsonTextPath, LocalRules};
use super::refused_expressions::verify_each;
use super::sql_fault::SqlFault;

/// Functions of our own, each with a call that shows what it takes.
const CALLS: [(&str, &str); 7] = [
    ("local_date", "local_date(opened_at)"),
    ("local_period", "local_period(opened_at, 'month')"),
    ("date_diff", "date_diff('day', opened_at, solved_at)"),
    ("business_seconds", "business_seconds(opened_at, solved_at, 'support')"),
    ("json_text", "json_text(payload, '$.customer.id')"),
    ("json_get", "json_get(payload, '$.lines[0]')"),
    ("md5", "md5(email)"),
];

/// One call of a function of ours.
struct FunctionCall<'a> {
    name: String,
    span: Span,
    arguments: Vec<&'a Expr>,
}

/// An argument that is a text in the SQL itself.
struct Word<'a> {
    text: &'a str,
    span: Span,
}

/// What of zone and schedules a statement depends on.
pub(super) fn local_time_use(statement: &Statement) -> LocalTimeUse {
    let mut used = LocalTimeUse::default();
    each_call(statement, |call| {
        match call.name.as_str() {
            "local_date" | "local_period" | "date_diff" => used.zone = true,
            "business_seconds" => match call.word(2) {
                Some(name) => drop(used.schedules.insert(name.text.to_owned())),
                None => used.any_schedule = true,
            },
            _ => {}
        }
        Ok(())
    })
    .unwrap_or_default();
    used
}

/// Refuses grains, units, paths and names of schedules that there are not, where they stand.
///
/// # Errors
///
/// A [`SqlFault`] at the first of them.
pub(super) fn verify_calls(
    statement: &Statement,
    rules: Option<&LocalRules>,
) -> Result<(), SqlFault> {
    each_call(statement, |call| {
        call.verify_count()?;
        match call.name.as_str() {
            "local_period" => call.verify_word(1, "grain", &CalendarUnit::WORDS, |word| {
                CalendarUnit::of(word).is_some()
            }),
            "date_diff" => {
                call.verify_word(0, "unit", &DiffUnit::WORDS, |word| DiffUnit::of(word).is_some())
            }
            "business_seconds" => call.verify_schedule(rules),
            "json_text" | "json_get" => call.verify_path(),
            _ => Ok(()),
        }
    })
}

/// Where a fault of one of our functions lies, which is known only by the name it begins with.
pub(super) fn placed(fault: SqlFault, statement: &Statement) -> SqlFault {
    if fault.place.is_some() {
        return fault;
    }
    let named = fault.message.split('`').nth(1).map(str::to_owned);
    let mut place = None;
    let found = each_call(statement, |call| {
        if named.as_ref() == Some(&call.name) {
            place.get_or_insert((call.span.start.line, call.span.start.column));
        }
        Ok(())
    });
    debug_assert!(found.is_ok(), "nothing is verified");
    SqlFault { place, ..fault }
}

fn each_call(
    statement: &Statement,
    mut take: impl FnMut(&FunctionCall<'_>) -> Result<(), SqlFault>,
) -> Result<(), SqlFault> {
    verify_each(statement, |expr| {
        let call =
            if let Expr::Function(function) = expr { FunctionCall::of(function) } else { None };
        call.map_or(Ok(()), |call| take(&call))
    })
}

impl<'a> FunctionCall<'a> {
    /// `None` for a function of the engine.
    fn of(function: &'a Function) -> Option<Self> {
        let [ObjectNamePart::Identifier(Ident { value, span, .. })] = &function.name.0[..] else {
            return None;
        };
        let name = value.to_lowercase();
        CALLS.iter().find(|(known, _)| *known == name)?;
        let FunctionArguments::List(list) = &function.args else { return None };
        let argument = |argument: &'a FunctionArg| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
            _ => None,
        };
        let arguments = list.args.iter().filter_map(argument).collect();
        Some(Self { name, span: *span, arguments })
    }

    fn word(&self, position: usize) -> Option<Word<'a>> {
        match self.arguments.get(position)? {
            Expr::Value(value) => match &value.value {
                Value::SingleQuotedString(text) => Some(Word { text, span: value.span }),
                _ => None,
            },
            _ => None,
        }
    }

    fn example(&self) -> &'static str {
        CALLS.iter().find(|(known, _)| *known == self.name).map_or("", |(_, example)| example)
    }

    fn verify_count(&self) -> Result<(), SqlFault> {
        let count = match self.name.as_str() {
            "local_date" | "md5" => 1,
            "date_diff" | "business_seconds" => 3,
            _ => 2,
        };
        if self.arguments.len() == count {
            return Ok(());
        }
        let message = format!("`{}` takes {count} values, not {}", self.name, self.arguments.len());
        Err(fault_at(self.span, message, self.example().to_owned()))
    }

    /// A word of a few accepted ones, written out.
    fn verify_word(
        &self,
        position: usize,
        what: &str,
        accepted: &[&str],
        is_known: impl Fn(&str) -> bool,
    ) -> Result<(), SqlFault> {
        let list = format!("accepted: {}", accepted.join(", "));
        let Some(word) = self.word(position) else {
            let message = format!("`{}` takes its {what} written out, as text", self.name);
            let span = self.arguments[position].span();
            return Err(fault_at(span, message, format!("{}; {list}", self.example())));
        };
        if is_known(word.text) {
            return Ok(());
        }
        let message = format!("`{}` has no {what} `{}`", self.name, word.text);
        Err(fault_at(word.span, message, did_you_mean(word.text, accepted, &list)))
    }

    /// The name of a schedule; one in a column is looked up row by row.
    fn verify_schedule(&self, rules: Option<&LocalRules>) -> Result<(), SqlFault> {
        let (Some(word), Some(rules)) = (self.word(2), rules) else { return Ok(()) };
        let unknown = rules.unknown_schedule(word.text);
        unknown.map_or(Ok(()), |fault| Err(SqlFault { place: place(word.span), ..fault }))
    }

    fn verify_path(&self) -> Result<(), SqlFault> {
        let Some(word) = self.word(1) else { return Ok(()) };
        if JsonTextPath::read(word.text).is_some() {
            return Ok(());
        }
        let message = format!("`{}` is no path into JSON", word.text);
        let help = "write it as $.customer.id, $.lines[0], $.\"a key\"";
        Err(fault_at(word.span, message, help.to_owned()))
    }
}

fn fault_at(span: Span, message: String, help: String) -> SqlFault {
    SqlFault { place: place(span), help: Some(help), ..SqlFault::new(message) }
}

/// A span that the parser does not know begins in line 0.
fn place(span: Span) -> Option<(u64, u64)> {
    (span.start.line > 0).then_some((span.start.line, span.start.column))
}

#[cfg(test)]
mod tests {
    use crate::sql::ModelSql;

    #[test]
    fn what_sql_depends_on_is_found_wherever_it_stands() {
        let used = |sql: &str| ModelSql::read(sql).unwrap().local_time;
        assert_eq!(used("SELECT date_trunc('day', a) FROM b.c"), super::LocalTimeUse::default());
        assert!(used("WITH d AS (SELECT Local_Date(a) AS day FROM b.c) SELECT day FROM d").zone);
        let sql = "SELECT a FROM b.c WHERE business_seconds(a, d, 'support') > 0 \
                   ORDER BY business_seconds(a, d, 'sales')";
        let hours = used(sql);
        assert_eq!(hours.schedules.into_iter().collect::<Vec<_>>(), ["sales", "support"]);
        assert!(!hours.zone && !hours.any_schedule);
        assert!(used("SELECT business_seconds(a, d, team) FROM b.c").any_schedule);
    }
}
