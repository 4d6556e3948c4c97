//! Receipts of messages that a member's tablet makes: a copy has come, it was read. Each is made once.

use std::sync::Arc;

use domain::{Happening, Heard, MessageCopy, MessageId, MessageReceipt, Statement};
use ipc::{ErrorCode, Event, Problem};

use super::{load, moment, sealed};
use crate::core::Core;
use crate::ports::{EvidenceOf, Keys, Profile, Store, StoreError};

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
    if words.is_empty() {
        return Ok(0);
    }
    let profile = Arc::clone(core.now().enrolled()?);
    let keys = Arc::clone(&core.keys);
    let now_ms = core.world.now_ms();
    let signed = core
        .shelf
        .ask(move |store| {
            let mut copies = load(store, EvidenceOf::MessagesTo(profile.member))?;
            let mut signed = 0;
            for (message, happening) in words {
                if let Some(copy) = copies.get_mut(&(message, profile.member))
                    && !copy.has_happened(&happening)
                {
                    sign_one(store, &*keys, &profile, copy, happening, now_ms)?;
                    signed += 1;
                }
            }
            Ok(signed)
        })
        .await?;
    if signed > 0 {
        core.reload().await?;
        core.edited.notify_one();
    }
    Ok(signed)
}

fn sign_one(
    store: &mut dyn Store,
    keys: &dyn Keys,
    profile: &Profile,
    copy: &mut MessageCopy,
    happening: Happening,
    now_ms: i64,
) -> Result<(), StoreError> {
    let receipt = MessageReceipt {
        message: copy.message.message,
        member: profile.member,
        happening,
        at: moment(now_ms),
        after: store.server_time()?.map(moment),
        previous: copy.chain_end(profile.device),
    };
    let statement = Statement::MessageReceipt(Box::new(receipt.clone()));
    let op = sealed(keys, profile, &statement, store.next_device_seq()?)?;
    store.seal(&op, &[])?;
    copy.heard.push(Heard { receipt, op: op.hash(), device: profile.device });
    Ok(())
}
