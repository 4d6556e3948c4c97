//! The agenda is frozen once the convocation has left (R14).
//!
//! Only items on the convocation can be decided; adding one at the opening is unlawful (CAA
//! Marseille 24 Feb 1998, 27 Nov 2008). A corrected convocation replaces the former and must itself
//! meet the deadline. Items for information are free.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::agenda::AgendaItem;
use crate::ids::ItemId;

use super::deadline::{Deadline, Standing};

/// One difference between the agenda that was sent and the one that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum AgendaChange {
    /// An item to be decided that the convocation does not name.
    Added {
        /// The item.
        item: ItemId,
        /// Its title.
        title: String,
    },
    /// An item that was for information and is now to be decided.
    NowDecided {
        /// The item.
        item: ItemId,
        /// Its title.
        title: String,
    },
    /// An item whose title has changed in more than its spelling.
    Retitled {
        /// The item.
        item: ItemId,
        /// Title on the convocation.
        before: String,
        /// Title now.
        title: String,
    },
    /// A slip of the pen that was put right.
    Corrected {
        /// The item.
        item: ItemId,
        /// Title now.
        title: String,
    },
    /// An item for information that is new.
    Information {
        /// The item.
        item: ItemId,
        /// Its title.
        title: String,
    },
    /// An item that will not be examined.
    Withdrawn {
        /// The item.
        item: ItemId,
        /// Its title.
        title: String,
    },
}

impl AgendaChange {
    /// Whether the change can only be decided on a new convocation.
    #[must_use]
    pub const fn needs_convocation(&self) -> bool {
        match self {
            Self::Added { .. } | Self::NowDecided { .. } | Self::Retitled { .. } => true,
            Self::Corrected { .. } | Self::Information { .. } | Self::Withdrawn { .. } => false,
        }
    }
}

/// What a change of the agenda asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Freeze {
    /// Nothing: members are told.
    Free,
    /// A new convocation, for which there is still time.
    NewConvocation,
    /// It is too late for a new convocation: only the urgency procedure, or another sitting.
    UrgencyOnly,
}

/// What has changed since the convocation, in the order of the agenda, withdrawals last.
#[must_use]
pub fn changes(convened: &[AgendaItem], now: &[AgendaItem]) -> Vec<AgendaChange> {
    let before: BTreeMap<ItemId, &AgendaItem> =
        convened.iter().map(|item| (item.id, item)).collect();
    let mut changes: Vec<AgendaChange> =
        now.iter().filter_map(|item| change(before.get(&item.id).copied(), item)).collect();
    let gone = convened.iter().filter(|item| !now.iter().any(|kept| kept.id == item.id));
    changes.extend(
        gone.map(|item| AgendaChange::Withdrawn { item: item.id, title: item.title.clone() }),
    );
    changes
}

fn change(before: Option<&AgendaItem>, now: &AgendaItem) -> Option<AgendaChange> {
    let (item, title) = (now.id, now.title.clone());
    let Some(before) = before else {
        return Some(if now.deliberative {
            AgendaChange::Added { item, title }
        } else {
            AgendaChange::Information { item, title }
        });
    };
    if now.deliberative && !before.deliberative {
        return Some(AgendaChange::NowDecided { item, title });
    }
    if before.title == now.title {
        return None;
    }
    Some(if now.deliberative && !is_correction(&before.title, &now.title) {
        AgendaChange::Retitled { item, before: before.title.clone(), title }
    } else {
        AgendaChange::Corrected { item, title }
    })
}

/// What these changes ask for, given the deadline of a convocation that would leave today.
#[must_use]
pub fn freeze(changes: &[AgendaChange], deadline: &Deadline, today: jiff::civil::Date) -> Freeze {
    if !changes.iter().any(AgendaChange::needs_convocation) {
        return Freeze::Free;
    }
    let fresh = Deadline { judgement: None, ..deadline.clone() };
    match fresh.standing(today) {
        Standing::Ample | Standing::Short => Freeze::NewConvocation,
        Standing::Late => Freeze::UrgencyOnly,
    }
}

/// Whether one title is the other with a slip of the pen put right: the same figures, and no more
/// than one letter in eight changed. "Budget 2026" to "Budget 2027" is another subject.
fn is_correction(before: &str, now: &str) -> bool {
    let figures = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let letters = |text: &str| {
        let kept = text.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect::<Vec<char>>()
    };
    let (before_letters, now_letters) = (letters(before), letters(now));
    let allowed = before_letters.len().max(now_letters.len()) / 8;
    figures(before) == figures(now) && distance(&before_letters, &now_letters) <= allowed
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut beside = i + 1;
        let mut next = vec![beside];
        for (right, above) in b.iter().zip(row.iter().skip(1)) {
            beside = (diagonal + usize::from(left != right)).min(above + 1).min(beside + 1);
            diagonal = *above;
            next.push(beside);
        }
        row = next;
    }
    row.last().copied().unwrap_or(a.len())
}
