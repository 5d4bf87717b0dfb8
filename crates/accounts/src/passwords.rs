//! Passwords: how strong one must be, and Argon2id hashing in a bounded pool of threads.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use contract::ErrorCode;
use platform::error::{ApiError, ApiResult};
use tokio::sync::Semaphore;
use zxcvbn::Score;
use zxcvbn::feedback::{Feedback, Warning};

/// The weakest zxcvbn score that is accepted: "safely unguessable".
const WEAKEST_ACCEPTED: Score = Score::Three;

/// Stands where a hash would, for somebody who has no password: they come by a provider.
pub(crate) const NO_PASSWORD: &str = "-";

/// Hashes and verifies passwords. Each computation takes memory on purpose, so at most as many
/// run at once as there are processors; the rest wait in line.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    slots: Arc<Semaphore>,
    /// The hash of a password nobody has: verified when the address is unknown, so that the
    /// answer takes as long as for a known one.
    decoy: Arc<str>,
}

impl Passwords {
    /// Argon2id with `memory_kib` KiB of memory and `iterations` passes, one lane (RFC 9106).
    ///
    /// # Errors
    /// When the parameters lie outside what Argon2 allows.
    pub fn new(memory_kib: u32, iterations: u32) -> anyhow::Result<Self> {
        let params = Params::new(memory_kib, iterations, 1, None)
            .map_err(|error| anyhow::anyhow!("password hashing parameters: {error}"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = rand::random::<[u8; 32]>();
        let decoy = argon2
            .hash_password(&nobody)
            .map_err(|error| anyhow::anyhow!("hashing a password: {error}"))?
            .to_string();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self { argon2, slots: Arc::new(Semaphore::new(processors)), decoy: decoy.into() })
    }

    /// The PHC string to store for `password`.
    ///
    /// # Errors
    /// `weak_password` when guessing it is feasible, knowing `hints` (name, address) of its owner.
    pub async fn hash(&self, password: &str, hints: &[&str]) -> ApiResult<String> {
        let password = password.to_owned();
        let hints: Vec<String> = hints.iter().flat_map(|hint| words(hint)).collect();
        let argon2 = self.argon2.clone();
        self.in_turn(move || {
            refuse_weak(&password, &hints)?;
            let hash = argon2.hash_password(password.as_bytes()).map_err(ApiError::internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether `password` is the one behind `stored`. Takes equally long when nothing is stored.
    ///
    /// # Errors
    /// Internal, when the stored text is not a PHC string.
    pub async fn verify(&self, password: &str, stored: Option<String>) -> ApiResult<bool> {
        let stored = stored.filter(|hash| hash != NO_PASSWORD);
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.to_string());
        let password = password.to_owned();
        let argon2 = self.argon2.clone();
        self.in_turn(move || {
            let hash = PasswordHash::new(&stored).map_err(ApiError::internal)?;
            let matches = argon2.verify_password(password.as_bytes(), &hash).is_ok();
            Ok(known && matches)
        })
        .await
    }

    /// Runs `work` on a blocking thread once one of the slots is free.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> ApiResult<T> + Send + 'static,
    ) -> ApiResult<T> {
        let slot = self.slots.clone().acquire_owned().await.map_err(ApiError::internal)?;
        tokio::task::spawn_blocking(move || {
            let _slot = slot; // held until the work ends, even when the caller has gone
            work()
        })
        .await
        .map_err(ApiError::internal)?
    }
}

/// A name or address: as it is, its words, and its words run together, as those who guess try them.
fn words(hint: &str) -> Vec<String> {
    let words = || hint.split(|letter: char| !letter.is_alphanumeric());
    let mut all: Vec<String> = words().filter(|word| word.chars().count() > 1).map(str::to_owned).collect();
    all.push(words().collect());
    all.push(hint.to_owned());
    all
}

/// What makes the password weak, as a stable name.
fn fault(warning: Warning) -> &'static str {
    use Warning as W;
    match warning {
        W::StraightRowsOfKeysAreEasyToGuess | W::ShortKeyboardPatternsAreEasyToGuess => "password_keys",
        W::RepeatsLikeAaaAreEasyToGuess | W::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            "password_repeats"
        }
        W::ThisIsATop10Password
        | W::ThisIsATop100Password
        | W::ThisIsACommonPassword
        | W::ThisIsSimilarToACommonlyUsedPassword => "password_common",
        W::SequencesLikeAbcAreEasyToGuess => "password_sequence",
        W::RecentYearsAreEasyToGuess | W::DatesAreOftenEasyToGuess => "password_date",
        W::AWordByItselfIsEasyToGuess => "password_word",
        W::NamesAndSurnamesByThemselvesAreEasyToGuess | W::CommonNamesAndSurnamesAreEasyToGuess => {
            "password_name"
        }
    }
}

fn refuse_weak(password: &str, hints: &[String]) -> ApiResult<()> {
    let hints: Vec<&str> = hints.iter().map(String::as_str).collect();
    let judged = zxcvbn::zxcvbn(password, &hints);
    if judged.score() >= WEAKEST_ACCEPTED {
        return Ok(());
    }
    let refusal = ApiError::new(ErrorCode::WeakPassword);
    match judged.feedback().and_then(Feedback::warning) {
        Some(warning) => Err(refusal.field_fault("password", fault(warning), warning.to_string())),
        None => Err(refusal.field("password", "Use a few more words.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As cheap as Argon2 allows.
    fn cheap() -> Passwords {
        Passwords::new(8, 1).unwrap()
    }

    #[tokio::test]
    async fn only_the_same_password_matches() {
        let passwords = cheap();
        let stored = passwords.hash("southpaw-in-the-third-round", &[]).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(passwords.verify("southpaw-in-the-third-round", Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify("southpaw-in-the-fourth-round", Some(stored)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_signs_in_to_an_account_that_does_not_exist() {
        assert!(!cheap().verify("southpaw-in-the-third-round", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_password_made_of_its_owners_name_is_weak() {
        let error = cheap().hash("demofan2026", &["Demo Fan", "demofan@ringside.example"]).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::WeakPassword);
        assert!(cheap().hash("12345678", &[]).await.is_err());
    }

    #[test]
    fn impossible_parameters_are_refused_at_start() {
        assert!(Passwords::new(1, 1).is_err());
    }
}
