//! Bytes that lie, given to everything that reads what others send: made from sound examples by
//! mutation, with checksums put right where there are any. Not led by coverage; what was once found is
//! kept under `corpus/` and tried first.
//!
//! A target that breaks its rule ends the run; the bytes lie in `target/fuzz/NAME` then.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use annotation::limits::DEADLINE;
use annotation::{NoteDoc, Piece};
use anyhow::{Context, Result, anyhow, bail, ensure};
use client::ports::Papers;
use domain::{CouncilId, MemberId, Sha256};
use ink::{AnnotationId, Colour, Mark, MarkKind, Point, Stroke, StrokePoint};
use pdf::{PdfConfig, PdfReader};
use testkit::Signer;
use tokio::runtime::Runtime;
use wire::{
    Ack, Audience, EnrolRequest, LineEnd, Logged, Op, Outcome, Poke, Scope, SyncRequest,
    SyncResponse,
};

use crate::figure::{Figure, Target as Goal};

/// Seconds for each target, unless `PUPITRE_FUZZ_SECONDS` says otherwise.
const SECONDS: u64 = 60;
/// Longest input, in bytes.
const LONGEST: usize = 8_192;
/// How long one input may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Something that reads what others send.
struct Target {
    name: &'static str,
    seeds: fn() -> Result<Vec<Vec<u8>>>,
    /// What the input becomes after its mutation: its checksum, its frame.
    dress: fn(Vec<u8>) -> Vec<u8>,
    /// Reads it; an error is a broken rule.
    read: fn(&[u8]) -> Result<()>,
}

const TARGETS: [Target; 9] = [
    Target { name: "envelope", seeds: envelopes, dress: plain, read: envelope },
    Target { name: "request", seeds: requests, dress: plain, read: again::<SyncRequest> },
    Target { name: "answer", seeds: answers, dress: plain, read: again::<SyncResponse> },
    Target { name: "poke", seeds: pokes, dress: plain, read: again::<Poke> },
    Target { name: "enrolment", seeds: enrolments, dress: plain, read: again::<EnrolRequest> },
    Target { name: "notes-guard", seeds: changes, dress: checksummed, read: guarded },
    Target { name: "ink", seeds: strokes, dress: plain, read: ink_read },
    Target { name: "deliberations-csv", seeds: tables, dress: plain, read: table },
    Target { name: PDF, seeds: papers, dress: plain, read: pdf_checked },
];
/// The target that needs workers, which are this program started again.
const PDF: &str = "pdf-check";

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let seconds = crate::wished("PUPITRE_FUZZ_SECONDS", SECONDS)?;
    let mut figures = Vec::new();
    for target in &TARGETS {
        let done = run(target, Duration::from_secs(seconds), u64::MAX)?;
        let name = format!("fuzz: inputs that {} read without a fault", target.name);
        figures.push(Figure::of(name, "", vec![done as f64], Goal::None));
    }
    Ok(figures)
}

/// Gives a target inputs until the time is over or there were so many; how many there were.
fn run(target: &Target, time: Duration, most: u64) -> Result<u64> {
    let mut seeds = (target.seeds)()?;
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    let mut done = 0;
    if let Ok(entries) = std::fs::read_dir(kept) {
        for entry in entries {
            let bytes = std::fs::read(entry?.path())?;
            attempt(target, &bytes)?;
            done += 1;
            seeds.push(bytes);
        }
    }
    let (mut dice, start) = (Dice(0x9e37_79b9_7f4a_7c15), Instant::now());
    while done < most && start.elapsed() < time {
        let input = (target.dress)(dice.mutated(&seeds));
        attempt(target, &input)?;
        done += 1;
    }
    Ok(done)
}

