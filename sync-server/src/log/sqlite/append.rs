//! Appending: the device's line, idempotency, the rules, and the tables that follow records.

use std::collections::BTreeSet;

use domain::{DeviceId, GroupId, MemberId, Record, Role, Sha256};
use rusqlite::{Connection, OptionalExtension, params};
use wire::{Ack, LineEnd, Outcome, ProblemCode, Scope};

use super::audit;
use super::columns::{
    audience_columns, entity_text, int, kind_text, place, problem, problem_number, role, role_text,
    seq_of, standing, unsigned,
};
use super::convocations::{add_receipt, follows_the_log, forget_proxies};
use super::{messages, people};
use crate::log::audit::{By, Deed, Done, of_record};
use crate::log::examined::Content;
use crate::log::{Appended, Examined, LogError, NO_ORDER, Standing, rules};

/// The device in whose name a batch comes, and where it and its council stand.
pub(super) struct Author {
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

pub(super) fn append(
    c: &Connection,
    device: DeviceId,
    ops: &[Examined],
    now_ms: i64,
) -> Result<Appended, LogError> {
    append_as(c, author(c, device, false)?, ops, now_ms)
}

/// What a device that is shut out has not sent yet.
pub(super) fn append_last(
    c: &Connection,
    device: DeviceId,
    ops: &[Examined],
    now_ms: i64,
) -> Result<Appended, LogError> {
    people::wipe_order(c, device)?.ok_or(NO_ORDER)?;
    append_as(c, author(c, device, true)?, ops, now_ms)
}

fn append_as(
    c: &Connection,
    mut author: Author,
    ops: &[Examined],
    now_ms: i64,
) -> Result<Appended, LogError> {
    let device = author.device;
    let (first_seq, first_head) = (author.last_seq, author.head);
    let mut acks = Vec::with_capacity(ops.len());
    for op in ops {
        let device_seq = op.op().header.device_seq;
        let outcome = if op.op().header.device != device {
            // Another device's number: answered, but no place in this device's line.
            Outcome::Refused { code: ProblemCode::Untrue }
        } else if device_seq <= author.last_seq {
            answer_again(c, &mut author, op, now_ms)?
        } else if author.standing == Standing::Quarantined {
            Outcome::Refused { code: ProblemCode::Untrue }
        } else if device_seq == author.last_seq + 1 || author.line_open {
            let outcome = decide(c, &mut author, op, now_ms)?;
            author.last_seq = device_seq;
            author.line_open = false;
            outcome
        } else {
            break;
        };
        acks.push(Ack { device_seq, outcome });
    }
    if author.last_seq != first_seq {
        c.prepare_cached("UPDATE device SET last_seq = ?1, line_open = 0 WHERE device_no = ?2")?
            .execute(params![int(author.last_seq), author.device_no])?;
    }
    if author.head != first_head {
        c.prepare_cached("UPDATE council SET head = ?1 WHERE council_no = ?2")?
            .execute(params![int(author.head), author.council_no])?;
    }
    Ok(Appended { acks, head: author.head, added: author.head - first_head })
}

/// Where a device's line ends.
pub(super) fn line_end(c: &Connection, device: DeviceId) -> Result<Option<LineEnd>, LogError> {
    let end = c
        .prepare_cached(
            "SELECT d.last_seq, coalesce(
                 (SELECT op_hash FROM entry e
                  WHERE e.device_no = d.device_no AND e.device_seq = d.last_seq),
                 (SELECT op_hash FROM refusal r
                  WHERE r.device_no = d.device_no AND r.device_seq = d.last_seq))
             FROM device d WHERE d.id = ?1",
        )?
        .query_row([device.to_bytes()], |row| {
            Ok((unsigned(row, 0)?, row.get::<_, Option<[u8; 32]>>(1)?))
        })
        .optional()?;
    Ok(end.and_then(|(device_seq, hash)| {
        hash.map(|hash| LineEnd { device_seq, op: Sha256::from_bytes(hash) })
    }))
}

