//! Edits of a draft, as a function of its present state.

use domain::{
    AgendaItem, Cancellation, Document, DocumentId, DocumentRole, DocumentVersion, ItemId, Sitting,
    Timestamp,
};
use ipc::{Civil, Edit, ErrorCode, Field, ItemChange, PaperChange, Problem, Reason, Target};
use jiff::civil;
use jiff::tz::TimeZone;

use crate::ports::{KeptFile, KeptRead, World};
use crate::publish::titles;
use crate::world;

/// Longest title, place or reason, in characters.
const TEXT: usize = 1_000;
/// Most items of an agenda.
const ITEMS: usize = 2_000;

/// What an edit stands on beside the draft.
pub(super) struct Ground<'a> {
    /// The sitting as it is published.
    pub(super) published: Option<&'a Sitting>,
    /// The council's time zone.
    pub(super) zone: TimeZone,
    pub(super) world: &'a dyn World,
}

impl Ground<'_> {
    fn item_id(&self) -> ItemId {
        let (now, random) = world::id_parts(self.world);
        ItemId::new(now, random)
    }

    fn document_id(&self) -> DocumentId {
        let (now, random) = world::id_parts(self.world);
        DocumentId::new(now, random)
    }

    fn now(&self) -> Timestamp {
        titles::moment(self.world.now_ms())
    }

    /// How many versions of a paper everyone can read.
    fn published_versions(&self, document: DocumentId) -> usize {
        let known = self.published.and_then(|sitting| sitting.document(document));
        known.map_or(0, |entry| entry.document.versions.len())
    }
}

/// Applies an edit.
///
/// # Errors
/// The item or paper is gone, or a value is out of its bounds; the draft is then to be thrown away.
pub(super) fn apply(sitting: &mut Sitting, edit: Edit, on: &Ground<'_>) -> Result<(), Problem> {
    match edit {
        Edit::Title(title) => sitting.title = short(&title, Field::Title)?,
        Edit::Kind { kind, body } => (sitting.kind, sitting.body) = (kind, body),
        Edit::Starts(civil) => sitting.starts = instant(civil, &on.zone)?,
        Edit::Place(place) => sitting.place = short(&place, Field::Place)?,
        Edit::Attendance(attendance) => sitting.attendance = attendance,
        Edit::Cancelled(reason) => {
            let reason = reason.map(|reason| short(&reason, Field::CancelReason)).transpose()?;
            sitting.cancelled = reason.map(|reason| Cancellation {
                at: on.now(),
                reason: (!reason.is_empty()).then_some(reason),
            });
        }
        Edit::AddItem { title, at } => {
            let item = AgendaItem { title: short(&title, Field::Title)?, ..blank(on.item_id()) };
            let end = sitting.items.len();
            let at = at.and_then(|number| usize::try_from(number.checked_sub(1)?).ok());
            sitting.items.insert(at.unwrap_or(end).min(end), item);
        }
        Edit::AddList(list) => {
            for listed in list {
                sitting.items.push(AgendaItem {
                    title: short(&listed.title, Field::Title)?,
                    theme: listed.theme,
                    rapporteur: listed.rapporteur,
                    closed_doors: listed.closed_doors,
                    deliberative: listed.deliberative,
                    ..blank(on.item_id())
                });
            }
        }
        Edit::RemoveItem(id) => {
            let at = index(sitting, id)?;
            sitting.items.remove(at);
        }
        Edit::MoveItem { item, to } => {
            let from = index(sitting, item)?;
            let item = sitting.items.remove(from);
            let to = usize::try_from(to.saturating_sub(1)).unwrap_or(usize::MAX);
            sitting.items.insert(to.min(sitting.items.len()), item);
        }
        Edit::Item { item, change } => change_item(item_mut(sitting, item)?, change)?,
        Edit::Paper { document, change } => change_paper(sitting, document, change, on)?,
        Edit::RemovePaper(id) => {
            let published = on.published_versions(id);
            let paper = paper_mut(sitting, id)?;
            if published > 0 && paper.versions.len() > published {
                paper.versions.truncate(published);
            } else {
                take_paper(sitting, id);
            }
        }
    }
    if sitting.items.len() > ITEMS {
        return Err(Reason::AgendaTooLong { most: ITEMS }.into());
    }
    Ok(())
}

fn blank(id: ItemId) -> AgendaItem {
    AgendaItem {
        id,
        title: String::new(),
        documents: Vec::new(),
        theme: Vec::new(),
        rapporteur: None,
        closed_doors: false,
        deliberative: true,
    }
}

