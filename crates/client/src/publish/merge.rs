//! A plan becomes a sitting: a new one, or the next state of the one it updates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{
    AgendaItem, Document, DocumentId, DocumentRole, DocumentVersion, ItemId, Sha256, Sitting,
    SittingId, SittingState,
};

use super::papers::Checked;
use super::{Plan, PlannedItem, PlannedPaper, titles};
use crate::catalogue::Catalogue;
use crate::convene::letter;
use crate::ports::World;
use crate::world;

/// What is to be published.
pub(super) struct Merged {
    pub(super) sitting: Sitting,
    /// Whether it differs from what is published.
    pub(super) changed: bool,
}

/// Merges a plan into the catalogue's sittings. `checked` are the plan's papers in its order.
pub(super) fn merge(
    catalogue: &Catalogue,
    plan: &Plan,
    checked: &[Checked],
    world: &dyn World,
) -> Merged {
    let known = same(catalogue, plan, checked, world.now_ms());
    let titles = Titles::of(plan, checked);
    let merger = Merger {
        known: known.map(|sitting| &**sitting),
        checked: checked.iter().map(|paper| (paper.file_name.as_str(), paper)).collect(),
        titles,
        world,
    };
    let sitting = merger.sitting(plan);
    let changed = known.is_none_or(|known| **known != sitting);
    Merged { sitting, changed }
}

/// The sitting that the plan updates.
fn same<'a>(
    catalogue: &'a Catalogue,
    plan: &Plan,
    checked: &[Checked],
    now_ms: i64,
) -> Option<&'a Arc<Sitting>> {
    let pdfs: BTreeSet<Sha256> = checked.iter().map(|paper| paper.pdf).collect();
    let names: BTreeSet<&str> = checked.iter().map(|paper| paper.file_name.as_str()).collect();
    let open = |sitting: &&Arc<Sitting>| {
        sitting.kind == plan.kind && sitting.state != SittingState::Closed
    };
    let rank = |sitting: &Arc<Sitting>| {
        let papers = sitting.packet().count();
        let shared = |is: &dyn Fn(&Document) -> bool| {
            sitting.packet().filter(|entry| is(entry.document)).count()
        };
        let by_bytes = shared(&|paper| paper.current().is_some_and(|v| pdfs.contains(&v.sha256)));
        let by_name = shared(&|paper| names.contains(paper.file_name.as_str()));
        let coming = sitting.starts.as_millisecond() > now_ms;
        if plan.described && sitting.title == plan.title && sitting.starts == plan.starts {
            Some(3)
        } else if papers > 0 && by_bytes * 2 >= papers {
            Some(2)
        } else if !plan.described
            && coming
            && sitting.title == plan.title
            && papers > 0
            && by_name * 2 >= papers
        {
            Some(1)
        } else {
            None
        }
    };
    let ranked = catalogue.sittings.iter().filter(open).filter_map(|s| Some((rank(s)?, s)));
    ranked.max_by_key(|(rank, sitting)| (*rank, sitting.starts)).map(|(_, sitting)| sitting)
}

/// Titles in the papers' metadata, as far as they tell papers apart.
struct Titles(BTreeMap<String, String>);

impl Titles {
    fn of(plan: &Plan, checked: &[Checked]) -> Self {
        let mut titles = BTreeMap::new();
        let mut times: BTreeMap<String, u32> = BTreeMap::new();
        for paper in checked {
            let title = paper.inspection.title.as_deref().and_then(titles::of_metadata);
            if let Some(title) = title {
                *times.entry(title.clone()).or_default() += 1;
                titles.insert(paper.file_name.clone(), title);
            }
        }
        // A title that several papers carry is their template's.
        titles.retain(|_, title| times.get(title).is_some_and(|times| *times == 1));
        if plan.described {
            // The clerk's words stand; an annex is better known by its file than by its producer.
            titles.clear();
        }
        Self(titles)
    }

    fn paper(&self, file: &str) -> String {
        self.0.get(file).cloned().unwrap_or_else(|| titles::of_file(file))
    }
}

struct Merger<'a> {
    known: Option<&'a Sitting>,
    checked: BTreeMap<&'a str, &'a Checked>,
    titles: Titles,
    world: &'a dyn World,
}

