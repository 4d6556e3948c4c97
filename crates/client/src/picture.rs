//! What the tablet knows at a moment, cheap to take and to keep: views are drawn from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{
    Document, DocumentId, Group, GroupId, MemberId, Proceedings, Role, Sha256, SittingId,
};
use ink::{AnnotationId, Carried};
use ipc::{ErrorCode, Preferences, Problem, SyncState};
use wire::{Audience, DocKey, Scope};

use crate::catalogue::Catalogue;
use crate::convene::proceedings;
use crate::messages::{self, Copies};
use crate::ports::{
    CarriedEntry, EvidenceOf, NotedDocument, Profile, Reading, Sight, Store, StoreError,
};

/// The tablet at a moment. The actor alone makes new ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture {
    /// Whether the store has been read.
    pub(crate) loaded: bool,
    pub(crate) profile: Option<Arc<Profile>>,
    pub(crate) preferences: Preferences,
    pub(crate) catalogue: Arc<Catalogue>,
    /// Convocations and what happened to them.
    pub(crate) proceedings: Arc<BTreeMap<SittingId, Proceedings>>,
    /// The member's own copies of messages.
    pub(crate) messages: Arc<Copies>,
    /// Papers that are whole on this tablet.
    pub(crate) here: Arc<BTreeSet<Sha256>>,
    pub(crate) readings: Arc<BTreeMap<DocumentId, Reading>>,
    /// How many notes the member has on each PDF.
    pub(crate) notes: Arc<BTreeMap<Sha256, u32>>,
    /// Notes that were to be shared and are private, and whom they were meant for.
    pub(crate) unshared: Arc<BTreeMap<AnnotationId, Audience>>,
    /// When the changes of each sitting were last looked at, Unix milliseconds.
    pub(crate) changes_seen: Arc<BTreeMap<SittingId, i64>>,
    /// Where notes of earlier versions stand on later ones, by the notes document of the later one.
    pub(crate) carried: Arc<BTreeMap<(DocKey, AnnotationId), CarriedEntry>>,
    /// The eras in which the member writes sealed notes for groups.
    pub(crate) eras: Arc<BTreeMap<GroupId, u16>>,
    pub(crate) cursor: u64,
    pub(crate) sync: SyncState,
    /// What became of a damaged store, when one was found as the app started.
    pub(crate) mended: Option<ipc::Mended>,
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
        let messages = match &profile {
            Some(profile) => messages::load(store, EvidenceOf::MessagesTo(profile.member))?,
            None => Copies::default(),
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
            proceedings: Arc::new(proceedings::all(store)?),
            messages: Arc::new(messages),
            here: Arc::new(store.papers_here()?.into_iter().collect()),
            readings: Arc::new(readings),
            notes: Arc::new(notes),
            unshared: Arc::new(store.unshared()?),
            changes_seen: Arc::new(store.changes_seen()?),
            carried: Arc::new(
                (store.carried()?.into_iter())
                    .map(|entry| ((entry.document.key, entry.carried.id), entry))
                    .collect(),
            ),
            eras: Arc::new(store.eras()?),
            cursor: store.cursor()?.seq,
            sync,
            mended: store
                .mended()
                .map(|mended| ipc::Mended { unsent: mended.unsent, enrolled: mended.enrolled }),
        })
    }

    /// How many notes the member has on a paper, whatever the version they were made on.
    pub(crate) fn notes_on(&self, paper: &Document) -> u32 {
        let pdfs: BTreeSet<Sha256> = paper.versions.iter().map(|version| version.sha256).collect();
        pdfs.iter().filter_map(|pdf| self.notes.get(pdf)).sum()
    }

    /// Where a note of this document, made on an earlier version, stands on a PDF.
    pub(crate) fn stands(
        &self,
        origin: &NotedDocument,
        pdf: Sha256,
        id: AnnotationId,
    ) -> Option<&Carried> {
        let profile = self.profile.as_ref()?;
        let key = origin.on(profile.council, pdf).key;
        self.carried.get(&(key, id)).map(|entry| &entry.carried)
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

    /// Whether the member only reads.
    pub(crate) fn is_guest(&self) -> bool {
        self.profile.as_ref().is_some_and(|profile| profile.role == Role::Guest)
    }

    /// The member's groups.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group> {
        let member = self.member().and_then(|member| self.catalogue.member(member));
        let groups = member.map(|member| member.groups.as_slice()).unwrap_or_default();
        groups.iter().filter_map(|id| self.catalogue.group(*id))
    }

    /// What the member may see.
    pub(crate) fn sight(&self) -> Option<Sight> {
        let profile = self.profile.as_ref()?;
        let member = self.catalogue.member(profile.member)?;
        let groups = member.groups.iter().copied().collect();
        Some(Sight { member: profile.member, role: profile.role, groups })
    }

    /// When a paper that is this PDF was last read here, Unix milliseconds; 0 if never.
    pub(crate) fn read_ms(&self, pdf: &Sha256) -> i64 {
        let papers = self.catalogue.papers_of(pdf);
        let readings = papers.filter_map(|paper| self.readings.get(&paper.document));
        readings.map(|reading| reading.at_ms).max().unwrap_or(0)
    }

    /// The member's notes on a PDF for an audience.
    ///
    /// # Errors
    /// The tablet has joined no council, the member only reads, or is not in the group.
    pub(crate) fn notes_for(
        &self,
        pdf: Sha256,
        audience: &ipc::Audience,
    ) -> Result<NotedDocument, Problem> {
        let audience = match audience {
            ipc::Audience::Private => Audience::Private,
            ipc::Audience::Council => Audience::Council,
            ipc::Audience::Group(name) => {
                self.enrolled()?;
                let same = |group: &&Group| group.name.to_lowercase() == name.to_lowercase();
                let group = self.groups().find(same).ok_or_else(|| not_in(name))?;
                Audience::Group(group.id)
            }
        };
        self.notes_with(pdf, audience)
    }

    /// What happened to the convocations of a sitting; nothing when there is none.
    pub(crate) fn proceedings(&self, sitting: SittingId) -> Option<&Proceedings> {
        self.proceedings.get(&sitting)
    }

    /// The member's private notes on a PDF.
    pub(crate) fn private_notes(&self, pdf: Sha256) -> Result<NotedDocument, Problem> {
        let profile = self.enrolled()?;
        let scope = Scope { owner: profile.member, audience: Audience::Private };
        Ok(NotedDocument::of(profile.council, scope, pdf, 0))
    }

    /// The same by the audience's identifier.
    pub(crate) fn notes_with(
        &self,
        pdf: Sha256,
        audience: Audience,
    ) -> Result<NotedDocument, Problem> {
        let profile = self.enrolled()?;
        let scope = Scope { owner: profile.member, audience };
        self.may_write(scope)?;
        let era = match audience {
            Audience::Group(group) => self.eras.get(&group).copied().unwrap_or(0),
            Audience::Private
            | Audience::Council
            | Audience::Administration
            | Audience::Person(_) => 0,
        };
        Ok(NotedDocument::of(profile.council, scope, pdf, era))
    }

    /// Whether the member may change notes of this scope now; the server would refuse it otherwise.
    pub(crate) fn may_write(&self, scope: Scope) -> Result<(), Problem> {
        if self.is_guest() {
            return Err(ErrorCode::Forbidden.into());
        }
        match scope.audience {
            Audience::Private | Audience::Council => Ok(()),
            Audience::Group(id) if self.groups().any(|group| group.id == id) => Ok(()),
            Audience::Group(id) => {
                Err(not_in(self.catalogue.group(id).map_or("", |group| group.name.as_str())))
            }
            Audience::Administration | Audience::Person(_) => Err(ErrorCode::Forbidden.into()),
        }
    }
}

fn not_in(group: &str) -> Problem {
    Problem::about(ErrorCode::NotInGroup, group)
}
