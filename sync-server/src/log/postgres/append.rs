//! Appending: the device's line, idempotency, the rules, and the tables that follow records.

use std::collections::BTreeSet;

use deadpool_postgres::{Object, Transaction};
use domain::{CouncilId, DeviceId, GroupId, MemberId, Record, Role, Sha256};
use wire::{Ack, LineEnd, Outcome, ProblemCode, Scope};

use super::audit;
use super::convocations::{add_receipt, follows_the_log, forget_proxies};
use super::pull::groups;
use super::row::{bytes, get, optional_bytes, unsigned};
use super::{messages, people};
use crate::log::audit::{By, Deed, Done, of_record};
use crate::log::examined::Content;
use crate::log::sqlite::columns::{
    audience_columns, entity_text, int, kind_text, problem, problem_number, role, role_text,
    standing,
};
use crate::log::{Appended, Examined, LogError, NO_ORDER, Standing, rules};

/// The device in whose name a batch comes, and where it and its council stand.
pub(super) struct Author {
    council: CouncilId,
    device: DeviceId,
    device_no: i64,
    pub(super) council_no: i64,
    member: MemberId,
    standing: Standing,
    role: Role,
    groups: BTreeSet<GroupId>,
    last_seq: u64,
    line_open: bool,
    pub(super) head: u64,
    /// Whether it is the council's office.
    office: bool,
    /// Whether it is shut out and sends what it has not sent yet.
    last: bool,
}

impl Author {
    fn writer(&self) -> rules::Writer<'_> {
        let Self { member, role, groups, office, .. } = self;
        rules::Writer { member: *member, role: *role, groups, office: *office }
    }

    fn may_write(&self, scope: Scope, content: &Content) -> Result<(), ProblemCode> {
        let rule = if self.last { rules::may_write_at_last } else { rules::may_write };
        rule(self.writer(), scope, content)
    }
}

pub(super) async fn append(
    t: &Transaction<'_>,
    device: DeviceId,
    ops: &[Examined],
    now_ms: i64,
) -> Result<(CouncilId, Appended), LogError> {
    append_as(t, author(t, device, false).await?, ops, now_ms).await
}

/// What a device that is shut out has not sent yet.
pub(super) async fn append_last(
    t: &Transaction<'_>,
    device: DeviceId,
    ops: &[Examined],
    now_ms: i64,
) -> Result<(CouncilId, Appended), LogError> {
    people::wipe_order(t, device).await?.ok_or(NO_ORDER)?;
    append_as(t, author(t, device, true).await?, ops, now_ms).await
}

async fn append_as(
    t: &Transaction<'_>,
    mut author: Author,
    ops: &[Examined],
    now_ms: i64,
) -> Result<(CouncilId, Appended), LogError> {
    let device = author.device;
    let (first_seq, first_head) = (author.last_seq, author.head);
    let mut acks = Vec::with_capacity(ops.len());
    for op in ops {
        let device_seq = op.op().header.device_seq;
        let outcome = if op.op().header.device != device {
            // Another device's number: answered, but no place in this device's line.
            Outcome::Refused { code: ProblemCode::Untrue }
        } else if device_seq <= author.last_seq {
            answer_again(t, &mut author, op, now_ms).await?
        } else if author.standing == Standing::Quarantined {
            Outcome::Refused { code: ProblemCode::Untrue }
        } else if device_seq == author.last_seq + 1 || author.line_open {
            let outcome = decide(t, &mut author, op, now_ms).await?;
            author.last_seq = device_seq;
            author.line_open = false;
            outcome
        } else {
            break;
        };
        acks.push(Ack { device_seq, outcome });
    }
    if author.last_seq != first_seq {
        let step = t
            .prepare_cached(
                "UPDATE device SET last_seq = $1, line_open = false WHERE device_no = $2",
            )
            .await?;
        t.execute(&step, &[&int(author.last_seq), &author.device_no]).await?;
    }
    if author.head != first_head {
        let grow = t.prepare_cached("UPDATE council SET head = $1 WHERE council_no = $2").await?;
        t.execute(&grow, &[&int(author.head), &author.council_no]).await?;
    }
    let appended = Appended { acks, head: author.head, added: author.head - first_head };
    Ok((author.council, appended))
}

