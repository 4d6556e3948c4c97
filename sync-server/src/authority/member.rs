//! Someone enrolled, whatever their role.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use domain::{CouncilId, DeviceId, MemberId, Role, Sha256};
use wire::{Devices, LineEnd, Op, ProblemCode, WipeOrder};

use super::clerk::entry;
use crate::app::App;
use crate::blobs::{BlobError, Outgoing};
use crate::codes;
use crate::limits::SECRET_TEXT;
use crate::log::audit::By;
use crate::log::{Appended, Bearer, Device, Examined, Page, Position, Revocation, Standing};
use crate::poke::{Crowded, Listening};
use crate::refusal::Refusal;

/// The permission of someone enrolled: to read and write as that person, in that council.
#[derive(Clone)]
pub(crate) struct Member {
    app: App,
    bearer: Bearer,
    token_hash: Sha256,
}

/// A paper that the member's council holds.
pub(crate) struct Paper {
    app: App,
    sha256: Sha256,
    length: u64,
}

impl FromRequestParts<App> for Member {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let token = bearer_token(&parts.headers).ok_or_else(|| {
            Refusal::new(ProblemCode::Session, "This request needs a session: log in first.")
        })?;
        let member = find(app, codes::hash_token(token)).await?;
        app.devices.take(member.bearer.device.id, app.now_ms()).map_err(|wait| {
            app.metrics.limited.add(1);
            Refusal::too_many("This device asks too often.", wait)
        })?;
        Ok(member)
    }
}

impl Member {
    pub(super) fn app(&self) -> &App {
        &self.app
    }

    pub(super) fn council(&self) -> CouncilId {
        self.bearer.device.council
    }

    pub(super) fn role(&self) -> Role {
        self.bearer.device.role
    }

    pub(super) fn device(&self) -> DeviceId {
        self.bearer.device.id
    }

    fn id(&self) -> MemberId {
        self.bearer.device.member
    }

    pub(crate) fn expires_ms(&self) -> i64 {
        self.bearer.expires_ms
    }

    /// Whether the session still stands.
    pub(crate) async fn still_stands(&self) -> bool {
        matches!(find(&self.app, self.token_hash).await, Ok(member) if member.id() == self.id())
    }

    /// Writes operations of this device, and tells those who listen.
    pub(crate) async fn push(&self, outbox: Vec<Op>) -> Result<Appended, Refusal> {
        let device = self.bearer.device.clone();
        let id = device.id;
        // A full batch is a tenth of a second of signatures.
        let examined: Vec<Examined> = tokio::task::spawn_blocking(move || {
            outbox.into_iter().map(|op| Examined::examine(op, &device)).collect()
        })
        .await
        .map_err(|_| {
            Refusal::new(
                ProblemCode::Unavailable,
                "The operations could not be checked; try again.",
            )
        })?;
        let appended = self.app.vault.log.append(id, examined, self.app.now_ms()).await?;
        if appended.added > 0 {
            self.app.pokes.poke(self.council(), appended.head);
            self.app.bell.notify_one();
        }
        Ok(appended)
    }

    /// Reads on from a position what this person may see.
    pub(crate) async fn pull(&self, position: Position, bytes: usize) -> Result<Page, Refusal> {
        Ok(self.app.vault.log.pull(self.council(), self.id(), position, bytes).await?)
    }

    /// Where the line of the person's device ends.
    pub(crate) async fn line_end(&self) -> Result<Option<LineEnd>, Refusal> {
        Ok(self.app.vault.log.line_end(self.device()).await?)
    }

    /// The last sequence number of the council's log.
    pub(crate) async fn head(&self) -> Result<u64, Refusal> {
        Ok(self.app.vault.log.head(self.council()).await?)
    }

    /// A place among those who are told when there is something new.
    pub(crate) fn listen(&self) -> Result<Listening, Crowded> {
        Listening::join(&self.app, self.council(), self.bearer.device.id)
    }

