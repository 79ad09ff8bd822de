//! The bytes of a file, as data: texts, bytes, repeated parts, samples, and what is done with them.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;

use crate::binary::root;

/// A file, or what lies in its place.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Content {
    text: String,
    hex: String,
    parts: Vec<Part>,
    /// A file of the repository.
    copy: String,
    /// What is done with the bytes, in order: see [`changed`].
    steps: Vec<String>,
    /// Where a link in its place leads.
    link: String,
    /// `pipe` or `folder` in its place.
    special: String,
    /// Bits of its mode, as octal digits.
    mode: String,
}

/// A text or bytes, some times.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Part {
    text: String,
    hex: String,
    times: Option<usize>,
}

impl Content {
    pub(super) fn of(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// Writes it to a path whose folder is there or is made.
    pub(super) fn write(&self, path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match self.special.as_str() {
            "pipe" => assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
            "folder" => fs::create_dir(path).unwrap(),
            "" if !self.link.is_empty() => std::os::unix::fs::symlink(&self.link, path).unwrap(),
            "" => fs::write(path, self.bytes()).unwrap(),
            other => panic!("`special` is `pipe` or `folder`, not `{other}`"),
        }
        if !self.mode.is_empty() {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = u32::from_str_radix(&self.mode, 8).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.text.clone().into_bytes();
        bytes.extend(unhex(&self.hex));
        for part in &self.parts {
            let one = [part.text.as_bytes(), &unhex(&part.hex)].concat();
            bytes.extend(one.repeat(part.times.unwrap_or(1)));
        }
        if !self.copy.is_empty() {
            bytes.extend(fs::read(root().join(&self.copy)).unwrap());
        }
        self.steps.iter().fold(bytes, |bytes, step| changed(bytes, step))
    }
}

/// Bytes after a step: `gzip`, `utf16le`, `utf16be`, `latin1`, `keep 10`, `drop 10`, `cut_end 10`, `append HEX`, `set 4 HEX`.
fn changed(mut bytes: Vec<u8>, step: &str) -> Vec<u8> {
    let words: Vec<&str> = step.split(' ').collect();
    let number = || words[1].parse::<usize>().unwrap();
    match words[0] {
        "gzip" => gzip(&bytes),
        "utf16le" => text(&bytes).encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf16be" => text(&bytes).encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "latin1" => text(&bytes).chars().map(|letter| u8::try_from(letter).unwrap()).collect(),
        "keep" => bytes[..number()].to_vec(),
        "drop" => bytes[number()..].to_vec(),
        "cut_end" => bytes[..bytes.len() - number()].to_vec(),
        "append" => [bytes, unhex(words[1])].concat(),
        "set" => {
            let new = unhex(words[2]);
            bytes[number()..number() + new.len()].copy_from_slice(&new);
            bytes
        }
        other => panic!("there is no step `{other}`"),
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn unhex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(|digit| *digit != b' ').collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(text(pair), 16).unwrap()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}
