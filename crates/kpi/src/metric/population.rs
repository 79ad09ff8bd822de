//! Of whom a metric is: what one figure is divided by must be of the same.

use std::collections::BTreeSet;

use scorewright_domain::Fault;
use scorewright_warehouse::quotients;

use super::cross_checks::MetricSet;
use super::definition::Metric;
use super::expression::Expression;

impl MetricSet<'_> {
    /// A quotient of metrics of different people is a figure of nobody.
    pub(super) fn check_population(
        &self,
        metric: &Metric,
        formula: &Expression,
    ) -> Result<(), Fault> {
        for quotient in quotients(&formula.text) {
            let over: BTreeSet<(&str, String)> = self.populations(&quotient.over);
            let under = self.populations(&quotient.under);
            let differ = over.iter().find_map(|(one, of_one)| {
                let (other, of_other) = under.iter().find(|(_, of_other)| of_one != of_other)?;
                Some((one, of_one, other, of_other))
            });
            let Some((one, of_one, other, of_other)) = differ else { continue };
            let message = format!(
                "`{one}` is divided by `{other}`, and they are of different rows: `{of_one}` and `{of_other}`"
            );
            return Err(metric.fault(formula, message).help(
                "divide within one metric of kind `ratio`, or let both count the same people and add the same \
                 `population = \"...\"` to both files",
            ));
        }
        Ok(())
    }

    /// The metrics over facts that some names stand for or are made of, each with its population: the one its file
    /// declares, or its fact.
    fn populations(&self, names: &BTreeSet<String>) -> BTreeSet<(&str, String)> {
        let (mut seen, mut populations) = (BTreeSet::new(), BTreeSet::new());
        let mut open: Vec<&str> = names.iter().map(String::as_str).collect();
        while let Some(name) = open.pop() {
            let Some(metric) = self.metrics.iter().find(|metric| metric.name == name) else {
                continue;
            };
            if !seen.insert(name.to_owned()) {
                continue;
            }
            match (&metric.population, metric.fact()) {
                (Some(declared), _) => drop(populations.insert((&*metric.name, declared.clone()))),
                (None, Some(fact)) => drop(populations.insert((&*metric.name, fact.to_string()))),
                (None, None) => open.extend(metric.parts()),
            }
        }
        populations
    }
}

#[cfg(test)]
mod tests {
    use scorewright_domain::ProjectFile;

    use crate::metric::read_metrics;

    fn total(name: &str, fact: &str, further: &str) -> ProjectFile {
        let text = format!(
            "title = 'A'\nsays = 'A'\nunit = 'count'\ndirection = 'neutral'\nkind = 'total'\nfact = '{fact}'\n\
             time = 'at'\nnumerator = 'count(*)'\n{further}"
        );
        ProjectFile::new(format!("pipelines/metrics/{name}.toml"), text)
    }

    fn derived(name: &str, formula: &str) -> ProjectFile {
        let text = format!(
            "title = 'A'\nsays = 'A'\nunit = 'per_year'\ndirection = 'neutral'\nkind = 'derived'\nformula = '{formula}'\n"
        );
        ProjectFile::new(format!("pipelines/metrics/{name}.toml"), text)
    }

    fn told(formula: &str, further: &str) -> Option<String> {
        let files = [
            total("orders", "fact.order", further),
            total("customers", "fact.tenure", further),
            total("refunds", "fact.order", ""),
            derived("doubled", "2 * customers"),
            derived("rate", formula),
        ];
        read_metrics(&files).err().map(|faults| faults.all()[0].message().to_owned())
    }

    #[test]
    fn a_quotient_is_of_one_population() {
        let refused = "`orders` is divided by `customers`, and they are of different rows: `fact.order` and `fact.tenure`";
        assert_eq!(told("orders / customers", "").as_deref(), Some(refused));
        assert_eq!(told("orders / nullif(doubled, 0)", "").as_deref(), Some(refused));
        assert_eq!(told("refunds / orders", ""), None);
        assert_eq!(told("orders * customers / 12", ""), None);
        assert_eq!(told("orders / customers", "population = 'customer'\n"), None);
    }

    #[test]
    fn a_population_that_is_no_word_is_refused() {
        let told = told("refunds / orders", "population = 'All of them'\n");
        assert!(told.is_some_and(|told| told.contains("population")), "a word is expected");
    }
}
