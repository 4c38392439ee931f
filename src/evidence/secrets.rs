//! Redaction by known value and by header name. A secret is found plain, base64-coded (both alphabets, all three
//! alignments), hex-coded, and under JSON escapes, percent-encoding, HTML entities and UTF-16, also two of them at once.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::digest::hex;
use super::sieve::Sieve;
use super::views::{Needs, View};

/// Shorter values are too common in ordinary text to be hidden by value, in bytes.
pub const SHORTEST: usize = 6;

/// Deeper JSON values are cut off, so that every record can be written and read again.
const DEEPEST: usize = 96;

/// What became of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// The value is hidden from now on.
    New,
    /// The value was hidden already; its first placeholder stays.
    Known,
    /// The value has fewer than [`SHORTEST`] bytes and is not hidden by value; headers hide it by name all the same.
    TooShort,
}

/// The secrets of a run. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    state: Arc<RwLock<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Placeholder of each value.
    known: HashMap<String, Arc<str>>,
    /// How many of each kind there are.
    counts: BTreeMap<String, u32>,
    /// Patterns that are searched for by an automaton already.
    settled: Option<Arc<Tier>>,
    /// Patterns since then.
    fresh: Vec<Pattern>,
    sieve: Sieve,
    needs: Needs,
    /// Header names that hide their value, beside [`HEADERS`]; lower case.
    headers: Vec<String>,
    /// Number of each value that a header hid and that is no known secret, by its digest.
    by_name: HashMap<[u8; 16], u32>,
    longest: usize,
    matcher: Option<Arc<Matcher>>,
}

#[derive(Debug, Clone)]
struct Pattern {
    bytes: Vec<u8>,
    placeholder: Arc<str>,
    /// Base64 characters beside the pattern that carry some bits of the secret.
    before: usize,
    after: usize,
}

/// Patterns and the automaton that finds them all at once.
#[derive(Debug)]
struct Tier {
    /// `None` if it could not be built; then everything is hidden.
    automaton: Option<AhoCorasick>,
    patterns: Vec<Pattern>,
}

/// Building an automaton costs as much as it has patterns, and a run registers a secret every few exchanges. So the many
/// old patterns keep theirs, and a new secret builds that of the few new ones alone.
#[derive(Debug)]
struct Matcher {
    tiers: Vec<Arc<Tier>>,
    sieve: Sieve,
    longest: usize,
    needs: Needs,
}

/// A range of a text to be replaced.
#[derive(Debug)]
struct Span {
    range: Range<usize>,
    placeholder: Arc<str>,
    /// Length of the match that named it; the longest of merged spans wins.
    weight: usize,
}

impl Secrets {
    /// No secrets yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Hides a value from now on. `kind` names it in the placeholder `‹kind#n›`: `token`, `sandi`, `nik`.
    ///
    /// Register a received token before the answer that brought it is captured. The long parts of a token with
    /// dots (JWT) are hidden too, so that an altered copy does not show them.
    pub fn register(&self, kind: &str, value: &str) -> Registered {
        if value.len() < SHORTEST {
            return Registered::TooShort;
        }
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.known.contains_key(value) {
            return Registered::Known;
        }
        let kind: String = kind
            .chars()
            .filter(|character| character.is_alphanumeric() || "_-.".contains(*character))
            .collect();
        let count = state.counts.entry(kind.clone()).or_default();
        *count += 1;
        let name = format!("{kind}#{count}");
        let placeholder: Arc<str> = format!("‹{name}›").into();
        state.add(value, &placeholder);
        let parts: Vec<&str> = value.split('.').collect();
        if parts.len() > 1 {
            // The first part of a JWT is its header, which every token of one issuer shares and which tells nothing.
            for (number, part) in parts.iter().enumerate().skip(1).filter(|(_, part)| part.len() >= 20) {
                state.add(part, &format!("‹{name}.{}›", number + 1).into());
            }
        }
        state.known.insert(value.to_owned(), placeholder);
        state.matcher = None;
        Registered::New
    }

