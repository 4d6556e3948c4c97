//! The three rooms of the clerk: sittings, people, devices.

use yew::prelude::*;

use crate::app::{go, use_app};
use crate::route::Route;

#[component]
pub(crate) fn Tabs() -> Html {
    let app = use_app();
    let words = &app.words;
    let here = if app.route == Route::Home { Route::Board } else { app.route };
    let tabs = [
        (Route::Board, "desk-tab-sittings"),
        (Route::People, "desk-tab-people"),
        (Route::Devices, "desk-tab-devices"),
    ];
    html! {
        <nav class="desk-tabs" aria-label={words.say("desk")}>
            { for tabs.map(|(route, key)| {
                let open = move |event: MouseEvent| { event.prevent_default(); go(route); };
                let current = (route == here).then_some("page");
                html! {
                    <a href={route.to_string()} onclick={open} aria-current={current}>
                        { words.say(key) }</a>
                }
            }) }
        </nav>
    }
}
