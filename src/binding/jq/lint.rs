//! Walks a parsed filter and refuses what may not end, sees the world, or is not pure.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::load::{self, Lexer, Parser};
use jaq_core::{ops, path};

use super::{DEEPEST, LONGEST_FILTER};
use crate::domain::Phrase;
use crate::phrase;

/// Filters that a statement may not use.
const REFUSED: &[&str] = &[
    "env",
    "now",
    "halt",
    "halt_error",
    "input",
    "inputs",
    "input_line_number",
    "input_filename",
    "debug",
    "stderr",
    "debug_empty",
    "stderr_empty",
    "repeat",
    "while",
    "until",
    "combinations",
    "limit",
    "localtime",
    "strflocaltime",
    "mktime_local",
    "recurse",
    "range",
    "@sh",
];

/// The largest bound of a `range`.
const LARGEST_RANGE: f64 = 10_000.0;
/// The largest literal factor; a factor that is no literal is refused, since text times a number repeats the text.
const LARGEST_FACTOR: f64 = 1_000.0;

/// What is wrong with a filter, and at which byte of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Byte of the filter's text.
    pub offset: usize,
    /// What is wrong.
    pub text: Phrase,
}

/// Refuses or accepts a filter's text.
pub(super) fn lint(code: &str) -> Result<(), Vec<Complaint>> {
    shape(code).map_err(|complaint| vec![complaint])?;
    let term = parse(code).map_err(|complaint| vec![complaint])?;
    let mut walk = Walk {
        code,
        complaints: Vec::new(),
        definitions: Vec::new(),
    };
    walk.term(&term);
    if walk.complaints.is_empty() {
        Ok(())
    } else {
        Err(walk.complaints)
    }
}

/// Members of the input that a filter reads at its top, `.judul` → `judul`. Empty if it does not parse.
pub fn members_read(code: &str) -> Vec<String> {
    let Ok(term) = parse(code) else { return Vec::new() };
    let mut members = Vec::new();
    collect(&term, &mut members);
    members.sort();
    members.dedup();
    members
}

fn collect(term: &Term<&str>, members: &mut Vec<String>) {
    match term {
        Term::Path(head, parts) => {
            if let (Term::Id, Some((path::Part::Index(Term::Str(None, texts)), _))) = (&**head, parts.0.first())
                && let [StrPart::Str(name)] = texts.as_slice()
            {
                members.push((*name).to_owned());
            }
            collect(head, members);
        }
        Term::BinOp(one, _, other) => {
            collect(one, members);
            collect(other, members);
        }
        Term::Obj(pairs) => pairs.iter().for_each(|(name, value)| match (name, value) {
            (Term::Str(None, texts), None) => {
                if let [StrPart::Str(name)] = texts.as_slice() {
                    members.push((*name).to_owned());
                }
            }
            (_, Some(value)) => collect(value, members),
            _ => {}
        }),
        Term::Arr(Some(inner)) | Term::Neg(inner) | Term::Label(_, inner) | Term::TryCatch(inner, _) => {
            collect(inner, members);
        }
        Term::IfThenElse(branches, last) => {
            for (condition, then) in branches {
                collect(condition, members);
                collect(then, members);
            }
            if let Some(last) = last {
                collect(last, members);
            }
        }
        Term::Call(_, arguments) => arguments.iter().for_each(|argument| collect(argument, members)),
        Term::Str(_, parts) => parts.iter().for_each(|part| {
            if let StrPart::Term(term) = part {
                collect(term, members);
            }
        }),
        _ => {}
    }
}

/// Length and nesting, before any recursive parser sees the text.
fn shape(code: &str) -> Result<(), Complaint> {
    if code.len() > LONGEST_FILTER {
        return Err(Complaint {
            offset: 0,
            text: Phrase::new("filter melebihi 16 KiB", "the filter is longer than 16 KiB"),
        });
    }
    let mut depth = 0_usize;
    let mut words = 0_usize;
    for (offset, byte) in code.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if byte.is_ascii_alphabetic() {
            let rest = code.get(offset..).unwrap_or_default();
            let begins = ["if", "try", "reduce", "foreach", "def", "label"]
                .iter()
                .any(|word| rest.starts_with(word));
            words += usize::from(begins);
        }
        if depth > DEEPEST || words > 400 {
            return Err(Complaint {
                offset,
                text: Phrase::new("filter bersarang terlalu dalam", "the filter is nested too deeply"),
            });
        }
    }
    Ok(())
}

fn parse(code: &str) -> Result<Term<&str>, Complaint> {
    let at = |part: &str, what: &str| Complaint {
        offset: load::span(code, part).start.min(code.len()),
        text: phrase!(
            "filter jq tidak terbaca: diharapkan {what}",
            "the jq filter cannot be read: expected {what}"
        ),
    };
    let unknown = || at(code, "filter");
    let tokens = Lexer::new(code).lex().map_err(|errors| {
        errors
            .first()
            .map_or_else(unknown, |(expected, found)| at(found, expected.as_str()))
    })?;
    Parser::new(&tokens).parse(Parser::term).map_err(|errors| {
        errors.first().map_or_else(unknown, |(expected, found)| {
            let part = found
                .as_ref()
                .map_or_else(|| code.get(code.len()..).unwrap_or_default(), |token| token.0);
            at(part, expected.as_str())
        })
    })
}

