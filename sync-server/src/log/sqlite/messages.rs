//! What the log knows of messages: whose copies there are. A copy is taken once, and only what
//! happens to a copy that is there.

use domain::{MemberId, Message, MessageId, MessageReceipt};
use rusqlite::{Connection, params};
use wire::{Outcome, ProblemCode};

use super::append::{Author, add_entry};
use super::columns::place;
use crate::log::{Examined, LogError};

fn knows(
    c: &Connection,
    council_no: i64,
    message: MessageId,
    member: MemberId,
) -> Result<bool, LogError> {
    let known = c
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM message
             WHERE council_no = ?1 AND message = ?2 AND member = ?3)",
        )?
        .query_row(params![council_no, message.to_bytes(), member.to_bytes()], |row| row.get(0))?;
    Ok(known)
}

/// Takes a copy of a message.
pub(super) fn add_message(
    c: &Connection,
    author: &mut Author,
    op: &Examined,
    message: &Message,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    let (council_no, member) = (author.council_no, message.recipient.member);
    if knows(c, council_no, message.message, member)? {
        return Ok(Outcome::Refused { code: ProblemCode::Conflict });
    }
    let outcome = add_entry(c, author, op, 0, now_ms)?;
    c.prepare_cached(
        "INSERT INTO message (council_no, message, member, place) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        council_no,
        message.message.to_bytes(),
        member.to_bytes(),
        place(council_no, author.head)
    ])?;
    Ok(outcome)
}

/// Takes a receipt of a copy that stands in this log.
pub(super) fn add_receipt(
    c: &Connection,
    author: &mut Author,
    op: &Examined,
    receipt: &MessageReceipt,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    if !knows(c, author.council_no, receipt.message, receipt.member)? {
        return Ok(Outcome::Refused { code: ProblemCode::NotFound });
    }
    add_entry(c, author, op, 0, now_ms)
}
