//! Files of deliberations in the form of the SCDL ("délibérations", schema 2.1.5): read as a pure
//! function, with everything that is wrong by its line.
//!
//! Files in the wild keep to the schema in spirit: codes left out, columns added, line ends within a
//! title. What can be read is read, and where it departs from the schema is told; only a row without its
//! object, or with columns that have slipped, is a mistake.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::{Date, Listed};
use ipc::{Deliberation, DeliberationsFile, ErrorCode, Problem, Reason};

use crate::roll::{mistake, table, text};

/// Largest file, in bytes: two thousand deliberations a year for ten years are 20 MB.
const LARGEST: u64 = 64 * 1024 * 1024;
/// How many rows may stand before the names of the columns.
const PREAMBLE: usize = 20;

/// The columns in the schema's order, and whether each must be filled.
const COLUMNS: [(&str, bool); 17] = [
    ("COLL_NOM", true),
    ("COLL_SIRET", true),
    ("DELIB_ID", true),
    ("DELIB_DATE", true),
    ("DELIB_MATIERE_CODE", true),
    ("DELIB_MATIERE_NOM", true),
    ("DELIB_OBJET", true),
    ("BUDGET_ANNEE", false),
    ("BUDGET_NOM", false),
    ("PREF_ID", false),
    ("PREF_DATE", false),
    ("VOTE_EFFECTIF", false),
    ("VOTE_REEL", false),
    ("VOTE_POUR", false),
    ("VOTE_CONTRE", false),
    ("VOTE_ABSTENTION", false),
    ("DELIB_URL", false),
];

/// Last number of each of the nine matters of the nomenclature ACTES, second level.
const MATTERS: [u32; 9] = [7, 3, 6, 5, 8, 5, 10, 9, 4];

/// Reads a file.
///
/// # Errors
/// There is no such file, or it is too large.
pub fn read_file(path: &Path) -> Result<DeliberationsFile, Problem> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let unreadable = || Problem::about(ErrorCode::FileUnreadable, path.display().to_string());
    let meta = std::fs::metadata(path).map_err(|_| unreadable())?;
    if !meta.is_file() {
        return Err(unreadable());
    }
    if meta.len() > LARGEST {
        return Err(Reason::FileTooLarge { file: name }.into());
    }
    Ok(read(&name, &std::fs::read(path).map_err(|_| unreadable())?))
}

/// Reads deliberations.
#[must_use]
pub fn read(file: &str, bytes: &[u8]) -> DeliberationsFile {
    let mut found = DeliberationsFile {
        file: file.to_owned(),
        encoding: String::new(),
        delimiter: ',',
        councils: Vec::new(),
        deliberations: Vec::new(),
        ignored: Vec::new(),
        departures: Vec::new(),
        mistakes: Vec::new(),
    };
    let Some((text, encoding)) = text::decode(bytes) else {
        found.mistakes.push(mistake(file, 0, Reason::NoList));
        return found;
    };
    let table = table::read(&text);
    encoding.clone_into(&mut found.encoding);
    found.delimiter = table.delimiter;
    let is_head = |row: &&table::Row| row.fields.iter().any(|name| known(name) == "DELIB_OBJET");
    let Some(head) = table.rows.iter().take(PREAMBLE).find(is_head) else {
        let line = table.rows.first().map_or(0, |row| row.line);
        let key = "DELIB_OBJET".to_owned();
        found.mistakes.push(mistake(file, line, Reason::MissingKey { key }));
        return found;
    };
    let columns: Vec<String> = head.fields.iter().map(|name| known(name)).collect();
    let of_schema = |name: &String| COLUMNS.iter().any(|(column, _)| column == name);
    let named = head.fields.iter().zip(&columns).filter(|(_, column)| !of_schema(column));
    found.ignored = named.map(|(name, _)| name.clone()).filter(|name| !name.is_empty()).collect();
    for (column, needed) in COLUMNS {
        if needed && !columns.iter().any(|name| name == column) {
            let key = column.to_owned();
            found.departures.push(mistake(file, head.line, Reason::MissingKey { key }));
        }
    }
    let order: Vec<&String> = columns.iter().filter(|name| of_schema(name)).collect();
    let places = order.iter().map(|name| COLUMNS.iter().position(|(column, _)| column == *name));
    if !places.is_sorted() {
        found.departures.push(mistake(file, head.line, Reason::ColumnOrder));
    }
    found.mistakes.extend(table.open.map(|(line, what)| mistake(file, line, what)));
    let mut reading = Reading { columns, numbers: BTreeMap::new(), councils: BTreeSet::new() };
    for row in table.rows.iter().filter(|row| row.line > head.line) {
        let mut departures = Vec::new();
        match reading.row(row, &mut departures) {
            Ok(deliberation) => found.deliberations.push(deliberation),
            Err(what) => found.mistakes.push(mistake(file, row.line, what)),
        }
        found.departures.extend(departures.into_iter().map(|what| mistake(file, row.line, what)));
    }
    if found.deliberations.is_empty() && found.mistakes.is_empty() {
        found.mistakes.push(mistake(file, 0, Reason::NoRows));
    }
    found.councils = reading.councils.into_iter().collect();
    found
}

