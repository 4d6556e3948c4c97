//! Records and the papers they name.

use client::ports::{Cursor, Inspection, Store};
use domain::{
    Body, BodyId, BodyKind, Council, CouncilKind, DocumentId, Entity, Group, GroupId, Member,
    Record, Role, SittingId,
};
use ipc::PageSize;
use wire::{Audience, DocKey, Kind, Scope};

use crate::world::{
    DAY, NOW, Shelf, council, desk, logged, member, paper, paper_id, pdf, publish, record, sitting,
};

fn titles(store: &dyn Store) -> Vec<String> {
    store.sittings().unwrap().into_iter().map(|sitting| sitting.title).collect()
}

fn wanted(store: &dyn Store, now_ms: i64) -> Vec<DocumentId> {
    store.wanted_papers(now_ms).unwrap().into_iter().map(|paper| paper.document).collect()
}

/// Puts one record at a version.
fn put(store: &mut dyn Store, version: u64, record: &Record) -> bool {
    let op = desk().record(council(), member(9), version - 1, record);
    let seq = store.cursor().unwrap().seq + 1;
    let cursor = Cursor { seq, view: 1 };
    store.apply(&[logged(seq, version, op)], cursor, NOW).unwrap().catalogue
}

pub(crate) fn a_record_replaces_its_older_version_and_never_a_newer_one(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let named = |title: &str| {
        let mut sitting = sitting(1, 5, Vec::new());
        sitting.title = title.to_owned();
        record(sitting)
    };
    assert_eq!(store.record_version(Entity::Sitting, named("").id()).unwrap(), 0);
    assert!(put(&mut *store, 1, &named("première")));
    assert!(put(&mut *store, 3, &named("troisième")));
    assert!(!put(&mut *store, 2, &named("deuxième")));
    assert!(!put(&mut *store, 3, &named("troisième bis")));
    drop(store);
    let store = shelf.open();
    assert_eq!(titles(&*store), ["troisième"]);
    assert_eq!(store.record_version(Entity::Sitting, named("").id()).unwrap(), 3);
    assert_eq!(store.cursor().unwrap().seq, 4);
}

pub(crate) fn a_record_of_its_own_number_space_is_not_mixed_up_with_another(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let group =
        Group { id: GroupId::from_bytes([1; 16]), name: "A".to_owned(), colour: "#000".to_owned() };
    publish(&mut *store, vec![Record::Group(group), record(sitting(1, 1, Vec::new()))]);
    assert_eq!(store.groups().unwrap().len(), 1);
    assert_eq!(store.sittings().unwrap().len(), 1);
    let id = record(sitting(1, 1, Vec::new())).id();
    assert_eq!(store.record_version(Entity::Group, id).unwrap(), 1);
    assert_eq!(store.record_version(Entity::Member, id).unwrap(), 0);
}

pub(crate) fn people_groups_and_sittings_come_in_their_order(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let person = |id: u8, first_name: &str, last_name: &str| {
        Record::Member(Member::new(member(id), first_name, last_name, Role::Official))
    };
    let group = |id: u8, name: &str| {
        let colour = "#123456".to_owned();
        Record::Group(Group { id: GroupId::from_bytes([id; 16]), name: name.to_owned(), colour })
    };
    let body = |id: u8, name: &str| {
        Record::Body(Body {
            id: BodyId::from_bytes([id; 16]),
            name: name.to_owned(),
            kind: BodyKind::Committee,
            members: vec![member(1), member(2)],
            chair: Some(member(1)),
            substitutes: Vec::new(),
        })
    };
    let town = Council {
        id: council(),
        name: "Ville de Valbrune".to_owned(),
        kind: CouncilKind::Commune,
        population: 9_012,
        zone: "Europe/Paris".to_owned(),
        local_law: None,
        letterhead: None,
        law: Default::default(),
        stamp: None,
    };
    publish(
        &mut *store,
        vec![
            person(3, "Zoé", "Ardouin"),
            person(2, "Paul", "Morel"),
            person(1, "Anne", "Morel"),
            group(1, "Valbrune en commun"),
            group(2, "Agir"),
            body(1, "Urbanisme"),
            body(2, "Finances"),
            record(sitting(1, 30, Vec::new())),
            record(sitting(2, -30, Vec::new())),
            Record::Council(town.clone()),
        ],
    );
    let names: Vec<String> = store.members().unwrap().iter().map(Member::full_name).collect();
    assert_eq!(names, ["Zoé Ardouin", "Anne Morel", "Paul Morel"]);
    let groups: Vec<String> = store.groups().unwrap().into_iter().map(|g| g.name).collect();
    assert_eq!(groups, ["Agir", "Valbrune en commun"]);
    let bodies: Vec<_> = store.bodies().unwrap().into_iter().map(|b| (b.name, b.chair)).collect();
    let chair = Some(member(1));
    assert_eq!(bodies, [("Finances".to_owned(), chair), ("Urbanisme".to_owned(), chair)]);
    assert_eq!(titles(&*store), ["Conseil 2", "Conseil 1"]);
    assert_eq!(store.council().unwrap(), Some(town));
    let first = store.sitting(SittingId::from_bytes([1; 16])).unwrap().unwrap();
    assert_eq!(first, sitting(1, 30, Vec::new()));
}