    /// Hides the whole value of a header from now on, beside the usual ones (`Authorization`, `Cookie`, …).
    pub fn register_header(&self, name: &str) {
        let name = name.to_ascii_lowercase();
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if !state.headers.contains(&name) {
            state.headers.push(name);
        }
    }

    /// The text with every known secret replaced by its placeholder. Replacing twice changes nothing more.
    pub fn redact(&self, text: &str) -> String {
        self.redacted(text).into_owned()
    }

    /// As [`Self::redact`], without a copy where nothing is hidden.
    pub fn redacted<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.cut(text, usize::MAX) {
            Some(changed) => Cow::Owned(changed),
            None => Cow::Borrowed(text),
        }
    }

    /// The first `most` bytes of a text, redacted. A secret that stands across the cut is hidden whole.
    pub fn redact_prefix(&self, text: &str, most: usize) -> String {
        if text.len() <= most {
            return self.redact(text);
        }
        // What may be the encoded form of the longest secret is looked at behind the cut too.
        let reach = most
            .saturating_add(self.matcher().longest.saturating_mul(LONGEST_CODING))
            .saturating_add(64);
        let window = text.get(..floor(text, reach)).unwrap_or(text);
        let kept = floor(window, most);
        self.cut(window, kept)
            .unwrap_or_else(|| window.get(..kept).unwrap_or_default().to_owned())
    }

    /// The value of a header as evidence may show it: hidden by name where the name is that of a credential,
    /// by value elsewhere. The scheme word (`Bearer`), cookie names and cookie attributes stay.
    pub fn redact_header(&self, name: &str, value: &str) -> String {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "cookie" => {
                let cookies: Vec<String> = value.split(';').map(|cookie| self.cookie(cookie)).collect();
                cookies.join(";")
            }
            "set-cookie" => match value.split_once(';') {
                Some((cookie, attributes)) => format!("{};{}", self.cookie(cookie), self.redacted(attributes)),
                None => self.cookie(value),
            },
            "authorization" | "proxy-authorization" => match value.split_once(' ') {
                Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => {
                    format!("{} {}", self.redacted(scheme), self.by_name(&name, rest.trim()))
                }
                _ => self.by_name(&name, value),
            },
            _ if HEADERS.contains(&name.as_str()) || self.hides(&name) => self.by_name(&name, value),
            _ => self.redact(value),
        }
    }

    /// Redacts every text of a JSON value, member names and long numbers included. What lies deeper than
    /// 96 levels becomes `null`.
    pub fn redact_value(&self, value: &mut Value) {
        self.redact_level(value, 0);
    }

    fn redact_level(&self, value: &mut Value, depth: usize) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => {
                let text = number.to_string();
                if text.len() >= SHORTEST
                    && let Cow::Owned(hidden) = self.redacted(&text)
                {
                    *value = Value::String(hidden);
                }
            }
            Value::String(text) => self.redact_in(text),
            Value::Array(_) | Value::Object(_) if depth >= DEEPEST => *value = Value::Null,
            Value::Array(items) => items.iter_mut().for_each(|item| self.redact_level(item, depth + 1)),
            Value::Object(members) => {
                if members.keys().any(|name| matches!(self.redacted(name), Cow::Owned(_))) {
                    *members = std::mem::take(members)
                        .into_iter()
                        .map(|(name, item)| (self.redact(&name), item))
                        .collect();
                }
                members.values_mut().for_each(|item| self.redact_level(item, depth + 1));
            }
        }
    }

    /// Redacts a text in its place.
    pub(crate) fn redact_in(&self, text: &mut String) {
        if let Some(changed) = self.cut(text, usize::MAX) {
            *text = changed;
        }
    }

    /// One `name=value` of a cookie header.
    fn cookie(&self, cookie: &str) -> String {
        match cookie.split_once('=') {
            Some((name, value)) => format!("{}={}", self.redacted(name), self.by_name("kuki", value.trim())),
            None if cookie.trim().is_empty() => cookie.to_owned(),
            None => self.by_name("kuki", cookie.trim()),
        }
    }

    /// The placeholder of a value that is hidden because of where it stands.
    fn by_name(&self, kind: &str, value: &str) -> String {
        if value.is_empty() {
            return String::new();
        }
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(placeholder) = state.known.get(value) {
            return placeholder.to_string();
        }
        let digest = ring::digest::digest(&ring::digest::SHA256, value.as_bytes());
        let key = digest.as_ref().first_chunk::<16>().copied().unwrap_or_default();
        let next = u32::try_from(state.by_name.len()).unwrap_or(u32::MAX).saturating_add(1);
        let number = *state.by_name.entry(key).or_insert(next);
        format!("‹{kind}#n{number}›")
    }

    fn hides(&self, name: &str) -> bool {
        self.state
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .headers
            .iter()
            .any(|header| header == name)
    }

    fn matcher(&self) -> Arc<Matcher> {
        if let Some(matcher) = &self.state.read().unwrap_or_else(PoisonError::into_inner).matcher {
            return Arc::clone(matcher);
        }
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(matcher) = &state.matcher {
            return Arc::clone(matcher);
        }
        let matcher = Arc::new(Matcher::new(&mut state));
        state.matcher = Some(Arc::clone(&matcher));
        matcher
    }

    /// Redacts a text and keeps its first `kept` bytes; `None` where nothing is hidden.
    fn cut(&self, text: &str, kept: usize) -> Option<String> {
        let matcher = self.matcher();
        if matcher.tiers.is_empty() {
            return None;
        }
        let spans = matcher.spans(text);
        if spans.is_empty() {
            return None;
        }
        let mut redacted = String::with_capacity(text.len().min(kept));
        let mut at = 0;
        for span in spans {
            if span.range.start >= kept {
                break;
            }
            redacted.push_str(text.get(at..span.range.start).unwrap_or_default());
            redacted.push_str(&span.placeholder);
            at = span.range.end;
        }
        redacted.push_str(text.get(at..kept.min(text.len())).unwrap_or_default());
        Some(redacted)
    }
}

