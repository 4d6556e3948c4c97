//! The board: every sitting with what remains to be done for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{DocumentRole, Sitting, SittingId, changes};
use ipc::{BoardCard, Problem};

use super::{draft, invitees};
use crate::core::Core;
use crate::picture::Picture;
use crate::ports::{KeptFile, KeptRead, SittingDraft};
use crate::publish::titles;
use crate::views;

/// All sittings, earliest first.
pub(super) async fn board(core: &Arc<Core>) -> Result<Vec<BoardCard>, Problem> {
    let brought: Vec<SittingId> = core.now().catalogue.drafts.iter().map(|s| s.id).collect();
    let (drafts, files, away) = core
        .shelf
        .ask(move |store| {
            let drafts = store.sitting_drafts()?;
            let mut away = BTreeSet::new();
            for id in brought {
                if store.sitting_draft(id)?.is_some_and(|draft| draft.away) {
                    away.insert(id);
                }
            }
            let mut files: BTreeMap<SittingId, Vec<KeptFile>> = BTreeMap::new();
            for draft in &drafts {
                files.insert(draft.sitting.id, store.desk_files(draft.sitting.id)?);
            }
            Ok((drafts, files, away))
        })
        .await?;
    let picture = core.now();
    let now_ms = core.world.now_ms();
    let mut drafts: BTreeMap<SittingId, SittingDraft> =
        drafts.into_iter().map(|draft| (draft.sitting.id, draft)).collect();
    let mut cards = Vec::new();
    for published in &picture.catalogue.sittings {
        let draft = drafts.remove(&published.id).filter(|draft| draft.sitting != **published);
        let sitting = draft.as_ref().map_or(&**published, |draft| &draft.sitting);
        let shown = Shown { sitting, published: Some(published), drafted: draft.is_some() };
        cards.push(card(&picture, shown, &files, now_ms));
    }
    // Its papers are still on their way; what the clerk has put away is not shown.
    let brought = picture.catalogue.drafts.iter();
    for sitting in brought.filter(|s| !drafts.contains_key(&s.id) && !away.contains(&s.id)) {
        let shown = Shown { sitting, published: None, drafted: false };
        cards.push(card(&picture, shown, &files, now_ms));
    }
    for draft in drafts.values() {
        let shown = Shown { sitting: &draft.sitting, published: None, drafted: true };
        cards.push(card(&picture, shown, &files, now_ms));
    }
    cards.sort_by_key(|card| (card.card.starts.at, card.card.sitting));
    Ok(cards)
}

/// What a card is drawn from.
struct Shown<'a> {
    /// As it is prepared, or as it stands.
    sitting: &'a Sitting,
    published: Option<&'a Sitting>,
    /// Whether a draft lies on this desk.
    drafted: bool,
}

fn card(
    picture: &Picture,
    Shown { sitting, published, drafted }: Shown<'_>,
    files: &BTreeMap<SittingId, Vec<KeptFile>>,
    now_ms: i64,
) -> BoardCard {
    let told = published.map(|was| changes::between(was, sitting, titles::moment(now_ms)));
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let report = |item: &&domain::AgendaItem| {
        item.documents.iter().all(|paper| paper.role != DocumentRole::Report)
    };
    let waiting = files.get(&sitting.id).cloned().unwrap_or_default();
    BoardCard {
        card: views::sitting::card(picture, sitting, now_ms),
        kind: sitting.kind,
        published: published.is_some(),
        changes: count(told.map_or(0, |told| told.len())),
        drafted,
        brought: invitees::view(picture, sitting),
        without_report: count(sitting.items.iter().filter(report).count()),
        waiting: count(
            draft::waiting(waiting, sitting)
                .iter()
                .filter(|file| !matches!(file.read, KeptRead::Refused(_)))
                .count(),
        ),
        cancelled: sitting.cancelled.is_some(),
    }
}
