//! A JSON scanner of our own for what a parser hides: byte-order mark, trailing bytes, doubled members, and the
//! JSON pointer of a byte. Linear, never recursive, bounded depth; it judges form alone and builds no value.

use std::borrow::Cow;
use std::collections::HashSet;

use super::views::{Coding, View};

/// Deeper texts count as not well-formed.
pub const DEEPEST: usize = 512;

/// How many doubled members are named.
const DOUBLED_KEPT: usize = 20;

/// The longest member name and JSON pointer that evidence shows, in characters.
const LONGEST_NAME: usize = 200;

/// What the form of a text is, as JSON (RFC 8259).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JsonFacts {
    /// One well-formed JSON text in UTF-8 and nothing else; a byte-order mark is something else (RFC 8259 §8.1).
    pub well_formed: bool,
    /// The text begins with a byte-order mark.
    pub bom: bool,
    /// A well-formed JSON text is followed by something else.
    pub trailing: bool,
    /// Member names that stand twice in one object, decoded and cut to 200 characters; the first 20.
    pub doubled: Vec<String>,
}

/// Scans a whole text.
pub fn json_facts(bytes: &[u8]) -> JsonFacts {
    let mut facts = JsonFacts {
        bom: bytes.starts_with(BOM),
        ..JsonFacts::default()
    };
    let text = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let mut scanner = Scanner {
        doubled: Some(Vec::new()),
        ..Scanner::new(text)
    };
    let whole = scanner.run(usize::MAX).is_some();
    facts.trailing = whole && scanner.at < text.len();
    facts.well_formed = whole && !facts.trailing && !facts.bom && std::str::from_utf8(bytes).is_ok();
    facts.doubled = scanner.doubled.unwrap_or_default();
    facts
}

/// The JSON pointers (RFC 6901) of the values in which bytes stand, found in one scan; `offsets` ascend. `None` where
/// the text before a byte is no JSON. A byte of a member name gives the pointer of its object, followed by
/// `/‹nama anggota›`, so that what the name says is not repeated.
pub fn pointers(bytes: &[u8], offsets: &[usize]) -> Vec<Option<String>> {
    let lead = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
    let mut scanner = Scanner::new(bytes.get(lead..).unwrap_or_default());
    let mut well = true;
    let mut pointer = |offset: usize| {
        let offset = offset.checked_sub(lead)?;
        // A byte of the token that was scanned last needs no further scan.
        if well && scanner.at <= offset {
            well = scanner.run(offset).is_some();
        }
        (well || scanner.at > offset).then(|| scanner.pointer())
    };
    offsets.iter().map(|offset| pointer(*offset)).collect()
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    ValueOrEnd,
    Name,
    NameOrEnd,
    CommaOrEnd,
}

struct Frame<'a> {
    object: bool,
    /// Elements before the present one, in an array.
    index: usize,
    /// The present member's name, still escaped.
    name: &'a [u8],
    in_name: bool,
    seen: HashSet<Cow<'a, [u8]>>,
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    next: Next,
    frames: Vec<Frame<'a>>,
    /// `None` where doubled members are not looked for.
    doubled: Option<Vec<String>>,
}

