//! The law, example by example and by its properties.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

mod agenda;
mod examples;
mod people;
mod properties;
mod reasons;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use pupitre_domain::CouncilKind;
use pupitre_domain::law::{LocalLaw, Procedure, Question};
use pupitre_domain::member::BodyKind;

/// An ordinary sitting of a commune in Paris time.
pub(crate) fn commune(population: u32, sitting: Date) -> Question {
    question(CouncilKind::Commune, population, None, Procedure::Ordinary, sitting)
}

pub(crate) fn question(
    kind: CouncilKind,
    population: u32,
    local_law: Option<LocalLaw>,
    procedure: Procedure,
    sitting: Date,
) -> Question {
    Question {
        kind,
        population,
        local_law,
        zone: TimeZone::get("Europe/Paris").unwrap(),
        body: BodyKind::Council,
        procedure,
        sitting,
        after: None,
        dispatch: None,
        house_days: None,
        strict: false,
    }
}
