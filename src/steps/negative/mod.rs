//! Sentences about bad data (DT-28): a series of cases with one fault each, between controls with good data.

mod cases;
mod sent;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::{Actor, Op, Status};
use crate::evidence::record::{Exchange, Part, Reading, Record};
use crate::oracle::negative::{self, NAMES, Operation, Params, class_key, classes, stored_key, whole_key};
use crate::run::{Ask, BakuOptions, Caller, Complaint, Halt, WalkStop, World};
use crate::target::{Answered, BodyChange, CallFault, Extra};

use super::args::Args;
use super::chain::{bring_to, draft, first_page, holds, input, observer, read, shows, submit, walk_until};
use super::dice::Dice;
use super::files::sha256;
use super::routes::{Rules, offered};
use super::table::{Definition, steps};
use cases::{Case, Fault, MOST, generate, mandatory, members};

/// The sentences.
pub(crate) const STEPS: &[Definition] = steps![
    ketika r"^masukan negatif dikirim kepada setiap operasi yang menerima isian, satu kesalahan setiap kiriman$"
        "bad data are sent to every operation that takes members, one fault in each request" => send_series;
    maka r"^setiap masukan negatif ditolak$"
        "all bad data are refused" => all_refused;
    maka r"^tidak satu pun masukan negatif tersimpan$"
        "none of the bad data are stored" => none_stored;
    maka r"^penolakan isian menyebut isian yang salah$"
        "refusals of a member name the member at fault" => members_named;
];

/// Who does what, in this order.
const OPERATIONS: &[(Op, Actor)] = &[
    (Op::Submit, Actor::PelaporA),
    (Op::RequestInfo, Actor::Admin),
    (Op::Dispose, Actor::Admin),
    (Op::FollowUp, Actor::Petugas),
    (Op::Reply, Actor::PelaporA),
    (Op::HubDispatch, Actor::Hub),
];

/// After how many cases the list is looked at.
const LOOK_AFTER: usize = 10;

/// Server faults in a row after which the series ends (keamanan.md, rule 11).
const FAULTS_IN_A_ROW: usize = 3;

/// What was sent and seen.
#[derive(Default)]
struct Series {
    params: Params,
    records: Vec<Arc<Record>>,
}

/// A series under way.
struct Sender {
    caller: Caller,
    dice: Dice,
    series: Series,
    faults: usize,
    /// Marker of a complaint that is older than every case: where lists show the newest first, a look may end there.
    anchor: Option<String>,
}

/// A good input with the marker that it carries.
struct Good {
    input: Value,
    marker: String,
    fixture: u32,
}

async fn send_series(w: &mut World, _: Args) -> Result<(), Halt> {
    let caller = w.caller()?;
    let seed = format!("{}/{}/{}", caller.cx().seed(), w.row(), w.attempt());
    let mut sender = Sender {
        caller,
        dice: Dice::new(&seed),
        series: Series::default(),
        faults: 0,
        anchor: None,
    };
    for (op, actor) in OPERATIONS {
        let operation = Box::pin(sender.operation(*op, *actor)).await?;
        sender.series.params.operations.push(operation);
    }
    *w.memory::<Series>() = sender.series;
    Ok(())
}

impl Sender {
    /// Controls and cases of one operation.
    async fn operation(&mut self, op: Op, actor: Actor) -> Result<Operation, Halt> {
        let mut operation = Operation {
            op,
            left_out: None,
            unmet: None,
            controls: Vec::new(),
            reads: Vec::new(),
            looked: false,
        };
        if !offered(self.caller.cx(), op, actor) {
            operation.left_out = Some(format!("{op}@{actor}"));
            return Ok(operation);
        }
        let (before, subject) = match self.subjects(op).await {
            Ok(subjects) => subjects,
            Err(Halt::NotApplicable(claim)) => {
                operation.left_out = Some(claim);
                return Ok(operation);
            }
            Err(Halt::Inconclusive { text, .. }) => {
                operation.unmet = Some(text);
                return Ok(operation);
            }
            Err(other) => return Err(other),
        };
        let (control, good) = self.control(op, actor, before.as_ref()).await?;
        operation.controls.push(self.keep(&control));
        if op == Op::Submit {
            self.anchor = Some(good.marker);
        }
        if let Some(subject) = &subject {
            operation.reads.push(self.read(subject).await?);
        }
        if control.reading == Reading::Accepted {
            self.cases(op, actor, subject.as_ref()).await?;
        }
        if let Some(subject) = &subject {
            operation.reads.push(self.read(subject).await?);
        }
        let (control, good) = self.control(op, actor, subject.as_ref()).await?;
        operation.controls.push(self.keep(&control));
        operation.looked = self.last_look(op, subject.as_ref(), &good).await?;
        Ok(operation)
    }

