//! Identifiers: UUID version 7 behind one type per thing, so that a sitting is never taken for a
//! document.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new identifier (UUID version 7) from the present time in Unix milliseconds and ten
            /// random bytes.
            #[must_use]
            pub fn new(now_ms: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid())
            }

            /// The sixteen bytes as they travel and are stored.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }

            /// The identifier of those sixteen bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(/// One council: the tenant that owns a log.
    CouncilId);
id!(/// One person known to a council: an elected member, a clerk or a guest.
    MemberId);
id!(/// One tablet or computer enrolled by a member.
    DeviceId);
id!(/// A political group, whose members may share notes.
    GroupId);
id!(/// A body of the council: the assembly, a committee, the bureau.
    BodyId);
id!(/// One sitting (séance).
    SittingId);
id!(/// One item of an agenda (point de l'ordre du jour).
    ItemId);
id!(/// One paper, whatever its version.
    DocumentId);
id!(/// One convocation of a sitting; a corrected one is another.
    ConvocationId);
id!(/// One message to members, whoever receives a copy of it.
    MessageId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_survives_text_and_bytes() {
        let id = SittingId::new(1_795_000_000_000, [7; 10]);
        assert_eq!(id.to_string().parse::<SittingId>().unwrap(), id);
        assert_eq!(SittingId::from_bytes(id.to_bytes()), id);
    }

    #[test]
    fn identifiers_made_later_sort_later() {
        assert!(ItemId::new(1_000, [255; 10]) < ItemId::new(1_001, [0; 10]));
    }
}
