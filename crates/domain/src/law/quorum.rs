//! The quorum (R21, R22) and what the replies let expect of it.
//!
//! More than half of the members in office must be present: at the opening, at each item, and again
//! after a suspension. Proxies do not count; abstaining or refusing to vote takes nobody away. For
//! an item on which members are interested (L2131-11), in communes, these count on neither side.

use serde::{Deserialize, Serialize};

/// How the quorum stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quorum {
    /// Members in office, those that do not count for the item left out.
    pub in_office: u32,
    /// Members present in person.
    pub present: u32,
    /// How many must be present.
    pub needed: u32,
}

impl Quorum {
    /// The quorum of so many members in office, with so many present.
    #[must_use]
    pub const fn new(in_office: u32, present: u32) -> Self {
        Self { in_office, present, needed: in_office / 2 + 1 }
    }

    /// The quorum for an item on which some members are interested: `interested` members in office,
    /// of whom `interested_present` are in the room.
    #[must_use]
    pub const fn without(self, interested: u32, interested_present: u32) -> Self {
        Self::new(
            self.in_office.saturating_sub(interested),
            self.present.saturating_sub(interested_present),
        )
    }

    /// Whether the item may be taken.
    #[must_use]
    pub const fn reached(&self) -> bool {
        self.in_office > 0 && self.present >= self.needed
    }

    /// Members that are missing; 0 when it is reached.
    #[must_use]
    pub const fn missing(&self) -> u32 {
        self.needed.saturating_sub(self.present)
    }
}

/// What a member answered, as far as the quorum goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// Comes.
    Present,
    /// Comes, after the opening.
    Late,
    /// Does not come.
    Absent,
    /// Does not come and has given a proxy, which does not count for the quorum.
    Represented,
    /// Has not answered.
    Silent,
}

/// What the replies let expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prospect {
    /// Those who said they come from the opening are enough.
    Secured,
    /// Enough only once those who come late have arrived.
    AfterArrivals,
    /// It hangs on those who have not answered.
    Open,
    /// Even if everyone who has not answered came, it would fail.
    Failing,
}

/// The quorum as the replies let expect it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forecast {
    /// Members in office.
    pub in_office: u32,
    /// How many must be present.
    pub needed: u32,
    /// Come from the opening.
    pub present: u32,
    /// Come later.
    pub late: u32,
    /// Do not come, without a proxy.
    pub absent: u32,
    /// Do not come and are represented.
    pub represented: u32,
    /// Have not answered.
    pub silent: u32,
    /// What is to be expected.
    pub prospect: Prospect,
}

/// Forecasts the quorum from one reply per member in office.
#[must_use]
pub fn forecast(replies: impl IntoIterator<Item = Expected>) -> Forecast {
    let mut counts = [0_u32; 5];
    for reply in replies {
        if let Some(count) = counts.get_mut(reply as usize) {
            *count += 1;
        }
    }
    let [present, late, absent, represented, silent] = counts;
    let in_office = present + late + absent + represented + silent;
    let Quorum { needed, .. } = Quorum::new(in_office, present);
    let prospect = if in_office > 0 && present >= needed {
        Prospect::Secured
    } else if in_office > 0 && present + late >= needed {
        Prospect::AfterArrivals
    } else if in_office > 0 && present + late + silent >= needed {
        Prospect::Open
    } else {
        Prospect::Failing
    };
    Forecast { in_office, needed, present, late, absent, represented, silent, prospect }
}
