//! The agenda of a sitting and its papers.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::digest::Sha256;
use crate::ids::{DocumentId, ItemId};

/// What a paper is to its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DocumentRole {
    /// The convocation letter of the sitting.
    Convocation,
    /// The report of an item.
    Report,
    /// An annex to a report.
    Annex,
    /// A paper of the sitting that belongs to no item.
    Other,
}

/// One version of a paper. Versions are never changed, only followed by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentVersion {
    /// 1 for the first, then 2, 3, …
    pub number: u32,
    /// Digest of the PDF's bytes.
    pub sha256: Sha256,
    /// Length of the PDF in bytes.
    pub bytes: u64,
    /// Number of pages; 0 in a draft whose papers no tablet has read yet.
    pub pages: u32,
    /// Whether the PDF has text that can be searched (a scan has none).
    pub searchable: bool,
    /// When the clerk published it.
    pub published: Timestamp,
    /// Why it replaced the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One paper with all its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The paper's identifier, the same through all versions.
    pub id: DocumentId,
    /// Its title as the agenda shows it.
    pub title: String,
    /// What it is to its item.
    pub role: DocumentRole,
    /// File name it was published from; matches a paper to its successor when a folder is
    /// published again.
    pub file_name: String,
    /// Oldest first; never empty in a valid sitting.
    pub versions: Vec<DocumentVersion>,
}

impl Document {
    /// The version that officials read now; none only in an invalid sitting.
    #[must_use]
    pub fn current(&self) -> Option<&DocumentVersion> {
        self.versions.last()
    }
}

/// One item of the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaItem {
    /// The item's identifier.
    pub id: ItemId,
    /// Its title.
    pub title: String,
    /// Its report and annexes, in reading order, the report first.
    pub documents: Vec<Document>,
    /// Path of themes, widest first.
    #[serde(default)]
    pub theme: Vec<String>,
    /// Who presents it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rapporteur: Option<String>,
    /// Discussed behind closed doors (huis clos).
    #[serde(default)]
    pub closed_doors: bool,
    /// Whether the council decides on it; an information item is not voted.
    #[serde(default = "yes")]
    pub deliberative: bool,
}

const fn yes() -> bool {
    true
}
