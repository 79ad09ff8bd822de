//! What a workbook says about its sheets: their names, shared texts, and which styles are dates.

use quick_xml::events::Event;

use super::archive::{Archive, attribute};
use super::moment::DateStyle;
use super::part::push_text;
use crate::refusal::Refusal;

/// A workbook without its sheets.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// Visible sheets in the order of their tabs: name and part.
    pub(super) sheets: Vec<(String, String)>,
    /// Days are counted from 1904.
    pub(super) is_1904: bool,
    /// What numbers are, by the style of their cell.
    pub(super) styles: Vec<DateStyle>,
    pub(super) texts: SharedTexts,
}

/// Texts that cells share, laid end to end.
#[derive(Debug, Default)]
pub(super) struct SharedTexts {
    text: String,
    ends: Vec<u32>,
}

impl SharedTexts {
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end)
    }

    fn end(&mut self) -> Result<(), Refusal> {
        let end = u32::try_from(self.text.len());
        self.ends.push(end.map_err(|_| Refusal::BadXlsx("its texts have more than 4 GiB".into()))?);
        Ok(())
    }
}

impl Book {
    pub(super) fn read(archive: &mut Archive) -> Result<Self, Refusal> {
        let roots = archive.references("")?;
        let workbook = roots.into_values().find(|(kind, _)| kind == "officeDocument");
        let workbook = workbook.map_or_else(|| "xl/workbook.xml".to_owned(), |(_, part)| part);
        let parts = archive.references(&workbook)?;
        let mut book = Self::default();
        for (id, name, is_visible) in book.sheets_of(archive, &workbook)? {
            if let Some((kind, part)) = parts.get(&id)
                && is_visible
                && kind == "worksheet"
            {
                book.sheets.push((name, part.clone()));
            }
        }
        for (kind, part) in parts.into_values() {
            match kind.as_str() {
                _ if !archive.has(&part) => {}
                "sharedStrings" => book.read_texts(archive, &part)?,
                "styles" => book.read_styles(archive, &part)?,
                _ => {}
            }
        }
        Ok(book)
    }

    /// For each sheet its reference, its name and whether it is shown.
    fn sheets_of(
        &mut self,
        archive: &mut Archive,
        part: &str,
    ) -> Result<Vec<(String, String, bool)>, Refusal> {
        let mut xml = archive.held(part)?;
        let mut sheets = Vec::new();
        loop {
            match xml.next()? {
                Event::Eof => return Ok(sheets),
                Event::Start(tag) if tag.local_name().as_ref() == "workbookPr" => {
                    let flag = attribute(&tag, "date1904")?;
                    self.is_1904 = flag.is_some_and(|flag| flag == "1" || flag == "true");
                }
                Event::Start(tag) if tag.local_name().as_ref() == "sheet" => {
                    let is_visible =
                        attribute(&tag, "state")?.is_none_or(|state| state == "visible");
                    if let (Some(id), Some(name)) =
                        (attribute(&tag, "id")?, attribute(&tag, "name")?)
                    {
                        sheets.push((id, name, is_visible));
                    }
                }
                _ => {}
            }
        }
    }

    fn read_texts(&mut self, archive: &mut Archive, part: &str) -> Result<(), Refusal> {
        let mut xml = archive.held(part)?;
        let mut text = RichText::default();
        loop {
            let event = xml.next()?;
            match &event {
                Event::Eof => return Ok(()),
                Event::End(tag) if tag.local_name().as_ref() == "si" => {
                    self.texts.text.push_str(&text.take());
                    self.texts.end()?;
                }
                event => text.on_event(event)?,
            }
        }
    }

    fn read_styles(&mut self, archive: &mut Archive, part: &str) -> Result<(), Refusal> {
        let mut xml = archive.held(part)?;
        let (mut formats, mut is_cell_styles) = (std::collections::HashMap::new(), false);
        loop {
            match xml.next()? {
                Event::Eof => return Ok(()),
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "numFmt" => {
                        if let (Some(id), Some(code)) =
                            (attribute(&tag, "numFmtId")?, attribute(&tag, "formatCode")?)
                        {
                            formats.insert(id, DateStyle::of_code(&code));
                        }
                    }
                    "cellXfs" => is_cell_styles = true,
                    "xf" if is_cell_styles => {
                        let id = attribute(&tag, "numFmtId")?.unwrap_or_default();
                        let style = formats.get(&id).copied();
                        self.styles.push(
                            style.unwrap_or_else(|| DateStyle::built_in(id.parse().unwrap_or(0))),
                        );
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => is_cell_styles = false,
                _ => {}
            }
        }
    }
}

/// A text in pieces: runs of different looks, and how it is pronounced, which is left out.
#[derive(Debug, Default)]
pub(super) struct RichText {
    text: String,
    is_text: bool,
    is_pronunciation: bool,
}

impl RichText {
    /// Takes the next token.
    pub(super) fn on_event(&mut self, event: &Event) -> Result<(), Refusal> {
        match event {
            Event::Start(tag) if tag.local_name().as_ref() == "t" => {
                self.is_text = !self.is_pronunciation;
            }
            Event::Start(tag) if tag.local_name().as_ref() == "rPh" => self.is_pronunciation = true,
            Event::End(tag) if tag.local_name().as_ref() == "t" => self.is_text = false,
            Event::End(tag) if tag.local_name().as_ref() == "rPh" => self.is_pronunciation = false,
            event if self.is_text => {
                let unknown = || Refusal::BadXlsx("it has an entity that XML does not know".into());
                push_text(event, &mut self.text).ok_or_else(unknown)?;
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The whole text; empty after it.
    pub(super) fn take(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        if text.contains("_x") { unescaped(&text) } else { text }
    }
}

/// Characters that XML cannot hold are written `_x000D_`, by the number of their UTF-16 unit.
fn unescaped(text: &str) -> String {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        units.extend(rest[..at].encode_utf16());
        let digits =
            rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let is_number = |digits: &&str| digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let unit = digits.filter(is_number).and_then(|digits| u16::from_str_radix(digits, 16).ok());
        if let Some(unit) = unit {
            units.push(unit);
            rest = &rest[at + 7..];
        } else {
            units.extend("_x".encode_utf16());
            rest = &rest[at + 2..];
        }
    }
    units.extend(rest.encode_utf16());
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected: ECMA-376 part 1, 22.4.2.4.
    #[test]
    fn an_underscore_x_stands_for_what_xml_cannot_hold() {
        assert_eq!(
            unescaped("a_x000D_b_x005F_x000D__x00e9__xZZZZ__x12_é"),
            "a\rb_x000D_é_xZZZZ__x12_é"
        );
        assert_eq!(unescaped("_xD83D__xDE00_"), "😀");
    }
}
