//! Drafts: begun, changed, taken back, shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{
    AgendaItem, BodyKind, Role, Sha256, Sitting, SittingId, SittingState, Timestamp, changes,
};
use ipc::{
    Civil, DeskFile, DraftView, Edit, ErrorCode, FileRead, Model, Problem, Reason, Target, Words,
};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::edit::{self, Ground};
use super::{invitees, matching};
use crate::core::Core;
use crate::picture::Picture;
use crate::ports::{KeptFile, KeptRead, SittingDraft, Store, StoreError};
use crate::publish::{folder, titles};
use crate::{problem, world};

/// A sitting as it is published, and as it is prepared.
pub(super) struct Prepared {
    pub(super) published: Option<Sitting>,
    /// What stands in the log as a draft, for clerks alone.
    pub(super) brought: Option<Sitting>,
    /// Version of the record in the log; 0 when there is none.
    pub(super) version: u64,
    pub(super) draft: Option<SittingDraft>,
}

impl Prepared {
    pub(super) fn load(store: &mut dyn Store, id: SittingId) -> Result<Self, StoreError> {
        let stands = store.sitting(id)?;
        let version = store.record_version(domain::Entity::Sitting, domain_id(id))?;
        let mut draft = store.sitting_draft(id)?.filter(|draft| !draft.away);
        // What was published is no draft any more, even when a kill came before it was forgotten.
        let done =
            |draft: &SittingDraft| version > draft.base && stands.as_ref() == Some(&draft.sitting);
        if draft.as_ref().is_some_and(done) {
            store.forget_sitting_draft(id)?;
            draft = None;
        }
        let (brought, published) = match stands {
            Some(sitting) if sitting.state == SittingState::Draft => (Some(sitting), None),
            stands => (None, stands),
        };
        let brought = brought.filter(|sitting| !sitting.is_withdrawn());
        Ok(Self { published, brought, version, draft })
    }

    /// The sitting as it will be.
    pub(super) fn present(&self) -> Option<&Sitting> {
        let stands = self.published.as_ref().or(self.brought.as_ref());
        self.draft.as_ref().map(|draft| &draft.sitting).or(stands)
    }

    /// Version that the draft was made from.
    pub(super) fn base(&self) -> u64 {
        self.draft.as_ref().map_or(self.version, |draft| draft.base)
    }
}

pub(super) fn domain_id(id: SittingId) -> Uuid {
    Uuid::from_bytes(id.to_bytes())
}

/// Changes a draft by one edit.
pub(super) async fn change(core: &Arc<Core>, id: SittingId, edit: Edit) -> Result<(), Problem> {
    step(core, id, move |sitting, ground, _| edit::apply(sitting, edit, ground)).await
}

/// Puts files of the desk onto the agenda.
pub(super) async fn place(
    core: &Arc<Core>,
    id: SittingId,
    chosen: Vec<Uuid>,
) -> Result<(), Problem> {
    step(core, id, move |sitting, ground, files| {
        let targets = matching::targets(sitting, &files);
        let mut placed: Vec<(KeptFile, Target)> =
            files.into_iter().zip(targets).filter(|(f, _)| chosen.contains(&f.file)).collect();
        if let Some((file, _)) = placed.iter().find(|(_, target)| *target == Target::Nowhere) {
            return Err(Reason::FileUnplaced { file: file.name.clone() }.into());
        }
        // New items come in the order of their numbers.
        placed.sort_by(|(a, at), (b, bt)| {
            let number = |target: &Target| match target {
                Target::NewItem(number) => *number,
                Target::Report(_)
                | Target::Annex(_)
                | Target::Convocation
                | Target::Other
                | Target::Version(_)
                | Target::Nowhere => 0,
            };
            let annex = |file: &KeptFile| titles::is_annex(&file.name);
            (number(at), annex(a))
                .cmp(&(number(bt), annex(b)))
                .then_with(|| folder::natural(&a.name, &b.name))
        });
        edit::place(sitting, &placed, ground)
    })
    .await
}