fn change_item(item: &mut AgendaItem, change: ItemChange) -> Result<(), Problem> {
    match change {
        ItemChange::Title(title) => {
            item.title = short(&title, Field::Title)?;
            // A report is called after its item.
            let title = item.title.clone();
            let reports = item.documents.iter_mut().filter(|d| d.role == DocumentRole::Report);
            reports.for_each(|report| report.title.clone_from(&title));
        }
        ItemChange::Rapporteur(name) => {
            item.rapporteur =
                Some(short(&name, Field::Rapporteur)?).filter(|name| !name.is_empty());
        }
        ItemChange::Theme(path) => {
            let path = path.iter().map(|theme| short(theme, Field::Theme));
            let path: Vec<String> = path.collect::<Result<_, _>>()?;
            item.theme = path.into_iter().filter(|theme| !theme.is_empty()).take(6).collect();
        }
        ItemChange::ClosedDoors(closed) => item.closed_doors = closed,
        ItemChange::Deliberative(voted) => item.deliberative = voted,
    }
    Ok(())
}

fn change_paper(
    sitting: &mut Sitting,
    id: DocumentId,
    change: PaperChange,
    on: &Ground<'_>,
) -> Result<(), Problem> {
    match change {
        PaperChange::Title(title) => paper_mut(sitting, id)?.title = short(&title, Field::Title)?,
        PaperChange::Note(note) => {
            let published = on.published_versions(id);
            let fresh = paper_mut(sitting, id)?.versions.get_mut(published..);
            let note = Some(short(&note, Field::ChangeNote)?).filter(|note| !note.is_empty());
            match fresh.and_then(<[DocumentVersion]>::last_mut) {
                Some(version) => version.note = note,
                // What everyone has read is not rewritten.
                None => return Err(Reason::VersionPublished.into()),
            }
        }
        PaperChange::Place(target) => {
            paper_mut(sitting, id)?;
            check_target(sitting, target)?;
            if let Some(paper) = take_paper(sitting, id) {
                put_paper(sitting, paper, target)?;
            }
        }
    }
    Ok(())
}

/// Puts files where they are to go; `files` in their order.
///
/// # Errors
/// A place is gone, or a file is no paper.
pub(super) fn place(
    sitting: &mut Sitting,
    files: &[(KeptFile, Target)],
    on: &Ground<'_>,
) -> Result<(), Problem> {
    let mut made: Vec<(u32, ItemId)> = Vec::new();
    for (file, target) in files {
        let KeptRead::Paper { pdf, bytes, pages, searchable, title } = &file.read else {
            return Err(Problem::about(ErrorCode::NotFound, &file.name));
        };
        let version = DocumentVersion {
            number: 1,
            sha256: *pdf,
            bytes: *bytes,
            pages: *pages,
            searchable: *searchable,
            published: on.now(),
            note: None,
        };
        let name = title.clone().unwrap_or_else(|| titles::of_file(&file.name));
        let target = match *target {
            Target::NewItem(number) => match made.iter().find(|(known, _)| *known == number) {
                Some((_, item)) => Target::Annex(*item),
                None => {
                    let item = AgendaItem { title: name.clone(), ..blank(on.item_id()) };
                    made.push((number, item.id));
                    sitting.items.push(item);
                    Target::Report(made.last().map_or_else(|| on.item_id(), |(_, id)| *id))
                }
            },
            kept @ (Target::Report(_)
            | Target::Annex(_)
            | Target::Convocation
            | Target::Other
            | Target::Version(_)
            | Target::Nowhere) => kept,
        };
        let replaced = match target {
            Target::Version(id) => Some(id),
            Target::Convocation => sitting.convocation.as_ref().map(|paper| paper.id),
            // An item has one report: another file for it is its next version.
            Target::Report(item) => item_mut(sitting, item)?
                .documents
                .iter()
                .find(|paper| paper.role == DocumentRole::Report)
                .map(|paper| paper.id),
            Target::Annex(_) | Target::Other | Target::NewItem(_) | Target::Nowhere => None,
        };
        if let Some(id) = replaced {
            let published = on.published_versions(id);
            let paper = paper_mut(sitting, id)?;
            // A new version that nobody has seen makes room for the newer one.
            paper.versions.truncate(published);
            if paper.versions.last().is_none_or(|version| version.sha256 != *pdf) {
                let number = paper.versions.last().map_or(1, |version| version.number + 1);
                paper.versions.push(DocumentVersion { number, ..version });
                paper.file_name.clone_from(&file.name);
            }
            continue;
        }
        let paper = Document {
            id: on.document_id(),
            title: name,
            role: DocumentRole::Other,
            file_name: file.name.clone(),
            versions: vec![version],
        };
        put_paper(sitting, paper, target)?;
    }
    Ok(())
}

