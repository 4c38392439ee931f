//! Decoded views of bytes: JSON escapes, percent-encoding, HTML entities, UTF-16. Each view knows which bytes of
//! the original each of its bytes came from, so that what is found in a view can be named or replaced in the original.

use std::ops::Range;

/// How a view undoes an encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// `\"`, `\/`, `\u0061` (RFC 8259 §7).
    Json,
    /// `%61` (RFC 3986 §2.1).
    Percent,
    /// `%61`, and `+` for a space (`application/x-www-form-urlencoded`).
    Form,
    /// `&amp;`, `&#97;`, `&#x61;`.
    Html,
    /// UTF-16 of ASCII text, either byte order: NUL bytes are left out.
    Utf16,
}

impl Coding {
    /// Every coding.
    pub(crate) const ALL: [Self; 5] = [Self::Json, Self::Percent, Self::Form, Self::Html, Self::Utf16];

    /// The word for it in [`crate::evidence::record::CanaryHit::encoding`].
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Percent | Self::Form => "percent",
            Self::Html => "html",
            Self::Utf16 => "utf16",
        }
    }

    /// The byte without which the coding changes nothing.
    const fn trigger(self) -> u8 {
        match self {
            Self::Json => b'\\',
            Self::Percent => b'%',
            Self::Form => b'+',
            Self::Html => b'&',
            Self::Utf16 => 0,
        }
    }
}

/// Which codings can hide the values that are looked for. An escape that stands for a character which none of
/// them has cannot hide one, so most bodies need no decoded view.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Some value has a space, which forms write as `+`.
    space: bool,
    /// Some value has a character with a short JSON escape.
    short_escape: bool,
    /// Some value has a character that may have a named entity.
    punctuation: bool,
}

impl Needs {
    /// The needs of values together.
    pub(crate) fn of<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut needs = Self::default();
        for byte in values.into_iter().flatten() {
            needs.space |= *byte == b' ';
            needs.short_escape |= matches!(byte, b'"' | b'\\' | b'/' | 0..0x20);
            needs.punctuation |= !byte.is_ascii_alphanumeric();
        }
        needs
    }

    /// The needs of both.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            space: self.space || other.space,
            short_escape: self.short_escape || other.short_escape,
            punctuation: self.punctuation || other.punctuation,
        }
    }

    /// The codings that may hide a value in `bytes`.
    pub(crate) fn codings(self, bytes: &[u8]) -> impl Iterator<Item = Coding> {
        let has = |byte: u8| bytes.contains(&byte);
        Coding::ALL.into_iter().filter(move |coding| match coding {
            Coding::Json => has(b'\\') && (self.short_escape || bytes.windows(2).any(|pair| pair == b"\\u")),
            Coding::Form => self.space && has(b'+'),
            Coding::Html => has(b'&') && (self.punctuation || bytes.windows(2).any(|pair| pair == b"&#")),
            Coding::Percent | Coding::Utf16 => has(coding.trigger()),
        })
    }
}

/// Decoded bytes, each with the place in the original from which it came.
#[derive(Debug)]
pub(crate) struct View {
    /// The decoded bytes.
    pub(crate) bytes: Vec<u8>,
    /// For each decoded byte, where its encoded form begins in the original.
    starts: Vec<u32>,
    /// Length of the original.
    source: u32,
}

