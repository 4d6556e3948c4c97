//! What differs between two states of a sitting, and what the law makes of it.
//!
//! The agenda of a convened sitting is frozen (law R14: CAA Marseille, 24 February 1998 and 27
//! November 2008): a deliberative item that is added, or another day or hour, asks for a new
//! convocation that meets the deadline itself. A typing error does not. Where only the clerk can tell
//! which of the two it is (a title, a place, a paper), the clerk is asked.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::agenda::{AgendaItem, Document};
use crate::ids::{DocumentId, ItemId};
use crate::sitting::{Attendance, MOST_CHANGES, Sitting, SittingState};

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", content = "was", rename_all = "snake_case")]
pub enum Changed {
    /// The sitting's title; what it was.
    Title(String),
    /// Day or hour; what they were.
    Starts(Timestamp),
    /// The place; what it was.
    Place(String),
    /// Which body sits, or as what.
    Kind,
    /// How the members take part; how they did.
    Attendance(Attendance),
    /// The sitting was cancelled.
    Cancelled,
    /// A cancelled sitting takes place after all.
    Restored,
    /// An item is new; whether the council decides on it.
    ItemAdded {
        /// Whether it is voted.
        deliberative: bool,
    },
    /// An item was withdrawn.
    ItemWithdrawn,
    /// An item has another title; what it was.
    ItemRenamed(String),
    /// An item has another place on the agenda; its number before.
    ItemMoved(u32),
    /// An item is now discussed behind closed doors, or no longer; whether it was.
    ClosedDoors(bool),
    /// An item is now voted, or no longer; whether it was.
    Deliberative(bool),
    /// Someone else presents the item.
    Rapporteur,
    /// A paper is new.
    PaperAdded,
    /// A paper has a new version; the number before.
    PaperReplaced(u32),
    /// A paper was withdrawn.
    PaperWithdrawn,
    /// A paper has another title; what it was.
    PaperRenamed(String),
}

/// One change that everyone is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// When it was published.
    pub at: Timestamp,
    /// What changed.
    #[serde(flatten)]
    pub what: Changed,
    /// What it is about, as it stands now: title of the item or paper; empty for the sitting itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The item, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The paper, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// Why, in the clerk's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a change means for a convocation that has been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stake {
    /// Nothing: members are told, and that is all.
    None,
    /// Only the clerk can tell a typing error from another object.
    Asks,
    /// A new convocation within the deadline, or the urgency procedure.
    Convocation,
}

impl Change {
    /// What it means once the convocation has been sent (law R14).
    #[must_use]
    pub const fn stake(&self) -> Stake {
        match self.what {
            Changed::Starts(_)
            | Changed::Kind
            | Changed::Restored
            | Changed::ItemAdded { deliberative: true }
            | Changed::Deliberative(false) => Stake::Convocation,
            Changed::Title(_)
            | Changed::Place(_)
            | Changed::Attendance(_)
            | Changed::ItemRenamed(_)
            | Changed::PaperAdded
            | Changed::PaperReplaced(_)
            | Changed::PaperWithdrawn => Stake::Asks,
            Changed::Cancelled
            | Changed::ItemAdded { deliberative: false }
            | Changed::ItemWithdrawn
            | Changed::ItemMoved(_)
            | Changed::ClosedDoors(_)
            | Changed::Deliberative(true)
            | Changed::Rapporteur
            | Changed::PaperRenamed(_) => Stake::None,
        }
    }
}

/// The gravest stake of all changes; `None` as long as nobody has been convened.
#[must_use]
pub fn stake(state: SittingState, changes: &[Change]) -> Stake {
    match state {
        SittingState::Draft | SittingState::Published => Stake::None,
        SittingState::Convened | SittingState::Held | SittingState::Closed => {
            changes.iter().map(Change::stake).max().unwrap_or(Stake::None)
        }
    }
}