/// Where a device's line ends.
pub(super) async fn line_end(c: &Object, device: DeviceId) -> Result<Option<LineEnd>, LogError> {
    let find = c
        .prepare_cached(
            "SELECT d.last_seq, coalesce(
                 (SELECT op_hash FROM entry e
                  WHERE e.device_no = d.device_no AND e.device_seq = d.last_seq),
                 (SELECT op_hash FROM refusal r
                  WHERE r.device_no = d.device_no AND r.device_seq = d.last_seq))
             FROM device d WHERE d.id = $1",
        )
        .await?;
    let Some(row) = c.query_opt(&find, &[&&device.to_bytes()[..]]).await? else { return Ok(None) };
    let device_seq = unsigned(&row, 0)?;
    let op = optional_bytes(&row, 1)?;
    Ok(op.map(|op| LineEnd { device_seq, op: Sha256::from_bytes(op) }))
}

/// Locks the council's row first: what is read after it stands until the commit.
async fn author(t: &Transaction<'_>, device: DeviceId, last: bool) -> Result<Author, LogError> {
    let nobody = || LogError::refused(ProblemCode::Session, "This device is not enrolled.");
    let id = device.to_bytes();
    let lock = t
        .prepare_cached(
            "SELECT council_no, id, head FROM council
             WHERE council_no = (SELECT council_no FROM device WHERE id = $1) FOR UPDATE",
        )
        .await?;
    let council = t.query_opt(&lock, &[&&id[..]]).await?.ok_or_else(nobody)?;
    let find = t
        .prepare_cached(
            "SELECT d.device_no, d.member, d.standing, d.last_seq, d.line_open, m.role,
                    m.revoked_ms IS NOT NULL,
                    d.device_no = (SELECT min(o.device_no) FROM device o
                                   WHERE o.council_no = d.council_no)
             FROM device d JOIN member m ON m.council_no = d.council_no AND m.id = d.member
             WHERE d.id = $1",
        )
        .await?;
    let row = t.query_opt(&find, &[&&id[..]]).await?.ok_or_else(nobody)?;
    let (council_no, member) = (get(&council, 0)?, MemberId::from_bytes(bytes(&row, 1)?));
    let mut author = Author {
        council: CouncilId::from_bytes(bytes(&council, 1)?),
        device,
        device_no: get(&row, 0)?,
        council_no,
        member,
        standing: standing(get(&row, 2)?)?,
        role: role(get(&row, 5)?)?,
        groups: groups(t, council_no, member).await?,
        last_seq: unsigned(&row, 3)?,
        line_open: get(&row, 4)?,
        head: unsigned(&council, 2)?,
        office: get(&row, 7)?,
        last,
    };
    let revoked: bool = get(&row, 6)?;
    // The office writes in the first clerk's name, also when that person has left.
    let shut_out = (revoked && !author.office) || author.standing == Standing::Revoked;
    if shut_out != last {
        return Err(LogError::refused(ProblemCode::Revoked, "This device was revoked."));
    }
    if last {
        // Its line is checked as ever; what it says twice quarantines nothing any more.
        author.standing = Standing::Good;
    }
    Ok(author)
}

/// The answer to a number that was answered before: the same again, unless the operation differs.
async fn answer_again(
    t: &Transaction<'_>,
    author: &mut Author,
    op: &Examined,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    let device_seq = int(op.op().header.device_seq);
    let find = t
        .prepare_cached("SELECT op_hash, seq FROM entry WHERE device_no = $1 AND device_seq = $2")
        .await?;
    let answered = match t.query_opt(&find, &[&author.device_no, &device_seq]).await? {
        Some(row) => Some((bytes(&row, 0)?, Outcome::Accepted { seq: unsigned(&row, 1)? })),
        None => {
            let find = t
                .prepare_cached(
                    "SELECT op_hash, conflict_current, problem FROM refusal
                     WHERE device_no = $1 AND device_seq = $2",
                )
                .await?;
            let row = t.query_opt(&find, &[&author.device_no, &device_seq]).await?;
            row.map(|row| {
                let outcome = match get::<Option<i64>>(&row, 1)? {
                    Some(_) => Outcome::Conflict { current: unsigned(&row, 1)? },
                    None => Outcome::Refused { code: problem(get(&row, 2)?) },
                };
                Ok::<([u8; 32], Outcome), LogError>((bytes(&row, 0)?, outcome))
            })
            .transpose()?
        }
    };
    match answered {
        Some((hash, outcome)) if hash == *op.hash().as_bytes() => Ok(outcome),
        // Several processes write in the office's name: another one was faster, this one counts on.
        Some(_) if author.office => Ok(Outcome::Refused { code: ProblemCode::TooMany }),
        Some(_) => {
            tracing::warn!("a device sent two operations under one number and is quarantined");
            author.standing = Standing::Quarantined;
            t.execute(
                "UPDATE device SET standing = 'quarantined'
                 WHERE device_no = $1 AND standing <> 'revoked'",
                &[&author.device_no],
            )
            .await?;
            let deed = Deed::to(Done::Quarantined, author.device.to_bytes());
            audit::write(t, author.council_no, &deed, By::device(author.device, now_ms)).await?;
            Ok(Outcome::Refused { code: ProblemCode::Untrue })
        }
        // A number that a restore left out: it was lost here, and is known to be another's past.
        None => Ok(Outcome::Refused { code: ProblemCode::Untrue }),
    }
}

