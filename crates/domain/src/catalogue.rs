//! The catalogue: what the clerk's authority publishes, as versioned records.
//!
//! A record is replaced as a whole and only over the version its author had seen (`if_version`); a
//! conflict is shown to a human, never merged.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::convocation::Convocation;
use crate::council::Council;
use crate::device::DeviceCard;
use crate::member::{Body, Group, Member};
use crate::sitting::{Sitting, SittingError, SittingState};

/// The kinds of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entity {
    /// The council itself.
    Council,
    /// A person.
    Member,
    /// A political group.
    Group,
    /// A body of the council.
    Body,
    /// A sitting with its agenda.
    Sitting,
    /// A device in the directory.
    Device,
    /// A convocation.
    Convocation,
}

/// One record of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entity", content = "body", rename_all = "lowercase")]
pub enum Record {
    /// The council itself.
    Council(Council),
    /// A person.
    Member(Member),
    /// A political group.
    Group(Group),
    /// A body of the council.
    Body(Body),
    /// A sitting with its agenda.
    Sitting(Box<Sitting>),
    /// A device in the directory; written by the council's office alone.
    Device(DeviceCard),
    /// A convocation; written once and never changed.
    Convocation(Box<Convocation>),
}

/// Why a record is refused.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The bytes are not a record.
    #[error("This record cannot be read: {0}.")]
    Unreadable(#[from] serde_json::Error),
    /// The sitting breaks a rule.
    #[error(transparent)]
    Sitting(#[from] SittingError),
}

impl Record {
    /// The convocation that this is; none when it is another kind of record.
    #[must_use]
    pub fn into_convocation(self) -> Option<Box<Convocation>> {
        match self {
            Self::Convocation(convocation) => Some(convocation),
            Self::Council(_)
            | Self::Member(_)
            | Self::Group(_)
            | Self::Body(_)
            | Self::Sitting(_)
            | Self::Device(_) => None,
        }
    }

    /// Which kind of record this is.
    #[must_use]
    pub const fn entity(&self) -> Entity {
        match self {
            Self::Council(_) => Entity::Council,
            Self::Member(_) => Entity::Member,
            Self::Group(_) => Entity::Group,
            Self::Body(_) => Entity::Body,
            Self::Sitting(_) => Entity::Sitting,
            Self::Device(_) => Entity::Device,
            Self::Convocation(_) => Entity::Convocation,
        }
    }

    /// The identifier, unique within the entity.
    #[must_use]
    pub fn id(&self) -> Uuid {
        Uuid::from_bytes(match self {
            Self::Council(council) => council.id.to_bytes(),
            Self::Member(member) => member.id.to_bytes(),
            Self::Group(group) => group.id.to_bytes(),
            Self::Body(body) => body.id.to_bytes(),
            Self::Sitting(sitting) => sitting.id.to_bytes(),
            Self::Device(card) => card.id.to_bytes(),
            Self::Convocation(convocation) => convocation.id.to_bytes(),
        })
    }

    /// Whether clerks alone may see it (a draft sitting).
    #[must_use]
    pub fn is_restricted_to_clerks(&self) -> bool {
        matches!(self, Self::Sitting(sitting) if sitting.state == SittingState::Draft)
    }

    /// The record as JSON bytes, the form in which it is signed and stored.
    ///
    /// # Errors
    /// Never for records built from these types; kept as a value rather than a panic.
    pub fn to_json(&self) -> Result<Vec<u8>, RecordError> {
        Ok(serde_json::to_vec(self)?)
    }

    /// Reads a record and checks its rules.
    ///
    /// # Errors
    /// The bytes are no record, or the record breaks a rule.
    pub fn from_json(bytes: &[u8]) -> Result<Self, RecordError> {
        let record: Self = serde_json::from_slice(bytes)?;
        if let Self::Sitting(sitting) = &record {
            sitting.check()?;
        }
        Ok(record)
    }
}
