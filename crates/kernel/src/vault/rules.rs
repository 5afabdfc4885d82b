//! Sealing, commitments, blind indexes and codes. Pure: nonces and salts are given.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// Bytes of a nonce (XChaCha20): random ones do not collide in practice.
pub const NONCE_BYTES: usize = 24;
/// Bytes of a commitment's salt.
pub const SALT_BYTES: usize = 16;
/// Digits of the shortest number that names one line in a district: a landline without its area.
pub const PHONE_DIGITS_MIN: usize = 7;
/// Crockford's base 32 without I, L, O, U: nobody mistakes a letter for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Seals bytes: nonce, then ciphertext with tag. `bound` ties them to their place, so that a
/// sealed value can't be moved to another row.
pub fn seal(key: &[u8; 32], nonce: [u8; NONCE_BYTES], bound: &[&str], plain: &[u8]) -> Vec<u8> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let aad = bound.join("\u{1f}");
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: aad.as_bytes() })
        .expect("a plaintext is far below the cipher's limit");
    [nonce.as_slice(), &sealed].concat()
}

/// Opens what [`seal`] made; `None` when key, place or bytes differ.
pub fn open(key: &[u8; 32], bound: &[&str], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = sealed.split_at_checked(NONCE_BYTES)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
    let aad = bound.join("\u{1f}");
    XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(nonce), Payload { msg: rest, aad: aad.as_bytes() }).ok()
}

/// HMAC-SHA-256 over parts, each preceded by its length.
pub fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A salted commitment, 64 hexadecimal digits.
pub fn commitment(salt: &[u8; SALT_BYTES], bytes: &[u8]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(bytes);
    data_encoding::HEXLOWER.encode(&hasher.finalize())
}

/// The first 40 bits of a hash as `7K3M-2Q9D`.
pub fn code(hash: &[u8; 32]) -> String {
    let bits = hash[..5].iter().fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let mut out = String::with_capacity(9);
    for index in 0..8 {
        if index == 4 {
            out.push('-');
        }
        out.push(char::from(ALPHABET[usize::try_from((bits >> (35 - 5 * index)) & 31).expect("five bits")]));
    }
    out
}

/// Chinese keyboards type full-width digits, letters and signs: their ASCII twins.
fn narrow(letter: char) -> char {
    match letter {
        '！'..='～' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        other => other,
    }
}

/// A code as people type it: spaces and hyphens anywhere, lower case, O for 0, I and L for 1.
/// `None` when it can't be one.
pub fn normal_code(typed: &str) -> Option<String> {
    let mut letters: Vec<char> = Vec::with_capacity(8);
    for letter in typed.chars().map(narrow) {
        let letter = match letter.to_ascii_uppercase() {
            // Hyphens, dashes and the minus sign, as keyboards and word processors put them.
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => continue,
            space if space.is_whitespace() => continue,
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !letter.is_ascii() || !ALPHABET.contains(&(letter as u8)) || letters.len() == 8 {
            return None;
        }
        letters.push(letter);
    }
    (letters.len() == 8).then(|| {
        let text: String = letters.into_iter().collect();
        format!("{}-{}", &text[..4], &text[4..])
    })
}

/// A phone number in one form: digits only, without +86 or 0086, a landline with the 0 of its area.
pub fn normal_phone(typed: &str) -> String {
    let plain: String = typed.chars().map(narrow).filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let abroad = if plain.starts_with("+86") {
        digits.strip_prefix("86")
    } else {
        // Without a plus, 86 is the country only before a mobile number: 13 digits, the third a 1.
        digits
            .strip_prefix("0086")
            .or_else(|| digits.strip_prefix("86").filter(|rest| rest.len() == 11 && rest.starts_with('1')))
    };
    match abroad {
        None => digits,
        Some(rest) if rest.starts_with('0') || (rest.len() == 11 && rest.starts_with('1')) => rest.to_owned(),
        Some(rest) => format!("0{rest}"),
    }
}

/// A phone number as staff see it: `138****1234`; shorter ones keep only their last two digits.
pub fn masked_phone(phone: &str) -> String {
    let normal = normal_phone(phone);
    match normal.len() {
        0 => "*".repeat(phone.chars().count()),
        count @ 1..7 => "*".repeat(count),
        count @ 7..11 => format!("{}{}", "*".repeat(count - 2), &normal[count - 2..]),
        count => format!("{}{}{}", &normal[..3], "*".repeat(count - 7), &normal[count - 4..]),
    }
}

/// A name as staff see it: the family name, then stars; `欧阳` and its like keep two characters.
pub fn masked_name(name: &str) -> String {
    const DOUBLE: [&str; 10] = ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "司徒"];
    let count = name.chars().count();
    if count == 0 {
        return String::new();
    }
    let keep = if DOUBLE.iter().any(|family| name.starts_with(family)) && count > 2 { 2 } else { 1 };
    let family: String = name.chars().take(keep).collect();
    format!("{family}{}", "*".repeat((count - keep).clamp(1, 2)))
}
