//! A server on a free port, and tablets that talk to it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::{
    BodyKind, CouncilId, CouncilKind, Member, MemberId, Record, Role, Sha256, Sitting, SittingId,
    SittingState,
};
use pupitre_server::commands::init::{Declaration, init};
use pupitre_server::{Config, Server};
use testkit::Signer;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use wire::{
    Audience, Challenge, ChallengeRequest, EnrolRequest, Enrolled, Invitation, InviteRequest,
    Logged, Op, Outcome, Problem, ProblemCode, Scope, Session, SyncRequest, SyncResponse,
};

/// When every scene starts.
pub(crate) const NOW: i64 = 1_795_000_000_000;

pub(crate) struct Scene {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) url: String,
    pub(crate) operator_url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) council: CouncilId,
    pub(crate) clerk_code: String,
    clock: Arc<AtomicI64>,
    running: Option<(oneshot::Sender<()>, tokio::task::JoinHandle<()>)>,
}

pub(crate) fn declaration(name: &str) -> Declaration {
    Declaration {
        name: name.to_owned(),
        kind: CouncilKind::Commune,
        population: 9_000,
        zone: "Europe/Paris".to_owned(),
        local_law: None,
    }
}

impl Scene {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(adjust: impl FnOnce(&mut Config)) -> Self {
        // Another test of this process may have been first.
        rustls::crypto::ring::default_provider().install_default().ok();
        let dir = tempfile::tempdir().unwrap();
        let founded = init(&dir.path().join("data"), declaration("Valbrune"), NOW).await.unwrap();
        let mut scene = Self {
            dir,
            url: String::new(),
            operator_url: String::new(),
            http: reqwest::Client::new(),
            council: founded.council,
            clerk_code: founded.clerk_invitation,
            clock: Arc::new(AtomicI64::new(NOW)),
            running: None,
        };
        scene.run(adjust).await;
        scene
    }

    pub(crate) async fn run(&mut self, adjust: impl FnOnce(&mut Config)) {
        let mut config = Config::new(self.data());
        let clock = Arc::clone(&self.clock);
        config.clock = Arc::new(move || clock.load(Ordering::SeqCst));
        adjust(&mut config);
        let operator = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.operator_url = format!("http://{}", operator.local_addr().unwrap());
        config.metrics = Some(operator);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.url = format!("http://{}", listener.local_addr().unwrap());
        let server = Server::open(config).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(server.run(listener, async {
            stopped.await.ok();
        }));
        self.running = Some((stop, task));
    }

