//! Compiles and runs a filter on jaq with a list of native functions of our own.

use jaq_core::load::{Arena, File, Loader};
use jaq_core::native::{Fun, bome, run as native, v};
use jaq_core::{Compiler, Ctx, Filter, Vars, data, load, unwrap_valr};
use jaq_json::Val;
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::{DEEPEST, JqFault, LARGEST_VALUE, compile_fault};
use crate::domain::Phrase;
use crate::phrase;

type Data = data::JustLut<Val>;

/// Native functions that a filter can reach: pure, and done after a time that its input bounds.
const NATIVE: &[&str] = &[
    "error_empty",
    "path",
    "path_value",
    "range",
    "keys_unsorted",
    "key_values",
    "first",
    "last",
    "limit",
    "skip",
    "tojson",
    "tobytes",
    "length",
    "contains",
    "has",
    "indices",
    "bsearch",
    "floor",
    "round",
    "ceil",
    "utf8bytelength",
    "explode",
    "implode",
    "ascii_downcase",
    "ascii_upcase",
    "reverse",
    "sort",
    "sort_by",
    "group_by",
    "min_by_or_empty",
    "max_by_or_empty",
    "startswith",
    "endswith",
    "ltrimstr",
    "rtrimstr",
    "trim",
    "ltrim",
    "rtrim",
    "escape_html",
    "unescape_html",
    "encode_uri",
    "decode_uri",
    "encode_base64",
    "decode_base64",
    "matches",
    "split_matches",
    "split_",
    "fromdateiso8601",
    "todateiso8601",
    "strftime",
    "gmtime",
    "strptime",
    "mktime",
];

/// Definitions of the library that need other functions, or that do not end.
const LEFT_OUT: &[&str] = &[
    "stderr",
    "debug",
    "halt",
    "halt_error",
    "logb",
    "significand",
    "pow10",
    "drem",
    "nexttoward",
    "scalb",
    "gamma",
    "@sh",
    "repeat",
    "while",
    "until",
    "combinations",
    "input",
    "inputs",
];

/// A compiled filter.
pub(super) struct Program(Filter<Data>);

impl std::fmt::Debug for Program {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Program")
    }
}

/// Compiles a filter that passed the lint.
#[expect(
    clippy::disallowed_methods,
    reason = "the library's functions go through our own list, which drops halt and env"
)]
pub(super) fn compile(code: &str) -> Result<Program, JqFault> {
    let definitions = jaq_core::defs()
        .chain(jaq_std::defs())
        .chain(jaq_json::defs())
        .filter(|definition| !LEFT_OUT.contains(&definition.name));
    let arena = Arena::default();
    let modules = Loader::new(definitions)
        .load(&arena, File { code, path: () })
        .map_err(|_| compile_fault(0, "tidak terbaca / cannot be read"))?;
    let functions = jaq_core::funs::<Data>()
        .chain(jaq_std::funs())
        .chain(jaq_json::funs())
        .filter(|(name, _, _)| NATIVE.contains(name))
        .chain(std::iter::once(from_json()));
    Compiler::default()
        .with_funs(functions)
        .compile(modules)
        .map(Program)
        .map_err(|errors| {
            let undefined = errors
                .iter()
                .flat_map(|(file, undefined)| undefined.iter().map(|(name, what)| (file.code, *name, what.as_str())))
                .next();
            undefined.map_or_else(
                || compile_fault(0, "?"),
                |(whole, name, what)| {
                    let offset = if whole == code {
                        load::span(whole, name).start
                    } else {
                        0
                    };
                    compile_fault(offset, &format!("{what} `{name}`"))
                },
            )
        })
}

impl Program {
    /// Runs the filter on one value; it must give exactly one.
    pub(super) fn run(&self, input: &Value) -> Result<Value, JqFault> {
        let input = Val::deserialize(input).map_err(|_| {
            JqFault::new(Phrase::new(
                "masukan filter tidak terbaca",
                "the filter's input cannot be read",
            ))
        })?;
        let context = Ctx::<Data>::new(&self.0.lut, Vars::new([]));
        let mut outputs = self.0.id.run((context, input)).map(unwrap_valr);
        let first = match outputs.next() {
            Some(Ok(value)) => value,
            Some(Err(error)) => {
                let error: String = error.to_string().chars().take(300).collect();
                return Err(JqFault::new(phrase!(
                    "filter gagal: {error}",
                    "the filter failed: {error}"
                )));
            }
            None => {
                return Err(JqFault::new(Phrase::new(
                    "filter tidak memberi nilai",
                    "the filter gave no value",
                )));
            }
        };
        if outputs.next().is_some() {
            return Err(JqFault::new(Phrase::new(
                "filter memberi lebih dari satu nilai",
                "the filter gave more than one value",
            )));
        }
        let mut room = LARGEST_VALUE;
        output(&first, 0, &mut room)
    }
}

/// `fromjson` with a bounded depth: the library's own reader recurses as deep as the text says.
fn from_json() -> Fun<Data> {
    native(("fromjson", v(0), |cv| {
        let text = cv.1.try_as_utf8_bytes_owned();
        bome(text.and_then(|bytes| {
            serde_json::from_slice::<Val>(&bytes).map_err(|_| jaq_core::Error::str("bukan JSON / not JSON"))
        }))
    }))
}

/// A value of jaq as JSON, within the limits of depth and size.
fn output(value: &Val, depth: usize, room: &mut usize) -> Result<Value, JqFault> {
    if depth > DEEPEST {
        return Err(JqFault::new(Phrase::new(
            "keluaran filter terlalu dalam",
            "the filter's output is nested too deeply",
        )));
    }
    spend(room, 4)?;
    Ok(match value {
        Val::Null => Value::Null,
        Val::Bool(flag) => Value::Bool(*flag),
        Val::Num(number) => {
            serde_json::from_str::<serde_json::Number>(&number.to_string()).map_or(Value::Null, Value::Number)
        }
        Val::BStr(bytes) | Val::TStr(bytes) => {
            spend(room, bytes.len())?;
            Value::String(String::from_utf8_lossy(bytes).into_owned())
        }
        Val::Arr(items) => Value::Array(
            items
                .iter()
                .map(|item| output(item, depth + 1, room))
                .collect::<Result<_, _>>()?,
        ),
        Val::Obj(members) => {
            let mut object = Map::new();
            for (name, item) in members.iter() {
                let Val::TStr(name) = name else {
                    return Err(JqFault::new(Phrase::new(
                        "nama anggota bukan teks",
                        "a member's name is no text",
                    )));
                };
                spend(room, name.len())?;
                object.insert(
                    String::from_utf8_lossy(name).into_owned(),
                    output(item, depth + 1, room)?,
                );
            }
            Value::Object(object)
        }
    })
}

fn spend(room: &mut usize, length: usize) -> Result<(), JqFault> {
    match room.checked_sub(length) {
        Some(rest) => {
            *room = rest;
            Ok(())
        }
        None => Err(JqFault::new(Phrase::new(
            "keluaran filter melebihi 1 MiB",
            "the filter's output is larger than 1 MiB",
        ))),
    }
}
