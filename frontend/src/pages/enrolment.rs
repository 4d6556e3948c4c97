//! First start: this tablet joins a council.

use ipc::{Command, Reply};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

use crate::app::use_app;
use crate::app_state::Happening;
use crate::bridge;
use crate::dom;

/// Address and code out of what was pasted: the clerk's message often holds both.
pub(crate) fn invitation(pasted: &str) -> (Option<String>, Option<String>) {
    let words =
        || pasted.split_whitespace().map(|word| word.trim_matches(['«', '»', '"', ',', '.']));
    let server = words().find(|word| word.starts_with("https://") || word.starts_with("http://"));
    let code = words().find(|word| {
        let signs = word.chars().filter(|c| *c != '-');
        word.contains('-')
            && !word.contains('/')
            && signs.clone().count() == 16
            && signs.clone().all(|c| c.is_ascii_alphanumeric())
    });
    (server.map(str::to_owned), code.map(str::to_uppercase))
}

#[component]
pub(crate) fn Enrolment() -> Html {
    let app = use_app();
    let words = &app.words;
    let server = use_state(String::new);
    let code = use_state(String::new);
    let device = use_state(|| None::<String>);
    let busy = use_state(|| false);
    let failure = use_state(|| None::<String>);
    let device_name = (*device).clone().unwrap_or_else(|| words.say("enrol-device-default"));
    {
        let title = words.say("enrol-title");
        use_effect_with(title, |title| dom::set_title(title));
    }
    let typed = |field: UseStateHandle<String>| {
        let (server, code) = (server.clone(), code.clone());
        Callback::from(move |event: InputEvent| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value();
            match invitation(&value) {
                (Some(address), Some(found)) => {
                    server.set(address);
                    code.set(found);
                }
                (None, _) | (_, None) => field.set(value),
            }
        })
    };
    let named = {
        let device = device.clone();
        Callback::from(move |event: InputEvent| {
            device.set(Some(event.target_unchecked_into::<HtmlInputElement>().value()));
        })
    };
    let join = {
        let (server, code, busy, failure) =
            (server.clone(), code.clone(), busy.clone(), failure.clone());
        let (app, device) = (app.clone(), device_name.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let words = app.words.clone();
            if server.trim().is_empty() || code.trim().is_empty() || device.trim().is_empty() {
                failure.set(Some(words.say("enrol-incomplete")));
                return;
            }
            busy.set(true);
            failure.set(None);
            let address = server.trim();
            let address = if address.contains("://") {
                address.to_owned()
            } else {
                format!("https://{address}")
            };
            let command = Command::Enrol {
                server: address.trim_end_matches('/').to_owned(),
                code: code.trim().to_owned(),
                device: device.trim().to_owned(),
                authority: None,
            };
            let (busy, failure, app) = (busy.clone(), failure.clone(), app.dispatcher());
            spawn_local(async move {
                match bridge::call(command).await {
                    Ok(Reply::Status(status)) => app.dispatch(Happening::Status(status)),
                    Ok(_) => crate::app::ask_status(&app),
                    Err(why) => {
                        failure.set(Some(words.failure(&why)));
                        busy.set(false);
                    }
                }
            });
        })
    };
    html! {
        <main class="enrol">
            <form class="card" onsubmit={join} novalidate=true>
                <p class="brand">{ words.say("app-name") }</p>
                if let Some(emptied) = app.status.as_ref().and_then(|status| status.emptied) {
                    <p role="status" id="emptied">
                        { words.say(if emptied.own { "emptied-own" } else { "emptied-office" }) }
                        if emptied.unsent > 0 {
                            { " " }{ words.count("emptied-unsent", emptied.unsent) }
                        }
                    </p>
                }
                <h1>{ words.say("enrol-title") }</h1>
                <p class="soft">{ words.say("enrol-lead") }</p>
                <label>
                    <span>{ words.say("enrol-server") }</span>
                    <input id="server" type="url" inputmode="url" autocomplete="off"
                        autocapitalize="off" spellcheck="false" value={(*server).clone()}
                        oninput={typed(server.clone())} placeholder="https://pupitre.valbrune.fr" />
                </label>
                <label>
                    <span>{ words.say("enrol-code") }</span>
                    <input id="code" class="code" type="text" autocomplete="one-time-code"
                        autocapitalize="characters" spellcheck="false" value={(*code).clone()}
                        oninput={typed(code.clone())} placeholder="XXXX-XXXX-XXXX-XXXX" />
                    <small class="mute">{ words.say("enrol-code-hint") }</small>
                </label>
                <label>
                    <span>{ words.say("enrol-device") }</span>
                    <input id="device" type="text" autocomplete="off" value={device_name}
                        oninput={named} />
                </label>
                <p class="problem" role="alert">{ (*failure).clone().unwrap_or_default() }</p>
                <button id="join" class="primary" type="submit" disabled={*busy}>
                    { words.say(if *busy { "enrol-busy" } else { "enrol-join" }) }
                </button>
            </form>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_message_fills_both_fields() {
        let message = "Bonjour, adresse : https://pupitre.valbrune.fr, code : ab12-CD34-EF56-gh78.";
        assert_eq!(
            invitation(message),
            (
                Some("https://pupitre.valbrune.fr".to_owned()),
                Some("AB12-CD34-EF56-GH78".to_owned())
            )
        );
    }

    #[test]
    fn what_is_typed_by_hand_is_left_alone() {
        assert_eq!(invitation("AB12-CD3"), (None, None));
        assert_eq!(invitation("https://pupitre-de-la-mairie.fr").1, None);
    }
}