fn attempt(target: &Target, input: &[u8]) -> Result<()> {
    let start = Instant::now();
    // A panic that comes out is a broken rule too: nobody would catch it on a tablet.
    let read = std::panic::catch_unwind(|| (target.read)(input));
    let slow = start.elapsed() > PATIENCE;
    let fault = match read {
        Ok(Ok(())) if !slow => return Ok(()),
        Ok(Ok(())) => format!("took {:?}", start.elapsed()),
        Ok(Err(error)) => format!("{error:#}"),
        Err(_) => "panicked".to_owned(),
    };
    let folder = PathBuf::from("target/fuzz").join(target.name);
    std::fs::create_dir_all(&folder)?;
    let digest = ring::digest::digest(&ring::digest::SHA256, input);
    let name: String = digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(folder.join(&name), input)?;
    bail!("{}: {fault}; the bytes are {}", target.name, folder.join(name).display());
}

/// Numbers that look thrown, the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or(0) % below.max(1)
    }

    fn byte(&mut self) -> u8 {
        // Edges of encodings are likelier than the middle.
        const EDGES: [u8; 12] = [0, 1, 0x17, 0x18, 0x1b, 0x1f, 0x7f, 0x80, 0x9b, 0x9f, 0xfe, 0xff];
        match self.throw(2) {
            0 => EDGES.get(self.throw(EDGES.len())).copied().unwrap_or(0),
            _ => u8::try_from(self.throw(256)).unwrap_or(0),
        }
    }

    /// A seed, changed in a few places.
    fn mutated(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds.get(self.throw(seeds.len())).cloned().unwrap_or_default();
        for _ in 0..=self.throw(4) {
            let (at, end) = (self.throw(bytes.len()), self.throw(bytes.len() + 1));
            match self.throw(7) {
                0 | 1 => {
                    let byte = self.byte();
                    bytes.get_mut(at).into_iter().for_each(|place| *place = byte);
                }
                2 => {
                    let bit = 1 << self.throw(8);
                    bytes.get_mut(at).into_iter().for_each(|place| *place ^= bit);
                }
                3 => bytes.insert(at.min(bytes.len()), self.byte()),
                4 => bytes.truncate(end),
                5 if at < end => drop(bytes.drain(at..end.min(at + 32))),
                // A piece of another one, or of itself, in between.
                _ => {
                    let other = seeds.get(self.throw(seeds.len())).cloned().unwrap_or_default();
                    let from = self.throw(other.len());
                    let piece = other.into_iter().skip(from).take(1 + self.throw(64));
                    let rest = bytes.split_off(at.min(bytes.len()));
                    bytes.extend(piece);
                    bytes.extend(rest);
                }
            }
        }
        bytes.truncate(LONGEST);
        bytes
    }
}

fn plain(bytes: Vec<u8>) -> Vec<u8> {
    bytes
}

fn scope() -> Scope {
    Scope { owner: MemberId::from_bytes([2; 16]), audience: Audience::Private }
}

fn an_op() -> Op {
    let council = CouncilId::from_bytes([1; 16]);
    Signer::new(1).note(council, scope(), Sha256::from_bytes([3; 32]), b"changes of a note")
}

fn envelopes() -> Result<Vec<Vec<u8>>> {
    Ok(vec![wire::encode(&an_op())?])
}

/// What can be read is written as the same, and a changed signature or header does not verify.
fn envelope(bytes: &[u8]) -> Result<()> {
    let Ok(op) = wire::decode::<Op>(bytes) else { return Ok(()) };
    again::<Op>(bytes)?;
    let sound = an_op();
    let verifies = op.verify(&Signer::new(1).public_key()).is_ok();
    ensure!(!verifies || op == sound, "an operation that nobody signed verifies");
    Ok(())
}

fn requests() -> Result<Vec<Vec<u8>>> {
    let request =
        SyncRequest { protocol: 1, cursor: 70_000, view: 9, outbox: vec![an_op()], next: Some(8) };
    let empty = SyncRequest { outbox: Vec::new(), next: None, ..request.clone() };
    Ok(vec![wire::encode(&request)?, wire::encode(&empty)?])
}

