//! What happened at a council's doors and by whom, for its clerks to read.
//!
//! A line is written in the transaction of the deed itself, by the log: no handler can forget it, and no
//! deed stands without its line. It holds no code, key, token, address or text, only who, what and when.
//! The tables refuse to rewrite a line, and to forget one that is younger than a year.

use domain::{Act, CouncilId, DeviceId, MemberId, Record, Role};

use super::sqlite::columns::role_text;
use super::{Log, LogError};

/// How long a line is kept at least, in milliseconds: a year.
pub const KEPT_MS: i64 = 365 * 24 * 3_600_000;
/// A device that comes back after so long has logged in anew; the sessions that follow each other
/// every quarter of an hour are not written down.
pub const ANEW_MS: i64 = 24 * 3_600_000;

/// Lines read at once.
const PAGE: u32 = 1_000;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The council was founded; subject: its first clerk.
    Founded,
    /// A member was invited; subject: the member.
    Invited,
    /// A device came in; subject: the device; detail: its name.
    Enrolled,
    /// A device logged in for the first time or after a day; subject: none.
    LoggedIn,
    /// A device was shut out; subject: the device; detail: its name.
    DeviceRevoked,
    /// A device was shut out and shall be emptied; subject: the device; detail: its name.
    WipeOrdered,
    /// A device that was to be emptied says that it is; subject: the device; detail: its name.
    Emptied,
    /// A person was shut out with all devices; subject: the member.
    MemberRevoked,
    /// A device sent two operations under one number and writes no more; subject: the device.
    Quarantined,
    /// A person joined the council; subject: the member; detail: the role.
    Joined,
    /// A person has another role; subject: the member; detail: the role.
    RoleChanged,
    /// A person's record says that they have left; subject: the member.
    Left,
    /// The council's own settings were changed.
    CouncilChanged,
    /// A sitting was published or changed for everybody; subject: the sitting.
    Published,
    /// A convocation left; subject: the sitting; detail: its number.
    Convened,
    /// A sitting was called off; subject: the sitting; detail: number of the convocation.
    CalledOff,
    /// The operator wrote everything into a backup.
    BackedUp,
    /// Drafting software was let in; detail: names of the account and its connection.
    AccountOpened,
    /// Drafting software has another password or name; detail: as above.
    AccountChanged,
    /// Drafting software was shut out; detail: as above.
    AccountClosed,
}

impl Done {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Founded,
        Self::Invited,
        Self::Enrolled,
        Self::LoggedIn,
        Self::DeviceRevoked,
        Self::WipeOrdered,
        Self::Emptied,
        Self::MemberRevoked,
        Self::Quarantined,
        Self::Joined,
        Self::RoleChanged,
        Self::Left,
        Self::CouncilChanged,
        Self::Published,
        Self::Convened,
        Self::CalledOff,
        Self::BackedUp,
        Self::AccountOpened,
        Self::AccountChanged,
        Self::AccountClosed,
    ];

    /// The word that is stored and sent.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Founded => "founded",
            Self::Invited => "invited",
            Self::Enrolled => "enrolled",
            Self::LoggedIn => "logged-in",
            Self::DeviceRevoked => "device-revoked",
            Self::WipeOrdered => "wipe-ordered",
            Self::Emptied => "emptied",
            Self::MemberRevoked => "member-revoked",
            Self::Quarantined => "quarantined",
            Self::Joined => "joined",
            Self::RoleChanged => "role-changed",
            Self::Left => "left",
            Self::CouncilChanged => "council-changed",
            Self::Published => "published",
            Self::Convened => "convened",
            Self::CalledOff => "called-off",
            Self::BackedUp => "backed-up",
            Self::AccountOpened => "account-opened",
            Self::AccountChanged => "account-changed",
            Self::AccountClosed => "account-closed",
        }
    }
}

/// By whom something was done, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// The device; none for the operator and the server itself.
    pub device: Option<DeviceId>,
    /// When, Unix milliseconds.
    pub at_ms: i64,
}

