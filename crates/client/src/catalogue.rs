//! Sittings, papers and people as this tablet knows them, in memory and found by identifier.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{
    Body, Council, DeviceCard, DocumentId, DocumentVersion, Group, GroupId, Member, MemberId,
    PacketEntry, Sha256, Sitting, SittingId, SittingState, Timestamp,
};
use ipc::{ErrorCode, LocalTime, Problem};
use jiff::tz::TimeZone;

use crate::ports::{Store, StoreError};

/// The catalogue at a moment; replaced as a whole when a record changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalogue {
    pub(crate) council: Option<Council>,
    pub(crate) members: Vec<Member>,
    pub(crate) groups: Vec<Group>,
    pub(crate) bodies: Vec<Body>,
    /// The directory of devices.
    pub(crate) devices: Vec<DeviceCard>,
    /// Earliest first.
    pub(crate) sittings: Vec<Arc<Sitting>>,
    /// What other software brought and no clerk has published, earliest first; clerks alone have them.
    pub(crate) drafts: Vec<Arc<Sitting>>,
    zone: Option<TimeZone>,
    papers: BTreeMap<DocumentId, usize>,
    pdfs: BTreeMap<Sha256, Vec<PaperVersion>>,
}

/// One version of one paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PaperVersion {
    pub(crate) document: DocumentId,
    pub(crate) version: u32,
    /// Whether it is what officials read now.
    pub(crate) current: bool,
}

/// One paper in its sitting.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paper<'a> {
    pub(crate) sitting: &'a Arc<Sitting>,
    pub(crate) entry: PacketEntry<'a>,
    pub(crate) version: &'a DocumentVersion,
}

impl Catalogue {
    /// Reads the whole catalogue.
    pub(crate) fn load(store: &dyn Store) -> Result<Self, StoreError> {
        let council = store.council()?;
        let (mut drafts, sittings): (Vec<_>, Vec<_>) = (store.sittings()?.into_iter())
            .map(Arc::new)
            .partition(|sitting| sitting.state == SittingState::Draft);
        drafts.retain(|draft| !draft.is_withdrawn());
        let zone = council.as_ref().and_then(|council| TimeZone::get(&council.zone).ok());
        let mut papers = BTreeMap::new();
        let mut pdfs: BTreeMap<Sha256, Vec<PaperVersion>> = BTreeMap::new();
        for (index, sitting) in sittings.iter().enumerate() {
            for entry in sitting.packet() {
                let document = entry.document.id;
                papers.insert(document, index);
                let current = entry.document.current().map(|version| version.number);
                for version in &entry.document.versions {
                    pdfs.entry(version.sha256).or_default().push(PaperVersion {
                        document,
                        version: version.number,
                        current: current == Some(version.number),
                    });
                }
            }
        }
        let (members, groups, bodies) = (store.members()?, store.groups()?, store.bodies()?);
        let devices = store.devices()?;
        Ok(Self { council, members, groups, bodies, devices, sittings, drafts, zone, papers, pdfs })
    }

    /// One sitting.
    pub(crate) fn sitting(&self, id: SittingId) -> Result<&Arc<Sitting>, Problem> {
        let found = self.sittings.iter().find(|sitting| sitting.id == id);
        found.ok_or_else(|| ErrorCode::NotFound.into())
    }

    /// One paper in its present version.
    pub(crate) fn paper(&self, id: DocumentId) -> Result<Paper<'_>, Problem> {
        let found = self.papers.get(&id).and_then(|index| self.sittings.get(*index));
        found
            .and_then(|sitting| {
                let entry = sitting.document(id)?;
                Some(Paper { sitting, entry, version: entry.document.current()? })
            })
            .ok_or_else(|| ErrorCode::NotFound.into())
    }

    /// The papers that are this exact PDF, the present ones first.
    pub(crate) fn papers_of(&self, pdf: &Sha256) -> impl Iterator<Item = PaperVersion> {
        let all = self.pdfs.get(pdf).map_or(&[][..], Vec::as_slice);
        let current = all.iter().filter(|paper| paper.current);
        current.chain(all.iter().filter(|paper| !paper.current)).copied()
    }

    /// A person's full name; empty when unknown.
    pub(crate) fn name(&self, member: MemberId) -> String {
        self.member(member).map(|member| member.full_name().trim().to_owned()).unwrap_or_default()
    }

    /// A person.
    pub(crate) fn member(&self, member: MemberId) -> Option<&Member> {
        self.members.iter().find(|known| known.id == member)
    }

    /// A group.
    pub(crate) fn group(&self, group: GroupId) -> Option<&Group> {
        self.groups.iter().find(|known| known.id == group)
    }

    /// The zone in which the council counts its days.
    pub(crate) fn zone(&self) -> TimeZone {
        self.zone.clone().unwrap_or(TimeZone::UTC)
    }

    /// An instant as the council's clock shows it.
    pub(crate) fn local(&self, at: Timestamp) -> LocalTime {
        let zoned = at.to_zoned_datetime(self.zone());
        LocalTime {
            at,
            year: zoned.year(),
            month: zoned.month(),
            day: zoned.day(),
            weekday: zoned.weekday().to_monday_one_offset(),
            hour: zoned.hour(),
            minute: zoned.minute(),
        }
    }

    /// The same from Unix milliseconds.
    pub(crate) fn local_ms(&self, ms: i64) -> Option<LocalTime> {
        Timestamp::from_millisecond(ms).ok().map(|at| self.local(at))
    }
}
