//! What the tablet knows at a moment, cheap to take and to keep: views are drawn from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{DocumentId, MemberId, Role, Sha256};
use ipc::{ErrorCode, Preferences, Problem, SyncState};
use wire::{Audience, DocKey, Scope};

use crate::catalogue::Catalogue;
use crate::ports::{NotedDocument, Profile, Reading, Store, StoreError};

/// The tablet at a moment. The actor alone makes new ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture {
    /// Whether the store has been read.
    pub(crate) loaded: bool,
    pub(crate) profile: Option<Arc<Profile>>,
    pub(crate) preferences: Preferences,
    pub(crate) catalogue: Arc<Catalogue>,
    /// Papers that are whole on this tablet.
    pub(crate) here: Arc<BTreeSet<Sha256>>,
    pub(crate) readings: Arc<BTreeMap<DocumentId, Reading>>,
    /// How many notes the member has on each PDF.
    pub(crate) notes: Arc<BTreeMap<Sha256, u32>>,
    pub(crate) cursor: u64,
    pub(crate) sync: SyncState,
}

impl Picture {
    /// Reads everything anew; how it stands with the network is kept.
    pub(crate) fn load(store: &dyn Store, sync: SyncState) -> Result<Self, StoreError> {
        let profile = store.profile()?.map(Arc::new);
        let catalogue = Catalogue::load(store)?;
        let notes = match &profile {
            Some(profile) => store.note_counts(profile.member)?,
            None => BTreeMap::new(),
        };
        let readings = store.readings()?.into_iter().map(|r| (r.document, r)).collect();
        let last = store.last_sync()?.and_then(|ms| catalogue.local_ms(ms));
        let sync =
            SyncState { pending: store.pending()?, unreadable: store.unreadable()?, last, ..sync };
        Ok(Self {
            loaded: true,
            profile,
            preferences: store.preferences()?,
            catalogue: Arc::new(catalogue),
            here: Arc::new(store.papers_here()?.into_iter().collect()),
            readings: Arc::new(readings),
            notes: Arc::new(notes),
            cursor: store.cursor()?.seq,
            sync,
        })
    }

    /// Who this tablet belongs to.
    pub(crate) fn enrolled(&self) -> Result<&Arc<Profile>, Problem> {
        self.profile.as_ref().ok_or_else(|| ErrorCode::NotEnrolled.into())
    }

    /// The profile of a clerk.
    pub(crate) fn clerk(&self) -> Result<&Arc<Profile>, Problem> {
        let profile = self.enrolled()?;
        match profile.role {
            Role::Clerk => Ok(profile),
            Role::Official | Role::Guest => Err(ErrorCode::Forbidden.into()),
        }
    }

    /// The member.
    pub(crate) fn member(&self) -> Option<MemberId> {
        self.profile.as_ref().map(|profile| profile.member)
    }

    /// The member's private notes on a PDF.
    pub(crate) fn private_notes(&self, pdf: Sha256) -> Result<NotedDocument, Problem> {
        let profile = self.enrolled()?;
        let scope = Scope { owner: profile.member, audience: Audience::Private };
        Ok(NotedDocument { key: DocKey::of_notes(profile.council, scope, &pdf), scope, pdf })
    }
}
