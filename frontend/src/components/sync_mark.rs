//! How it stands with the server: steady, never red, because no network is nothing unusual.

use yew::prelude::*;

use crate::app::use_app;
use crate::app_state::{Happening, Panel};
use crate::words::Tongue;
use ipc::SyncState;

/// The sentence of the mark.
pub(crate) fn sentence(words: &Tongue, sync: &SyncState) -> String {
    if sync.arriving > 0 && sync.online {
        return words.count("sync-arriving", sync.arriving);
    }
    match (sync.online, sync.pending, &sync.last) {
        (true, 0, Some(last)) => words.fill("sync-fresh", &[("time", words.time(last).into())]),
        (true, 0, None) => words.say("sync-online"),
        (true, pending, _) => words.count("sync-sending", pending),
        (false, 0, Some(last)) => {
            let places = [("time", words.time(last).into()), ("date", words.date(last).into())];
            words.fill("sync-offline-since", &places)
        }
        (false, 0, None) => words.say("sync-offline"),
        (false, pending, _) => words.count("sync-waiting", pending),
    }
}

#[component]
pub(crate) fn SyncMark() -> Html {
    let app = use_app();
    let sync = app.sync();
    let waits = !sync.online || sync.pending > 0;
    let open = {
        let app = app.dispatcher();
        Callback::from(move |_: MouseEvent| app.dispatch(Happening::Panel(Some(Panel::Settings))))
    };
    html! {
        <button class="quiet state" type="button" onclick={open}
            aria-label={format!("{}. {}", sentence(&app.words, &sync), app.words.say("sync-open"))}>
            <i class={classes!("dot", waits.then_some("wait"))} />
            <span class="sync-words">{ sentence(&app.words, &sync) }</span>
        </button>
    }
}
