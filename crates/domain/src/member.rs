//! People of the council, their groups and the bodies they sit on.

use serde::{Deserialize, Serialize};

use crate::ids::{BodyId, GroupId, MemberId};

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Publishes sittings, manages members and invitations.
    Clerk,
    /// Reads the papers, annotates, answers.
    Official,
    /// Reads the papers.
    Guest,
}

/// One person known to the council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The person's identifier.
    pub id: MemberId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// What the person may do.
    pub role: Role,
    /// Where convocations are sent, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Function in the assembly, "Maire", "Adjointe aux finances".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// Political groups of the person; notes may be shared with each.
    #[serde(default)]
    pub groups: Vec<GroupId>,
}

impl Member {
    /// First and last name, as the agenda prints it; an office ("Greffe") has only the one.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}

/// A political group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The group's identifier.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its colour on shared notes, `#rrggbb`.
    pub colour: String,
}

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyKind {
    /// The full assembly.
    Council,
    /// A committee (commission).
    Committee,
    /// The bureau.
    Bureau,
}

/// A body of the council with its own members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The body's identifier.
    pub id: BodyId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: BodyKind,
    /// Who sits on it.
    pub members: Vec<MemberId>,
}