impl State {
    /// Adds the patterns of one value.
    fn add(&mut self, value: &str, placeholder: &Arc<str>) {
        let bytes = value.as_bytes();
        self.longest = self.longest.max(bytes.len());
        self.push(bytes.to_vec(), placeholder, 0, 0);
        self.push(hex(bytes).into_bytes(), placeholder, 0, 0);
        for alignment in 0..3 {
            let (core, before, after) = base64_core(bytes, alignment);
            let url = core.replace('+', "-").replace('/', "_");
            if url != core {
                self.push(url.into_bytes(), placeholder, before, after);
            }
            self.push(core.into_bytes(), placeholder, before, after);
        }
    }

    fn push(&mut self, bytes: Vec<u8>, placeholder: &Arc<str>, before: usize, after: usize) {
        self.sieve.add(&bytes);
        self.needs = self.needs.and(Needs::of(std::iter::once(bytes.as_slice())));
        self.fresh.push(Pattern {
            bytes,
            placeholder: Arc::clone(placeholder),
            before,
            after,
        });
    }
}

impl Tier {
    fn new(patterns: Vec<Pattern>) -> Self {
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(patterns.iter().map(|pattern| &pattern.bytes));
        Self {
            automaton: automaton.ok(),
            patterns,
        }
    }
}

impl Matcher {
    fn new(state: &mut State) -> Self {
        if state.fresh.len() > MOST_FRESH {
            let mut patterns = std::mem::take(&mut state.fresh);
            patterns.extend(state.settled.iter().flat_map(|tier| tier.patterns.iter().cloned()));
            state.settled = Some(Arc::new(Tier::new(patterns)));
        }
        let fresh = (!state.fresh.is_empty()).then(|| Arc::new(Tier::new(state.fresh.clone())));
        Self {
            tiers: state.settled.iter().cloned().chain(fresh).collect(),
            sieve: state.sieve.clone(),
            longest: state.longest,
            needs: state.needs,
        }
    }

