//! Who may come in: a token that works once, and the cookie it is exchanged for.

use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

/// The secrets of one bridge.
pub(super) struct Entry {
    token: Mutex<Option<String>>,
    session: String,
    /// Browsers share cookies between ports; the name keeps two bridges apart.
    cookie: String,
}

impl Entry {
    pub(super) fn new(port: u16) -> Self {
        Self {
            token: Mutex::new(Some(secret())),
            session: secret(),
            cookie: format!("pupitre-{port}"),
        }
    }

    /// The token, as long as nobody has used it; empty afterwards.
    pub(super) fn token(&self) -> String {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default()
    }

    /// Takes the token and gives the cookie to set, once.
    pub(super) fn exchange(&self, offered: &str) -> Option<String> {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        token.take_if(|token| same(token, offered))?;
        let Self { cookie, session, .. } = self;
        Some(format!("{cookie}={session}; Path=/; HttpOnly; SameSite=Strict"))
    }

    /// Whether the request carries the cookie.
    pub(super) fn knows(&self, headers: &HeaderMap) -> bool {
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(name, value)| name == self.cookie && same(value, &self.session))
    }
}

/// Compares digests, so that the time it takes says nothing about the secret.
fn same(one: &str, other: &str) -> bool {
    let digested = |text: &str| digest(&SHA256, text.as_bytes());
    digested(one).as_ref() == digested(other).as_ref()
}

/// 256 random bits in hexadecimal.
fn secret() -> String {
    let mut bytes = [0; 32];
    if SystemRandom::new().fill(&mut bytes).is_err() {
        // A door with a known key must not open.
        tracing::error!("the system gives no random bytes");
        std::process::abort();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
