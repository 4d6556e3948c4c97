//! Writing a proof from what this tablet keeps.

use std::path::Path;
use std::sync::Arc;

use domain::{DeviceCard, PublicKey, Record, Sha256, SittingId, Timestamp};
use ipc::{ErrorCode, Problem, Proved, StampFound};
use wire::RecordPayload;

use super::file::{Entry, Head, Line, MAGIC, Seal, first_link, hex, link, seal_bytes};
use super::{authority, report};
use crate::core::Core;
use crate::ports::{Evidence, EvidenceOf};
use crate::{exchange, problem};

/// Writes the proof of a sitting, and the same for people beside it.
pub(crate) async fn prove(
    core: &Arc<Core>,
    sitting: SittingId,
    out: &Path,
) -> Result<Proved, Problem> {
    core.now().clerk()?;
    // What has come meanwhile belongs in it; without a network it holds what this tablet knows.
    exchange::catch_up(core).await.ok();
    let picture = core.now();
    let profile = Arc::clone(picture.clerk()?);
    let known = picture.catalogue.sitting(sitting)?;
    let proceedings = picture.proceedings(sitting).ok_or(ErrorCode::NotConvened)?.clone();
    let last = proceedings.last().ok_or(ErrorCode::NotConvened)?;
    let (cards, entries) = core
        .shelf
        .ask(move |store| {
            let cards = store.evidence(EvidenceOf::Devices)?;
            Ok((cards, store.evidence(EvidenceOf::Sitting(sitting))?))
        })
        .await?;
    let head = Head {
        council: profile.council,
        council_name: last.convocation.council.clone(),
        sitting,
        title: known.title.clone(),
        zone: last.convocation.zone.clone(),
        office: office(&cards).ok_or_else(|| problem::internal("no office in the directory"))?,
        written: Timestamp::from_millisecond(core.world.now_ms()).unwrap_or(Timestamp::UNIX_EPOCH),
        by: profile.member,
        device: profile.device,
    };
    let mut paper = Paper::new();
    paper.line(&Line::Head(head.clone()))?;
    let signers = |card: &Evidence| -> bool {
        card_of(card).is_some_and(|card| {
            card.id == profile.device
                || card.signing_key == head.office
                || entries.iter().any(|entry| entry.op.header.device == card.id)
        })
    };
    let mut count = 0;
    for card in cards.iter().filter(|card| signers(card)) {
        count += u32::from(paper.evidence(card, Line::Card)?);
    }
    for entry in &entries {
        count += u32::from(paper.evidence(entry, Line::Entry)?);
    }
    let root = paper.last;
    let named = picture.catalogue.council.as_ref().and_then(|council| council.stamp.as_ref());
    let (stamp, unstamped) = match named {
        None => (None, None),
        Some(named) => match authority::ask(named, &root).await {
            Ok((stamp, stamped)) => {
                paper.line(&Line::Stamp(stamp))?;
                (Some(stamped), None)
            }
            // The proof holds without; it can be written again later.
            Err(error) => (None, Some(error.to_string())),
        },
    };
    let signature =
        core.keys.sign(&seal_bytes(&paper.last)).map_err(|error| problem::of_keys(&error))?;
    paper.line(&Line::Seal(Seal { entries: count, signature: hex(&signature) }))?;
    write(out, paper.text.into_bytes()).await?;
    let pdf = beside(out);
    let sheets = report::sheets(&picture, &proceedings, &head, &root, stamp.as_ref());
    let printed =
        crate::ports::Print { title: known.title.clone(), blocks: sheets, out: pdf.clone() };
    core.papers
        .print(printed)
        .await
        .map_err(|error| problem::of_pdf(&error, &pdf.display().to_string()))?;
    Ok(Proved {
        file: out.display().to_string(),
        pdf: pdf.display().to_string(),
        entries: count,
        root,
        stamp: stamp.map(|stamp| StampFound {
            at: stamp.at,
            authority: stamp.authority,
            root: stamp.root,
            trusted: true,
            unrevoked: false,
        }),
        unstamped,
    })
}

/// The lines of a proof and the last link.
struct Paper {
    text: String,
    last: Sha256,
}

impl Paper {
    fn new() -> Self {
        Self { text: format!("{MAGIC}\n"), last: first_link() }
    }

    fn line(&mut self, line: &Line) -> Result<(), Problem> {
        let json = serde_json::to_string(line).map_err(|e| problem::internal(e.to_string()))?;
        self.last = link(&self.last, json.as_bytes());
        self.text += &format!("{} {json}\n", self.last);
        Ok(())
    }

    /// What the log holds; what still waits on this tablet has no place yet and proves nothing.
    fn evidence(
        &mut self,
        evidence: &Evidence,
        line: impl FnOnce(Entry) -> Line,
    ) -> Result<bool, Problem> {
        let Some(place) = evidence.logged else { return Ok(false) };
        let op = wire::encode(&evidence.op).map_err(|e| problem::internal(e.to_string()))?;
        let entry = Entry { seq: place.seq, received_ms: place.received_ms, op: hex(&op) };
        self.line(&line(entry))?;
        Ok(true)
    }
}

pub(crate) fn card_of(evidence: &Evidence) -> Option<DeviceCard> {
    let payload: RecordPayload = wire::decode(&evidence.op.payload).ok()?;
    match Record::from_json(&payload.record).ok()? {
        Record::Device(card) => Some(card),
        Record::Council(_)
        | Record::Member(_)
        | Record::Group(_)
        | Record::Body(_)
        | Record::Sitting(_)
        | Record::Convocation(_) => None,
    }
}

/// The key of the office: the card that its own device signed.
pub(crate) fn office(cards: &[Evidence]) -> Option<PublicKey> {
    cards.iter().find_map(|evidence| {
        let card = card_of(evidence)?;
        (card.id == evidence.op.header.device).then_some(card.signing_key)
    })
}

/// Where the PDF goes: the same name with `.pdf`.
fn beside(out: &Path) -> std::path::PathBuf {
    let pdf = out.with_extension("pdf");
    if pdf == out { out.with_extension("lisible.pdf") } else { pdf }
}

async fn write(out: &Path, bytes: Vec<u8>) -> Result<(), Problem> {
    let path = out.to_owned();
    let name = out.display().to_string();
    tokio::task::spawn_blocking(move || std::fs::write(path, bytes))
        .await
        .map_err(|_| problem::internal("writing the proof"))?
        .map_err(|_| Problem::about(ErrorCode::FileUnwritable, name))
}