    /// The ranges to hide: in order, not overlapping, on character boundaries.
    fn spans(&self, text: &str) -> Vec<Span> {
        if self.tiers.iter().any(|tier| tier.automaton.is_none()) {
            return vec![Span {
                range: 0..text.len(),
                placeholder: "‹disembunyikan›".into(),
                weight: 0,
            }];
        }
        let mut spans = Vec::new();
        self.search(text, text.as_bytes(), &|range| range, &mut spans);
        for coding in self.needs.codings(text.as_bytes()) {
            let Some(view) = View::of(text.as_bytes(), coding) else {
                continue;
            };
            self.search(text, &view.bytes, &|range| view.origin(range), &mut spans);
            for coding in self.needs.codings(&view.bytes) {
                if let Some(view) = view.then(coding) {
                    self.search(text, &view.bytes, &|range| view.origin(range), &mut spans);
                }
            }
        }
        merge(spans)
    }

    fn search(&self, text: &str, bytes: &[u8], origin: &dyn Fn(Range<usize>) -> Range<usize>, spans: &mut Vec<Span>) {
        if !self.sieve.may_hold(bytes) {
            return;
        }
        let found = self.tiers.iter().flat_map(|tier| {
            let found = tier
                .automaton
                .iter()
                .flat_map(|automaton| automaton.find_overlapping_iter(bytes));
            found.filter_map(|found| Some((found, tier.patterns.get(found.pattern().as_usize())?)))
        });
        for (found, pattern) in found {
            let is_base64 = |at: usize| {
                bytes
                    .get(at)
                    .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte))
            };
            let start = found.start()
                - (0..pattern.before)
                    .take_while(|at| found.start() > *at && is_base64(found.start() - at - 1))
                    .count();
            let end = found.end() + (0..pattern.after).take_while(|at| is_base64(found.end() + at)).count();
            let range = origin(start..end);
            let range = floor(text, range.start)..text.ceil_char_boundary(range.end);
            spans.push(Span {
                range,
                placeholder: Arc::clone(&pattern.placeholder),
                weight: end - start,
            });
        }
    }
}

/// Joins ranges that overlap; the longest match names the whole.
fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by(|a, b| a.range.start.cmp(&b.range.start).then(b.weight.cmp(&a.weight)));
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.range.start < last.range.end => {
                last.range.end = last.range.end.max(span.range.end);
                if span.weight > last.weight {
                    last.weight = span.weight;
                    last.placeholder = span.placeholder;
                }
            }
            _ => merged.push(span),
        }
    }
    merged
}

/// The base64 characters that depend on `bytes` alone when `alignment` bytes of something else stand before them
/// in their group of three, and whether a character before and after carries some of their bits (RFC 4648 §4).
fn base64_core(bytes: &[u8], alignment: usize) -> (String, usize, usize) {
    let mut padded = vec![0; alignment];
    padded.extend_from_slice(bytes);
    let text = STANDARD.encode(&padded);
    let bits = padded.len() * 8;
    let (first, last) = ((alignment * 8).div_ceil(6), bits / 6);
    let core = text.get(first..last).unwrap_or_default().to_owned();
    (core, usize::from(alignment > 0), usize::from(!bits.is_multiple_of(6)))
}

/// The largest character boundary that is at most `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

/// The longest encoded form of one byte that is looked for across a cut: a JSON escape of each of the three
/// characters of a percent-encoded byte takes 18, an HTML entity with leading zeros 13.
const LONGEST_CODING: usize = 24;

/// Patterns that may be new before all are settled in one automaton; a secret has about eight.
const MOST_FRESH: usize = 256;

/// Headers whose whole value is a credential, lower case.
const HEADERS: &[&str] = &[
    "api-key",
    "apikey",
    "authentication",
    "x-access-token",
    "x-amz-security-token",
    "x-api-key",
    "x-auth-token",
    "x-authorization",
    "x-csrf-token",
    "x-csrftoken",
    "x-session-id",
    "x-session-token",
    "x-token",
    "x-xsrf-token",
];

#[cfg(test)]
mod tests;
