//! What an entry of the log asks of the post, and the lines of the queue that come of it: the same
//! whichever database keeps the two.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{
    Channel, Convocation, ConvocationId, Happening, MemberId, Message, Statement, Timestamp,
};

use super::{About, End};
use crate::log::record_of;

/// What an entry asks of the post.
#[derive(Debug)]
pub(in crate::log) enum Asked {
    /// To convene: what waits of the sitting's former convocation is no longer sent.
    Convene(Box<Convocation>),
    /// To remind one member of a convocation.
    Remind(ConvocationId, Reminder),
    /// To carry a copy of a message.
    Tell(Box<Message>),
}

impl Asked {
    /// Reads an entry of this kind; none when there is nothing to carry.
    pub(in crate::log) fn of(kind: &str, payload: &[u8]) -> Option<Self> {
        if kind != "receipt" {
            return convocation(payload).map(Self::Convene);
        }
        match Statement::from_json(payload).ok()? {
            Statement::Receipt(receipt) => match receipt.happening {
                Happening::Reminded { nth } => {
                    let reminder = Reminder { member: receipt.member, nth, at: receipt.at };
                    Some(Self::Remind(receipt.convocation, reminder))
                }
                Happening::Dispatched { .. }
                | Happening::Failed { .. }
                | Happening::Delivered
                | Happening::Opened
                | Happening::Answered { .. }
                | Happening::Borne { .. } => None,
            },
            Statement::Message(message) => Some(Self::Tell(message)),
            Statement::MessageReceipt(_) => None,
        }
    }
}

/// The convocation in a record's payload.
pub(in crate::log) fn convocation(payload: &[u8]) -> Option<Box<Convocation>> {
    record_of(payload).ok()?.into_convocation()
}

/// One message to one person by one way, as it enters the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::log) struct Line<'a> {
    /// What it carries, in the column's word.
    pub(in crate::log) about: &'static str,
    /// The sitting; for a message its own identifier.
    pub(in crate::log) sitting: [u8; 16],
    /// The convocation, or the message.
    pub(in crate::log) subject: [u8; 16],
    pub(in crate::log) member: MemberId,
    pub(in crate::log) channel: Channel,
    /// 0 for the convocation or message itself, then the number of the reminder.
    pub(in crate::log) reminder: u32,
    pub(in crate::log) address: &'a str,
    /// When it was written, by its author's clock.
    pub(in crate::log) made: Timestamp,
}

/// A reminder to one member: its number, and when it was asked for.
#[derive(Debug, Clone, Copy)]
pub(in crate::log) struct Reminder {
    pub(in crate::log) member: MemberId,
    pub(in crate::log) nth: u32,
    pub(in crate::log) at: Timestamp,
}

/// The lines of a convocation, or of a reminder to one member: by e-mail, and by text message where
/// there is no address.
pub(in crate::log) fn of_convocation(
    convocation: &Convocation,
    reminder: Option<Reminder>,
) -> Vec<Line<'_>> {
    let meant = convocation
        .recipients
        .iter()
        .filter(move |recipient| reminder.is_none_or(|only| only.member == recipient.member));
    let lines = meant.filter_map(move |recipient| {
        let (channel, address) = match (&recipient.email, &recipient.phone) {
            (Some(email), _) => (Channel::Email, email),
            (None, Some(phone)) => (Channel::Sms, phone),
            (None, None) => return None,
        };
        Some(Line {
            about: "convocation",
            sitting: convocation.sitting.to_bytes(),
            subject: convocation.id.to_bytes(),
            member: recipient.member,
            channel,
            reminder: reminder.map_or(0, |reminder| reminder.nth),
            address,
            made: reminder.map_or(convocation.made, |reminder| reminder.at),
        })
    });
    lines.collect()
}

/// The lines of a copy of a message: by e-mail, by text message where there is no address or it
/// presses.
pub(in crate::log) fn of_message(message: &Message) -> Vec<Line<'_>> {
    let recipient = &message.recipient;
    let email = recipient.email.as_ref().map(|email| (Channel::Email, email));
    let phone = recipient.phone.as_ref().map(|phone| (Channel::Sms, phone));
    let phone = phone.filter(|_| email.is_none() || message.pressing);
    let lines = email.into_iter().chain(phone).map(|(channel, address)| Line {
        about: MESSAGE,
        sitting: message.message.to_bytes(),
        subject: message.message.to_bytes(),
        member: recipient.member,
        channel,
        reminder: 0,
        address,
        made: message.made,
    });
    lines.collect()
}

/// The column's word for a message.
pub(in crate::log) const MESSAGE: &str = "message";

/// The column's word for a way.
pub(in crate::log) const fn word(channel: Channel) -> &'static str {
    match channel {
        Channel::App => "app",
        Channel::Email => "email",
        Channel::Sms => "sms",
        Channel::Paper => "paper",
    }
}

/// The way of a column's word; the queue knows two.
pub(in crate::log) fn channel(word: &str) -> Channel {
    if word == "sms" { Channel::Sms } else { Channel::Email }
}

/// What the log is told of a message in this state that it is not told of yet.
pub(in crate::log) fn end(state: &str) -> End {
    match state {
        "sent" => End::Sent,
        "failed" => End::Failed,
        // Whatever waits and is to be told of is held.
        _ => End::Held,
    }
}

/// Reads what lines carry; a convocation to five hundred people is read once.
#[derive(Debug, Default)]
pub(in crate::log) struct Carried(BTreeMap<(i64, [u8; 16]), Arc<Convocation>>);

impl Carried {
    /// What a line of this council carries; none when the entry is not what the line says.
    pub(in crate::log) fn about(
        &mut self,
        word: &str,
        key: (i64, [u8; 16]),
        payload: &[u8],
    ) -> Option<About> {
        if word == MESSAGE {
            let Ok(Statement::Message(message)) = Statement::from_json(payload) else {
                return None;
            };
            return Some(About::Message(Arc::from(message)));
        }
        let known = match self.0.get(&key) {
            Some(known) => Arc::clone(known),
            None => {
                let read = Arc::from(convocation(payload)?);
                self.0.insert(key, Arc::clone(&read));
                read
            }
        };
        Some(About::Convocation(known))
    }
}
