//! `laik doctor`: checks a statement step by step before a run, and says at each step what to do. Reads only.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::try_op::{Bench, plain, rendered};
use super::{CommandError, Output};
use crate::binding::constants;
use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::{Answer, Reading};
use crate::exit::ExitCode;
use crate::phrase;
use crate::statement::{AuthenticationKind, SecretSource, Statement};

/// Arguments of `laik doctor`.
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Berkas pernyataan / statement file
    #[arg(value_name = "STATEMENT")]
    statement: PathBuf,
}

/// What was found so far.
struct Visit<'a> {
    output: &'a mut Output,
    faults: usize,
}

impl Visit<'_> {
    fn good(&mut self, what: &Phrase) {
        let text = format!("✓ {}", what.text(self.output.lang()));
        self.output.line(&text);
    }

    fn bad(&mut self, what: &Phrase, details: &str) {
        self.faults += 1;
        let text = format!("✗ {}", what.text(self.output.lang()));
        self.output.line(&text);
        details
            .lines()
            .for_each(|line| self.output.line(&format!("    {line}")));
    }

    fn end(&self) -> ExitCode {
        if self.faults == 0 {
            ExitCode::Conformant
        } else {
            ExitCode::Usage
        }
    }
}

/// Runs the command: 0 all well, 2 a fault of the statement, 5 the application cannot be reached.
pub fn run(args: &DoctorArgs, output: &mut Output) -> Result<ExitCode, CommandError> {
    let lang = output.lang();
    let mut visit = Visit { output, faults: 0 };
    let statement = match Statement::load(&args.statement, &SecretSource::Environment) {
        Ok(statement) => statement,
        Err(faults) => {
            visit.bad(
                &Phrase::new("pernyataan terbaca", "the statement can be read"),
                &rendered(&faults, lang),
            );
            return Ok(visit.end());
        }
    };
    let profile = statement.document().klaim.profil;
    visit.good(&phrase!(
        "pernyataan terbaca; profil {profile}",
        "the statement can be read; profile {profile}"
    ));
    filters(&statement, &mut visit);
    let invented = statement.invented();
    if !invented.is_empty() {
        visit.bad(
            &Phrase::new("nilai berasal dari aplikasi", "values come from the application"),
            &rendered(&invented, lang),
        );
    }
    if let Err(faults) = statement.secrets() {
        visit.bad(
            &Phrase::new("rahasia tersedia", "secrets are there"),
            &rendered(&faults, lang),
        );
        return Ok(visit.end());
    }
    visit.good(&Phrase::new("rahasia tersedia", "secrets are there"));
    if visit.faults > 0 {
        return Ok(visit.end());
    }
    let bench = Bench::new(&statement, lang)?;
    if !reachable(&statement, &bench, &mut visit) {
        return Ok(ExitCode::Unreachable);
    }
    logins(&statement, &bench, &mut visit);
    for op in [Op::Categories, Op::List] {
        read_only(&statement, &bench, op, &mut visit);
    }
    for text in statement.leniencies() {
        let text = text.text(lang).to_owned();
        visit.output.line(&format!("· {text}"));
    }
    Ok(visit.end())
}

fn filters(statement: &Statement, visit: &mut Visit<'_>) {
    let lang = visit.output.lang();
    let mut count = 0;
    let mut details = String::new();
    for (op, _) in statement.binding().routes() {
        count += 1;
        for fault in statement.binding().compile(op) {
            details.push_str(&statement.diagnose(&fault).render(lang));
            details.push('\n');
        }
    }
    let what = phrase!(
        "{count} operasi terikat; pola dan filter tersusun",
        "{count} operations are bound; templates and filters compile"
    );
    if details.is_empty() {
        visit.good(&what);
    } else {
        visit.bad(&what, &details);
    }
}

fn reachable(statement: &Statement, bench: &Bench, visit: &mut Visit<'_>) -> bool {
    let address = statement.base_url();
    let what = phrase!("{address} dapat dihubungi", "{address} can be reached");
    let ops = [Op::Health, Op::Categories, Op::List, Op::Read];
    let Some(op) = ops.into_iter().find(|op| bench.target.routed(*op)) else {
        visit.bad(&what, "health / categories / list: –");
        return true;
    };
    let mut call = bench.call(op, Actor::Publik, json!({"id": "0"}));
    call.sent = crate::target::Sent::None;
    match bench.runtime.block_on(bench.target.call(call)) {
        Ok(answered) => {
            if let Some(Answer::Broken(broken)) = answered.record.exchange().map(|exchange| &exchange.answer) {
                let kind = broken.kind.phrase().text(visit.output.lang()).to_owned();
                visit.bad(&what, &format!("{kind}: {}", plain(&broken.text)));
                return false;
            }
            visit.good(&what);
        }
        Err(fault) => visit.bad(&what, &fault.to_string()),
    }
    true
}

