//! The council itself and what the law asks to know about it.

use serde::{Deserialize, Serialize};

use crate::ids::CouncilId;
use crate::letter::Letterhead;

/// The kinds of local assembly that the rules tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CouncilKind {
    /// A municipality (commune).
    Commune,
    /// An intercommunal body with its own taxation (EPCI).
    Epci,
    /// A département.
    Departement,
    /// A région.
    Region,
}

/// A council as its clerk declared it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Council {
    /// The tenant's identifier.
    pub id: CouncilId,
    /// Its name as officials know it, "Ville de Valbrune".
    pub name: String,
    /// What kind of assembly it is.
    pub kind: CouncilKind,
    /// Legal population used by the body, in inhabitants.
    pub population: u32,
    /// IANA time zone in which its days are counted, "Europe/Paris".
    pub zone: String,
    /// Local law that replaces general rules, "alsace-moselle".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_law: Option<String>,
    /// How its letters begin and end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letterhead: Option<Letterhead>,
    /// What it has settled itself where the law leaves it open.
    #[serde(default, skip_serializing_if = "LawChoices::is_none")]
    pub law: LawChoices,
    /// Who stamps the time on its proofs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<StampAuthority>,
}

/// What a council has settled itself where the law sets no delay or can be read in two ways. It is
/// shown wherever it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LawChoices {
    /// Clear days that its own rules ask for before a committee or bureau sits (CGCT L2121-22 asks
    /// for none).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house_days: Option<u16>,
    /// Whether "so many days at least" (CGCT L3121-19, L4132-18, L5217-10-4) are counted as clear
    /// days: the reading that no judge could find late.
    pub strict: bool,
}

impl LawChoices {
    /// Whether nothing was settled.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.house_days.is_none() && !self.strict
    }
}

/// A time-stamping authority (RFC 3161) that a council trusts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StampAuthority {
    /// Where it is asked, `https://…`.
    pub url: String,
    /// Certificates in PEM to which its stamps must lead.
    pub roots: String,
}
