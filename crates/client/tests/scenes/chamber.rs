//! A council of two groups, for scenes about who sees what.

use std::collections::BTreeSet;

use domain::{DocumentId, MemberId, Role};

use crate::council::{Council, Tablet};

pub(crate) const LEFT: &str = "Gauche unie";
pub(crate) const RIGHT: &str = "Valbrune ensemble";

/// The clerk, two members of a group and one of another, each with a tablet; a paper to write on.
pub(crate) struct Chamber {
    pub(crate) council: Council,
    pub(crate) clerk: Tablet,
    pub(crate) ada: (MemberId, Tablet),
    pub(crate) ines: (MemberId, Tablet),
    pub(crate) karim: (MemberId, Tablet),
    pub(crate) paper: DocumentId,
}

impl Chamber {
    pub(crate) async fn open() -> Self {
        let council = Council::open().await;
        let clerk = council.clerk().await;
        clerk.publish(&council.sitting()).await;
        let ada = council.person(&clerk, "Ada", Some(LEFT), Role::Official).await;
        let ines = council.person(&clerk, "Inès", Some(LEFT), Role::Official).await;
        let karim = council.person(&clerk, "Karim", Some(RIGHT), Role::Official).await;
        for tablet in [&clerk, &ada.1, &ines.1, &karim.1] {
            tablet.sync().await;
        }
        let paper = clerk.document("Budget").await;
        Self { council, clerk, ada, ines, karim, paper }
    }
}

pub(crate) fn set<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.map(ToOwned::to_owned).into()
}