impl View {
    /// Undoes `coding`; `None` where that changes nothing. `bytes` must be shorter than 4 GiB.
    pub(crate) fn of(bytes: &[u8], coding: Coding) -> Option<Self> {
        if !bytes.contains(&coding.trigger()) {
            return None;
        }
        let mut view = Self {
            bytes: Vec::with_capacity(bytes.len()),
            starts: Vec::with_capacity(bytes.len()),
            source: place(bytes.len()),
        };
        let mut at = 0;
        let mut changed = false;
        while let Some(&byte) = bytes.get(at) {
            let rest = bytes.get(at..).unwrap_or_default();
            if let Some((length, decoded)) = unit(rest, byte, coding) {
                changed = true;
                let mut buffer = [0; 4];
                match decoded {
                    Decoded::Byte(byte) => view.push(byte, at),
                    Decoded::Char(character) => {
                        for byte in character.encode_utf8(&mut buffer).bytes() {
                            view.push(byte, at);
                        }
                    }
                    Decoded::Nothing => {}
                }
                at += length;
            } else {
                view.push(byte, at);
                at += 1;
            }
        }
        changed.then_some(view)
    }

    /// Undoes another coding over this view; places are still those of the first original.
    pub(crate) fn then(&self, coding: Coding) -> Option<Self> {
        let mut view = Self::of(&self.bytes, coding)?;
        for start in &mut view.starts {
            *start = usize::try_from(*start)
                .ok()
                .and_then(|at| self.starts.get(at))
                .copied()
                .unwrap_or(self.source);
        }
        view.source = self.source;
        Some(view)
    }

    /// The range of the original that a range of this view came from.
    pub(crate) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let start = self.starts.get(range.start).copied().unwrap_or(self.source);
        let last = range
            .end
            .checked_sub(1)
            .and_then(|last| self.starts.get(last))
            .copied()
            .unwrap_or(start);
        // Bytes of one escape share their start: the end is where the next escape begins.
        let end = self
            .starts
            .iter()
            .skip(range.end)
            .copied()
            .find(|next| *next > last)
            .unwrap_or(self.source);
        start as usize..end as usize
    }

    fn push(&mut self, byte: u8, at: usize) {
        self.bytes.push(byte);
        self.starts.push(place(at));
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

enum Decoded {
    Byte(u8),
    Char(char),
    Nothing,
}

/// The encoded unit at the beginning of `rest`, if one stands there: its length and what it means.
fn unit(rest: &[u8], first: u8, coding: Coding) -> Option<(usize, Decoded)> {
    match (coding, first) {
        (Coding::Json, b'\\') => json_unit(rest),
        (Coding::Percent | Coding::Form, b'%') => {
            Some((3, Decoded::Byte(u8::try_from(hex_number(rest.get(1..3)?)?).ok()?)))
        }
        (Coding::Form, b'+') => Some((1, Decoded::Byte(b' '))),
        (Coding::Html, b'&') => html_unit(rest),
        (Coding::Utf16, 0) => Some((1, Decoded::Nothing)),
        _ => None,
    }
}

fn json_unit(rest: &[u8]) -> Option<(usize, Decoded)> {
    let plain = |byte| Some((2, Decoded::Byte(byte)));
    match rest.get(1)? {
        byte @ (b'"' | b'\\' | b'/') => plain(*byte),
        b'b' => plain(8),
        b'f' => plain(12),
        b'n' => plain(b'\n'),
        b'r' => plain(b'\r'),
        b't' => plain(b'\t'),
        b'u' => {
            let high = hex_number(rest.get(2..6)?)?;
            if (0xD800..0xDC00).contains(&high)
                && rest.get(6..8) == Some(b"\\u")
                && let Some(low) = rest.get(8..12).and_then(hex_number)
                && (0xDC00..0xE000).contains(&low)
            {
                let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return Some((12, Decoded::Char(char::from_u32(code)?)));
            }
            Some((
                6,
                Decoded::Char(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER)),
            ))
        }
        _ => None,
    }
}