/// Reads the present state, changes it, keeps the next one: one job on the store's thread.
async fn step(
    core: &Arc<Core>,
    id: SittingId,
    change: impl FnOnce(&mut Sitting, &Ground<'_>, Vec<KeptFile>) -> Result<(), Problem>
    + Send
    + 'static,
) -> Result<(), Problem> {
    let zone = core.now().catalogue.zone();
    let world = Arc::clone(&core.world);
    core.shelf
        .ask(move |store| {
            let prepared = Prepared::load(store, id)?;
            let Some(before) = prepared.present() else {
                return Ok(Err(ErrorCode::NotFound.into()));
            };
            if before.state == SittingState::Closed {
                return Ok(Err(Reason::SittingClosed.into()));
            }
            let files = waiting(store.desk_files(id)?, before);
            let mut next = before.clone();
            let ground = Ground { published: prepared.published.as_ref(), zone, world: &*world };
            if let Err(problem) = change(&mut next, &ground, files) {
                return Ok(Err(problem));
            }
            if next == *before {
                return Ok(Ok(()));
            }
            let (base, now_ms) = (prepared.base(), world.now_ms());
            if prepared.draft.is_none() {
                // What stands is the first state, so that the first change can be taken back.
                store.forget_sitting_draft(id)?;
                store.keep_sitting_draft(before, base, now_ms)?;
            }
            store.keep_sitting_draft(&next, base, now_ms)?;
            Ok(Ok(()))
        })
        .await?
}

/// Takes the last change back, or does it again.
pub(super) async fn turn(core: &Arc<Core>, id: SittingId, redo: bool) -> Result<(), Problem> {
    let now_ms = core.world.now_ms();
    let turned = core.shelf.ask(move |store| store.turn_sitting_draft(id, redo, now_ms)).await?;
    if turned { Ok(()) } else { Err(ErrorCode::NothingToUndo.into()) }
}

/// Files that stand on no agenda: those placed come back when the placing is undone.
pub(super) fn waiting(files: Vec<KeptFile>, sitting: &Sitting) -> Vec<KeptFile> {
    let placed: BTreeSet<Sha256> = sitting
        .packet()
        .flat_map(|entry| &entry.document.versions)
        .map(|version| version.sha256)
        .collect();
    let stands = |file: &KeptFile| match &file.read {
        KeptRead::Paper { pdf, .. } => placed.contains(pdf),
        KeptRead::Waiting | KeptRead::Refused(_) => false,
    };
    files.into_iter().filter(|file| !stands(file)).collect()
}

/// Files as the screen shows them, each with its place.
pub(super) fn shown(sitting: &Sitting, files: Vec<KeptFile>) -> Vec<DeskFile> {
    let targets = matching::targets(sitting, &files);
    let shown = files.into_iter().zip(targets).map(|(kept, target)| DeskFile {
        file: kept.file,
        name: kept.name,
        read: match kept.read {
            KeptRead::Waiting => FileRead::Waiting,
            KeptRead::Paper { bytes, pages, searchable, .. } => {
                FileRead::Paper { pages, bytes, searchable }
            }
            KeptRead::Refused(problem) => FileRead::Refused(problem),
        },
        target,
        own_name: kept.shelved.map(|shelved| shelved.name()),
    });
    shown.collect()
}

/// The draft as the editor shows it.
pub(super) async fn view(core: &Arc<Core>, id: SittingId) -> Result<DraftView, Problem> {
    let (prepared, files) = core
        .shelf
        .ask(move |store| Ok((Prepared::load(store, id)?, store.desk_files(id)?)))
        .await?;
    let picture = core.now();
    let sitting = prepared.present().cloned().ok_or(ErrorCode::NotFound)?;
    let Prepared { published, version, draft, .. } = prepared;
    let now_ms = core.world.now_ms();
    let told = published
        .as_ref()
        .map(|published| changes::between(published, &sitting, titles::moment(now_ms)));
    let told = told.unwrap_or_default();
    let differs = published.as_ref() != Some(&sitting);
    let fresh = sitting.packet().filter(|entry| {
        let known = published.as_ref().and_then(|sitting| sitting.document(entry.document.id));
        let known = known.and_then(|entry| entry.document.current());
        entry.document.current().map(|v| v.sha256) != known.map(|v| v.sha256)
    });
    let kept = draft.as_ref().filter(|_| differs);
    Ok(DraftView {
        starts: picture.catalogue.local(sitting.starts),
        published: published.as_ref().is_some_and(|s| s.state != SittingState::Draft),
        kept: kept.and_then(|draft| picture.catalogue.local_ms(draft.at_ms)),
        fresh: fresh.map(|entry| entry.document.id).collect(),
        stake: published.map_or(changes::Stake::None, |s| changes::stake(s.state, &told)),
        changes: told,
        overtaken: differs && draft.as_ref().is_some_and(|draft| version > draft.base),
        can_undo: draft.as_ref().is_some_and(|draft| draft.can_undo),
        can_redo: draft.as_ref().is_some_and(|draft| draft.can_redo),
        past: sitting.starts.as_millisecond() <= now_ms,
        rapporteurs: rapporteurs(&picture),
        themes: themes(&picture, &sitting),
        bodies: picture.catalogue.bodies.clone(),
        brought: invitees::view(&picture, &sitting),
        waiting: shown(&sitting, waiting(files, &sitting)),
        sitting,
    })
}

fn rapporteurs(picture: &Picture) -> Vec<String> {
    let officials = picture.catalogue.members.iter().filter(|m| m.role == Role::Official);
    officials.map(domain::Member::full_name).collect()
}

fn themes(picture: &Picture, draft: &Sitting) -> Vec<Vec<String>> {
    let known = picture.catalogue.sittings.iter().flat_map(|sitting| &sitting.items);
    let all = known.chain(&draft.items).map(|item| &item.theme);
    let all: BTreeSet<&Vec<String>> = all.filter(|theme| !theme.is_empty()).collect();
    all.into_iter().cloned().collect()
}

/// A new draft.
pub(super) async fn create(core: &Arc<Core>, model: Model) -> Result<SittingId, Problem> {
    let picture = core.now();
    let drafts = core.shelf.ask(|store| store.sitting_drafts()).await?;
    let known = picture.catalogue.sittings.iter().map(|sitting| &**sitting);
    let known: Vec<&Sitting> = known.chain(drafts.iter().map(|draft| &draft.sitting)).collect();
    let (now, random) = world::id_parts(&*core.world);
    let mut sitting = Sitting::untitled(SittingId::new(now, random));
    let zone = picture.catalogue.zone();
    let like = match model {
        Model::Sitting(id) => {
            let like = known.iter().find(|sitting| sitting.id == id).ok_or(ErrorCode::NotFound)?;
            sitting.items = like.items.iter().map(|item| outline(core, item)).collect();
            Some(*like)
        }
        Model::Body { kind, body } => {
            (sitting.kind, sitting.body) = (kind, body);
            let same = known.iter().filter(|s| (s.kind, s.body) == (kind, body));
            same.max_by_key(|sitting| sitting.starts).copied()
        }
    };
    match like {
        Some(like) => {
            (sitting.kind, sitting.body) = (like.kind, like.body);
            sitting.title.clone_from(&like.title);
            sitting.place.clone_from(&like.place);
            sitting.attendance = like.attendance;
        }
        None => sitting.title = usual_title(&picture, &sitting),
    }
    let now_ms = core.world.now_ms();
    sitting.starts = usual_start(like, now_ms, &zone)?;
    let id = sitting.id;
    core.shelf.ask(move |store| store.keep_sitting_draft(&sitting, 0, now_ms)).await?;
    Ok(id)
}

/// An item with its words and without its papers.
fn outline(core: &Core, item: &AgendaItem) -> AgendaItem {
    let (now, random) = world::id_parts(&*core.world);
    let id = domain::ItemId::new(now, random);
    AgendaItem { id, documents: Vec::new(), ..item.clone() }
}

fn usual_title(picture: &Picture, sitting: &Sitting) -> String {
    let body = picture.catalogue.bodies.iter().find(|body| Some(body.id) == sitting.body);
    if let Some(body) = body {
        return body.name.clone();
    }
    let words = Words::new(picture.preferences.language.unwrap_or_default());
    words.say(match sitting.kind {
        BodyKind::Council => "title-council",
        BodyKind::Committee => "title-committee",
        BodyKind::Bureau => "title-bureau",
    })
}

/// The same weekday and hour as the last one, at least two weeks ahead: time enough to convene.
fn usual_start(like: Option<&Sitting>, now_ms: i64, zone: &TimeZone) -> Result<Timestamp, Problem> {
    let wrong = |_| problem::internal("the day of a new sitting");
    let now = titles::moment(now_ms).to_zoned_datetime(zone.clone());
    let soonest = now.date().checked_add(14.days()).map_err(wrong)?;
    let (day, hour, minute) = match like.map(|like| like.starts.to_zoned_datetime(zone.clone())) {
        Some(last) => {
            let weekday = last.date().weekday();
            let ahead = soonest.weekday().until(weekday);
            let day = soonest.checked_add(i64::from(ahead).days()).map_err(wrong)?;
            (day, last.hour(), last.minute())
        }
        None => (soonest, 18, 30),
    };
    let civil = Civil { year: day.year(), month: day.month(), day: day.day(), hour, minute };
    edit::instant(civil, zone)
}
