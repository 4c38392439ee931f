//! Planted values and how they are found again, in whatever encoding an answer holds them (keamanan.md, annex A4).
//! Canaries begin with the run's nonce, so that one search finds any of them and the tail names it; digit-only
//! values are cut out as tokens and looked up. Evidence says which value stood where, never the value.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::alphabet::{STANDARD as STANDARD_ALPHABET, URL_SAFE};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use self::text::{nibble, nonce_of, runs, significant};
use super::record::{CanaryHit, Scope};
use super::scan::pointers;
use super::shared_values::SharedValues;
use super::views::{Needs, View};

/// How many hits one search keeps: of values that may be published, and as many of those that may not, so that a
/// long list of public texts hides no private one. A page of a hundred complaints, each with six, is told whole.
const HITS_KEPT: usize = 800;

/// How many of one canary that may be published.
const HITS_OF_ONE: usize = 3;

/// How many of one private value; what an account fixes stands in many entries of a list, and each tells of another.
const HITS_OF_ONE_PRIVATE: usize = 100;

/// Bodies are searched in pieces of this size, so that their decoded views stay small.
const PIECE: usize = 256 * 1024;

/// What neighbouring pieces share: more than the longest encoded form of a planted value.
const OVERLAP: usize = 16 * 1024;

/// The shortest run of base64 or hex characters that is decoded.
const SHORTEST_BASE64: usize = 12;
const SHORTEST_HEX: usize = 16;

/// Lengths of digit-only values.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=20;

/// The planted values of a run. Clones share them.
#[derive(Debug, Clone)]
pub struct CanaryBook {
    state: Arc<RwLock<State>>,
}

#[derive(Debug)]
struct State {
    /// Every nonce of the run, the present one last; lower case.
    nonces: Vec<String>,
    /// Tail letter of each field, by the order of planting.
    letters: Vec<String>,
    /// What a nonce (by number) and a tail mean.
    tails: HashMap<(usize, [u8; TAIL]), Planted>,
    /// Digit-only values, telephone prefixes removed.
    digits: HashMap<String, Planted>,
    /// Other registered values, lower case.
    values: Vec<(String, Planted)>,
    matcher: Option<Arc<Matcher>>,
    shared: SharedValues,
}

/// One planted value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Planted {
    fixture: u32,
    field: String,
    private: bool,
}

/// Searches for every nonce, then for every registered text.
#[derive(Debug)]
struct Matcher {
    automaton: Option<AhoCorasick>,
    nonces: usize,
    needs: Needs,
}

/// A planted value found: which, where, in which encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Offset of its encoded form in the bytes searched.
    pub offset: usize,
    /// `plain`, `json`, `percent`, `html`, `base64`, `hex`, `utf16`.
    pub encoding: &'static str,
    /// The fixture's number; 0 where the tail names no planted value.
    pub fixture: u32,
    /// Which value of the fixture; `tidak_dikenal` where only the nonce is known.
    pub field: String,
    /// Whether it must never be published.
    pub private: bool,
}

impl Found {
    /// The hit as evidence keeps it.
    pub fn at(&self, place: String) -> CanaryHit {
        CanaryHit {
            canary: format!("{}@{}", self.field, self.fixture),
            fixture: self.fixture,
            field: self.field.clone(),
            private: self.private,
            place,
            encoding: self.encoding.to_owned(),
        }
    }
}

impl CanaryBook {
    /// An empty book under a nonce: 16 ASCII letters and digits, drawn at random for the run.
    /// Other characters are left out.
    pub fn new(nonce: &str) -> Self {
        let state = State {
            nonces: vec![nonce_of(nonce)],
            letters: Vec::new(),
            tails: HashMap::new(),
            digits: HashMap::new(),
            values: Vec::new(),
            matcher: None,
            shared: SharedValues::default(),
        };
        Self {
            state: Arc::new(RwLock::new(state)),
        }
    }

