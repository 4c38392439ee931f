//! What `laik doctor` reads: every operation that only reads, once, as somebody who is entitled to it; and each actor's
//! credential, by a list that it opens.

use serde_json::{Map, Value, json};

use super::super::try_op::{Bench, plain};
use super::Visit;
use crate::binding::constants;
use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::{Exchange, Reading};
use crate::phrase;
use crate::statement::{AuthenticationKind, Statement};
use crate::target::Answered;

/// Operations that change nothing, in the order in which they are read; lists come first, since they give ids.
const READS: &[Op] = &[
    Op::Categories,
    Op::List,
    Op::Read,
    Op::History,
    Op::Track,
    Op::Search,
    Op::Statistics,
    Op::Units,
    Op::Agencies,
    Op::Regions,
    Op::OpenApi,
];

/// Operations whose answers hold `{butir: […]}`.
const LISTS: &[Op] = &[
    Op::Categories,
    Op::List,
    Op::History,
    Op::Search,
    Op::Units,
    Op::Agencies,
    Op::Regions,
];

/// A complaint that the application has already, for operations on one.
#[derive(Default)]
struct Specimen {
    id: Option<String>,
    number: Option<String>,
    word: Option<String>,
}

/// Reads everything that can be read.
pub(super) fn all(statement: &Statement, bench: &Bench, visit: &mut Visit<'_>) {
    let mut specimen = Specimen::default();
    for op in READS {
        let order = [
            Actor::Admin,
            Actor::PelaporA,
            Actor::Publik,
            Actor::Petugas,
            Actor::Pengawas,
        ];
        let Some(actor) = order.into_iter().find(|actor| bench.target.bound(*op, *actor)) else {
            continue;
        };
        let Some(input) = specimen.input(*op) else {
            let text = phrase!(
                "{op} belum dicoba: belum ada pengaduan yang terbaca dalam daftar",
                "{op} was not tried: the list shows no complaint yet"
            );
            let line = format!("· {}", text.text(visit.output.lang()));
            visit.output.line(&line);
            continue;
        };
        if let Some(answered) = read(statement, bench, *op, actor, input, visit) {
            specimen.learn(*op, &answered.mapped);
        }
    }
}

impl Specimen {
    fn input(&self, op: Op) -> Option<Value> {
        Some(match op {
            Op::Read | Op::History => json!({"id": self.id.as_ref()?}),
            Op::Track => json!({"nomor_pelacakan": self.number.as_ref()?}),
            Op::Search => json!({"q": self.word.as_ref()?, "halaman": 1, "ukuran": 5}),
            Op::List => json!({"halaman": 1, "ukuran": 5}),
            _ => json!({}),
        })
    }

