//! `laik try`: carries out one canonical operation and shows both sides of the mapping, redacted.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::{CommandError, Output};
use crate::domain::phrase::Lang;
use crate::domain::{Actor, Op};
use crate::evidence::record::{Answer, Body, Exchange, Header, Part, Reading, Record, Scope};
use crate::evidence::{CanaryBook, LOG_FORMAT, Observer, Recorder, Secrets};
use crate::exit::ExitCode;
use crate::phrase;
use crate::statement::{Diagnosis, SecretSource, Statement};
use crate::target::{Call, CallFault, Extra, Sent, Target, TargetError};

/// Arguments of `laik try`.
#[derive(Debug, clap::Args)]
pub struct TryArgs {
    /// Berkas pernyataan / statement file
    #[arg(value_name = "STATEMENT")]
    statement: PathBuf,
    /// Operasi, misalnya read / operation, such as read
    #[arg(value_name = "OP", value_parser = operation)]
    op: Op,
    /// Masukan kanonis / canonical input
    #[arg(value_name = "JSON", default_value = "{}")]
    input: String,
    /// Sebagai siapa; baku aktor berhak yang pertama / as whom; by default the first who is entitled
    #[arg(long, value_parser = actor)]
    aktor: Option<Actor>,
}

/// Runs the command.
pub fn run(args: &TryArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    let lang = output.lang();
    let input: Value = serde_json::from_str(&args.input).map_err(|error| {
        CommandError::usage(phrase!("masukan bukan JSON: {error}", "the input is not JSON: {error}").text(lang))
    })?;
    let statement = Statement::load(&args.statement, &SecretSource::Environment)
        .map_err(|faults| CommandError::usage(rendered(&faults, lang)))?;
    let op = args.op;
    let entitled = statement
        .bound()
        .into_iter()
        .find(|(own, _)| *own == op)
        .map(|(_, actor)| actor);
    let actor = args.aktor.or(entitled).unwrap_or(Actor::Publik);
    let bench = Bench::new(&statement, lang)?;
    let call = bench.call(op, actor, input);
    let answered = bench
        .runtime
        .block_on(bench.target.call(call))
        .map_err(|fault| match &fault {
            CallFault::NotBound { .. } => CommandError::usage(
                phrase!(
                    "operasi {op} tidak terikat, atau aktor {actor} tidak dinyatakan",
                    "operation {op} is not bound, or actor {actor} is not declared"
                )
                .text(lang),
            ),
            CallFault::Auth { text } | CallFault::Statement { text } => CommandError::usage(text.text(lang)),
            CallFault::Stopped => CommandError::harness(&fault),
        })?;
    for record in &answered.records {
        if let Some(exchange) = record.exchange() {
            show(exchange, output);
        }
    }
    Ok(if answered.reading == Reading::NoAnswer {
        ExitCode::Unreachable
    } else {
        ExitCode::Conformant
    })
}

fn show(exchange: &Exchange, output: &mut Output) {
    output.line(&format!("→ {} {}", exchange.request.method, exchange.request.url));
    exchange
        .request
        .headers
        .iter()
        .for_each(|(name, value)| output.line(&format!("  {name}: {}", plain(value))));
    exchange.request.body.iter().for_each(|body| show_body(body, output));
    match &exchange.answer {
        Answer::Response(response) => {
            output.line(&format!("← {}", response.status));
            response
                .headers
                .iter()
                .for_each(|(name, value)| output.line(&format!("  {name}: {}", plain(value))));
            show_body(&response.body, output);
        }
        Answer::Broken(broken) => output.line(&format!(
            "← {}: {}",
            broken.kind.phrase().text(output.lang()),
            plain(&broken.text)
        )),
    }
    let reading = exchange.reading.phrase().text(output.lang()).to_owned();
    output.line(&format!("= {reading}"));
    if let Some(fault) = &exchange.map_fault {
        output.line(&format!("! {}", plain(fault)));
    }
    if !exchange.mapped.is_null() {
        let mapped = serde_json::to_string_pretty(&exchange.mapped).unwrap_or_default();
        mapped
            .lines()
            .for_each(|line| output.line(&format!("  {}", plain(line))));
    }
}

