//! People of the council, their groups and the bodies they sit on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Date;
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
    /// Telephone number for text messages, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether the member has asked in writing for convocations on paper (CGCT L2121-10): then
    /// nothing else makes them done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_paper: bool,
    /// Function in the assembly, "Maire", "Adjointe aux finances".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// Political groups of the person; notes may be shared with each.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// Whom the member was elected by: a commune in an intercommunal council, a canton. Tells people
    /// of one name apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constituency: Option<String>,
    /// Whether the person sits or only receives copies.
    #[serde(default, skip_serializing_if = "Seat::is_member")]
    pub seat: Seat,
    /// First day of the mandate, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate_from: Option<Date>,
    /// The day the person left the council. The server then accepts none of their devices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Date>,
}

/// Whether a person sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Seat {
    /// Sits, and so counts for the quorum and votes, when an official.
    #[default]
    Member,
    /// Receives copies of convocations and notes, and has no vote (CGCT L5211-40-2).
    Copies,
}

impl Seat {
    /// Whether the person sits.
    #[must_use]
    pub const fn is_member(&self) -> bool {
        matches!(self, Self::Member)
    }
}

impl Member {
    /// Somebody of whom no more is known.
    #[must_use]
    pub fn new(id: MemberId, first_name: &str, last_name: &str, role: Role) -> Self {
        Self {
            id,
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            role,
            email: None,
            phone: None,
            on_paper: false,
            function: None,
            groups: Vec::new(),
            constituency: None,
            seat: Seat::Member,
            mandate_from: None,
            left: None,
        }
    }

    /// Whether the person is a member in office: counts for the quorum, votes, bears a proxy.
    #[must_use]
    pub fn in_office(&self) -> bool {
        self.role == Role::Official && self.seat.is_member() && self.left.is_none()
    }

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
    /// Who chairs it: one of its members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chair: Option<MemberId>,
    /// Who may stand in for its members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<Substitute>,
}

/// Somebody who stands in for a member of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Substitute {
    /// Who stands in.
    pub member: MemberId,
    /// For whom; for any member when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands_for: Option<MemberId>,
}

/// What is wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Whoever chairs it does not sit on it.
    #[error("The chair of a body is one of its members.")]
    ChairOutside,
    /// Somebody stands twice among its members and substitutes.
    #[error("Somebody stands twice in this body.")]
    Twice(MemberId),
    /// A substitute stands in for somebody who does not sit on it.
    #[error("A substitute stands in for a member of the body.")]
    SubstituteOfNobody(MemberId),
}

impl Body {
    /// Checks what a body must fulfil.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), BodyError> {
        let mut seen = BTreeSet::new();
        let everyone = self.members.iter().chain(self.substitutes.iter().map(|s| &s.member));
        for member in everyone {
            if !seen.insert(*member) {
                return Err(BodyError::Twice(*member));
            }
        }
        if self.chair.is_some_and(|chair| !self.members.contains(&chair)) {
            return Err(BodyError::ChairOutside);
        }
        let stray = self
            .substitutes
            .iter()
            .find(|s| s.stands_for.is_some_and(|whom| !self.members.contains(&whom)));
        stray.map_or(Ok(()), |s| Err(BodyError::SubstituteOfNobody(s.member)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u8) -> MemberId {
        MemberId::from_bytes([n; 16])
    }

    #[test]
    fn a_record_of_before_is_still_read_and_written_as_it_was() {
        let json = r#"{"id":"01010101-0101-0101-0101-010101010101","first_name":"Inès","last_name":"Baudry","role":"official","groups":[]}"#;
        let member: Member = serde_json::from_str(json).unwrap();
        assert_eq!(member, Member::new(person(1), "Inès", "Baudry", Role::Official));
        assert_eq!(serde_json::to_string(&member).unwrap(), json);
        let json = r#"{"id":"01010101-0101-0101-0101-010101010101","name":"Finances","kind":"committee","members":[]}"#;
        let body: Body = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&body).unwrap(), json);
    }

    #[test]
    fn only_officials_who_sit_and_have_not_left_are_in_office() {
        let sits = Member::new(person(1), "Inès", "Baudry", Role::Official);
        let clerk = Member { role: Role::Clerk, ..sits.clone() };
        let copies = Member { seat: Seat::Copies, ..sits.clone() };
        let left = Member { left: Some(jiff::civil::date(2026, 9, 28)), ..sits.clone() };
        let in_office = [sits, clerk, copies, left].map(|member| member.in_office());
        assert_eq!(in_office, [true, false, false, false]);
    }

    #[test]
    fn a_body_is_chaired_by_a_member_and_names_everyone_once() {
        let body = Body {
            id: BodyId::from_bytes([9; 16]),
            name: "Finances".to_owned(),
            kind: BodyKind::Committee,
            members: vec![person(1), person(2)],
            chair: Some(person(1)),
            substitutes: vec![Substitute { member: person(3), stands_for: Some(person(2)) }],
        };
        assert_eq!(body.check(), Ok(()));
        let outside = Body { chair: Some(person(3)), ..body.clone() };
        assert_eq!(outside.check(), Err(BodyError::ChairOutside));
        let twice = Body { members: vec![person(1), person(3)], ..body.clone() };
        assert_eq!(twice.check(), Err(BodyError::Twice(person(3))));
        let stray = Body { members: vec![person(1)], ..body };
        assert_eq!(stray.check(), Err(BodyError::SubstituteOfNobody(person(3))));
    }
}
