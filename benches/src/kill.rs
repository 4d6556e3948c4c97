//! A tablet killed without a word in the middle of its day, again and again: what it had answered is
//! there, in order, once, and its database is sound.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use client::ports::{Draft, NotedDocument, Store};
use domain::{CouncilId, MemberId, Sha256};
use store::SqliteStore;
use testkit::Signer;
use wire::{Audience, DocKey, Scope};

use crate::again;
use crate::figure::{Figure, Target};

/// Kills of a measurement, unless `PUPITRE_KILLS` says otherwise.
const KILLS: u64 = 10_000;
const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const SCOPE: Scope = Scope { owner: MemberId::from_bytes([2; 16]), audience: Audience::Private };
const PDF: Sha256 = Sha256::from_bytes([3; 32]);
/// Changes after which a new tablet begins, so that each start reads little.
const FULL: usize = 4_000;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let wanted = crate::wished("PUPITRE_KILLS", KILLS)?;
    let mut folder = tempfile::tempdir()?;
    let (mut answered, mut kept_before, mut changes) = (BTreeSet::new(), 0, 0);
    let start = Instant::now();
    for cycle in 0..wanted {
        if kept_before > FULL {
            changes += kept_before;
            folder = tempfile::tempdir()?;
            answered = BTreeSet::new();
        }
        let mut tablet = Command::new(std::env::current_exe()?)
            .arg(again::DAY)
            .arg(serde_json::to_string(folder.path())?)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut said = BufReader::new(tablet.stdout.take().context("its voice")?).lines();
        // So many answers, then the kill while it goes on; what it said before it died counts too.
        let mut heard = Vec::new();
        for _ in 0..2 + cycle * 7 % 19 {
            heard.push(said.next().context("it ended by itself")??);
        }
        tablet.kill()?;
        tablet.wait()?;
        heard.extend(said.map_while(Result::ok));
        for line in heard {
            // The last line may be cut.
            if let Some(number) = line.strip_suffix('.').and_then(|line| line.parse::<u64>().ok()) {
                ensure!(answered.insert(number), "cycle {cycle}: {number} was given twice");
            }
        }
        if cycle % 100 == 99 {
            // Looked through whole: every seal, every index.
            std::fs::write(folder.path().join("doubtful"), b"")?;
        }
        let store = SqliteStore::open(folder.path())?;
        ensure!(store.mended().is_none(), "cycle {cycle}: a kill is no damage");
        let kept = numbers(&store)?;
        ensure!(kept.iter().copied().eq(0..kept.len() as u64), "cycle {cycle}: a gap or a double");
        let missing = answered.iter().find(|number| **number >= kept.len() as u64);
        ensure!(missing.is_none(), "cycle {cycle}: answered change {missing:?} is gone");
        kept_before = kept.len();
    }
    changes += kept_before;
    let each = start.elapsed().as_secs_f64() * 1e3 / wanted.max(1) as f64;
    // The products cost a second each: a twentieth as many.
    let killed = e2e::killing::cycles(wanted.div_ceil(20), 0x9e37_79b9)?;
    Ok(vec![
        Figure::of(
            "kill: kills that cost no answered change",
            "",
            vec![wanted as f64],
            Target::None,
        ),
        Figure::of("kill: changes answered meanwhile", "", vec![changes as f64], Target::None),
        Figure::of("kill: a kill and everything looked through", "ms", vec![each], Target::None),
        Figure::of(
            "kill: kills of pupitre-cli and pupitre-server that cost no acknowledged note",
            "",
            vec![(killed.tablets + killed.servers) as f64],
            Target::None,
        ),
        Figure::of(
            "kill: notes acknowledged meanwhile",
            "",
            vec![killed.notes as f64],
            Target::None,
        ),
    ])
}

/// The tablet's day: drafts and seals, until it is killed. It says which change was answered.
pub(crate) fn work(profile: &Path) -> Result<()> {
    let mut store = SqliteStore::open(profile)?;
    let (mut own, mut out) = (Signer::new(1), std::io::stdout());
    let first = numbers(&store)?.len() as u64;
    for number in first.. {
        let key = DocKey::of_notes(COUNCIL, SCOPE, &PDF);
        store.save_draft(&Draft {
            document: NotedDocument { key, scope: SCOPE, pdf: PDF },
            change: number.to_be_bytes().to_vec(),
            put: Vec::new(),
            removed: Vec::new(),
            carried: Vec::new(),
        })?;
        writeln!(out, "{number}.")?;
        out.flush()?;
        if number % 3 == 0 {
            for group in store.drafts()? {
                own.next = store.next_device_seq()?;
                let op = own.note(COUNCIL, SCOPE, PDF, &group.changes);
                store.seal(&op, &group.drafts)?;
            }
        }
    }
    Ok(())
}

fn numbers(store: &impl Store) -> Result<Vec<u64>> {
    let changes = store.note_pieces(DocKey::of_notes(COUNCIL, SCOPE, &PDF))?.changes.concat();
    Ok(changes.as_chunks::<8>().0.iter().map(|number| u64::from_be_bytes(*number)).collect())
}
