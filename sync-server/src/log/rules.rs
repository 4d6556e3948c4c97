//! Who may write and read what, as plain functions that every log uses.

use std::collections::BTreeSet;

use domain::message::Witness;
use domain::{GroupId, Member, MemberId, Record, Role};
use wire::{Audience, ProblemCode, Scope};

use super::examined::Content;

/// Who writes: a device's member as the log knows it now.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    /// The member.
    pub member: MemberId,
    /// What the member may do.
    pub role: Role,
    /// The member's groups.
    pub groups: &'a BTreeSet<GroupId>,
    /// Whether it is the council's office: the server's own device, founded with the council.
    pub office: bool,
}

impl Writer<'_> {
    /// Whether the writer is a clerk beside the member that a record is about: one is enough for
    /// [`may_replace`], and none need be counted. The office may write in the name of who has left.
    #[must_use]
    pub fn is_a_clerk_beside(self, record: &Record) -> bool {
        let about = record.id().into_bytes();
        self.role == Role::Clerk && !self.office && self.member.to_bytes() != about
    }
}

/// Whether somebody may write this into this scope. That the scope is the writer's own was
/// examined before.
///
/// # Errors
/// The refusal to answer.
pub fn may_write(writer: Writer<'_>, scope: Scope, content: &Content) -> Result<(), ProblemCode> {
    let allowed = match (content, writer.role) {
        // The directory of devices is the office's alone: no clerk lends out somebody's name.
        (Content::Record { record, .. }, role) => match **record {
            Record::Device(_) => writer.office,
            // What other software brings is a draft: whoever wrote it, only a clerk publishes.
            Record::Sitting(_) if writer.office => record.is_restricted_to_clerks(),
            Record::Council(_)
            | Record::Member(_)
            | Record::Group(_)
            | Record::Body(_)
            | Record::Sitting(_)
            | Record::Convocation(_) => role == Role::Clerk,
        },
        (Content::Receipt(receipt), role) => {
            writer.office
                || role == Role::Clerk
                || (role == Role::Official
                    && receipt.member == writer.member
                    && !receipt.is_of_the_office())
        }
        // A message names its author: no clerk writes in another's name.
        (Content::Message(message), role) => role == Role::Clerk && message.author == writer.member,
        (Content::MessageReceipt(receipt), _) => match receipt.witness() {
            Some(Witness::Office) => writer.office,
            Some(Witness::Member) => receipt.member == writer.member && !writer.office,
            None => false,
        },
        // Whoever reads notes has devices. The office never speaks for the devices of the person in
        // whose name it writes.
        (Content::Keys, role) => {
            !writer.office
                && match scope.audience {
                    Audience::Private | Audience::Council => true,
                    Audience::Group(group) => role != Role::Guest && writer.groups.contains(&group),
                    Audience::Administration | Audience::Person(_) => false,
                }
        }
        (Content::Note, Role::Guest) => false,
        (Content::Note, Role::Clerk | Role::Official) => match scope.audience {
            Audience::Private | Audience::Council => true,
            Audience::Group(group) => writer.groups.contains(&group),
            Audience::Administration | Audience::Person(_) => false,
        },
    };
    if allowed { Ok(()) } else { Err(ProblemCode::Forbidden) }
}

