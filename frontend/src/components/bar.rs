//! The bar at the top of every screen but the reader.

use yew::prelude::*;

use crate::app::{go, use_app};
use crate::app_state::{Happening, Panel};
use crate::components::icons::{Icon, Picture};
use crate::components::sync_mark::SyncMark;
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub(crate) struct BarProps {
    /// Where "back" leads; none on the first screen.
    #[prop_or_default]
    pub(crate) back: Option<Route>,
    /// Name of the screen and what goes with it.
    pub(crate) children: Html,
}

#[component]
pub(crate) fn Bar(props: &BarProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let open = |panel| {
        let app = app.dispatcher();
        Callback::from(move |_: MouseEvent| app.dispatch(Happening::Panel(Some(panel))))
    };
    let notes = Callback::from(|_: MouseEvent| go(Route::Notes));
    html! {
        <header class="bar">
            if let Some(back) = props.back {
                <button class="quiet icon" type="button" aria-label={words.say("back")}
                    onclick={move |_| go(back)}>
                    <Icon of={Picture::Back} />
                </button>
            }
            <div class="names">{ props.children.clone() }</div>
            <span class="grow" />
            <SyncMark />
            if app.route != Route::Notes {
                <button class="quiet" type="button" onclick={notes} aria-label={words.say("my-notes")}>
                    <Icon of={Picture::Note} /><span class="wide">{ words.say("my-notes") }</span>
                </button>
            }
            <button class="quiet" type="button" onclick={open(Panel::Search)}
                aria-label={words.say("search")}>
                <Icon of={Picture::Search} /><span class="wide">{ words.say("search") }</span>
            </button>
            <button class="quiet icon" type="button" onclick={open(Panel::Settings)}
                aria-label={words.say("settings")}>
                <Icon of={Picture::Settings} />
            </button>
        </header>
    }
}