pub(crate) fn a_paper_is_found_in_its_sitting_until_the_agenda_drops_it(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut with_convocation = sitting(1, 5, vec![paper(1, &[1])]);
    with_convocation.convocation = Some(paper(8, &[8]));
    put(&mut *store, 1, &record(with_convocation.clone()));
    for id in [1, 8] {
        let found = store.sitting_of(paper_id(id)).unwrap().map(|sitting| sitting.id);
        assert_eq!(found, Some(with_convocation.id));
    }
    put(&mut *store, 2, &record(sitting(1, 5, vec![paper(2, &[2])])));
    assert_eq!(store.sitting_of(paper_id(1)).unwrap(), None);
    assert!(store.sitting_of(paper_id(2)).unwrap().is_some());
    assert_eq!(wanted(&*store, NOW), [paper_id(2)]);
}

pub(crate) fn a_paper_that_moves_to_another_sitting_is_found_there(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    put(&mut *store, 1, &record(sitting(1, 5, vec![paper(1, &[1]), paper(2, &[2])])));
    put(&mut *store, 1, &record(sitting(2, 9, vec![paper(2, &[2])])));
    put(&mut *store, 2, &record(sitting(1, 5, vec![paper(1, &[1])])));
    let found = store.sitting_of(paper_id(2)).unwrap().unwrap();
    assert_eq!(found.title, "Conseil 2");
    assert_eq!(wanted(&*store, NOW), [paper_id(1), paper_id(2)]);
}

pub(crate) fn papers_of_the_next_sitting_are_fetched_first_in_agenda_order(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    publish(
        &mut *store,
        vec![
            record(sitting(1, -90, vec![paper(1, &[1])])),
            record(sitting(2, 60, vec![paper(2, &[2])])),
            record(sitting(3, -10, vec![paper(3, &[3])])),
            record(sitting(4, 2, vec![paper(6, &[6]), paper(5, &[5]), paper(4, &[4])])),
        ],
    );
    let order = |ids: &[u8]| ids.iter().map(|id| paper_id(*id)).collect::<Vec<_>>();
    assert_eq!(wanted(&*store, NOW), order(&[6, 5, 4, 2, 3, 1]));
    // While it sits, its papers are still the first.
    assert_eq!(wanted(&*store, NOW + 2 * DAY + 60_000), order(&[6, 5, 4, 2, 3, 1]));
    assert_eq!(wanted(&*store, NOW + 30 * DAY), order(&[2, 6, 5, 4, 3, 1]));
    let first = store.wanted_papers(NOW).unwrap().remove(0);
    assert_eq!((first.pdf, first.bytes, first.title.as_str()), (pdf(6), 6_000, "Rapport 6"));
    assert_eq!(first.sitting, SittingId::from_bytes([4; 16]));
}

pub(crate) fn only_the_current_version_is_wanted_and_the_same_file_only_once(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    publish(
        &mut *store,
        vec![
            record(sitting(1, 9, vec![paper(1, &[1, 2])])),
            record(sitting(2, 5, vec![paper(2, &[3]), paper(3, &[3]), paper(4, &[2])])),
        ],
    );
    let files: Vec<_> = store.wanted_papers(NOW).unwrap().iter().map(|paper| paper.pdf).collect();
    assert_eq!(files, [pdf(3), pdf(2)]);
}

