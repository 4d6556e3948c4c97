//! Scenes at the desk.

use domain::{DocumentId, DocumentRole, SittingId};
use ink::Colour;
use ipc::{Availability, MarkView, PageSize};

use super::*;

fn desk(pages: u32, page: u32) -> Rc<Desk> {
    let size = PageSize { width: 595.0, height: 842.0, rotation: 0, left: 0.0, bottom: 0.0 };
    let paper = DocumentView {
        document: DocumentId::from_bytes([1; 16]),
        sitting: SittingId::from_bytes([2; 16]),
        item: 3,
        item_title: "Garantie d’emprunt".into(),
        title: "Rapport".into(),
        role: DocumentRole::Report,
        pages,
        version: 1,
        bytes: 1,
        availability: Availability::Here,
        searchable: true,
        read: true,
        changed_since: None,
        last_page: page,
        first_packet_page: 80,
        notes: 0,
        sizes: vec![size; pages as usize],
        labels: Vec::new(),
        measured: None,
        can_undo: false,
        can_redo: false,
    };
    Rc::new(Desk::new(paper, page, Kit::default(), 7))
}

fn seen(desk: Rc<Desk>) -> Rc<Desk> {
    desk.reduce(Move::Port { width: 900.0, height: 1000.0, ratio: 2.0, head: 64.0 })
}

#[test]
fn a_paper_opens_at_the_page_last_read() {
    let desk = seen(desk(9, 4));
    assert_eq!(desk.page(), 4);
    assert!(desk.jump.top > 0.0 && desk.jump.number > 0);
    assert!((desk.port.top - desk.jump.top).abs() < f64::EPSILON);
}

#[test]
fn a_page_that_is_not_measured_is_shown_and_not_drawn_on() {
    let glanced = seen(desk(60, 31));
    let mut paper = (*glanced.paper).clone();
    let whole = paper.clone();
    paper.measured = Some((29, 36));
    let desk = seen(Rc::new(Desk::new(paper, 31, Kit::default(), 7)));
    assert!(desk.size(31).is_some() && desk.size(1).is_none());
    assert_eq!(desk.layout, glanced.layout);
    let (before, layout) = (desk.jump, Rc::clone(&desk.layout));
    let desk = desk.reduce(Move::Measured(Box::new(whole)));
    assert!(desk.size(1).is_some());
    assert_eq!((desk.jump, &desk.layout), (before, &layout), "nothing moves under the eye");
}

#[test]
fn a_page_that_is_not_there_is_not_gone_to() {
    let desk = seen(desk(9, 1)).reduce(Move::GoTo(400));
    assert_eq!(desk.page(), 9);
    assert_eq!(desk.reduce(Move::GoTo(0)).page(), 1);
}

#[test]
fn turning_the_tablet_keeps_the_page_and_fills_the_width_again() {
    let before = seen(desk(60, 31));
    let turned = Rc::clone(&before).reduce(Move::Port {
        width: 700.0,
        height: 1300.0,
        ratio: 2.0,
        head: 64.0,
    });
    assert_eq!(turned.page(), 31);
    assert!(turned.zoom < before.zoom);
}

#[test]
fn images_are_made_anew_only_when_the_hand_rests() {
    let desk = seen(desk(9, 1));
    let sharp = desk.sharp;
    let desk = desk.reduce(Move::ZoomBy { factor: 1.5, at: (450.0, 500.0) });
    assert!(desk.zoom > sharp && (desk.sharp - sharp).abs() < f64::EPSILON);
    let desk = desk.reduce(Move::Settle(8));
    assert!((desk.sharp - desk.zoom).abs() < f64::EPSILON);
    assert_eq!(desk.generation, 8);
    assert_eq!(desk.reduce(Move::Settle(20)).generation, 8, "nothing changed");
}

#[test]
fn reading_on_sends_the_bars_away_and_a_tool_keeps_them() {
    let scroll = |desk: Rc<Desk>, top| desk.reduce(Move::Scrolled { left: 0.0, top });
    let read = scroll(scroll(seen(desk(60, 1)), 200.0), 400.0);
    assert!(read.immersed);
    assert!(!Rc::clone(&read).reduce(Move::Immerse(false)).immersed);
    let drawing = seen(desk(60, 1)).reduce(Move::Tool(Tool::Pen));
    assert!(!scroll(scroll(drawing, 200.0), 400.0).immersed);
    assert!(!read.reduce(Move::Tool(Tool::Pen)).immersed);
}

