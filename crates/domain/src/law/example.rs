//! Worked examples of the rules, as they stand in `rules.toml` under each of them.

use jiff::civil::Date;
use serde::Deserialize;

use super::ballot::{Outcome, Stance};
use super::rulebook::Mark;

/// One worked example.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Example {
    /// So many clear days between two dates?
    ClearDays {
        /// How many are needed.
        days: u16,
        /// Day of dispatch.
        dispatch: Date,
        /// Day of the sitting.
        sitting: Date,
        /// Whether they are enough.
        regular: bool,
        /// Earliest day on which the sitting would have been lawful.
        earliest: Option<Date>,
        /// How sure the example is.
        mark: Mark,
    },
    /// The latest day of dispatch for so many clear days.
    Latest {
        /// How many are needed.
        days: u16,
        /// Day of the sitting.
        sitting: Date,
        /// Latest day.
        latest: Date,
        /// How sure the example is.
        mark: Mark,
    },
    /// The row itself, put to the question for every kind and population of its scope.
    Deadline {
        /// Day of the sitting.
        sitting: Date,
        /// The sitting without quorum or the decisive round before it.
        after: Option<Date>,
        /// Latest day of dispatch.
        latest: Date,
        /// Safe day of dispatch.
        safe: Option<Date>,
        /// A dispatch to be judged.
        dispatch: Option<Date>,
        /// Its verdict.
        regular: Option<bool>,
        /// Earliest day of a sitting convened on that day.
        earliest: Option<Date>,
        /// How sure the example is.
        mark: Mark,
    },
    /// How many must be present.
    Quorum {
        /// Members in office.
        in_office: u32,
        /// Present at least.
        needed: u32,
        /// How sure the example is.
        mark: Mark,
    },
    /// What became of a vote.
    Majority {
        /// Votes for.
        #[serde(rename = "for")]
        for_: u32,
        /// Votes against.
        against: u32,
        /// What the president voted.
        president: Option<Stance>,
        /// Whether the ballot was secret.
        #[serde(default)]
        secret: bool,
        /// What became of it.
        outcome: Outcome,
        /// How sure the example is.
        mark: Mark,
    },
    /// How many must ask for a ballot.
    Ballot {
        /// Members present.
        present: u32,
        /// How many must ask.
        asking: u32,
        /// How sure the example is.
        mark: Mark,
    },
}
