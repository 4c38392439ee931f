//! Credentials on requests: static ones from the statement, and logins that are made lazily, one session an actor.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::time::Instant;

use super::cookies::{Errand, Jar, put_field};
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
    /// The cookies, where the session is one.
    jar: Option<Jar>,
}

/// A credential that the application gave.
pub(super) struct Grant {
    /// Its text.
    pub(super) token: String,
    /// Nominal seconds that it lives, where the application told.
    pub(super) lives: Option<u64>,
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
        let in_header = !matches!(
            entry.jenis,
            AuthenticationKind::Tanpa | AuthenticationKind::Kueri | AuthenticationKind::Bidang
        );
        in_header.then(|| carrier(entry, text))
    }

    /// Whether an actor's session may be over although it is not known to be: it is older than `young`, or than the
    /// call for tokens that the application may withdraw at any time.
    pub(super) async fn may_be_over(&self, actor: Actor, young: Duration, called: Instant) -> bool {
        let cell = self.inner.sessions.cell(actor);
        let held = cell.lock().await;
        let Some(session) = held.as_ref() else { return false };
        let entry = self.inner.statement.authentication(actor).map(|(_, entry)| entry.jenis);
        if entry == Some(AuthenticationKind::Oauth2) {
            session.since < called
        } else {
            session.since.elapsed() > young
        }
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
            K::Token | K::Header | K::Kueri | K::Bidang => self.secret(actor, |credential| credential.token.clone()),
            K::Basic => {
                let password = self.secret(actor, |credential| credential.sandi.clone())?;
                let text = STANDARD.encode(format!("{}:{password}", self.user(actor)));
                self.inner.recorder.secrets().register("basic", &text);
                Ok(text)
            }
            K::BearerLogin | K::SesiKuki | K::Oauth2 => Ok(self.session(scope, actor, authentication).await?.token),
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

    /// The session of an actor; one that is over, or not yet there, is begun.
    async fn session(&self, scope: &Scope, actor: Actor, entry: &Authentication) -> Result<Session, CallFault> {
        let cell = self.inner.sessions.cell(actor);
        // The lock is held while the login goes on: a burst of calls logs in once.
        let mut held = cell.lock().await;
        if let Some(session) = held.as_ref().filter(|session| session.fresh()) {
            return Ok(session.clone());
        }
        let password = self.secret(actor, |credential| credential.sandi.clone())?;
        let jar = (entry.jenis == AuthenticationKind::SesiKuki).then(Jar::default);
        let grant = if entry.jenis == AuthenticationKind::Oauth2 {
            let errand = Errand { scope, actor };
            self.client_credentials(errand, entry, &self.user(actor), &password)
                .await?
        } else {
            self.log_in(scope, actor, entry, password, jar.clone()).await?
        };
        let lives = entry.umur_detik.or(grant.lives).map(|seconds| self.scaled(seconds));
        let session = Session {
            token: grant.token,
            since: Instant::now(),
            lives,
            jar,
        };
        *held = Some(session.clone());
        Ok(session)
    }

    /// Carries out the operation `login`. The token is what its answer maps, or the session's cookie.
    async fn log_in(
        &self,
        scope: &Scope,
        actor: Actor,
        entry: &Authentication,
        password: String,
        jar: Option<Jar>,
    ) -> Result<Grant, CallFault> {
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
        let answered = Box::pin(self.perform_in(call, None, jar.clone())).await?;
        let token = match (&jar, &entry.kuki) {
            (Some(jar), Some(name)) => jar.value(self.inner.statement.base_url(), name),
            _ => answered
                .mapped
                .get("token")
                .and_then(serde_json::Value::as_str)
                .map(str::to_owned),
        };
        let token = token.filter(|token| !token.is_empty());
        let (Reading::Accepted, Some(token)) = (answered.reading, token) else {
            let (id, en) = (answered.reading.indonesian(), answered.reading.english());
            let why = answered.map_fault.unwrap_or_default();
            return Err(auth(Phrase::new(
                format!("{actor} tidak dapat masuk: {id} {why}"),
                format!("{actor} cannot log in: {en} {why}"),
            )));
        };
        if let Some(jar) = &jar {
            // Frameworks give a new CSRF token with a new session.
            jar.remember(None);
        }
        let lives = ["umur_detik", "berlaku_detik"]
            .iter()
            .find_map(|name| answered.mapped.get(*name)?.as_u64());
        Ok(Grant { token, lives })
    }

    /// Nominal seconds on the run's clock (decisions.md C.21).
    pub(super) fn scaled(&self, seconds: u64) -> Duration {
        let scale = self.inner.statement.document().nilai.skala_waktu.unwrap_or(1.0);
        Duration::from_secs(seconds.min(86_400 * 366)).mul_f64(scale)
    }

    /// Puts a credential on a request; says whose it is, and which jar takes what the answer sets.
    pub(super) async fn authenticate(
        &self,
        call: &Call,
        jar: Option<&Jar>,
        outgoing: &mut Outgoing,
    ) -> Result<(Credential, Option<Jar>), CallFault> {
        let statement = &self.inner.statement;
        let entry = statement.authentication(call.actor).map(|(_, entry)| entry);
        let errand = Errand {
            scope: &call.scope,
            actor: call.actor,
        };
        // A login takes place within the session that it begins.
        if let (Some(jar), Some(entry)) = (jar, entry) {
            self.wear(errand, entry, jar, outgoing).await?;
            return Ok((Credential::None, Some(jar.clone())));
        }
        match &call.sent {
            Sent::None => Ok((Credential::None, None)),
            Sent::Fields { alteration, fields } => {
                outgoing.headers.extend(fields.iter().cloned());
                Ok((Credential::Altered(alteration.clone()), None))
            }
            Sent::Own => {
                let Some(entry) = entry.filter(|entry| entry.jenis != AuthenticationKind::Tanpa) else {
                    return Ok((Credential::None, None));
                };
                if entry.jenis == AuthenticationKind::SesiKuki {
                    let session = self.session(&call.scope, call.actor, entry).await?;
                    if let Some(jar) = &session.jar {
                        self.wear(errand, entry, jar, outgoing).await?;
                    }
                    return Ok((Credential::Own, session.jar));
                }
                let text = self.token_in(&call.scope, call.actor).await?;
                place(entry, &text, outgoing)?;
                Ok((Credential::Own, None))
            }
            Sent::Token { of, alteration, value } => {
                self.inner.recorder.secrets().register("token_ubahan", value);
                let Some((_, entry)) = statement.authentication(*of) else {
                    return Err(auth(phrase!(
                        "aktor {of} tidak punya kredensial",
                        "actor {of} has no credential"
                    )));
                };
                place(entry, value, outgoing)?;
                Ok((Credential::Altered(alteration.clone()), None))
            }
        }
    }
}

