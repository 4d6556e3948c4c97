//! The board: every sitting with what remains to be done for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{DocumentRole, Sitting, SittingId, SittingState, changes};
use ipc::{BoardCard, Problem};

use super::draft;
use crate::core::Core;
use crate::picture::Picture;
use crate::ports::{KeptFile, KeptRead, SittingDraft};
use crate::publish::titles;
use crate::views;

/// All sittings, earliest first.
pub(super) async fn board(core: &Arc<Core>) -> Result<Vec<BoardCard>, Problem> {
    let (drafts, files) = core
        .shelf
        .ask(|store| {
            let drafts = store.sitting_drafts()?;
            let mut files: BTreeMap<SittingId, Vec<KeptFile>> = BTreeMap::new();
            for draft in &drafts {
                files.insert(draft.sitting.id, store.desk_files(draft.sitting.id)?);
            }
            Ok((drafts, files))
        })
        .await?;
    let picture = core.now();
    let now_ms = core.world.now_ms();
    let mut drafts: BTreeMap<SittingId, SittingDraft> =
        drafts.into_iter().map(|draft| (draft.sitting.id, draft)).collect();
    let mut cards = Vec::new();
    for published in &picture.catalogue.sittings {
        let draft = drafts.remove(&published.id).filter(|draft| draft.sitting != **published);
        cards.push(card(&picture, Some(published), draft.as_ref(), &files, now_ms));
    }
    cards.extend(drafts.values().map(|draft| card(&picture, None, Some(draft), &files, now_ms)));
    let mut cards: Vec<BoardCard> = cards.into_iter().flatten().collect();
    cards.sort_by_key(|card| (card.card.starts.at, card.card.sitting));
    Ok(cards)
}

fn card(
    picture: &Picture,
    published: Option<&Arc<Sitting>>,
    draft: Option<&SittingDraft>,
    files: &BTreeMap<SittingId, Vec<KeptFile>>,
    now_ms: i64,
) -> Option<BoardCard> {
    let published = published.map(|sitting| &**sitting);
    let sitting = draft.map(|draft| &draft.sitting).or(published)?;
    let told = published.map(|was| changes::between(was, sitting, titles::moment(now_ms)));
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let report = |item: &&domain::AgendaItem| {
        item.documents.iter().all(|paper| paper.role != DocumentRole::Report)
    };
    let waiting = files.get(&sitting.id).cloned().unwrap_or_default();
    Some(BoardCard {
        card: views::sitting::card(picture, sitting, now_ms),
        kind: sitting.kind,
        published: published.is_some_and(|sitting| sitting.state != SittingState::Draft),
        changes: count(told.map_or(0, |told| told.len())),
        drafted: draft.is_some(),
        without_report: count(sitting.items.iter().filter(report).count()),
        waiting: count(
            draft::waiting(waiting, sitting)
                .iter()
                .filter(|file| !matches!(file.read, KeptRead::Refused(_)))
                .count(),
        ),
        cancelled: sitting.cancelled.is_some(),
    })
}
