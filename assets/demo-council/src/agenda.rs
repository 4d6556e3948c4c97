//! Agendas: what `data/*.toml` says of a sitting, and the `sitting.toml` that `pupitre-cli publish` reads.

use std::str::FromStr;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, ZONE, spell};

/// A sitting as its data file describes it; papers are named without their extension.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agenda {
    /// "Conseil municipal"
    pub title: String,
    /// `council` or `committee`.
    pub kind: String,
    /// Where it sits.
    pub place: String,
    /// Time of the day it starts, "18:30".
    pub time: Time,
    /// The convocation's paper.
    pub convocation: String,
    /// Papers that are scanned.
    #[serde(default)]
    pub scanned: Vec<String>,
    /// Papers whose pages are stored upright and shown turned.
    #[serde(default)]
    pub turned: Vec<String>,
    /// The items in their order.
    pub item: Vec<Item>,
}

/// One item of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its title.
    pub title: String,
    /// The report's paper.
    pub report: String,
    /// The annexes' papers, in order.
    pub annexes: Vec<String>,
    /// Themes, the widest first.
    pub theme: Vec<String>,
    /// Full name of the member who reports.
    pub rapporteur: String,
    /// Debated behind closed doors.
    #[serde(default)]
    pub closed_doors: bool,
    /// Voted upon.
    #[serde(default = "voted_upon")]
    pub deliberative: bool,
}

fn voted_upon() -> bool {
    true
}

/// `sitting.toml`.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct SittingToml {
    title: String,
    kind: String,
    starts: toml::value::Datetime,
    place: String,
    convocation: String,
    item: Vec<Item>,
}

impl Agenda {
    /// Reads a data file, the days of `calendar` put into its titles.
    ///
    /// # Errors
    /// A file that has lost a field.
    pub fn read(data: &str, calendar: Calendar) -> Result<Self, toml::de::Error> {
        let mut agenda: Self = toml::from_str(data)?;
        for item in &mut agenda.item {
            item.title = item.title.replace("{past}", &spell(calendar.past).short);
        }
        Ok(agenda)
    }

    /// Every paper in reading order, with the rank of its item from 1; the convocation has none.
    pub fn papers(&self) -> Vec<(Option<usize>, &str)> {
        let mut papers = vec![(None, self.convocation.as_str())];
        for (item, rank) in self.item.iter().zip(1..) {
            papers.push((Some(rank), item.report.as_str()));
            papers.extend(item.annexes.iter().map(|annex| (Some(rank), annex.as_str())));
        }
        papers
    }

    /// The sitting held on `day` as `sitting.toml`.
    ///
    /// # Errors
    /// A day and time that no calendar has, or a value TOML cannot say.
    pub fn sitting_toml(&self, day: Date) -> Result<String, SittingError> {
        let starts = day.to_datetime(self.time).in_tz(ZONE)?;
        let starts = starts.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        let pdf = |name: &String| format!("{name}.pdf");
        let item = |item: &Item| Item {
            report: pdf(&item.report),
            annexes: item.annexes.iter().map(pdf).collect(),
            ..item.clone()
        };
        let sitting = SittingToml {
            title: self.title.clone(),
            kind: self.kind.clone(),
            starts: toml::value::Datetime::from_str(&starts)?,
            place: self.place.clone(),
            convocation: pdf(&self.convocation),
            item: self.item.iter().map(item).collect(),
        };
        Ok(toml::to_string(&sitting)?)
    }
}

/// A sitting that cannot be written as `sitting.toml`.
#[derive(Debug, thiserror::Error)]
pub enum SittingError {
    /// The day and time do not exist in the commune's zone.
    #[error("the sitting's day and time do not exist: {0}")]
    Time(#[from] jiff::Error),
    /// The start is not a TOML date and time.
    #[error("the sitting's start cannot be written: {0}")]
    Start(#[from] toml::value::DatetimeParseError),
    /// A value TOML cannot say.
    #[error("the sitting cannot be written: {0}")]
    Toml(#[from] toml::ser::Error),
}
