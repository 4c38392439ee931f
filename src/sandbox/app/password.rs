//! Password hashes: Argon2id (RFC 9106) at a cost for tests. **An application for people takes 19 MiB and two passes.**

use argon2::{Algorithm, Argon2, Params, Version};

use super::ids;
use super::problem::Problem;

fn argon() -> Result<Argon2<'static>, Problem> {
    let params = Params::new(8, 1, 1, Some(32)).map_err(|_| Problem::internal("password parameters"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn derive(password: &str, salt: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut hash = vec![0; 32];
    argon()?
        .hash_password_into(password.as_bytes(), salt, &mut hash)
        .map_err(|_| Problem::internal("password hash"))?;
    Ok(hash)
}

/// A fresh salt and the hash of a password.
pub fn hash(password: &str) -> Result<(Vec<u8>, Vec<u8>), Problem> {
    let salt = ids::random::<16>()?.to_vec();
    let hash = derive(password, &salt)?;
    Ok((salt, hash))
}

/// Whether a password has this hash; the comparison takes the same time wherever they differ.
pub fn fits(password: &str, salt: &[u8], hash: &[u8]) -> Result<bool, Problem> {
    let derived = derive(password, salt)?;
    let difference = derived
        .iter()
        .zip(hash)
        .fold(0_u8, |sum, (left, right)| sum | (left ^ right));
    Ok(derived.len() == hash.len() && difference == 0)
}
