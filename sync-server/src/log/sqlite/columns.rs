//! How domain values stand in columns.

use domain::{Entity, GroupId, MemberId, Role};
use rusqlite::Row;
use wire::{Audience, Kind, ProblemCode};

use crate::log::{LogError, Standing};

/// A number for an INTEGER column; nothing real reaches 2^63.
pub(in crate::log) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number from an INTEGER column that is never negative.
pub(in crate::log) fn unsigned(row: &Row<'_>, column: usize) -> Result<u64, rusqlite::Error> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

/// Where an entry lies in the table.
pub(in crate::log) fn place(council_no: i64, seq: u64) -> i64 {
    council_no << 40 | int(seq)
}

/// The sequence number of a place.
pub(in crate::log) fn seq_of(place: i64) -> u64 {
    place.unsigned_abs() & ((1 << 40) - 1)
}

pub(in crate::log) const fn role_text(role: Role) -> &'static str {
    match role {
        Role::Clerk => "clerk",
        Role::Official => "official",
        Role::Guest => "guest",
    }
}

pub(in crate::log) fn role(text: &str) -> Result<Role, LogError> {
    match text {
        "clerk" => Ok(Role::Clerk),
        "official" => Ok(Role::Official),
        "guest" => Ok(Role::Guest),
        _ => Err(unreadable("role")),
    }
}

pub(in crate::log) fn standing(text: &str) -> Result<Standing, LogError> {
    match text {
        "good" => Ok(Standing::Good),
        "quarantined" => Ok(Standing::Quarantined),
        "revoked" => Ok(Standing::Revoked),
        _ => Err(unreadable("standing")),
    }
}

pub(in crate::log) const fn entity_text(entity: Entity) -> &'static str {
    match entity {
        Entity::Council => "council",
        Entity::Member => "member",
        Entity::Group => "group",
        Entity::Body => "body",
        Entity::Sitting => "sitting",
        Entity::Device => "device",
        Entity::Convocation => "convocation",
    }
}

pub(in crate::log) const fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Note => "note",
        Kind::Record => "record",
        Kind::Receipt => "receipt",
        Kind::Directory => "directory",
        Kind::Keys => "keys",
    }
}

pub(in crate::log) fn kind(text: &str) -> Result<Kind, LogError> {
    match text {
        "note" => Ok(Kind::Note),
        "record" => Ok(Kind::Record),
        "receipt" => Ok(Kind::Receipt),
        "directory" => Ok(Kind::Directory),
        "keys" => Ok(Kind::Keys),
        _ => Err(unreadable("kind")),
    }
}

pub(in crate::log) fn audience_columns(audience: Audience) -> (&'static str, Option<[u8; 16]>) {
    match audience {
        Audience::Private => ("private", None),
        Audience::Group(group) => ("group", Some(group.to_bytes())),
        Audience::Council => ("council", None),
        Audience::Administration => ("administration", None),
        Audience::Person(member) => ("person", Some(member.to_bytes())),
    }
}

pub(in crate::log) fn audience(text: &str, whom: Option<[u8; 16]>) -> Result<Audience, LogError> {
    match (text, whom) {
        ("private", None) => Ok(Audience::Private),
        ("group", Some(group)) => Ok(Audience::Group(GroupId::from_bytes(group))),
        ("council", None) => Ok(Audience::Council),
        ("administration", None) => Ok(Audience::Administration),
        ("person", Some(member)) => Ok(Audience::Person(MemberId::from_bytes(member))),
        _ => Err(unreadable("audience")),
    }
}

/// Refusals are kept under the numbers they have on the wire.
pub(in crate::log) fn problem_number(code: ProblemCode) -> i64 {
    PROBLEMS.iter().position(|known| *known == code).map_or(0, |n| int(n as u64))
}

pub(in crate::log) fn problem(number: i64) -> ProblemCode {
    usize::try_from(number)
        .ok()
        .and_then(|n| PROBLEMS.get(n).copied())
        .unwrap_or(ProblemCode::Malformed)
}

const PROBLEMS: [ProblemCode; 12] = [
    ProblemCode::Malformed,
    ProblemCode::Invitation,
    ProblemCode::Session,
    ProblemCode::Revoked,
    ProblemCode::Forbidden,
    ProblemCode::NotFound,
    ProblemCode::TooLarge,
    ProblemCode::TooMany,
    ProblemCode::Conflict,
    ProblemCode::Untrue,
    ProblemCode::Outdated,
    ProblemCode::Unavailable,
];

fn unreadable(column: &str) -> LogError {
    LogError::Failing(format!("a {column} in the database is not one this version knows"))
}
