use domain::{Listed, Sha256, SittingId};
use uuid::Uuid;

use super::*;

struct Dice(std::sync::atomic::AtomicU64);

impl World for Dice {
    fn now_ms(&self) -> i64 {
        1_795_000_000_000
    }
    fn fill(&self, bytes: &mut [u8]) {
        let n = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        for (to, from) in bytes.iter_mut().zip(n.to_be_bytes().into_iter().rev()) {
            *to = from;
        }
    }
}

fn dice() -> Dice {
    Dice(1.into())
}

fn on<'a>(world: &'a Dice, published: Option<&'a Sitting>) -> Ground<'a> {
    Ground { published, zone: TimeZone::get("Europe/Paris").unwrap(), world }
}

fn agenda(world: &Dice, titles: &[&str]) -> Sitting {
    let mut sitting = Sitting::untitled(SittingId::from_bytes([1; 16]));
    for title in titles {
        let edit = Edit::AddItem { title: (*title).to_owned(), at: None };
        apply(&mut sitting, edit, &on(world, None)).unwrap();
    }
    sitting
}

fn titles_of(sitting: &Sitting) -> Vec<&str> {
    sitting.items.iter().map(|item| item.title.as_str()).collect()
}

fn file(n: u8, name: &str) -> KeptFile {
    KeptFile {
        file: Uuid::from_bytes([n; 16]),
        name: name.to_owned(),
        read: KeptRead::Paper {
            pdf: Sha256::from_bytes([n; 32]),
            bytes: 10,
            pages: 3,
            searchable: true,
            title: None,
        },
        target: None,
        shelved: None,
    }
}

#[test]
fn items_move_to_the_number_they_are_given_and_never_get_lost() {
    let world = dice();
    for (item, to, order) in
        [(0, 3, "bca"), (2, 1, "cab"), (1, 2, "abc"), (0, 99, "bca"), (1, 0, "bac")]
    {
        let mut sitting = agenda(&world, &["a", "b", "c"]);
        let item = sitting.items[item].id;
        apply(&mut sitting, Edit::MoveItem { item, to }, &on(&world, None)).unwrap();
        assert_eq!(titles_of(&sitting).concat(), order);
    }
}

#[test]
fn a_list_is_added_after_what_stands() {
    let world = dice();
    let mut sitting = agenda(&world, &["Approbation"]);
    let listed = Listed {
        title: " Budget   primitif ".to_owned(),
        rapporteur: Some("Claire Martin".to_owned()),
        ..Listed::default()
    };
    apply(&mut sitting, Edit::AddList(vec![listed]), &on(&world, None)).unwrap();
    assert_eq!(titles_of(&sitting), ["Approbation", "Budget primitif"]);
    assert_eq!(sitting.items[1].rapporteur.as_deref(), Some("Claire Martin"));
    assert!(!sitting.items[1].deliberative);
}

