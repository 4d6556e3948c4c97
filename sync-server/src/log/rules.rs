//! Who may write and read what, as plain functions that every log uses.

use std::collections::BTreeSet;

use domain::{GroupId, Member, MemberId, Record, Role};
use wire::{Audience, ProblemCode, Scope};

use super::examined::Content;

/// Whether a member of this role and these groups may write this into this scope. That the scope
/// is the member's own was examined before.
///
/// # Errors
/// The refusal to answer.
pub fn may_write(
    role: Role,
    groups: &BTreeSet<GroupId>,
    scope: Scope,
    content: &Content,
) -> Result<(), ProblemCode> {
    let allowed = match (content, role) {
        (Content::Record { .. }, Role::Clerk) => true,
        (Content::Record { .. }, Role::Official | Role::Guest) | (Content::Note, Role::Guest) => {
            false
        }
        (Content::Note, Role::Clerk | Role::Official) => match scope.audience {
            Audience::Private | Audience::Council => true,
            Audience::Group(group) => groups.contains(&group),
            Audience::Administration => false,
        },
    };
    if allowed { Ok(()) } else { Err(ProblemCode::Forbidden) }
}

/// Whether a member may see an entry of this scope.
#[must_use]
pub fn may_see(member: MemberId, role: Role, groups: &BTreeSet<GroupId>, scope: Scope) -> bool {
    scope.is_seen_by(member, role, groups)
}

/// What a person may do by their record: somebody who has left the council may no more than a guest
/// and belongs to no group.
#[must_use]
pub fn rights(member: &Member) -> (Role, BTreeSet<GroupId>) {
    match member.left {
        None => (member.role, member.groups.iter().copied().collect()),
        Some(_) => (Role::Guest, BTreeSet::new()),
    }
}

/// Where a record stands before it is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its version; 0 when there is none.
    pub version: u64,
    /// Whether everyone has been shown it.
    pub shown: bool,
}

/// Whether a record may replace the one that stands. `other_clerks` counts the clerks beside the
/// member that the record is about.
///
/// # Errors
/// The refusal to answer. A conflict of versions is not one: the caller compares them first.
pub fn may_replace(
    standing: Standing,
    record: &Record,
    other_clerks: u64,
) -> Result<(), ProblemCode> {
    // What officials have on their tablets cannot be made secret again.
    if standing.shown && record.is_restricted_to_clerks() {
        return Err(ProblemCode::Forbidden);
    }
    // A council without a clerk could never be administered again.
    if let Record::Member(member) = record
        && rights(member).0 != Role::Clerk
        && other_clerks == 0
    {
        return Err(ProblemCode::Forbidden);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_write_a_note_where() {
        let me = MemberId::from_bytes([1; 16]);
        let mine = GroupId::from_bytes([2; 16]);
        let theirs = GroupId::from_bytes([3; 16]);
        let groups = BTreeSet::from([mine]);
        for (role, audience, expected) in [
            (Role::Official, Audience::Private, true),
            (Role::Official, Audience::Council, true),
            (Role::Official, Audience::Group(mine), true),
            (Role::Official, Audience::Group(theirs), false),
            (Role::Official, Audience::Administration, false),
            (Role::Clerk, Audience::Private, true),
            (Role::Clerk, Audience::Group(theirs), false),
            (Role::Guest, Audience::Private, false),
            (Role::Guest, Audience::Council, false),
        ] {
            let scope = Scope { owner: me, audience };
            let verdict = may_write(role, &groups, scope, &Content::Note);
            assert_eq!(verdict.is_ok(), expected, "{role:?} {audience:?}");
        }
    }

    #[test]
    fn who_may_see_what() {
        let me = MemberId::from_bytes([1; 16]);
        let other = MemberId::from_bytes([9; 16]);
        let mine = GroupId::from_bytes([2; 16]);
        let theirs = GroupId::from_bytes([3; 16]);
        let groups = BTreeSet::from([mine]);
        for (role, owner, audience, expected) in [
            (Role::Official, me, Audience::Private, true),
            (Role::Official, other, Audience::Private, false),
            (Role::Clerk, other, Audience::Private, false),
            (Role::Official, other, Audience::Group(mine), true),
            (Role::Clerk, other, Audience::Group(theirs), false),
            (Role::Official, me, Audience::Group(theirs), true),
            (Role::Guest, other, Audience::Council, true),
            (Role::Official, other, Audience::Administration, false),
            (Role::Clerk, other, Audience::Administration, true),
        ] {
            let seen = may_see(me, role, &groups, Scope { owner, audience });
            assert_eq!(seen, expected, "{role:?} {audience:?}");
        }
    }
}
