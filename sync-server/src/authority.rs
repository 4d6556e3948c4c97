//! Who asks, and what they may: permission is a value one holds.
//!
//! The log and the papers lie in a [`Vault`] that only this module opens. A handler reaches them
//! through a value that proves what was checked: a [`Caller`] may knock, a [`Member`] reads and
//! writes as the person it is in the council it is of, a [`Clerk`] invites and publishes, a
//! [`Drafter`] lays drafts before its council's clerks, a [`Subscriber`] reads one
//! member's calendar, a [`Leaver`] is shut out and says its last words, a [`member::Paper`] is one that the member's council holds. None of these can be made but by the check, and
//! none of their methods takes a council: forgetting the check does not compile. The role is read
//! at each request, so that a change or a revocation counts at once.

mod caller;
mod challenge;
mod clerk;
mod drafter;
mod leaver;
mod member;
mod subscriber;

use std::sync::Arc;

use crate::blobs::Blobs;
use crate::log::{Listener, Log, LogError};

pub(crate) use caller::Caller;
pub(crate) use challenge::Challenges;
pub(crate) use clerk::{Clerk, Upload};
pub(crate) use drafter::Drafter;
pub(crate) use leaver::Leaver;
pub(crate) use member::Member;
pub(crate) use subscriber::Subscriber;

/// The log and the papers.
pub(crate) struct Vault {
    log: Arc<dyn Log>,
    blobs: Arc<dyn Blobs>,
}

impl Vault {
    pub(crate) fn new(log: Arc<dyn Log>, blobs: Arc<dyn Blobs>) -> Self {
        Self { log, blobs }
    }

    /// Has others' new entries told to those who listen.
    pub(crate) fn listen(&self, listener: Listener) {
        self.log.listen(listener);
    }

    /// Whether the log answers.
    pub(crate) async fn health(&self) -> Result<(), LogError> {
        self.log.councils().await.map(drop)
    }
}