    /// Two complaints on which the act is allowed: for the control before, and for the cases and the control after.
    async fn subjects(&self, op: Op) -> Result<(Option<Complaint>, Option<Complaint>), Halt> {
        let caller = &self.caller;
        let direct = Rules::of(caller.cx()).direct && !offered(caller.cx(), Op::Dispose, Actor::Admin);
        let to = match op {
            Op::RequestInfo => Status::MenungguVerifikasi,
            Op::Dispose => Status::Terverifikasi,
            Op::FollowUp if direct => Status::Terverifikasi,
            Op::FollowUp => Status::Terdisposisi,
            Op::Reply => Status::Diproses,
            _ => return Ok((None, None)),
        };
        let mut ready = Vec::new();
        for _ in 0..2 {
            let draft = draft(caller, Actor::PelaporA, BakuOptions::default()).await?;
            let mut complaint = submit(caller, op.id(), draft).await?;
            bring_to(caller, &mut complaint, to).await?;
            ready.push(complaint);
        }
        let second = ready.pop();
        Ok((ready.pop(), second))
    }

    /// A good input with a marker of its own. No NIK: it would be redacted, and the bytes could not be compared.
    async fn good(&self, op: Op, subject: Option<&Complaint>) -> Result<Good, Halt> {
        let caller = &self.caller;
        let Some(subject) = subject else {
            let draft = draft(caller, Actor::PelaporA, BakuOptions::default()).await?;
            let mut input = members(&draft.input);
            input.insert("permintaan_penyelesaian".to_owned(), json!("Mohon diperbaiki."));
            if let Some(reporter) = input.get_mut("pelapor").and_then(Value::as_object_mut) {
                reporter.remove("nik");
            }
            if op == Op::HubDispatch {
                input.insert("id_sp4n".to_owned(), json!(format!("N-{}", draft.marker)));
                input.insert("versi".to_owned(), json!(1));
            }
            return Ok(Good {
                input: Value::Object(input),
                marker: draft.marker,
                fixture: draft.fixture,
            });
        };
        let fixture = caller.cx().next_fixture();
        let marker = caller.cx().canaries().plant(fixture, "penanda", false);
        let mut input = members(&input(caller, op, subject).await?);
        let text = format!("Isian untuk pengujian {marker}.");
        if input.contains_key("isi") {
            input.insert("isi".to_owned(), json!(text));
        }
        if op == Op::Dispose {
            input.insert("alasan".to_owned(), json!({"teks": text}));
        }
        Ok(Good {
            input: Value::Object(input),
            marker,
            fixture,
        })
    }

    /// The operation with good data.
    async fn control(&self, op: Op, actor: Actor, subject: Option<&Complaint>) -> Result<(Answered, Good), Halt> {
        let good = self.good(op, subject).await?;
        let call = self
            .caller
            .call(op, actor, good.input.clone())
            .class("masukan baik")
            .part(Part::ControlBefore);
        Ok((call.send().await?, good))
    }

