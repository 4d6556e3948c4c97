//! Someone not known yet, at the door.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::DeviceId;
use ring::signature::{ED25519, UnparsedPublicKey};
use wire::limits::SESSION_MS;
use wire::{Challenge, ProblemCode, Session, SessionRequest};

use super::Leaver;
use crate::accept::Peer;
use crate::app::App;
use crate::codes;
use crate::log::{Device, LogError, NewDevice, NewSession, Standing, Welcome};
use crate::refusal::Refusal;

/// Checked against when the device is unknown, so that its answer takes as long.
const NOBODY: [u8; 32] = [0; 32];

/// The permission to knock: someone whose address does not knock too often.
pub(crate) struct Caller {
    app: App,
    address: Option<IpAddr>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let address = parts.extensions.get::<Peer>().map(Peer::bucket);
        if let Some(address) = address {
            app.addresses.take(address, app.now_ms()).map_err(|wait| {
                app.metrics.limited.add(1);
                Refusal::too_many("Too many requests come from this address.", wait)
            })?;
        }
        Ok(Self { app: app.clone(), address })
    }
}

impl Caller {
    /// Comes in with an invitation's code. An address that has guessed wrong too often is not
    /// listened to for a while, whatever it brings.
    pub(crate) async fn enrol(&self, code: &str, device: NewDevice) -> Result<Welcome, Refusal> {
        let app = &self.app;
        let tired = |wait| {
            app.metrics.limited.add(1);
            Refusal::too_many("Too many wrong invitations come from this address.", wait)
        };
        if let Some(address) = self.address {
            app.guesses.has(&address, app.now_ms()).map_err(tired)?;
        }
        let hash = codes::hash_invitation(code);
        let answer = app.vault.log.enrol(hash, device, app.now_ms()).await;
        if let Err(LogError::Refused { code: ProblemCode::Invitation, .. }) = &answer
            && let Some(address) = self.address
        {
            app.guesses.take(address, app.now_ms()).map_err(tired)?;
        }
        Ok(answer?)
    }

    /// Something to sign, whether the device is known or not.
    pub(crate) fn challenge(&self, device: DeviceId) -> Result<Challenge, Refusal> {
        Ok(Challenge { nonce: self.app.challenges.make(device, self.app.now_ms())? })
    }

    /// Whether a request answers a challenge of this server that is still fresh.
    ///
    /// # Errors
    /// The refusal.
    pub(crate) fn recognise(&self, request: &SessionRequest) -> Result<(), Refusal> {
        let known = &self.app.challenges;
        if known.recognise(&request.nonce, request.device, self.app.now_ms()) {
            return Ok(());
        }
        Err(Refusal::new(
            ProblemCode::Session,
            "This challenge is unknown or too old; ask for another.",
        ))
    }

    /// The device that signed a challenge with its key, whether it is shut out or not.
    async fn signed(&self, request: &SessionRequest) -> Result<Device, Refusal> {
        self.recognise(request)?;
        let app = &self.app;
        let device = app.vault.log.device(request.device).await?;
        let key = device.as_ref().map_or(NOBODY, |device| device.key);
        let signed = Challenge { nonce: request.nonce }.signing_bytes(request.device);
        let genuine =
            UnparsedPublicKey::new(&ED25519, key).verify(&signed, &request.signature).is_ok();
        device.filter(|_| genuine).ok_or_else(|| {
            Refusal::new(
                ProblemCode::Untrue,
                "The signature is not that of a device enrolled here.",
            )
        })
    }

    /// Lets a device that is shut out and shall be emptied say its last words.
    pub(crate) async fn leaver(&self, request: &SessionRequest) -> Result<Leaver, Refusal> {
        let device = self.signed(request).await?;
        // One that is not shut out has a session for what it has to say.
        let order = match device.standing {
            Standing::Good | Standing::Quarantined => None,
            Standing::Revoked => self.app.vault.log.wipe_order(device.id).await?,
        };
        let order = order.ok_or_else(|| {
            Refusal::new(ProblemCode::NotFound, "Nobody has ordered this device to be emptied.")
        })?;
        Ok(Leaver::new(self.app.clone(), device, order))
    }

    /// Opens a session for whoever signed the challenge with the device's key.
    pub(crate) async fn open_session(&self, request: &SessionRequest) -> Result<Session, Refusal> {
        let device = self.signed(request).await?;
        let app = &self.app;
        let now_ms = app.now_ms();
        if device.standing == Standing::Revoked {
            return Err(Refusal::revoked());
        }
        let token = codes::token(codes::random()?);
        let expires_ms = now_ms.saturating_add(SESSION_MS);
        let session = NewSession {
            token_hash: codes::hash_token(&token),
            device: device.id,
            nonce: request.nonce,
            expires_ms,
        };
        app.vault.log.open_session(session, now_ms).await?;
        Ok(Session { token, expires_ms, role: device.role })
    }
}
