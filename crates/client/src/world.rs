//! The machine's own clock and dice.

mod boot;

use std::path::PathBuf;

use ring::rand::{SecureRandom, SystemRandom};

use crate::ports::{BootTime, World};

/// The machine's clock and the system's random source.
#[derive(Debug, Default)]
pub struct SystemWorld {
    random: Random,
}

struct Random(SystemRandom);

impl Default for Random {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SystemRandom")
    }
}

impl World for SystemWorld {
    #[allow(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now_ms(&self) -> i64 {
        let now = std::time::SystemTime::now();
        match now.duration_since(std::time::UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        }
    }

    fn downloads(&self) -> PathBuf {
        let known = dirs::download_dir().or_else(dirs::document_dir).or_else(dirs::home_dir);
        known.filter(|folder| folder.is_dir()).unwrap_or_else(std::env::temp_dir)
    }

    fn boot(&self) -> BootTime {
        boot::time()
    }

    fn fill(&self, bytes: &mut [u8]) {
        if self.random.0.fill(bytes).is_err() {
            // Identifiers must never repeat: without randomness there is no safe way on.
            tracing::error!("the system gives no random bytes");
            std::process::abort();
        }
    }
}

/// What identifiers are made of: the present time and ten random bytes.
pub(crate) fn id_parts(world: &dyn World) -> (u64, [u8; 10]) {
    let mut random = [0; 10];
    world.fill(&mut random);
    (u64::try_from(world.now_ms()).unwrap_or(0), random)
}

/// A moment from Unix milliseconds.
pub(crate) fn moment(ms: i64) -> domain::Timestamp {
    domain::Timestamp::from_millisecond(ms).unwrap_or(domain::Timestamp::UNIX_EPOCH)
}
