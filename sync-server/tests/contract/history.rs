//! Random histories: the database answers what the model answers, to everything, in every order.

use domain::{GroupId, MemberId, Record, Role, Sha256, SittingState};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use pupitre_server::log::audit::By;
use pupitre_server::log::{Examined, LogError, NewSession, Position, Revocation};
use testkit::Signer;
use wire::{Audience, Op, Scope};

use crate::world::{NOW, World, device, person};

/// The people of a history, by their seed; the clerk of the founding is not among them.
const PEOPLE: std::ops::Range<u8> = 10..14;

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Member {
        by: usize,
        seed: u8,
        role: u8,
        groups: u8,
        if_version: u64,
    },
    Sitting {
        by: usize,
        seed: u8,
        draft: bool,
        if_version: u64,
    },
    Note {
        by: usize,
        audience: u8,
        length: usize,
        for_seed: Option<u8>,
    },
    /// Sends an earlier operation again, alone.
    Again {
        which: usize,
    },
    /// Counts on from another number: back (a clone), or forward (a gap).
    Renumber {
        by: usize,
        step: i8,
    },
    Pull {
        by: usize,
        back: u64,
        stale: bool,
        max_bytes: usize,
    },
    Invite {
        seed: u8,
        code: u8,
        expires_in: i64,
    },
    Enrol {
        code: u8,
        tablet: u8,
        later: i64,
    },
    Session {
        by: usize,
        token: u8,
        nonce: u8,
    },
    Bearer {
        token: u8,
        later: i64,
    },
    Revoke {
        by: usize,
        whole_member: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let by = 0..6_usize;
    prop_oneof![
        4 => (by.clone(), PEOPLE, 0..3_u8, 0..4_u8, 0..3_u64).prop_map(
            |(by, seed, role, groups, if_version)| Step::Member { by, seed, role, groups, if_version }
        ),
        2 => (by.clone(), 50..52_u8, any::<bool>(), 0..3_u64).prop_map(
            |(by, seed, draft, if_version)| Step::Sitting { by, seed, draft, if_version }
        ),
        6 => (by.clone(), 0..5_u8, 0..400_usize, proptest::option::weighted(0.1, PEOPLE)).prop_map(
            |(by, audience, length, for_seed)| Step::Note { by, audience, length, for_seed }
        ),
        2 => (0..40_usize).prop_map(|which| Step::Again { which }),
        1 => (by.clone(), -2..3_i8).prop_map(|(by, step)| Step::Renumber { by, step }),
        5 => (by.clone(), 0..6_u64, proptest::bool::weighted(0.1), 0..4_000_usize).prop_map(
            |(by, back, stale, max_bytes)| Step::Pull { by, back, stale, max_bytes }
        ),
        3 => (PEOPLE, 0..6_u8, -1..20_i64).prop_map(
            |(seed, code, expires_in)| Step::Invite { seed, code, expires_in }
        ),
        3 => (0..6_u8, 30..35_u8, 0..20_i64).prop_map(
            |(code, tablet, later)| Step::Enrol { code, tablet, later }
        ),
        1 => (by.clone(), 0..3_u8, 0..3_u8).prop_map(
            |(by, token, nonce)| Step::Session { by, token, nonce }
        ),
        1 => (0..3_u8, 0..30_i64).prop_map(|(token, later)| Step::Bearer { token, later }),
        1 => (by, any::<bool>()).prop_map(|(by, whole_member)| Step::Revoke { by, whole_member }),
    ]
}

/// A tablet of the history: it believes to be of some member, rightly or not.
struct Tablet {
    signer: Signer,
    member: MemberId,
}

struct History {
    model: World,
    store: World,
    tablets: Vec<Tablet>,
    sent: Vec<(usize, Op)>,
    used_codes: std::collections::BTreeMap<u8, (u8, u32)>,
}

