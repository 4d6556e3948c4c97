//! The PIN before this tablet: set, changed, taken away; and when it is asked for.

use ipc::{Command, LockCommand, LockView, Preferences, Reply, Secret};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::app::{toast, use_app};
use crate::bridge;

/// Minutes without a touch to choose from; 0 is never.
const AFTER: [u32; 5] = [1, 5, 15, 60, 0];

#[derive(Properties, PartialEq)]
pub(crate) struct PinProps {
    pub(crate) prefer: Callback<Preferences>,
}

#[component]
pub(crate) fn Pin(props: &PinProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let lock = use_state(|| None::<LockView>);
    let (old, new, again) = (use_node_ref(), use_node_ref(), use_node_ref());
    let wrong = use_state(|| None::<String>);
    let ask = {
        let (lock, wrong, app) = (lock.clone(), wrong.clone(), app.clone());
        let fields = [old.clone(), new.clone(), again.clone()];
        Callback::from(move |(asked, said): (LockCommand, Option<&'static str>)| {
            let (lock, wrong, app) = (lock.clone(), wrong.clone(), app.clone());
            let fields = fields.clone();
            spawn_local(async move {
                match bridge::call(Command::Lock(asked)).await {
                    Ok(Reply::Lock(stands)) => {
                        lock.set(Some(stands));
                        wrong.set(None);
                        for field in fields {
                            if let Some(field) = field.cast::<HtmlInputElement>() {
                                field.set_value("");
                            }
                        }
                        if let Some(said) = said {
                            toast(&app.dispatcher(), app.words.say(said));
                        }
                    }
                    Ok(_) => {}
                    Err(failure) => wrong.set(Some(app.words.failure(&failure))),
                }
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with((), move |()| ask.emit((LockCommand::Standing, None)));
    }
    let typed = |field: &NodeRef| {
        field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default()
    };
    let has = lock.is_some_and(|lock| lock.pin);
    let set = {
        let (old, new, again) = (old.clone(), new.clone(), again.clone());
        let (ask, wrong, words) = (ask.clone(), wrong.clone(), words.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let pin = typed(&new);
            if pin != typed(&again) {
                wrong.set(Some(words.say("pin-differs")));
                return;
            }
            let old = has.then(|| Secret::new(typed(&old)));
            ask.emit((LockCommand::Set { pin: Secret::new(pin), old }, Some("pin-is-set")));
        })
    };
    let remove = {
        let (old, ask) = (old.clone(), ask.clone());
        Callback::from(move |_: MouseEvent| {
            let old = Secret::new(typed(&old));
            ask.emit((LockCommand::Remove { old }, Some("pin-is-gone")));
        })
    };
    let now = Callback::from(move |_: MouseEvent| ask.emit((LockCommand::Now, None)));
    let after = {
        let (prefer, preferences) = (props.prefer.clone(), app.preferences());
        Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            let lock_after_min = chosen.parse().unwrap_or_default();
            prefer.emit(Preferences { lock_after_min, ..preferences.clone() });
        })
    };
    let chosen = app.preferences().lock_after_min;
    let field = |id: &'static str, key: &str, to: &NodeRef| {
        html! {
            <label><span>{ words.say(key) }</span>
                <input ref={to} {id} type="password" autocomplete="off"
                    aria-describedby="pin-problem" /></label>
        }
    };
    html! {
        <fieldset id="pin-settings">
            <legend>{ words.say("pin-settings") }</legend>
            <p class="mute">{ words.say(if has { "pin-there" } else { "pin-none" }) }</p>
            <form class="locked" onsubmit={set}>
                if has {
                    { field("pin-old", "pin-old", &old) }
                }
                { field("pin-new", "pin-new", &new) }
                { field("pin-again", "pin-again", &again) }
                <p class="problem" id="pin-problem" role="alert">{ for (*wrong).clone() }</p>
                <button type="submit" id="pin-set">
                    { words.say(if has { "pin-change" } else { "pin-set" }) }</button>
                if has {
                    <button type="button" id="pin-remove" class="quiet" onclick={remove}>
                        { words.say("pin-remove") }</button>
                }
            </form>
            if has {
                <label class="after"><span>{ words.say("pin-after") }</span>
                    <select id="pin-after" onchange={after}>
                        { for AFTER.map(|minutes| html! {
                            <option value={minutes.to_string()} selected={minutes == chosen}>
                                { if minutes == 0 { words.say("pin-never") }
                                  else { words.count("pin-minutes", minutes) } }
                            </option>
                        }) }
                    </select></label>
                <button type="button" id="lock-now" onclick={now}>{ words.say("pin-now") }</button>
            }
        </fieldset>
    }
}
