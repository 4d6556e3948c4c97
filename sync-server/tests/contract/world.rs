//! A log with a founded council, and devices that write to it directly.

use std::sync::Arc;

use domain::{
    Council, CouncilId, CouncilKind, DeviceId, GroupId, Member, MemberId, Record, Role, Sha256,
};
use pupitre_server::log::audit::By;
use pupitre_server::log::model::Model;
use pupitre_server::log::sqlite::{Options, SqliteLog};
use pupitre_server::log::{
    Appended, Device, Examined, Founding, Log, LogError, NewDevice, Page, Position, Standing,
    Welcome,
};
use testkit::Signer;
use wire::{Audience, Op, Outcome, ProblemCode, Scope};

pub(crate) const NOW: i64 = 1_795_000_000_000;
pub(crate) const EVERYTHING: usize = usize::MAX;
pub(crate) const START: Position = Position { cursor: 0, view: 0 };

/// Runs each promise on the model and on SQLite; `promises` runs them on another log.
macro_rules! log_contract {
    ($($promise:ident),+ $(,)?) => {
        mod model {
            $(#[tokio::test] async fn $promise() { super::$promise($crate::world::World::model().await).await; })+
        }
        mod sqlite {
            $(#[tokio::test] async fn $promise() { super::$promise($crate::world::World::sqlite().await).await; })+
        }

        /// Every promise, one after the other, each in a new world.
        pub(crate) async fn promises(mut world: impl AsyncFnMut() -> $crate::world::World) {
            $(
                eprintln!("{}", stringify!($promise));
                $promise(world().await).await;
            )+
        }
    };
}
pub(crate) use log_contract;

pub(crate) struct World {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) council: CouncilId,
    pub(crate) clerk: Author,
    // Kept as long as the database in it.
    pub(crate) dir: Option<tempfile::TempDir>,
}

/// A device and its member.
pub(crate) struct Author {
    pub(crate) signer: Signer,
    pub(crate) member: MemberId,
}

impl World {
    pub(crate) async fn model() -> Self {
        Self::of(Arc::new(Model::new()), None).await
    }

    pub(crate) async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("log.sqlite");
        let log = SqliteLog::open(&file, Options::default(), Arc::default()).unwrap();
        Self::of(Arc::new(log), Some(dir)).await
    }

    pub(crate) async fn of(log: Arc<dyn Log>, dir: Option<tempfile::TempDir>) -> Self {
        let (council, clerk) = a_council(&*log, 1).await;
        Self { log, council, clerk, dir }
    }

    /// The same council and clerk, on the same log.
    pub(crate) fn another(&self) -> Self {
        let clerk = Author { signer: Signer::new(1), member: self.clerk.member };
        Self { log: Arc::clone(&self.log), council: self.council, clerk, dir: None }
    }

    /// Enrols a device for a member that exists.
    pub(crate) async fn enrol(&self, member: MemberId, seed: u8) -> Author {
        let code = Sha256::from_bytes([seed; 32]);
        self.log.invite(self.council, member, code, NOW + 1, By::operator(NOW)).await.unwrap();
        let signer = Signer::new(seed);
        let welcome = self.log.enrol(code, device(&signer), NOW).await.unwrap();
        assert_eq!(welcome.member, member);
        Author { signer, member }
    }

    /// Publishes a new member and enrols a device.
    pub(crate) async fn member(&mut self, seed: u8, role: Role, groups: &[GroupId]) -> Author {
        let member = person(seed, role, groups);
        let op = self.clerk.record(self.council, 0, &Record::Member(member.clone()));
        let outcomes = self.append_by_clerk(vec![op]).await;
        assert!(matches!(outcomes[..], [Outcome::Accepted { .. }]), "{outcomes:?}");
        self.enrol(member.id, seed).await
    }

    pub(crate) async fn append_by_clerk(&self, ops: Vec<Op>) -> Vec<Outcome> {
        outcomes(append(&*self.log, self.clerk.signer.device, ops).await.unwrap())
    }

    pub(crate) async fn append(&self, author: &Author, ops: Vec<Op>) -> Vec<Outcome> {
        outcomes(append(&*self.log, author.signer.device, ops).await.unwrap())
    }

    pub(crate) async fn pull(&self, author: &Author, position: Position) -> Page {
        self.log.pull(self.council, author.member, position, EVERYTHING).await.unwrap()
    }
}

