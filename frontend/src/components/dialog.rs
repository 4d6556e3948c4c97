//! A panel over the screen: keeps the focus, closes with Escape or a tap beside it.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::app::use_app;
use crate::components::icons::{Icon, Picture};

#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    pub(crate) title: String,
    /// Says how it looks: `side` stands at the side, `small` in the middle.
    pub(crate) class: &'static str,
    pub(crate) on_close: Callback<()>,
    pub(crate) children: Html,
}

#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let app = use_app();
    let node = use_node_ref();
    use_effect_with(node.clone(), |node| {
        if let Some(dialog) = node.cast::<HtmlDialogElement>() {
            // Fails only when it is already open.
            drop(dialog.show_modal());
        }
    });
    let close = props.on_close.reform(|_: MouseEvent| ());
    let cancel = props.on_close.reform(|event: Event| event.prevent_default());
    let beside = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: MouseEvent| {
            // The dialog itself is only hit beside its content.
            if event.target().is_some_and(|it| it.dyn_into::<HtmlDialogElement>().is_ok()) {
                on_close.emit(());
            }
        })
    };
    html! {
        <dialog ref={node} class={props.class} aria-label={props.title.clone()} oncancel={cancel}
            onclick={beside}>
            <div class="dialog">
                <header>
                    <h2>{ &props.title }</h2>
                    <button class="quiet icon" type="button" onclick={close}
                        aria-label={app.words.say("close")}>
                        <Icon of={Picture::Close} />
                    </button>
                </header>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