/// Answers the next number in line, and keeps the answer.
async fn decide(
    t: &Transaction<'_>,
    author: &mut Author,
    op: &Examined,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    let outcome = match op.content() {
        Err(code) => Outcome::Refused { code },
        Ok(content) => {
            let scope = op.op().header.scope;
            match (author.may_write(scope, content), content) {
                (Err(code), _) => Outcome::Refused { code },
                (Ok(()), Content::Note | Content::Keys) => {
                    add_entry(t, author, op, 0, now_ms).await?
                }
                (Ok(()), Content::Receipt(receipt)) => {
                    add_receipt(t, author, op, receipt, now_ms).await?
                }
                (Ok(()), Content::Message(message)) => {
                    messages::add_message(t, author, op, message, now_ms).await?
                }
                (Ok(()), Content::MessageReceipt(receipt)) => {
                    messages::add_receipt(t, author, op, receipt, now_ms).await?
                }
                (Ok(()), Content::Record { if_version, record }) => {
                    replace_record(t, author, op, *if_version, record, now_ms).await?
                }
            }
        }
    };
    let (conflict, code) = match &outcome {
        Outcome::Accepted { .. } => return Ok(outcome),
        Outcome::Conflict { current } => (Some(int(*current)), None),
        Outcome::Refused { code } => (None, Some(problem_number(*code))),
    };
    let keep = t
        .prepare_cached(
            "INSERT INTO refusal (device_no, device_seq, op_hash, conflict_current, problem)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .await?;
    let device_seq = int(op.op().header.device_seq);
    let hash = op.hash();
    t.execute(&keep, &[&author.device_no, &device_seq, &&hash.as_bytes()[..], &conflict, &code])
        .await?;
    Ok(outcome)
}

async fn replace_record(
    t: &Transaction<'_>,
    author: &mut Author,
    op: &Examined,
    if_version: u64,
    record: &Record,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    let entity = entity_text(record.entity());
    let id = record.id().into_bytes();
    let find = t
        .prepare_cached(
            "SELECT version, shown FROM record WHERE council_no = $1 AND entity = $2 AND id = $3",
        )
        .await?;
    let standing = match t.query_opt(&find, &[&author.council_no, &entity, &&id[..]]).await? {
        Some(row) => rules::Standing { version: unsigned(&row, 0)?, shown: get(&row, 1)? },
        None => rules::Standing { version: 0, shown: false },
    };
    if if_version != standing.version {
        return Ok(Outcome::Conflict { current: standing.version });
    }
    let other_clerks = if author.writer().is_a_clerk_beside(record) {
        1
    } else {
        let count = t
            .prepare_cached(
                "SELECT count(*) FROM member
                 WHERE council_no = $1 AND role = 'clerk' AND revoked_ms IS NULL AND id <> $2",
            )
            .await?;
        unsigned(&t.query_one(&count, &[&author.council_no, &&id[..]]).await?, 0)?
    };
    if let Err(code) = rules::may_replace(standing, record, other_clerks) {
        return Ok(Outcome::Refused { code });
    }
    if let Record::Convocation(convocation) = record
        && !follows_the_log(t, author.council_no, convocation).await?
    {
        return Ok(Outcome::Refused { code: ProblemCode::Untrue });
    }
    let version = standing.version + 1;
    let outcome = add_entry(t, author, op, version, now_ms).await?;
    let put = t
        .prepare_cached(
            "INSERT INTO record (council_no, entity, id, version, seq, shown)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (council_no, entity, id) DO UPDATE
             SET version = excluded.version, seq = excluded.seq, shown = excluded.shown",
        )
        .await?;
    let shown = !record.is_restricted_to_clerks();
    let (version, seq) = (int(version), int(author.head));
    t.execute(&put, &[&author.council_no, &entity, &&id[..], &version, &seq, &shown]).await?;
    // What the office writes by itself (cards, drafts of other software) is nobody's deed.
    if !author.office {
        let before = if let Record::Member(member) = record {
            role_of(t, author.council_no, member.id).await?
        } else {
            None
        };
        if let Some(deed) = of_record(record, before) {
            let by = By::device(author.device, now_ms);
            audit::write(t, author.council_no, &deed, by).await?;
        }
    }
    follow(t, author, record).await?;
    Ok(outcome)
}

/// The role that a member has so far.
async fn role_of(
    t: &Transaction<'_>,
    council_no: i64,
    member: MemberId,
) -> Result<Option<Role>, LogError> {
    let find = "SELECT role FROM member WHERE council_no = $1 AND id = $2";
    let row = t.query_opt(find, &[&council_no, &&member.to_bytes()[..]]).await?;
    row.map(|row| role(get(&row, 0)?)).transpose()
}

/// Keeps the tables in step that are derived from records.
async fn follow(t: &Transaction<'_>, author: &mut Author, record: &Record) -> Result<(), LogError> {
    match record {
        Record::Council(council) => {
            t.execute(
                "UPDATE council SET name = $1 WHERE council_no = $2",
                &[&council.name, &author.council_no],
            )
            .await?;
        }
        Record::Member(member) => {
            let id = member.id.to_bytes();
            let (role, groups) = rules::rights(member);
            t.execute(
                "INSERT INTO member (council_no, id, role) VALUES ($1, $2, $3)
                 ON CONFLICT (council_no, id) DO UPDATE SET role = excluded.role",
                &[&author.council_no, &&id[..], &role_text(role)],
            )
            .await?;
            t.execute(
                "DELETE FROM member_group WHERE council_no = $1 AND member = $2",
                &[&author.council_no, &&id[..]],
            )
            .await?;
            for group in &groups {
                t.execute(
                    "INSERT INTO member_group (council_no, member, grp) VALUES ($1, $2, $3)",
                    &[&author.council_no, &&id[..], &&group.to_bytes()[..]],
                )
                .await?;
            }
            if member.left.is_some() {
                shut_out(t, author.council_no, &id).await?;
            }
            // The rest of the batch is judged by what its author may do from here on.
            if member.id == author.member {
                author.role = role;
                author.groups = groups;
            }
        }
        Record::Device(card) => {
            let carded: i64 = if card.revoked.is_some() { 2 } else { 1 };
            t.execute(
                "UPDATE device SET carded = $1 WHERE id = $2 AND council_no = $3",
                &[&carded, &&card.id.to_bytes()[..], &author.council_no],
            )
            .await?;
        }
        Record::Convocation(convocation) => {
            forget_proxies(t, author.council_no, convocation).await?;
        }
        Record::Group(_) | Record::Body(_) | Record::Sitting(_) => {}
    }
    Ok(())
}

/// Whoever has left comes in no more: not with their devices, not with an invitation still open, not to
/// their calendar. Should they come back, they are invited anew.
async fn shut_out(t: &Transaction<'_>, council_no: i64, member: &[u8; 16]) -> Result<(), LogError> {
    t.execute(
        // The office stays: it only writes in that person's name.
        "UPDATE device SET standing = 'revoked' WHERE council_no = $1 AND member = $2
         AND device_no <> (SELECT min(o.device_no) FROM device o WHERE o.council_no = $1)",
        &[&council_no, &&member[..]],
    )
    .await?;
    t.execute(
        "UPDATE calendar SET addresses = addresses + 1, token_hash = NULL
         WHERE council_no = $1 AND member = $2",
        &[&council_no, &&member[..]],
    )
    .await?;
    t.execute(
        "DELETE FROM invitation WHERE council_no = $1 AND member = $2 AND used_by IS NULL",
        &[&council_no, &&member[..]],
    )
    .await?;
    Ok(())
}

pub(super) async fn add_entry(
    t: &Transaction<'_>,
    author: &mut Author,
    op: &Examined,
    record_version: u64,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    let seq = author.head + 1;
    let (op, hash) = (op.op(), op.hash());
    let header = &op.header;
    let (audience, group) = audience_columns(header.scope.audience);
    let add = t
        .prepare_cached(
            "INSERT INTO entry (council_no, seq, device_no, device_seq, kind, owner, audience,
                                audience_group, document, epoch, made_ms, received_ms,
                                record_version, op_hash, signature, payload)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        )
        .await?;
    t.execute(
        &add,
        &[
            &author.council_no,
            &int(seq),
            &author.device_no,
            &int(header.device_seq),
            &kind_text(header.kind),
            &&header.scope.owner.to_bytes()[..],
            &audience,
            &group.as_ref().map(|group| &group[..]),
            &&header.document.0[..],
            &i64::from(header.epoch),
            &header.made_ms,
            &now_ms,
            &int(record_version),
            &&hash.as_bytes()[..],
            &&op.signature[..],
            &op.payload,
        ],
    )
    .await?;
    author.head = seq;
    Ok(Outcome::Accepted { seq })
}