/// Founds a council and enrols its clerk's first tablet.
pub(crate) async fn a_council(log: &dyn Log, seed: u8) -> (CouncilId, Author) {
    let founding = founding(seed);
    let code = founding.code_hash;
    log.found(founding.clone(), NOW).await.unwrap();
    let signer = Signer::new(seed);
    let welcome: Welcome = log.enrol(code, device(&signer), NOW).await.unwrap();
    assert_eq!((welcome.council, welcome.role), (founding.council, Role::Clerk));
    (founding.council, Author { signer, member: welcome.member })
}

/// The same founding for the same seed, so that two logs can begin alike.
fn founding(seed: u8) -> Founding {
    let mut server = Signer::new(200 + seed);
    let council = CouncilId::from_bytes([100 + seed; 16]);
    let clerk = person(150 + seed, Role::Clerk, &[]);
    let author = Device {
        id: server.device,
        council,
        member: clerk.id,
        key: server.public_key(),
        standing: Standing::Good,
        role: Role::Clerk,
    };
    let records = [
        Record::Council(Council {
            id: council,
            name: "Valbrune".to_owned(),
            kind: CouncilKind::Commune,
            population: 9_000,
            zone: "Europe/Paris".to_owned(),
            local_law: None,
            letterhead: None,
            law: Default::default(),
            stamp: None,
        }),
        Record::Member(clerk.clone()),
    ];
    Founding {
        council,
        name: "Valbrune".to_owned(),
        clerk: clerk.id,
        device: device(&server),
        incarnation: 77,
        records: records
            .iter()
            .map(|record| Examined::examine(server.record(council, clerk.id, 0, record), &author))
            .collect(),
        code_hash: Sha256::from_bytes([240 + seed; 32]),
        expires_ms: NOW + 1,
    }
}

pub(crate) fn device(signer: &Signer) -> NewDevice {
    NewDevice { id: signer.device, name: "Tablette".to_owned(), key: signer.public_key() }
}

pub(crate) fn person(seed: u8, role: Role, groups: &[GroupId]) -> Member {
    let id = MemberId::from_bytes([seed; 16]);
    let groups = groups.to_vec();
    Member { groups, ..Member::new(id, "Camille", &format!("Martin {seed}"), role) }
}

/// Examines operations as the server does and appends them.
pub(crate) async fn append(
    log: &dyn Log,
    device: DeviceId,
    ops: Vec<Op>,
) -> Result<Appended, LogError> {
    let known = log.device(device).await.unwrap().unwrap();
    let ops = ops.into_iter().map(|op| Examined::examine(op, &known)).collect();
    log.append(device, ops, NOW).await
}

pub(crate) fn outcomes(appended: Appended) -> Vec<Outcome> {
    appended.acks.into_iter().map(|ack| ack.outcome).collect()
}

impl Author {
    pub(crate) fn note(&mut self, council: CouncilId, audience: Audience, text: &str) -> Op {
        let scope = Scope { owner: self.member, audience };
        self.signer.note(council, scope, Sha256::from_bytes([7; 32]), text.as_bytes())
    }

    pub(crate) fn record(&mut self, council: CouncilId, if_version: u64, record: &Record) -> Op {
        self.signer.record(council, self.member, if_version, record)
    }
}

/// The code of a refusal.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, LogError>) -> ProblemCode {
    match result {
        Err(LogError::Refused { code, .. }) => code,
        other => panic!("a refusal, not {other:?}"),
    }
}
