//! The answers to a note, and the place to write one.

use std::rc::Rc;

use ink::AnnotationId;
use ipc::MarkView;
use web_sys::{HtmlTextAreaElement, InputEvent, SubmitEvent};
use yew::prelude::*;

use super::acts::Acts;
use crate::components::icons::{Icon, Picture};

#[derive(Properties, PartialEq)]
pub(crate) struct ThreadProps {
    pub(crate) acts: Acts,
    pub(crate) answers: Vec<Rc<MarkView>>,
}

/// What others, and oneself, have answered.
#[component]
pub(crate) fn Thread(props: &ThreadProps) -> Html {
    let ThreadProps { acts, answers } = props;
    let words = acts.words();
    if answers.is_empty() {
        return Html::default();
    }
    let remove = |id: AnnotationId| {
        let acts = acts.clone();
        move |_: MouseEvent| acts.remove(vec![id])
    };
    html! {
        <ul class="thread" aria-label={words.say("answers")}>
            { for answers.iter().map(|view| html! {
                <li key={view.mark.id.to_string()} class={classes!(view.fresh.then_some("fresh"))}>
                    <strong class="by">
                        { if view.mine { words.say("you") } else { view.author.clone() } }
                    </strong>
                    <span class="said">{ &view.mark.text }</span>
                    if view.mine && acts.earlier.is_none() {
                        <button class="quiet icon" type="button" onclick={remove(view.mark.id)}
                            aria-label={words.say("answer-remove")}>
                            <Icon of={Picture::Trash} /></button>
                    }
                </li>
            }) }
        </ul>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct AnswerProps {
    pub(crate) acts: Acts,
    /// The note that is answered.
    pub(crate) view: MarkView,
}

/// The place to answer a note; those who see the note see the answer.
#[component]
pub(crate) fn AnswerForm(props: &AnswerProps) -> Html {
    let AnswerProps { acts, view } = props;
    let words = acts.words();
    let text = use_state(String::new);
    let typed = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        })
    };
    let send = {
        let (acts, text, id) = (acts.clone(), text.clone(), view.mark.id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !text.trim().is_empty() {
                acts.answer(id, text.trim().to_owned());
                text.set(String::new());
            }
        })
    };
    let empty = text.trim().is_empty();
    html! {
        <form class="answer" onsubmit={send}>
            <textarea rows="2" aria-label={words.say("answer-text")}
                placeholder={words.say("answer-placeholder")} value={(*text).clone()}
                oninput={typed} />
            <button type="submit" disabled={empty} data-act="answer">{ words.say("answer") }</button>
        </form>
    }
}