fn author(c: &Connection, device: DeviceId, last: bool) -> Result<Author, LogError> {
    let (mut author, standing_text, role_word, revoked) = c
        .prepare_cached(
            "SELECT d.device_no, d.council_no, d.member, d.standing, d.last_seq, d.line_open,
                    m.role, m.revoked_ms IS NOT NULL, council.head,
                    d.device_no = (SELECT min(o.device_no) FROM device o
                                   WHERE o.council_no = d.council_no)
             FROM device d
             JOIN member m ON m.council_no = d.council_no AND m.id = d.member
             JOIN council ON council.council_no = d.council_no
             WHERE d.id = ?1",
        )?
        .query_row([device.to_bytes()], |row| {
            let author = Author {
                device,
                device_no: row.get(0)?,
                council_no: row.get(1)?,
                member: MemberId::from_bytes(row.get(2)?),
                standing: Standing::Good,
                role: Role::Guest,
                groups: BTreeSet::new(),
                last_seq: unsigned(row, 4)?,
                line_open: row.get(5)?,
                head: unsigned(row, 8)?,
                office: row.get(9)?,
                last,
            };
            Ok((author, row.get::<_, String>(3)?, row.get::<_, String>(6)?, row.get(7)?))
        })
        .optional()?
        .ok_or(LogError::refused(ProblemCode::Session, "This device is not enrolled."))?;
    author.standing = standing(&standing_text)?;
    author.role = role(&role_word)?;
    author.groups = groups(c, author.council_no, author.member)?;
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

pub(super) fn groups(
    c: &Connection,
    council_no: i64,
    member: MemberId,
) -> Result<BTreeSet<GroupId>, LogError> {
    let mut statement =
        c.prepare_cached("SELECT grp FROM member_group WHERE council_no = ?1 AND member = ?2")?;
    let groups = statement
        .query_map(params![council_no, member.to_bytes()], |row| {
            Ok(GroupId::from_bytes(row.get(0)?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(groups)
}

/// The answer to a number that was answered before: the same again, unless the operation differs.
fn answer_again(
    c: &Connection,
    author: &mut Author,
    op: &Examined,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    let key = params![author.device_no, int(op.op().header.device_seq)];
    let accepted = c
        .prepare_cached(
            "SELECT op_hash, place FROM entry WHERE device_no = ?1 AND device_seq = ?2",
        )?
        .query_row(key, |row| {
            Ok((row.get::<_, [u8; 32]>(0)?, Outcome::Accepted { seq: seq_of(row.get(1)?) }))
        })
        .optional()?;
    let answered = match accepted {
        Some(answer) => Some(answer),
        None => c
            .prepare_cached(
                "SELECT op_hash, conflict_current, problem FROM refusal
                 WHERE device_no = ?1 AND device_seq = ?2",
            )?
            .query_row(key, |row| {
                let outcome = match row.get::<_, Option<i64>>(1)? {
                    Some(_) => Outcome::Conflict { current: unsigned(row, 1)? },
                    None => Outcome::Refused { code: problem(row.get(2)?) },
                };
                Ok((row.get::<_, [u8; 32]>(0)?, outcome))
            })
            .optional()?,
    };
    match answered {
        Some((hash, outcome)) if hash == *op.hash().as_bytes() => Ok(outcome),
        // Several processes write in the office's name: another one was faster, this one counts on.
        Some(_) if author.office => Ok(Outcome::Refused { code: ProblemCode::TooMany }),
        Some(_) => {
            tracing::warn!("a device sent two operations under one number and is quarantined");
            author.standing = Standing::Quarantined;
            c.prepare_cached(
                "UPDATE device SET standing = 'quarantined'
                 WHERE device_no = ?1 AND standing <> 'revoked'",
            )?
            .execute([author.device_no])?;
            let deed = Deed::to(Done::Quarantined, author.device.to_bytes());
            audit::write(c, author.council_no, &deed, By::device(author.device, now_ms))?;
            Ok(Outcome::Refused { code: ProblemCode::Untrue })
        }
        // A number that a restore left out: it was lost here, and is known to be another's past.
        None => Ok(Outcome::Refused { code: ProblemCode::Untrue }),
    }
}

/// Answers the next number in line, and keeps the answer.
fn decide(
    c: &Connection,
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
                (Ok(()), Content::Note | Content::Keys) => add_entry(c, author, op, 0, now_ms)?,
                (Ok(()), Content::Receipt(receipt)) => add_receipt(c, author, op, receipt, now_ms)?,
                (Ok(()), Content::Message(message)) => {
                    messages::add_message(c, author, op, message, now_ms)?
                }
                (Ok(()), Content::MessageReceipt(receipt)) => {
                    messages::add_receipt(c, author, op, receipt, now_ms)?
                }
                (Ok(()), Content::Record { if_version, record }) => {
                    replace_record(c, author, op, *if_version, record, now_ms)?
                }
            }
        }
    };
    let (conflict, code) = match &outcome {
        Outcome::Accepted { .. } => return Ok(outcome),
        Outcome::Conflict { current } => (Some(int(*current)), None),
        Outcome::Refused { code } => (None, Some(problem_number(*code))),
    };
    c.prepare_cached(
        "INSERT INTO refusal (device_no, device_seq, op_hash, conflict_current, problem)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        author.device_no,
        int(op.op().header.device_seq),
        op.hash().as_bytes(),
        conflict,
        code
    ])?;
    Ok(outcome)
}

fn replace_record(
    c: &Connection,
    author: &mut Author,
    op: &Examined,
    if_version: u64,
    record: &Record,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    let entity = entity_text(record.entity());
    let id = record.id().into_bytes();
    let standing = c
        .prepare_cached(
            "SELECT version, shown FROM record WHERE council_no = ?1 AND entity = ?2 AND id = ?3",
        )?
        .query_row(params![author.council_no, entity, id], |row| {
            Ok(rules::Standing { version: unsigned(row, 0)?, shown: row.get(1)? })
        })
        .optional()?
        .unwrap_or(rules::Standing { version: 0, shown: false });
    if if_version != standing.version {
        return Ok(Outcome::Conflict { current: standing.version });
    }
    let other_clerks = if author.writer().is_a_clerk_beside(record) {
        1
    } else {
        c.prepare_cached(
            "SELECT count(*) FROM member
             WHERE council_no = ?1 AND role = 'clerk' AND revoked_ms IS NULL AND id <> ?2",
        )?
        .query_row(params![author.council_no, id], |row| unsigned(row, 0))?
    };
    if let Err(code) = rules::may_replace(standing, record, other_clerks) {
        return Ok(Outcome::Refused { code });
    }
    if let Record::Convocation(convocation) = record
        && !follows_the_log(c, author.council_no, convocation)?
    {
        return Ok(Outcome::Refused { code: ProblemCode::Untrue });
    }
    let version = standing.version + 1;
    let outcome = add_entry(c, author, op, version, now_ms)?;
    c.prepare_cached(
        "INSERT INTO record (council_no, entity, id, version, place, shown)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO UPDATE SET version = excluded.version, place = excluded.place,
                                   shown = excluded.shown",
    )?
    .execute(params![
        author.council_no,
        entity,
        id,
        int(version),
        place(author.council_no, author.head),
        !record.is_restricted_to_clerks()
    ])?;
    // What the office writes by itself (cards, drafts of other software) is nobody's deed.
    if !author.office {
        let before = if let Record::Member(member) = record {
            role_of(c, author.council_no, member.id)?
        } else {
            None
        };
        if let Some(deed) = of_record(record, before) {
            audit::write(c, author.council_no, &deed, By::device(author.device, now_ms))?;
        }
    }
    follow(c, author, record)?;
    Ok(outcome)
}

/// The role that a member has so far.
fn role_of(c: &Connection, council_no: i64, member: MemberId) -> Result<Option<Role>, LogError> {
    let word: Option<String> = c
        .prepare_cached("SELECT role FROM member WHERE council_no = ?1 AND id = ?2")?
        .query_row(params![council_no, member.to_bytes()], |row| row.get(0))
        .optional()?;
    word.map(|word| role(&word)).transpose()
}

/// Keeps the tables in step that are derived from records.
fn follow(c: &Connection, author: &mut Author, record: &Record) -> Result<(), LogError> {
    match record {
        Record::Council(council) => {
            c.execute(
                "UPDATE council SET name = ?1 WHERE council_no = ?2",
                params![council.name, author.council_no],
            )?;
        }
        Record::Member(member) => {
            let id = member.id.to_bytes();
            let (role, groups) = rules::rights(member);
            c.prepare_cached(
                "INSERT INTO member (council_no, id, role) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET role = excluded.role",
            )?
            .execute(params![author.council_no, id, role_text(role)])?;
            c.prepare_cached("DELETE FROM member_group WHERE council_no = ?1 AND member = ?2")?
                .execute(params![author.council_no, id])?;
            for group in &groups {
                c.prepare_cached(
                    "INSERT INTO member_group (council_no, member, grp) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![author.council_no, id, group.to_bytes()])?;
            }
            if member.left.is_some() {
                shut_out(c, author.council_no, id)?;
            }
            // The rest of the batch is judged by what its author may do from here on.
            if member.id == author.member {
                author.role = role;
                author.groups = groups;
            }
        }
        Record::Device(card) => {
            c.prepare_cached("UPDATE device SET carded = ?1 WHERE id = ?2 AND council_no = ?3")?
                .execute(params![
                    if card.revoked.is_some() { 2 } else { 1 },
                    card.id.to_bytes(),
                    author.council_no
                ])?;
        }
        Record::Convocation(convocation) => forget_proxies(c, author.council_no, convocation)?,
        Record::Group(_) | Record::Body(_) | Record::Sitting(_) => {}
    }
    Ok(())
}

/// Whoever has left comes in no more: not with their devices, not with an invitation still open.
/// Should they come back, they are invited anew.
fn shut_out(c: &Connection, council_no: i64, member: [u8; 16]) -> Result<(), LogError> {
    c.prepare_cached(
        // The office stays: it only writes in that person's name.
        "UPDATE device SET standing = 'revoked' WHERE council_no = ?1 AND member = ?2
         AND device_no <> (SELECT min(o.device_no) FROM device o WHERE o.council_no = ?1)",
    )?
    .execute(params![council_no, member])?;
    c.prepare_cached(
        "UPDATE calendar SET addresses = addresses + 1, token_hash = NULL
         WHERE council_no = ?1 AND member = ?2",
    )?
    .execute(params![council_no, member])?;
    c.prepare_cached(
        "DELETE FROM invitation WHERE council_no = ?1 AND member = ?2 AND used_by IS NULL",
    )?
    .execute(params![council_no, member])?;
    Ok(())
}

pub(super) fn add_entry(
    c: &Connection,
    author: &mut Author,
    op: &Examined,
    record_version: u64,
    now_ms: i64,
) -> Result<Outcome, LogError> {
    let seq = author.head + 1;
    let header = &op.op().header;
    let (audience, group) = audience_columns(header.scope.audience);
    c.prepare_cached(
        "INSERT INTO entry (place, device_no, device_seq, kind, owner, audience, audience_group,
                            document, epoch, made_ms, received_ms, record_version, op_hash,
                            signature, payload)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?
    .execute(params![
        place(author.council_no, seq),
        author.device_no,
        int(header.device_seq),
        kind_text(header.kind),
        header.scope.owner.to_bytes(),
        audience,
        group,
        header.document.0,
        header.epoch,
        header.made_ms,
        now_ms,
        int(record_version),
        op.hash().as_bytes(),
        op.op().signature,
        op.op().payload,
    ])?;
    author.head = seq;
    Ok(Outcome::Accepted { seq })
}
