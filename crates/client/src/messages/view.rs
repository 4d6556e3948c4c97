//! Messages as screens and scripts are shown them.

use std::collections::BTreeMap;

use domain::{Happening, MessageCopy, MessageId, Reached, Role};
use ipc::MessageView;

use super::Copies;
use crate::convene::tracking;
use crate::picture::Picture;

/// How long a message that was read stays on the first screen, in milliseconds: a week.
const SHOWN_MS: i64 = 7 * 24 * 3_600_000;

/// One view a message, the latest first.
pub(crate) fn all(picture: &Picture, copies: &Copies) -> Vec<MessageView> {
    let mut messages: BTreeMap<MessageId, Vec<&MessageCopy>> = BTreeMap::new();
    for ((message, _), copy) in copies {
        messages.entry(*message).or_default().push(copy);
    }
    messages.into_values().rev().filter_map(|copies| view(picture, &copies)).collect()
}

/// What the first screen shows: messages to this member that are not read or came within a week.
pub(crate) fn on_home(picture: &Picture, now_ms: i64) -> Vec<MessageView> {
    let mut all = all(picture, &picture.messages);
    all.retain(|view| !view.read || view.made.at.as_millisecond() + SHOWN_MS > now_ms);
    all
}

fn view(picture: &Picture, copies: &[&MessageCopy]) -> Option<MessageView> {
    let profile = picture.profile.as_ref()?;
    let message = &copies.first()?.message;
    let mine = copies.iter().find(|copy| copy.message.recipient.member == profile.member);
    let mut view = MessageView {
        message: message.message,
        to: message.to.clone(),
        author: message.author_name.clone(),
        made: picture.catalogue.local(message.made),
        subject: message.subject.clone(),
        text: message.text.clone(),
        read: mine.is_none_or(|copy| copy.has_happened(&Happening::Opened)),
        recipients: message.copies,
        dispatched: 0,
        opened: 0,
        unreachable: Vec::new(),
        tracks: Vec::new(),
    };
    if profile.role != Role::Clerk {
        return Some(view);
    }
    let mut copies = copies.to_vec();
    copies.sort_by(|a, b| a.message.recipient.name.cmp(&b.message.recipient.name));
    for copy in copies {
        let tracks = copy.tracks();
        let furthest = tracks.iter().map(|track| track.state).max();
        view.dispatched += u32::from(furthest >= Some(Reached::Dispatched));
        view.opened += u32::from(furthest >= Some(Reached::Opened));
        let recipient = &copy.message.recipient;
        if recipient.channels.is_empty() {
            view.unreachable.push(recipient.name.clone());
        }
        let happened = copy.heard.iter().rev().map(|heard| &heard.receipt.happening);
        view.tracks.extend(tracking::lines(recipient, &tracks, &happened));
    }
    Some(view)
}
