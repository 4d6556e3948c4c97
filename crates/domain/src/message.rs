//! Messages of the council's office to members: a change of room, a weather alert.
//!
//! Every recipient has a copy of their own, signed by the clerk's device, that only they and the
//! clerks can read. What happens to a copy are receipts, as with a convocation: each signed by the
//! device that saw it and chained to what that device signed before. A message asks for no answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::convocation::{Channel, Happening, Receipt, Recipient};
use crate::digest::Sha256;
use crate::ids::{DeviceId, MemberId, MessageId};
use crate::proceedings::{Reached, Track};

/// Longest subject, in characters: what a line of a letter should hold (RFC 5322, 2.1.1).
pub const SUBJECT: usize = 78;
/// Longest text, in characters: about a typed page. More than that is a paper.
pub const TEXT: usize = 2_000;

/// One recipient's copy of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The message; all copies share it.
    pub message: MessageId,
    /// How the author named the recipients, "Finances" or "Inès Baudry".
    pub to: String,
    /// How many copies there are.
    pub copies: u32,
    /// Who sent it.
    pub author: MemberId,
    /// The author's name.
    pub author_name: String,
    /// When, by the author's clock.
    pub made: Timestamp,
    /// The council's name.
    pub council: String,
    /// What it is about, at most [`SUBJECT`] characters.
    pub subject: String,
    /// What it says, at most [`TEXT`] characters.
    pub text: String,
    /// Whether it goes out as a text message at once, beside the other ways.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pressing: bool,
    /// Whose copy this is.
    pub recipient: Recipient,
}

/// One thing that happened to a copy of a message, as the device that saw it signs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageReceipt {
    /// The message.
    pub message: MessageId,
    /// Whose copy.
    pub member: MemberId,
    /// What happened: never an answer, a proxy or a reminder.
    pub happening: Happening,
    /// When, by the device's clock.
    pub at: Timestamp,
    /// The last server time this device had seen: it happened after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Timestamp>,
    /// Hash of the operation it is chained to: this device's receipt before on this copy, or the
    /// copy.
    pub previous: Sha256,
}

impl MessageReceipt {
    /// Whether this can happen to a message, and whether only the office can witness it.
    #[must_use]
    pub const fn witness(&self) -> Option<Witness> {
        match self.happening {
            Happening::Dispatched { .. } | Happening::Failed { .. } => Some(Witness::Office),
            Happening::Delivered | Happening::Opened => Some(Witness::Member),
            Happening::Reminded { .. } | Happening::Answered { .. } | Happening::Borne { .. } => {
                None
            }
        }
    }
}

/// Who can witness something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// The council's office, which sends.
    Office,
    /// The member whose copy it is.
    Member,
}

/// What an operation of the kind "receipt" says. The forms are told apart by their fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Statement {
    /// Something happened to a convocation.
    Receipt(Box<Receipt>),
    /// A message is sent.
    Message(Box<Message>),
    /// Something happened to a message.
    MessageReceipt(Box<MessageReceipt>),
}

impl Statement {
    /// The bytes that are signed and stored.
    ///
    /// # Errors
    /// Never for values built from these types.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// Reads what was signed.
    ///
    /// # Errors
    /// The bytes are no statement.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// The person who may read it beside its author and the clerks.
    #[must_use]
    pub fn reader(&self) -> MemberId {
        match self {
            Self::Receipt(receipt) => receipt.reader(),
            Self::Message(message) => message.recipient.member,
            Self::MessageReceipt(receipt) => receipt.member,
        }
    }
}

/// A receipt with what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// What happened.
    pub receipt: MessageReceipt,
    /// Its operation.
    pub op: Sha256,
    /// The device that signed it.
    pub device: DeviceId,
}

/// A copy in the log, with everything that happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageCopy {
    /// What was sent.
    pub message: Message,
    /// Its operation.
    pub op: Sha256,
    /// The server's clock when it became durable; none as long as it waits on the clerk's tablet.
    pub received: Option<Timestamp>,
    /// Every receipt, in the order of the log, then those that wait here.
    pub heard: Vec<Heard>,
}

