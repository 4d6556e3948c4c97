//! The post as the log's database keeps it: what is to be sent, and how far each message has come.

pub(in crate::log) mod sorting;

use std::sync::Arc;

use domain::{
    Channel, Convocation, ConvocationId, CouncilId, MemberId, Message, MessageId, Recipient,
    Sha256, SittingId,
};

use super::Reply;

/// A message on its way.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Its number in the queue.
    pub number: i64,
    /// The council.
    pub council: CouncilId,
    /// What it carries.
    pub about: About,
    /// When that became durable, Unix milliseconds.
    pub sent_ms: i64,
    /// To whom.
    pub member: MemberId,
    /// By which way.
    pub channel: Channel,
    /// E-mail address or telephone number.
    pub address: String,
    /// 0 for the convocation itself, then the number of the reminder.
    pub reminder: u32,
    /// Attempts before this one.
    pub attempts: u32,
    /// When it entered the queue, Unix milliseconds.
    pub queued_ms: i64,
}

/// What is carried to somebody.
#[derive(Debug, Clone)]
pub enum About {
    /// A convocation, or the reminder of one.
    Convocation(Arc<Convocation>),
    /// A message.
    Message(Arc<Message>),
}

impl About {
    /// The member as they stood when it was written.
    #[must_use]
    pub fn recipient(&self, member: MemberId) -> Option<&Recipient> {
        match self {
            Self::Convocation(convocation) => convocation.recipient(member),
            Self::Message(message) => Some(&message.recipient).filter(|r| r.member == member),
        }
    }
}

/// Names what was carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A convocation of a sitting.
    Convocation(SittingId, ConvocationId),
    /// A message.
    Message(MessageId),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Convocation(_, convocation) => convocation.fmt(f),
            Self::Message(message) => message.fmt(f),
        }
    }
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The next hand has it.
    Sent {
        /// What the next hand answered.
        answer: String,
    },
    /// Not this time.
    Later {
        /// When to try again, Unix milliseconds.
        next_ms: i64,
        /// Why.
        reason: String,
    },
    /// Never by this way.
    Failed {
        /// Why.
        reason: String,
        /// The way and the address to try instead.
        instead: Option<(Channel, String)>,
    },
}

/// What the log is told of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The next hand has it.
    Sent,
    /// Never by this way.
    Failed,
    /// It may have left already, nobody knows: it stays until somebody decides.
    Held,
}

/// What is decided of a message that was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It did not leave: it does now.
    Send,
    /// It left, or is no longer wanted.
    Drop,
}

impl Decision {
    /// Name of the state in which the message stands from then on.
    pub(in crate::log) const fn state(self) -> &'static str {
        match self {
            Self::Send => "waiting",
            Self::Drop => "dropped",
        }
    }
}

/// A message whose fate the log does not tell yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its number in the queue.
    pub number: i64,
    /// The council.
    pub council: CouncilId,
    /// What was carried.
    pub about: Subject,
    /// The operation that made it.
    pub op: Sha256,
    /// To whom.
    pub member: MemberId,
    /// By which way.
    pub channel: Channel,
    /// Where to.
    pub address: String,
    /// 0 for the convocation itself, then the number of the reminder.
    pub reminder: u32,
    /// What became of it.
    pub end: End,
    /// What the next hand answered; empty for what is held.
    pub answer: String,
    /// When, Unix milliseconds.
    pub at_ms: i64,
}

/// The queue of messages. Each method is one transaction.
pub trait Post: Send + Sync + 'static {
    /// Whether this process carries the post now; of several on one log, one does.
    fn is_ours(&self) -> Reply<'_, bool>;

    /// Looks through what the log has got since the last time and queues what is to be sent; answers
    /// how many messages were added. A convocation that another one replaces is no longer sent.
    fn gather(&self, now_ms: i64) -> Reply<'_, u64>;

    /// Messages that are due, oldest first.
    fn due(&self, now_ms: i64, limit: u32) -> Reply<'_, Vec<Outgoing>>;

    /// When the next message is due, Unix milliseconds.
    fn next_due(&self) -> Reply<'_, Option<i64>>;

    /// Records that a message is about to leave; durable when it returns.
    fn leaving(&self, number: i64) -> Reply<'_, ()>;

    /// Records what became of it; durable when it returns.
    fn left(&self, number: i64, fate: Fate, now_ms: i64) -> Reply<'_, ()>;

    /// Messages whose fate the log does not tell yet.
    fn unwitnessed(&self, limit: u32) -> Reply<'_, Vec<Done>>;

    /// The log tells it now.
    fn witnessed(&self, numbers: Vec<i64>) -> Reply<'_, ()>;

    /// Holds back what was written before this moment and is not known to have left, also what the
    /// log brings later: for a log that was brought back to an earlier state. Answers how many
    /// messages of the queue that were.
    fn hold(&self, since_ms: i64) -> Reply<'_, u64>;

    /// What is held, oldest first.
    fn held(&self) -> Reply<'_, Vec<Outgoing>>;

    /// Decides on messages that are held; answers on how many.
    fn decide(&self, numbers: Vec<i64>, decision: Decision, now_ms: i64) -> Reply<'_, u64>;
}