fn show_body(body: &Body, output: &mut Output) {
    match &body.text {
        Some(text) => text
            .lines()
            .take(60)
            .for_each(|line| output.line(&format!("  {}", plain(line)))),
        None => output.line(&format!("  ({} B)", body.len)),
    }
}

/// Text of a target without control characters, so that it cannot drive a terminal.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
                '·'
            } else {
                c
            }
        })
        .take(2_000)
        .collect()
}

/// Faults of a statement, one below the other.
pub(super) fn rendered(faults: &[Diagnosis], lang: Lang) -> String {
    faults
        .iter()
        .map(|fault| fault.render(lang))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A target with a log that is thrown away, for single calls outside of a run.
pub(super) struct Bench {
    /// Runs the calls.
    pub(super) runtime: tokio::runtime::Runtime,
    /// The target.
    pub(super) target: Target,
    directory: PathBuf,
}

struct Nobody;

impl Observer for Nobody {
    fn observe(&mut self, _: &Arc<Record>) {}
}

impl Bench {
    /// Sets a target up; faults of secrets and roots are told with their places.
    pub(super) fn new(statement: &Statement, lang: Lang) -> Result<Self, CommandError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(CommandError::harness)?;
        let started = jiff::Timestamp::now();
        let unique = format!("laik-{}-{}", std::process::id(), started.as_nanosecond());
        let directory = std::env::temp_dir().join(unique);
        std::fs::create_dir(&directory).map_err(CommandError::harness)?;
        let header = Header {
            format: LOG_FORMAT.into(),
            laik: env!("CARGO_PKG_VERSION").into(),
            run: String::new(),
            started: started.to_string(),
            standard_digest: String::new(),
            statement_digest: statement.digest(),
        };
        let secrets = Secrets::new();
        let canaries = CanaryBook::new("bcdfghjkmqxzbcdf");
        let recorder = Recorder::create(&directory, header, secrets.clone(), canaries, Box::new(Nobody));
        let target = recorder.map_err(CommandError::harness).and_then(|recorder| {
            Target::connect(statement, recorder, &secrets).map_err(|error| match error {
                TargetError::Statement(faults) => CommandError::usage(rendered(&faults, lang)),
                TargetError::Client(_) => CommandError::harness(error),
            })
        });
        match target {
            Ok(target) => Ok(Self {
                runtime,
                target,
                directory,
            }),
            Err(error) => {
                drop(std::fs::remove_dir_all(&directory));
                Err(error)
            }
        }
    }

    /// A plain call.
    #[expect(clippy::unused_self, reason = "a call belongs to its bench")]
    pub(super) fn call(&self, op: Op, actor: Actor, input: Value) -> Call {
        Call {
            scope: Scope {
                attempt: 1,
                row: None,
                part: Part::Setup,
            },
            op,
            actor,
            sent: Sent::Own,
            object: None,
            input_class: String::new(),
            input,
            extra: Extra::default(),
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // What is left in the temporary directory is redacted anyway.
        drop(std::fs::remove_dir_all(&self.directory));
    }
}

fn operation(text: &str) -> Result<Op, String> {
    Op::by_id(text).ok_or_else(|| {
        let near = crate::statement::closest(text, Op::ALL.iter().map(|op| op.id()));
        let near = near.unwrap_or("read, list, submit, …");
        format!("operasi tidak dikenal; maksud Anda {near}? / unknown operation; did you mean {near}?")
    })
}

fn actor(text: &str) -> Result<Actor, String> {
    Actor::by_id(text).ok_or_else(|| {
        let known = Actor::ALL.iter().map(|actor| actor.id()).collect::<Vec<_>>().join(", ");
        format!("pilih salah satu / choose one of: {known}")
    })
}
