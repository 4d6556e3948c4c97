//! The first screen.

use ipc::{HomeView, SittingCard};

use super::{notes, sitting};
use crate::convene::tracking;
use crate::messages;
use crate::picture::Picture;
use crate::ports::NoteIndexEntry;

/// Most notes on the first screen.
pub(crate) const NOTES: u32 = 10;

/// All sittings, earliest first.
pub(crate) fn cards(picture: &Picture, now_ms: i64) -> Vec<SittingCard> {
    let sittings = picture.catalogue.sittings.iter();
    sittings.map(|sitting| sitting::card(picture, sitting, now_ms)).collect()
}

/// The same with what other software brought and nobody has published, for clerks.
pub(crate) fn all_cards(picture: &Picture, now_ms: i64) -> Vec<SittingCard> {
    let mut all = cards(picture, now_ms);
    if picture.clerk().is_ok() {
        let drafts = picture.catalogue.drafts.iter();
        all.extend(drafts.map(|sitting| sitting::card(picture, sitting, now_ms)));
        all.sort_by_key(|card| (card.starts.at, card.sitting));
    }
    all
}

/// The first screen; `latest` are one's own notes, newest first.
pub(crate) fn home(picture: &Picture, latest: Vec<NoteIndexEntry>, now_ms: i64) -> HomeView {
    let (mut coming, mut past): (Vec<_>, Vec<_>) =
        cards(picture, now_ms).into_iter().partition(|card| card.upcoming);
    past.reverse();
    let mut next = (!coming.is_empty()).then(|| coming.remove(0));
    // One tap is enough on the first screen too: it knows who may bear a proxy.
    if let Some(card) = next.as_mut()
        && let Some(reply) = card.reply.as_mut().filter(|reply| reply.asked)
    {
        reply.bearers = tracking::bearers(picture, card.sitting);
    }
    coming.append(&mut past);
    let notes =
        notes::shown(latest).into_iter().filter_map(|note| notes::card(picture, note)).collect();
    let messages = messages::view::on_home(picture, now_ms);
    HomeView { next, others: coming, notes, messages }
}