fn logins(statement: &Statement, bench: &Bench, visit: &mut Visit<'_>) {
    for actor in statement.actors() {
        let kind = statement.authentication(actor).map(|(_, entry)| entry.jenis);
        if kind.is_none_or(|kind| kind == AuthenticationKind::Tanpa) {
            continue;
        }
        let what = phrase!("kredensial {actor} tersedia", "the credential of {actor} can be had");
        match bench.runtime.block_on(bench.target.token(actor)) {
            Ok(_) => visit.good(&what),
            Err(fault) => visit.bad(&what, &plain(&fault.to_string())),
        }
    }
}

/// A read-only operation is answered, mapped, and holds no undeclared constant (decisions.md E.31b).
fn read_only(statement: &Statement, bench: &Bench, op: Op, visit: &mut Visit<'_>) {
    let lang = visit.output.lang();
    let actors = [Actor::Admin, Actor::PelaporA, Actor::Publik];
    let Some(actor) = actors.into_iter().find(|actor| bench.target.bound(op, *actor)) else {
        return;
    };
    let call = bench.call(op, actor, json!({"halaman": 1, "ukuran": 5}));
    let what = phrase!(
        "{op} dijawab dan terpetakan sebagai {actor}",
        "{op} is answered and mapped as {actor}"
    );
    let answered = match bench.runtime.block_on(bench.target.call(call)) {
        Ok(answered) => answered,
        Err(fault) => return visit.bad(&what, &plain(&fault.to_string())),
    };
    let reading = answered.reading.phrase().text(lang).to_owned();
    if answered.reading != Reading::Accepted {
        return visit.bad(&what, &format!("{reading} – laik try … {op}"));
    }
    if let Some(fault) = &answered.map_fault {
        return visit.bad(&what, &plain(fault));
    }
    if answered.mapped.get("butir").and_then(Value::as_array).is_none() {
        let text = Phrase::new("jawaban harus {butir: […]}", "jawaban must give {butir: […]}");
        return visit.bad(&what, text.text(lang));
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
}

fn undeclared_constants(
    statement: &Statement,
    op: Op,
    actor: Actor,
    answered: &crate::target::Answered,
) -> Vec<String> {
    let filter = statement.binding().route(op).and_then(|route| route.answer(actor));
    let response = answered.record.exchange().and_then(|exchange| exchange.response());
    let (Some(filter), Some(response)) = (filter, response) else {
        return Vec::new();
    };
    let body = response.body.text.as_deref().unwrap_or_default();
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let headers: serde_json::Map<String, Value> = response
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    let answer = json!({"status": response.status, "headers": headers, "body": body});
    let words: Vec<String> = statement.document().ikatan.status.terima.keys().cloned().collect();
    let declared = &statement.document().konstanta;
    let found = constants::constants(filter, statement.binding().codec(), &words, &answer);
    found
        .into_iter()
        .map(|leaf| format!("{op}.{leaf}"))
        .filter(|leaf| !declared.contains_key(leaf))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::phrase::Lang;
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    /// What doctor says of an application whose list filter holds `status` constant.
    fn visit(extra: &str, list: ResponseTemplate) -> ExitCode {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let server = runtime.block_on(async {
            let server = MockServer::start().await;
            Mock::given(path("/p")).respond_with(list).mount(&server).await;
            server
        });
        let url = server.uri();
        let text = format!(
            r#"format = "1.0"
[aplikasi]
nama = "Uji"
versi = "1"
instansi = "Dinas Uji"
alamat_dasar = "{url}"
lingkungan = "staging"
[klaim]
profil = "mandiri"
kapabilitas = ["http_teks_polos"]
[ikatan.operasi.list]
metode = "GET"
alamat = "/p"
jawaban = '{{butir: [.body[] | {{id, status: "selesai"}}]}}'
{extra}
"#
        );
        let directory = tempfile::tempdir().unwrap();
        let statement = directory.path().join("p.toml");
        std::fs::write(&statement, text).unwrap();
        let code = run(&DoctorArgs { statement }, &mut Output::stdout(Lang::Id));
        drop(server);
        code.unwrap()
    }

    #[test]
    fn finds_undeclared_constants_and_wrong_answers() {
        let list = || ResponseTemplate::new(200).set_body_json(json!([{"id": 1}]));
        assert_eq!(visit("", list()), ExitCode::Usage);
        assert_eq!(
            visit("[konstanta]\n\"list.butir[].status\" = \"hanya arsip\"", list()),
            ExitCode::Conformant
        );
        assert_eq!(visit("", ResponseTemplate::new(500)), ExitCode::Usage);
    }
}