impl MessageCopy {
    /// How far it has come by each way; a way on which nothing has happened yet has no line.
    #[must_use]
    pub fn tracks(&self) -> Vec<Track> {
        let Recipient { member, channels, .. } = &self.message.recipient;
        let mut tracks = BTreeMap::new();
        if let Some(at) = self.received.filter(|_| channels.contains(&Channel::App)) {
            let (member, channel) = (*member, Channel::App);
            let track = Track { member, channel, state: Reached::Dispatched, at };
            tracks.insert((member, channel), track);
        }
        for heard in &self.heard {
            Track::follow(&mut tracks, *member, &heard.receipt.happening, heard.receipt.at);
        }
        tracks.into_values().collect()
    }

    /// Whether this has happened to it already.
    #[must_use]
    pub fn has_happened(&self, happening: &Happening) -> bool {
        self.heard.iter().any(|heard| heard.receipt.happening == *happening)
    }

    /// What a device chains its next receipt to.
    #[must_use]
    pub fn chain_end(&self, device: DeviceId) -> Sha256 {
        let own = self.heard.iter().rev().find(|heard| heard.device == device);
        own.map_or(self.op, |heard| heard.op)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy() -> MessageCopy {
        let member = MemberId::from_bytes([1; 16]);
        let message = Message {
            message: MessageId::from_bytes([7; 16]),
            to: "Finances".to_owned(),
            copies: 1,
            author: MemberId::from_bytes([2; 16]),
            author_name: "Greffe".to_owned(),
            made: Timestamp::UNIX_EPOCH,
            council: "Valbrune".to_owned(),
            subject: "Salle".to_owned(),
            text: "Gymnase".to_owned(),
            pressing: false,
            recipient: Recipient {
                member,
                name: "Inès Baudry".to_owned(),
                channels: vec![Channel::App, Channel::Email],
                email: Some("ines@valbrune.example".to_owned()),
                phone: None,
            },
        };
        let op = Sha256::from_bytes([3; 32]);
        MessageCopy { message, op, received: None, heard: Vec::new() }
    }

    fn heard(n: u8, happening: Happening) -> Heard {
        Heard {
            receipt: MessageReceipt {
                message: MessageId::from_bytes([7; 16]),
                member: MemberId::from_bytes([1; 16]),
                happening,
                at: Timestamp::from_second(i64::from(n)).unwrap(),
                after: None,
                previous: Sha256::from_bytes([3; 32]),
            },
            op: Sha256::from_bytes([n; 32]),
            device: DeviceId::from_bytes([9; 16]),
        }
    }

    #[test]
    fn statements_are_told_apart_and_a_receipt_is_written_as_before() {
        let message = Statement::Message(Box::new(copy().message));
        let receipt = heard(4, Happening::Opened).receipt;
        let receipt = Statement::MessageReceipt(Box::new(receipt));
        let json = r#"{"sitting":"01010101-0101-0101-0101-010101010101","convocation":"01010101-0101-0101-0101-010101010101","member":"01010101-0101-0101-0101-010101010101","happening":{"what":"opened"},"at":"1970-01-01T00:00:00Z","previous":"0303030303030303030303030303030303030303030303030303030303030303"}"#;
        let before = Receipt::from_json(json.as_bytes()).unwrap();
        let before = Statement::Receipt(Box::new(before));
        assert_eq!(before.to_json().unwrap(), json.as_bytes());
        for statement in [message, receipt, before] {
            let json = statement.to_json().unwrap();
            assert_eq!(Statement::from_json(&json).unwrap(), statement);
        }
    }

    #[test]
    fn a_copy_shows_the_furthest_it_has_come_by_each_way() {
        let mut copy = copy();
        assert_eq!(copy.tracks(), [], "it waits on the clerk's tablet");
        copy.received = Some(Timestamp::from_second(1).unwrap());
        copy.heard = vec![heard(4, Happening::Opened), heard(5, Happening::Delivered)];
        let states: Vec<_> = copy.tracks().into_iter().map(|t| (t.channel, t.state)).collect();
        assert_eq!(states, [(Channel::App, Reached::Opened)]);
        assert!(copy.has_happened(&Happening::Delivered));
        assert_eq!(copy.chain_end(DeviceId::from_bytes([9; 16])), Sha256::from_bytes([5; 32]));
        assert_eq!(copy.chain_end(DeviceId::from_bytes([8; 16])), copy.op);
    }
}