    pub(crate) async fn stop(&mut self) {
        if let Some((stop, task)) = self.running.take() {
            stop.send(()).ok();
            task.await.unwrap();
        }
    }

    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.run(|_| {}).await;
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn pass_ms(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// The clerk's tablet, enrolled with the invitation of `init` and logged in.
    pub(crate) async fn clerk(&self) -> Tablet {
        let mut clerk = Tablet::enrol(self, &self.clerk_code, 1).await.unwrap();
        clerk.pull(self).await;
        clerk
    }

    /// A new member with a first tablet; `seed` must differ between tablets.
    pub(crate) async fn member(&self, clerk: &mut Tablet, seed: u8, role: Role) -> Tablet {
        self.member_of(clerk, seed, role, Vec::new()).await
    }

    pub(crate) async fn member_of(
        &self,
        clerk: &mut Tablet,
        seed: u8,
        role: Role,
        groups: Vec<domain::GroupId>,
    ) -> Tablet {
        let record = Record::Member(person(seed, role, groups));
        clerk.publish(self, 0, &record).await;
        let code = clerk.invite(self, person(seed, role, Vec::new()).id).await;
        Tablet::enrol(self, &code, seed).await.unwrap()
    }

    pub(crate) async fn post<T: minicbor::Encode<()>, A: for<'b> minicbor::Decode<'b, ()>>(
        &self,
        path: &str,
        token: Option<&str>,
        message: &T,
    ) -> Result<A, Problem> {
        let mut request = self.http.post(format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        answer(request.body(wire::encode(message).unwrap()).send().await.unwrap()).await
    }
}

/// Reads an answer, or the problem whose status it has.
pub(crate) async fn answer<A: for<'b> minicbor::Decode<'b, ()>>(
    response: reqwest::Response,
) -> Result<A, Problem> {
    let status = response.status().as_u16();
    let retry = response.headers().get("retry-after").is_some();
    let bytes = response.bytes().await.unwrap();
    if status == 200 {
        return Ok(wire::decode(&bytes).unwrap());
    }
    let problem: Problem = wire::decode(&bytes).unwrap();
    assert_eq!(status, problem.code.status(), "{problem}");
    assert_eq!(retry, problem.retry_after_ms.is_some(), "{problem}");
    assert!(problem.message.ends_with('.'), "{problem}");
    Err(problem)
}

pub(crate) fn person(seed: u8, role: Role, groups: Vec<domain::GroupId>) -> Member {
    let id = MemberId::from_bytes([seed; 16]);
    Member { groups, ..Member::new(id, "Camille", &format!("Martin {seed}"), role) }
}

pub(crate) fn sitting(seed: u8, state: SittingState) -> Record {
    Record::Sitting(Box::new(Sitting {
        id: SittingId::from_bytes([seed; 16]),
        title: "Conseil municipal".to_owned(),
        kind: BodyKind::Council,
        starts: "2026-12-10T17:30:00Z".parse().unwrap(),
        place: "Salle du conseil".to_owned(),
        state,
        ..Sitting::untitled(SittingId::from_bytes([seed; 16]))
    }))
}

pub(crate) fn a_pdf(seed: u8, length: usize) -> (Vec<u8>, Sha256) {
    let bytes: Vec<u8> = (0..length).map(|n| (n as u8).wrapping_mul(31) ^ seed).collect();
    let digest = pupitre_server::digest::of(&bytes);
    (bytes, digest)
}

/// A device with its session and all it has received.
pub(crate) struct Tablet {
    pub(crate) signer: Signer,
    pub(crate) member: MemberId,
    pub(crate) council: CouncilId,
    pub(crate) role: Role,
    pub(crate) token: String,
    pub(crate) cursor: u64,
    pub(crate) view: u64,
    pub(crate) entries: Vec<Logged>,
}

impl Tablet {
    pub(crate) async fn enrol(scene: &Scene, code: &str, seed: u8) -> Result<Self, Problem> {
        Self::enrol_signer(scene, code, Signer::new(seed)).await
    }

    pub(crate) async fn enrol_signer(
        scene: &Scene,
        code: &str,
        signer: Signer,
    ) -> Result<Self, Problem> {
        let enrolled: Enrolled =
            scene.post("/v1/enrol", None, &enrol_request(&signer, code)).await?;
        let mut tablet = Self {
            signer,
            member: enrolled.member,
            council: enrolled.council,
            role: enrolled.role,
            token: String::new(),
            cursor: 0,
            view: 0,
            entries: Vec::new(),
        };
        tablet.login(scene).await?;
        Ok(tablet)
    }

    pub(crate) async fn login(&mut self, scene: &Scene) -> Result<(), Problem> {
        let device = self.signer.device;
        let challenge: Challenge =
            scene.post("/v1/challenge", None, &ChallengeRequest { device }).await?;
        let session: Session =
            scene.post("/v1/session", None, &self.signer.answer(&challenge)).await?;
        self.token = session.token;
        self.role = session.role;
        Ok(())
    }

    pub(crate) async fn sync(
        &mut self,
        scene: &Scene,
        outbox: Vec<Op>,
    ) -> Result<SyncResponse, Problem> {
        let request = SyncRequest {
            protocol: wire::PROTOCOL,
            cursor: self.cursor,
            view: self.view,
            outbox,
            next: None,
        };
        let response: SyncResponse = scene.post("/v1/sync", Some(&self.token), &request).await?;
        if response.view != self.view {
            self.entries.clear();
        }
        self.entries.extend(response.items.iter().cloned());
        self.cursor = response.cursor;
        self.view = response.view;
        Ok(response)
    }

    /// Syncs until there is no more.
    pub(crate) async fn pull(&mut self, scene: &Scene) {
        while self.sync(scene, Vec::new()).await.unwrap().more {}
    }

    pub(crate) fn scope(&self, audience: Audience) -> Scope {
        Scope { owner: self.member, audience }
    }

    /// Seals a note of this text on a PDF of this seed.
    pub(crate) fn note(&mut self, audience: Audience, text: &str) -> Op {
        let scope = self.scope(audience);
        self.signer.note(self.council, scope, Sha256::from_bytes([7; 32]), text.as_bytes())
    }

    pub(crate) fn record(&mut self, if_version: u64, record: &Record) -> Op {
        self.signer.record(self.council, self.member, if_version, record)
    }

    /// Publishes a record that the server must accept.
    pub(crate) async fn publish(&mut self, scene: &Scene, if_version: u64, record: &Record) {
        let op = self.record(if_version, record);
        let response = self.sync(scene, vec![op]).await.unwrap();
        assert!(
            matches!(response.acks[0].outcome, Outcome::Accepted { .. }),
            "{:?}",
            response.acks
        );
    }

    pub(crate) async fn invite(&self, scene: &Scene, member: MemberId) -> String {
        let invitation: Invitation = scene
            .post("/v1/invitations", Some(&self.token), &InviteRequest { member })
            .await
            .unwrap();
        invitation.code
    }

    /// The texts of all notes received, in order.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.entries
            .iter()
            .filter(|entry| entry.op.header.kind == wire::Kind::Note)
            .map(|entry| {
                let note: wire::NotePayload = wire::decode(&entry.op.payload).unwrap();
                String::from_utf8(note.changes).unwrap()
            })
            .collect()
    }

    /// The records received, in order; the directory of devices is left out.
    pub(crate) fn records(&self) -> Vec<Record> {
        self.entries
            .iter()
            .filter(|entry| entry.op.header.kind == wire::Kind::Record)
            .map(|entry| {
                let payload: wire::RecordPayload = wire::decode(&entry.op.payload).unwrap();
                Record::from_json(&payload.record).unwrap()
            })
            .filter(|record| !matches!(record, Record::Device(_)))
            .collect()
    }
}

pub(crate) fn enrol_request(signer: &Signer, code: &str) -> EnrolRequest {
    EnrolRequest {
        protocol: wire::PROTOCOL,
        code: code.to_owned(),
        device: signer.device,
        device_name: "Tablette".to_owned(),
        signing_key: signer.public_key(),
    }
}

/// The code of a refusal.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> ProblemCode {
    result.unwrap_err().code
}
