//! The window: which screen is shown, and what every screen shares.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use ipc::{Command, Event, Language, LockCommand, NativePen, Reply, TabletReply, Theme};
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
use crate::dom::{self, kept};
use crate::pages::enrolment::Enrolment;
use crate::pages::home::Home;
use crate::pages::lock::{Lock, is_locked};
use crate::pages::notes::Notes;
use crate::pages::sitting::Sitting;
use crate::program::Program;
use crate::reader::Reader;
use crate::route::Route;
use crate::tree;
use crate::versions::NewVersion;

/// Where one program leaves for the other the words that were looked for.
const SOUGHT: &str = "pupitre.sought";

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

/// Shows the tablet's screens.
pub fn tablet() {
    show(Screens {
        program: Program::Tablet,
        reads: |text| tree::read::<TabletReply>(text).map(Reply::from),
        show: |route| match route {
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
            Route::Earlier { document, version } => html! {
                <div class="panes"><div class="pane">
                    <Reader key={format!("{document} {version}")} {document} {version} />
                </div></div>
            },
            Route::Notes => html! { <Notes /> },
            Route::Versions { document, from } => {
                let key = format!("{document} {from:?}");
                html! { <NewVersion {key} {document} {from} /> }
            }
            Route::Home | Route::Board | Route::Draft(_) | Route::People | Route::Devices => {
                html! { <Home /> }
            }
        },
        enrol: || html! { <Enrolment /> },
        pen: crate::reader::pen_heard,
    });
}

/// Shows the clerk's screens.
pub fn desk() {
    show(Screens {
        program: Program::Desk,
        reads: tree::read,
        show: |route| match route {
            Route::Draft(sitting) => html! { <Editor key={sitting.to_string()} {sitting} /> },
            Route::People => html! { <People /> },
            Route::Devices => html! { <Devices /> },
            Route::Home
            | Route::Board
            | Route::Sitting(_)
            | Route::Paper { .. }
            | Route::Notes
            | Route::Versions { .. }
            | Route::Earlier { .. } => html! { <Board /> },
        },
        enrol: elsewhere,
        pen: |_| {},
    });
}

fn show(screens: Screens) {
    bridge::reads(screens.reads);
    yew::Renderer::<Window>::with_props(WindowProps { screens }).render();
}

/// What stands on the screen while the page of the other program is on its way.
fn elsewhere() -> Html {
    html! { <main class="hollow skeleton" aria-busy="true" /> }
}

/// What one program shows; it shares everything else with the other.
#[derive(Clone, Copy)]
struct Screens {
    program: Program,
    reads: bridge::ReadReply,
    show: fn(Route) -> Html,
    /// What a tablet that has joined no council shows.
    enrol: fn() -> Html,
    /// Hears the pen where the browser does not tell enough of it.
    pen: fn(NativePen),
}

impl PartialEq for Screens {
    fn eq(&self, other: &Self) -> bool {
        self.program == other.program
    }
}

/// Locks the tablet, when it has a PIN, after so many minutes without a touch or a key; never for 0.
/// The page's clock goes on while the tablet sleeps: it is looked at when it wakes.
#[hook]
fn use_idle_lock(minutes: u32) {
    use_effect_with(minutes, |minutes| {
        let patience = u64::from(*minutes) * 60_000;
        let touched = Rc::new(Cell::new(dom::now_ms()));
        let listeners = ["pointerdown", "pointermove", "keydown"].map(|event| {
            let touched = Rc::clone(&touched);
            dom::on_window(event, move |_: web_sys::Event| touched.set(dom::now_ms()))
        });
        let watch = Interval::new(5_000, move || {
            if patience > 0 && dom::now_ms().saturating_sub(touched.get()) >= patience {
                touched.set(dom::now_ms());
                spawn_local(async {
                    // Without a PIN nothing happens.
                    drop(bridge::call(Command::Lock(LockCommand::Now)).await);
                });
            }
        });
        move || drop((listeners, watch))
    });
}

#[derive(Properties, PartialEq)]
struct WindowProps {
    screens: Screens,
}

#[component]
fn Window(props: &WindowProps) -> Html {
    let screens = props.screens;
    let app = use_reducer(|| {
        let language = dom::language().and_then(|tag| Language::of_tag(&tag)).unwrap_or_default();
        let sought = kept::get(SOUGHT);
        kept::remove(SOUGHT);
        App::new(language, Route::parse(&dom::hash()), sought)
    });
    {
        let app = app.dispatcher();
        use_effect_with((), move |()| {
            let events = app.clone();
            bridge::hear_pen(screens.pen);
            bridge::hear(move |event| {
                // Groups, and with them who may be shown a note, may have changed.
                if matches!(event, Event::Catalogue | Event::Lock) {
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
    use_idle_lock(app.status.as_ref().map_or(0, |status| status.preferences.lock_after_min));
    let retry = {
        let app = app.dispatcher();
        Callback::from(move |_: MouseEvent| ask_status(&app))
    };
    let words = &app.words;
    let close = {
        let app = app.dispatcher();
        Callback::from(move |()| app.dispatch(Happening::Panel(None)))
    };
    // The program this screen belongs to, once it is known who sits here.
    let due = app.status.as_ref().map(|status| match status.session {
        Some(_) => Program::of(app.route, app.is_clerk()),
        None => Program::Tablet,
    });
    use_effect_with((due, app.route), {
        let sought = app.sought.clone();
        move |(due, route)| {
            if let Some(due) = due.filter(|due| *due != screens.program) {
                if let Some(sought) = sought {
                    kept::set(SOUGHT, &sought);
                }
                dom::open(&format!("{}{route}", due.page()));
            }
        }
    });
    let screen = match (&app.status, &app.failure) {
        (None, Some(failure)) if is_locked(failure) => html! { <Lock /> },
        (None, Some(failure)) => html! {
            <main class="hollow">
                <h1>{ words.say("app-name") }</h1>
                <p>{ words.failure(failure) }</p>
                <button class="primary" onclick={retry}>{ words.say("try-again") }</button>
            </main>
        },
        (None, None) => elsewhere(),
        _ if due.is_some_and(|due| due != screens.program) => elsewhere(),
        (Some(status), _) if status.session.is_none() => (screens.enrol)(),
        (Some(_), _) => (screens.show)(app.route),
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

/// Has a file written, and says where it is.
pub(crate) fn write_out(app: AppHandle, command: Command) {
    spawn_local(async move {
        let text = match bridge::call(command).await {
            Ok(Reply::Written { file }) => {
                let file = file.display().to_string();
                app.words.fill("notebook-written", &[("file", file.into())])
            }
            Ok(_) => return,
            Err(failure) => app.words.failure(&failure),
        };
        toast(&app.dispatcher(), text);
    });
}

/// A message with a way to act on it.
pub(crate) fn toast(app: &UseReducerDispatcher<App>, text: String) {
    app.dispatch(Happening::Toast(text, None));
}
