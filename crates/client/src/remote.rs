//! The server, as this device speaks to it: wire messages over HTTPS, a session that renews itself,
//! papers by range, and the poke socket. Nothing that the window waits for comes here.

mod address;
mod failure;
mod papers;
mod poke;
mod session;
mod traffic;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use domain::DeviceId;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, RequestBuilder, Response};
use wire::{
    AuditPage, CalendarAddress, CalendarRequest, Devices, DevicesRequest, EnrolRequest, Enrolled,
    Farewell, FarewellRequest, Invitation, InviteRequest, RevokeRequest, SessionRequest,
    SyncRequest, SyncResponse,
};

pub(crate) use address::Address;
pub(crate) use failure::RemoteError;
pub(crate) use papers::Upload;
use session::Door;
pub(crate) use traffic::Traffic;

use crate::ports::Keys;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may stand still.
const STILL: Duration = Duration::from_secs(30);
/// How long a small request may take in all.
const SMALL: Duration = Duration::from_secs(20);
/// How long a full batch of operations may take in all.
const BATCH: Duration = Duration::from_secs(120);

/// The server, for one enrolled device. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Remote {
    inner: Arc<Inner>,
}

struct Inner {
    line: Line,
    door: Door,
}

impl Remote {
    /// The server at this address, for this device. Connects to nothing yet.
    pub(crate) fn new(address: Address, device: DeviceId, keys: Arc<dyn Keys>) -> Self {
        let line = Line::new(address);
        Self { inner: Arc::new(Inner { line, door: Door::new(device, keys) }) }
    }

    /// Bytes both ways since the start.
    pub(crate) fn traffic(&self) -> Traffic {
        self.inner.line.traffic.clone()
    }

    /// What the member may do, as the last session said.
    pub(crate) fn role(&self) -> Option<domain::Role> {
        self.inner.door.role()
    }

    /// One exchange.
    pub(crate) async fn sync(&self, request: &SyncRequest) -> Result<SyncResponse, RemoteError> {
        self.ask("/v1/sync", request, BATCH).await
    }

    /// An invitation for a member.
    pub(crate) async fn invite(&self, request: &InviteRequest) -> Result<Invitation, RemoteError> {
        self.ask("/v1/invitations", request, SMALL).await
    }

    /// The devices of the council.
    pub(crate) async fn devices(&self) -> Result<Devices, RemoteError> {
        self.ask("/v1/devices", &DevicesRequest {}, SMALL).await
    }

    /// The last lines of the council's audit log, or those before a number.
    pub(crate) async fn audit(&self, before: Option<u64>) -> Result<AuditPage, RemoteError> {
        let path = before
            .map_or_else(|| "/v1/audit".to_owned(), |number| format!("/v1/audit?before={number}"));
        let response =
            self.with_session(Method::GET, &path, 0, |request| request.timeout(SMALL)).await?;
        wire_message::Decode::read(&self.inner.line.body(response).await?)
    }

    /// Where the member's own calendar stands.
    pub(crate) async fn calendar(&self, renew: bool) -> Result<String, RemoteError> {
        let answer: CalendarAddress =
            self.ask("/v1/calendar", &CalendarRequest { renew }, SMALL).await?;
        Ok(self.inner.line.address.join(&answer.path))
    }

    /// Shuts a device out; answers the devices as they are then.
    pub(crate) async fn revoke(&self, request: &RevokeRequest) -> Result<Devices, RemoteError> {
        self.ask("/v1/devices/revoke", request, SMALL).await
    }

    /// This member's own devices.
    pub(crate) async fn own_devices(&self) -> Result<Devices, RemoteError> {
        self.ask("/v1/devices/own", &DevicesRequest {}, SMALL).await
    }

    /// Shuts another device of this member out.
    pub(crate) async fn revoke_own(&self, request: &RevokeRequest) -> Result<Devices, RemoteError> {
        self.ask("/v1/devices/own/revoke", request, SMALL).await
    }

