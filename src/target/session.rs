//! Credentials on requests: static ones from the statement, and logins that are made lazily, one session an actor.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::time::Instant;

use super::wire::Outgoing;
use super::{Call, CallFault, Extra, Sent, Target};
use crate::domain::{Actor, Op, Phrase};
use crate::evidence::record::{Credential, Part, Reading, Scope};
use crate::phrase;
use crate::statement::{Authentication, AuthenticationKind};

type Cell = Arc<tokio::sync::Mutex<Option<Session>>>;

/// Sessions of the actors that log in.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    cells: Mutex<BTreeMap<Actor, Cell>>,
}

#[derive(Debug, Clone)]
struct Session {
    token: String,
    since: Instant,
    lives: Option<Duration>,
}

impl Sessions {
    fn cell(&self, actor: Actor) -> Cell {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(cells.entry(actor).or_default())
    }
}

impl Session {
    /// A session is renewed when nine tenths of its life are over.
    fn fresh(&self) -> bool {
        self.lives.is_none_or(|lives| self.since.elapsed() < lives.mul_f64(0.9))
    }
}

impl Target {
    /// The raw credential text of an actor: the token, or the Basic text. Logs in where needed.
    pub async fn token(&self, actor: Actor) -> Result<String, CallFault> {
        self.token_in(
            &Scope {
                attempt: 1,
                row: None,
                part: Part::Setup,
            },
            actor,
        )
        .await
    }

    /// Forgets an actor's session; the next call logs in again.
    pub async fn relogin(&self, actor: Actor) {
        *self.inner.sessions.cell(actor).lock().await = None;
    }

    /// The header field that would carry a text as an actor's credential; `None` where the actor has none, or where
    /// it goes into the URL.
    pub fn carrier(&self, actor: Actor, text: &str) -> Option<(String, String)> {
        let (_, entry) = self.inner.statement.authentication(actor)?;
        let in_header = !matches!(entry.jenis, AuthenticationKind::Tanpa | AuthenticationKind::Kueri);
        in_header.then(|| carrier(entry, text))
    }

    /// How long ago an actor logged in, where it has a session.
    pub(super) async fn session_age(&self, actor: Actor) -> Option<Duration> {
        self.inner
            .sessions
            .cell(actor)
            .lock()
            .await
            .as_ref()
            .map(|session| session.since.elapsed())
    }

    pub(super) async fn token_in(&self, scope: &Scope, actor: Actor) -> Result<String, CallFault> {
        use AuthenticationKind as K;
        let Some((_, authentication)) = self.inner.statement.authentication(actor) else {
            return Err(auth(phrase!(
                "aktor {actor} tidak punya kredensial",
                "actor {actor} has no credential"
            )));
        };
        match authentication.jenis {
            K::Tanpa => Err(auth(phrase!(
                "aktor {actor} tidak punya kredensial",
                "actor {actor} has no credential"
            ))),
            K::Token | K::Header | K::Kueri => self.secret(actor, |credential| credential.token.clone()),
            K::Basic => {
                let password = self.secret(actor, |credential| credential.sandi.clone())?;
                let text = STANDARD.encode(format!("{}:{password}", self.user(actor)));
                self.inner.recorder.secrets().register("basic", &text);
                Ok(text)
            }
            K::BearerLogin => self.session_token(scope, actor, authentication).await,
        }
    }

    fn user(&self, actor: Actor) -> String {
        self.inner
            .statement
            .actor(actor)
            .and_then(|entry| entry.kredensial.nama_pengguna.clone())
            .unwrap_or_default()
    }

    fn secret(
        &self,
        actor: Actor,
        name: impl Fn(&crate::statement::CredentialEntry) -> Option<String>,
    ) -> Result<String, CallFault> {
        let name = self
            .inner
            .statement
            .actor(actor)
            .and_then(|entry| name(&entry.kredensial));
        let value = name.as_ref().and_then(|name| self.inner.secrets.get(name));
        value.map(|secret| secret.reveal().to_owned()).ok_or_else(|| {
            auth(phrase!(
                "kredensial {actor} tidak lengkap",
                "the credential of {actor} is incomplete"
            ))
        })
    }