/// A column's name as the schema writes it.
fn known(name: &str) -> String {
    name.trim().to_ascii_uppercase().replace([' ', '-'], "_")
}

struct Reading {
    columns: Vec<String>,
    /// The line on which each number stands.
    numbers: BTreeMap<String, u64>,
    councils: BTreeSet<(String, String)>,
}

impl Reading {
    fn row(
        &mut self,
        row: &table::Row,
        departures: &mut Vec<Reason>,
    ) -> Result<Deliberation, Reason> {
        let (columns, line) = (self.columns.len(), row.line);
        let surplus = row.fields.get(columns..).unwrap_or_default();
        if row.fields.len() < columns || surplus.iter().any(|field| !field.is_empty()) {
            return Err(Reason::Ragged { number: row.fields.len(), most: columns });
        }
        let mut fields = Fields { columns: &self.columns, row, departures };
        let object = one_line(fields.text("DELIB_OBJET"));
        if object.is_empty() {
            return Err(Reason::MissingKey { key: "DELIB_OBJET".to_owned() });
        }
        for (column, needed) in COLUMNS {
            if needed
                && fields.columns.iter().any(|name| name == column)
                && fields.text(column).is_empty()
            {
                fields.departures.push(Reason::MissingKey { key: column.to_owned() });
            }
        }
        let council = (one_line(fields.text("COLL_NOM")), fields.shaped("COLL_SIRET", is_siret));
        let number = fields.text("DELIB_ID").to_owned();
        let deliberation = Deliberation {
            line,
            date: fields.day("DELIB_DATE"),
            matter_code: some(fields.shaped("DELIB_MATIERE_CODE", is_matter)),
            matter: one_line(fields.text("DELIB_MATIERE_NOM")),
            object,
            budget_year: some(fields.shaped("BUDGET_ANNEE", is_budget_year)),
            budget: some(one_line(fields.text("BUDGET_NOM"))),
            prefecture: some(fields.shaped("PREF_ID", is_prefecture)),
            received: fields.day("PREF_DATE"),
            members: fields.count("VOTE_EFFECTIF"),
            present: fields.count("VOTE_REEL"),
            in_favour: fields.count("VOTE_POUR"),
            against: fields.count("VOTE_CONTRE"),
            abstained: fields.count("VOTE_ABSTENTION"),
            url: some(fields.text("DELIB_URL").to_owned()),
            number: number.clone(),
        };
        let votes = [deliberation.in_favour, deliberation.against, deliberation.abstained];
        let votes: u64 = votes.iter().flatten().map(|votes| u64::from(*votes)).sum();
        if let Some(members) = deliberation.members.filter(|members| votes > u64::from(*members)) {
            let number = usize::try_from(votes).unwrap_or(usize::MAX);
            let most = usize::try_from(members).unwrap_or(usize::MAX);
            departures.push(Reason::TooManyVotes { number, most });
        }
        if let Some(above) = self.numbers.get(&number).filter(|_| !number.is_empty()) {
            let above = usize::try_from(*above).unwrap_or(usize::MAX);
            departures.push(Reason::SameNumber { text: number, number: above });
        } else {
            self.numbers.insert(number, line);
        }
        if !council.0.is_empty() {
            self.councils.insert(council);
        }
        Ok(deliberation)
    }
}