    async fn cases(&mut self, op: Op, actor: Actor, subject: Option<&Complaint>) -> Result<(), Halt> {
        let cx = Arc::clone(self.caller.cx());
        let declared = cx
            .statement()
            .document()
            .nilai
            .isian_wajib
            .get(op.id())
            .cloned()
            .unwrap_or_default();
        let base = self.good(op, subject).await?;
        let json_body = cx.statement().binding().sends_json(op, actor);
        let mut cases = generate(&base.input, &mandatory(op, &declared), json_body, &mut self.dice);
        cases.truncate(MOST.saturating_sub(self.series.params.cases.len()));
        for (number, case) in (1..).zip(&cases) {
            let good = self.good(op, subject).await?;
            let stopped = self.faults >= FAULTS_IN_A_ROW;
            let sent = if stopped {
                None
            } else {
                self.case(op, actor, case, &good).await?
            };
            self.series.params.cases.push(negative::Case {
                op,
                class: case.class,
                field: case.field.clone(),
                reaches: stopped || sent.is_some(),
                seq: sent.as_ref().map(|sent| sent.0),
                names: sent.map(|sent| sent.1).unwrap_or_default(),
                must_name: case.names(),
                optional: case.optional,
                marker: good.marker,
                fixture: good.fixture,
            });
            if number % LOOK_AFTER == 0 && !stopped {
                self.look().await?;
                if let Some(subject) = subject {
                    let seq = self.read(subject).await?;
                    self.series.params.looks.push(seq);
                }
            }
        }
        Ok(())
    }