#[test]
fn a_report_takes_its_items_name_and_a_second_file_is_its_next_version() {
    let world = dice();
    let mut sitting = agenda(&world, &["Budget"]);
    let item = sitting.items[0].id;
    let first =
        [(file(1, "01.pdf"), Target::Report(item)), (file(2, "01-plan.pdf"), Target::Annex(item))];
    place(&mut sitting, &first, &on(&world, None)).unwrap();
    let names =
        |s: &Sitting| s.items[0].documents.iter().map(|d| d.title.clone()).collect::<Vec<_>>();
    assert_eq!(names(&sitting), ["Budget", "Plan"]);
    let rename = Edit::Item { item, change: ItemChange::Title("Budget 2027".to_owned()) };
    apply(&mut sitting, rename, &on(&world, None)).unwrap();
    assert_eq!(names(&sitting), ["Budget 2027", "Plan"]);

    let published = sitting.clone();
    let report = sitting.items[0].documents[0].id;
    for n in [3, 4] {
        let files = [(file(n, "01-corrigé.pdf"), Target::Report(item))];
        place(&mut sitting, &files, &on(&world, Some(&published))).unwrap();
    }
    let versions = &sitting.items[0].documents[0].versions;
    let digests: Vec<_> = versions.iter().map(|v| (v.number, v.sha256.as_bytes()[0])).collect();
    assert_eq!(digests, [(1, 1), (2, 4)], "a version nobody has seen makes room");
    assert_eq!(sitting.items[0].documents[0].id, report);

    let note = PaperChange::Note("montant corrigé".to_owned());
    let noted = Edit::Paper { document: report, change: note.clone() };
    apply(&mut sitting, noted, &on(&world, Some(&published))).unwrap();
    assert_eq!(sitting.items[0].documents[0].versions[1].note.as_deref(), Some("montant corrigé"));

    apply(&mut sitting, Edit::RemovePaper(report), &on(&world, Some(&published))).unwrap();
    assert_eq!(sitting, published_with_name(&published, "01-corrigé.pdf"));
    let rewritten = Edit::Paper { document: report, change: note };
    assert!(apply(&mut sitting, rewritten, &on(&world, Some(&published))).is_err());
}

fn published_with_name(published: &Sitting, name: &str) -> Sitting {
    let mut sitting = published.clone();
    sitting.items[0].documents[0].file_name = name.to_owned();
    sitting
}

#[test]
fn new_files_with_one_number_become_one_item() {
    let world = dice();
    let mut sitting = agenda(&world, &[]);
    let files = [
        (file(1, "7-Budget.pdf"), Target::NewItem(7)),
        (file(2, "7-annexe.pdf"), Target::NewItem(7)),
        (file(3, "8-Voirie.pdf"), Target::NewItem(8)),
    ];
    place(&mut sitting, &files, &on(&world, None)).unwrap();
    assert_eq!(titles_of(&sitting), ["Budget", "Voirie"]);
    let roles: Vec<_> = sitting.items[0].documents.iter().map(|paper| paper.role).collect();
    assert_eq!(roles, [DocumentRole::Report, DocumentRole::Annex]);
}

#[test]
fn a_paper_moves_between_places_and_keeps_its_identity() {
    let world = dice();
    let mut sitting = agenda(&world, &["a", "b"]);
    let (a, b) = (sitting.items[0].id, sitting.items[1].id);
    place(&mut sitting, &[(file(1, "1-plan.pdf"), Target::Report(a))], &on(&world, None)).unwrap();
    let id = sitting.items[0].documents[0].id;
    for target in [Target::Annex(b), Target::Other, Target::Convocation, Target::Report(b)] {
        let change = PaperChange::Place(target);
        apply(&mut sitting, Edit::Paper { document: id, change }, &on(&world, None)).unwrap();
        assert_eq!(sitting.packet().filter(|entry| entry.document.id == id).count(), 1);
    }
    assert_eq!(sitting.items[1].documents[0].role, DocumentRole::Report);
    let change = PaperChange::Place(Target::Nowhere);
    let before = sitting.clone();
    assert!(apply(&mut sitting, Edit::Paper { document: id, change }, &on(&world, None)).is_err());
    assert_eq!(sitting, before);
}

#[test]
fn hours_are_the_councils_clock_in_summer_and_in_winter() {
    let zone = TimeZone::get("Europe/Paris").unwrap();
    let at = |month, day, hour| {
        let civil = Civil { year: 2026, month, day, hour, minute: 30 };
        instant(civil, &zone).map(|at| at.to_string())
    };
    assert_eq!(at(12, 14, 18).unwrap(), "2026-12-14T17:30:00Z");
    assert_eq!(at(9, 28, 18).unwrap(), "2026-09-28T16:30:00Z");
    // The hour that does not exist on the last Sunday of March.
    assert!(at(3, 29, 2).is_ok());
    assert!(at(2, 30, 18).is_err());
}
