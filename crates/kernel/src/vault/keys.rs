//! The master key on disk, and the keys derived from it.

use std::{
    io::{Read as _, Write as _},
    path::Path,
};

use zeroize::Zeroizing;

use super::rules;
use crate::Rng;

/// The key file can't be read or made.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The file system refuses.
    #[error("the key file {0}: {1}")]
    Io(String, std::io::Error),
    /// The file is not 64 hexadecimal digits.
    #[error(
        "the key file {0} is not a key of 64 hexadecimal digits: restore it from its backup; without it sealed data can't be read"
    )]
    Damaged(String),
}

/// Keys of one installation, derived from one master key by HMAC-SHA-256 with a label each.
pub struct Keys {
    pub(super) wrap: Zeroizing<[u8; 32]>,
    pub(super) blind: Zeroizing<[u8; 32]>,
    lookup: Zeroizing<[u8; 32]>,
}

impl Keys {
    /// Keys of a given master key.
    pub fn of(master: &[u8; 32]) -> Self {
        let derive = |label: &str| Zeroizing::new(rules::mac(master, &[label.as_bytes()]));
        Self { wrap: derive("doorstep wrap 1"), blind: derive("doorstep blind 1"), lookup: derive("doorstep lookup 1") }
    }

    /// Reads the master key from a file, or makes one (mode 0600) when there is none.
    ///
    /// # Errors
    /// When the file can't be read, made or is damaged.
    pub fn load_or_create(path: &Path, rng: &mut Rng) -> Result<Self, KeyFault> {
        let name = || path.display().to_string();
        let io = |error| KeyFault::Io(name(), error);
        match std::fs::File::open(path) {
            Ok(mut file) => {
                let mut text = Zeroizing::new(String::new());
                file.read_to_string(&mut text).map_err(io)?;
                let bytes =
                    data_encoding::HEXLOWER.decode(text.trim().as_bytes()).map_err(|_| KeyFault::Damaged(name()))?;
                let master: [u8; 32] = bytes.try_into().map_err(|_| KeyFault::Damaged(name()))?;
                Ok(Self::of(&master))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let master = rng.bytes::<32>();
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder).map_err(io)?;
                }
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path).map_err(io)?;
                file.write_all(data_encoding::HEXLOWER.encode(&master).as_bytes()).map_err(io)?;
                file.sync_all().map_err(io)?;
                Ok(Self::of(&master))
            }
            Err(error) => Err(io(error)),
        }
    }

    /// The look-up code of a thing: 8 characters that are easy to read aloud, as `7K3M-2Q9D`.
    ///
    /// A keyed function of the id (HMAC-SHA-256); `nonce` makes another code when two ids collide.
    pub fn lookup_code(&self, district: &str, id: &str, nonce: i64) -> String {
        rules::code(&rules::mac(&self.lookup, &[b"code", district.as_bytes(), id.as_bytes(), &nonce.to_be_bytes()]))
    }

    /// What is stored of a look-up code, so that a copy of the database opens no case.
    pub fn lookup_hash(&self, district: &str, code: &str) -> [u8; 32] {
        rules::mac(&self.lookup, &[b"hash", district.as_bytes(), code.as_bytes()])
    }
}
