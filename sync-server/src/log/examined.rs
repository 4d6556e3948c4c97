//! An operation after everything that can be checked without the log: holding an [`Examined`] is
//! the proof that it was.

use domain::message::{self, Message, MessageReceipt};
use domain::{MemberId, Receipt, Record, Sha256, Statement};
use wire::{Audience, DocKey, Kind, Op, ProblemCode, RecordPayload, limits};

use super::Device;

/// What an operation asks of the log.
#[derive(Debug, Clone)]
pub enum Content {
    /// Changes to the author's notes.
    Note,
    /// The author's list of devices, or wrapped keys: neither is read here.
    Keys,
    /// Something that happened to a convocation.
    Receipt(Box<Receipt>),
    /// A member's copy of a message.
    Message(Box<Message>),
    /// Something that happened to such a copy.
    MessageReceipt(Box<MessageReceipt>),
    /// A record of the catalogue, to stand over the version its author saw.
    Record {
        /// The version its author saw; 0 for a new one.
        if_version: u64,
        /// The record.
        record: Box<Record>,
    },
}

/// An operation whose signature, size and form were checked against one device.
#[derive(Debug, Clone)]
pub struct Examined {
    op: Op,
    hash: Sha256,
    content: Result<Content, ProblemCode>,
}

impl Examined {
    /// Checks an operation that came over a session of `device`. Costs about one Ed25519
    /// verification: call it off the asynchronous threads.
    #[must_use]
    pub fn examine(op: Op, device: &Device) -> Self {
        let content = examine(&op, device);
        let hash = op.hash();
        Self { op, hash, content }
    }

    /// The operation.
    #[must_use]
    pub fn op(&self) -> &Op {
        &self.op
    }

    /// Its name: equal hashes are the same operation.
    #[must_use]
    pub fn hash(&self) -> Sha256 {
        self.hash
    }

    /// What it asks for, or why it can never be accepted.
    ///
    /// # Errors
    /// The refusal to answer.
    pub fn content(&self) -> Result<&Content, ProblemCode> {
        self.content.as_ref().map_err(|code| *code)
    }
}

fn examine(op: &Op, device: &Device) -> Result<Content, ProblemCode> {
    let header = &op.header;
    if op.payload.len() > limits::OP_PAYLOAD {
        return Err(ProblemCode::TooLarge);
    }
    if header.device != device.id || header.council != device.council {
        return Err(ProblemCode::Untrue);
    }
    op.verify(&device.key).map_err(|_| ProblemCode::Untrue)?;
    if header.scope.owner != device.member {
        return Err(ProblemCode::Forbidden);
    }
    match header.kind {
        Kind::Note => match header.scope.audience {
            Audience::Private | Audience::Group(_) | Audience::Council => Ok(Content::Note),
            Audience::Administration | Audience::Person(_) => Err(ProblemCode::Forbidden),
        },
        Kind::Record => examine_record(op, device.member),
        Kind::Receipt => examine_statement(op),
        Kind::Directory => examine_keys(op, limits::DIRECTORY_PAYLOAD, |audience| {
            matches!(audience, Audience::Council)
        }),
        Kind::Keys => examine_keys(op, limits::KEYS_PAYLOAD, |audience| {
            matches!(audience, Audience::Private | Audience::Group(_))
        }),
    }
}

/// What devices say to each other about keys is checked for its size and its place, and not read.
fn examine_keys(
    op: &Op,
    largest: usize,
    is_for: impl FnOnce(Audience) -> bool,
) -> Result<Content, ProblemCode> {
    let header = &op.header;
    if op.payload.len() > largest {
        return Err(ProblemCode::TooLarge);
    }
    if header.epoch != 0 || header.document != DocKey::of_devices(header.scope.owner) {
        return Err(ProblemCode::Malformed);
    }
    if is_for(header.scope.audience) { Ok(Content::Keys) } else { Err(ProblemCode::Forbidden) }
}

fn examine_statement(op: &Op) -> Result<Content, ProblemCode> {
    let header = &op.header;
    if header.epoch != 0 {
        return Err(ProblemCode::Malformed);
    }
    let statement = Statement::from_json(&op.payload).map_err(|_| ProblemCode::Malformed)?;
    if header.document != DocKey::of_statement(&statement) {
        return Err(ProblemCode::Malformed);
    }
    if header.scope.audience != Audience::Person(statement.reader()) {
        return Err(ProblemCode::Forbidden);
    }
    match statement {
        Statement::Receipt(receipt) => Ok(Content::Receipt(receipt)),
        Statement::Message(one) => {
            let long = one.subject.chars().count() > message::SUBJECT
                || one.text.chars().count() > message::TEXT;
            if long { Err(ProblemCode::TooLarge) } else { Ok(Content::Message(one)) }
        }
        Statement::MessageReceipt(receipt) => Ok(Content::MessageReceipt(receipt)),
    }
}

fn examine_record(op: &Op, author: MemberId) -> Result<Content, ProblemCode> {
    let header = &op.header;
    debug_assert_eq!(header.scope.owner, author);
    if header.epoch != 0 {
        return Err(ProblemCode::Malformed);
    }
    let payload: RecordPayload = wire::decode(&op.payload).map_err(|_| ProblemCode::Malformed)?;
    let record = Record::from_json(&payload.record).map_err(|_| ProblemCode::Malformed)?;
    if header.document != DocKey::of_record(record.id().into_bytes()) {
        return Err(ProblemCode::Malformed);
    }
    if let Record::Convocation(convocation) = &record
        && DocKey::of_convocation(convocation.sitting, convocation.number).0
            != convocation.id.to_bytes()
    {
        return Err(ProblemCode::Malformed);
    }
    if let Record::Council(council) = &record
        && council.id != header.council
    {
        return Err(ProblemCode::Forbidden);
    }
    let audience =
        if record.is_restricted_to_clerks() { Audience::Administration } else { Audience::Council };
    if header.scope.audience != audience {
        return Err(ProblemCode::Forbidden);
    }
    Ok(Content::Record { if_version: payload.if_version, record: Box::new(record) })
}