    /// The present nonce.
    pub fn nonce(&self) -> String {
        self.state
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .nonces
            .last()
            .cloned()
            .unwrap_or_default()
    }

    /// Plants under another nonce from now on (second attempt); what was planted before stays known.
    pub fn renew(&self, nonce: &str) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.nonces.push(nonce_of(nonce));
        state.matcher = None;
    }

    /// The canary of a field of a fixture: the nonce, the fixture's number as three base-36 digits, and a letter
    /// for the field. Put it into the value that is sent. Numbers from 46,656 on share tails.
    pub fn plant(&self, fixture: u32, field: &str, private: bool) -> String {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let letter = if let Some(at) = state.letters.iter().position(|known| known == field) {
            at
        } else {
            state.letters.push(field.to_owned());
            state.letters.len() - 1
        };
        let digit = |number: usize| {
            u32::try_from(number % 36)
                .ok()
                .and_then(|digit| char::from_digit(digit, 36))
                .unwrap_or('0')
        };
        let number = fixture as usize;
        let tail = [
            digit(number / 1296),
            digit(number / 36),
            digit(number),
            digit(letter + 10),
        ];
        let key = tail.map(|character| u8::try_from(character).unwrap_or(b'0'));
        let nonce = state.nonces.len().saturating_sub(1);
        state.tails.insert(
            (nonce, key),
            Planted {
                fixture,
                field: field.to_owned(),
                private,
            },
        );
        let mut canary = state.nonces.last().cloned().unwrap_or_default();
        canary.extend(tail);
        canary
    }

    /// Registers a value that cannot hold the nonce: NIK, telephone number, what the account fixes.
    ///
    /// Digit-only values of 8 to 20 digits (a telephone number with `+62`, `62` or `0` before it) are found between
    /// non-digits only; other values of at least 5 bytes anywhere. Shorter ones are not searched for: they would be
    /// found everywhere.
    pub fn register_value(&self, fixture: u32, field: &str, private: bool, value: &str) {
        let planted = Planted {
            fixture,
            field: field.to_owned(),
            private,
        };
        let value = value.trim().to_ascii_lowercase();
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let number: String = value
            .chars()
            .filter(|character| !" -.()+".contains(*character))
            .collect();
        if DIGITS.contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()) {
            let earlier = state.digits.insert(significant(&number).to_owned(), planted);
            state.share(field, fixture, earlier);
        } else if value.len() >= 5 {
            let earlier = if let Some((_, earlier)) = state.values.iter_mut().find(|(known, _)| *known == value) {
                Some(std::mem::replace(earlier, planted))
            } else {
                state.values.push((value, planted));
                state.matcher = None;
                None
            };
            state.share(field, fixture, earlier);
        }
    }

    /// A row calls a fixture by a label from now on.
    pub(super) fn call(&self, row: &str, attempt: u8, label: &str, fixture: u32) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.shared.call(row, attempt, label, fixture);
    }

    /// Gives values that several complaints share to the one that an answer tells of; `object` is what the request
    /// was about.
    pub(super) fn attribute(&self, hits: &mut [CanaryHit], scope: &Scope, object: Option<&str>) {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let about = object
            .zip(scope.row.as_deref())
            .and_then(|(label, row)| state.shared.called(row, scope.attempt, label));
        state.shared.attribute(hits, about);
    }

    /// Everything planted that stands in `bytes`, by offset; at most 800 that may be published and 800 that may
    /// not, and of one value 3 and 100.
    pub fn search(&self, bytes: &[u8]) -> Vec<Found> {
        let matcher = self.matcher();
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let mut search = Search {
            state: &state,
            matcher: &matcher,
            found: Vec::new(),
        };
        let mut start = 0;
        loop {
            let end = bytes.len().min(start + PIECE);
            search.piece(bytes, start..end);
            if end == bytes.len() {
                break;
            }
            start = end - OVERLAP;
        }
        let mut found = search.found;
        found.sort_by(|a, b| a.offset.cmp(&b.offset).then_with(|| a.field.cmp(&b.field)));
        found
    }

    /// Everything planted that stands in a body, with places `body:/pointer` in JSON and `body@offset` elsewhere.
    pub fn search_body(&self, body: &[u8], json: bool) -> Vec<CanaryHit> {
        let found = self.search(body);
        let mut offsets: Vec<usize> = found.iter().map(|found| found.offset).collect();
        offsets.sort_unstable();
        offsets.dedup();
        let pointers = if json {
            pointers(body, &offsets)
        } else {
            vec![None; offsets.len()]
        };
        let places: BTreeMap<usize, Option<String>> = offsets.into_iter().zip(pointers).collect();
        let place = |found: &Found| match places.get(&found.offset) {
            Some(Some(pointer)) => found.at(format!("body:{pointer}")),
            _ => found.at(format!("body@{}", found.offset)),
        };
        found.iter().map(place).collect()
    }

    fn matcher(&self) -> Arc<Matcher> {
        if let Some(matcher) = &self.state.read().unwrap_or_else(PoisonError::into_inner).matcher {
            return Arc::clone(matcher);
        }
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let patterns = state.nonces.iter().chain(state.values.iter().map(|(value, _)| value));
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(patterns).ok();
        let matcher = Arc::new(Matcher {
            automaton,
            nonces: state.nonces.len(),
            needs: Needs::of(state.values.iter().map(|(value, _)| value.as_bytes())),
        });
        state.matcher = Some(Arc::clone(&matcher));
        matcher
    }
}

