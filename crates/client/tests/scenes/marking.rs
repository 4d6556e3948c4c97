//! Marks: made, changed, erased, taken back, refused.

use domain::DocumentId;
use ink::{AnnotationId, Colour, Form, Mark, MarkKind, Nib, Point, Rect, Shape, Stroke};
use ipc::{Audience, Command, ErrorCode, MarkChange, MarkView, NewMark, Reply};

use crate::council::{Council, Tablet, highlight, note};

async fn desk() -> (Council, Tablet, domain::DocumentId) {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let paper = clerk.document("Budget").await;
    (council, clerk, paper)
}

fn texts(marks: &[MarkView]) -> Vec<&str> {
    marks.iter().map(|view| view.mark.text.as_str()).collect()
}

async fn marks(tablet: &Tablet, command: Command) -> Vec<MarkView> {
    let Reply::Marks(marks) = tablet.ask(command).await else { panic!("marks") };
    marks
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_can_be_taken_back_and_done_again_in_order() {
    let (_council, tablet, document) = desk().await;
    let (undo, redo) = (Command::Undo { document }, Command::Redo { document });
    assert_eq!(tablet.refused(undo.clone()).await.code, ErrorCode::NothingToUndo);

    let first = tablet.mark(note(document, 1, "un")).await.mark.id;
    tablet.mark(note(document, 2, "deux")).await;
    let change = Command::ChangeMark {
        document,
        annotation: first,
        text: Some("un, revu".to_owned()),
        colour: Some(Colour::Pink),
    };
    let Reply::Marked(changed) = tablet.ask(change).await else { panic!("marked") };
    assert_eq!((changed.mark.text.as_str(), changed.mark.colour), ("un, revu", Colour::Pink));
    let both = tablet.marks(document).await.iter().map(|view| view.mark.id).collect();
    let gone = marks(&tablet, Command::Erase { document: None, annotations: both }).await;
    assert_eq!(texts(&gone), [""; 0]);

    assert_eq!(texts(&marks(&tablet, undo.clone()).await), ["un, revu", "deux"]);
    let back = marks(&tablet, undo.clone()).await;
    assert_eq!((texts(&back), back[0].mark.colour), (vec!["un", "deux"], Colour::Yellow));
    assert_eq!(texts(&marks(&tablet, undo.clone()).await), ["un"]);
    let none = marks(&tablet, undo.clone()).await;
    assert_eq!(texts(&none), [""; 0]);
    assert_eq!(tablet.refused(undo.clone()).await.code, ErrorCode::NothingToUndo);

    assert_eq!(texts(&marks(&tablet, redo.clone()).await), ["un"]);
    assert_eq!(texts(&marks(&tablet, redo.clone()).await), ["un", "deux"]);
    // Something new forgets what could be done again.
    tablet.mark(note(document, 1, "trois")).await;
    assert_eq!(tablet.refused(redo).await.code, ErrorCode::NothingToUndo);

    // Undo is an edit like any other: it lasts and it travels.
    marks(&tablet, undo).await;
    let tablet = tablet.reopen().await;
    assert_eq!(texts(&tablet.marks(document).await), ["un", "deux"]);
    assert_eq!(tablet.notes().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_changes_at_once_are_one_step_of_undo() {
    let (_council, tablet, document) = desk().await;
    let stroke =
        |x: f32| Stroke { points: vec![[x, 400.0, 0.5].into(), [x + 9.0, 400.0, 0.5].into()] };
    let ink = |strokes| MarkKind::Ink { strokes, width: 2.0, nib: Nib::Pen };
    let drawn = NewMark { kind: ink(vec![stroke(10.0)]), ..note(document, 1, "") };
    let cut = tablet.mark(drawn.clone()).await.mark;
    let moved = tablet.mark(note(document, 1, "à côté")).await.mark;
    let change =
        MarkChange { colour: Some(Colour::Green), shift: Some(BY), ..MarkChange::of(moved.id) };
    let left = NewMark { kind: ink(vec![stroke(10.0), stroke(30.0)]), ..drawn };
    let edit =
        Command::Edit { document, put: vec![left], erase: vec![cut.id], change: vec![change] };
    let Reply::Changed { put, gone } = tablet.ask(edit).await else { panic!("changed") };
    assert_eq!((put.len(), gone), (2, vec![cut.id]));
    let there = tablet.marks(document).await;
    let find = |marks: &[MarkView], id| marks.iter().find(|v| v.mark.id == id).cloned();
    let after = find(&there, moved.id).unwrap().mark;
    let expected = moved.bounds().shifted(BY);
    assert!(after.bounds().middle().distance(expected.middle()) < 0.02, "{after:?}");
    assert_eq!(after.colour, Colour::Green);

    let back = marks(&tablet, Command::Undo { document }).await;
    let same = |mark: &Mark| Mark { modified_ms: 0, ..mark.clone() };
    let shown: Vec<_> = back.iter().map(|view| same(&view.mark)).collect();
    assert_eq!(shown, [same(&cut), same(&moved)]);
    let again = marks(&tablet, Command::Redo { document }).await;
    assert_eq!(same(&find(&again, moved.id).unwrap().mark), same(&after));
    assert_eq!(again.len(), 2);

    // One that is not there spares all others.
    let nobody = AnnotationId::new(1, [7; 10]);
    let edit =
        Command::Edit { document, put: vec![], erase: vec![moved.id, nobody], change: vec![] };
    assert_eq!(tablet.refused(edit).await.code, ErrorCode::NotFound);
    assert_eq!(tablet.reopen().await.marks(document).await.len(), 2);
}

/// How far a mark is moved.
const BY: Point = Point { x: 100.0, y: -30.5 };

/// Gives a mark other ends.
async fn reshape(tablet: &Tablet, document: DocumentId, id: AnnotationId, ends: [[f32; 2]; 2]) {
    let ends = Some(ends.map(Point::from));
    let change = vec![MarkChange { ends, ..MarkChange::of(id) }];
    tablet.ask(Command::Edit { document, put: vec![], erase: vec![], change }).await;
}

async fn ends(tablet: &Tablet, document: DocumentId) -> Vec<Option<[Point; 2]>> {
    tablet.marks(document).await.iter().map(|view| view.mark.kind.ends()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_and_text_boxes_get_other_ends_and_the_former_ones_back() {
    let (_council, tablet, document) = desk().await;
    let (from, to) = (Point { x: 100.0, y: 500.0 }, Point { x: 200.0, y: 520.0 });
    let arrow = MarkKind::Shape(Shape { form: Form::Arrow, from, to, width: 2.0 });
    let text = MarkKind::Text { rect: Rect::from([100.0, 300.0, 260.0, 340.0]) };
    let arrow = tablet.mark(NewMark { kind: arrow, ..note(document, 1, "ici") }).await.mark.id;
    let text = tablet.mark(NewMark { kind: text, ..note(document, 1, "voir") }).await.mark.id;
    let made = ends(&tablet, document).await;
    // Moved, then given other ends, then moved again: each is taken back by itself.
    let shift = |id| vec![MarkChange { shift: Some(BY), ..MarkChange::of(id) }];
    let edit = |change| Command::Edit { document, put: vec![], erase: vec![], change };
    tablet.ask(edit(shift(arrow))).await;
    let moved = ends(&tablet, document).await;
    reshape(&tablet, document, arrow, [[210.0, 480.0], [90.0, 400.0]]).await;
    reshape(&tablet, document, text, [[100.0, 340.0], [400.0, 200.0]]).await;
    let wanted = |[a, b]: [[f32; 2]; 2]| Some([Point::from(a), Point::from(b)]);
    let reshaped =
        [wanted([[210.0, 480.0], [90.0, 400.0]]), wanted([[100.0, 340.0], [400.0, 200.0]])];
    let near = |a: &[Option<[Point; 2]>], b: &[Option<[Point; 2]>]| {
        let pairs = a.iter().flatten().flatten().zip(b.iter().flatten().flatten());
        a.len() == b.len()
            && pairs.clone().count() == 4
            && pairs.into_iter().all(|(a, b)| a.distance(*b) < 0.05)
    };
    let there = ends(&tablet, document).await;
    assert!(near(&there, &reshaped), "{there:?}");
    tablet.ask(edit(shift(arrow))).await;

    let tablet = tablet.reopen().await;
    marks(&tablet, Command::Undo { document }).await;
    assert!(near(&ends(&tablet, document).await, &reshaped));
    marks(&tablet, Command::Undo { document }).await;
    marks(&tablet, Command::Undo { document }).await;
    let there = ends(&tablet, document).await;
    assert!(near(&there, &moved), "{there:?}");
    marks(&tablet, Command::Undo { document }).await;
    assert!(near(&ends(&tablet, document).await, &made));
    for _ in 0..3 {
        marks(&tablet, Command::Redo { document }).await;
    }
    assert!(near(&ends(&tablet, document).await, &reshaped));

    // What has no ends stays as it is; what would be nowhere is refused.
    let sticky = tablet.mark(note(document, 1, "collée")).await.mark;
    reshape(&tablet, document, sticky.id, [[0.0, 0.0], [9.0, 9.0]]).await;
    assert_eq!(tablet.marks(document).await.pop().unwrap().mark.kind, sticky.kind);
    let nowhere = Some([Point { x: f32::NAN, y: 0.0 }, Point::default()]);
    let change = vec![MarkChange { ends: nowhere, ..MarkChange::of(arrow) }];
    assert_eq!(tablet.refused(edit(change)).await.code, ErrorCode::BadInput);
}

#[tokio::test(flavor = "multi_thread")]
async fn ink_comes_back_as_it_was_drawn_to_a_fiftieth_of_a_point() {
    let (_council, tablet, document) = desk().await;
    let points: Vec<_> = (0..50u8)
        .map(|i| [f32::from(i) * 3.3, 400.0 + f32::from(i % 7), f32::from(i) / 50.0].into())
        .collect();
    let stroke = Stroke { points };
    let kind = MarkKind::Ink { strokes: vec![stroke.clone()], width: 1.5, nib: Nib::Pen };
    let made = tablet.mark(NewMark { kind, ..note(document, 1, "") }).await;
    let tablet = tablet.reopen().await;
    let kept = tablet.marks(document).await;
    assert_eq!(kept[0].mark, made.mark);
    let MarkKind::Ink { strokes, width, .. } = &kept[0].mark.kind else { panic!("ink") };
    assert_eq!((strokes[0].points.len(), *width), (50, 1.5));
    for (kept, drawn) in strokes[0].points.iter().zip(&stroke.points) {
        assert!((kept.x - drawn.x).abs() <= 0.011 && (kept.y - drawn.y).abs() <= 0.011);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_that_stands_nowhere_or_twice_is_refused_with_its_words() {
    let (_council, tablet, document) = desk().await;
    for (quote, code) in [
        ("une phrase absente", ErrorCode::QuoteNotFound),
        ("...", ErrorCode::QuoteNotFound),
        ("un avis", ErrorCode::QuoteAmbiguous),
    ] {
        let problem = tablet.refused(highlight(document, 2, quote, "")).await;
        assert_eq!((problem.code, problem.subject.as_str()), (code, quote));
    }
    assert_eq!(tablet.refused(highlight(document, 3, "x", "")).await.code, ErrorCode::NoSuchPage);
    assert!(tablet.notes().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_refused_and_changes_nothing() {
    let (_council, tablet, document) = desk().await;
    let good = || note(document, 1, "x");
    let ink = |strokes| MarkKind::Ink { strokes, width: 2.0, nib: Nib::Pen };
    for (mark, code) in [
        (NewMark { page: 0, ..good() }, ErrorCode::NoSuchPage),
        (NewMark { page: 3, ..good() }, ErrorCode::NoSuchPage),
        (NewMark { text: "x".repeat(70_000), ..good() }, ErrorCode::BadInput),
        (NewMark { audience: Audience::Group("A".to_owned()), ..good() }, ErrorCode::NotInGroup),
        (NewMark { kind: ink(vec![]), ..good() }, ErrorCode::BadInput),
        (NewMark { kind: ink(vec![Stroke::default()]), ..good() }, ErrorCode::BadInput),
    ] {
        assert_eq!(tablet.refused(Command::Mark(mark.clone())).await.code, code, "{mark:?}");
    }
    let far = MarkKind::Note { at: ink::Point { x: f32::NAN, y: 0.0 } };
    let problem = tablet.refused(Command::Mark(NewMark { kind: far, ..good() })).await;
    assert_eq!(problem.code, ErrorCode::BadInput);
    assert!(tablet.notes().await.is_empty());
    assert_eq!(tablet.pending().await, 0);
}
