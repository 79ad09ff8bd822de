//! The templates of a project, made safe to run.

use std::collections::BTreeMap;
use std::io;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use scorewright_domain::{Fault, ProjectFile};

use super::template_context::TemplateContext;
use super::twins::Twins;
use super::unsafe_places::{UnsafePlace, unsafe_place};
use super::{escape, layout};
use crate::scorecard::Scorecard;

/// Steps a template may take: a page takes some ten thousand, an endless loop all of them.
const FUEL: u64 = 5_000_000;

/// Parsed templates, by their path below `reports/`: `scorecard/mail.txt.j2`, `shared/head.html.j2`.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    files: BTreeMap<String, ProjectFile>,
    twins: Twins,
}

impl Templates {
    /// Parses the templates of a project; a path may start with `reports/`, which is left off. Of two files
    /// with one path the later one holds.
    ///
    /// Templates show and do not compute: undefined names are errors, raw numbers cannot be printed, and
    /// escaping cannot be switched off.
    ///
    /// # Errors
    ///
    /// Every template that does not parse or switches escaping off, pointing at its line.
    pub fn read(files: &[ProjectFile]) -> Result<Self, Vec<Fault>> {
        let (templates, faults) = Self::read_sound(files);
        if faults.is_empty() { Ok(templates) } else { Err(faults) }
    }

    /// Parses the same templates, and goes on with those that have no fault; the others show nothing.
    pub fn read_sound(files: &[ProjectFile]) -> (Self, Vec<Fault>) {
        let mut templates =
            Self { environment: environment(), files: BTreeMap::new(), twins: Twins::default() };
        let mut faults = Vec::new();
        for file in files {
            if let Err(fault) = templates.add(file) {
                faults.push(fault);
                let nothing = ProjectFile::new(file.path.clone(), "");
                faults.extend(templates.add(&nothing).err());
            }
        }
        templates.load_twins();
        (templates, faults)
    }

    /// Gives the engine the texts of twins, for parts that are included by their own name.
    fn load_twins(&mut self) {
        let text = |name: &String| Some((name.clone(), self.files.get(name)?.text.clone()));
        let texts: BTreeMap<String, String> = self.twins.names().filter_map(text).collect();
        self.environment.set_loader(move |name| Ok(texts.get(name).cloned()));
    }

    /// Renders `<report>/<file>`.
    pub(super) fn render(&self, file: &str, page: &TemplateContext<'_>) -> Result<String, Fault> {
        let scorecard = page.scorecard;
        let name = format!("{}/{file}", scorecard.report_id);
        if !self.files.contains_key(&name) {
            let message = format!("report `{}` has no template `{file}`", scorecard.report_id);
            return Err(self
                .fault(scorecard, file, message)
                .help("copy it from the report `scorecard`"));
        }
        let template = self.environment.get_template(self.twins.compiled(&name));
        let template = template.map_err(|bad| self.explain(&name, &bad))?;
        let mut output = BoundedOutput::new();
        let rendered = template.render_captured_to(page.value(), &mut output).map(drop);
        rendered.map_err(|bad| self.explain(&name, &bad))?;
        Ok(output.into_text())
    }

    /// A fault of a template as a whole.
    pub(super) fn fault(
        &self,
        scorecard: &Scorecard,
        file: &str,
        message: impl Into<String>,
    ) -> Fault {
        let name = format!("{}/{file}", scorecard.report_id);
        self.file(&name).fault(None, message)
    }

    fn add(&mut self, file: &ProjectFile) -> Result<(), Fault> {
        let name = file.path.strip_prefix("reports/").unwrap_or(&file.path).to_owned();
        if self.files.contains_key(&name) {
            self.twins.remove(&name);
        }
        if self.twins.join(&name, &file.text) {
            self.environment.remove_template(&name);
            self.files.insert(name, file.clone());
            return Ok(());
        }
        if let Some(at) = file.text.find("autoescape") {
            let message = "a template cannot switch escaping off";
            let fault = file.fault(Some(at..at + "autoescape".len()), message);
            return Err(
                fault.help("names and comments come from extracts and must stay text: remove it")
            );
        }
        if let Some(UnsafePlace { span, message, help }) = unsafe_place(&name, &file.text) {
            return Err(file.fault(Some(span), message).help(help));
        }
        self.files.insert(name.clone(), file.clone());
        let added = self.environment.add_template_owned(name.clone(), file.text.clone());
        added.map_err(|bad| self.explain(&name, &bad))?;
        self.twins.add(&name, &file.text);
        Ok(())
    }

    fn file(&self, name: &str) -> ProjectFile {
        self.files
            .get(name)
            .cloned()
            .unwrap_or_else(|| ProjectFile::new(format!("reports/{name}"), ""))
    }

