//! What the log knows of messages: whose copies there are.

use deadpool_postgres::Transaction;
use domain::{MemberId, Message, MessageId, MessageReceipt};
use wire::{Outcome, ProblemCode};

use super::append::{Author, add_entry};
use super::row::get;
use crate::log::sqlite::columns::int;
use crate::log::{Examined, LogError};

async fn knows(
    t: &Transaction<'_>,
    council_no: i64,
    message: MessageId,
    member: MemberId,
) -> Result<bool, LogError> {
    let find = t
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM message
             WHERE council_no = $1 AND message = $2 AND member = $3)",
        )
        .await?;
    let (message, member) = (message.to_bytes(), member.to_bytes());
    get(&t.query_one(&find, &[&council_no, &&message[..], &&member[..]]).await?, 0)
}

/// Takes a copy of a message.
pub(super) async fn add_message(
    t: &Transaction<'_>,
    author: &mut Author,
    op: &Examined,
    message: &Message,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    let (council_no, member) = (author.council_no, message.recipient.member);
    if knows(t, council_no, message.message, member).await? {
        return Ok(Outcome::Refused { code: ProblemCode::Conflict });
    }
    let outcome = add_entry(t, author, op, 0, now_ms).await?;
    let keep = t
        .prepare_cached(
            "INSERT INTO message (council_no, message, member, seq) VALUES ($1, $2, $3, $4)",
        )
        .await?;
    let (id, member) = (message.message.to_bytes(), member.to_bytes());
    t.execute(&keep, &[&council_no, &&id[..], &&member[..], &int(author.head)]).await?;
    Ok(outcome)
}

/// Takes a receipt of a copy that stands in this log.
pub(super) async fn add_receipt(
    t: &Transaction<'_>,
    author: &mut Author,
    op: &Examined,
    receipt: &MessageReceipt,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    if !knows(t, author.council_no, receipt.message, receipt.member).await? {
        return Ok(Outcome::Refused { code: ProblemCode::NotFound });
    }
    add_entry(t, author, op, 0, now_ms).await
}