    async fn session_token(
        &self,
        scope: &Scope,
        actor: Actor,
        authentication: &Authentication,
    ) -> Result<String, CallFault> {
        let cell = self.inner.sessions.cell(actor);
        // The lock is held while the login goes on: a burst of calls logs in once.
        let mut session = cell.lock().await;
        if let Some(session) = session.as_ref().filter(|session| session.fresh()) {
            return Ok(session.token.clone());
        }
        let password = self.secret(actor, |credential| credential.sandi.clone())?;
        let call = Call {
            scope: Scope {
                part: Part::Setup,
                ..scope.clone()
            },
            op: Op::Login,
            actor,
            sent: Sent::None,
            object: None,
            input_class: String::new(),
            input: json!({"nama_pengguna": self.user(actor), "sandi": password}),
            extra: Extra::default(),
        };
        let answered = Box::pin(self.perform(call, None)).await?;
        let token = answered
            .mapped
            .get("token")
            .and_then(serde_json::Value::as_str)
            .filter(|token| !token.is_empty());
        let (Reading::Accepted, Some(token)) = (answered.reading, token) else {
            let (id, en) = (answered.reading.indonesian(), answered.reading.english());
            let why = answered.map_fault.unwrap_or_default();
            return Err(auth(Phrase::new(
                format!("{actor} tidak dapat masuk: {id} {why}"),
                format!("{actor} cannot log in: {en} {why}"),
            )));
        };
        let lives = ["umur_detik", "berlaku_detik"]
            .iter()
            .find_map(|name| answered.mapped.get(*name)?.as_u64());
        let lives = authentication.umur_detik.or(lives).map(|seconds| self.scaled(seconds));
        *session = Some(Session {
            token: token.to_owned(),
            since: Instant::now(),
            lives,
        });
        Ok(token.to_owned())
    }

    /// Nominal seconds on the run's clock (decisions.md C.21).
    pub(super) fn scaled(&self, seconds: u64) -> Duration {
        let scale = self.inner.statement.document().nilai.skala_waktu.unwrap_or(1.0);
        Duration::from_secs(seconds.min(86_400 * 366)).mul_f64(scale)
    }

    /// Puts a credential on a request and says whose it is.
    pub(super) async fn authenticate(&self, call: &Call, outgoing: &mut Outgoing) -> Result<Credential, CallFault> {
        let (of, text, credential) = match &call.sent {
            Sent::None => return Ok(Credential::None),
            Sent::Fields { alteration, fields } => {
                outgoing.headers.extend(fields.iter().cloned());
                return Ok(Credential::Altered(alteration.clone()));
            }
            Sent::Own => {
                let entry = self.inner.statement.authentication(call.actor);
                if entry.is_none_or(|(_, entry)| entry.jenis == AuthenticationKind::Tanpa) {
                    return Ok(Credential::None);
                }
                (
                    call.actor,
                    self.token_in(&call.scope, call.actor).await?,
                    Credential::Own,
                )
            }
            Sent::Token { of, alteration, value } => {
                self.inner.recorder.secrets().register("token_ubahan", value);
                (*of, value.clone(), Credential::Altered(alteration.clone()))
            }
        };
        let Some((_, entry)) = self.inner.statement.authentication(of) else {
            return Err(auth(phrase!(
                "aktor {of} tidak punya kredensial",
                "actor {of} has no credential"
            )));
        };
        if let (AuthenticationKind::Kueri, Some(name)) = (entry.jenis, &entry.kueri) {
            outgoing.url.query_pairs_mut().append_pair(name, &text);
        } else {
            let (name, value) = carrier(entry, &text);
            outgoing.headers.push((name, value));
        }
        Ok(credential)
    }
}

/// Header and value that carry a credential.
fn carrier(entry: &Authentication, text: &str) -> (String, String) {
    let default = match entry.jenis {
        AuthenticationKind::Token | AuthenticationKind::BearerLogin => "Bearer ",
        AuthenticationKind::Basic => "Basic ",
        AuthenticationKind::Header | AuthenticationKind::Kueri | AuthenticationKind::Tanpa => "",
    };
    let prefix = entry.awalan.as_deref().unwrap_or(default);
    (
        entry.header.clone().unwrap_or_else(|| "Authorization".into()),
        format!("{prefix}{text}"),
    )
}

fn auth(text: Phrase) -> CallFault {
    CallFault::Auth { text }
}