    /// What a device that is shut out says, and what it is told.
    pub(crate) async fn farewell(
        &self,
        say: impl Fn(SessionRequest) -> FarewellRequest + Send,
    ) -> Result<Farewell, RemoteError> {
        let Inner { line, door } = &*self.inner;
        let answered = door.answer(line).await?;
        line.post("/v1/farewell", &say(answered)).await
    }

    /// The same, signed now and said within a minute.
    pub(crate) async fn last_word(
        &self,
        say: impl Fn(SessionRequest) -> FarewellRequest + Send,
    ) -> Result<LastWord, RemoteError> {
        let Inner { line, door } = &*self.inner;
        let answered = door.answer(line).await?;
        let request = say(answered);
        Ok(LastWord { remote: self.clone(), request })
    }

    /// Whether the server answers at all, within a second.
    pub(crate) async fn answers(&self) -> bool {
        let line = &self.inner.line;
        let Ok(request) = line.request(Method::GET, "/healthz") else { return false };
        line.send(request.timeout(Duration::from_secs(1)), 0).await.is_ok()
    }

    async fn ask<Q, A>(
        &self,
        path: &str,
        question: &Q,
        patience: Duration,
    ) -> Result<A, RemoteError>
    where
        Q: wire_message::Encode,
        A: wire_message::Decode,
    {
        let body = question.bytes()?;
        let response = self
            .with_session(Method::POST, path, body.len() as u64, |request| {
                request
                    .timeout(patience)
                    .header(CONTENT_TYPE, wire::CONTENT_TYPE)
                    .body(body.clone())
            })
            .await?;
        A::read(&self.inner.line.body(response).await?)
    }

    /// Sends a request with the session's token; once more with a new one when it has ended.
    async fn with_session(
        &self,
        method: Method,
        path: &str,
        body: u64,
        prepare: impl Fn(RequestBuilder) -> RequestBuilder + Send,
    ) -> Result<Response, RemoteError> {
        let Inner { line, door } = &*self.inner;
        let token = door.token(line).await?;
        let request = prepare(line.request(method.clone(), path)?).bearer_auth(&*token);
        match line.send(request, body).await {
            Err(RemoteError::Refused(refusal)) if refusal.code == wire::ProblemCode::Session => {
                door.forget(&token).await;
                let token = door.token(line).await?;
                let request = prepare(line.request(method, path)?).bearer_auth(&*token);
                line.send(request, body).await
            }
            answer => answer,
        }
    }
}

/// What a device says once its key is gone.
pub(crate) struct LastWord {
    remote: Remote,
    request: FarewellRequest,
}

impl LastWord {
    /// Says it.
    pub(crate) async fn say(&self) -> Result<(), RemoteError> {
        let said: Farewell = self.remote.inner.line.post("/v1/farewell", &self.request).await?;
        drop(said);
        Ok(())
    }
}

/// Joins a council.
pub(crate) async fn enrol(
    address: Address,
    request: &EnrolRequest,
) -> Result<Enrolled, RemoteError> {
    Line::new(address).post("/v1/enrol", request).await
}

/// HTTP to one server.
pub(crate) struct Line {
    address: Address,
    traffic: Traffic,
    http: OnceLock<reqwest::Client>,
}

impl Line {
    fn new(address: Address) -> Self {
        Self { address, traffic: Traffic::default(), http: OnceLock::new() }
    }

