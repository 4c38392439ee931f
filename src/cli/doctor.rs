//! `laik doctor`: checks a statement step by step before a run, and says at each step what to do. Reads only.

mod reads;

use std::path::PathBuf;

use serde_json::json;

use super::try_op::{Bench, plain, rendered};
use super::{CommandError, Output};
use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::Answer;
use crate::exit::ExitCode;
use crate::phrase;
use crate::statement::{SecretSource, Statement};

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
    reads::whole(&statement, &mut visit);
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
    reads::credentials(&statement, &bench, &mut visit);
    reads::all(&statement, &bench, &mut visit);
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
        let usual = "[klaim]\nprofil = \"mandiri\"\nkapabilitas = [\"http_teks_polos\"]";
        let claim = if extra.contains("[klaim]") { "" } else { usual };
        let text = format!(
            r#"format = "1.0"
[aplikasi]
nama = "Uji"
versi = "1"
instansi = "Dinas Uji"
alamat_dasar = "{url}"
lingkungan = "staging"
{claim}
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
        std::fs::write(directory.path().join("sandi"), "rahasia-uji-1").unwrap();
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

    const READ: &str = "[konstanta]\n\"list.butir[].status\" = \"hanya arsip\"\n[ikatan.operasi.read]\nmetode = \"GET\"\nalamat = \"/p\"\njawaban = ";

    #[test]
    fn looks_at_every_read_with_what_the_list_shows() {
        let list = || ResponseTemplate::new(200).set_body_json(json!([{"id": 1, "judul": "a b"}]));
        assert_eq!(
            visit(&format!("{READ}'{{id: .body[0].id}}'"), list()),
            ExitCode::Conformant
        );
        assert_eq!(
            visit(&format!("{READ}'{{id: .body[0].id, kanal: \"web\"}}'"), list()),
            ExitCode::Usage,
            "a leaf that no change of the answer moves"
        );
        // An empty list gives no complaint to read: that is told, and no fault.
        let none = ResponseTemplate::new(200).set_body_json(json!([]));
        assert_eq!(
            visit(&format!("{READ}'{{id: .body[0].id}}'"), none),
            ExitCode::Conformant
        );
    }

    #[test]
    fn a_claim_needs_its_operations_and_a_credential_must_be_accepted() {
        let list = || ResponseTemplate::new(200).set_body_json(json!([{"id": 1}]));
        let declared = "[konstanta]\n\"list.butir[].status\" = \"hanya arsip\"\n";
        let actor = format!(
            "{declared}[rahasia]\nsandi = \"file:sandi\"\n[autentikasi.x]\njenis = \"token\"\n[aktor.admin]\nautentikasi = \"x\"\nkredensial = {{ token = \"sandi\" }}\n"
        );
        assert_eq!(visit(&actor, list()), ExitCode::Conformant);
        assert_eq!(visit(&actor, ResponseTemplate::new(401)), ExitCode::Usage);
        let claim = "[klaim]\nprofil = \"mandiri\"\nkapabilitas = [\"http_teks_polos\", \"penilaian\"]\n";
        assert_eq!(visit(&format!("{declared}{claim}"), list()), ExitCode::Usage);
    }
}