/// Puts a credential where its kind belongs.
fn place(entry: &Authentication, text: &str, outgoing: &mut Outgoing) -> Result<(), CallFault> {
    use AuthenticationKind as K;
    match (entry.jenis, &entry.kueri, &entry.bidang) {
        (K::Kueri, Some(name), _) => drop(outgoing.url.query_pairs_mut().append_pair(name, text)),
        (K::Bidang, query, Some(name)) => {
            let bodiless = outgoing.body.is_none() && matches!(outgoing.method.as_str(), "GET" | "HEAD" | "DELETE");
            match query {
                Some(query) if bodiless => drop(outgoing.url.query_pairs_mut().append_pair(query, text)),
                None if bodiless => {}
                _ => put_field(outgoing, name, text)?,
            }
        }
        _ => outgoing.headers.push(carrier(entry, text)),
    }
    Ok(())
}

/// Header and value that carry a credential.
fn carrier(entry: &Authentication, text: &str) -> (String, String) {
    use AuthenticationKind as K;
    if let (K::SesiKuki, Some(name)) = (entry.jenis, &entry.kuki) {
        return ("Cookie".to_owned(), format!("{name}={text}"));
    }
    let default = match entry.jenis {
        K::Token | K::BearerLogin | K::Oauth2 => "Bearer ",
        K::Basic => "Basic ",
        K::Header | K::Kueri | K::Bidang | K::SesiKuki | K::Tanpa => "",
    };
    let prefix = entry.awalan.as_deref().unwrap_or(default);
    (
        entry.header.clone().unwrap_or_else(|| "Authorization".into()),
        format!("{prefix}{text}"),
    )
}

pub(super) fn auth(text: Phrase) -> CallFault {
    CallFault::Auth { text }
}
