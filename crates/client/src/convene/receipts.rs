//! Receipts that a member's tablet makes by itself: the convocation has arrived whole, it was
//! opened. Each is made once for each convocation, on the tablet that sees it first.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{
    DocumentId, Happening, MemberId, Receipt, Role, Sha256, SittingId, Statement, Timestamp,
};
use ipc::Problem;

use super::proceedings;
use crate::core::Core;
use crate::picture::Picture;
use crate::ports::{Store, StoreError};
use crate::statements::{self, Hand};
use crate::world::moment;

/// What somebody has to say about a member's convocation.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) sitting: SittingId,
    pub(crate) member: MemberId,
    pub(crate) happening: Happening,
    /// When it happened, when that is not now.
    pub(crate) at: Option<Timestamp>,
}

/// Signs what happened; what has happened already is left out unless it is an answer that differs from
/// the standing one.
pub(crate) async fn sign(core: &Arc<Core>, words: Vec<Word>) -> Result<u32, Problem> {
    statements::sign(core, words, sign_one).await
}

fn sign_one(store: &mut dyn Store, hand: &Hand, word: Word) -> Result<bool, StoreError> {
    let proceedings = proceedings::of(store, word.sitting)?;
    let Some(last) = proceedings.last() else { return Ok(false) };
    let repeats = match &word.happening {
        Happening::Answered { answer } => {
            proceedings.answers().get(&word.member).is_some_and(|known| known.answer == *answer)
        }
        Happening::Borne { giver, accepts } => proceedings
            .borne_by(word.member)
            .iter()
            .any(|(by, taken)| by == giver && *taken == Some(*accepts)),
        Happening::Dispatched { .. }
        | Happening::Failed { .. }
        | Happening::Reminded { .. }
        | Happening::Delivered
        | Happening::Opened => proceedings.has_happened(word.member, &word.happening),
    };
    if repeats {
        return Ok(false);
    }
    let receipt = Receipt {
        sitting: word.sitting,
        convocation: last.convocation.id,
        member: word.member,
        happening: word.happening,
        at: word.at.unwrap_or_else(|| hand.now()),
        after: store.server_time()?.map(moment),
        previous: proceedings.chain_end(hand.profile.device).unwrap_or(last.op),
    };
    let statement = Statement::Receipt(Box::new(receipt));
    let op = hand.sealed(&statement, store.next_device_seq()?)?;
    store.seal(&op, &[])?;
    Ok(true)
}

/// The convocations that are whole on this tablet and not acknowledged yet.
pub(crate) async fn acknowledge_arrivals(core: &Arc<Core>) -> Result<u32, Problem> {
    let picture = core.now();
    let Some(member) = convened_member(&picture) else { return Ok(0) };
    if picture.proceedings.is_empty() {
        return Ok(0);
    }
    let here: BTreeSet<Sha256> =
        core.shelf.ask(|store| store.papers_here()).await?.into_iter().collect();
    let words = picture
        .proceedings
        .iter()
        .filter(|(_, proceedings)| {
            proceedings.last().is_some_and(|sent| {
                sent.convocation.recipient(member).is_some()
                    && sent.convocation.papers.iter().all(|paper| {
                        here.contains(&paper.sha256)
                            || is_superseded(&picture, &here, paper.document, &paper.sha256)
                    })
            }) && !proceedings.has_happened(member, &Happening::Delivered)
        })
        .map(|(sitting, _)| word(*sitting, member, Happening::Delivered))
        .collect();
    sign(core, words).await
}

/// Whether a paper has a newer version: then only that one is fetched, and it must be here.
fn is_superseded(
    picture: &Picture,
    here: &BTreeSet<Sha256>,
    document: DocumentId,
    sent: &Sha256,
) -> bool {
    picture
        .catalogue
        .paper(document)
        .map_or(true, |paper| paper.version.sha256 != *sent && here.contains(&paper.version.sha256))
}

/// The member looks at a sitting or one of its papers.
pub(crate) async fn opened(core: &Arc<Core>, sitting: SittingId) -> Result<(), Problem> {
    let picture = core.now();
    let Some(member) = convened_member(&picture) else { return Ok(()) };
    let new = picture.proceedings(sitting).is_some_and(|proceedings| {
        let asked = proceedings.last().is_some_and(|s| s.convocation.recipient(member).is_some());
        asked && !proceedings.has_happened(member, &Happening::Opened)
    });
    if new {
        sign(core, vec![word(sitting, member, Happening::Opened)]).await?;
    }
    Ok(())
}

pub(crate) const fn word(sitting: SittingId, member: MemberId, happening: Happening) -> Word {
    Word { sitting, member, happening, at: None }
}

/// The member of this tablet, when convocations may be addressed to them.
fn convened_member(picture: &Picture) -> Option<MemberId> {
    let profile = picture.profile.as_ref()?;
    (profile.role != Role::Guest).then_some(profile.member)
}
