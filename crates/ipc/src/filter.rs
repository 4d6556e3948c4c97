//! Which notes are wanted: one rule for the list on the screen and for the file that is written.

use domain::{DocumentId, MemberId, SittingId};
use ink::{Colour, MarkKind};
use serde::{Deserialize, Serialize};

use crate::command::Audience;
use crate::views::NoteCard;

/// Kinds of note, as a person tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoteKind {
    /// Marked text.
    Marked,
    /// A sticky note, a text box, a stamp, an answer.
    Written,
    /// Drawn by hand.
    Drawn,
}

impl NoteKind {
    /// What a mark is.
    #[must_use]
    pub const fn of(kind: &MarkKind) -> Self {
        match kind {
            MarkKind::Markup(_) => Self::Marked,
            MarkKind::Note { .. } | MarkKind::Text { .. } | MarkKind::Stamp(_) => Self::Written,
            MarkKind::Ink { .. } | MarkKind::Shape(_) => Self::Drawn,
        }
    }
}

/// Which notes are wanted; what is absent does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NoteFilter {
    /// Of this paper.
    pub document: Option<DocumentId>,
    /// Of this sitting.
    pub sitting: Option<SittingId>,
    /// With this audience.
    pub audience: Option<Audience>,
    /// In this colour.
    pub colour: Option<Colour>,
    /// Of this kind.
    pub kind: Option<NoteKind>,
    /// By this person.
    pub author: Option<MemberId>,
    /// Only what others made or changed since the paper was last read here.
    pub fresh: bool,
}

impl NoteFilter {
    /// Whether a note is wanted.
    #[must_use]
    pub fn admits(&self, card: &NoteCard) -> bool {
        let view = &card.view;
        self.document.is_none_or(|document| card.document == document)
            && self.sitting.is_none_or(|sitting| card.sitting == sitting)
            && self.audience.as_ref().is_none_or(|audience| view.audience.is(audience))
            && self.colour.is_none_or(|colour| view.mark.colour == colour)
            && self.kind.is_none_or(|kind| NoteKind::of(&view.mark.kind) == kind)
            && self.author.is_none_or(|author| view.author_id == author)
            && (view.fresh || !self.fresh)
    }
}
