//! What a breach of the deadline does (R17) and from when days are counted (R18).
//!
//! A dispatch that was late or went wrong taints the deliberations even when the member attended,
//! save proof that the member had it in time (CE 9 March 2007 n° 290687; CE 30 March 2021
//! n° 446461). It is judged member by member; the sitting stands as its worst member does.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::days::day_of;
use super::deadline::Deadline;

/// What shows that a member had the convocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProofKind {
    /// The member's device opened it and signed for it.
    Opened,
    /// The member answered it.
    Answered,
    /// The member's device received it and signed for it.
    Delivered,
    /// The member signed for the paper.
    Signed,
}

/// A proof that a member had the convocation at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Proof {
    /// When, at the latest.
    pub at: Timestamp,
    /// What shows it.
    pub kind: ProofKind,
}

/// How a member stands with the convocation. Ordered from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Reception {
    /// It left in time, in the right way.
    Regular,
    /// It did not, but the member is proved to have had it in time.
    Cured {
        /// The earliest proof.
        proof: Proof,
    },
    /// It did not, and nothing proves that the member had it in time.
    Defective,
}

/// The instant from which days are counted for a member (R18): the later of the papers' being
/// available and the notice's having gone out. No ruling was found; this is the safe reading.
#[must_use]
pub fn counted_from(available: Timestamp, notice: Timestamp) -> Timestamp {
    available.max(notice)
}

/// How one member stands. `dispatched` is the instant counted for this member; none when nothing
/// left, or not in the way the member may ask for (paper on written request, R16).
#[must_use]
pub fn reception(
    deadline: &Deadline,
    zone: &TimeZone,
    dispatched: Option<Timestamp>,
    proofs: &[Proof],
) -> Reception {
    let in_time = |day: Date| day <= deadline.latest_dispatch;
    if dispatched.is_some_and(|at| in_time(day_of(at, zone))) {
        return Reception::Regular;
    }
    let earliest = proofs.iter().filter(|proof| in_time(day_of(proof.at, zone))).min();
    earliest.map_or(Reception::Defective, |proof| Reception::Cured { proof: *proof })
}

/// How the sitting stands: as its worst member; none when nobody was convened.
#[must_use]
pub fn worst(members: impl IntoIterator<Item = Reception>) -> Option<Reception> {
    members.into_iter().max()
}
