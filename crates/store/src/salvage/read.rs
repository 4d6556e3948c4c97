//! Reading a damaged database: row by row, around what cannot be read. When what tells of the tables is damaged,
//! the chart tells of them, or a new database, whose tables stand where they stood in one that was
//! made by this version.

use std::collections::BTreeMap;

use client::ports::StoreError;
use rusqlite::Connection;
use rusqlite::types::Value;
use zeroize::Zeroizing;

use super::DOING;
use super::chart::Thing;
use super::leaves::{self, Look};
use super::pages::{Image, MAGIC, PAGE};
use crate::error::Doing;

/// How often a table is asked for rows around damage before it is left alone.
const PATIENCE: u32 = 20_000;
/// SQLite's header, at the beginning of the first page.
const HEADER: usize = 100;

/// A table whose rows are nowhere else, or not surely.
struct Table {
    name: &'static str,
    /// The columns that name a row.
    key: &'static str,
    /// Whether `key` is the rowid, so that rows beyond damage can be asked for by their number.
    counted: bool,
}

const fn counted(name: &'static str, key: &'static str) -> Table {
    Table { name, key, counted: true }
}

const fn named(name: &'static str, key: &'static str) -> Table {
    Table { name, key, counted: false }
}

/// What is carried over, in the order in which it is put into the new database.
const TABLES: [Table; 16] = [
    named("setting", "name"),
    named("record", "entity, id"),
    named("noted", "doc"),
    counted("piece", "piece"),
    counted("outbox", "device_seq"),
    counted("set_aside", "device_seq"),
    counted("evidence", "evidence"),
    named("key_op", "op_hash"),
    named("unshared", "annotation"),
    counted("history", "entry"),
    named("sitting_draft", "sitting"),
    counted("sitting_draft_step", "rowid"),
    counted("desk_file", "place"),
    named("changes_seen", "sitting"),
    named("reading", "document"),
    named("paper", "pdf"),
];

/// A row: its columns by name.
pub(super) type Row = BTreeMap<String, Value>;

/// What could be read.
#[derive(Debug, Default)]
pub(super) struct Found {
    tables: BTreeMap<&'static str, BTreeMap<String, Row>>,
}

impl Found {
    /// Forgets every row that is not the same in another reading.
    fn keep_what_is_in(&mut self, other: &Self) {
        for (name, rows) in &mut self.tables {
            let others = other.tables.get(name);
            rows.retain(|key, row| others.and_then(|others| others.get(key)) == Some(row));
        }
    }

    /// Adds rows of a table, but for those that are known already.
    fn add(&mut self, table: &Table, rows: Vec<Row>) {
        let known = self.tables.entry(table.name).or_default();
        for row in rows {
            let key: Vec<_> = table.key.split(", ").map(|column| row.get(column)).collect();
            known.entry(format!("{key:?}")).or_insert(row);
        }
    }

    /// The rows of a table, in the order of their key.
    pub(super) fn rows(&self, table: &str) -> Vec<&Row> {
        let mut rows: Vec<&Row> =
            self.tables.get(table).map(|rows| rows.values().collect()).unwrap_or_default();
        let key = TABLES.iter().find(|known| known.name == table).map_or("", |known| known.key);
        rows.sort_by_key(|row| match row.get(key) {
            Some(Value::Integer(number)) => *number,
            Some(_) | None => 0,
        });
        rows
    }

    /// The tables, in the order in which they are to be put in.
    pub(super) fn tables() -> impl Iterator<Item = &'static str> {
        TABLES.iter().map(|table| table.name)
    }
}

/// Reads what can be read of a damaged database; `charts` tell where its tables stand, the likeliest first, when
/// it does not tell itself. What cannot be read is no error.
///
/// A page that is broken is read twice, as zeros and as ones: SQLite takes the end of a long value from whatever stands
/// there. A row that is not the same both times has something of a broken page in it, and is lost.
///
/// # Errors
/// There is no memory for a copy.
pub(super) fn everything(image: &Image, charts: &[&[Thing]]) -> Result<Found, StoreError> {
    let mut found = with(image, charts, 0x00)?;
    found.keep_what_is_in(&with(image, charts, 0xff)?);
    Ok(found)
}

/// The same with broken pages full of one byte.
fn with(image: &Image, charts: &[&[Thing]], fill: u8) -> Result<Found, StoreError> {
    let mut found = Found::default();
    if let Some(mut db) = as_it_is(image, fill)? {
        read(&mut db, image.reserved, &mut found);
    }
    for things in charts {
        // Another chart could only take one table for another.
        if found.tables.values().any(|rows| !rows.is_empty()) {
            break;
        }
        if let Some(mut db) = by_chart(image, things, fill)? {
            read(&mut db, image.reserved, &mut found);
        }
    }
    Ok(found)
}