#[test]
fn the_passage_shown_first_is_the_next_one_from_where_one_reads() {
    let rect = Rect { x0: 100.0, y0: 400.0, x1: 200.0, y1: 412.0 };
    let hits = Rc::new(vec![(2, vec![rect]), (5, vec![rect]), (8, vec![rect])]);
    let found = Found { text: "emprunt".into(), hits, at: 0, bare: 0, busy: false };
    let desk = seen(desk(9, 4)).reduce(Move::Found(found));
    assert_eq!((desk.found.at, desk.page()), (1, 5));
    let desk = desk.reduce(Move::FoundBy(1)).reduce(Move::FoundBy(1));
    assert_eq!((desk.found.at, desk.page()), (0, 2));
    let desk = desk.reduce(Move::FoundBy(-1));
    assert_eq!(desk.found.at, 2);
}

#[test]
fn a_new_mark_can_be_undone_and_leaves_nothing_to_redo() {
    let desk = seen(desk(9, 1)).reduce(Move::History { can_undo: false, can_redo: true });
    let mark = NewMark {
        id: None,
        document: desk.paper.document,
        page: 1,
        kind: ink::MarkKind::Note { at: ink::Point { x: 10.0, y: 800.0 } },
        colour: Colour::Green,
        text: "À vérifier".into(),
        audience: ipc::Audience::Private,
    };
    let desk = desk.reduce(Move::Add(mark.clone()));
    let key = desk.pending_key().unwrap();
    assert!(!desk.can_undo, "not before the app has kept it");
    let view = MarkView {
        mark: ink::Mark {
            id: AnnotationId::from_bytes([5; 16]),
            page: 1,
            kind: mark.kind,
            colour: mark.colour,
            text: mark.text,
            created_ms: 0,
            modified_ms: 0,
            in_reply_to: None,
        },
        audience: ipc::Audience::Private,
        author: String::new(),
        author_id: domain::MemberId::from_bytes([1; 16]),
        mine: true,
        fresh: false,
        not_shared: None,
        placement: ipc::Placement::Exact,
        can_undo: true,
        origin: None,
    };
    let desk = desk.reduce(Move::Kept { key, view: Box::new(view) });
    assert!(desk.can_undo && !desk.can_redo);
    assert!(desk.marks.get(AnnotationId::from_bytes([5; 16])).is_some());
}

#[test]
fn the_next_page_is_within_reach_before_one_turns_to_it() {
    let desk = seen(desk(9, 4));
    let (port, reach) = (desk.port, desk.reach());
    assert!(desk.near().contains(&5), "{:?}", desk.near());
    let turned = Rc::clone(&desk).reduce(Move::GoTo(5));
    assert!(turned.port.top + port.height <= reach.top + reach.height + 8.0);
    // Before the window's size is known nothing is asked for; the last page has no next one.
    assert!(Desk::new((*desk.paper).clone(), 4, Kit::default(), 7).near().is_empty());
    let last = desk.reduce(Move::GoTo(9));
    assert_eq!(last.near().end, 10);
}

#[test]
fn text_is_chosen_across_the_end_of_a_page() {
    let line = |text: &str| ipc::TextLine {
        start: 0,
        text: text.to_owned(),
        rect: Rect { x0: 0.0, y0: 700.0, x1: text.len() as f32 * 10.0, y1: 712.0 },
        edges: (0..=text.len()).map(|i| i as f32 * 10.0).collect(),
        vertical: false,
    };
    let page = |page, lines| Same::new(PageText { page, lines });
    let mut texts =
        BTreeMap::from([(1, page(1, vec![line("le conseil approuve")])), (2, page(2, Vec::new()))]);
    let (from, to) = (Point { x: 120.0, y: 706.0 }, Point { x: 60.0, y: 706.0 });
    assert_eq!(Chosen::between(&texts, (1, from), (3, to)), None, "page 3 is not read yet");
    texts.insert(3, page(3, vec![line("la garantie demandee")]));
    let chosen = Chosen::between(&texts, (1, from), (3, to)).unwrap();
    assert_eq!(chosen.words(), "approuve\nla garantie");
    // The other way round it is the same text; the picture between has none.
    assert_eq!(Chosen::between(&texts, (3, to), (1, from)), Some(chosen.clone()));
    assert!(chosen.on(1).is_some() && chosen.on(2).is_none() && chosen.on(3).is_some());
}

#[test]
fn a_paper_is_read_from_the_answer_as_the_app_wrote_it() {
    let mut paper = (*desk(1_000, 3).paper).clone();
    if let Some(plan) = paper.sizes.get_mut(7) {
        plan.width = 1191.0;
    }
    let text = serde_json::to_string(&paper).unwrap();
    assert!(text.len() < 2_000, "{} bytes", text.len());
    assert_eq!(crate::tree::read::<DocumentView>(&text), Some(paper));
}
