//! One sitting: when, where, what is on its agenda.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::agenda::{AgendaItem, Document, DocumentRole};
use crate::changes::Change;
use crate::ids::{BodyId, DocumentId, ItemId, SittingId};
use crate::member::BodyKind;

/// Where a sitting stands between the clerk's desk and the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SittingState {
    /// Seen by clerks only.
    Draft,
    /// Its papers can be read.
    Published,
    /// Its convocation has been sent.
    Convened,
    /// It has taken place.
    Held,
    /// Its minutes are approved; nothing changes any more.
    Closed,
}

/// How the members take part. Whether the law allows the last two depends on the body (law R30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attendance {
    /// Everyone in the room.
    #[default]
    Room,
    /// In the room, some by video.
    Hybrid,
    /// Everyone by video.
    Remote,
}

impl Attendance {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's own signature")]
    fn is_room(&self) -> bool {
        *self == Self::Room
    }
}

/// A sitting that does not take place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// When the clerk said so.
    pub at: Timestamp,
    /// Why, in the clerk's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Where a draft came from that no clerk made. It is taken off when the sitting is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// Name of the software, as the server's operator gave it.
    pub by: String,
    /// When it came.
    pub at: Timestamp,
    /// Full names of those it would have convened, in its order. Whom to convene is the clerk's to
    /// say: they are compared with the council's members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// The same people with what it knows of them, from which a clerk makes members in one gesture.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invitees: Vec<Invitee>,
}

/// Somebody whom other software would convene; nothing of it has been checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitee {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// Mobile telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Function in the assembly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
}

impl Invitee {
    /// First and last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}

/// One sitting with its whole agenda. It is published as one record: never a half sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// The sitting's identifier.
    pub id: SittingId,
    /// Its title, "Conseil municipal".
    pub title: String,
    /// Which kind of body sits.
    pub kind: BodyKind,
    /// When it starts.
    pub starts: Timestamp,
    /// Where it takes place.
    pub place: String,
    /// Where it stands.
    pub state: SittingState,
    /// The convocation letter, if the clerk gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub convocation: Option<Document>,
    /// The agenda, in order; an item's number is its place in this list, from 1.
    pub items: Vec<AgendaItem>,
    /// Which committee or bureau sits, when the council keeps its bodies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<BodyId>,
    /// How the members take part.
    #[serde(default, skip_serializing_if = "Attendance::is_room")]
    pub attendance: Attendance,
    /// Papers that belong to no item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Document>,
    /// What has changed since it was first published, oldest first, at most [`MOST_CHANGES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Set when it does not take place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<Cancellation>,
    /// Set in a draft that other software brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought: Option<Brought>,
}

/// Changes that a sitting remembers; the oldest make room.
pub const MOST_CHANGES: usize = 200;

/// Why a sitting cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SittingError {
    /// The sitting has no title.
    #[error("The sitting has no title.")]
    NoTitle,
    /// An item has no title.
    #[error("Item {number} has no title.")]
    ItemWithoutTitle {
        /// Number on the agenda, from 1.
        number: usize,
    },
    /// The same identifier stands twice.
    #[error("Item {number} uses an identifier that is already taken.")]
    Repeated {
        /// Number on the agenda, from 1.
        number: usize,
    },
    /// A paper has no version.
    #[error("The paper \"{title}\" has no file.")]
    NoVersion {
        /// Title of the paper.
        title: String,
    },
}

/// One paper in agenda order, with its item and where it lies in the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacketEntry<'a> {
    /// Number of its item from 1; 0 for the convocation and for papers of no item.
    pub item_number: usize,
    /// Its item; none for the convocation and for papers of no item.
    pub item: Option<&'a AgendaItem>,
    /// The paper.
    pub document: &'a Document,
    /// Number of its first page in the packet, from 1.
    pub first_page: u32,
}

