//! The letter that convenes a sitting, as values: what it says, not how it looks.
//!
//! General Code of Local Authorities (CGCT), L2121-10: the convocation states the agenda; L2121-12: from
//! 3,500 inhabitants an explanatory note on each matter goes with it.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// How a council's letters begin and end; kept with the council.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Letterhead {
    /// Lines under the council's name: service, address, telephone.
    pub lines: Vec<String>,
    /// Where letters are signed, "Valbrune".
    pub town: String,
    /// Who signs, "Claire Delmas".
    pub signatory: String,
    /// In which capacity, "La maire".
    pub capacity: String,
    /// Arms or logo as SVG text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emblem: Option<String>,
    /// A Typst template of the council's own, in place of ours; it reads `/letter.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// One line of the agenda in the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterItem {
    /// Number from 1.
    pub number: usize,
    /// Its title.
    pub title: String,
    /// Who presents it.
    pub rapporteur: Option<String>,
    /// Discussed behind closed doors.
    pub closed_doors: bool,
    /// Whether the council decides on it.
    pub deliberative: bool,
    /// Titles of its papers, the report first.
    pub papers: Vec<String>,
}

/// Everything a convocation says. Days and hours are those of the council's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// Name of the council, "Ville de Valbrune".
    pub council: String,
    /// How its letters begin and end.
    pub letterhead: Letterhead,
    /// What sits, "Conseil municipal".
    pub title: String,
    /// When it sits.
    #[serde(serialize_with = "parts")]
    pub starts: DateTime,
    /// When the letter is made.
    #[serde(serialize_with = "parts")]
    pub made: DateTime,
    /// Where.
    pub place: String,
    /// The agenda, in order.
    pub items: Vec<LetterItem>,
    /// Why the time was shortened; none for an ordinary convocation.
    pub urgency: Option<String>,
    /// Whether it replaces a convocation sent before.
    pub replaces: bool,
    /// Article of the law that the time follows, "L2121-12".
    pub article: Option<String>,
    /// Whether the law wants an explanatory note with it.
    pub note_required: bool,
}

/// A letter that does not set: a mistake in the council's own template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the letter does not set: {detail}")]
pub struct LetterError {
    /// Every diagnostic, with its line.
    pub detail: String,
}

#[derive(Serialize)]
struct Parts {
    year: i16,
    month: i8,
    day: i8,
    /// 1 = Monday … 7 = Sunday.
    weekday: i8,
    hour: i8,
    minute: i8,
}

fn parts<S: serde::Serializer>(at: &DateTime, serializer: S) -> Result<S::Ok, S::Error> {
    Parts {
        year: at.year(),
        month: at.month(),
        day: at.day(),
        weekday: at.weekday().to_monday_one_offset(),
        hour: at.hour(),
        minute: at.minute(),
    }
    .serialize(serializer)
}