impl<'a> Scanner<'a> {
    const fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            next: Next::Value,
            frames: Vec::new(),
            doubled: None,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Scans on to the end of the value, or until the token that holds the byte `until` is done. `Some` if what was
    /// scanned is well-formed; the frames then tell where the scanner stands.
    fn run(&mut self, until: usize) -> Option<()> {
        if self.frames.last().is_some_and(|frame| frame.in_name) {
            self.colon()?;
        }
        while self.next != Next::CommaOrEnd || !self.frames.is_empty() {
            self.space();
            let byte = self.peek()?;
            match (self.next, byte) {
                (Next::ValueOrEnd, b']') | (Next::NameOrEnd, b'}') => {
                    self.close();
                    self.next = Next::CommaOrEnd;
                }
                (Next::Value | Next::ValueOrEnd, b'{' | b'[') => {
                    if self.frames.len() >= DEEPEST {
                        return None;
                    }
                    let object = byte == b'{';
                    self.at += 1;
                    self.frames.push(Frame {
                        object,
                        index: 0,
                        name: b"",
                        in_name: false,
                        seen: HashSet::new(),
                    });
                    self.next = if object { Next::NameOrEnd } else { Next::ValueOrEnd };
                }
                (Next::Value | Next::ValueOrEnd, _) => {
                    self.scalar(byte)?;
                    self.next = Next::CommaOrEnd;
                }
                (Next::Name | Next::NameOrEnd, b'"') => {
                    self.name(until)?;
                    self.next = Next::Value;
                }
                (Next::CommaOrEnd, b',') => {
                    self.at += 1;
                    let frame = self.frames.last_mut()?;
                    frame.index += 1;
                    self.next = if frame.object { Next::Name } else { Next::Value };
                }
                (Next::CommaOrEnd, b'}' | b']') => {
                    if self.frames.last()?.object != (byte == b'}') {
                        return None;
                    }
                    self.close();
                }
                _ => return None,
            }
            if self.at > until {
                return Some(());
            }
        }
        self.space();
        Some(())
    }

    fn close(&mut self) {
        self.at += 1;
        self.frames.pop();
    }

    fn name(&mut self, until: usize) -> Option<()> {
        if let Some(frame) = self.frames.last_mut() {
            frame.in_name = true;
        }
        let start = self.at + 1;
        self.string()?;
        let name = self.text.get(start..self.at - 1)?;
        let at = self.at;
        let frame = self.frames.last_mut()?;
        frame.name = name;
        if at > until {
            return Some(());
        }
        if let Some(doubled) = &mut self.doubled {
            let decoded = View::of(name, Coding::Json).map_or(Cow::Borrowed(name), |view| Cow::Owned(view.bytes));
            if let Some(twice) = frame.seen.replace(decoded)
                && doubled.len() < DOUBLED_KEPT
            {
                let name: String = String::from_utf8_lossy(&twice).chars().take(LONGEST_NAME).collect();
                if !doubled.contains(&name) {
                    doubled.push(name);
                }
            }
        }
        self.colon()
    }

    /// What parts a member's name from its value.
    fn colon(&mut self) -> Option<()> {
        if let Some(frame) = self.frames.last_mut() {
            frame.in_name = false;
        }
        self.space();
        (self.peek()? == b':').then(|| self.at += 1)
    }