/// Two answers agree: equal values, or refusals with the same code.
fn agree<T: PartialEq + std::fmt::Debug>(model: Result<T, LogError>, store: Result<T, LogError>) {
    match (model, store) {
        (
            Err(LogError::Refused { code: model, .. }),
            Err(LogError::Refused { code: store, .. }),
        ) => assert_eq!(model, store),
        (model, store) => assert_eq!(model, store),
    }
}

impl History {
    async fn begin(store: World) -> Self {
        let model = World::model().await;
        let clerk = Tablet { signer: Signer::new(1), member: model.clerk.member };
        Self {
            model,
            store,
            tablets: vec![clerk],
            sent: Vec::new(),
            used_codes: std::collections::BTreeMap::new(),
        }
    }

    fn tablet(&mut self, by: usize) -> (usize, &mut Tablet) {
        let index = by % self.tablets.len();
        (index, &mut self.tablets[index])
    }

    async fn send(&mut self, by: usize, op: Op) {
        self.sent.push((by, op.clone()));
        let id = self.tablets[by].signer.device;
        let mut answers = Vec::new();
        for world in [&self.model, &self.store] {
            let known = world.log.device(id).await.unwrap().unwrap();
            let examined = vec![Examined::examine(op.clone(), &known)];
            answers.push(world.log.append(id, examined, NOW).await);
        }
        let store = answers.pop().unwrap();
        agree(answers.pop().unwrap(), store);
    }

