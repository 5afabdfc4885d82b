//! Password work: slow on purpose, so bounded and off the runtime's threads.

use kernel::{
    Problem, Result,
    access::rules::{PASSWORD_CHARS_MAX, SALT_BYTES, password_fits, password_hash},
    problem::{BUSY, INTERNAL},
};
use tokio::sync::Semaphore;

/// Passwords that are hashed at the same time; each takes 19 MiB and a core.
pub const PASSWORDS_AT_ONCE: usize = 2;
/// Passwords that may wait for it; the next one is told to come again.
pub const PASSWORDS_WAITING_MAX: usize = 64;

/// The hash of a password that nobody has: what an unknown account is measured against, so that it
/// takes as long as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$4JL+kN1Ihf+sWwfgIV9VL2ZoIkQBLRdTTIbVSTMS0TI";

/// A bounded place for password work.
pub struct Passwords {
    running: Semaphore,
    waiting: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            running: Semaphore::new(PASSWORDS_AT_ONCE),
            waiting: Semaphore::new(PASSWORDS_AT_ONCE + PASSWORDS_WAITING_MAX),
        }
    }
}

impl Passwords {
    /// True when the password fits the account's hash; the same work without an account.
    ///
    /// # Errors
    /// 503.1 when too many wait.
    pub async fn fits(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let known = hash.is_some() && password.chars().count() <= PASSWORD_CHARS_MAX;
        let password: String = password.chars().take(PASSWORD_CHARS_MAX).collect();
        let hash = hash.unwrap_or(NOBODY).to_owned();
        self.work(move || password_fits(&password, &hash)).await.map(|fits| fits && known)
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// 503.1 when too many wait.
    pub async fn hash(&self, password: &str, salt: [u8; SALT_BYTES]) -> Result<String> {
        let password = password.to_owned();
        self.work(move || password_hash(&password, &salt)).await
    }

    async fn work<T: Send + 'static>(&self, f: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let Ok(_place) = self.waiting.try_acquire() else {
            return Err(Problem::new(&BUSY).caused_by("too many passwords wait"));
        };
        let _turn = self.running.acquire().await.map_err(|e| Problem::new(&INTERNAL).caused_by(e))?;
        tokio::task::spawn_blocking(f).await.map_err(|e| Problem::new(&INTERNAL).caused_by(e))
    }
}

#[cfg(test)]
mod tests {
    use kernel::access::rules::password_hash;

    use super::{NOBODY, Passwords};

    #[test]
    fn an_unknown_account_is_measured_with_the_parameters_of_a_known_one() {
        let real = password_hash("long enough", &[7; 16]);
        let parameters = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parameters(NOBODY), parameters(&real));
        assert_eq!(NOBODY.len(), real.len());
    }

    #[tokio::test]
    async fn nobody_signs_in_as_nobody_and_a_longer_password_is_not_its_beginning() {
        let passwords = Passwords::default();
        assert!(!passwords.fits("nobody's password", None).await.unwrap());
        let long: String = "长".repeat(128);
        let hash = passwords.hash(&long, [1; 16]).await.unwrap();
        assert!(passwords.fits(&long, Some(&hash)).await.unwrap());
        assert!(!passwords.fits(&format!("{long}x"), Some(&hash)).await.unwrap());
    }
}