/// What the new state changes, in the order in which a person reads it: the sitting, then the agenda.
#[must_use]
pub fn between(old: &Sitting, new: &Sitting, at: Timestamp) -> Vec<Change> {
    let mut found = Found { at, changes: Vec::new() };
    if old.title != new.title {
        found.sitting(Changed::Title(old.title.clone()));
    }
    if old.starts != new.starts {
        found.sitting(Changed::Starts(old.starts));
    }
    if old.place != new.place {
        found.sitting(Changed::Place(old.place.clone()));
    }
    if (old.kind, old.body) != (new.kind, new.body) {
        found.sitting(Changed::Kind);
    }
    if old.attendance != new.attendance {
        found.sitting(Changed::Attendance(old.attendance));
    }
    match (&old.cancelled, &new.cancelled) {
        (None, Some(cancelled)) => {
            found.push(Changed::Cancelled, "", None, None, cancelled.reason.clone());
        }
        (Some(_), None) => found.sitting(Changed::Restored),
        (None, None) | (Some(_), Some(_)) => {}
    }
    found.papers(None, old.convocation.as_slice(), new.convocation.as_slice());
    found.items(&old.items, &new.items);
    found.papers(None, &old.others, &new.others);
    found.changes
}

/// Says why, of the changes that matter to a convocation and have no reason of their own; of all when
/// none does.
pub fn explain(changes: &mut [Change], reason: &str) {
    let any = changes.iter().any(|change| change.stake() != Stake::None);
    for change in changes.iter_mut().filter(|change| !any || change.stake() != Stake::None) {
        change.note.get_or_insert_with(|| reason.to_owned());
    }
}

/// Why a sitting was last changed in what its convocation says, after this moment. Changes are dated by
/// whole seconds: one of the same second came after, for what a convocation says was published before.
#[must_use]
pub fn reason_since(sitting: &Sitting, moment: Timestamp) -> Option<&str> {
    let since = moment.as_second();
    let after = sitting.changes.iter().rev().take_while(|change| change.at.as_second() >= since);
    after.filter(|change| change.stake() != Stake::None).find_map(|change| change.note.as_deref())
}

/// Adds changes to what the sitting remembers.
pub fn remember(sitting: &mut Sitting, changes: Vec<Change>) {
    sitting.changes.extend(changes);
    let more = sitting.changes.len().saturating_sub(MOST_CHANGES);
    sitting.changes.drain(..more);
}

struct Found {
    at: Timestamp,
    changes: Vec<Change>,
}

impl Found {
    fn push(
        &mut self,
        what: Changed,
        subject: &str,
        item: Option<ItemId>,
        document: Option<DocumentId>,
        note: Option<String>,
    ) {
        let subject = subject.to_owned();
        self.changes.push(Change { at: self.at, what, subject, item, document, note });
    }

    fn sitting(&mut self, what: Changed) {
        self.push(what, "", None, None, None);
    }

    fn items(&mut self, old: &[AgendaItem], new: &[AgendaItem]) {
        let moved = moved(old, new);
        for item in new {
            let Some(before) = old.iter().find(|known| known.id == item.id) else {
                let what = Changed::ItemAdded { deliberative: item.deliberative };
                self.push(what, &item.title, Some(item.id), None, None);
                continue;
            };
            let mut tell = |what: Changed| self.push(what, &item.title, Some(item.id), None, None);
            if before.title != item.title {
                tell(Changed::ItemRenamed(before.title.clone()));
            }
            if let Some((_, number)) = moved.iter().find(|(id, _)| *id == item.id) {
                tell(Changed::ItemMoved(*number));
            }
            if before.closed_doors != item.closed_doors {
                tell(Changed::ClosedDoors(before.closed_doors));
            }
            if before.deliberative != item.deliberative {
                tell(Changed::Deliberative(before.deliberative));
            }
            if before.rapporteur != item.rapporteur {
                tell(Changed::Rapporteur);
            }
            self.papers(Some(item.id), &before.documents, &item.documents);
        }
        for gone in old.iter().filter(|item| new.iter().all(|kept| kept.id != item.id)) {
            self.push(Changed::ItemWithdrawn, &gone.title, Some(gone.id), None, None);
        }
    }

