//! Majorities (R25), special ballots (R26) and closed doors (R29).

use serde::{Deserialize, Serialize};

use crate::council::CouncilKind;

use super::rulebook::{Ballot, Rulebook};

/// How somebody voted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// For.
    For,
    /// Against.
    Against,
    /// Neither; not among the votes expressed.
    Abstain,
}

/// What became of a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Adopted.
    Adopted,
    /// Not adopted.
    Rejected,
}

/// A count of votes. Abstentions, blank and null votes and refusals are not votes expressed: they
/// are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Votes for, proxies included.
    pub in_favour: u32,
    /// Votes against, proxies included.
    pub against: u32,
    /// What the president voted, which decides a tie.
    pub president: Option<Stance>,
    /// Whether the ballot was secret: a tie then adopts nothing.
    pub secret: bool,
}

impl Count {
    /// What became of it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let tie = self.in_favour == self.against;
        let casting = !self.secret && self.president == Some(Stance::For) && self.in_favour > 0;
        if self.in_favour > self.against || (tie && casting) {
            Outcome::Adopted
        } else {
            Outcome::Rejected
        }
    }
}

/// How many of the members present must ask for a ballot; none where no rule is known.
#[must_use]
pub fn must_ask(ballot: Ballot, kind: CouncilKind, present: u32) -> Option<u32> {
    let rules = &Rulebook::french().rules;
    let rule = rules
        .iter()
        .find(|rule| rule.ballot == Some(ballot) && rule.scope.kinds.contains(&kind))?;
    let [share, of] = rule.fraction?;
    Some((present.checked_mul(share)?).div_ceil(of.max(1)))
}

/// How many members must ask for closed doors, beside the president; none where no rule is known.
#[must_use]
pub fn closed_doors(kind: CouncilKind) -> Option<u16> {
    Rulebook::french().rule("R29", kind)?.limit
}
