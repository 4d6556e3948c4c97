//! A clerk.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::{MemberId, Role, Sha256};
use wire::limits::INVITATION_MS;
use wire::{Invitation, ProblemCode};

use super::Member;
use crate::app::App;
use crate::blobs::{BlobError, Incoming, Piece, Progress};
use crate::codes;
use crate::refusal::Refusal;

/// The permission of a clerk: to invite, and to bring papers in.
#[derive(Clone)]
pub(crate) struct Clerk(Member);

impl FromRequestParts<App> for Clerk {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let member = Member::from_request_parts(parts, app).await?;
        match member.role() {
            Role::Clerk => Ok(Self(member)),
            Role::Official | Role::Guest => {
                Err(Refusal::new(ProblemCode::Forbidden, "Only a clerk may do this."))
            }
        }
    }
}

impl Clerk {
    /// Makes an invitation for a member of the council.
    pub(crate) async fn invite(&self, member: MemberId) -> Result<Invitation, Refusal> {
        let app = self.0.app();
        let code = codes::invitation_code(codes::random()?);
        let expires_ms = app.now_ms().saturating_add(INVITATION_MS);
        let hash = codes::hash_invitation(&code);
        app.vault.log.invite(self.0.council(), member, hash, expires_ms).await?;
        Ok(Invitation { code, expires_ms })
    }

    /// Whether the council holds a paper already.
    pub(crate) async fn holds(&self, sha256: Sha256) -> Result<bool, Refusal> {
        Ok(self.0.paper(sha256).await?.is_some())
    }

    /// Appends to an upload; a paper that is whole is the council's from then on.
    pub(crate) async fn upload(
        &self,
        sha256: Sha256,
        offset: u64,
        length: u64,
        body: Incoming,
    ) -> Result<Progress, Upload> {
        let (app, council) = (self.0.app(), self.0.council());
        let piece = Piece { council, sha256, offset, length };
        let progress = app.vault.blobs.append(piece, body).await.map_err(Upload::Store)?;
        if progress == Progress::Whole {
            let held = app.vault.log.hold_paper(council, sha256, length, app.now_ms()).await;
            held.map_err(|error| Upload::Refused(error.into()))?;
        }
        Ok(progress)
    }
}

/// Why an upload does not go on.
pub(crate) enum Upload {
    /// The store of papers says why.
    Store(BlobError),
    /// The log cannot keep whose it is.
    Refused(Refusal),
}
