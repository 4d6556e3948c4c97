//! Speaking at the microphone: one note, or one item, at a time, in very large type. Nothing moves by
//! itself; a tap or a key turns the leaf.

use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::threads::Thread;
use crate::app::use_app;
use crate::components::audience::AudienceMark;
use crate::components::icons::{Icon, Picture};
use crate::components::note_row::colour_name;

/// The leaves: threads, one or several on each.
pub(crate) fn leaves(threads: &[Thread], by_item: bool) -> Vec<Vec<Thread>> {
    let mut leaves: Vec<Vec<Thread>> = Vec::new();
    for thread in threads {
        let place = |thread: &Thread| (thread.note.sitting, thread.note.item);
        match leaves.last_mut() {
            Some(leaf) if by_item && leaf.first().map(place) == Some(place(thread)) => {
                leaf.push(thread.clone());
            }
            Some(_) | None => leaves.push(vec![thread.clone()]),
        }
    }
    leaves
}

/// Where one is after a step; the ends hold.
pub(crate) const fn turned(at: usize, step: isize, leaves: usize) -> usize {
    let next = at.saturating_add_signed(step);
    let last = leaves.saturating_sub(1);
    if next > last { last } else { next }
}

/// The step that a key asks for.
pub(crate) fn step(key: &str) -> Option<isize> {
    match key {
        "ArrowRight" | "ArrowDown" | "PageDown" | " " | "Enter" => Some(1),
        "ArrowLeft" | "ArrowUp" | "PageUp" | "Backspace" => Some(-1),
        "Home" => Some(isize::MIN),
        "End" => Some(isize::MAX),
        _ => None,
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SpeakProps {
    pub(crate) threads: Vec<Thread>,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn Speak(props: &SpeakProps) -> Html {
    let SpeakProps { threads, on_close } = props;
    let app = use_app();
    let words = &app.words;
    let by_item = use_state(|| false);
    let at = use_state(|| 0_usize);
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(node) = node.cast::<HtmlElement>() {
                drop(node.focus());
            }
        });
    }
    let leaves = leaves(threads, *by_item);
    let count = leaves.len();
    let turn = {
        let at = at.clone();
        Callback::from(move |step: isize| at.set(turned(*at, step, count)))
    };
    let by = |step: isize| {
        let turn = turn.clone();
        move |_: MouseEvent| turn.emit(step)
    };
    let close = {
        let on_close = on_close.clone();
        move |_: MouseEvent| on_close.emit(())
    };
    let keys = {
        let (turn, on_close) = (turn.clone(), on_close.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                on_close.emit(());
            } else if let Some(step) = step(&event.key()) {
                event.prevent_default();
                turn.emit(step);
            }
        })
    };
    let other = {
        let (by_item, at) = (by_item.clone(), at.clone());
        move |_: MouseEvent| {
            at.set(0);
            by_item.set(!*by_item);
        }
    };
    let leaf = leaves.get(*at).cloned().unwrap_or_default();
    let place = leaf.first().map(|thread| {
        let note = &thread.note;
        let places = [
            ("item", note.item.into()),
            ("title", note.document_title.as_str().into()),
            ("page", note.view.mark.page.into()),
        ];
        words.fill("note-place", &places)
    });
    let number = u32::try_from(*at + 1).unwrap_or(u32::MAX);
    let all = u32::try_from(count).unwrap_or(u32::MAX);
    html! {
        <section class="speak" ref={node} tabindex="-1" onkeydown={keys}
            aria-label={words.say("speak")} id="speak">
            <header>
                <span class="mute">{ for place }</span>
                <button class="quiet" type="button" onclick={other} aria-pressed={by_item.to_string()}>
                    { words.say("speak-by-item") }</button>
                <button class="quiet icon" type="button" onclick={close}
                    aria-label={words.say("close")}><Icon of={Picture::Close} /></button>
            </header>
            <div class="speak-leaf" aria-live="polite" key={*at}>
                { for leaf.iter().map(spoken) }
            </div>
            <footer>
                <button type="button" onclick={by(-1)} disabled={*at == 0}
                    aria-label={words.say("speak-before")}><Icon of={Picture::Back} /></button>
                <span class="mute">{ words.fill("find-at", &[("at", number.into()), ("n", all.into())]) }</span>
                <button class="primary" type="button" onclick={by(1)} disabled={*at + 1 >= count}>
                    { words.say("speak-next") }</button>
            </footer>
        </section>
    }
}

fn spoken(thread: &Thread) -> Html {
    let view = &thread.note.view;
    let mark = &view.mark;
    let quote = mark.kind.words().into_owned();
    html! {
        <article key={mark.id.to_string()} class={format!("edge-{}", colour_name(mark.colour))}>
            if !mark.text.is_empty() { <p class="said">{ &mark.text }</p> }
            if !quote.is_empty() { <q>{ quote }</q> }
            { for thread.answers.iter().map(|answer| html! {
                <p class="spoken-answer">
                    <strong>{ &answer.view.author }</strong>{ " " }{ &answer.view.mark.text }
                </p>
            }) }
            <AudienceMark view={view.clone()} />
        </article>
    }
}

#[cfg(test)]
mod tests {
    use super::super::threads::tests::card;
    use super::super::threads::threads;
    use super::*;

    #[test]
    fn leaves_are_notes_or_items() {
        let all = threads(&[card(1, 1, None), card(2, 1, None), card(3, 4, None)]);
        let sizes = |by_item| leaves(&all, by_item).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!((sizes(false), sizes(true)), (vec![1, 1, 1], vec![2, 1]));
    }

    #[test]
    fn the_ends_hold() {
        assert_eq!((turned(0, -1, 3), turned(0, 1, 3), turned(2, 1, 3)), (0, 1, 2));
        assert_eq!(
            (turned(1, isize::MAX, 3), turned(1, isize::MIN, 3), turned(0, 1, 0)),
            (2, 0, 0)
        );
        assert_eq!((step("PageDown"), step("ArrowLeft"), step("a")), (Some(1), Some(-1), None));
    }
}