fn html_unit(rest: &[u8]) -> Option<(usize, Decoded)> {
    if rest.get(1) == Some(&b'#') {
        let hexadecimal = matches!(rest.get(2), Some(b'x' | b'X'));
        let from = if hexadecimal { 3 } else { 2 };
        let digits = rest.get(from..)?.iter().take(9);
        let digits = digits.take_while(|byte| {
            if hexadecimal {
                byte.is_ascii_hexdigit()
            } else {
                byte.is_ascii_digit()
            }
        });
        let end = from + digits.count();
        let text = std::str::from_utf8(rest.get(from..end)?).ok()?;
        let code = u32::from_str_radix(text, if hexadecimal { 16 } else { 10 }).ok()?;
        let semicolon = usize::from(rest.get(end) == Some(&b';'));
        return Some((end + semicolon, Decoded::Char(char::from_u32(code)?)));
    }
    let length = rest.iter().take(10).position(|byte| *byte == b';')?;
    let name = rest.get(1..length)?;
    let (_, character) = ENTITIES.iter().find(|(entity, _)| entity.as_bytes() == name)?;
    Some((length + 1, Decoded::Char(*character)))
}

/// The number that hex digits, and nothing else, write.
fn hex_number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, digit| {
        Some(number << 4 | char::from(*digit).to_digit(16)?)
    })
}

/// Named entities of punctuation that templates and frameworks write.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("sol", '/'),
    ("plus", '+'),
    ("equals", '='),
    ("colon", ':'),
    ("semi", ';'),
    ("period", '.'),
    ("comma", ','),
    ("num", '#'),
    ("commat", '@'),
    ("excl", '!'),
    ("quest", '?'),
    ("percnt", '%'),
    ("dollar", '$'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("bsol", '\\'),
    ("nbsp", '\u{a0}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, coding: Coding, expected: &str) {
        let view = View::of(text.as_bytes(), coding).expect("the coding changes the text");
        assert_eq!(String::from_utf8_lossy(&view.bytes), expected, "{text}");
    }

    #[test]
    fn each_coding_is_undone() {
        check(r#"a\u0062\/\"\n\ud83d\ude00"#, Coding::Json, "ab/\"\n😀");
        check(r"\u00zz\/", Coding::Json, r"\u00zz/");
        check("%61%2f%2G+", Coding::Percent, "a/%2G+");
        check("a+b%20c", Coding::Form, "a b c");
        check("&#97;&#x62;&amp;&#00099;&unknown;&", Coding::Html, "ab&c&unknown;&");
        check("a\0b\0", Coding::Utf16, "ab");
    }

    #[test]
    fn only_codings_that_can_hide_a_value_are_undone() {
        let check = |value: &str, text: &str, expected: &[Coding]| {
            let codings: Vec<Coding> = Needs::of([value.as_bytes()]).codings(text.as_bytes()).collect();
            assert_eq!(codings, expected, "{value} {text}");
        };
        check("abc", r#"{"a\n": "x+y & z"}"#, &[]);
        check(
            "abc",
            r"\u0061 %61 &#97;",
            &[Coding::Json, Coding::Percent, Coding::Html],
        );
        check("a/c", r"\/", &[Coding::Json]);
        check("a c", "a+c &", &[Coding::Form, Coding::Html]);
    }

    #[test]
    fn a_view_that_changes_nothing_is_none() {
        assert!(View::of(b"plain", Coding::Json).is_none());
        assert!(View::of(b"100% sure", Coding::Percent).is_none());
    }

    #[test]
    fn places_lead_back_through_two_codings() {
        // JSON inside percent-encoding: %5Cu0061 is \u0061 is a.
        let source = b"xx%5Cu0061yy";
        let view = View::of(source, Coding::Percent).unwrap().then(Coding::Json).unwrap();
        assert_eq!(view.bytes, b"xxayy");
        assert_eq!(view.origin(2..3), 2..10);
        assert_eq!(view.origin(0..5), 0..12);
    }

    #[test]
    fn bytes_of_one_escape_share_their_place() {
        let view = View::of(br"\u00e9x", Coding::Json).unwrap();
        assert_eq!(view.bytes, "éx".as_bytes());
        assert_eq!(view.origin(0..1), 0..6);
        assert_eq!(view.origin(1..3), 0..7);
    }
}
