//! TK-20: odd but lawful inputs, and the look at every exchange of the run. The inputs' bytes stand in
//! `features/data/masukan_ganjil.toml`.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::domain::{Actor, Capability, Op, Phrase};
use crate::evidence::record::{Part, Record};
use crate::oracle::odd_input::{Input, NAME, Norm, Params, key};
use crate::oracle::server_fault::{EVERY_EXCHANGE, WHOLE};
use crate::phrase;
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, World};
use crate::target::Extra;

use super::args::{Args, cell};
use super::chain;
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^masukan ganjil tetapi sah dikirim:$" "odd but lawful inputs are sent:" => send_inputs;
    ketika r"^seluruh pertukaran pengujian ini diperiksa$" "every exchange of this test is looked at" => look_at_all;
    maka r"^setiap masukan mendapat jawaban$" "every input is answered" => every_input_answered;
    maka r"^tidak ada galat server dan tidak ada sambungan yang putus tanpa jawaban$"
        "there is no server fault and no connection closed without an answer" => no_server_fault;
];

/// What the scenario sent; `None` in the scenario that looks at the whole run.
#[derive(Default)]
struct Sweep(Option<Swept>);

#[derive(Default, Clone)]
struct Swept {
    inputs: Vec<Input>,
    records: Vec<Arc<Record>>,
}

async fn send_inputs(world: &mut World, args: Args) -> Result<(), Halt> {
    let names = args
        .table()?
        .iter()
        .map(|row| cell(row, "masukan").map(str::to_owned))
        .collect::<Result<Vec<_>, _>>()?;
    let requests = requests()?;
    let known: BTreeSet<_> = requests.iter().map(|request| request.nama.as_str()).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(name.as_str())) {
        return Err(Halt::error(format!(
            "line {}: `{name}` stands not in masukan_ganjil.toml",
            args.line
        )));
    }
    let caller = world.caller()?;
    let subject = subject(&caller).await;
    let mut swept = Swept::default();
    for name in names {
        let mut input = Input {
            key: name.clone(),
            ..Input::default()
        };
        for request in requests.iter().filter(|request| request.nama == name) {
            match request.send(&caller, subject.as_ref()).await? {
                Sending::Sent(record) => {
                    input.seqs.push(record.seq);
                    swept.records.push(record);
                }
                Sending::LeftOut(claim) => input.left_out = Some(claim),
                Sending::Unmet(text) => input.unmet = Some(text),
            }
        }
        if !input.seqs.is_empty() {
            // What one actor or operation could not send, another did.
            input.left_out = None;
        }
        swept.inputs.push(input);
    }
    world.memory::<Sweep>().0 = Some(swept);
    Ok(())
}

/// Whether the scenario looks at every exchange of the run and sends nothing itself.
#[derive(Default)]
struct Whole(bool);

async fn look_at_all(world: &mut World, _: Args) -> Result<(), Halt> {
    world.memory::<Sweep>().0 = None;
    world.memory::<Whole>().0 = true;
    Ok(())
}

/// Whether the scenario looks at every exchange of the run and sends nothing itself.
pub(super) fn looks_at_all(world: &mut World) -> bool {
    world.memory::<Whole>().0
}

async fn every_input_answered(world: &mut World, args: Args) -> Result<(), Halt> {
    let swept = world.memory::<Sweep>().0.clone();
    let swept = swept.ok_or_else(|| Halt::error(format!("line {}: no input was sent before", args.line)))?;
    judge_sweep(world, Norm::Answered, swept).await
}

async fn no_server_fault(world: &mut World, _: Args) -> Result<(), Halt> {
    if let Some(swept) = world.memory::<Sweep>().0.clone() {
        return judge_sweep(world, Norm::NoFault, swept).await;
    }
    let params = json!({"attempt": world.attempt()});
    let declared = vec![WHOLE.to_owned()];
    world
        .check(Ask {
            oracle: EVERY_EXCHANGE,
            params,
            declared,
            ..Ask::default()
        })
        .await
}

async fn judge_sweep(world: &mut World, norm: Norm, swept: Swept) -> Result<(), Halt> {
    let declared: Vec<_> = swept.inputs.iter().map(|input| key(norm, &input.key)).collect();
    let params = json!(Params {
        norm,
        inputs: swept.inputs
    });
    world
        .check(Ask {
            oracle: NAME,
            params,
            records: swept.records,
            declared,
            miss: None,
        })
        .await
}

/// One request of the data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    nama: String,
    operasi: Op,
    aktor: Actor,
    kapabilitas: Option<Capability>,
    #[serde(default)]
    masukan: Map<String, Value>,
    #[serde(default)]
    header: Vec<(String, String)>,
    ekor_jalur: Option<String>,
    kueri: Option<String>,
    metode: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Requests {
    permintaan: Vec<Request>,
}

/// What became of one request.
enum Sending {
    Sent(Arc<Record>),
    /// The capability or operation that the statement lacks.
    LeftOut(String),
    /// The setup that failed.
    Unmet(Phrase),
}

