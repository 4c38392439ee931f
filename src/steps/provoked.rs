//! TK-03, KM-32: errors that are provoked on purpose, and the look at every error of the run.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::domain::{Actor, Op};
use crate::evidence::record::{Part, Record};
use crate::oracle::error_form::{self, Norm};
use crate::oracle::odd_input::Input;
use crate::run::{Ask, BakuOptions, CallBuilder, Caller, Complaint, Halt, World};
use crate::target::{BodyChange, Extra, Sent};

use super::args::{Args, cell};
use super::chain;
use super::dice::Dice;
use super::likeness::like;
use super::table::{Definition, steps};

pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^galat yang lazim dipancing dengan <P>:$" "common errors are provoked with {1}:" => provoke;
    maka r"^setiap jawaban galat dapat diurai mesin dan tidak bertentangan dengan kode statusnya$"
        "every error can be parsed by a machine and does not contradict its status code" => parsable;
    maka r"^setiap jawaban galat berbentuk seperti yang dianjurkan$"
        "every error has the recommended form" => recommended;
    maka r"^sekurang-kurangnya <n> jenis galat terlihat$" "at least {1} kinds of error were seen" => kinds;
];

/// What the scenario provoked; `None` in a scenario that looks at the whole run.
#[derive(Default)]
pub(super) struct Provoked(pub(super) Option<Swept>);

#[derive(Default, Clone)]
pub(super) struct Swept {
    pub(super) inputs: Vec<Input>,
    pub(super) records: Vec<Arc<Record>>,
}

async fn provoke(world: &mut World, args: Args) -> Result<(), Halt> {
    let complaint = world.complaint(&args.object(1)?)?.clone();
    let caller = world.caller()?;
    let mut dice = Dice::new(&format!(
        "{}/{}/{}",
        caller.cx().canaries().nonce(),
        world.row(),
        world.attempt()
    ));
    let mut swept = Swept::default();
    for row in args.table()? {
        let words = cell(&row, "galat")?;
        let cause = Cause::by_words(words)
            .ok_or_else(|| Halt::error(format!("line {}: `{words}` is no cause of an error", args.line)))?;
        let mut input = Input {
            key: words.to_owned(),
            ..Input::default()
        };
        match cause.call(&caller, &complaint, &mut dice).await? {
            Ok(call) => {
                let answered = call.class(words).part(Part::Probe).send().await?;
                input.seqs.push(answered.record.seq);
                swept.records.push(answered.record);
            }
            Err(claim) => input.left_out = Some(claim),
        }
        swept.inputs.push(input);
    }
    world.memory::<Provoked>().0 = Some(swept);
    Ok(())
}

async fn parsable(world: &mut World, _: Args) -> Result<(), Halt> {
    judge(world, Norm::Parsable).await
}

async fn recommended(world: &mut World, _: Args) -> Result<(), Halt> {
    judge(world, Norm::Recommended).await
}

async fn kinds(world: &mut World, args: Args) -> Result<(), Halt> {
    let norm = Norm::Kinds(args.number(1)?);
    every_exchange(world, norm, error_form::KINDS).await
}

async fn judge(world: &mut World, norm: Norm) -> Result<(), Halt> {
    let Some(swept) = world.memory::<Provoked>().0.clone() else {
        return every_exchange(world, norm, error_form::WHOLE).await;
    };
    let params = json!(error_form::Params {
        norm,
        profile: world.cx()?.claims().profile,
        inputs: swept.inputs.clone(),
    });
    world.check(swept.ask(error_form::PROVOKED, params)).await
}

async fn every_exchange(world: &mut World, norm: Norm, leg: &str) -> Result<(), Halt> {
    let profile = world.cx()?.claims().profile;
    let params = json!({"attempt": world.attempt(), "norm": norm, "profile": profile});
    world
        .check(Ask {
            oracle: error_form::EVERY_EXCHANGE,
            params,
            declared: vec![leg.to_owned()],
            ..Ask::default()
        })
        .await
}

impl Swept {
    /// Asks an oracle about everything that was provoked.
    pub(super) fn ask(self, oracle: &'static str, params: Value) -> Ask {
        Ask {
            oracle,
            params,
            declared: self.inputs.iter().map(|input| input.key.clone()).collect(),
            records: self.records,
            miss: None,
        }
    }
}

/// What provokes an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    NotJson,
    NoCredential,
    NoSuchId,
    Foreign,
    UnknownToken,
    Nik,
    Mail,
    Phone,
    LongText,
    Day,
    Category,
}

impl Cause {
    fn by_words(words: &str) -> Option<Self> {
        Some(match words {
            "isi kiriman yang bukan JSON" => Self::NotJson,
            "pembacaan tanpa kredensial" => Self::NoCredential,
            "id yang tidak ada" => Self::NoSuchId,
            "pengaduan orang lain" => Self::Foreign,
            "token yang tidak dikenal" => Self::UnknownToken,
            "NIK yang kurang satu angka" => Self::Nik,
            "alamat surel tanpa domain" => Self::Mail,
            "nomor telepon berhuruf" => Self::Phone,
            "teks yang terlalu panjang" => Self::LongText,
            "tanggal yang tidak ada" => Self::Day,
            "kategori yang tidak ada" => Self::Category,
            _ => return None,
        })
    }

