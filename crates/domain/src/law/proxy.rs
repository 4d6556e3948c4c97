//! Proxies (R23 for communes and EPCI, R24 for départements and régions).
//!
//! A proxy is written, given for one sitting, can be revoked at any time; its bearer is present and
//! holds one at most; in communes and EPCI nobody is represented at more than three consecutive
//! sittings unless illness is duly certified. The giver who arrives takes the vote back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::council::CouncilKind;
use crate::ids::MemberId;

use super::rulebook::Rulebook;

/// One proxy for one sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proxy {
    /// Who is represented.
    pub giver: MemberId,
    /// Who votes for them.
    pub bearer: MemberId,
    /// When it was given.
    pub given: Timestamp,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Timestamp>,
    /// When its bearer refused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<Timestamp>,
    /// Whether the giver's illness is duly certified.
    #[serde(default)]
    pub illness_certified: bool,
}

/// When a member was in the room: from, until.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// Arrival.
    pub from: Timestamp,
    /// Departure; none while in the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Stay {
    /// Whether the member is in the room at an instant.
    #[must_use]
    pub fn covers(&self, at: Timestamp) -> bool {
        at >= self.from && self.until.is_none_or(|until| at < until)
    }
}

impl Proxy {
    /// Whether it still stands at an instant, whoever is in the room.
    #[must_use]
    pub fn stands(&self, at: Timestamp) -> bool {
        let over = |end: Option<Timestamp>| end.is_some_and(|end| at >= end);
        at >= self.given && !over(self.revoked) && !over(self.declined)
    }

    /// Whether its bearer votes for its giver at an instant: it stands, the bearer is in the room
    /// and the giver is not. A giver who leaves again is represented again.
    #[must_use]
    pub fn votes(&self, at: Timestamp, giver: &[Stay], bearer: &[Stay]) -> bool {
        let here = |stays: &[Stay]| stays.iter().any(|stay| stay.covers(at));
        self.stands(at) && here(bearer) && !here(giver)
    }
}

/// Why a proxy is refused. Each has its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "refusal")]
pub enum ProxyRefusal {
    /// Nobody represents themselves.
    Oneself,
    /// The giver is not a member in office.
    GiverNotInOffice,
    /// The bearer is not a member in office.
    BearerNotInOffice,
    /// The bearer holds another proxy already.
    BearerHoldsOne {
        /// Whose.
        of: MemberId,
    },
    /// The bearer will not be there.
    BearerAbsent,
    /// The bearer has given a proxy, and so will not be there.
    BearerRepresented {
        /// By whom.
        by: MemberId,
    },
    /// The giver holds somebody's proxy, which would fall with this one.
    GiverHoldsOne {
        /// Whose.
        of: MemberId,
    },
    /// The giver has given one already; it is revoked first.
    AlreadyGiven {
        /// To whom.
        to: MemberId,
    },
    /// The giver was represented at as many sittings in a row as the law allows.
    TooManySittings {
        /// Sittings in a row so far.
        in_a_row: u16,
        /// How many are allowed.
        allowed: u16,
    },
}

impl ProxyRefusal {
    /// The rule behind it.
    #[must_use]
    pub const fn rule(kind: CouncilKind) -> &'static str {
        match kind {
            CouncilKind::Commune | CouncilKind::Epci => "R23",
            CouncilKind::Departement | CouncilKind::Region => "R24",
        }
    }
}

/// What is known when a proxy is given.
#[derive(Debug, Clone, Copy)]
pub struct ProxyContext<'a> {
    /// Kind of assembly.
    pub kind: CouncilKind,
    /// Members in office.
    pub in_office: &'a [MemberId],
    /// Members who said they do not come.
    pub absent: &'a [MemberId],
    /// Proxies given for this sitting.
    pub proxies: &'a [Proxy],
    /// Sittings just before this one, without gap, at which the giver was represented.
    pub represented_in_a_row: u16,
    /// Now.
    pub at: Timestamp,
}

/// Whether a proxy may be given.
///
/// # Errors
/// The first rule that it breaks.
pub fn may_give(
    giver: MemberId,
    bearer: MemberId,
    illness_certified: bool,
    context: &ProxyContext<'_>,
) -> Result<(), ProxyRefusal> {
    if giver == bearer {
        return Err(ProxyRefusal::Oneself);
    }
    if !context.in_office.contains(&giver) {
        return Err(ProxyRefusal::GiverNotInOffice);
    }
    if !context.in_office.contains(&bearer) {
        return Err(ProxyRefusal::BearerNotInOffice);
    }
    let standing = || context.proxies.iter().filter(|proxy| proxy.stands(context.at));
    if let Some(given) = standing().find(|proxy| proxy.giver == giver) {
        return Err(ProxyRefusal::AlreadyGiven { to: given.bearer });
    }
    if let Some(held) = standing().find(|proxy| proxy.bearer == bearer) {
        return Err(ProxyRefusal::BearerHoldsOne { of: held.giver });
    }
    if let Some(given) = standing().find(|proxy| proxy.giver == bearer) {
        return Err(ProxyRefusal::BearerRepresented { by: given.bearer });
    }
    if let Some(held) = standing().find(|proxy| proxy.bearer == giver) {
        return Err(ProxyRefusal::GiverHoldsOne { of: held.giver });
    }
    if context.absent.contains(&bearer) {
        return Err(ProxyRefusal::BearerAbsent);
    }
    let allowed = sittings_in_a_row(context.kind);
    if let Some(allowed) = allowed.filter(|allowed| context.represented_in_a_row >= *allowed)
        && !illness_certified
    {
        let in_a_row = context.represented_in_a_row;
        return Err(ProxyRefusal::TooManySittings { in_a_row, allowed });
    }
    Ok(())
}

/// How many sittings in a row somebody may be represented; none where the law sets no limit.
#[must_use]
pub fn sittings_in_a_row(kind: CouncilKind) -> Option<u16> {
    Rulebook::french().rule(ProxyRefusal::rule(kind), kind)?.limit
}