    /// Sends one case, if its fault is in the bytes that leave: its record, and the names of the member at fault.
    async fn case(
        &mut self,
        op: Op,
        actor: Actor,
        case: &Case,
        good: &Good,
    ) -> Result<Option<(u64, Vec<String>)>, Halt> {
        let Some((clean, media_type, method)) = self.body(op, actor, &good.input).await else {
            return Ok(None);
        };
        // A partial change of nothing is no bad data (RFC 5789).
        if case.fault == Fault::Nothing && method == "PATCH" {
            return Ok(None);
        }
        let faulty = case.apply(&good.input);
        let (bytes, change) = if let Some(bytes) = case.body(&clean) {
            let change = BodyChange::Bytes {
                bytes: bytes.clone().into(),
                media_type: None,
            };
            (bytes, Some(change))
        } else {
            let Some((bytes, ..)) = self.body(op, actor, &faulty).await else {
                return Ok(None);
            };
            (bytes, None)
        };
        let own = if change.is_none() {
            at_fault(case, &clean, &bytes, &media_type)
        } else {
            Some(Vec::new())
        };
        let Some(own) = own else { return Ok(None) };
        let class = format!("{op} {} {}", case.class.id(), case.field);
        let call = self
            .caller
            .call(op, actor, if change.is_some() { good.input.clone() } else { faulty });
        let extra = Extra {
            body: change,
            ..Extra::default()
        };
        let answered = match call
            .class(class.trim_end())
            .part(Part::Probe)
            .extra(extra)
            .attempt()
            .await
        {
            Ok(answered) => answered,
            Err(CallFault::Statement { .. }) => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        if case.fault != Fault::Nothing && !left_so(&answered, &bytes) {
            return Ok(None);
        }
        self.count_fault(&answered);
        Ok(Some((self.keep(&answered), self.names(&case.field, own))))
    }

    /// Server faults in a row: after a few of them the series ends (keamanan.md §0.2 rule 11).
    fn count_fault(&mut self, answered: &Answered) {
        let status = answered.record.exchange().and_then(Exchange::status);
        self.faults = if status.is_some_and(|status| status >= 500) {
            self.faults + 1
        } else {
            0
        };
    }

    /// The body that the binding makes of an input, with its media type and the method, without sending it.
    async fn body(&self, op: Op, actor: Actor, input: &Value) -> Option<(Vec<u8>, String, String)> {
        let binding = self.caller.cx().statement().binding();
        let prepared = binding.prepare(input);
        for step in binding.route(op)?.steps(actor) {
            if let Ok(draft) = step.draft(&prepared).await
                && let Some(body) = draft.body
            {
                return Some((body.bytes.to_vec(), body.media_type, draft.method));
            }
        }
        None
    }

    /// What a refusal may call a member: as the application names it, as the model does, or by its declared label.
    fn names(&self, field: &str, mut names: Vec<String>) -> Vec<String> {
        let last = field.rsplit('.').next().unwrap_or(field).to_owned();
        let labels = &self.caller.cx().statement().document().nilai.label_isian;
        names.extend(labels.get(field).or_else(|| labels.get(&last)).cloned());
        names.push(last);
        names.retain(|name| !name.is_empty());
        names
    }

    /// Looks at the administrator's list.
    async fn look(&mut self) -> Result<(), Halt> {
        let caller = self.caller.part(Part::SecondRead);
        if !caller.cx().target().bound(Op::List, Actor::Admin) {
            return Ok(());
        }
        let newest_first = caller.cx().statement().document().nilai.urutan_terbaru_dulu;
        let anchor = self.anchor.clone().filter(|_| newest_first).unwrap_or_default();
        let reached = |item: &Value| !anchor.is_empty() && holds(item, &anchor);
        let walk = caller
            .walk(Op::List, Actor::Admin, first_page(&caller), WalkStop::Found(&reached))
            .await?;
        for page in &walk.pages {
            let seq = self.keep(page);
            self.series.params.looks.push(seq);
        }
        Ok(())
    }

    /// Looks once more when the control after the cases is to be seen: then whatever was stored before is, too.
    async fn last_look(&mut self, op: Op, subject: Option<&Complaint>, control: &Good) -> Result<bool, Halt> {
        let caller = self.caller.part(Part::SecondRead);
        let fixture = control.fixture;
        if let Some(subject) = subject {
            let told = matches!(op, Op::FollowUp | Op::Reply);
            let make = || read(&caller, observer(&caller), subject);
            let answered = caller.until(make, |answered| !told || shows(answered, fixture)).await?;
            let seq = self.keep(&answered);
            self.series.params.looks.push(seq);
            self.look().await?;
            return Ok(true);
        }
        if !caller.cx().target().bound(Op::List, Actor::Admin) {
            return Ok(false);
        }
        let there = |walk: &crate::run::Walk| walk.items.iter().any(|item| holds(item, &control.marker));
        let walk = walk_until(&caller, Op::List, Actor::Admin, &first_page(&caller), there).await?;
        for page in &walk.pages {
            let seq = self.keep(page);
            self.series.params.looks.push(seq);
        }
        Ok(there(&walk))
    }

    async fn read(&mut self, subject: &Complaint) -> Result<u64, Halt> {
        let answered = read(&self.caller, observer(&self.caller), subject).send().await?;
        Ok(self.keep(&answered))
    }

    fn keep(&mut self, answered: &Answered) -> u64 {
        self.series.records.push(Arc::clone(&answered.record));
        answered.record.seq
    }
}

/// The names of the members that a faulty body has otherwise than the good one; `None` where the fault is not in it.
fn at_fault(case: &Case, clean: &[u8], faulty: &[u8], media_type: &str) -> Option<Vec<String>> {
    let found = sent::differences(&sent::parse(clean, media_type)?, &sent::parse(faulty, media_type)?);
    let meant = found.iter().any(|difference| sent::is_fault(case.class, difference));
    let names = found
        .into_iter()
        .filter_map(|difference| difference.path.into_iter().next_back());
    meant.then(|| names.collect())
}

/// Whether these very bytes left.
fn left_so(answered: &Answered, bytes: &[u8]) -> bool {
    let digest = sha256(bytes);
    answered
        .records
        .iter()
        .filter_map(|record| record.exchange()?.request.body.as_ref())
        .any(|body| body.sha256 == digest)
}

async fn all_refused(w: &mut World, _: Args) -> Result<(), Halt> {
    let params = &w.memory::<Series>().params;
    let mut declared = Vec::new();
    for operation in &params.operations {
        let of_op = classes(&params.cases, operation.op);
        if of_op.is_empty() {
            declared.push(whole_key(operation.op));
        }
        declared.extend(of_op.into_iter().map(|class| class_key(operation.op, class)));
    }
    judge(w, "negatif_ditolak", declared).await
}

async fn none_stored(w: &mut World, _: Args) -> Result<(), Halt> {
    let operations = &w.memory::<Series>().params.operations;
    let declared = operations.iter().map(|operation| stored_key(operation.op)).collect();
    judge(w, "negatif_tidak_tersimpan", declared).await
}

async fn members_named(w: &mut World, _: Args) -> Result<(), Halt> {
    judge(w, "negatif_dinamai", vec![NAMES.to_owned()]).await
}

async fn judge(w: &mut World, oracle: &'static str, declared: Vec<String>) -> Result<(), Halt> {
    w.declare(&declared)?;
    let series = w.memory::<Series>();
    let (params, records) = (json!(series.params), series.records.clone());
    w.check(Ask {
        oracle,
        params,
        records,
        declared,
        miss: None,
    })
    .await
}