    /// The call, or what the statement lacks for it.
    async fn call(
        self,
        caller: &Caller,
        complaint: &Complaint,
        dice: &mut Dice,
    ) -> Result<Result<CallBuilder, String>, Halt> {
        let read = |actor, id: &str| {
            caller
                .call(Op::Read, actor, json!({"id": id}))
                .object(&*complaint.label)
        };
        Ok(match self {
            Self::NoCredential => Ok(read(complaint.owner, &complaint.id).sent(Sent::None)),
            Self::NoSuchId => Ok(caller.call(Op::Read, complaint.owner, json!({"id": like(&complaint.id, dice)}))),
            Self::Foreign => bound(caller, Op::Read, Actor::PelaporB).map(|()| read(Actor::PelaporB, &complaint.id)),
            Self::UnknownToken => {
                unknown_token(caller, complaint.owner, dice).map(|sent| read(complaint.owner, &complaint.id).sent(sent))
            }
            Self::NotJson => not_json(caller, complaint.owner),
            Self::Nik | Self::Mail | Self::Phone | Self::LongText | Self::Day | Self::Category => {
                self.submission(caller, complaint.owner, dice).await?
            }
        })
    }

    /// A submission with one value that cannot be taken.
    async fn submission(
        self,
        caller: &Caller,
        owner: Actor,
        dice: &mut Dice,
    ) -> Result<Result<CallBuilder, String>, Halt> {
        let mut draft = chain::draft(caller, owner, BakuOptions::default()).await?;
        let cx = caller.cx();
        let (member, value) = match self {
            Self::LongText => ("isi", json!(long_text(cx.statement().document().batas.isi_maks))),
            Self::Day => ("tanggal_kejadian", json!("2026-02-31")),
            Self::Category => {
                let real = chain::categories(caller).await?.first().cloned().unwrap_or_default();
                ("kategori_id", json!(like(&real, dice)))
            }
            _ => ("pelapor", json!(self.person(caller, draft.fixture, &draft.input))),
        };
        let Some(members) = draft.input.as_object_mut() else {
            return Err(Halt::error("a draft is no object"));
        };
        members.insert(member.to_owned(), value);
        // A value that the binding does not send provokes nothing.
        if cx
            .statement()
            .binding()
            .carries(Op::Submit, owner, &draft.input, member)
            == Some(false)
        {
            return Ok(Err(format!("{member} pada pengiriman tidak terikat")));
        }
        Ok(Ok(caller.call(Op::Submit, owner, draft.input)))
    }

    /// The reporter with one value that cannot be, planted so that it is found again.
    fn person(self, caller: &Caller, fixture: u32, input: &Value) -> Map<String, Value> {
        let book = caller.cx().canaries();
        let mut person = input
            .get("pelapor")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let (field, value) = match self {
            Self::Nik => {
                let nik = person.get("nik").and_then(Value::as_str).unwrap_or("3171010101909991");
                let short: String = nik.chars().skip(1).collect();
                book.register_value(fixture, "pelapor.nik", true, &short);
                caller.cx().secrets().register("nik", &short);
                ("nik", short)
            }
            Self::Mail => (
                "email",
                format!("{}.tanpa.domain", book.plant(fixture, "pelapor.email", true)),
            ),
            _ => (
                "telepon",
                format!("0854{}", book.plant(fixture, "pelapor.telepon", true)),
            ),
        };
        person.insert(field.to_owned(), json!(value));
        person
    }
}

/// Whether an actor can be asked for an operation.
fn bound(caller: &Caller, op: Op, actor: Actor) -> Result<(), String> {
    if caller.cx().target().bound(op, actor) {
        Ok(())
    } else {
        Err(format!("{op}@{actor}"))
    }
}

/// A token that nobody issued, where an actor's would stand.
pub(super) fn unknown_token(caller: &Caller, of: Actor, dice: &mut Dice) -> Result<Sent, String> {
    if caller.cx().statement().authentication(of).is_none() {
        return Err(format!("aktor.{of}.autentikasi"));
    }
    let value = like("kadaluwarsaAtauTidakDikenal0123456789012345", dice);
    Ok(Sent::Token {
        of,
        alteration: "tidak dikenal".to_owned(),
        value,
    })
}

/// A submission whose JSON breaks off.
fn not_json(caller: &Caller, owner: Actor) -> Result<CallBuilder, String> {
    if !caller.cx().statement().binding().sends_json(Op::Submit, owner) {
        return Err("pengiriman tidak memakai JSON".to_owned());
    }
    let broken = BodyChange::Bytes {
        bytes: Bytes::from_static(b"{\"judul\": \"Isi yang terputus\", \"isi\": "),
        media_type: None,
    };
    // The binding needs a whole input; its bytes are not sent.
    let input =
        json!({"klasifikasi": "pengaduan", "judul": "Isi yang terputus", "isi": "Isi yang terputus", "pelapor": {}});
    Ok(caller.call(Op::Submit, owner, input).extra(Extra {
        body: Some(broken),
        ..Extra::default()
    }))
}

/// One character more than may be, as far as that is declared.
fn long_text(most: Option<u64>) -> String {
    let length = most.map_or(100_000, |most| most.min(1_000_000)) + 1;
    "Jalan ini rusak. "
        .chars()
        .cycle()
        .take(usize::try_from(length).unwrap_or(100_001))
        .collect()
}