/// The pages of an image, as many as are wished for; what is not there, and what is broken, is full of one byte.
fn filled(image: &Image, pages: usize, fill: u8) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(vec![fill; pages * PAGE]);
    for (number, (place, page)) in
        (1..).zip(bytes.chunks_exact_mut(PAGE).zip(image.bytes.chunks_exact(PAGE)))
    {
        if image.broken.binary_search(&number).is_err() {
            place.copy_from_slice(page);
        }
    }
    bytes
}

/// Whether SQLite finds something wrong with what it is told by a database whose pages all open.
pub(super) fn is_amiss(image: &Image) -> Result<bool, StoreError> {
    let Some(db) = as_it_is(image, 0)? else { return Ok(true) };
    let said: Result<String, _> = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
    Ok(!said.is_ok_and(|said| said == "ok"))
}

/// The database with its own first page; none when that is gone.
fn as_it_is(image: &Image, fill: u8) -> Result<Option<Connection>, StoreError> {
    if !image.bytes.starts_with(MAGIC) {
        return Ok(None);
    }
    // A file that was cut is as long as it says; the rest is damage like any other.
    let said =
        image.bytes.get(28..).and_then(<[u8]>::first_chunk).map_or(0, |n| u32::from_be_bytes(*n));
    let most = image.bytes.len() / PAGE * 2 + 1_024;
    let pages = (said as usize).min(most).max(image.bytes.len() / PAGE);
    let mut bytes = filled(image, pages, fill);
    write(&mut bytes, 28, &u32::try_from(pages).unwrap_or(u32::MAX).to_be_bytes());
    // Kept in memory it has no log.
    write(&mut bytes, 18, &[1, 1]);
    load(&bytes).map(Some)
}

/// The database with a first page of our own making, which tells of the tables what the chart says.
fn by_chart(image: &Image, things: &[Thing], fill: u8) -> Result<Option<Connection>, StoreError> {
    let roots = things.iter().filter_map(|thing| usize::try_from(thing.root).ok()).max();
    let pages = (image.bytes.len() / PAGE).max(roots.unwrap_or(0).min(1 << 20)).max(1);
    let mut bytes = filled(image, pages, fill);
    let Some(first) = bytes.get_mut(..PAGE) else { return Ok(None) };
    first.copy_from_slice(&first_page(pages, image.reserved));
    let mut db = load(&bytes)?;
    let Ok(whole) = told(&mut db, things) else { return Ok(None) };
    // It is believed when it is read anew.
    load(&whole).map(Some)
}

/// The database once it lists these things.
fn told(db: &mut Connection, things: &[Thing]) -> Result<Zeroizing<Vec<u8>>, rusqlite::Error> {
    db.pragma_update(None, "writable_schema", true)?;
    for thing in things {
        db.execute(
            "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            (&thing.kind, &thing.name, &thing.table, thing.root, &thing.sql),
        )?;
    }
    Ok(Zeroizing::new(db.serialize("main")?.to_vec()))
}

/// The first page of a database of so many pages that has no tables yet.
fn first_page(pages: usize, reserved: usize) -> Vec<u8> {
    let mut page = vec![0; PAGE];
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes();
    let reserve = u8::try_from(reserved).unwrap_or(u8::MAX);
    write(&mut page, 0, MAGIC);
    write(&mut page, 16, &[0x10, 0, 1, 1, reserve, 64, 32, 32]);
    // Changed once, and its length is that of this change.
    write(&mut page, 24, &number(1));
    write(&mut page, 28, &number(pages));
    write(&mut page, 92, &number(1));
    // The form of the list of tables, and UTF-8.
    write(&mut page, 44, &number(4));
    write(&mut page, 56, &number(1));
    // A leaf without cells, whose content would begin where the page ends.
    page.get_mut(HEADER).into_iter().for_each(|kind| *kind = 0x0d);
    let ends = u16::try_from(PAGE - reserved).unwrap_or(u16::MAX);
    write(&mut page, HEADER + 5, &ends.to_be_bytes());
    page
}

fn write(bytes: &mut [u8], at: usize, what: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + what.len()) {
        place.copy_from_slice(what);
    }
}

fn load(bytes: &[u8]) -> Result<Connection, StoreError> {
    let mut db = Connection::open_in_memory().doing(DOING)?;
    db.deserialize_read_exact("main", bytes, bytes.len(), false).doing(DOING)?;
    Ok(db)
}

/// Adds what can be read.
fn read(db: &mut Connection, reserved: usize, found: &mut Found) {
    for table in &TABLES {
        let mut reader = Reader { db: &*db, table, rows: Vec::new(), asked: 0, met: None };
        if table.counted {
            reader.between(0, i64::MAX);
        } else {
            reader.both_ends();
        }
        let (rows, met) = (reader.rows, reader.met);
        found.add(table, rows);
        // What is found by its way stands; what has none any more is looked for by its look.
        if let (Some(Stop::Damage), Some(look)) = (met, look(table.name))
            && let Ok(hung) = hung(db, table, reserved, look)
        {
            let mut reader = Reader { db: &hung, table, rows: Vec::new(), asked: 0, met: None };
            reader.whatever_there_is();
            found.add(table, reader.rows);
        }
    }
}

