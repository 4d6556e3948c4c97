//! Small values of the tablet.

use std::collections::BTreeMap;

use client::ports::{Cursor, NotePieces, Profile, Reading};
use domain::{DeviceId, Role};
use ipc::Preferences;

use crate::world::{NOW, Shelf, council, member, mine, paper_id, pdf};

pub(crate) fn a_new_store_knows_nothing(shelf: &dyn Shelf) {
    let store = shelf.open();
    assert_eq!(store.profile().unwrap(), None);
    assert_eq!(store.preferences().unwrap(), Preferences::default());
    assert_eq!(store.council().unwrap(), None);
    assert_eq!(store.members().unwrap(), []);
    assert_eq!(store.groups().unwrap(), []);
    assert_eq!(store.sittings().unwrap(), []);
    assert_eq!(store.sitting_of(paper_id(1)).unwrap(), None);
    assert_eq!(store.cursor().unwrap(), Cursor::default());
    assert_eq!(store.next_device_seq().unwrap(), 1);
    assert_eq!(store.drafts().unwrap(), []);
    assert_eq!(store.outbox(1).unwrap(), []);
    assert_eq!(store.pending().unwrap(), 0);
    assert_eq!(store.last_sync().unwrap(), None);
    assert_eq!(store.note_pieces(mine(1).key).unwrap(), NotePieces::default());
    assert_eq!(store.noted_documents(&pdf(1)).unwrap(), []);
    assert_eq!(store.stale_documents().unwrap(), []);
    assert_eq!(store.notes(None).unwrap(), []);
    assert_eq!(store.note_counts(member(1)).unwrap(), BTreeMap::new());
    assert_eq!(store.unreadable().unwrap(), 0);
    assert_eq!(store.wanted_papers(NOW).unwrap(), []);
    assert_eq!(store.papers_here().unwrap(), []);
    assert_eq!(store.unindexed_papers().unwrap(), []);
    assert_eq!(store.search_pages("garantie", 9).unwrap(), []);
    assert_eq!(store.readings().unwrap(), []);
}

pub(crate) fn what_is_kept_survives_closing(shelf: &dyn Shelf) {
    let profile = Profile {
        server: "https://valbrune.example".to_owned(),
        authority: Some("-----BEGIN CERTIFICATE-----".to_owned()),
        council: council(),
        council_name: "Ville de Valbrune".to_owned(),
        member: member(1),
        role: Role::Official,
        device: DeviceId::from_bytes([5; 16]),
        device_name: "Tablette d’Élodie".to_owned(),
    };
    let preferences = Preferences { finger_draws: true, ..Preferences::default() };
    let mut store = shelf.open();
    store.save_profile(&Profile { role: Role::Guest, ..profile.clone() }).unwrap();
    store.save_profile(&profile).unwrap();
    store.save_preferences(&preferences).unwrap();
    store.save_last_sync(NOW).unwrap();
    store.apply(&[], Cursor { seq: 7, view: 3 }, NOW).unwrap();
    drop(store);

    let store = shelf.open();
    assert_eq!(store.profile().unwrap(), Some(profile));
    assert_eq!(store.preferences().unwrap(), preferences);
    assert_eq!(store.last_sync().unwrap(), Some(NOW));
    assert_eq!(store.cursor().unwrap(), Cursor { seq: 7, view: 3 });
}

pub(crate) fn the_place_last_read_replaces_the_one_before(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let first =
        Reading { document: paper_id(1), version: 1, page: 3, at_ms: NOW, since: 0, seen: 0 };
    let second =
        Reading { document: paper_id(2), version: 1, page: 9, at_ms: NOW + 1, since: 0, seen: 1 };
    store.save_reading(&first).unwrap();
    store.save_reading(&second).unwrap();
    let turned = Reading { version: 2, page: 4, at_ms: NOW + 2, since: 1, ..first };
    store.save_reading(&turned).unwrap();
    drop(store);
    let store = shelf.open();
    assert_eq!(store.reading(paper_id(1)).unwrap(), Some(turned));
    assert_eq!(store.reading(paper_id(3)).unwrap(), None);
    let mut all = store.readings().unwrap();
    all.sort_by_key(|reading| reading.document);
    assert_eq!(all, [turned, second]);
}