    fn scalar(&mut self, first: u8) -> Option<()> {
        match first {
            b'"' => self.string(),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            b'-' | b'0'..=b'9' => self.number(),
            _ => None,
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.text
            .get(self.at..)?
            .starts_with(word)
            .then(|| self.at += word.len())
    }

    /// A string, from its opening to behind its closing quotation mark.
    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => {
                    self.at += match self.text.get(self.at + 1)? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
                        b'u' if self
                            .text
                            .get(self.at + 2..self.at + 6)?
                            .iter()
                            .all(u8::is_ascii_hexdigit) =>
                        {
                            6
                        }
                        _ => return None,
                    };
                }
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
    }

    fn number(&mut self) -> Option<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    /// Where the scanner stands.
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for frame in &self.frames {
            pointer.push('/');
            match (frame.object, frame.in_name) {
                (false, _) => pointer.push_str(&frame.index.to_string()),
                (true, true) => pointer.push_str("‹nama anggota›"),
                (true, false) => {
                    let name = View::of(frame.name, Coding::Json)
                        .map_or(Cow::Borrowed(frame.name), |view| Cow::Owned(view.bytes));
                    let name = String::from_utf8_lossy(&name);
                    pointer.extend(name.chars().take(LONGEST_NAME).flat_map(|character| match character {
                        '~' => vec!['~', '0'],
                        '/' => vec!['~', '1'],
                        other => vec![other],
                    }));
                }
            }
            if pointer.len() > LONGEST_NAME * 4 {
                pointer.push_str("/…");
                break;
            }
        }
        pointer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_parser_about_form() {
        let cases: &[&[u8]] = &[
            b"{}",
            b"[]",
            b" {\"a\": [1, -0.5e+3, true, null, \"\\u00e9\\/\"]} \n",
            b"\"\"",
            b"0",
            b"-",
            b"01",
            b"1.",
            b"1e",
            b"[1,]",
            b"{\"a\":1,}",
            b"{\"a\"}",
            b"{a:1}",
            b"[1 2]",
            b"[1}",
            b"{]",
            b"]",
            b"",
            b"tru",
            b"\"\\x\"",
            b"\"a\nb\"",
            b"\"unfinished",
            b"{\"a\":{\"b\":[{}]}}",
            b"\xff",
        ];
        for case in cases {
            let parsed = serde_json::from_slice::<serde_json::Value>(case).is_ok();
            assert_eq!(
                json_facts(case).well_formed,
                parsed,
                "{}",
                String::from_utf8_lossy(case)
            );
        }
    }

    #[test]
    fn tells_what_a_parser_hides() {
        let facts = json_facts(br#"{"a":1,"b":{"a":2,"a":3},"\u0061":4}"#);
        assert_eq!((facts.well_formed, facts.doubled), (true, vec!["a".to_owned()]));
        let facts = json_facts(b"\xef\xbb\xbf{}");
        assert!(facts.bom && !facts.well_formed && !facts.trailing);
        let facts = json_facts(b"{} {}");
        assert!(facts.trailing && !facts.well_formed);
        assert!(!json_facts(b"\"\xff\"").well_formed, "JSON is UTF-8");
    }

    #[test]
    fn depth_is_bounded_without_recursion() {
        let deep = [vec![b'['; 400], vec![b']'; 400]].concat();
        assert!(json_facts(&deep).well_formed);
        assert!(!json_facts(&vec![b'['; 1_000_000]).well_formed);
    }

    #[test]
    fn names_the_place_of_a_byte() {
        let text = br#"{"data": [{"x": 1}, {"a/b": "here", "key": 2}]}"#;
        let find = |needle: &str| {
            let at = std::str::from_utf8(text).unwrap().find(needle).unwrap();
            pointers(text, &[at]).remove(0).unwrap()
        };
        assert_eq!(find("here"), "/data/1/a~1b");
        assert_eq!(find("1}"), "/data/0/x");
        assert_eq!(find("key"), "/data/1/‹nama anggota›");
        assert_eq!(pointers(b"\"abc\"", &[2]), [Some(String::new())]);
        assert_eq!(pointers(b"<html>", &[3]), [None]);
        assert_eq!(pointers(b"[1, tru", &[1, 5]), [Some("/0".to_owned()), None]);
    }

    #[test]
    fn one_scan_tells_of_all_bytes_what_single_scans_tell() {
        let texts: [&[u8]; 6] = [
            br#"{"data": [{"x": 1}, {"a/b": "here", "key" : [true, null, -1.5e3]}], "z": {}} "#,
            b"\xef\xbb\xbf[[], {\"a\": \"b\\u0041\"}]",
            br#"["a", "b" "c"]"#,
            br#"{"a" 1}"#,
            b"\"only\"",
            b"",
        ];
        for text in texts {
            // What is planted stands inside tokens; the colon and blanks between them belong to either side.
            let planted = |at: &usize| text.get(*at).is_none_or(u8::is_ascii_alphanumeric);
            let offsets: Vec<usize> = (0..text.len() + 2).filter(planted).collect();
            let single: Vec<_> = offsets
                .iter()
                .map(|offset| pointers(text, &[*offset]).remove(0))
                .collect();
            assert_eq!(pointers(text, &offsets), single, "{}", String::from_utf8_lossy(text));
        }
    }
}