struct Walk<'a> {
    code: &'a str,
    complaints: Vec<Complaint>,
    /// Definitions that are being read: a call of one of them is a recursion.
    definitions: Vec<&'a str>,
}

impl<'a> Walk<'a> {
    fn complain(&mut self, at: &'a str, text: Phrase) {
        self.complaints.push(Complaint {
            offset: load::span(self.code, at).start,
            text,
        });
    }

    fn term(&mut self, term: &Term<&'a str>) {
        match term {
            Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Arr(None) => {}
            Term::Var(name) => {
                if matches!(*name, "$ENV" | "$__loc__" | "$__prog_args") {
                    self.complain(name, phrase!("`{name}` tidak tersedia", "`{name}` is not available"));
                }
            }
            Term::Str(format, parts) => {
                if let Some(name) = format.filter(|name| REFUSED.contains(name)) {
                    self.complain(name, refused(name));
                }
                for part in parts {
                    if let StrPart::Term(term) = part {
                        self.term(term);
                    }
                }
            }
            Term::Arr(Some(inner)) | Term::Neg(inner) | Term::Label(_, inner) => self.term(inner),
            Term::Obj(pairs) => {
                for (name, value) in pairs {
                    self.term(name);
                    self.optional(value.as_ref());
                }
            }
            Term::BinOp(one, operator, other) => self.operation(one, operator, other),
            Term::Fold(_, source, pattern, bodies) => {
                self.term(source);
                self.pattern(pattern);
                for body in bodies {
                    self.term(body);
                }
            }
            Term::TryCatch(inner, handler) => {
                self.term(inner);
                self.optional(handler.as_deref());
            }
            Term::IfThenElse(branches, last) => self.branches(branches, last.as_deref()),
            Term::Def(definitions, rest) => {
                for definition in definitions {
                    self.definition(definition);
                }
                self.term(rest);
            }
            Term::Call(name, arguments) => self.call(name, arguments),
            Term::Path(head, parts) => {
                self.term(head);
                for (part, _) in &parts.0 {
                    match part {
                        path::Part::Index(index) => self.term(index),
                        path::Part::Range(from, to) => {
                            self.optional(from.as_ref());
                            self.optional(to.as_ref());
                        }
                    }
                }
            }
        }
    }

    fn branches(&mut self, branches: &[(Term<&'a str>, Term<&'a str>)], last: Option<&Term<&'a str>>) {
        for (condition, then) in branches {
            self.term(condition);
            self.term(then);
        }
        self.optional(last);
    }

    fn optional(&mut self, term: Option<&Term<&'a str>>) {
        if let Some(term) = term {
            self.term(term);
        }
    }

    fn definition(&mut self, definition: &Def<&'a str>) {
        self.definitions.push(definition.name);
        self.term(&definition.body);
        self.definitions.pop();
    }

    fn pattern(&mut self, pattern: &Pattern<&'a str>) {
        match pattern {
            Pattern::Var(_) => {}
            Pattern::Arr(items) => items.iter().for_each(|item| self.pattern(item)),
            Pattern::Obj(pairs) => {
                for (name, value) in pairs {
                    self.term(name);
                    self.pattern(value);
                }
            }
        }
    }

    fn operation(&mut self, one: &Term<&'a str>, operator: &BinaryOp<&'a str>, other: &Term<&'a str>) {
        if let BinaryOp::Pipe(Some(pattern)) = operator {
            self.pattern(pattern);
        }
        let product = matches!(
            operator,
            BinaryOp::Math(ops::Math::Mul) | BinaryOp::UpdateMath(ops::Math::Mul)
        );
        let both_objects = matches!((one, other), (Term::Obj(_), _) | (_, Term::Obj(_)));
        if product && !both_objects && !(bounded(one, LARGEST_FACTOR) || bounded(other, LARGEST_FACTOR)) {
            self.complaints.push(Complaint {
                offset: 0,
                text: Phrase::new(
                    "`*` hanya boleh dengan satu faktor angka sampai 1000 atau objek yang tertulis",
                    "`*` may only have a literal number up to 1000 or a literal object as a factor",
                ),
            });
        }
        self.term(one);
        self.term(other);
    }

    fn call(&mut self, name: &'a str, arguments: &[Term<&'a str>]) {
        let literal_range = name == "range"
            && !arguments.is_empty()
            && arguments.iter().all(|argument| bounded(argument, LARGEST_RANGE));
        let plain_recursion = name == "recurse" && arguments.is_empty();
        if self.definitions.contains(&name) {
            self.complain(
                name,
                phrase!("`{name}` memanggil dirinya sendiri", "`{name}` calls itself"),
            );
        } else if name == "range" && !literal_range {
            self.complain(
                name,
                Phrase::new(
                    "batas `range` harus angka yang tertulis, paling besar 10000",
                    "the bounds of `range` must be literal numbers, 10000 at most",
                ),
            );
        } else if REFUSED.contains(&name) && !literal_range && !plain_recursion {
            self.complain(name, refused(name));
        }
        for argument in arguments {
            self.term(argument);
        }
    }
}

fn refused(name: &str) -> Phrase {
    phrase!(
        "`{name}` tidak boleh dipakai dalam ikatan",
        "`{name}` is not allowed in a binding"
    )
}

fn bounded(term: &Term<&str>, largest: f64) -> bool {
    match term {
        Term::Num(text) => text.parse::<f64>().is_ok_and(|number| number.abs() <= largest),
        Term::Neg(inner) => bounded(inner, largest),
        _ => false,
    }
}
