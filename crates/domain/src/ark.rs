//! What a new server must be given when the old one is lost with every backup: which council it was,
//! who its members are, and the public keys of their devices. A tablet holds all of it. With it those
//! devices are let in as before, and bring back the rest themselves.
//!
//! There is no secret in it, but names and addresses of people; and whoever writes it says who is a
//! clerk, so the operator takes it from the clerk's own hand.

use serde::{Deserialize, Serialize};

use crate::{Council, DeviceCard, Member, Role};

/// The form that this version writes.
const FORM: u32 = 1;

/// A council's people and their devices' keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ark {
    form: u32,
    /// The council.
    pub council: Council,
    /// Its members, also those who have left.
    pub members: Vec<Member>,
    /// The members' devices; not the server's own.
    pub devices: Vec<DeviceCard>,
}

/// Why a file is no ark.
#[derive(Debug, thiserror::Error)]
pub enum ArkError {
    /// It is no JSON of this form.
    #[error("this is no file of `pupitre-cli ark`: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A later version wrote it.
    #[error("a newer version of Pupitre wrote this file")]
    Newer,
    /// Nobody could administer the council.
    #[error("no clerk is named in it")]
    NoClerk,
}

impl Ark {
    /// An ark of what a tablet knows.
    #[must_use]
    pub const fn new(council: Council, members: Vec<Member>, devices: Vec<DeviceCard>) -> Self {
        Self { form: FORM, council, members, devices }
    }

    /// JSON for people and programs.
    ///
    /// # Errors
    /// Never in practice.
    pub fn to_json(&self) -> Result<Vec<u8>, ArkError> {
        Ok(serde_json::to_vec_pretty(self)?)
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`ArkError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, ArkError> {
        let ark: Self = serde_json::from_slice(bytes)?;
        if ark.form > FORM {
            return Err(ArkError::Newer);
        }
        ark.clerk().ok_or(ArkError::NoClerk)?;
        Ok(ark)
    }

    /// The clerk in whose name a server founds the council again: the first that has not left.
    #[must_use]
    pub fn clerk(&self) -> Option<&Member> {
        let clerks = self.members.iter().filter(|m| m.role == Role::Clerk && m.left.is_none());
        clerks.min_by_key(|member| member.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CouncilId, CouncilKind, MemberId};

    fn ark(role: Role) -> Ark {
        let council = Council {
            id: CouncilId::from_bytes([1; 16]),
            name: "Valbrune".to_owned(),
            kind: CouncilKind::Commune,
            population: 9_000,
            zone: "Europe/Paris".to_owned(),
            local_law: None,
            letterhead: None,
            law: Default::default(),
            stamp: None,
        };
        let member = Member::new(MemberId::from_bytes([2; 16]), "Aline", "Roy", role);
        Ark::new(council, vec![member], Vec::new())
    }

    #[test]
    fn it_survives_its_json_and_names_a_clerk() {
        let whole = ark(Role::Clerk);
        assert_eq!(Ark::from_json(&whole.to_json().unwrap()).unwrap(), whole);
        let without = ark(Role::Official).to_json().unwrap();
        assert!(matches!(Ark::from_json(&without), Err(ArkError::NoClerk)));
        let newer = Ark { form: FORM + 1, ..whole }.to_json().unwrap();
        assert!(matches!(Ark::from_json(&newer), Err(ArkError::Newer)));
        assert!(matches!(Ark::from_json(b"{}"), Err(ArkError::Unreadable(_))));
    }
}
