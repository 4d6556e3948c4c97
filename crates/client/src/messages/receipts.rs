//! Receipts of messages that a member's tablet makes: a copy has come, it was read. Each is made once.

use std::sync::Arc;

use domain::{Happening, Heard, MessageCopy, MessageId, MessageReceipt, Statement};
use ipc::{ErrorCode, Event, Problem};

use super::{Copies, load};
use crate::core::Core;
use crate::ports::{EvidenceOf, Store, StoreError};
use crate::statements::{self, Hand};
use crate::world::moment;

/// Signs for the messages to this member that have come, and tells of each.
pub(crate) async fn acknowledge_arrivals(core: &Arc<Core>) -> Result<u32, Problem> {
    let picture = core.now();
    let new: Vec<(MessageId, String)> = picture
        .messages
        .values()
        .filter(|copy| copy.received.is_some() && !copy.has_happened(&Happening::Delivered))
        .map(|copy| (copy.message.message, copy.message.subject.clone()))
        .collect();
    let words = new.iter().map(|(message, _)| (*message, Happening::Delivered)).collect();
    let signed = sign(core, words).await?;
    if signed > 0 {
        for (_, subject) in new {
            core.tell(Event::Message { subject });
        }
    }
    Ok(signed)
}

/// The member has read a message.
pub(crate) async fn read(core: &Arc<Core>, message: MessageId) -> Result<(), Problem> {
    let picture = core.now();
    let member = picture.enrolled()?.member;
    if !picture.messages.contains_key(&(message, member)) {
        return Err(ErrorCode::NotFound.into());
    }
    let words = vec![(message, Happening::Delivered), (message, Happening::Opened)];
    sign(core, words).await.map(drop)
}

/// Signs what happened to copies of this member; what has happened already is left out.
async fn sign(core: &Arc<Core>, words: Vec<(MessageId, Happening)>) -> Result<u32, Problem> {
    let mut read: Option<Copies> = None;
    statements::sign(core, words, move |store, hand, (message, happening)| {
        let member = hand.profile.member;
        let copies = match &mut read {
            Some(copies) => copies,
            None => read.insert(load(store, EvidenceOf::MessagesTo(member))?),
        };
        match copies.get_mut(&(message, member)) {
            Some(copy) if !copy.has_happened(&happening) => sign_one(store, hand, copy, happening),
            Some(_) | None => Ok(false),
        }
    })
    .await
}

fn sign_one(
    store: &mut dyn Store,
    hand: &Hand,
    copy: &mut MessageCopy,
    happening: Happening,
) -> Result<bool, StoreError> {
    let receipt = MessageReceipt {
        message: copy.message.message,
        member: hand.profile.member,
        happening,
        at: hand.now(),
        after: store.server_time()?.map(moment),
        previous: copy.chain_end(hand.profile.device),
    };
    let statement = Statement::MessageReceipt(Box::new(receipt.clone()));
    let op = hand.sealed(&statement, store.next_device_seq()?)?;
    store.seal(&op, &[])?;
    copy.heard.push(Heard { receipt, op: op.hash(), device: hand.profile.device });
    Ok(true)
}
