//! What stands about keys in a large council: 500 members who all seal, three groups of forty, twenty
//! epochs of each scope. How long a tablet looks at it at first, and when nothing is new.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use client::ports::{Cursor, DeviceSecret, Keys, Papers, Profile, Sight, Store, World};
use client::{Client, ClientConfig, SystemWorld};
use domain::{CouncilId, DeviceId, Group, GroupId, Member, MemberId, PublicKey, Record, Role};
use ipc::{Command, Language, Reply, SealingCommand, SealingStanding};
use pdf::{PdfConfig, PdfReader};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use seal::wrap::{Purpose, wrap};
use seal::{AgreementSecret, DeviceList, Holder, Identity, KeyWrap, Letter, ListedDevice, WRAP};
use store::{FileKeys, FilePapers, SqliteStore, Vault};
use wire::{Audience, DocKey, Header, Kind, Logged, Op, RecordPayload, Scope};

use crate::figure::{Figure, Target};

const MEMBERS: u16 = 500;
const GROUPS: u16 = 3;
const IN_GROUP: u16 = 40;
const EPOCHS: u32 = 20;
const AGAIN: usize = 200;
const COUNCIL: CouncilId = CouncilId::from_bytes([2; 16]);

pub(super) fn measure() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let profile = folder.path().join("tablet");
    std::fs::create_dir_all(&profile)?;
    fill(&profile)?;
    let vault = Vault::open(&profile)?;
    let mut store = SqliteStore::open_with(&profile, &vault)?;
    let groups = (0..GROUPS).map(group).collect();
    let sight = Sight { member: member(0), role: Role::Official, groups };
    let look = |store: &mut SqliteStore| {
        let start = Instant::now();
        store.forget_unseen(&sight).map(|_| ms(start))
    };
    let erased_first = look(&mut store)?;
    let erased: Vec<f64> = (0..AGAIN).map(|_| look(&mut store)).collect::<Result<_, _>>()?;
    let (first, again) = tokio::runtime::Runtime::new()?.block_on(async {
        let client = Client::start(ClientConfig {
            store: Box::new(store),
            files: Arc::new(FilePapers::open_with(&profile, &vault)?),
            keys: Arc::new(FileKeys::open_with(&profile, vault.clone())),
            papers: Arc::new(PdfReader::start(PdfConfig::find())?) as Arc<dyn Papers>,
            letters: Arc::new(press::convocation),
            world: Arc::new(SystemWorld::default()) as Arc<dyn World>,
            automatic: false,
        });
        let first = stands(&client).await?;
        let before = client.sealing_work();
        let mut again = Vec::new();
        for _ in 0..AGAIN {
            again.push(stands(&client).await?);
        }
        ensure!(client.sealing_work() == before, "something was read twice");
        client.shutdown().await;
        anyhow::Ok((first, again))
    })?;
    Ok(vec![
        Figure::of(
            "sealing: what stands, 500 members, 20 epochs, nothing new",
            "ms",
            again,
            Target::Median(2.0),
        )
        .beside("after the start", Some(vec![first])),
        Figure::of(
            "sealing: what may no longer be seen there, nothing new",
            "ms",
            erased,
            Target::Median(0.1),
        )
        .beside("after the start", Some(vec![erased_first])),
    ])
}

fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1_000.0
}

/// How it stands, and how long that took.
async fn stands(client: &Client) -> Result<f64> {
    let ask = Command::Sealing(SealingCommand::State { language: Language::Fr });
    let start = Instant::now();
    let reply = client.handle(ask).await.context("how it stands")?;
    let took = ms(start);
    let Reply::Sealing(view) = reply else { anyhow::bail!("another reply") };
    ensure!(view.standing == SealingStanding::On && view.alarms.is_empty(), "{view:?}");
    ensure!(view.newcomers.is_empty(), "everybody has the keys");
    Ok(took)
}

/// A name of sixteen bytes.
fn named(kind: u8, number: u16) -> [u8; 16] {
    let [high, low] = number.to_be_bytes();
    let mut name = [kind; 16];
    name[1] = high;
    name[2] = low;
    name
}

fn member(number: u16) -> MemberId {
    MemberId::from_bytes(named(1, number))
}

fn device(number: u16) -> DeviceId {
    DeviceId::from_bytes(named(3, number))
}

fn group(number: u16) -> GroupId {
    GroupId::from_bytes(named(4, number))
}

/// Who is in a group: the tablet's member, and others who are in no other.
fn within(of: u16) -> impl Iterator<Item = u16> + Clone {
    let others = (IN_GROUP - 1) * of + 1;
    std::iter::once(0).chain(others..others + IN_GROUP - 1)
}

/// A seed of 32 bytes.
fn seed(kind: u8, number: u16) -> [u8; 32] {
    let half = named(kind, number);
    let mut seed = [0; 32];
    seed[..16].copy_from_slice(&half);
    seed[16..].copy_from_slice(&half);
    seed
}

/// The log as it comes to the tablet.
struct Log {
    items: Vec<Logged>,
    signer: Vec<Option<Ed25519KeyPair>>,
}