pub(crate) fn an_arrived_paper_is_here_and_waits_for_its_index(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    publish(&mut *store, vec![record(sitting(1, 5, vec![paper(1, &[1]), paper(2, &[2])]))]);
    assert!(!store.is_here(&pdf(1)).unwrap());
    store.paper_arrived(&pdf(1)).unwrap();
    store.paper_arrived(&pdf(1)).unwrap();
    drop(store);
    let mut store = shelf.open();
    assert!(store.is_here(&pdf(1)).unwrap());
    assert_eq!(store.papers_here().unwrap(), [pdf(1)]);
    assert_eq!(wanted(&*store, NOW), [paper_id(2)]);
    assert_eq!(store.unindexed_papers().unwrap(), [pdf(1)]);
    store.index_text(&pdf(1), &["Texte".to_owned()]).unwrap();
    assert_eq!(store.unindexed_papers().unwrap(), []);
    store.paper_arrived(&pdf(1)).unwrap();
    assert_eq!(store.unindexed_papers().unwrap(), []);
}

pub(crate) fn a_paper_that_was_lost_is_wanted_again(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    publish(&mut *store, vec![record(sitting(1, 5, vec![paper(1, &[1]), paper(2, &[2])]))]);
    for n in [1, 2] {
        store.paper_arrived(&pdf(n)).unwrap();
        store.index_text(&pdf(n), &["Texte du budget".to_owned()]).unwrap();
    }
    assert_eq!(wanted(&*store, NOW), []);
    store.paper_lost(&pdf(1)).unwrap();
    store.paper_lost(&pdf(3)).unwrap();
    drop(store);
    let mut store = shelf.open();
    assert!(!store.is_here(&pdf(1)).unwrap());
    assert_eq!(store.papers_here().unwrap(), [pdf(2)]);
    assert_eq!(wanted(&*store, NOW), [paper_id(1)]);
    assert_eq!(store.search_pages("budget", 5).unwrap().len(), 1);
    store.paper_arrived(&pdf(1)).unwrap();
    assert_eq!(store.unindexed_papers().unwrap(), [pdf(1)]);
}

pub(crate) fn what_a_paper_is_is_kept_once_it_is_here(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let size =
        |width, rotation| PageSize { width, height: 842.0, rotation, left: 0.5, bottom: -3.0 };
    let inspection = Inspection {
        sizes: vec![size(595.0, 0), size(595.0, 0), size(1191.0, 90), size(595.0, 0)],
        labels: ["i", "ii", "1", "2"].map(str::to_owned).to_vec(),
        searchable: true,
        title: Some("Budget primitif".to_owned()),
    };
    store.keep_inspection(&pdf(1), &inspection).unwrap();
    assert_eq!(store.inspection(&pdf(1)).unwrap(), None);
    store.paper_arrived(&pdf(1)).unwrap();
    assert_eq!(store.inspection(&pdf(1)).unwrap(), None);
    store.keep_inspection(&pdf(1), &Inspection::default()).unwrap();
    store.keep_inspection(&pdf(1), &inspection).unwrap();
    drop(store);
    let store = shelf.open();
    assert_eq!(store.inspection(&pdf(1)).unwrap(), Some(inspection));
    assert_eq!(store.inspection(&pdf(2)).unwrap(), None);
}

pub(crate) fn an_entry_that_cannot_be_read_stops_nothing_and_is_told(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut desk = desk();
    let scope = Scope { owner: member(9), audience: Audience::Council };
    let key = DocKey::of_record([4; 16]);
    let items = [
        logged(1, 1, desk.seal(council(), scope, key, Kind::Record, b"no record".to_vec())),
        logged(2, 0, desk.seal(council(), scope, key, Kind::Note, b"no note".to_vec())),
        logged(3, 1, desk.record(council(), member(9), 0, &record(sitting(1, 1, Vec::new())))),
    ];
    let cursor = Cursor { seq: 3, view: 1 };
    store.apply(&items, cursor, NOW).unwrap();
    store.apply(&items, cursor, NOW).unwrap();
    assert_eq!(titles(&*store), ["Conseil 1"]);
    assert_eq!(store.cursor().unwrap(), cursor);
    assert_eq!(store.unreadable().unwrap(), 2);
}
