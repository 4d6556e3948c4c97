//! The window: which screen is shown, and what every screen shares.

use ipc::{Command, Event, Language, Reply, Theme};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::app_state::{App, Happening, Panel};
use crate::bridge;
use crate::clerk::board::Board;
use crate::clerk::devices::Devices;
use crate::clerk::editor::Editor;
use crate::clerk::people::People;
use crate::components::search::SearchPanel;
use crate::components::settings::SettingsPanel;
use crate::components::toasts::ToastList;
use crate::dom;
use crate::pages::enrolment::Enrolment;
use crate::pages::home::Home;
use crate::pages::notes::Notes;
use crate::pages::sitting::Sitting;
use crate::reader::Reader;
use crate::route::Route;
use crate::versions::NewVersion;

/// The window's state, from any component below [`Window`].
pub(crate) type AppHandle = UseReducerHandle<App>;

/// The window's state.
#[hook]
#[allow(clippy::expect_used, reason = "every component stands below the window that provides it")]
pub(crate) fn use_app() -> AppHandle {
    use_context::<AppHandle>().expect("a window around every component")
}

/// Goes to a screen.
pub(crate) fn go(route: Route) {
    dom::set_hash(&route.to_string());
}

/// Asks for the tablet's state again.
pub(crate) fn ask_status(app: &UseReducerDispatcher<App>) {
    let app = app.clone();
    spawn_local(async move {
        match bridge::call(Command::Status).await {
            Ok(Reply::Status(status)) => app.dispatch(Happening::Status(status)),
            Ok(_) => {}
            Err(failure) => app.dispatch(Happening::Failed(failure)),
        }
    });
}

#[component]
pub(crate) fn Window() -> Html {
    let app = use_reducer(|| {
        let language = dom::language().and_then(|tag| Language::of_tag(&tag)).unwrap_or_default();
        App::new(language, Route::parse(&dom::hash()))
    });
    {
        let app = app.dispatcher();
        use_effect_with((), move |()| {
            let events = app.clone();
            bridge::hear_pen(crate::reader::pen_heard);
            bridge::hear(move |event| {
                // Groups, and with them who may be shown a note, may have changed.
                if matches!(event, Event::Catalogue) {
                    ask_status(&events);
                }
                events.dispatch(Happening::Told(event));
            });
            ask_status(&app);
            let routes = app.clone();
            let listener = dom::on_window("hashchange", move |_: web_sys::Event| {
                routes.dispatch(Happening::Went(Route::parse(&dom::hash())));
            });
            move || drop(listener)
        });
    }
    {
        let (theme, language) = (app.preferences().theme, app.words.language());
        use_effect_with((theme, language), |(theme, language)| {
            let theme = match theme {
                Theme::System => "system",
                Theme::Light => "light",
                Theme::Dark => "dark",
            };
            dom::set_root("data-theme", theme);
            dom::set_root("lang", language.tag());
        });
    }
    let retry = {
        let app = app.dispatcher();
        Callback::from(move |_: MouseEvent| ask_status(&app))
    };
    let words = &app.words;
    let close = {
        let app = app.dispatcher();
        Callback::from(move |()| app.dispatch(Happening::Panel(None)))
    };
    let clerk = app.is_clerk();
    let screen = match (&app.status, &app.failure) {
        (None, Some(failure)) => html! {
            <main class="hollow">
                <h1>{ words.say("app-name") }</h1>
                <p>{ words.failure(failure) }</p>
                <button class="primary" onclick={retry}>{ words.say("try-again") }</button>
            </main>
        },
        (None, None) => html! { <main class="hollow skeleton" aria-busy="true" /> },
        (Some(status), _) if status.session.is_none() => html! { <Enrolment /> },
        (Some(_), _) => match app.route {
            // A clerk's work begins at the board; what officials see is one tap away.
            Route::Home if clerk => html! { <Board /> },
            Route::Home => html! { <Home /> },
            Route::Board | Route::Draft(_) | Route::People | Route::Devices if !clerk => {
                html! { <Home /> }
            }
            Route::Board => html! { <Board /> },
            Route::Draft(sitting) => html! { <Editor key={sitting.to_string()} {sitting} /> },
            Route::People => html! { <People /> },
            Route::Devices => html! { <Devices /> },
            Route::Sitting(sitting) => html! { <Sitting key={sitting.to_string()} {sitting} /> },
            Route::Paper { document, page, note, beside } => html! {
                <div class={classes!("panes", beside.map(|_| "split"))}>
                    <div class="pane">
                        <Reader key={document.to_string()} {document} {page} {note} />
                    </div>
                    if let Some(beside) = beside {
                        <div class="pane second">
                            <Reader key={beside.to_string()} document={beside} second=true />
                        </div>
                    }
                </div>
            },
            Route::Notes => html! { <Notes /> },
            Route::Versions { document, from } => {
                let key = format!("{document} {from:?}");
                html! { <NewVersion {key} {document} {from} /> }
            }
        },
    };
    let panel = app.panel.map(|panel| match panel {
        Panel::Search => html! { <SearchPanel on_close={close} /> },
        Panel::Settings => html! { <SettingsPanel on_close={close} /> },
    });
    let carrying = app.carrying.as_ref().map(|(title, done, total)| {
        let places = [
            ("title", title.as_str().into()),
            ("done", (*done).into()),
            ("total", (*total).into()),
        ];
        html! {
            <div class="carrying card" role="status">
                <span>{ words.fill("vs-carrying", &places) }</span>
                <progress max={total.to_string()} value={done.to_string()} />
            </div>
        }
    });
    html! {
        <ContextProvider<AppHandle> context={app.clone()}>
            { screen }
            { for panel }
            <ToastList />
            { for carrying }
            <p class="unseen" role="status" aria-live="polite" key={app.said.0}>
                { &app.said.1 }
            </p>
        </ContextProvider<AppHandle>>
    }
}

/// A message with a way to act on it.
pub(crate) fn toast(app: &UseReducerDispatcher<App>, text: String) {
    app.dispatch(Happening::Toast(text, None));
}
