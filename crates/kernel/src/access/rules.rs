//! Passwords and tokens. Pure: salts and random bytes are given.

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use sha2::{Digest, Sha256};

/// Characters a password needs.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Characters a password may have; hashing longer ones would cost too much.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Salt of a password's hash.
pub const SALT_BYTES: usize = 16;
/// Random bytes of a token.
pub const TOKEN_BYTES: usize = 32;

fn argon() -> Argon2<'static> {
    // OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
    let params = Params::new(19 * 1024, 2, 1, None).expect("the parameters are within their ranges");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password with argon2id into its PHC string. Costs tens of milliseconds: never inside a command.
pub fn password_hash(password: &str, salt: &[u8; SALT_BYTES]) -> String {
    argon().hash_password_with_salt(password.as_bytes(), salt).expect("the salt has a valid length").to_string()
}

/// True when the password fits the hash.
pub fn password_fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A token as its holder carries it.
pub fn token(bytes: &[u8; TOKEN_BYTES]) -> String {
    data_encoding::BASE64URL_NOPAD.encode(bytes)
}

/// What is stored of a token.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
