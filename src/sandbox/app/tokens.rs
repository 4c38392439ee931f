//! Bearer tokens: JWT signed with ES256 (RFC 7519, RFC 8725: one algorithm, fixed, never read from the token).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use serde_json::{Value, json};

use super::complaint::Account;
use super::ids;
use super::problem::Problem;
use super::seams::{BadToken, Tokens};

/// How long a token is valid, in seconds.
pub const LIFETIME: i64 = 3600;

/// Who issues and who takes the tokens.
pub const ISSUER: &str = "rujukan";

/// Signed tokens.
pub struct Jwt {
    key: EcdsaKeyPair,
    chance: SystemRandom,
    revoked: Mutex<HashSet<String>>,
}

/// The three parts of a token, still as text, with header and payload decoded.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed<'a> {
    /// Header and payload as they were signed.
    pub signed: &'a str,
    /// The header.
    pub header: Value,
    /// The payload.
    pub payload: Value,
    /// The signature; empty where there is none.
    pub signature: Vec<u8>,
}

/// Takes a token apart; nothing is verified.
pub fn parse(token: &str) -> Option<Parsed<'_>> {
    let (head, rest) = token.split_once('.')?;
    let (body, signature) = rest.split_once('.').unwrap_or((rest, ""));
    let json = |part: &str| serde_json::from_slice::<Value>(&BASE64.decode(part).ok()?).ok();
    Some(Parsed {
        signed: token.get(..head.len() + 1 + body.len())?,
        header: json(head)?,
        payload: json(body)?,
        signature: BASE64.decode(signature).ok()?,
    })
}

/// The account that a payload names, if issuer and audience are right and it has not expired. When it was issued is
/// told for information alone (RFC 7519 §4.1.6): a test clock that was set back lets tokens live on.
pub fn subject(payload: &Value, now: Timestamp) -> Option<String> {
    let second = now.as_second();
    let ours = payload.get("iss")? == ISSUER && payload.get("aud")? == ISSUER;
    payload.get("iat")?.as_i64()?;
    let alive = second < payload.get("exp")?.as_i64()?;
    (ours && alive)
        .then(|| payload.get("sub")?.as_str().map(str::to_owned))
        .flatten()
}

impl Jwt {
    /// A signer with a fresh key.
    pub fn new() -> Result<Self, Problem> {
        let chance = SystemRandom::new();
        let failed = |_| Problem::internal("signing key");
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &chance).map_err(failed)?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &chance)
            .map_err(|_| Problem::internal("signing key"))?;
        Ok(Self {
            key,
            chance,
            revoked: Mutex::new(HashSet::new()),
        })
    }
}

/// The claims of a new token.
pub fn claims(account: &Account, now: Timestamp) -> Result<Value, Problem> {
    Ok(json!({
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": account.id,
        "peran": account.role.id(),
        "iat": now.as_second(),
        "exp": now.as_second() + LIFETIME,
        "jti": ids::hex(&ids::random::<16>()?),
    }))
}

impl Tokens for Jwt {
    fn issue(&self, account: &Account, now: Timestamp) -> Result<String, Problem> {
        let header = BASE64.encode(r#"{"alg":"ES256","typ":"JWT"}"#);
        let signed = format!("{header}.{}", BASE64.encode(claims(account, now)?.to_string()));
        let signature = self
            .key
            .sign(&self.chance, signed.as_bytes())
            .map_err(|_| Problem::internal("signature"))?;
        Ok(format!("{signed}.{}", BASE64.encode(signature)))
    }

    fn verify(&self, token: &str, now: Timestamp) -> Result<String, BadToken> {
        let parsed = parse(token).ok_or(BadToken)?;
        if parsed.header.get("alg").and_then(Value::as_str) != Some("ES256") {
            return Err(BadToken);
        }
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.key.public_key().as_ref());
        public
            .verify(parsed.signed.as_bytes(), &parsed.signature)
            .map_err(|_| BadToken)?;
        let revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        let name = parsed.payload.get("jti").and_then(Value::as_str).ok_or(BadToken)?;
        if revoked.contains(name) {
            return Err(BadToken);
        }
        subject(&parsed.payload, now).ok_or(BadToken)
    }

    fn revoke(&self, token: &str) {
        let name = parse(token).and_then(|parsed| parsed.payload.get("jti")?.as_str().map(str::to_owned));
        self.revoked.lock().unwrap_or_else(PoisonError::into_inner).extend(name);
    }
}