    /// Path of this person's own calendar, under another address when `renew` is set.
    pub(crate) async fn calendar(&self, renew: bool) -> Result<String, Refusal> {
        let (app, council, member) = (&self.app, self.council(), self.id());
        let log = &app.vault.log;
        let nth = log.calendar(council, member).await?.max(1) + u64::from(renew);
        let token = app.office.calendar(council, member, nth).ok_or_else(|| {
            Refusal::new(
                ProblemCode::Unavailable,
                "The server has lost its own key and keeps no calendars; ask its operator.",
            )
        })?;
        let hash = codes::hash_calendar(&token);
        log.give_calendar(council, member, nth, hash, app.now_ms()).await?;
        Ok(format!("/calendar/{token}.ics"))
    }

    /// This person's own devices.
    pub(crate) async fn devices(&self) -> Result<Devices, Refusal> {
        let known = self.app.vault.log.devices(self.council()).await?;
        let own = known.into_iter().filter(|device| device.member == self.id());
        Ok(Devices { devices: own.map(entry).collect() })
    }

    /// Shuts another device of this person's own out.
    pub(crate) async fn revoke(
        &self,
        device: DeviceId,
        wipe: Option<WipeOrder>,
    ) -> Result<(), Refusal> {
        if device == self.device() {
            return Err(Refusal::new(ProblemCode::Forbidden, "A device cannot revoke itself."));
        }
        let known = self.app.vault.log.device(device).await?;
        let own = |known: &Device| (known.council, known.member) == (self.council(), self.id());
        if !known.as_ref().is_some_and(own) {
            return Err(Refusal::new(ProblemCode::NotFound, "Nobody has this identifier."));
        }
        self.shut_out(device, wipe).await
    }

    /// Shuts a device out in this device's name; an order to empty it must be signed by this device, and
    /// be for that one.
    pub(super) async fn shut_out(
        &self,
        device: DeviceId,
        wipe: Option<WipeOrder>,
    ) -> Result<(), Refusal> {
        let (log, me) = (&self.app.vault.log, &self.bearer.device);
        let by = By::device(me.id, self.app.now_ms());
        let Some(order) = wipe else {
            return Ok(log.revoke(Revocation::Device(device), by).await?);
        };
        let named = (order.council, order.device, order.by) == (me.council, device, me.id);
        if !named || !order.is_signed_by(&me.key, &order.signature) {
            return Err(Refusal::new(
                ProblemCode::Untrue,
                "This order was not signed by this device for that one.",
            ));
        }
        Ok(log.order_wipe(order, by).await?)
    }

    /// A paper, if the council holds it; another council's is not there.
    pub(crate) async fn paper(&self, sha256: Sha256) -> Result<Option<Paper>, Refusal> {
        let length = self.app.vault.log.paper(self.council(), sha256).await?;
        Ok(length.map(|length| Paper { app: self.app.clone(), sha256, length }))
    }

    /// Bytes of a paper that the council has begun to upload.
    pub(crate) async fn uploaded(&self, sha256: Sha256) -> Result<u64, Refusal> {
        Ok(self.app.vault.blobs.uploaded(self.council(), sha256).await?)
    }
}

impl Paper {
    /// Its length, in bytes.
    pub(crate) const fn length(&self) -> u64 {
        self.length
    }

    /// Some of its bytes.
    pub(crate) async fn read(&self, from: u64, length: u64) -> Result<Outgoing, BlobError> {
        self.app.vault.blobs.read(self.sha256, from, length).await
    }
}

fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && token.len() <= SECRET_TEXT).then_some(token)
}

async fn find(app: &App, token_hash: Sha256) -> Result<Member, Refusal> {
    let bearer = app.vault.log.bearer(token_hash, app.now_ms()).await?.ok_or_else(|| {
        Refusal::new(ProblemCode::Session, "This session has ended: log in again.")
    })?;
    match bearer.device.standing {
        Standing::Good | Standing::Quarantined => {
            Ok(Member { app: app.clone(), bearer, token_hash })
        }
        Standing::Revoked => Err(Refusal::revoked()),
    }
}