/// The fields of one row, by their columns.
struct Fields<'a> {
    columns: &'a [String],
    row: &'a table::Row,
    departures: &'a mut Vec<Reason>,
}

impl Fields<'_> {
    /// A field; empty when there is none.
    fn text(&self, column: &str) -> &str {
        let place = self.columns.iter().position(|name| name == column);
        place.and_then(|place| self.row.fields.get(place)).map_or("", String::as_str)
    }

    /// A field that must have a form; it is kept as it stands.
    fn shaped(&mut self, column: &str, form: impl Fn(&str) -> bool) -> String {
        let text = self.text(column).to_owned();
        if !text.is_empty() && !form(&text) {
            self.departs(column, &text);
        }
        text
    }

    /// A day, as the schema writes it or as the French do.
    fn day(&mut self, column: &str) -> Option<Date> {
        let text = self.text(column).to_owned();
        if text.is_empty() {
            return None;
        }
        if let Ok(day) = text.parse() {
            return Some(day);
        }
        self.departs(column, &text);
        let mut parts = text.splitn(3, '/');
        let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Date::new(parts.next()?.parse().ok()?, month, day).ok()
    }

    fn count(&mut self, column: &str) -> Option<u32> {
        let text = self.text(column).to_owned();
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok();
        if number.is_none() {
            self.departs(column, &text);
        }
        number
    }

    fn departs(&mut self, column: &str, text: &str) {
        let (key, text) = (column.to_owned(), text.to_owned());
        self.departures.push(Reason::NotAsWritten { key, text });
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn digits(text: &str, many: usize) -> bool {
    text.len() == many && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_siret(text: &str) -> bool {
    digits(text, 14)
}

fn is_matter(text: &str) -> bool {
    let Some((matter, rest)) = text.split_once('.') else { return false };
    let last = matter.parse::<usize>().ok().and_then(|n| MATTERS.get(n.checked_sub(1)?));
    let number = rest.parse::<u32>().ok().filter(|_| !rest.starts_with(['0', '+']));
    digits(matter, 1)
        && last.zip(number).is_some_and(|(last, number)| (1..=*last).contains(&number))
}

fn is_budget_year(text: &str) -> bool {
    match text.split_once('/') {
        Some((first, second)) => digits(first, 4) && digits(second, 4),
        None => digits(text, 4),
    }
}

/// A prefecture, one of its districts, or a region's secretariat: the number of a département is three
/// signs, of which Corsica's has a letter.
fn is_prefecture(text: &str) -> bool {
    let place = |rest: &str, many: usize| {
        rest.len() == many
            && rest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'A' | b'B'))
    };
    let after = |head| text.strip_prefix(head);
    after("SPREF").is_some_and(|rest| place(rest, 4))
        || after("PREF").is_some_and(|rest| place(rest, 3))
        || after("SGAR").is_some_and(|rest| place(rest, 3))
}

/// The deliberations of a day as items of an agenda.
///
/// # Errors
/// The file is about several days, and the one that is asked for is none of them.
pub(crate) fn items(
    read: &DeliberationsFile,
    on: Option<Date>,
    day_of_sitting: Date,
) -> Result<Vec<Listed>, Reason> {
    let days: BTreeSet<Date> = read.deliberations.iter().filter_map(|one| one.date).collect();
    let wanted = on.unwrap_or(day_of_sitting);
    let all = on.is_none() && days.len() <= 1;
    if !all && !days.contains(&wanted) {
        let days = days.iter().map(Date::to_string).collect::<Vec<_>>().join(", ");
        return Err(mistake(&read.file, 0, Reason::SeveralDays { days }));
    }
    let chosen = read.deliberations.iter().filter(|one| all || one.date == Some(wanted));
    Ok(chosen
        .map(|one| Listed {
            number: some(one.number.clone()),
            title: one.object.clone(),
            theme: some(one.matter.clone()).into_iter().collect(),
            deliberative: true,
            ..Listed::default()
        })
        .collect())
}

#[cfg(test)]
mod tests;
