//! The session: a challenge signed by the device's key gives a short token.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{DeviceId, Role};
use wire::{Challenge, ChallengeRequest, Session, SessionRequest};

use super::{Line, RemoteError};
use crate::ports::Keys;
use crate::problem;

/// Lets this device in.
pub(super) struct Door {
    device: DeviceId,
    keys: Arc<dyn Keys>,
    token: tokio::sync::Mutex<Option<Arc<str>>>,
    role: Mutex<Option<Role>>,
}

impl Door {
    pub(super) fn new(device: DeviceId, keys: Arc<dyn Keys>) -> Self {
        Self { device, keys, token: tokio::sync::Mutex::default(), role: Mutex::default() }
    }

    pub(super) fn role(&self) -> Option<Role> {
        *self.role.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The present token; logs in when there is none. Requests that come together log in once.
    pub(super) async fn token(&self, line: &Line) -> Result<Arc<str>, RemoteError> {
        let mut present = self.token.lock().await;
        if let Some(token) = &*present {
            return Ok(Arc::clone(token));
        }
        let session = self.log_in(line).await?;
        *self.role.lock().unwrap_or_else(PoisonError::into_inner) = Some(session.role);
        let token: Arc<str> = session.token.into();
        *present = Some(Arc::clone(&token));
        Ok(token)
    }

    /// Forgets a token that the server no longer takes, unless a new one came meanwhile.
    pub(super) async fn forget(&self, token: &Arc<str>) {
        let mut present = self.token.lock().await;
        if present.as_ref() == Some(token) {
            *present = None;
        }
    }

    async fn log_in(&self, line: &Line) -> Result<Session, RemoteError> {
        line.post("/v1/session", &self.answer(line).await?).await
    }

    /// Signs a challenge.
    pub(super) async fn answer(&self, line: &Line) -> Result<SessionRequest, RemoteError> {
        let device = self.device;
        let challenge: Challenge = line.post("/v1/challenge", &ChallengeRequest { device }).await?;
        let signature = self
            .keys
            .sign(&challenge.signing_bytes(device))
            .map_err(|error| RemoteError::Here(problem::of_keys(&error)))?;
        Ok(SessionRequest { device, nonce: challenge.nonce, signature })
    }
}