impl Log {
    fn put(
        &mut self,
        author: u16,
        audience: Audience,
        document: DocKey,
        kind: Kind,
        payload: Vec<u8>,
    ) -> Result<()> {
        let seq = self.items.len() as u64 + 1;
        let header = Header {
            council: COUNCIL,
            scope: Scope { owner: member(author), audience },
            document,
            device: device(author),
            device_seq: seq,
            kind,
            epoch: 0,
            made_ms: 0,
        };
        let signer = self.signer.get(usize::from(author)).and_then(Option::as_ref);
        let signer = signer.context("a device")?;
        let op = Op::seal(header, payload, |text| {
            signer.sign(text).as_ref().try_into().unwrap_or([0; 64])
        });
        let record_version = u64::from(kind == Kind::Record);
        self.items.push(Logged { seq, received_ms: 0, record_version, op });
        Ok(())
    }

    fn record(&mut self, record: &Record) -> Result<()> {
        let payload = RecordPayload { if_version: 0, record: record.to_json()? };
        let document = DocKey::of_record(record.id().into_bytes());
        self.put(0, Audience::Council, document, Kind::Record, wire::encode(&payload)?)
    }
}

fn fill(profile: &Path) -> Result<()> {
    let vault = Vault::open(profile)?;
    let keys = FileKeys::open_with(profile, vault.clone());
    keys.keep_secret(DeviceSecret::Agreement, &seed(7, 0))?;
    keys.keep_secret(DeviceSecret::Identity, &seed(5, 0))?;
    let mut store = SqliteStore::open_with(profile, &vault)?;
    store.save_profile(&Profile {
        server: "https://nowhere.example".to_owned(),
        authority: None,
        council: COUNCIL,
        council_name: "Valbrune".to_owned(),
        member: member(0),
        role: Role::Official,
        device: device(0),
        device_name: "tablette".to_owned(),
    })?;
    let signer = (0..MEMBERS).map(|n| Ed25519KeyPair::from_seed_unchecked(&seed(6, n)).ok());
    let mut log = Log { items: Vec::new(), signer: signer.collect() };
    for number in 0..GROUPS {
        let (id, name) = (group(number), format!("Groupe {number}"));
        log.record(&Record::Group(Group { id, name, colour: "#336699".to_owned() }))?;
    }
    for number in 0..MEMBERS {
        let last = number.to_string();
        let mut one = Member::new(member(number), "Ada", &last, Role::Official);
        one.groups =
            (0..GROUPS).filter(|of| within(*of).any(|who| who == number)).map(group).collect();
        log.record(&Record::Member(one))?;
    }
    for number in 0..MEMBERS {
        let list = list(&mut log, number)?;
        let document = DocKey::of_devices(member(number));
        log.put(number, Audience::Council, document, Kind::Directory, list)?;
    }
    for of in 0..GROUPS {
        for author in within(of) {
            let scope = Scope { owner: member(author), audience: Audience::Group(group(of)) };
            for epoch in 1..=EPOCHS {
                let wraps: Result<Vec<KeyWrap>> =
                    within(of).map(|who| key_wrap(scope, epoch, who)).collect();
                let letter = Letter::Keys(wraps?).to_bytes();
                let document = DocKey::of_devices(member(author));
                log.put(author, scope.audience, document, Kind::Keys, letter)?;
            }
        }
    }
    // The identity, wrapped to the tablet: otherwise it would be due.
    let end = log.items.len() as u64;
    store.apply(&log.items, Cursor { seq: end, view: 1 }, 0)?;
    Ok(())
}

fn list(log: &mut Log, number: u16) -> Result<Vec<u8>> {
    let identity = Identity::from_seed(seed(5, number));
    let signer = log.signer.get(usize::from(number)).and_then(Option::as_ref);
    let signing: [u8; 32] =
        signer.context("a device")?.public_key().as_ref().try_into().context("a key")?;
    let listed = ListedDevice {
        device: device(number),
        holder: Holder::Device { signing: PublicKey::from_bytes(signing) },
        agreement: AgreementSecret::from_bytes(seed(7, number)).public(),
    };
    let public = identity.public()?;
    let first = DeviceList::first(COUNCIL, member(number), public, vec![listed]);
    Ok(identity.sign(first)?.to_bytes())
}

/// A wrap for somebody's device: a true one for the tablet, which opens it; nobody opens the others.
fn key_wrap(scope: Scope, epoch: u32, who: u16) -> Result<KeyWrap> {
    let device = device(who);
    if who != 0 {
        return Ok(KeyWrap { scope, epoch, device, wrap: [9; WRAP] });
    }
    let purpose = Purpose::Epoch { council: COUNCIL, scope, epoch, device };
    let to = AgreementSecret::from_bytes(seed(7, 0)).public();
    let wrap = wrap(&[8; 32], &to, &purpose, seed(9, (epoch % 500) as u16))?;
    Ok(KeyWrap { scope, epoch, device, wrap })
}