fn answers() -> Result<Vec<Vec<u8>>> {
    let answer = SyncResponse {
        acks: vec![
            Ack { device_seq: 1, outcome: Outcome::Accepted { seq: 300 } },
            Ack { device_seq: 2, outcome: Outcome::Conflict { current: 4 } },
            Ack { device_seq: 3, outcome: Outcome::Refused { code: wire::ProblemCode::Untrue } },
        ],
        items: vec![Logged { seq: 300, received_ms: 5, record_version: 0, op: an_op() }],
        cursor: 300,
        head: 301,
        more: true,
        view: 9,
        server_ms: 1_795_000_000_000,
        line: Some(LineEnd { device_seq: 3, op: Sha256::from_bytes([4; 32]) }),
    };
    Ok(vec![wire::encode(&answer)?])
}

/// What can be read is read the same after it was written again.
fn again<T>(bytes: &[u8]) -> Result<()>
where
    T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()> + PartialEq,
{
    let Ok(message) = wire::decode::<T>(bytes) else { return Ok(()) };
    let written = wire::encode(&message)?;
    ensure!(wire::decode::<T>(&written).is_ok_and(|other| other == message), "it reads otherwise");
    Ok(())
}

fn pokes() -> Result<Vec<Vec<u8>>> {
    Ok(vec![wire::encode(&Poke { head: 70_000 })?])
}

fn enrolments() -> Result<Vec<Vec<u8>>> {
    Ok(vec![wire::encode(&EnrolRequest {
        protocol: wire::PROTOCOL,
        code: "K7Q2-9FXM-3TRB".to_owned(),
        device: Signer::new(1).device,
        device_name: "Tablette".to_owned(),
        signing_key: [9; 32],
    })?])
}

fn note(number: u64) -> Mark {
    Mark {
        id: AnnotationId::new(number, [7; 10]),
        page: 1,
        kind: MarkKind::Note { at: Point { x: 1.0, y: 2.0 } },
        colour: Colour::Blue,
        text: format!("note {number}"),
        created_ms: 5,
        modified_ms: 5,
        in_reply_to: None,
    }
}

/// The content of change chunks, without magic, checksum and length.
fn changes() -> Result<Vec<Vec<u8>>> {
    let mut other = NoteDoc::new([2; 16]);
    let whole = [
        other.put(&note(1), 5)?,
        other.change(note(1).id, Some("autre texte"), None, 6)?,
        other.put(&note(9), 7)?,
        other.erase(note(1).id, 8)?,
    ];
    let content = |chunk: &Vec<u8>| {
        let rest = chunk.get(9..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| **byte & 128 != 0).count() + 1;
        rest.get(length..).unwrap_or_default().to_vec()
    };
    Ok(whole.iter().map(content).collect())
}

/// A change chunk with a true checksum over whatever it holds.
fn checksummed(content: Vec<u8>) -> Vec<u8> {
    let mut hashed = vec![1];
    let mut length = content.len();
    while length > 127 {
        hashed.push(u8::try_from(length & 127).unwrap_or(0) | 128);
        length >>= 7;
    }
    hashed.push(u8::try_from(length).unwrap_or(0));
    hashed.extend(content);
    let digest = ring::digest::digest(&ring::digest::SHA256, &hashed);
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83];
    chunk.extend(digest.as_ref().iter().take(4));
    chunk.extend(hashed);
    chunk
}

/// A change of others is taken or set aside; either way one's own note is there, and what is saved loads.
fn guarded(bytes: &[u8]) -> Result<()> {
    let mut other = NoteDoc::new([2; 16]);
    let first = other.put(&note(1), 5)?;
    let own = note(2);
    let mut doc = NoteDoc::new([1; 16]);
    let mine = doc.put(&own, 5)?;
    let (loaded, unreadable) =
        NoteDoc::load([1; 16], None, [mine.as_slice(), &first, bytes], DEADLINE);
    ensure!(loaded.mark(own.id).is_some(), "one's own note is gone");
    let only_it = unreadable.iter().all(|one| one.piece == Piece::Payload(2));
    ensure!(only_it, "another piece was set aside too");
    if loaded.waiting() == 0 {
        let snapshot = loaded.snapshot().context("it cannot be saved")?;
        let (again, unreadable) = NoteDoc::load([1; 16], Some(&snapshot), [], DEADLINE);
        ensure!(unreadable.is_empty(), "what was saved does not load");
        ensure!(again.marks() == loaded.marks(), "what was saved is something else");
    }
    Ok(())
}

