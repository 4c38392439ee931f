//! Variants of tokens.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jiff::Timestamp;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};

use super::super::app::complaint::Account;
use super::super::app::ids::{hex, random};
use super::super::app::problem::Problem;
use super::super::app::seams::{BadToken, Tokens};
use super::super::app::tokens::{LIFETIME, claims, subject};
use super::super::assembly::Assembly;
use super::super::counters::Counter;

fn fingerprint(token: &str) -> String {
    hex(digest(&SHA256, token.as_bytes()).as_ref())
}

/// Random words; what they mean is known to the application alone, which keeps only their digests.
struct Opaque {
    known: Mutex<BTreeMap<String, (String, i64)>>,
    counter: Counter,
}

impl Tokens for Opaque {
    fn issue(&self, account: &Account, now: Timestamp) -> Result<String, Problem> {
        self.counter.acted();
        let token = BASE64.encode(random::<32>()?);
        let entry = (account.id.clone(), now.as_second() + LIFETIME);
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(fingerprint(&token), entry);
        Ok(token)
    }

    fn verify(&self, token: &str, now: Timestamp) -> Result<String, BadToken> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (account, until) = known.get(&fingerprint(token)).ok_or(BadToken)?;
        if now.as_second() < *until {
            Ok(account.clone())
        } else {
            Err(BadToken)
        }
    }

    fn revoke(&self, token: &str) {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&fingerprint(token));
    }
}

pub(super) fn opaque(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.token = "opak";
    assembly.parts.tokens = Arc::new(Opaque {
        known: Mutex::new(BTreeMap::new()),
        counter,
    });
}

/// Signed tokens of which the issuer is asked each time whether it knows them.
struct Introspected {
    inner: Arc<dyn Tokens>,
    issued: Mutex<BTreeSet<String>>,
    counter: Counter,
}

impl Tokens for Introspected {
    fn issue(&self, account: &Account, now: Timestamp) -> Result<String, Problem> {
        let token = self.inner.issue(account, now)?;
        self.issued
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(fingerprint(&token));
        Ok(token)
    }

    fn verify(&self, token: &str, now: Timestamp) -> Result<String, BadToken> {
        self.counter.acted();
        let known = self
            .issued
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&fingerprint(token));
        if known {
            self.inner.verify(token, now)
        } else {
            Err(BadToken)
        }
    }

    fn revoke(&self, token: &str) {
        self.inner.revoke(token);
        self.issued
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&fingerprint(token));
    }
}

pub(super) fn introspected(assembly: &mut Assembly, counter: Counter) {
    let inner = assembly.parts.tokens.clone();
    assembly.parts.tokens = Arc::new(Introspected {
        inner,
        issued: Mutex::new(BTreeSet::new()),
        counter,
    });
}

/// Encrypted tokens in compact form (RFC 7516 §7.1), `dir` with `A256GCM`.
struct Encrypted {
    key: Result<LessSafeKey, Problem>,
    revoked: Mutex<BTreeSet<String>>,
    counter: Counter,
}

/// Bytes of the authentication tag.
const TAG: usize = 16;

impl Encrypted {
    fn open(&self, token: &str) -> Option<serde_json::Value> {
        let key = self.key.as_ref().ok()?;
        let [header, wrapped, nonce, text, tag] = token.split('.').collect::<Vec<_>>().try_into().ok()?;
        let nonce = Nonce::try_assume_unique_for_key(&BASE64.decode(nonce).ok()?).ok()?;
        let (mut sealed, tag) = (BASE64.decode(text).ok()?, BASE64.decode(tag).ok()?);
        if !wrapped.is_empty() || tag.len() != TAG {
            return None;
        }
        sealed.extend(tag);
        let plain = key
            .open_in_place(nonce, Aad::from(header.as_bytes()), &mut sealed)
            .ok()?;
        serde_json::from_slice(plain).ok()
    }
}

impl Tokens for Encrypted {
    fn issue(&self, account: &Account, now: Timestamp) -> Result<String, Problem> {
        self.counter.acted();
        let key = self.key.as_ref().map_err(Clone::clone)?;
        let header = BASE64.encode(r#"{"alg":"dir","enc":"A256GCM","typ":"JWT"}"#);
        let nonce = random::<12>()?;
        let mut sealed = claims(account, now)?.to_string().into_bytes();
        let unique = Nonce::assume_unique_for_key(nonce);
        let aad = Aad::from(header.as_bytes());
        let tag = key
            .seal_in_place_separate_tag(unique, aad, &mut sealed)
            .map_err(|_| Problem::internal("sealing"))?;
        Ok(format!(
            "{header}..{}.{}.{}",
            BASE64.encode(nonce),
            BASE64.encode(&sealed),
            BASE64.encode(tag.as_ref())
        ))
    }

    fn verify(&self, token: &str, now: Timestamp) -> Result<String, BadToken> {
        if self
            .revoked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&fingerprint(token))
        {
            return Err(BadToken);
        }
        self.open(token)
            .and_then(|payload| subject(&payload, now))
            .ok_or(BadToken)
    }

    fn revoke(&self, token: &str) {
        self.revoked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(fingerprint(token));
    }
}

pub(super) fn encrypted(assembly: &mut Assembly, counter: Counter) {
    assembly.declared.token = "jwe";
    let unbound = |bytes: [u8; 32]| UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| Problem::internal("sealing key"));
    let key = random::<32>().and_then(unbound).map(LessSafeKey::new);
    assembly.parts.tokens = Arc::new(Encrypted {
        key,
        revoked: Mutex::new(BTreeSet::new()),
        counter,
    });
}