    fn learn(&mut self, op: Op, mapped: &Value) {
        let source = if op == Op::List {
            mapped.pointer("/butir/0")
        } else {
            Some(mapped)
        };
        let text = |name: &str| {
            source
                .and_then(|item| item.get(name))
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        if matches!(op, Op::List | Op::Read) {
            self.id = self.id.take().or_else(|| text("id"));
            self.number = text("nomor_pelacakan").or_else(|| self.number.take());
            let word = text("judul").and_then(|title| title.split_whitespace().next().map(str::to_owned));
            self.word = self.word.take().or(word);
        }
    }
}

/// A read-only operation is answered, mapped, and holds no undeclared constant (decisions.md E.31b).
fn read(
    statement: &Statement,
    bench: &Bench,
    op: Op,
    actor: Actor,
    input: Value,
    visit: &mut Visit<'_>,
) -> Option<Answered> {
    let lang = visit.output.lang();
    let what = phrase!(
        "{op} dijawab dan terpetakan sebagai {actor}",
        "{op} is answered and mapped as {actor}"
    );
    let answered = match bench.runtime.block_on(bench.target.call(bench.call(op, actor, input))) {
        Ok(answered) => answered,
        Err(fault) => {
            visit.bad(&what, &plain(&fault.to_string()));
            return None;
        }
    };
    let reading = answered.reading.phrase().text(lang).to_owned();
    if answered.reading != Reading::Accepted {
        visit.bad(&what, &format!("{reading} – laik try … {op}"));
        return None;
    }
    if let Some(fault) = &answered.map_fault {
        visit.bad(&what, &plain(fault));
        return None;
    }
    if LISTS.contains(&op) && answered.mapped.get("butir").and_then(Value::as_array).is_none() {
        let text = Phrase::new("jawaban harus {butir: […]}", "jawaban must give {butir: […]}");
        visit.bad(&what, text.text(lang));
        return None;
    }
    visit.good(&what);
    let undeclared = undeclared_constants(statement, op, actor, &answered);
    if !undeclared.is_empty() {
        let list = undeclared.join(", ");
        let what = phrase!("{op}: nilai tetap dinyatakan", "{op}: constants are declared");
        let advice = phrase!(
            "{list} tidak pernah berubah dengan jawaban; nyatakan di [konstanta] beserta alasannya, atau petakan",
            "{list} never change with the answer; declare them in [konstanta] with the reason, or map them"
        );
        visit.bad(&what, advice.text(lang));
    }
    Some(answered)
}

fn undeclared_constants(statement: &Statement, op: Op, actor: Actor, answered: &Answered) -> Vec<String> {
    let filter = statement.binding().route(op).and_then(|route| route.answer(actor));
    let last = answered.record.exchange().and_then(seen);
    let (Some(filter), Some(mut answer)) = (filter, last) else {
        return Vec::new();
    };
    // Answers of earlier steps are seen by the filter, too.
    let earlier = answered.records.iter().filter_map(|record| record.exchange());
    let steps: Map<String, Value> = earlier
        .filter(|exchange| !exchange.step.is_empty() && exchange.op == op)
        .filter_map(|exchange| Some((exchange.step.clone(), seen(exchange)?)))
        .collect();
    if let (true, Some(members)) = (answered.records.len() > 1, answer.as_object_mut()) {
        members.insert("langkah".to_owned(), Value::Object(steps));
    }
    let words: Vec<String> = statement.document().ikatan.status.terima.keys().cloned().collect();
    let declared = &statement.document().konstanta;
    let found = constants::constants(filter, statement.binding().codec(), &words, &answer);
    found
        .into_iter()
        .map(|leaf| format!("{op}.{leaf}"))
        .filter(|leaf| !declared.contains_key(leaf))
        .collect()
}

/// An answer as filters see it, from its record.
fn seen(exchange: &Exchange) -> Option<Value> {
    let response = exchange.response()?;
    let text = response.body.text.as_deref().unwrap_or_default();
    let body = serde_json::from_str(text).unwrap_or_else(|_| if text.is_empty() { Value::Null } else { json!(text) });
    let headers: Map<String, Value> = response
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    Some(json!({"status": response.status, "headers": headers, "body": body}))
}

/// Each actor's credential can be had, and a list that the actor may open is opened with it.
pub(super) fn credentials(statement: &Statement, bench: &Bench, visit: &mut Visit<'_>) {
    let lang = visit.output.lang();
    for actor in statement.actors() {
        let kind = statement.authentication(actor).map(|(_, entry)| entry.jenis);
        if kind.is_none_or(|kind| kind == AuthenticationKind::Tanpa) {
            continue;
        }
        let what = phrase!("kredensial {actor} diterima", "the credential of {actor} is accepted");
        if let Err(fault) = bench.runtime.block_on(bench.target.token(actor)) {
            visit.bad(&what, &plain(&fault.to_string()));
            continue;
        }
        if !bench.target.bound(Op::List, actor) {
            let text = phrase!(
                "kredensial {actor} tersedia; tidak ada daftar untuk mencobanya",
                "the credential of {actor} can be had; there is no list to try it on"
            );
            visit.good(&text);
            continue;
        }
        let call = bench.call(Op::List, actor, json!({"halaman": 1, "ukuran": 5}));
        match bench.runtime.block_on(bench.target.call(call)) {
            Ok(answered) if answered.reading == Reading::Accepted => visit.good(&what),
            Ok(answered) => {
                let reading = answered.reading.phrase().text(lang).to_owned();
                visit.bad(&what, &format!("list: {reading}"));
            }
            Err(fault) => visit.bad(&what, &plain(&fault.to_string())),
        }
    }
}

/// Operations that every profile needs, and claims that no operation carries.
pub(super) fn whole(statement: &Statement, visit: &mut Visit<'_>) {
    use crate::domain::Capability as C;
    let routed = |op: &Op| statement.binding().route(*op).is_some();
    let needed = [
        Op::Submit,
        Op::Read,
        Op::List,
        Op::History,
        Op::Categories,
        Op::FollowUp,
        Op::Close,
    ];
    let missing: Vec<&str> = needed.iter().filter(|op| !routed(op)).map(|op| op.id()).collect();
    if !missing.is_empty() {
        let list = missing.join(", ");
        let text = phrase!(
            "tidak terikat, padahal setiap profil memerlukannya: {list}",
            "not bound, although every profile needs them: {list}"
        );
        let line = format!("· {}", text.text(visit.output.lang()));
        visit.output.line(&line);
    }
    let carriers: &[(C, &[Op])] = &[
        (C::Lampiran, &[Op::Download]),
        (C::PelacakanPublik, &[Op::Track]),
        (C::Kelengkapan, &[Op::RequestInfo, Op::Supplement]),
        (C::GabungDuplikat, &[Op::Merge]),
        (C::Penilaian, &[Op::Rate]),
        (C::BukaKembali, &[Op::Reopen]),
        (C::Cabut, &[Op::Withdraw]),
        (C::Statistik, &[Op::Statistics]),
        (C::CatatanInternal, &[Op::Note]),
        (C::Arsip, &[Op::Archive]),
        (C::Tunda, &[Op::Postpone]),
        (C::Pencarian, &[Op::Search]),
        (C::Ekspor, &[Op::Export]),
        (C::HubMasuk, &[Op::HubDispatch]),
        (C::HubTarik, &[Op::HubPull]),
        (C::JamUji, &[Op::SetClock]),
        (C::OpenApi, &[Op::OpenApi]),
    ];
    for (capability, ops) in carriers.iter().filter(|(one, _)| statement.claims_capability(*one)) {
        let missing: Vec<&str> = ops.iter().filter(|op| !routed(op)).map(|op| op.id()).collect();
        if !missing.is_empty() {
            let list = missing.join(", ");
            let what = phrase!(
                "klaim {capability} punya operasinya",
                "the claim {capability} has its operations"
            );
            let advice = phrase!("ikat {list}, atau hapus klaimnya", "bind {list}, or take the claim out");
            visit.bad(&what, advice.text(visit.output.lang()));
        }
    }
}