impl Sitting {
    /// A draft of which nothing is known yet.
    #[must_use]
    pub const fn untitled(id: SittingId) -> Self {
        Self {
            id,
            title: String::new(),
            kind: BodyKind::Council,
            starts: Timestamp::UNIX_EPOCH,
            place: String::new(),
            state: SittingState::Draft,
            convocation: None,
            items: Vec::new(),
            body: None,
            attendance: Attendance::Room,
            others: Vec::new(),
            changes: Vec::new(),
            cancelled: None,
            brought: None,
        }
    }

    /// Whether it is a draft that a clerk has put away for every clerk.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.state == SittingState::Draft && self.cancelled.is_some()
    }

    /// All papers in agenda order (convocation first, then each item's report and annexes, then
    /// those of no item), with the continuous page numbers of the packet.
    pub fn packet(&self) -> impl Iterator<Item = PacketEntry<'_>> {
        let convocation = self.convocation.iter().map(|document| (0, None, document));
        let items = self.items.iter().enumerate().flat_map(|(index, item)| {
            item.documents.iter().map(move |document| (index + 1, Some(item), document))
        });
        let others = self.others.iter().map(|document| (0, None, document));
        convocation.chain(items).chain(others).scan(
            1,
            |next_page, (item_number, item, document)| {
                let first_page = *next_page;
                *next_page += document.current().map_or(0, |version| version.pages);
                Some(PacketEntry { item_number, item, document, first_page })
            },
        )
    }

    /// The paper with this identifier.
    #[must_use]
    pub fn document(&self, id: DocumentId) -> Option<PacketEntry<'_>> {
        self.packet().find(|entry| entry.document.id == id)
    }

    /// The paper with this identifier, to be changed.
    pub fn document_mut(&mut self, id: DocumentId) -> Option<&mut Document> {
        let items = self.items.iter_mut().flat_map(|item| &mut item.documents);
        self.convocation.iter_mut().chain(items).find(|document| document.id == id)
    }

    /// All papers, to be changed.
    pub fn documents_mut(&mut self) -> impl Iterator<Item = &mut Document> {
        let items = self.items.iter_mut().flat_map(|item| &mut item.documents);
        self.convocation.iter_mut().chain(items).chain(&mut self.others)
    }

    /// Checks what every published sitting must fulfil.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), SittingError> {
        if self.title.trim().is_empty() {
            return Err(SittingError::NoTitle);
        }
        let mut items: BTreeSet<ItemId> = BTreeSet::new();
        let mut documents: BTreeSet<DocumentId> = BTreeSet::new();
        for (index, item) in self.items.iter().enumerate() {
            let number = index + 1;
            if item.title.trim().is_empty() {
                return Err(SittingError::ItemWithoutTitle { number });
            }
            if !items.insert(item.id) {
                return Err(SittingError::Repeated { number });
            }
        }
        for entry in self.packet() {
            if entry.document.current().is_none() {
                return Err(SittingError::NoVersion { title: entry.document.title.clone() });
            }
            if !documents.insert(entry.document.id) {
                return Err(SittingError::Repeated { number: entry.item_number });
            }
        }
        Ok(())
    }

    /// Number of an item on the agenda, from 1.
    #[must_use]
    pub fn number(&self, id: ItemId) -> Option<usize> {
        self.items.iter().position(|item| item.id == id).map(|index| index + 1)
    }

    /// Pages of the whole packet.
    #[must_use]
    pub fn pages(&self) -> u32 {
        self.packet().filter_map(|entry| entry.document.current()).map(|v| v.pages).sum()
    }

    /// The report of an item, which opens when the item is tapped; its first paper otherwise.
    #[must_use]
    pub fn lead(item: &AgendaItem) -> Option<&Document> {
        item.documents
            .iter()
            .find(|document| document.role == DocumentRole::Report)
            .or_else(|| item.documents.first())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agenda::DocumentVersion;
    use crate::digest::Sha256;

    fn paper(n: u8, role: DocumentRole, pages: u32) -> Document {
        Document {
            id: DocumentId::from_bytes([n; 16]),
            title: format!("Paper {n}"),
            role,
            file_name: format!("{n:02}.pdf"),
            versions: vec![DocumentVersion {
                number: 1,
                sha256: Sha256::from_bytes([n; 32]),
                bytes: 1_000,
                pages,
                searchable: true,
                published: Timestamp::UNIX_EPOCH,
                note: None,
            }],
        }
    }

    fn item(n: u8, documents: Vec<Document>) -> AgendaItem {
        AgendaItem {
            id: ItemId::from_bytes([n; 16]),
            title: format!("Item {n}"),
            documents,
            theme: Vec::new(),
            rapporteur: None,
            closed_doors: false,
            deliberative: true,
        }
    }

    fn sitting() -> Sitting {
        Sitting {
            id: SittingId::from_bytes([9; 16]),
            title: "Conseil municipal".to_owned(),
            kind: BodyKind::Council,
            starts: Timestamp::UNIX_EPOCH,
            place: "Salle du conseil".to_owned(),
            state: SittingState::Published,
            convocation: Some(paper(1, DocumentRole::Convocation, 2)),
            items: vec![
                item(2, vec![paper(3, DocumentRole::Report, 9), paper(4, DocumentRole::Annex, 60)]),
                item(5, Vec::new()),
                item(6, vec![paper(7, DocumentRole::Annex, 1), paper(8, DocumentRole::Report, 4)]),
            ],
            others: vec![paper(10, DocumentRole::Other, 5)],
            ..Sitting::untitled(SittingId::from_bytes([9; 16]))
        }
    }

    #[test]
    fn the_packet_is_numbered_through_all_papers_in_agenda_order() {
        let sitting = sitting();
        let places: Vec<_> = sitting.packet().map(|e| (e.item_number, e.first_page)).collect();
        assert_eq!(places, [(0, 1), (1, 3), (1, 12), (3, 72), (3, 73), (0, 77)]);
        assert_eq!(sitting.pages(), 81);
    }

    #[test]
    fn a_sitting_written_before_the_newer_fields_is_read_and_says_nothing_of_them() {
        let mut plain = sitting();
        plain.others.clear();
        let json = serde_json::to_value(&plain).unwrap();
        for field in ["body", "attendance", "others", "changes", "cancelled", "brought"] {
            assert!(json.get(field).is_none(), "{field}");
        }
        assert_eq!(serde_json::from_value::<Sitting>(json).unwrap(), plain);
    }

    #[test]
    fn tapping_an_item_opens_its_report_even_when_an_annex_stands_first() {
        let sitting = sitting();
        let lead = |index: usize| Sitting::lead(&sitting.items[index]).map(|d| d.title.as_str());
        assert_eq!((lead(0), lead(1), lead(2)), (Some("Paper 3"), None, Some("Paper 8")));
    }

    #[test]
    fn a_sitting_that_breaks_a_rule_is_refused_with_the_items_number() {
        assert_eq!(sitting().check(), Ok(()));

        let mut untitled = sitting();
        untitled.items[1].title = "  ".to_owned();
        assert_eq!(untitled.check(), Err(SittingError::ItemWithoutTitle { number: 2 }));

        let mut repeated = sitting();
        repeated.items[2].id = repeated.items[0].id;
        assert_eq!(repeated.check(), Err(SittingError::Repeated { number: 3 }));

        let mut same_paper = sitting();
        same_paper.items[2].documents[0].id = same_paper.items[0].documents[0].id;
        assert_eq!(same_paper.check(), Err(SittingError::Repeated { number: 3 }));

        let mut without_file = sitting();
        without_file.items[0].documents[1].versions.clear();
        let missing = SittingError::NoVersion { title: "Paper 4".to_owned() };
        assert_eq!(without_file.check(), Err(missing));
    }
}
