//! Who asks, and what they may: a handler that takes a [`Member`] or a [`Clerk`] cannot be reached
//! without being one. The role is read at each request, so a change or a revocation counts at once.

mod challenge;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use domain::{CouncilId, MemberId, Role, Sha256};
use wire::ProblemCode;

use crate::accept::Peer;
use crate::app::App;
use crate::codes;
use crate::limits::SECRET_TEXT;
use crate::log::{Bearer, Device, Standing};
use crate::refusal::Refusal;

pub(crate) use challenge::Challenges;

/// The permission of someone enrolled, whatever their role.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    bearer: Bearer,
    token_hash: Sha256,
}

impl Member {
    pub(crate) fn device(&self) -> &Device {
        &self.bearer.device
    }

    pub(crate) fn council(&self) -> CouncilId {
        self.bearer.device.council
    }

    pub(crate) fn id(&self) -> MemberId {
        self.bearer.device.member
    }

    pub(crate) fn expires_ms(&self) -> i64 {
        self.bearer.expires_ms
    }

    /// Whether the session still stands.
    pub(crate) async fn still_stands(&self, app: &App) -> bool {
        matches!(find(app, self.token_hash).await, Ok(member) if member.id() == self.id())
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let token = bearer_token(&parts.headers).ok_or_else(|| {
            Refusal::new(ProblemCode::Session, "This request needs a session: log in first.")
        })?;
        let member = find(app, codes::hash_token(token)).await?;
        app.devices.take(member.device().id, app.now_ms()).map_err(|wait| {
            app.metrics.limited.add(1);
            Refusal::too_many("This device asks too often.", wait)
        })?;
        Ok(member)
    }
}

/// The permission of a clerk.
#[derive(Debug, Clone)]
pub(crate) struct Clerk(Member);

impl std::ops::Deref for Clerk {
    type Target = Member;

    fn deref(&self) -> &Member {
        &self.0
    }
}

impl FromRequestParts<App> for Clerk {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let member = Member::from_request_parts(parts, app).await?;
        match member.device().role {
            Role::Clerk => Ok(Self(member)),
            Role::Official | Role::Guest => {
                Err(Refusal::new(ProblemCode::Forbidden, "Only a clerk may do this."))
            }
        }
    }
}

/// The permission to knock: someone not known yet, whose address does not knock too often.
#[derive(Debug)]
pub(crate) struct Caller(());

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
        Ok(Self(()))
    }
}

fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && token.len() <= SECRET_TEXT).then_some(token)
}

async fn find(app: &App, token_hash: Sha256) -> Result<Member, Refusal> {
    let bearer = app.log.bearer(token_hash, app.now_ms()).await?.ok_or_else(|| {
        Refusal::new(ProblemCode::Session, "This session has ended: log in again.")
    })?;
    match bearer.device.standing {
        Standing::Good | Standing::Quarantined => Ok(Member { bearer, token_hash }),
        Standing::Revoked => Err(Refusal::new(
            ProblemCode::Revoked,
            "This device was revoked; ask the clerk for a new invitation.",
        )),
    }
}