impl Merger<'_> {
    fn sitting(&self, plan: &Plan) -> Sitting {
        let id = self.known.map_or_else(
            || {
                let (now, random) = world::id_parts(self.world);
                SittingId::new(now, random)
            },
            |known| known.id,
        );
        // What was guessed from a folder never replaces what stands.
        let kept = self.known.filter(|_| !plan.described);
        let convocation = plan.convocation.as_ref().and_then(|paper| {
            let title = self.titles.paper(&paper.file_name);
            self.document(paper, title)
        });
        // A letter that Pupitre set stays: it follows the sitting when it is convened again.
        let ours = self.known.and_then(|known| known.convocation.clone()).filter(letter::is_ours);
        let convocation = convocation.or(ours);
        Sitting {
            id,
            title: kept.map_or(&plan.title, |known| &known.title).clone(),
            kind: plan.kind,
            starts: kept.map_or(plan.starts, |known| known.starts),
            place: kept.map_or(&plan.place, |known| &known.place).clone(),
            state: self.known.map_or(SittingState::Published, |known| match known.state {
                SittingState::Draft => SittingState::Published,
                SittingState::Published
                | SittingState::Convened
                | SittingState::Held
                | SittingState::Closed => known.state,
            }),
            convocation,
            items: plan.items.iter().map(|item| self.item(item)).collect(),
            ..self.known.cloned().unwrap_or_else(|| Sitting::untitled(id))
        }
    }

    fn item(&self, planned: &PlannedItem) -> AgendaItem {
        let lead = planned.papers.first().map(|paper| self.titles.paper(&paper.file_name));
        let title = planned.title.clone().or(lead).unwrap_or_default();
        let documents: Vec<Document> = planned
            .papers
            .iter()
            .filter_map(|paper| {
                let name = match paper.role {
                    DocumentRole::Report => title.clone(),
                    DocumentRole::Annex | DocumentRole::Convocation | DocumentRole::Other => {
                        self.titles.paper(&paper.file_name)
                    }
                };
                self.document(paper, name)
            })
            .collect();
        AgendaItem {
            id: self.item_id(&title, &documents),
            title,
            documents,
            theme: planned.theme.clone(),
            rapporteur: planned.rapporteur.clone(),
            closed_doors: planned.closed_doors,
            deliberative: planned.deliberative,
        }
    }

    fn item_id(&self, title: &str, documents: &[Document]) -> ItemId {
        let shares = |item: &&AgendaItem| {
            item.documents.iter().any(|known| documents.iter().any(|new| new.id == known.id))
        };
        let items = self.known.map(|known| known.items.as_slice()).unwrap_or_default();
        let known = items.iter().find(shares);
        let titled = || items.iter().find(|item| item.documents.is_empty() && item.title == title);
        known.or_else(titled).map_or_else(
            || {
                let (now, random) = world::id_parts(self.world);
                ItemId::new(now, random)
            },
            |item| item.id,
        )
    }

    fn document(&self, planned: &PlannedPaper, title: String) -> Option<Document> {
        let checked = self.checked.get(planned.file_name.as_str())?;
        let known = self.known.and_then(|sitting| {
            sitting.packet().map(|e| e.document).find(|d| d.file_name == planned.file_name)
        });
        let mut versions = known.map(|known| known.versions.clone()).unwrap_or_default();
        if versions.last().is_none_or(|version| version.sha256 != checked.pdf) {
            versions.push(DocumentVersion {
                number: versions.last().map_or(1, |version| version.number + 1),
                sha256: checked.pdf,
                bytes: checked.bytes,
                pages: u32::try_from(checked.inspection.sizes.len()).unwrap_or(u32::MAX),
                searchable: checked.inspection.searchable,
                published: titles::moment(self.world.now_ms()),
                note: None,
            });
        }
        let id = known.map_or_else(
            || {
                let (now, random) = world::id_parts(self.world);
                DocumentId::new(now, random)
            },
            |known| known.id,
        );
        let file_name = planned.file_name.clone();
        Some(Document { id, title, role: planned.role, file_name, versions })
    }
}
