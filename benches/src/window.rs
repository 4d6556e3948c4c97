//! From the start of the process to the first painted screen, offline, with 200 sittings in the
//! store; under a virtual display where there is none.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use client::ports::{Cursor, Profile, Store};
use domain::{
    AgendaItem, BodyKind, CouncilId, DeviceId, Document, DocumentId, DocumentRole, DocumentVersion,
    ItemId, MemberId, Record, Role, Sha256, Sitting, SittingId, SittingState, Timestamp,
};
use store::SqliteStore;
use wire::{Audience, DocKey, Header, Kind, Logged, Op, RecordPayload, Scope};

use crate::figure::{Figure, Target};
use crate::products::product;

const RUNS: u32 = 7;
const SITTINGS: u8 = 200;
const DISPLAY: &str = ":87";

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let profile = folder.path().join("profile");
    fill(&profile)?;
    let mut screen = Command::new("Xvfb")
        .args([DISPLAY, "-screen", "0", "1366x1024x24", "-nolisten", "tcp"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .context("Xvfb")?;
    // The first start reads the program from the disk; it is not counted.
    let samples = first_screen_ms(&profile)
        .and_then(|_| (0..RUNS).map(|_| first_screen_ms(&profile)).collect::<Result<Vec<_>>>());
    end(&mut screen);
    let name = "window with the agenda, cold process, offline, 200 sittings";
    Ok(vec![Figure::of(name, "ms", samples?, Target::Median(1_000.0))])
}

/// Starts the window and waits for its log line `first screen`.
fn first_screen_ms(profile: &Path) -> Result<f64> {
    let start = Instant::now();
    let mut window = Command::new(product("pupitre")?)
        .arg("--profile")
        .arg(profile)
        .env("DISPLAY", DISPLAY)
        .env("PUPITRE_LOG", "info")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let log = BufReader::new(window.stderr.take().context("the log")?);
    let mut shown = None;
    for line in log.lines() {
        if line?.contains("first screen") {
            shown = Some(start.elapsed().as_secs_f64() * 1_000.0);
            break;
        }
    }
    end(&mut window);
    shown.context("the window never painted its first screen")
}

fn end(child: &mut Child) {
    drop(child.kill());
    drop(child.wait());
}

/// A store with 200 sittings of twelve items each, as if they had been received.
fn fill(profile: &Path) -> Result<()> {
    let (council, member) = (CouncilId::from_bytes([1; 16]), MemberId::from_bytes([2; 16]));
    let device = DeviceId::from_bytes([3; 16]);
    let mut store = SqliteStore::open(profile)?;
    store.save_profile(&Profile {
        // A port where nobody listens: the tablet is offline.
        server: "http://127.0.0.1:9".to_owned(),
        authority: None,
        council,
        council_name: "Ville de Valbrune".to_owned(),
        member,
        role: Role::Official,
        device,
        device_name: "Tablette".to_owned(),
    })?;
    let scope = Scope { owner: member, audience: Audience::Council };
    let mut items = Vec::new();
    for n in 0..SITTINGS {
        let record = Record::Sitting(Box::new(sitting(n)?));
        let payload = RecordPayload { if_version: 0, record: record.to_json()? };
        let header = Header {
            council,
            scope,
            document: DocKey::of_record(*record.id().as_bytes()),
            device: DeviceId::from_bytes([9; 16]),
            device_seq: u64::from(n) + 1,
            kind: Kind::Record,
            epoch: 0,
            made_ms: 0,
        };
        let op = Op::seal(header, wire::encode(&payload)?, |_| [0; 64]);
        items.push(Logged { seq: u64::from(n) + 1, received_ms: 0, record_version: 1, op });
    }
    store.apply(&items, Cursor { seq: u64::from(SITTINGS), view: 1 }, 0)?;
    Ok(())
}

fn sitting(n: u8) -> Result<Sitting> {
    let unique = |kind: u8, item: u8| {
        let mut bytes = [kind; 16];
        bytes[14] = n;
        bytes[15] = item;
        bytes
    };
    let items = (0..12)
        .map(|item| AgendaItem {
            id: ItemId::from_bytes(unique(1, item)),
            title: format!("Point {} de la séance {n}", item + 1),
            documents: vec![Document {
                id: DocumentId::from_bytes(unique(2, item)),
                title: format!("Rapport {}", item + 1),
                role: DocumentRole::Report,
                file_name: format!("{item:02}.pdf"),
                versions: vec![DocumentVersion {
                    number: 1,
                    sha256: Sha256::from_bytes(std::array::from_fn(|i| unique(2, item)[i % 16])),
                    bytes: 100_000,
                    pages: 9,
                    searchable: true,
                    published: Timestamp::UNIX_EPOCH,
                    note: None,
                }],
            }],
            theme: Vec::new(),
            rapporteur: Some("Paul Astier".to_owned()),
            closed_doors: false,
            deliberative: true,
        })
        .collect();
    Ok(Sitting {
        id: SittingId::from_bytes(unique(4, 0)),
        title: "Conseil municipal".to_owned(),
        kind: BodyKind::Council,
        starts: Timestamp::from_second(1_750_000_000 + i64::from(n) * 604_800)?,
        place: "Salle du conseil".to_owned(),
        state: SittingState::Published,
        items,
        ..Sitting::untitled(SittingId::from_bytes(unique(4, 0)))
    })
}