impl State {
    fn share(&mut self, field: &str, fixture: u32, earlier: Option<Planted>) {
        if let Some(earlier) = earlier.filter(|earlier| earlier.field == field) {
            self.shared.join(field, earlier.fixture, fixture);
        }
    }
}

/// One search over one body.
struct Search<'a> {
    state: &'a State,
    matcher: &'a Matcher,
    found: Vec<Found>,
}

impl Search<'_> {
    /// Searches one piece of the body, raw and under every coding that changes it.
    fn piece(&mut self, body: &[u8], range: Range<usize>) {
        let bytes = body.get(range.clone()).unwrap_or_default();
        // A number that touches the edge of a piece inside the body is whole in the neighbouring piece.
        let cut = (range.start > 0, range.end < body.len());
        self.view(bytes, "plain", cut, &|place| range.start + place.start);
        for coding in self.matcher.needs.codings(bytes) {
            if let Some(view) = View::of(bytes, coding) {
                self.view(&view.bytes, coding.id(), cut, &|place| {
                    range.start + view.origin(place).start
                });
            }
        }
        self.runs(bytes, range.start);
    }

    fn view(
        &mut self,
        bytes: &[u8],
        encoding: &'static str,
        cut: (bool, bool),
        origin: &dyn Fn(Range<usize>) -> usize,
    ) {
        if let Some(automaton) = &self.matcher.automaton {
            for found in automaton.find_iter(bytes) {
                let pattern = found.pattern().as_usize();
                let planted = if pattern < self.matcher.nonces {
                    let tail = bytes.get(found.end()..).and_then(|rest| rest.first_chunk::<TAIL>());
                    tail.and_then(|tail| {
                        self.state
                            .tails
                            .get(&(pattern, tail.map(|byte| byte.to_ascii_lowercase())))
                    })
                } else {
                    self.state
                        .values
                        .get(pattern - self.matcher.nonces)
                        .map(|(_, planted)| planted)
                };
                self.keep(planted, encoding, || origin(found.range()));
            }
        }
        if !self.state.digits.is_empty() {
            self.numbers(bytes, encoding, cut, origin);
        }
    }

    /// Cuts out digit tokens and looks them up.
    fn numbers(
        &mut self,
        bytes: &[u8],
        encoding: &'static str,
        cut: (bool, bool),
        origin: &dyn Fn(Range<usize>) -> usize,
    ) {
        let state = self.state;
        for range in runs(bytes, *DIGITS.start(), |byte| byte.is_ascii_digit()) {
            let touches = (cut.0 && range.start == 0) || (cut.1 && range.end == bytes.len());
            if !DIGITS.contains(&range.len()) || touches {
                continue;
            }
            let number = bytes
                .get(range.clone())
                .and_then(|number| std::str::from_utf8(number).ok())
                .unwrap_or_default();
            if let Some(planted) = state.digits.get(significant(number)) {
                self.keep(Some(planted), encoding, || origin(range.clone()));
            }
        }
    }

    /// Decodes runs of base64 and hex characters and searches what they hold.
    fn runs(&mut self, bytes: &[u8], base: usize) {
        let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
        for run in runs(bytes, SHORTEST_BASE64, base64) {
            let text = bytes.get(run.clone()).unwrap_or_default();
            let engine = if text.contains(&b'-') || text.contains(&b'_') {
                &URL_ENGINE
            } else {
                &STANDARD_ENGINE
            };
            // What stands before the encoded text may run into it, so every alignment is tried.
            for shift in 0..4 {
                let shifted = text.get(shift..).unwrap_or_default();
                // A length of 4n + 1 is no base64: the last character is of something else.
                let length = if shifted.len() % 4 == 1 {
                    shifted.len() - 1
                } else {
                    shifted.len()
                };
                if let Ok(decoded) = engine.decode(shifted.get(..length).unwrap_or_default()) {
                    let start = base + run.start + shift;
                    self.view(&decoded, "base64", (shift > 0, false), &|place| {
                        start + place.start * 4 / 3
                    });
                }
            }
        }
        for run in runs(bytes, SHORTEST_HEX, |byte| byte.is_ascii_hexdigit()) {
            for shift in 0..2 {
                let digits = bytes.get(run.start + shift..run.end).unwrap_or_default();
                let pairs = digits.chunks_exact(2).filter_map(|pair| match pair {
                    [high, low] => Some(nibble(*high) << 4 | nibble(*low)),
                    _ => None,
                });
                let decoded: Vec<u8> = pairs.collect();
                let start = base + run.start + shift;
                self.view(&decoded, "hex", (false, false), &|place| start + place.start * 2);
            }
        }
    }

    fn keep(&mut self, planted: Option<&Planted>, encoding: &'static str, offset: impl FnOnce() -> usize) {
        let (fixture, field, private) = planted.map_or((0, "tidak_dikenal", false), |p| {
            (p.fixture, p.field.as_str(), p.private)
        });
        let same = || {
            self.found
                .iter()
                .filter(|found| found.fixture == fixture && found.field == field)
        };
        let kept = self.found.iter().filter(|found| found.private == private).count();
        let most = if private { HITS_OF_ONE_PRIVATE } else { HITS_OF_ONE };
        if kept >= HITS_KEPT || same().count() >= most {
            return;
        }
        let offset = offset();
        // A view of bytes that hold no escape shows the plain hit again.
        if same().any(|found| found.offset.abs_diff(offset) < 4) {
            return;
        }
        self.found.push(Found {
            offset,
            encoding,
            fixture,
            field: field.to_owned(),
            private,
        });
    }
}

/// Distinct hits, in order.
pub(crate) fn distinct(hits: Vec<CanaryHit>) -> Vec<CanaryHit> {
    let mut seen = BTreeSet::new();
    hits.into_iter()
        .filter(|hit| seen.insert(hit.clone()))
        .take(2 * HITS_KEPT)
        .collect()
}

/// Length of what follows the nonce in a canary.
const TAIL: usize = 4;

/// Decoders that take what encoders in the wild write: no padding, loose last bits.
const LOOSE: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD_ENGINE: GeneralPurpose = GeneralPurpose::new(&STANDARD_ALPHABET, LOOSE);
const URL_ENGINE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LOOSE);

#[cfg(test)]
mod tests;
mod text;