    async fn take(&mut self, step: Step) {
        let council = self.model.council;
        let groups = [GroupId::from_bytes([1; 16]), GroupId::from_bytes([2; 16])];
        match step {
            Step::Member { by, seed, role, groups: mask, if_version } => {
                let role = [Role::Clerk, Role::Official, Role::Guest][usize::from(role)];
                let of: Vec<GroupId> =
                    (0..2).filter(|n| mask & (1 << n) != 0).map(|n| groups[n]).collect();
                let (by, tablet) = self.tablet(by);
                let record = Record::Member(person(seed, role, &of));
                let op = tablet.signer.record(council, tablet.member, if_version, &record);
                self.send(by, op).await;
            }
            Step::Sitting { by, seed, draft, if_version } => {
                let state = if draft { SittingState::Draft } else { SittingState::Published };
                let record = Record::Sitting(Box::new(domain::Sitting {
                    id: domain::SittingId::from_bytes([seed; 16]),
                    title: "Conseil".to_owned(),
                    kind: domain::BodyKind::Council,
                    starts: "2026-12-10T17:30:00Z".parse().unwrap(),
                    place: "Salle".to_owned(),
                    state,
                    ..domain::Sitting::untitled(domain::SittingId::from_bytes([seed; 16]))
                }));
                let (by, tablet) = self.tablet(by);
                let op = tablet.signer.record(council, tablet.member, if_version, &record);
                self.send(by, op).await;
            }
            Step::Note { by, audience, length, for_seed } => {
                let audience = match audience {
                    0 => Audience::Private,
                    1 => Audience::Council,
                    2 => Audience::Administration,
                    n => Audience::Group(groups[usize::from(n) - 3]),
                };
                let (by, tablet) = self.tablet(by);
                let owner = for_seed.map_or(tablet.member, |seed| MemberId::from_bytes([seed; 16]));
                let scope = Scope { owner, audience };
                let pdf = Sha256::from_bytes([7; 32]);
                let op = tablet.signer.note(council, scope, pdf, &vec![b'a'; length]);
                self.send(by, op).await;
            }
            Step::Again { which } => {
                if !self.sent.is_empty() {
                    let (by, op) = self.sent[which % self.sent.len()].clone();
                    self.send(by, op).await;
                }
            }
            Step::Renumber { by, step } => {
                let (_, tablet) = self.tablet(by);
                tablet.signer.next =
                    tablet.signer.next.saturating_add_signed(i64::from(step)).max(1);
            }
            Step::Pull { by, back, stale, max_bytes } => {
                let (_, tablet) = self.tablet(by);
                let member = tablet.member;
                let head = self.model.log.head(council).await.unwrap();
                let everything = Position { cursor: 0, view: 0 };
                let view = self.model.log.pull(council, member, everything, 1).await;
                let view = view.map_or(0, |page| page.view) + u64::from(stale);
                let position = Position { cursor: head.saturating_sub(back), view };
                agree(
                    self.model.log.pull(council, member, position, max_bytes).await,
                    self.store.log.pull(council, member, position, max_bytes).await,
                );
            }
            Step::Invite { seed, code, expires_in } => {
                // A code is drawn once; the same again would be a broken generator.
                let drawn = self.used_codes.entry(code).or_insert((seed, 0));
                *drawn = (seed, drawn.1 + 1);
                let hash = hash_of(code, drawn.1);
                let member = MemberId::from_bytes([seed; 16]);
                agree(
                    self.model
                        .log
                        .invite(council, member, hash, NOW + expires_in, By::operator(NOW))
                        .await,
                    self.store
                        .log
                        .invite(council, member, hash, NOW + expires_in, By::operator(NOW))
                        .await,
                );
            }
            Step::Enrol { code, tablet, later } => {
                let (seed, draw) = self.used_codes.get(&code).copied().unwrap_or((0, 0));
                let signer = Signer::new(tablet);
                let hash = hash_of(code, draw);
                let model = self.model.log.enrol(hash, device(&signer), NOW + later).await;
                let store = self.store.log.enrol(hash, device(&signer), NOW + later).await;
                let new = model.is_ok()
                    && !self.tablets.iter().any(|known| known.signer.device == signer.device);
                agree(model, store);
                if new {
                    let member = MemberId::from_bytes([seed; 16]);
                    self.tablets.push(Tablet { signer, member });
                }
            }
            Step::Session { by, token, nonce } => {
                let (_, tablet) = self.tablet(by);
                let session = NewSession {
                    token_hash: Sha256::from_bytes([token * 3 + nonce; 32]),
                    device: tablet.signer.device,
                    nonce: [token * 3 + nonce; 32],
                    expires_ms: NOW + 10,
                };
                agree(
                    self.model.log.open_session(session.clone(), NOW).await,
                    self.store.log.open_session(session, NOW).await,
                );
            }
            Step::Bearer { token, later } => {
                let hash = Sha256::from_bytes([token; 32]);
                agree(
                    self.model.log.bearer(hash, NOW + later).await,
                    self.store.log.bearer(hash, NOW + later).await,
                );
            }
            Step::Revoke { by, whole_member } => {
                let (index, tablet) = self.tablet(by);
                // The founding clerk stays, so that the history goes on.
                if index > 0 {
                    let whom = if whole_member {
                        Revocation::Member(council, tablet.member)
                    } else {
                        Revocation::Device(tablet.signer.device)
                    };
                    agree(
                        self.model.log.revoke(whom, By::operator(NOW)).await,
                        self.store.log.revoke(whom, By::operator(NOW)).await,
                    );
                }
            }
        }
    }
}

fn hash_of(code: u8, draw: u32) -> Sha256 {
    pupitre_server::digest::of(&[&[code][..], &draw.to_be_bytes()].concat())
}

/// Histories drawn from a fixed seed.
pub(crate) fn samples(count: usize) -> Vec<Vec<Step>> {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = proptest::collection::vec(step(), 30..60);
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// Plays a history on a store and on the model, which must answer alike.
pub(crate) async fn play(store: World, steps: Vec<Step>) {
    let mut history = History::begin(store).await;
    for step in steps {
        history.take(step).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_database_answers_what_the_model_answers(steps in proptest::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut history = History::begin(World::sqlite().await).await;
            for step in steps {
                history.take(step).await;
            }
            // And what is left behind is sound.
            let file = history.store.dir.as_ref().unwrap().path().join("log.sqlite");
            let connection = pupitre_server::log::sqlite::schema::open_read_only(&file).unwrap();
            let problems = pupitre_server::log::sqlite::checkup::problems(&connection).unwrap();
            assert_eq!(problems, Vec::<String>::new());
        });
    }
}
