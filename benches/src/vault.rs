//! What encryption at rest costs: on a stroke, on opening a paper of 105 MB, and after the PIN.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use client::ports::{Lock, PaperFiles, Papers, World};
use client::{Client, ClientConfig, SystemWorld};
use domain::Sha256;
use ipc::{Command, Secret};
use pdf::{PdfConfig, PdfReader};
use store::{FileKeys, FilePapers, SqliteStore, Vault};

use crate::council;
use crate::figure::{Figure, Target};
use crate::first::page_ms;
use crate::reports::Report;

/// The tablet's schema, for a plain database beside an encrypted one.
const SCHEMA: [&str; 2] = [
    include_str!("../../migrations/client/0001_tablet.sql"),
    include_str!("../../migrations/client/0002_audiences.sql"),
];
const STROKES: u32 = 1_000;
const OPENED: u32 = 9;
const UNLOCKED: u32 = 20;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    Ok(vec![stroke()?, paper()?, unlock()?])
}

fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1_000.0
}

/// The writes of a stroke, in turn on a plain and on an encrypted database.
fn stroke() -> Result<Figure> {
    let folder = tempfile::tempdir()?;
    let (plain, sealed) = (database(folder.path(), None)?, database(folder.path(), Some("07"))?);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for n in 0..STROKES {
        before.push(write(&plain, n)?);
        after.push(write(&sealed, n)?);
    }
    let added = after.iter().zip(&before).map(|(after, before)| after - before).collect();
    let name = "vault: what encryption adds to the writes of a stroke";
    Ok(Figure::of(name, "ms", added, Target::Median(1.0))
        .beside("plain, the whole", Some(before))
        .beside("encrypted, the whole", Some(after)))
}

fn database(folder: &Path, key: Option<&str>) -> Result<rusqlite::Connection> {
    let db = rusqlite::Connection::open(folder.join(key.unwrap_or("plain")))?;
    if let Some(byte) = key {
        db.pragma_update(None, "key", format!("x'{}'", byte.repeat(32)))?;
    }
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    for migration in SCHEMA {
        db.execute_batch(migration)?;
    }
    db.execute(
        "INSERT INTO noted (doc, pdf, scope, latest, indexed)
         VALUES (zeroblob(16), zeroblob(32), x'00', 0, 0)",
        [],
    )?;
    Ok(db)
}

/// One transaction as a stroke makes it: the draft, the note, its words, the counts.
fn write(db: &rusqlite::Connection, n: u32) -> Result<f64> {
    let start = Instant::now();
    let tx = db.unchecked_transaction()?;
    let change = vec![(n % 251) as u8; 400];
    tx.execute(
        "INSERT INTO piece (doc, state, changes) VALUES (zeroblob(16), 'draft', ?1)",
        [&change],
    )?;
    tx.execute(
        "INSERT INTO note (annotation, doc, owner, pdf, page, modified_ms, words, body, strokes)
         VALUES (?1, zeroblob(16), zeroblob(16), zeroblob(32), 1, ?2, '', '{}', ?3)",
        (u128::from(n).to_be_bytes(), n, &change),
    )?;
    tx.execute("UPDATE noted SET latest = latest + 1, indexed = indexed + 1", [])?;
    tx.commit()?;
    Ok(ms(start))
}

/// The first page of a report of 105 MB that the workers have never seen, plain and sealed in turn.
fn paper() -> Result<Figure> {
    let folder = tempfile::tempdir()?;
    let file = Report::Pictures.write(&council::made()?)?;
    let bytes = std::fs::read(&file)?;
    let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
    let pdf = Sha256::from_bytes(digest.as_ref().try_into().context("a digest")?);
    drop(bytes);
    let shelf = FilePapers::open(&folder.path().join("profile"))?;
    shelf.adopt(&pdf, &file)?;
    let (sealed, key) = (shelf.path(&pdf)?, shelf.key(&pdf)?);
    let (mut plainly, mut opened) = (Vec::new(), Vec::new());
    tokio::runtime::Runtime::new()?.block_on(async {
        let reader = PdfReader::start(PdfConfig::find())?;
        while reader.workers().len() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        for run in 0..OPENED {
            // Another name is another paper: nothing of it is known.
            for (from, samples, closed) in
                [(&file, &mut plainly, false), (&sealed, &mut opened, true)]
            {
                let copy = folder.path().join(format!("{run}-{closed}.pdf"));
                std::fs::copy(from, &copy)?;
                if closed {
                    reader.unseal(&copy, key.clone(), Box::new(|| {}));
                }
                samples.push(page_ms(&reader, &copy, 1).await?);
                std::fs::remove_file(copy)?;
            }
        }
        anyhow::Ok(())
    })?;
    let name = "vault: first page of a 105 MB report, sealed";
    Ok(Figure::of(name, "ms", opened, Target::None).at_most_of("plain", Some(plainly), 1.15))
}

/// From the PIN to the tablet's state.
fn unlock() -> Result<Figure> {
    let scene = council::with_one_paper()?;
    let (profile, pin, world) =
        (&scene.official, Secret::new("482915"), Arc::new(SystemWorld::default()));
    Vault::open(profile)?.set_pin(Some(&pin))?;
    let reader = Arc::new(PdfReader::start(PdfConfig::find())?);
    let runtime = tokio::runtime::Runtime::new()?;
    let (mut samples, mut stretched) = (Vec::new(), Vec::new());
    for _ in 0..UNLOCKED {
        let vault = Vault::open(profile)?;
        let start = Instant::now();
        vault.unlock(&pin, &world.boot())?;
        stretched.push(ms(start));
        runtime.block_on(async {
            let client = Client::start(ClientConfig {
                store: Box::new(SqliteStore::open_with(profile, &vault)?),
                files: Arc::new(FilePapers::open_with(profile, &vault)?),
                keys: Arc::new(FileKeys::open_with(profile, vault.clone())),
                papers: Arc::clone(&reader) as Arc<dyn Papers>,
                letters: Arc::new(press::convocation),
                world: Arc::clone(&world) as Arc<dyn World>,
                automatic: false,
            });
            client.handle(Command::Status).await.context("the state")?;
            samples.push(ms(start));
            client.shutdown().await;
            anyhow::Ok(())
        })?;
    }
    let name = "vault: from the PIN to the tablet's state";
    Ok(Figure::of(name, "ms", samples, Target::Median(300.0))
        .limit_of("Argon2id, 64 MiB, 3 passes", stretched))
}