/// Whether a device that is shut out, and shall be emptied, may still write this: its member's private
/// notes. Whoever has stolen the device says nothing to anybody else.
///
/// # Errors
/// The refusal to answer.
pub fn may_write_at_last(
    writer: Writer<'_>,
    scope: Scope,
    content: &Content,
) -> Result<(), ProblemCode> {
    match content {
        Content::Note if scope.audience == Audience::Private => may_write(writer, scope, content),
        Content::Note
        | Content::Record { .. }
        | Content::Receipt(_)
        | Content::Message(_)
        | Content::MessageReceipt(_)
        | Content::Keys => Err(ProblemCode::Forbidden),
    }
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
    // What was sent stands: a corrected convocation is another one.
    if standing.version > 0 && matches!(record, Record::Convocation(_)) {
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
            let writer = Writer { member: me, role, groups: &groups, office: false };
            let verdict = may_write(writer, scope, &Content::Note);
            assert_eq!(verdict.is_ok(), expected, "{role:?} {audience:?}");
        }
    }

    #[test]
    fn a_device_that_is_to_be_emptied_may_still_send_private_notes_and_nothing_else() {
        let me = MemberId::from_bytes([1; 16]);
        let mine = GroupId::from_bytes([2; 16]);
        let groups = BTreeSet::from([mine]);
        for (role, audience, content, expected) in [
            (Role::Official, Audience::Private, Content::Note, true),
            (Role::Clerk, Audience::Private, Content::Note, true),
            (Role::Guest, Audience::Private, Content::Note, false),
            (Role::Official, Audience::Group(mine), Content::Note, false),
            (Role::Official, Audience::Council, Content::Note, false),
            (Role::Official, Audience::Private, Content::Keys, false),
            (Role::Official, Audience::Council, Content::Keys, false),
        ] {
            let scope = Scope { owner: me, audience };
            let writer = Writer { member: me, role, groups: &groups, office: false };
            let verdict = may_write_at_last(writer, scope, &content);
            assert_eq!(verdict.is_ok(), expected, "{role:?} {audience:?} {content:?}");
        }
    }

    #[test]
    fn who_may_send_keys_to_whom() {
        let me = MemberId::from_bytes([1; 16]);
        let mine = GroupId::from_bytes([2; 16]);
        let theirs = GroupId::from_bytes([3; 16]);
        let groups = BTreeSet::from([mine]);
        for (role, office, audience, expected) in [
            (Role::Official, false, Audience::Private, true),
            (Role::Official, false, Audience::Council, true),
            (Role::Official, false, Audience::Group(mine), true),
            (Role::Official, false, Audience::Group(theirs), false),
            (Role::Clerk, false, Audience::Group(theirs), false),
            (Role::Guest, false, Audience::Private, true),
            (Role::Guest, false, Audience::Group(mine), false),
            (Role::Clerk, true, Audience::Private, false),
            (Role::Clerk, true, Audience::Council, false),
        ] {
            let scope = Scope { owner: me, audience };
            let writer = Writer { member: me, role, groups: &groups, office };
            let verdict = may_write(writer, scope, &Content::Keys);
            assert_eq!(verdict.is_ok(), expected, "{role:?} {office} {audience:?}");
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
            (Role::Official, other, Audience::Person(me), true),
            (Role::Official, me, Audience::Person(other), true),
            (Role::Official, other, Audience::Person(other), false),
            (Role::Clerk, other, Audience::Person(other), true),
            (Role::Guest, other, Audience::Person(other), false),
        ] {
            let seen = may_see(me, role, &groups, Scope { owner, audience });
            assert_eq!(seen, expected, "{role:?} {audience:?}");
        }
    }

    #[test]
    fn the_office_brings_drafts_and_publishes_nothing() {
        use domain::{Sitting, SittingId, SittingState};
        let me = MemberId::from_bytes([1; 16]);
        let groups = BTreeSet::new();
        for (role, office, state, expected) in [
            (Role::Clerk, true, SittingState::Draft, true),
            (Role::Guest, true, SittingState::Draft, true),
            (Role::Clerk, true, SittingState::Published, false),
            (Role::Clerk, true, SittingState::Convened, false),
            (Role::Clerk, false, SittingState::Published, true),
            (Role::Official, false, SittingState::Draft, false),
        ] {
            let sitting = Sitting { state, ..Sitting::untitled(SittingId::from_bytes([4; 16])) };
            let record = Box::new(Record::Sitting(Box::new(sitting)));
            let content = Content::Record { if_version: 0, record };
            let scope = Scope { owner: me, audience: Audience::Administration };
            let writer = Writer { member: me, role, groups: &groups, office };
            let verdict = may_write(writer, scope, &content);
            assert_eq!(verdict.is_ok(), expected, "{role:?} {office} {state:?}");
        }
    }

    #[test]
    fn who_may_witness_what_happened_to_a_convocation() {
        use domain::{Channel, Happening, Receipt, Timestamp};
        let me = MemberId::from_bytes([1; 16]);
        let other = MemberId::from_bytes([9; 16]);
        let groups = BTreeSet::new();
        let sent = Happening::Dispatched {
            channel: Channel::Email,
            to: None,
            proof: None,
            message: None,
            reminder: false,
        };
        for (role, office, member, happening, expected) in [
            (Role::Official, false, me, Happening::Opened, true),
            (Role::Official, false, other, Happening::Opened, false),
            (Role::Official, false, me, sent.clone(), false),
            (Role::Guest, false, me, Happening::Opened, false),
            (Role::Clerk, false, other, sent.clone(), true),
            (Role::Guest, true, other, sent, true),
        ] {
            let content = Content::Receipt(Box::new(Receipt {
                sitting: domain::SittingId::from_bytes([4; 16]),
                convocation: domain::ConvocationId::from_bytes([5; 16]),
                member,
                happening: happening.clone(),
                at: Timestamp::UNIX_EPOCH,
                after: None,
                previous: domain::Sha256::from_bytes([6; 32]),
            }));
            let scope = Scope { owner: me, audience: Audience::Person(member) };
            let writer = Writer { member: me, role, groups: &groups, office };
            let verdict = may_write(writer, scope, &content);
            assert_eq!(verdict.is_ok(), expected, "{role:?} {office} {happening:?}");
        }
    }
}
