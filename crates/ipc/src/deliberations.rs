//! What stands in a file of deliberations (SCDL "délibérations", schema 2.1.5).

use domain::Date;
use serde::{Deserialize, Serialize};

use crate::reason::Reason;

/// One deliberation, as a file tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Deliberation {
    /// Line from 1 on which it begins.
    pub line: u64,
    /// Its number (`DELIB_ID`).
    pub number: String,
    /// The day of its sitting.
    pub date: Option<Date>,
    /// Its code in the nomenclature ACTES, "7.10".
    pub matter_code: Option<String>,
    /// Its matter in words.
    pub matter: String,
    /// What it is about.
    pub object: String,
    /// The budget's year, or two parted by a slash.
    pub budget_year: Option<String>,
    /// The budget's name.
    pub budget: Option<String>,
    /// The prefecture that received it.
    pub prefecture: Option<String>,
    /// The day on which it was received there.
    pub received: Option<Date>,
    /// Members in office.
    pub members: Option<u32>,
    /// Members who took part, absent ones left out.
    pub present: Option<u32>,
    /// Votes in favour, proxies counted.
    pub in_favour: Option<u32>,
    /// Votes against, proxies counted.
    pub against: Option<u32>,
    /// Abstentions.
    pub abstained: Option<u32>,
    /// Where its text can be read.
    pub url: Option<String>,
}

/// A file of deliberations as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliberationsFile {
    /// Its name.
    pub file: String,
    /// How its letters are encoded.
    pub encoding: String,
    /// What parts its columns.
    pub delimiter: char,
    /// The assemblies it is about, by name and SIRET.
    pub councils: Vec<(String, String)>,
    /// The deliberations, in its order.
    pub deliberations: Vec<Deliberation>,
    /// Columns that the schema does not know.
    pub ignored: Vec<String>,
    /// Where the file departs from the schema and can be read nevertheless; each is a
    /// [`Reason::InFile`].
    pub departures: Vec<Reason>,
    /// Rows that cannot be read; each is a [`Reason::InFile`].
    pub mistakes: Vec<Reason>,
}

/// What came of bringing a file of deliberations onto an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Whether the items were added; false when a row cannot be read.
    pub done: bool,
    /// How many items were added.
    pub added: u32,
    /// Rows that cannot be read; each is a [`Reason::InFile`].
    pub mistakes: Vec<Reason>,
    /// Where the file departs from the schema; each is a [`Reason::InFile`].
    pub departures: Vec<Reason>,
}
