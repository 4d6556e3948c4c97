//! The facts that templates read: `/data/*.json`, shared by all papers or given to one.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use crate::agenda::{Agenda, Item};
use crate::budget::sheets::Sheet;
use crate::budget::{Budget, annexes, sheets};
use crate::calendar::{Calendar, Spelled, spell};
use crate::council::Council;
use crate::{loan, tender};

/// The loan of the Tilleuls: guaranteed principal in cents, years, rate.
pub const TILLEULS: (i64, u32, f64) = (124_000_000, 25, 0.031);

/// Data that cannot be read: always a mistake in `data/`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A data file has lost a field.
    #[error("the demo's data cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// A value JSON cannot say.
    #[error("the demo's facts cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// The files that every template may read.
///
/// # Errors
/// A data file that has lost a field.
pub fn shared(calendar: Calendar, council: &Council) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let budget = Budget::read()?;
    let tables = annexes::read()?;
    let sheets: Vec<Sheet> = sheets::cut(&budget, &tables);
    let (principal, years, rate) = TILLEULS;
    let days: BTreeMap<&str, Spelled> = [
        ("today", calendar.today),
        ("next", calendar.next),
        ("past", calendar.past),
        ("committee_past", calendar.committee_past),
        ("committee_next", calendar.committee_next),
    ]
    .map(|(name, day)| (name, spell(day)))
    .into();
    let year = calendar.today.year();
    let values = [
        ("/data/council.json", serde_json::to_vec(council)?),
        ("/data/days.json", serde_json::to_vec(&json!({ "days": days, "year": year }))?),
        ("/data/budget.json", serde_json::to_vec(&budget)?),
        ("/data/sheets.json", serde_json::to_vec(&sheets)?),
        ("/data/loan.json", serde_json::to_vec(&loan::schedule(principal, years, rate))?),
        ("/data/lots.json", serde_json::to_vec(&tender::read()?)?),
    ];
    Ok(values.map(|(path, bytes)| (path.to_owned(), bytes)).into())
}

/// What one paper knows of itself: its sitting and, for the papers of an item, the item.
#[derive(Debug, Serialize)]
pub struct Paper<'a> {
    /// "seance-prochaine/03-rapport-garantie-emprunt"
    pub name: &'a str,
    /// The sitting's title, "Conseil municipal".
    pub sitting: &'a str,
    /// Where it sits.
    pub place: &'a str,
    /// The day it sits.
    pub day: &'a Spelled,
    /// The day its papers are dated.
    pub made: &'a Spelled,
    /// The hour, "18 h 30".
    pub hour: &'a str,
    /// Rank of the item from 1, with the item.
    pub rank: Option<usize>,
    /// The item.
    pub item: Option<&'a Item>,
    /// The whole agenda.
    pub agenda: &'a [Item],
}

/// The hour of a sitting as a paper prints it.
pub fn hour(agenda: &Agenda) -> String {
    if agenda.time.minute() == 0 {
        format!("{} heures", agenda.time.hour())
    } else {
        format!("{} h {:02}", agenda.time.hour(), agenda.time.minute())
    }
}