impl By {
    /// By a device.
    #[must_use]
    pub const fn device(device: DeviceId, at_ms: i64) -> Self {
        Self { device: Some(device), at_ms }
    }

    /// By whoever runs the server, or by the server itself.
    #[must_use]
    pub const fn operator(at_ms: i64) -> Self {
        Self { device: None, at_ms }
    }
}

/// A line to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What.
    pub done: Done,
    /// What it was done to.
    pub subject: Option<[u8; 16]>,
    /// A role, a name, a number; may be empty.
    pub detail: String,
}

impl Deed {
    /// Something done to somebody or something.
    #[must_use]
    pub const fn to(done: Done, subject: [u8; 16]) -> Self {
        Self { done, subject: Some(subject), detail: String::new() }
    }

    /// Something done as such.
    #[must_use]
    pub const fn of(done: Done) -> Self {
        Self { done, subject: None, detail: String::new() }
    }

    /// The same with a detail.
    #[must_use]
    pub fn with(self, detail: &str) -> Self {
        Self { detail: detail.to_owned(), ..self }
    }
}

/// A line as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number; later lines have higher ones.
    pub number: u64,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// What was done: the word of a [`Done`], or of one that a later server knows.
    pub done: String,
    /// The device that did it; none for the operator and the server.
    pub device: Option<DeviceId>,
    /// That device's member.
    pub member: Option<MemberId>,
    /// What it was done to.
    pub subject: Option<[u8; 16]>,
    /// A role, a name, a number; may be empty.
    pub detail: String,
}

/// All lines of a council, the last first.
///
/// # Errors
/// As [`Log::audit`].
pub async fn all(log: &dyn Log, council: CouncilId) -> Result<Vec<Line>, LogError> {
    let mut all = Vec::new();
    loop {
        let before = all.last().map(|line: &Line| line.number);
        let page = log.audit(council, before, PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// What an accepted record did, if it is worth a line. `before` is the role that its member had.
pub(crate) fn of_record(record: &Record, before: Option<Role>) -> Option<Deed> {
    match record {
        Record::Member(member) => {
            let subject = member.id.to_bytes();
            let role = role_text(member.role);
            match (member.left, before) {
                (Some(_), _) => Some(Deed::to(Done::Left, subject)),
                (None, None) => Some(Deed::to(Done::Joined, subject).with(role)),
                (None, Some(before)) if before == member.role => None,
                (None, Some(_)) => Some(Deed::to(Done::RoleChanged, subject).with(role)),
            }
        }
        Record::Council(_) => Some(Deed::of(Done::CouncilChanged)),
        Record::Sitting(sitting) if !record.is_restricted_to_clerks() => {
            Some(Deed::to(Done::Published, sitting.id.to_bytes()))
        }
        Record::Convocation(convocation) => {
            let done = match convocation.act {
                Act::Convene => Done::Convened,
                Act::Cancel => Done::CalledOff,
            };
            let number = convocation.number.to_string();
            Some(Deed::to(done, convocation.sitting.to_bytes()).with(&number))
        }
        Record::Sitting(_) | Record::Group(_) | Record::Body(_) | Record::Device(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_deed_has_a_word_of_its_own() {
        let words: BTreeSet<&str> = Done::ALL.iter().map(|done| done.word()).collect();
        assert_eq!(words.len(), Done::ALL.len());
    }

    #[test]
    fn a_member_joins_changes_role_and_leaves() {
        let id = MemberId::from_bytes([1; 16]);
        let member = domain::Member::new(id, "Inès", "Berger", Role::Clerk);
        let done = |member: &domain::Member, before| {
            of_record(&Record::Member(member.clone()), before).map(|deed| (deed.done, deed.detail))
        };
        assert_eq!(done(&member, None), Some((Done::Joined, "clerk".to_owned())));
        assert_eq!(done(&member, Some(Role::Clerk)), None, "another telephone number");
        let changed = Some((Done::RoleChanged, "clerk".to_owned()));
        assert_eq!(done(&member, Some(Role::Official)), changed);
    }
}
