//! Undo and redo: over every kind of change, across a restart, and beside another device.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::DocumentId;
use ink::{AnnotationId, Colour};
use ipc::{Audience, Command, ErrorCode, MarkView, NewMark, Reply};
use proptest::prelude::*;

use crate::council::{Council, Tablet, note};

fn id(n: u8) -> AnnotationId {
    AnnotationId::from_bytes([n; 16])
}

async fn marks(tablet: &Tablet, command: Command) -> Vec<MarkView> {
    let Reply::Marks(marks) = tablet.ask(command).await else { panic!("marks") };
    marks
}

fn texts(marks: &[MarkView]) -> Vec<&str> {
    marks.iter().map(|view| view.mark.text.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_can_be_taken_back_after_a_restart() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let document = clerk.document("Budget").await;
    let other = clerk.document("Garantie").await;
    clerk.mark(note(document, 1, "un")).await;
    clerk.mark(note(document, 2, "deux")).await;
    clerk.mark(note(other, 1, "ailleurs")).await;
    marks(&clerk, Command::Undo { document }).await;

    let clerk = clerk.reopen().await;
    let Reply::Document(view) = clerk.ask(Command::Document { document }).await else {
        panic!("a paper")
    };
    assert!(view.can_undo && view.can_redo);
    assert_eq!(texts(&marks(&clerk, Command::Redo { document }).await), ["un", "deux"]);
    assert_eq!(texts(&marks(&clerk, Command::Undo { document }).await), ["un"]);
    assert_eq!(texts(&marks(&clerk, Command::Undo { document }).await), [""; 0]);
    let problem = clerk.refused(Command::Undo { document }).await;
    assert_eq!(problem.code, ErrorCode::NothingToUndo);
    assert_eq!(texts(&clerk.marks(other).await), ["ailleurs"], "each paper has its own history");
}

/// Two tablets of one official, with a note that both have.
async fn two() -> (Council, Tablet, Tablet, DocumentId, AnnotationId) {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (member, first) = council.official(&clerk, "Inès").await;
    let second = council.tablet(&clerk, member, "Inès 2").await;
    first.sync().await;
    let document = first.document("Budget").await;
    let made = first.mark(note(document, 1, "un")).await.mark.id;
    for tablet in [&first, &second] {
        tablet.sync().await;
    }
    (council, first, second, document, made)
}

async fn meet(first: &Tablet, second: &Tablet) {
    for tablet in [first, second, first] {
        tablet.sync().await;
    }
}

fn change(
    document: DocumentId,
    annotation: AnnotationId,
    text: Option<&str>,
    colour: Option<Colour>,
) -> Command {
    Command::ChangeMark { document, annotation, text: text.map(ToOwned::to_owned), colour }
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_reverses_what_was_done_here_and_nothing_of_another_device() {
    let (_council, first, second, document, made) = two().await;
    // Here the colour, there the words.
    first.ask(change(document, made, None, Some(Colour::Pink))).await;
    first.sync().await;
    second.sync().await;
    second.ask(change(document, made, Some("un, revu au bureau"), None)).await;
    meet(&first, &second).await;
    let first = first.reopen().await;
    let now = marks(&first, Command::Undo { document }).await;
    assert_eq!(texts(&now), ["un, revu au bureau"]);
    assert_eq!(now[0].mark.colour, Colour::Yellow);
    let now = marks(&first, Command::Redo { document }).await;
    assert_eq!(now[0].mark.colour, Colour::Pink);

    // Here the words, there other words since: theirs stay, and the step before is taken back.
    first.ask(change(document, made, Some("un, dans le train"), None)).await;
    meet(&first, &second).await;
    second.ask(change(document, made, Some("un, enfin"), None)).await;
    meet(&first, &second).await;
    let now = marks(&first, Command::Undo { document }).await;
    assert_eq!((texts(&now), now[0].mark.colour), (vec!["un, enfin"], Colour::Yellow));
    // Made here, changed there: taking the making back takes the note, doing it again brings it
    // back with the words it had.
    let now = marks(&first, Command::Undo { document }).await;
    assert_eq!(texts(&now), [""; 0]);
    let now = marks(&first, Command::Redo { document }).await;
    assert_eq!(texts(&now), ["un, enfin"]);
    meet(&first, &second).await;
    assert_eq!(texts(&second.marks(document).await), ["un, enfin"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_device_erased_stays_erased() {
    let (_council, first, second, document, made) = two().await;
    first.ask(change(document, made, Some("un, revu"), None)).await;
    meet(&first, &second).await;
    second.ask(Command::Erase { document: None, annotations: vec![made] }).await;
    meet(&first, &second).await;
    // Neither the change nor the making has anything left to take back.
    let problem = first.refused(Command::Undo { document }).await;
    assert_eq!(problem.code, ErrorCode::NothingToUndo);
    assert!(first.marks(document).await.is_empty());
    let back = marks(&second, Command::Undo { document }).await;
    assert_eq!(texts(&back), ["un, revu"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_that_is_asked_for_again_is_made_once() {
    let (_council, first, _second, document, _) = two().await;
    let stroke = NewMark { id: Some(id(7)), ..note(document, 1, "vite") };
    let view = first.mark(stroke.clone()).await;
    assert_eq!(view.mark.id, id(7));
    // The answer got lost: the window asks again, perhaps after a restart, perhaps with more words.
    let first = first.reopen().await;
    assert_eq!(first.mark(stroke.clone()).await.mark, view.mark);
    assert_eq!(first.notes().await.len(), 2);
    let longer = NewMark { text: "vite fait".to_owned(), ..stroke.clone() };
    assert_eq!(first.mark(longer).await.mark.text, "vite fait");
    assert_eq!(first.notes().await.len(), 2);
    // One that was erased since stays so; one that was shared since stays shared.
    let audience = Audience::Council;
    first.ask(Command::ChangeAudience { document: None, annotation: id(7), audience }).await;
    assert_eq!(first.mark(stroke.clone()).await.audience, Audience::Council);
    first.ask(Command::Erase { document: None, annotations: vec![id(7)] }).await;
    let Reply::Marks(marks) = first.ask(Command::Mark(stroke)).await else { panic!("marks") };
    assert_eq!(marks.len(), 1);
}

#[derive(Debug, Clone)]
enum Step {
    Make { n: u8, audience: bool },
    Change { n: u8, text: u8, colour: Option<bool> },
    Share { n: u8, council: bool },
    Erase { n: Vec<u8> },
    Undo,
    Redo,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let n = 1..8u8;
    prop_oneof![
        4 => (n.clone(), any::<bool>()).prop_map(|(n, audience)| Step::Make { n, audience }),
        3 => (n.clone(), 0..3u8, any::<Option<bool>>())
            .prop_map(|(n, text, colour)| Step::Change { n, text, colour }),
        3 => (n.clone(), any::<bool>()).prop_map(|(n, council)| Step::Share { n, council }),
        2 => prop::collection::vec(n, 1..3).prop_map(|n| Step::Erase { n }),
        6 => Just(Step::Undo),
        4 => Just(Step::Redo),
        2 => Just(Step::Restart),
    ]
}

/// A note as the official sees it.
type Seen = (String, Colour, Audience);

/// What should be there: the plainest undo there is, whole states on two stacks.
#[derive(Debug, Default)]
struct Model {
    made: BTreeSet<u8>,
    now: BTreeMap<AnnotationId, Seen>,
    undo: Vec<BTreeMap<AnnotationId, Seen>>,
    redo: Vec<BTreeMap<AnnotationId, Seen>>,
}

impl Model {
    fn becomes(&mut self, next: BTreeMap<AnnotationId, Seen>) {
        if next != self.now {
            self.undo.push(std::mem::replace(&mut self.now, next));
            self.redo.clear();
        }
    }
}

const fn audience(council: bool) -> Audience {
    if council { Audience::Council } else { Audience::Private }
}

async fn take(tablet: Tablet, document: DocumentId, model: &mut Model, step: &Step) -> Tablet {
    let mut next = model.now.clone();
    match step {
        Step::Make { n, audience: council } => {
            let mark = note(document, 1, &format!("note {n}"));
            let audience = audience(*council);
            let mark = NewMark { id: Some(id(*n)), audience: audience.clone(), ..mark };
            // A name is given once; asking again would be a repeat.
            if !model.made.insert(*n) {
                return tablet;
            }
            next.insert(id(*n), (mark.text.clone(), mark.colour, audience));
            tablet.mark(mark).await;
        }
        Step::Change { n, text, colour } => {
            let text = format!("note {n}, {text}");
            let colour = colour.map(|pink| if pink { Colour::Pink } else { Colour::Yellow });
            let command = change(document, id(*n), Some(&text), colour);
            match next.get_mut(&id(*n)) {
                Some(seen) => {
                    seen.0 = text;
                    seen.1 = colour.unwrap_or(seen.1);
                    tablet.ask(command).await;
                }
                None => drop(tablet.refused(command).await),
            }
        }
        Step::Share { n, council } => {
            let audience = audience(*council);
            let annotation = id(*n);
            let command =
                Command::ChangeAudience { document: None, annotation, audience: audience.clone() };
            match next.get_mut(&annotation) {
                Some(seen) => {
                    seen.2 = audience;
                    tablet.ask(command).await;
                }
                None => drop(tablet.refused(command).await),
            }
        }
        Step::Erase { n } => {
            let annotations: Vec<_> = n.iter().map(|n| id(*n)).collect();
            let all = annotations.iter().all(|id| next.contains_key(id));
            let command = Command::Erase { document: None, annotations: annotations.clone() };
            if all {
                next.retain(|id, _| !annotations.contains(id));
                tablet.ask(command).await;
            } else {
                tablet.refused(command).await;
            }
        }
        Step::Undo | Step::Redo => {
            let redo = matches!(step, Step::Redo);
            let (from, to) = if redo {
                (&mut model.redo, &mut model.undo)
            } else {
                (&mut model.undo, &mut model.redo)
            };
            let command =
                if redo { Command::Redo { document } } else { Command::Undo { document } };
            match from.pop() {
                Some(state) => {
                    to.push(std::mem::replace(&mut model.now, state));
                    tablet.ask(command).await;
                }
                None => {
                    assert_eq!(tablet.refused(command).await.code, ErrorCode::NothingToUndo);
                }
            }
            return tablet;
        }
        Step::Restart => return tablet.reopen().await,
    }
    model.becomes(next);
    tablet
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn undo_and_redo_are_exact_whatever_was_done_and_whenever_the_app_restarts(
        steps in prop::collection::vec(step(), 5..40)
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let council = Arc::new(Council::open().await);
            let mut tablet = council.clerk().await;
            tablet.publish(&council.sitting()).await;
            let document = tablet.document("Budget").await;
            let mut model = Model::default();
            for step in &steps {
                tablet = take(tablet, document, &mut model, step).await;
                let seen: BTreeMap<AnnotationId, Seen> = tablet
                    .marks(document)
                    .await
                    .into_iter()
                    .map(|v| (v.mark.id, (v.mark.text, v.mark.colour, v.audience)))
                    .collect();
                assert_eq!(seen, model.now, "after {step:?}");
                let Reply::Document(view) = tablet.ask(Command::Document { document }).await
                else { panic!("a paper") };
                let can = (!model.undo.is_empty(), !model.redo.is_empty());
                assert_eq!((view.can_undo, view.can_redo), can, "after {step:?}");
            }
            tablet.client.shutdown().await;
        });
    }
}