    /// The engine's error as ours, at the position in the template that is really at fault.
    fn explain(&self, name: &str, bad: &Error) -> Fault {
        let inner = innermost(bad);
        let at_fault = inner.name().filter(|at| *at != self.twins.compiled(name));
        let file = self.file(at_fault.unwrap_or(name));
        let line = || inner.line().map(|line| line_span(&file, line));
        let span = inner
            .range()
            .filter(|range| range.end <= file.text.len() && !range.is_empty())
            .or_else(line);
        let message = match (inner.kind(), inner.detail()) {
            (ErrorKind::OutOfFuel, _) => "the template does not come to an end".to_owned(),
            (ErrorKind::WriteFailure, _) => {
                format!("what the template writes is longer than {LONGEST_IN_WORDS}")
            }
            (ErrorKind::UndefinedError, None) => {
                "the scorecard has nothing by this name".to_owned()
            }
            (ErrorKind::UndefinedError, Some(detail)) => {
                format!("the scorecard has nothing by this name: {detail}")
            }
            (_, Some(detail)) => detail.to_owned(),
            (kind, None) => kind.to_string(),
        };
        let fault = file.fault(span, message);
        match inner.kind() {
            ErrorKind::UndefinedError => {
                fault.help("the names are those of `docs/scorecard-json.md`")
            }
            ErrorKind::UnknownFilter => {
                fault.help("templates show and do not compute; see `docs/scorecard-json.md`")
            }
            _ => fault,
        }
    }
}

/// An error inside an include is reported at the include; its cause has the real position.
fn innermost(bad: &Error) -> &Error {
    let mut inner = bad;
    while let Some(cause) =
        std::error::Error::source(inner).and_then(|cause| cause.downcast_ref::<Error>())
    {
        inner = cause;
    }
    inner
}

fn line_span(file: &ProjectFile, line: usize) -> std::ops::Range<usize> {
    let start = file.offset(u64::try_from(line).unwrap_or(1), 1);
    let text = file.text[start..].lines().next().unwrap_or_default();
    let indent = text.len() - text.trim_start().len();
    start + indent..start + text.trim_end().len().max(indent)
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(escape::by_name);
    environment.set_formatter(escape::print);
    environment.set_fuel(Some(FUEL));
    let mut syntax = SyntaxConfig::builder();
    let syntax = syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("the delimiters are the usual ones"));
    // What gives a text that is not escaped any more, or as long a one as its arguments say.
    for filter in [
        "safe",
        "escape",
        "e",
        "tojson",
        "urlencode",
        "indent",
        "format",
        "pprint",
        "batch",
        "slice",
    ] {
        environment.remove_filter(filter);
    }
    for function in ["namespace", "dict", "debug"] {
        environment.remove_global(function);
    }
    environment.add_filter("fold", |text: &str, width: usize, indent: Option<usize>| {
        Ok::<_, Error>(layout::fold(text, bounded(width)?, indent))
    });
    environment.add_filter("leader", |left: &str, right: &str, width: usize| {
        Ok::<_, Error>(layout::leader(left, right, bounded(width)?))
    });
    environment.add_filter("replace", |text: &str, from: &str, to: &str| {
        let times = if from.is_empty() { text.len() + 1 } else { text.matches(from).count() };
        admit_text(text.len().saturating_add(times.saturating_mul(to.len())))?;
        Ok::<_, Error>(text.replace(from, to))
    });
    environment.add_filter("underline", |text: &str, mark: &str| layout::underline(text, mark));
    environment.add_filter("quoted", |text: &str| layout::quoted(text));
    environment
}

/// The width of a line, which no argument can make as wide as the memory.
fn bounded(width: usize) -> Result<usize, Error> {
    const WIDEST: usize = 1_000;
    if (1..=WIDEST).contains(&width) {
        return Ok(width);
    }
    Err(Error::new(
        ErrorKind::InvalidOperation,
        format!("a line is 1 to {WIDEST} letters wide, not {width}"),
    ))
}

/// Refuses a text that a filter would make too long.
fn admit_text(bytes: usize) -> Result<(), Error> {
    if bytes <= LONGEST {
        return Ok(());
    }
    Err(Error::new(ErrorKind::InvalidOperation, format!("a text may have {LONGEST_IN_WORDS}")))
}

/// Most bytes of a document: a page has some hundred thousand.
const LONGEST: usize = 16 << 20;
const LONGEST_IN_WORDS: &str = "16 MiB";

/// Bytes that are ready for a document from its beginning: a page has about as many.
const USUAL: usize = 64 << 10;

/// What a template writes, up to so much of it.
struct BoundedOutput(Vec<u8>);

impl BoundedOutput {
    fn new() -> Self {
        Self(Vec::with_capacity(USUAL))
    }

    fn into_text(mut self) -> String {
        // Documents of all reports may be in memory at once.
        self.0.shrink_to_fit();
        String::from_utf8(self.0).expect("templates write text")
    }
}

impl io::Write for BoundedOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