    fn papers(&mut self, item: Option<ItemId>, old: &[Document], new: &[Document]) {
        for paper in new {
            let Some(before) = old.iter().find(|known| known.id == paper.id) else {
                self.push(Changed::PaperAdded, &paper.title, item, Some(paper.id), None);
                continue;
            };
            if let (Some(was), Some(is)) = (before.current(), paper.current())
                && was.sha256 != is.sha256
            {
                let what = Changed::PaperReplaced(was.number);
                self.push(what, &paper.title, item, Some(paper.id), is.note.clone());
            }
            // A report is called after its item: that is told once.
            if before.title != paper.title && paper.role != crate::DocumentRole::Report {
                let what = Changed::PaperRenamed(before.title.clone());
                self.push(what, &paper.title, item, Some(paper.id), None);
            }
        }
        for gone in old.iter().filter(|paper| new.iter().all(|kept| kept.id != paper.id)) {
            self.push(Changed::PaperWithdrawn, &gone.title, item, Some(gone.id), None);
        }
    }
}

/// Items that stand elsewhere than before, with their numbers before: the fewest whose moving
/// explains the new order (all but a longest common run).
fn moved(old: &[AgendaItem], new: &[AgendaItem]) -> Vec<(ItemId, u32)> {
    let places: Vec<(ItemId, usize)> = new
        .iter()
        .filter_map(|item| Some((item.id, old.iter().position(|known| known.id == item.id)?)))
        .collect();
    // Longest increasing run of old places, by length of the best run that ends at each.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (index, (_, place)) in places.iter().enumerate() {
        let before = places.iter().zip(&best).enumerate().take(index);
        let longest = before
            .filter(|(_, ((_, earlier), _))| earlier < place)
            .max_by_key(|(at, (_, (length, _)))| (*length, std::cmp::Reverse(*at)))
            .map(|(at, (_, (length, _)))| (*length, at));
        best.push(longest.map_or((1, None), |(length, at)| (length + 1, Some(at))));
    }
    let mut kept = vec![false; places.len()];
    let end =
        best.iter().enumerate().max_by_key(|(at, (length, _))| (*length, std::cmp::Reverse(*at)));
    let mut next = end.map(|(at, _)| at);
    while let Some(at) = next {
        if let Some(kept) = kept.get_mut(at) {
            *kept = true;
        }
        next = best.get(at).and_then(|(_, before)| *before);
    }
    let numbered = |place: usize| u32::try_from(place + 1).unwrap_or(u32::MAX);
    let all = places.iter().zip(kept).filter(|(_, kept)| !kept);
    all.map(|((id, place), _)| (*id, numbered(*place))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BodyKind, DocumentRole, DocumentVersion, Sha256, SittingId};

    fn paper(n: u8, versions: &[u8]) -> Document {
        let version = |(number, digest): (u32, &u8)| DocumentVersion {
            number,
            sha256: Sha256::from_bytes([*digest; 32]),
            bytes: 1,
            pages: 1,
            searchable: true,
            published: Timestamp::UNIX_EPOCH,
            note: (number > 1).then(|| "montant corrigé".to_owned()),
        };
        Document {
            id: DocumentId::from_bytes([n; 16]),
            title: format!("Annexe {n}"),
            role: DocumentRole::Annex,
            file_name: format!("{n}.pdf"),
            versions: (1..).zip(versions).map(version).collect(),
        }
    }

    fn item(n: u8) -> AgendaItem {
        AgendaItem {
            id: ItemId::from_bytes([n; 16]),
            title: format!("Point {n}"),
            documents: Vec::new(),
            theme: Vec::new(),
            rapporteur: None,
            closed_doors: false,
            deliberative: true,
        }
    }

    fn sitting(items: &[u8]) -> Sitting {
        Sitting {
            id: SittingId::from_bytes([9; 16]),
            title: "Conseil municipal".to_owned(),
            kind: BodyKind::Council,
            starts: Timestamp::UNIX_EPOCH,
            place: "Salle du conseil".to_owned(),
            state: SittingState::Convened,
            items: items.iter().map(|n| item(*n)).collect(),
            ..Sitting::untitled(SittingId::from_bytes([9; 16]))
        }
    }

    fn said(old: &Sitting, new: &Sitting) -> Vec<(Changed, String)> {
        let all = between(old, new, Timestamp::UNIX_EPOCH);
        all.into_iter().map(|change| (change.what, change.subject)).collect()
    }

    fn staked(old: &Sitting, new: &Sitting) -> Stake {
        stake(SittingState::Convened, &between(old, new, Timestamp::UNIX_EPOCH))
    }

    #[test]
    fn nothing_changed_is_nothing_said() {
        assert_eq!(said(&sitting(&[1, 2, 3]), &sitting(&[1, 2, 3])), []);
    }

    #[test]
    fn one_item_that_moves_is_one_change_whichever_way() {
        let old = sitting(&[1, 2, 3, 4, 5]);
        for (order, item, number) in [([2, 3, 4, 5, 1], 1, 1), ([5, 1, 2, 3, 4], 5, 5)] {
            let expected = [(Changed::ItemMoved(number), format!("Point {item}"))];
            assert_eq!(said(&old, &sitting(&order)), expected);
        }
        assert_eq!(said(&old, &sitting(&[5, 4, 3, 2, 1])).len(), 4);
    }

    #[test]
    fn an_item_added_before_others_moves_none_of_them() {
        let added = (Changed::ItemAdded { deliberative: true }, "Point 7".to_owned());
        assert_eq!(said(&sitting(&[1, 2]), &sitting(&[7, 1, 2])), [added]);
        let gone = (Changed::ItemWithdrawn, "Point 1".to_owned());
        assert_eq!(said(&sitting(&[1, 2]), &sitting(&[2])), [gone]);
    }

    #[test]
    fn a_replaced_paper_tells_why() {
        let (mut old, mut new) = (sitting(&[1]), sitting(&[1]));
        old.items[0].documents.push(paper(4, &[1]));
        new.items[0].documents.push(paper(4, &[1, 2]));
        let all = between(&old, &new, Timestamp::UNIX_EPOCH);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].what, Changed::PaperReplaced(1));
        assert_eq!(all[0].note.as_deref(), Some("montant corrigé"));
        assert_eq!(all[0].item, Some(old.items[0].id));
    }

    /// Law R14, case by case.
    #[test]
    fn the_agenda_of_a_convened_sitting_is_frozen() {
        let old = sitting(&[1, 2]);
        let changed = |change: &dyn Fn(&mut Sitting)| {
            let mut new = old.clone();
            change(&mut new);
            staked(&old, &new)
        };
        let information = AgendaItem { deliberative: false, ..item(7) };
        assert_eq!(changed(&|s| s.items.push(item(7))), Stake::Convocation);
        assert_eq!(changed(&|s| s.items.push(information.clone())), Stake::None);
        assert_eq!(changed(&|s| s.items.swap(0, 1)), Stake::None);
        assert_eq!(changed(&|s| drop(s.items.pop())), Stake::None);
        assert_eq!(changed(&|s| s.items[0].title.push('s')), Stake::Asks);
        assert_eq!(changed(&|s| s.place.push('s')), Stake::Asks);
        assert_eq!(
            changed(&|s| s.starts = Timestamp::from_second(3_600).unwrap()),
            Stake::Convocation
        );
        let mut informed = old.clone();
        informed.items[0].deliberative = false;
        assert_eq!(staked(&informed, &old), Stake::Convocation);
        let free = between(&old, &sitting(&[1, 2, 7]), Timestamp::UNIX_EPOCH);
        assert_eq!(stake(SittingState::Published, &free), Stake::None);
    }

    #[test]
    fn the_oldest_changes_make_room() {
        let mut sitting = sitting(&[1]);
        for n in 0..MOST_CHANGES + 5 {
            let what = Changed::Place(n.to_string());
            let mut found = Found { at: Timestamp::UNIX_EPOCH, changes: Vec::new() };
            found.sitting(what);
            remember(&mut sitting, found.changes);
        }
        assert_eq!(sitting.changes.len(), MOST_CHANGES);
        assert_eq!(sitting.changes[0].what, Changed::Place("5".to_owned()));
    }
}
