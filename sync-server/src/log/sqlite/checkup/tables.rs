//! Tables that are derived from the log, or stand beside it: whether they still say what they must.

use rusqlite::Connection;

use super::super::columns::{seq_of, unsigned};
use super::super::schema;
use crate::log::LogError;

/// What one question about the tables finds: each row of its answer is one problem, `{0}`, `{1}` … are
/// its columns.
struct Question {
    sql: &'static str,
    problem: &'static str,
}

const QUESTIONS: [Question; 9] = [
    Question {
        sql: "SELECT lower(hex(d.id)), r.device_seq FROM refusal r
              JOIN entry e ON e.device_no = r.device_no AND e.device_seq = r.device_seq
              JOIN device d ON d.device_no = r.device_no",
        problem: "Operation {1} of device {0} was both taken and refused.",
    },
    Question {
        sql: "SELECT lower(hex(c.id)), p.place & 1099511627775, c.head FROM post_cursor p
              JOIN council c USING (council_no)
              WHERE p.place & 1099511627775 > c.head OR p.place >> 40 <> p.council_no",
        problem: "The post of council {0} has looked through {1} entries of a log that ends at {2}; \
                  convocations that come now would not be sent.",
    },
    Question {
        sql: "SELECT lower(hex(m.message)) FROM message m JOIN entry e ON e.place = m.place
              WHERE e.kind <> 'receipt' OR e.place >> 40 <> m.council_no
                 OR e.audience_group IS NOT m.member",
        problem: "A copy of message {0} does not stand where its table says.",
    },
    Question {
        sql: "SELECT r.entity, r.place & 1099511627775 FROM record r JOIN entry e ON e.place = r.place
              WHERE r.shown <> (e.audience = 'council')",
        problem: "The {0} record of entry {1} is shown to others than the log says.",
    },
    Question {
        sql: "SELECT lower(hex(d.id)) FROM device d WHERE d.carded > 0 AND NOT EXISTS (
                  SELECT 1 FROM record r WHERE r.council_no = d.council_no
                  AND r.entity = 'device' AND r.id = d.id)",
        problem: "The directory has no card of device {0}, and its table says that it has.",
    },
    Question {
        sql: "SELECT lower(hex(c.id)) FROM council c WHERE NOT EXISTS (
                  SELECT 1 FROM member m WHERE m.council_no = c.council_no
                  AND m.role = 'clerk' AND m.revoked_ms IS NULL)",
        problem: "Council {0} has no clerk who could come in.",
    },
    Question {
        sql: "SELECT lower(hex(p.convocation)) FROM post p WHERE p.about = 'convocation'
              AND NOT EXISTS (SELECT 1 FROM record r WHERE r.council_no = p.council_no
                              AND r.entity = 'convocation' AND r.id = p.convocation)",
        problem: "A letter waits about convocation {0}, which the log does not hold.",
    },
    Question {
        sql: "SELECT lower(hex(p.sitting)) FROM proxy p WHERE NOT EXISTS (
                  SELECT 1 FROM member m WHERE m.council_no = p.council_no AND m.id = p.bearer)",
        problem: "A proxy for sitting {0} is borne by nobody of the council.",
    },
    Question {
        sql: "SELECT 'standing' WHERE (SELECT count(*) FROM standing) <> 1",
        problem: "The table {0} must have one row: sessions of who was shut out would go on.",
    },
];

/// Looks through the tables.
pub(super) fn problems(c: &Connection, problems: &mut Vec<String>) -> Result<(), LogError> {
    if !as_made(c, problems)? {
        // Questions about tables that are not there would only fail.
        return Ok(());
    }
    for Question { sql, problem } in QUESTIONS {
        let mut statement = c.prepare(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut sentence = problem.to_owned();
            for column in 0..columns {
                let value = row.get_ref(column)?;
                let value = match value.as_i64() {
                    Ok(number) => number.to_string(),
                    Err(_) => value.as_str().map_err(rusqlite::Error::from)?.to_owned(),
                };
                sentence = sentence.replace(&format!("{{{column}}}"), &value);
            }
            problems.push(sentence);
        }
    }
    cards(c, problems)
}

/// A device that is shut out in the directory and not at the door.
fn cards(c: &Connection, problems: &mut Vec<String>) -> Result<(), LogError> {
    let mut statement = c.prepare(
        "SELECT r.place, r.version, e.payload FROM record r JOIN entry e ON e.place = r.place
         JOIN device d ON d.id = r.id
         WHERE r.entity = 'device' AND d.standing <> 'revoked'
           AND d.device_no <> (SELECT min(o.device_no) FROM device o
                               WHERE o.council_no = d.council_no)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (seq, version) = (seq_of(row.get(0)?), unsigned(row, 1)?);
        let payload: Vec<u8> = row.get(2)?;
        if let Ok(domain::Record::Device(card)) = crate::log::record_of(&payload)
            && card.revoked.is_some()
        {
            problems.push(format!(
                "Entry {seq} (version {version}) shuts device {} out, and the door lets it in.",
                card.id
            ));
        }
    }
    Ok(())
}

/// Whether tables, indexes and triggers are those that this version makes.
fn as_made(c: &Connection, problems: &mut Vec<String>) -> Result<bool, LogError> {
    let version: u32 = c.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // Of an earlier version: it is brought up to date when the server starts.
    if usize::try_from(version).ok() != Some(schema::MIGRATIONS.len()) {
        return Ok(false);
    }
    let fresh = Connection::open_in_memory()?;
    for migration in schema::MIGRATIONS {
        fresh.execute_batch(migration)?;
    }
    let (is, must_be) = (schema_of(c)?, schema_of(&fresh)?);
    let mut sound = true;
    for (name, sql) in &must_be {
        if is.iter().find(|(other, _)| other == name).map(|(_, sql)| sql) != Some(sql) {
            problems.push(format!("{name} of the database is not as this version made it."));
            sound = false;
        }
    }
    for (name, _) in &is {
        if !must_be.iter().any(|(other, _)| other == name) {
            problems.push(format!("{name} of the database is not this program's."));
        }
    }
    Ok(sound)
}

/// What the schema holds: kind and name, and how it was made, whatever the white space.
fn schema_of(c: &Connection) -> Result<Vec<(String, String)>, LogError> {
    let mut all = c.prepare(
        "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema
         WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name",
    )?;
    let rows = all.query_map([], |row| {
        let sql: String = row.get(1)?;
        Ok((row.get(0)?, sql.split_whitespace().collect::<Vec<_>>().join(" ")))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