fn check_target(sitting: &Sitting, target: Target) -> Result<(), Problem> {
    match target {
        Target::Report(item) | Target::Annex(item) => {
            sitting.number(item).map(|_| ()).ok_or_else(|| ErrorCode::NotFound.into())
        }
        Target::Convocation | Target::Other => Ok(()),
        Target::Version(_) | Target::NewItem(_) | Target::Nowhere => {
            Err(Reason::PaperPlaceless.into())
        }
    }
}

/// Puts a paper into its place; a report stands before the annexes, a second report becomes one.
fn put_paper(sitting: &mut Sitting, mut paper: Document, target: Target) -> Result<(), Problem> {
    check_target(sitting, target)?;
    match target {
        Target::Report(id) => {
            let item = item_mut(sitting, id)?;
            paper.role = DocumentRole::Report;
            paper.title.clone_from(&item.title);
            for known in item.documents.iter_mut().filter(|d| d.role == DocumentRole::Report) {
                known.role = DocumentRole::Annex;
                known.title = titles::of_file(&known.file_name);
            }
            item.documents.insert(0, paper);
        }
        Target::Annex(id) => {
            if paper.role == DocumentRole::Report {
                paper.title = titles::of_file(&paper.file_name);
            }
            paper.role = DocumentRole::Annex;
            item_mut(sitting, id)?.documents.push(paper);
        }
        Target::Convocation => {
            paper.role = DocumentRole::Convocation;
            if let Some(known) = sitting.convocation.replace(paper) {
                sitting.others.push(Document { role: DocumentRole::Other, ..known });
            }
        }
        Target::Other => {
            paper.role = DocumentRole::Other;
            sitting.others.push(paper);
        }
        Target::Version(_) | Target::NewItem(_) | Target::Nowhere => {}
    }
    Ok(())
}

fn index(sitting: &Sitting, id: ItemId) -> Result<usize, Problem> {
    let found = sitting.items.iter().position(|item| item.id == id);
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

fn item_mut(sitting: &mut Sitting, id: ItemId) -> Result<&mut AgendaItem, Problem> {
    let found = sitting.items.iter_mut().find(|item| item.id == id);
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

fn paper_mut(sitting: &mut Sitting, id: DocumentId) -> Result<&mut Document, Problem> {
    let items = sitting.items.iter_mut().flat_map(|item| &mut item.documents);
    let mut all = sitting.convocation.iter_mut().chain(items).chain(&mut sitting.others);
    all.find(|paper| paper.id == id).ok_or_else(|| ErrorCode::NotFound.into())
}

fn take_paper(sitting: &mut Sitting, id: DocumentId) -> Option<Document> {
    if sitting.convocation.as_ref().is_some_and(|paper| paper.id == id) {
        return sitting.convocation.take();
    }
    let items = sitting.items.iter_mut().map(|item| &mut item.documents);
    for papers in items.chain(std::iter::once(&mut sitting.others)) {
        if let Some(at) = papers.iter().position(|paper| paper.id == id) {
            return Some(papers.remove(at));
        }
    }
    None
}

/// One line, its spaces in order.
pub(super) fn short(text: &str, field: Field) -> Result<String, Problem> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > TEXT {
        return Err(Reason::TooLong { field, most: TEXT }.into());
    }
    Ok(text)
}

/// The instant of a day and hour on the council's clock; in the hour that a change of clocks skips
/// or repeats, the one that clocks show first.
pub(super) fn instant(civil: Civil, zone: &TimeZone) -> Result<Timestamp, Problem> {
    let Civil { year, month, day, hour, minute } = civil;
    let moment = civil::DateTime::new(year, month, day, hour, minute, 0, 0)
        .ok()
        .filter(|_| (1990..2200).contains(&year))
        .and_then(|moment| moment.to_zoned_datetime(zone.clone()).ok());
    let wrong = || {
        let text = format!("{day:02}/{month:02}/{year} {hour:02}:{minute:02}");
        Problem::from(Reason::NotADay { text })
    };
    moment.map(|moment| moment.timestamp()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests;