fn strokes() -> Result<Vec<Vec<u8>>> {
    let points = (0..40u8).map(|i| {
        let t = f32::from(i);
        StrokePoint { x: 40.0 + t * 3.0, y: 700.0 - t * t / 9.0, pressure: 0.2 + t / 60.0 }
    });
    let stroke = Stroke { points: points.collect() };
    let dot = Stroke { points: vec![StrokePoint { x: 1.0, y: 2.0, pressure: 0.5 }] };
    Ok(vec![
        ink::codec::encode_strokes(&[stroke.clone(), dot]),
        ink::codec::encode_strokes(&[]),
        ink::codec::encode_stroke(&stroke),
    ])
}

/// What can be read is finite and stays the same.
fn ink_read(bytes: &[u8]) -> Result<()> {
    let Ok(strokes) = ink::codec::decode_strokes(bytes) else { return Ok(()) };
    let finite = |p: &StrokePoint| p.x.is_finite() && p.y.is_finite() && p.pressure.is_finite();
    let mut points = strokes.iter().flat_map(|stroke| &stroke.points);
    ensure!(points.all(finite), "a point is nowhere");
    let written = ink::codec::encode_strokes(&strokes);
    let again = ink::codec::decode_strokes(&written)?;
    ensure!(ink::codec::encode_strokes(&again) == written, "it is written otherwise");
    Ok(())
}

fn tables() -> Result<Vec<Vec<u8>>> {
    let head = "COLL_NOM;COLL_SIRET;DELIB_ID;DELIB_DATE;DELIB_MATIERE_CODE;DELIB_MATIERE_NOM;\
                DELIB_OBJET;BUDGET_ANNEE;BUDGET_NOM;PREF_ID;PREF_DATE;VOTE_EFFECTIF;VOTE_REEL;\
                VOTE_POUR;VOTE_CONTRE;VOTE_ABSTENTION;DELIB_URL";
    let line = "Valbrune;21350238800019;2036-12;2036-09-28;7.1;Décisions budgétaires;Budget \
                primitif;2036;Principal;;;29;27;20;5;2;https://valbrune.example/d.pdf";
    let table = format!("{head}\r\n{line}\r\n{line}\r\n");
    Ok(vec![
        table.replace(';', ",").into_bytes(),
        table.clone().into_bytes(),
        format!("\u{feff}{}", table.replace("Budget", "\"Bud\"\"get\n\"")).into_bytes(),
        table
            .chars()
            .flat_map(|c| u16::try_from(u32::from(c)).unwrap_or(63).to_le_bytes())
            .collect(),
    ])
}

/// A table is read or its faults are told.
fn table(bytes: &[u8]) -> Result<()> {
    std::hint::black_box(client::deliberations::read("deliberations.csv", bytes));
    Ok(())
}

fn papers() -> Result<Vec<Vec<u8>>> {
    let two = e2e::papers::text(&["Le montant garanti est porté à 240 000 euros", "Seconde page"])?;
    Ok(vec![two, e2e::papers::without_second_page()?])
}

/// A paper is checked, whatever it is: the worker may die of it, the reader answers.
fn pdf_checked(bytes: &[u8]) -> Result<()> {
    static READER: OnceLock<Result<(Runtime, PdfReader, tempfile::TempDir)>> = OnceLock::new();
    let made = READER.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let reader = runtime.block_on(async { PdfReader::start(PdfConfig::find()) })?;
        Ok((runtime, reader, tempfile::tempdir()?))
    });
    let (runtime, reader, folder) = made.as_ref().map_err(|error| anyhow!("{error:#}"))?;
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, bytes)?;
    std::hint::black_box(runtime.block_on(reader.check(&file)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_finds_no_fault() {
        // Papers are checked by workers, which a test is not: crates/pdf has their tests.
        for target in TARGETS.iter().filter(|target| target.name != PDF) {
            run(target, Duration::from_secs(20), 3_000).unwrap();
        }
    }
}
