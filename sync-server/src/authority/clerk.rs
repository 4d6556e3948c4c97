//! A clerk.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::{DeviceId, MemberId, Role, Sha256};
use wire::limits::{AUDIT_LINES, INVITATION_MS};
use wire::{
    AuditLine, AuditPage, DeviceEntry, DeviceStanding, Devices, Invitation, ProblemCode, WipeOrder,
};

use super::Member;
use crate::app::App;
use crate::blobs::{BlobError, Incoming, Piece, Progress};
use crate::codes;
use crate::log::audit::{By, Line};
use crate::log::{KnownDevice, Standing};
use crate::refusal::Refusal;

/// The permission of a clerk: to invite, to shut devices out, to read who did so, and to bring papers in.
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
        let by = By::device(self.0.device(), app.now_ms());
        app.vault.log.invite(self.0.council(), member, hash, expires_ms, by).await?;
        Ok(Invitation { code, expires_ms })
    }

    /// The devices of the council.
    pub(crate) async fn devices(&self) -> Result<Devices, Refusal> {
        let known = self.0.app().vault.log.devices(self.0.council()).await?;
        Ok(Devices { devices: known.into_iter().map(entry).collect() })
    }

    /// Shuts a device of the council out, and has it empty itself when there is an order.
    pub(crate) async fn revoke(
        &self,
        device: DeviceId,
        wipe: Option<WipeOrder>,
    ) -> Result<(), Refusal> {
        let app = self.0.app();
        if device == self.0.device() {
            // The clerk who did this by mistake could never undo it.
            return Err(Refusal::new(ProblemCode::Forbidden, "A device cannot revoke itself."));
        }
        let known = app.vault.log.device(device).await?;
        if known.is_none_or(|known| known.council != self.0.council()) {
            return Err(Refusal::new(ProblemCode::NotFound, "Nobody has this identifier."));
        }
        self.0.shut_out(device, wipe).await
    }

    /// What happened at the council's doors, the last line first.
    pub(crate) async fn audit(&self, before: Option<u64>) -> Result<AuditPage, Refusal> {
        let most = u32::try_from(AUDIT_LINES).unwrap_or(u32::MAX);
        let lines = self.0.app().vault.log.audit(self.0.council(), before, most).await?;
        let more = lines.len() == AUDIT_LINES;
        Ok(AuditPage { lines: lines.into_iter().map(line).collect(), more })
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

fn line(line: Line) -> AuditLine {
    let Line { number, at_ms, done, device, member, subject, detail } = line;
    AuditLine {
        number,
        at_ms,
        done,
        device: device.map(|id| id.to_bytes().into()),
        member: member.map(|id| id.to_bytes().into()),
        subject: subject.map(Into::into),
        detail,
    }
}

pub(super) fn entry(device: KnownDevice) -> DeviceEntry {
    let KnownDevice { id, name, member, enrolled_ms, seen_ms, standing, wipe_ms, emptied_ms } =
        device;
    let standing = match standing {
        Standing::Good => DeviceStanding::Good,
        Standing::Quarantined => DeviceStanding::Quarantined,
        Standing::Revoked => DeviceStanding::Revoked,
    };
    DeviceEntry { device: id, name, member, enrolled_ms, seen_ms, standing, wipe_ms, emptied_ms }
}

/// Why an upload does not go on.
pub(crate) enum Upload {
    /// The store of papers says why.
    Store(BlobError),
    /// The log cannot keep whose it is.
    Refused(Refusal),
}