/// A complaint to ask for, with the id of its file where it has one.
struct Subject {
    complaint: Complaint,
    file: Option<String>,
}

fn requests() -> Result<&'static [Request], Halt> {
    static REQUESTS: OnceLock<Result<Vec<Request>, String>> = OnceLock::new();
    let text = include_str!("../../features/data/masukan_ganjil.toml");
    let read = || {
        toml::from_str::<Requests>(text)
            .map(|file| file.permintaan)
            .map_err(|error| error.to_string())
    };
    REQUESTS
        .get_or_init(read)
        .as_deref()
        .map_err(|error| Halt::error(format!("masukan_ganjil.toml: {error}")))
}

/// A complaint of pelapor A, with a file where files are claimed; `None` where it could not be made.
async fn subject(caller: &Caller) -> Option<Subject> {
    let caller = caller.part(Part::Setup);
    let attachment = caller.cx().claims().capabilities.contains(&Capability::Lampiran);
    let options = BakuOptions {
        attachment,
        ..BakuOptions::default()
    };
    let draft = chain::draft(&caller, Actor::PelaporA, options).await.ok()?;
    let complaint = chain::submit(&caller, "P1", draft).await.ok()?;
    let read = caller
        .call(Op::Read, Actor::PelaporA, json!({"id": complaint.id}))
        .send()
        .await
        .ok()?;
    let file = read
        .mapped
        .pointer("/lampiran/0/id")
        .and_then(Value::as_str)
        .map(str::to_owned);
    Some(Subject { complaint, file })
}

impl Request {
    async fn send(&self, caller: &Caller, subject: Option<&Subject>) -> Result<Sending, Halt> {
        let cx = caller.cx();
        if let Some(capability) = self
            .kapabilitas
            .filter(|claim| !cx.claims().capabilities.contains(claim))
        {
            return Ok(Sending::LeftOut(capability.id().to_owned()));
        }
        if !cx.target().bound(self.operasi, self.aktor) {
            return Ok(Sending::LeftOut(format!("{}@{}", self.operasi, self.aktor)));
        }
        let Some(input) = self.input(subject) else {
            let text = phrase!(
                "pengaduan dengan berkas untuk masukan itu tidak dapat dibuat",
                "no complaint with a file could be made for that input"
            );
            return Ok(Sending::Unmet(text));
        };
        let extra = Extra {
            query: self.kueri.iter().flat_map(|tail| tail.split('&')).map(pair).collect(),
            headers: self.header.clone(),
            path_suffix: self.ekor_jalur.clone(),
            method: self.metode.clone(),
            ..Extra::default()
        };
        let call = caller
            .call(self.operasi, self.aktor, Value::Object(input))
            .class(self.nama.clone());
        let answered = call.part(Part::Probe).extra(extra).send().await?;
        Ok(Sending::Sent(answered.record))
    }

    /// The canonical input with the subject's ids put in; `None` where the subject has none.
    fn input(&self, subject: Option<&Subject>) -> Option<Map<String, Value>> {
        let put = |value: &Value| match value.as_str() {
            Some("{id}") => subject.map(|subject| json!(subject.complaint.id)),
            Some("{lampiran_id}") => subject.and_then(|subject| subject.file.clone()).map(Value::from),
            _ => Some(value.clone()),
        };
        self.masukan
            .iter()
            .map(|(name, value)| put(value).map(|value| (name.clone(), value)))
            .collect()
    }
}

/// A name with its value, or without one.
fn pair(text: &str) -> (String, Option<String>) {
    match text.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (text.to_owned(), None),
    }
}

/// The address that a record shows, unless redaction hides a part of it.
pub(super) fn address_of(record: &Record) -> Option<String> {
    let url = record.exchange().map(|exchange| exchange.request.url.clone())?;
    (!url.contains('‹')).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_file_is_read_and_every_input_of_the_feature_stands_in_it() {
        let requests = requests().unwrap();
        let names: BTreeSet<_> = requests.iter().map(|request| request.nama.as_str()).collect();
        let feature = include_str!("../../features/teknologi/5_ketahanan.feature");
        let table = feature
            .lines()
            .map(str::trim)
            .skip_while(|line| !line.starts_with("| masukan"));
        let cells: BTreeSet<_> = table
            .skip(1)
            .map_while(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
            .map(str::trim)
            .collect();
        assert_eq!(names, cells);
    }

    #[test]
    fn ids_are_put_in_and_a_missing_subject_is_told() {
        let request = requests()
            .unwrap()
            .iter()
            .find(|request| request.operasi == Op::Download)
            .unwrap();
        assert!(request.input(None).is_none());
        let list = requests()
            .unwrap()
            .iter()
            .find(|request| request.operasi == Op::Statistics)
            .unwrap();
        assert_eq!(list.input(None).unwrap().len(), 2);
    }
}