/// How rows look that are nowhere else. (Rows of the first version lack the columns that came later.)
fn look(table: &str) -> Option<Look> {
    match table {
        "piece" => Some(Look { columns: (7, 9), blob: (1, 16) }),
        "outbox" => Some(Look { columns: (3, 3), blob: (2, 32) }),
        _ => None,
    }
}

/// The database with every page of rows that look like the table's under its root.
fn hung(
    db: &mut Connection,
    table: &Table,
    reserved: usize,
    look: Look,
) -> Result<Connection, StoreError> {
    let root: i64 = db
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [table.name], |row| {
            row.get(0)
        })
        .doing(DOING)?;
    let mut bytes = Zeroizing::new(db.serialize("main").doing(DOING)?.to_vec());
    leaves::hang(&mut bytes, usize::try_from(root).unwrap_or(0), reserved, look);
    let pages = u32::try_from(bytes.len() / PAGE).unwrap_or(u32::MAX);
    write(&mut bytes, 28, &pages.to_be_bytes());
    load(&bytes)
}

struct Reader<'a> {
    db: &'a Connection,
    table: &'a Table,
    rows: Vec<Row>,
    asked: u32,
    /// What reading stopped at last.
    met: Option<Stop>,
}

impl Reader<'_> {
    /// The rows whose number lies in a range; around damage, in halves.
    fn between(&mut self, from: i64, to: i64) {
        self.asked += 1;
        let Table { name, key, .. } = self.table;
        let sql = format!(
            "SELECT *, {key} AS {key} FROM {name} WHERE rowid BETWEEN {from} AND {to} ORDER BY rowid"
        );
        let before = self.rows.len();
        let Err(last) = self.gather(&sql) else { return };
        self.met = Some(last);
        // A table that cannot be found at all gives nothing however it is asked.
        if self.asked > PATIENCE || last == Stop::NoTable {
            return;
        }
        // The rows before the damage are here; it begins right after the last of them.
        let read = self.rows.get(before..).and_then(<[Row]>::last).and_then(|row| row.get(*key));
        let begins = match read {
            Some(Value::Integer(number)) => number.saturating_add(1),
            Some(_) | None => from,
        };
        // A single row that cannot be read.
        if begins > to || (begins == from && from == to) {
            return;
        }
        // Numbers count from 1 and are never large: nothing is looked for far away.
        let to = to.min(self.highest());
        if begins > to {
            return;
        }
        let middle = begins + (to - begins) / 2;
        self.between(begins, middle);
        self.between(middle + 1, to);
    }

    /// A number that none of the table's rows is likely to pass.
    fn highest(&self) -> i64 {
        let Table { name, .. } = self.table;
        let known: Option<i64> =
            self.db.query_row(&format!("SELECT max(rowid) FROM {name}"), [], |row| row.get(0)).ok();
        known.unwrap_or(i64::from(PATIENCE))
    }

    /// The rows up to damage from the beginning, and from the end.
    fn both_ends(&mut self) {
        let Table { name, key, .. } = self.table;
        for order in ["ASC", "DESC"] {
            let key: Vec<String> =
                key.split(", ").map(|column| format!("{column} {order}")).collect();
            let sql = format!("SELECT * FROM {name} ORDER BY {}", key.join(", "));
            if self.gather(&sql).is_ok() {
                return;
            }
        }
    }

    /// Every row in the order in which they stand, but for those that cannot be read.
    fn whatever_there_is(&mut self) {
        let Table { name, key, .. } = self.table;
        let mut passed = 0;
        while self.asked < PATIENCE {
            self.asked += 1;
            let before = self.rows.len();
            // What is passed over is not read.
            let sql = format!(
                "SELECT *, {key} AS {key} FROM {name} NOT INDEXED LIMIT -1 OFFSET {passed}"
            );
            match self.gather(&sql) {
                Ok(()) | Err(Stop::NoTable) => return,
                Err(Stop::Damage) => passed += self.rows.len() - before + 1,
            }
        }
    }

    /// Gathers rows until the end or an error.
    fn gather(&mut self, sql: &str) -> Result<(), Stop> {
        let mut statement = self.db.prepare(sql).map_err(|_| Stop::NoTable)?;
        let names: Vec<String> = statement.column_names().map(ToOwned::to_owned).collect();
        let mut rows = statement.query([]).map_err(|_| Stop::Damage)?;
        while let Some(row) = rows.next().map_err(|_| Stop::Damage)? {
            let mut values = Row::new();
            for (index, name) in names.iter().enumerate() {
                values.insert(name.clone(), row.get(index).map_err(|_| Stop::Damage)?);
            }
            self.rows.push(values);
        }
        Ok(())
    }
}

/// Why reading stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// There is no such table, or nothing is known of any.
    NoTable,
    /// A page that cannot be read.
    Damage,
}
