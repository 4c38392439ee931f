//! The dictionary of sentences: every step definition, found by one look-up.
//!
//! cucumber itself gets three catch-all patterns; this table decides, so that an undefined or ambiguous sentence is
//! a typed fault and the lint asks the very same question before a run.

use std::sync::OnceLock;

use futures::future::LocalBoxFuture;
use regex::{Regex, RegexSet};

use crate::domain::{Actor, Capability, Op};
use crate::run::{Halt, World};
use crate::verdict::Strength;

use super::args::Args;

/// The kind of a step, from its keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// What must stand before.
    Diketahui,
    /// An act.
    Ketika,
    /// A finding.
    Maka,
}

impl StepKind {
    /// As records and plans name it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Diketahui => "diketahui",
            Self::Ketika => "ketika",
            Self::Maka => "maka",
        }
    }
}

/// What a definition does.
pub type Body = for<'a> fn(&'a mut World, Args) -> LocalBoxFuture<'a, Result<(), Halt>>;

/// One sentence of the standard.
pub struct Definition {
    /// Under which keyword it stands.
    pub kind: StepKind,
    /// Its form: a regular expression in which `<aktor>` and the like stand for the dictionary's words.
    pub pattern: &'static str,
    /// The same in English; `{1}` stands for the first group.
    pub gloss: &'static str,
    /// What it does.
    pub body: Body,
    /// Source file, for the dictionary's own faults.
    pub file: &'static str,
    /// Line there.
    pub line: u32,
}

/// Declares definitions: `ketika r"^…$" "gloss" => function;`.
macro_rules! steps {
    (@kind diketahui) => { $crate::steps::table::StepKind::Diketahui };
    (@kind ketika) => { $crate::steps::table::StepKind::Ketika };
    (@kind maka) => { $crate::steps::table::StepKind::Maka };
    ($($kind:ident $pattern:literal $gloss:literal => $function:path;)+) => {
        &[$($crate::steps::table::Definition {
            kind: $crate::steps::table::steps!(@kind $kind),
            pattern: $pattern,
            gloss: $gloss,
            body: |world, args| ::futures::FutureExt::boxed_local($function(world, args)),
            file: file!(),
            line: line!(),
        },)+]
    };
}
pub(crate) use steps;

/// A step without its prefix and suffix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stripped<'a> {
    /// What a miss means.
    pub strength: Strength,
    /// The sentence itself.
    pub body: &'a str,
    /// When it is left out.
    pub only: Option<Only>,
}

/// When a step counts: `bila mengklaim X`, `bila terikat X`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// The statement claims the capability.
    Claimed(Capability),
    /// The statement binds the operation for some actor.
    Bound(Op),
}

/// Reads prefix and suffix, once, for every step. `Err` names the word that is no capability or operation.
pub fn strip(text: &str) -> Result<Stripped<'_>, &str> {
    let prefixes = [
        ("kontrol: ", Strength::Control),
        ("cukup bukti: ", Strength::Evidence),
        ("peringatan: ", Strength::Warning),
    ];
    let (strength, rest) = prefixes
        .iter()
        .find_map(|(prefix, strength)| text.strip_prefix(prefix).map(|rest| (*strength, rest)))
        .unwrap_or((Strength::Finding, text));
    if let Some((body, word)) = rest.rsplit_once(", bila mengklaim ") {
        let capability = Capability::by_id(word).ok_or(word)?;
        return Ok(Stripped {
            strength,
            body,
            only: Some(Only::Claimed(capability)),
        });
    }
    if let Some((body, word)) = rest.rsplit_once(", bila terikat ") {
        let op = Op::by_id(word).ok_or(word)?;
        return Ok(Stripped {
            strength,
            body,
            only: Some(Only::Bound(op)),
        });
    }
    Ok(Stripped {
        strength,
        body: rest,
        only: None,
    })
}

/// Every definition that fits a sentence under a keyword. A `kontrol:` under *Diketahui* uses the forms of *Maka*.
pub fn matching(kind: StepKind, strength: Strength, body: &str) -> Vec<&'static Definition> {
    let dictionary = dictionary();
    let kind = if kind == StepKind::Diketahui && strength == Strength::Control {
        StepKind::Maka
    } else {
        kind
    };
    dictionary
        .set
        .matches(body)
        .into_iter()
        .filter_map(|index| dictionary.entries.get(index))
        .filter(|entry| entry.definition.kind == kind)
        .map(|entry| entry.definition)
        .collect()
}

