//! `POST /v1/challenge` and `POST /v1/session`: a device proves that it holds its key.

use axum::extract::State;
use ring::signature::{ED25519, UnparsedPublicKey};
use wire::limits::{CONTROL_BODY, SESSION_MS};
use wire::{Challenge, ChallengeRequest, ProblemCode, Session, SessionRequest};

use crate::app::App;
use crate::authority::Caller;
use crate::body::{Answer, Cbor};
use crate::codes;
use crate::log::{NewSession, Standing};
use crate::refusal::Refusal;

/// Checked against when the device is unknown, so that its answer takes as long.
const NOBODY: [u8; 32] = [0; 32];

pub(crate) async fn challenge(
    State(app): State<App>,
    _: Caller,
    Cbor(request): Cbor<ChallengeRequest, CONTROL_BODY>,
) -> Result<Answer<Challenge>, Refusal> {
    let nonce = app.challenges.make(request.device, app.now_ms())?;
    Ok(Answer(Challenge { nonce }))
}

pub(crate) async fn open(
    State(app): State<App>,
    _: Caller,
    Cbor(request): Cbor<SessionRequest, CONTROL_BODY>,
) -> Result<Answer<Session>, Refusal> {
    let now_ms = app.now_ms();
    if !app.challenges.recognise(&request.nonce, request.device, now_ms) {
        return Err(Refusal::new(
            ProblemCode::Session,
            "This challenge is unknown or too old; ask for another.",
        ));
    }
    let _turn = app.turn().await?;
    let device = app.log.device(request.device).await?;
    let key = device.as_ref().map_or(NOBODY, |device| device.key);
    let signed = Challenge { nonce: request.nonce }.signing_bytes(request.device);
    let genuine = UnparsedPublicKey::new(&ED25519, key).verify(&signed, &request.signature).is_ok();
    let Some(device) = device.filter(|_| genuine) else {
        return Err(Refusal::new(
            ProblemCode::Untrue,
            "The signature is not that of a device enrolled here.",
        ));
    };
    if device.standing == Standing::Revoked {
        return Err(Refusal::new(
            ProblemCode::Revoked,
            "This device was revoked; ask the clerk for a new invitation.",
        ));
    }
    let token = codes::token(codes::random()?);
    let expires_ms = now_ms.saturating_add(SESSION_MS);
    let session = NewSession {
        token_hash: codes::hash_token(&token),
        device: device.id,
        nonce: request.nonce,
        expires_ms,
    };
    app.log.open_session(session, now_ms).await?;
    Ok(Answer(Session { token, expires_ms, role: device.role }))
}
