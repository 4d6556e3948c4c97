//! Short messages at the edge of the screen.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::app::use_app;
use crate::app_state::Happening;
use crate::components::icons::{Icon, Picture};
use crate::toasts::Toast;

/// How long a message without a button stays, in milliseconds: long enough to be read twice.
const STAYS_MS: u32 = 9_000;

#[component]
pub(crate) fn ToastList() -> Html {
    let app = use_app();
    html! {
        <div class="toasts">
            { for app.toasts.iter().map(|toast| {
                html! { <ToastItem key={toast.id} toast={toast.clone()} /> }
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ToastProps {
    toast: Toast,
}

#[component]
fn ToastItem(props: &ToastProps) -> Html {
    let app = use_app();
    let Toast { id, text, action } = props.toast.clone();
    {
        let app = app.dispatcher();
        use_effect_with((id, action.is_some()), move |(id, stays)| {
            let id = *id;
            let end = move || app.dispatch(Happening::Dismiss(id));
            let timer = (!stays).then(|| Timeout::new(STAYS_MS, end));
            move || drop(timer)
        });
    }
    let dismiss = {
        let app = app.dispatcher();
        Callback::from(move |_: MouseEvent| app.dispatch(Happening::Dismiss(id)))
    };
    html! {
        <div class="toast card">
            <p>{ text }</p>
            if let Some((label, act)) = action {
                <button type="button" onclick={ {
                    let dismiss = dismiss.clone();
                    move |event: MouseEvent| { act.emit(()); dismiss.emit(event); }
                } }>{ label }</button>
            }
            <button class="quiet icon" type="button" onclick={dismiss}
                aria-label={app.words.say("close")}>
                <Icon of={Picture::Close} />
            </button>
        </div>
    }
}
