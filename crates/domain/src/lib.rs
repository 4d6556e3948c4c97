//! The council as plain values: bodies, members, sittings, agenda and papers, and the rules that
//! hold between them.
//!
//! Pure: no IO, no clock, no randomness. Times and random bytes are arguments, so that a rule can
//! be tested for any day. Builds for wasm32: the frontend reads the same types as the server.
//!
//! French legal terms and their names here are mapped in `docs/glossary.md`.

pub mod agenda;
pub mod agenda_list;
pub mod ark;
pub mod calendar;
pub mod catalogue;
pub mod changes;
pub mod convocation;
pub mod council;
pub mod device;
pub mod digest;
pub mod ids;
pub mod law;
pub mod letter;
pub mod member;
pub mod message;
pub mod proceedings;
pub mod sitting;

pub use agenda::{AgendaItem, Document, DocumentRole, DocumentVersion};
pub use agenda_list::Listed;
pub use ark::{Ark, ArkError};
pub use catalogue::{Entity, Record, RecordError};
pub use changes::{Change, Changed, Stake};
pub use convocation::{
    Act, AgendaLine, Answer, Channel, Convocation, Correction, Happening, PaperLine, Receipt,
    Recipient, Ruling,
};
pub use council::{Council, CouncilKind, LawChoices, StampAuthority};
pub use device::{DeviceCard, PublicKey, PublicKeyError};
pub use digest::{Sha256, Sha256Error};
pub use ids::{
    BodyId, ConvocationId, CouncilId, DeviceId, DocumentId, GroupId, ItemId, MemberId, MessageId,
    SittingId,
};
pub use letter::{Letter, LetterError, LetterItem, Letterhead};
pub use member::{Body, BodyError, BodyKind, Group, Member, Role, Seat, Substitute};
pub use message::{Heard, Message, MessageCopy, MessageReceipt, Statement};
pub use proceedings::{Answered, Proceedings, Reached, Sent, Track, Witnessed};
pub use sitting::{
    Attendance, Brought, Cancellation, Invitee, PacketEntry, Sitting, SittingError, SittingState,
};

/// An instant, RFC 3339 in JSON.
pub type Timestamp = jiff::Timestamp;

/// A day of the calendar, `YYYY-MM-DD` in JSON.
pub type Date = jiff::civil::Date;