/// The groups of a sentence under a definition that fits it; `None` where it does not.
pub fn groups(definition: &Definition, body: &str) -> Option<Vec<Option<String>>> {
    let dictionary = dictionary();
    let entry = dictionary
        .entries
        .iter()
        .find(|entry| std::ptr::eq(entry.definition, definition))?;
    let captures = entry.regex().captures(body)?;
    Some(
        captures
            .iter()
            .map(|group| group.map(|group| group.as_str().to_owned()))
            .collect(),
    )
}

/// Every definition.
pub fn definitions() -> impl Iterator<Item = &'static Definition> {
    super::ALL.iter().copied().flatten()
}

struct Dictionary {
    set: RegexSet,
    entries: Vec<Compiled>,
}

struct Compiled {
    definition: &'static Definition,
    source: String,
    regex: OnceLock<Regex>,
}

impl Compiled {
    fn regex(&self) -> &Regex {
        self.regex
            .get_or_init(|| Regex::new(&self.source).unwrap_or_else(|_| never()))
    }
}

fn dictionary() -> &'static Dictionary {
    static DICTIONARY: OnceLock<Dictionary> = OnceLock::new();
    DICTIONARY.get_or_init(|| {
        let entries: Vec<_> = definitions()
            .map(|definition| Compiled {
                definition,
                source: expand(definition.pattern),
                regex: OnceLock::new(),
            })
            .collect();
        // A bad pattern is a fault of ours that a test finds; here it only means that nothing matches.
        let set =
            RegexSet::new(entries.iter().map(|entry| entry.source.as_str())).unwrap_or_else(|_| RegexSet::empty());
        Dictionary { set, entries }
    })
}

/// A pattern that matches nothing, in place of one that does not compile.
fn never() -> Regex {
    #[expect(
        clippy::expect_used,
        reason = "the literal compiles; the test of this module runs it"
    )]
    Regex::new(r"[^\s\S]").expect("a literal pattern")
}

/// Puts the dictionary's words in place of `<aktor>` and the like.
pub fn expand(pattern: &str) -> String {
    let list = |word: &str| format!("({word}(?:, {word})*(?:,? dan {word})?)");
    let words = |words: &mut dyn Iterator<Item = &'static str>| {
        let mut words: Vec<_> = words.collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        format!("(?:{})", words.join("|"))
    };
    let actor = words(&mut Actor::ALL.iter().map(|actor| actor.indonesian()));
    let op = words(&mut Op::ALL.iter().map(|op| op.indonesian()));
    [
        ("<aktor>", list(&actor)),
        ("<bidang>", list("[a-z_0-9]+")),
        ("<kata>", "([^ ,]+)".to_owned()),
        ("<n>", "([0-9]+)".to_owned()),
        ("<P>", list("P[1-9]")),
        ("<status>", "\"([a-z_]+)\"".to_owned()),
        ("<teks>", "([^,]+)".to_owned()),
        ("<tindakan>", format!("({op})")),
    ]
    .iter()
    .fold(pattern.to_owned(), |pattern, (word, meaning)| {
        pattern.replace(word, meaning)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles_and_is_anchored_and_unique() {
        let mut seen = std::collections::BTreeSet::new();
        for definition in definitions() {
            let at = format!("{}:{}", definition.file, definition.line);
            Regex::new(&expand(definition.pattern)).unwrap_or_else(|error| panic!("{at}: {error}"));
            assert!(
                definition.pattern.starts_with('^') && definition.pattern.ends_with('$'),
                "{at}: not anchored"
            );
            assert!(seen.insert((definition.kind, definition.pattern)), "{at}: stands twice");
            assert!(!definition.gloss.is_empty(), "{at}: no gloss");
        }
        assert!(!never().is_match("a"));
    }

    #[test]
    fn prefixes_and_suffixes_are_read_once() {
        let stripped = strip("kontrol: pelapor A membaca P1, bila mengklaim cabut").unwrap();
        assert_eq!(stripped.strength, Strength::Control);
        assert_eq!(stripped.body, "pelapor A membaca P1");
        assert_eq!(stripped.only, Some(Only::Claimed(Capability::Cabut)));
        assert_eq!(
            strip("x, bila terikat reply").unwrap().only,
            Some(Only::Bound(Op::Reply))
        );
        assert_eq!(strip("x, bila mengklaim terbang"), Err("terbang"));
        assert_eq!(strip("peringatan: x").unwrap().strength, Strength::Warning);
        assert_eq!(strip("cukup bukti: x").unwrap().strength, Strength::Evidence);
    }
}
