//! The tablet is locked: its PIN opens it, and nothing else is on the screen.

use gloo_timers::callback::Interval;
use ipc::{Command, ErrorCode, LockCommand, Reply, Secret};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::{ask_status, use_app};
use crate::bridge::{self, Failure};
use crate::components::icons::{Icon, Picture};
use crate::dom;

/// Whether the app does not answer because it is locked.
pub(crate) fn is_locked(failure: &Failure) -> bool {
    matches!(failure, Failure::Problem(problem) if problem.code == ErrorCode::Locked)
}

/// What is left of a wait, in whole seconds.
pub(crate) fn seconds(until_ms: u64, now_ms: u64) -> u32 {
    u32::try_from(until_ms.saturating_sub(now_ms).div_ceil(1_000)).unwrap_or(u32::MAX)
}

#[component]
pub(crate) fn Lock() -> Html {
    let app = use_app();
    let words = &app.words;
    let (field, busy) = (use_node_ref(), use_state(|| false));
    let wrong = use_state(|| None::<String>);
    let letters = use_state(|| false);
    // When the next PIN is looked at, by this page's clock, and what is left until then.
    let (until, left) = (use_state_eq(|| 0_u64), use_state_eq(|| 0_u32));
    let ask = {
        let until = until.clone();
        Callback::from(move |()| {
            let until = until.clone();
            spawn_local(async move {
                if let Ok(Reply::Lock(lock)) =
                    bridge::call(Command::Lock(LockCommand::Standing)).await
                {
                    until.set(dom::now_ms() + lock.wait_ms);
                }
            });
        })
    };
    {
        let (ask, title) = (ask.clone(), words.say("lock-title"));
        use_effect_with((), move |()| {
            dom::set_title(&title);
            ask.emit(());
        });
    }
    {
        let left = left.clone();
        use_effect_with(*until, move |until| {
            let until = *until;
            left.set(seconds(until, dom::now_ms()));
            let tick = Interval::new(500, move || left.set(seconds(until, dom::now_ms())));
            move || drop(tick)
        });
    }
    use_effect_with((field.clone(), *left == 0), |(field, _)| {
        if let Some(field) = field.cast::<HtmlInputElement>() {
            drop(field.focus());
        }
    });
    let open = {
        let (field, busy, wrong) = (field.clone(), busy.clone(), wrong.clone());
        let app = app.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = field.cast::<HtmlInputElement>() else { return };
            let pin = Secret::new(input.value());
            if pin.expose().is_empty() || *busy {
                return;
            }
            busy.set(true);
            let (busy, wrong, ask) = (busy.clone(), wrong.clone(), ask.clone());
            let (words, app) = (app.words.clone(), app.dispatcher());
            spawn_local(async move {
                match bridge::call(Command::Lock(LockCommand::Unlock { pin })).await {
                    Ok(_) => ask_status(&app),
                    Err(failure) => {
                        wrong.set(Some(words.failure(&failure)));
                        ask.emit(());
                        busy.set(false);
                        input.select();
                    }
                }
            });
        })
    };
    let switch = {
        let (letters, field) = (letters.clone(), field.clone());
        Callback::from(move |_: MouseEvent| {
            letters.set(!*letters);
            if let Some(field) = field.cast::<HtmlInputElement>() {
                drop(field.focus());
            }
        })
    };
    let waits = *left > 0;
    html! {
        <main class="enrol" id="lock">
            <form class="card" onsubmit={open} novalidate=true>
                <p class="brand">{ words.say("app-name") }</p>
                <h1><Icon of={Picture::Lock} />{ " " }{ words.say("lock-title") }</h1>
                <p class="soft">{ words.say("lock-lead") }</p>
                <label>
                    <span>{ words.say("lock-pin") }</span>
                    <input ref={field} id="pin" class="pin" type="password" autocomplete="off"
                        inputmode={if *letters { "text" } else { "numeric" }}
                        aria-describedby="lock-problem lock-wait" />
                </label>
                <p class="problem" id="lock-problem" role="alert">{ for (*wrong).clone() }</p>
                // It counts down: said once, when the field is reached, and not every second.
                <p class="mute" id="lock-wait">
                    if waits {
                        { words.count("lock-wait", *left) }
                    }
                </p>
                <button id="unlock" class="primary" type="submit" disabled={*busy || waits}>
                    { words.say("lock-open") }
                </button>
                <button type="button" class="quiet" onclick={switch}>
                    { words.say(if *letters { "lock-digits" } else { "lock-letters" }) }
                </button>
            </form>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_seconds_that_are_never_too_few() {
        assert_eq!(seconds(31_000, 1_000), 30);
        assert_eq!(seconds(31_001, 1_000), 31);
        assert_eq!(seconds(1_000, 31_000), 0);
    }

    #[test]
    fn only_a_lock_shows_the_lock() {
        assert!(is_locked(&ErrorCode::Locked.into()));
        assert!(!is_locked(&ErrorCode::WrongPin.into()));
        assert!(!is_locked(&Failure::Gone));
    }
}