    /// The HTTP client, made when it is first needed: reading certificates takes a while, and an
    /// offline start needs none.
    fn http(&self) -> Result<&reqwest::Client, RemoteError> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let http = self.builder().build().map_err(RemoteError::of_http)?;
        Ok(self.http.get_or_init(|| http))
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        // Another part of the process may have chosen the provider already; either will do.
        rustls::crypto::ring::default_provider().install_default().ok();
        let builder = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(STILL)
            .redirect(reqwest::redirect::Policy::none())
            .tcp_nodelay(true)
            .pool_idle_timeout(Duration::from_secs(60))
            .tls_certs_merge(self.address.authorities().iter().cloned());
        if self.address.is_near() { builder.no_proxy() } else { builder }
    }

    fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, RemoteError> {
        Ok(self.http()?.request(method, self.address.join(path)))
    }

    /// Sends without a session.
    async fn post<Q, A>(&self, path: &str, question: &Q) -> Result<A, RemoteError>
    where
        Q: wire_message::Encode,
        A: wire_message::Decode,
    {
        let body = question.bytes()?;
        let length = body.len() as u64;
        let request = self
            .request(Method::POST, path)?
            .timeout(SMALL)
            .header(CONTENT_TYPE, wire::CONTENT_TYPE)
            .body(body);
        let response = self.send(request, length).await?;
        A::read(&self.body(response).await?)
    }

    /// Sends and counts; every status but success is a refusal.
    async fn send(&self, request: RequestBuilder, body: u64) -> Result<Response, RemoteError> {
        let response = self.send_any(request, body).await?;
        if response.status().is_success() || response.status().as_u16() == 101 {
            return Ok(response);
        }
        Err(self.refusal(response).await)
    }

    /// Sends and counts; answers whatever status came.
    async fn send_any(&self, request: RequestBuilder, body: u64) -> Result<Response, RemoteError> {
        let request = request.build().map_err(RemoteError::of_http)?;
        self.traffic.sent(traffic::of_head(request.url().path().len(), request.headers()) + body);
        let response = self.http()?.execute(request).await.map_err(RemoteError::of_http)?;
        self.traffic.received(traffic::of_head(0, response.headers()));
        Ok(response)
    }

    async fn body(&self, response: Response) -> Result<bytes::Bytes, RemoteError> {
        let body = response.bytes().await.map_err(RemoteError::of_http)?;
        self.traffic.received(body.len() as u64);
        Ok(body)
    }

    /// What a refusal says.
    async fn refusal(&self, response: Response) -> RemoteError {
        let status = response.status().as_u16();
        let said = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        if said != Some(wire::CONTENT_TYPE.as_bytes()) {
            return RemoteError::Unexpected(format!("status {status}"));
        }
        match self.body(response).await {
            Ok(body) => match wire::decode::<wire::Problem>(&body) {
                Ok(refusal) => RemoteError::Refused(refusal),
                Err(error) => RemoteError::Unexpected(format!("status {status}: {error}")),
            },
            Err(error) => error,
        }
    }
}

/// A header that holds a number.
fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// The wire's messages, as this module sends and reads them.
mod wire_message {
    use super::RemoteError;

    pub(super) trait Encode: Sync {
        fn bytes(&self) -> Result<Vec<u8>, RemoteError>;
    }

    pub(super) trait Decode: Sized {
        fn read(bytes: &[u8]) -> Result<Self, RemoteError>;
    }

    macro_rules! asks {
        ($($name:ty),*) => {$(
            impl Encode for $name {
                fn bytes(&self) -> Result<Vec<u8>, RemoteError> {
                    wire::encode(self).map_err(|e| RemoteError::Unexpected(e.to_string()))
                }
            }
        )*};
    }
    macro_rules! answers {
        ($($name:ty),*) => {$(
            impl Decode for $name {
                fn read(bytes: &[u8]) -> Result<Self, RemoteError> {
                    wire::decode(bytes).map_err(|e| RemoteError::Unexpected(e.to_string()))
                }
            }
        )*};
    }
    asks!(
        wire::SyncRequest,
        wire::InviteRequest,
        wire::CalendarRequest,
        wire::DevicesRequest,
        wire::RevokeRequest,
        wire::EnrolRequest,
        wire::FarewellRequest,
        wire::ChallengeRequest,
        wire::SessionRequest
    );
    answers!(
        wire::SyncResponse,
        wire::AuditPage,
        wire::Invitation,
        wire::CalendarAddress,
        wire::Devices,
        wire::Enrolled,
        wire::Farewell,
        wire::Challenge,
        wire::Session
    );
}
