//! A list of members, brought from a file: looked at first, taken whole or, when the clerk says so,
//! without its bad lines.

use std::cell::Cell;

use ipc::{ClerkCommand, ClerkReply, Command, Imported, ListFile, Reply};
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::drop_zone::{identifier, lay};
use super::fields::Switch;
use crate::app::{toast, use_app};
use crate::bridge::{self, Failure};
use crate::components::dialog::Dialog;
use crate::components::file_choice::FileChoice;

/// Bad lines that are shown at most.
const SHOWN: usize = 50;

/// The lists that were laid down.
#[derive(Debug, Clone, PartialEq, Default)]
struct Lists {
    members: Option<(Uuid, String)>,
    emails: Option<(Uuid, String)>,
}

impl Lists {
    fn take(&self, skip_bad_rows: bool, preview: bool) -> Option<ClerkCommand> {
        let laid = |(file, name): (Uuid, String)| ListFile::Laid { file, name };
        Some(ClerkCommand::ImportMembers {
            file: laid(self.members.clone()?),
            emails: self.emails.clone().map(laid),
            skip_bad_rows,
            preview,
        })
    }

    fn all(&self) -> Vec<Uuid> {
        [&self.members, &self.emails].into_iter().flatten().map(|(file, _)| *file).collect()
    }
}

async fn take(command: ClerkCommand) -> Result<Imported, Failure> {
    let answer = bridge::call(Command::Clerk(command)).await?;
    let Reply::Clerk(ClerkReply::Imported(report)) = answer else {
        return Err(ipc::ErrorCode::Internal.into());
    };
    Ok(*report)
}

#[derive(Properties, PartialEq)]
pub(crate) struct RosterProps {
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn Roster(props: &RosterProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let lists = use_state(Lists::default);
    let skip = use_state(|| false);
    let busy = use_state(|| false);
    let failure = use_state(|| None::<String>);
    let seen = use_state(|| None::<Imported>);
    let close = {
        let (lists, on_close) = (lists.clone(), props.on_close.clone());
        Callback::from(move |()| {
            let away = Command::Clerk(ClerkCommand::PutAway(lists.all()));
            // What stays behind is read by nobody.
            spawn_local(async move { drop(bridge::call(away).await) });
            on_close.emit(());
        })
    };
    // What the lists say is looked at again whenever one of them changes.
    {
        let (app, seen, failure, busy) = (app.clone(), seen.clone(), failure.clone(), busy.clone());
        use_effect_with(((*lists).clone(), *skip), move |(lists, skip)| {
            if let Some(command) = lists.take(*skip, true) {
                busy.set(true);
                spawn_local(async move {
                    match take(command).await {
                        Ok(report) => {
                            seen.set(Some(report));
                            failure.set(None);
                        }
                        Err(why) => {
                            seen.set(None);
                            failure.set(Some(app.words.failure(&why)));
                        }
                    }
                    busy.set(false);
                });
            }
        });
    }
    let bring = |place: fn(&mut Lists, (Uuid, String))| {
        let (app, lists, failure, busy) =
            (app.clone(), lists.clone(), failure.clone(), busy.clone());
        Callback::from(move |event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            let Some(file) = field.files().and_then(|files| files.item(0)) else { return };
            field.set_value("");
            let (app, lists, failure) = (app.clone(), lists.clone(), failure.clone());
            let busy = busy.clone();
            busy.set(true);
            spawn_local(async move {
                match lay_down(&file).await {
                    Ok(laid) => {
                        let mut next = (*lists).clone();
                        place(&mut next, laid);
                        lists.set(next);
                    }
                    Err(why) => failure.set(Some(app.words.failure(&why))),
                }
                busy.set(false);
            });
        })
    };
    let import = {
        let (app, lists, close, failure) =
            (app.clone(), lists.clone(), close.clone(), failure.clone());
        let (skip, busy) = (*skip, busy.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(command) = lists.take(skip, false) else { return };
            let (app, close, failure) = (app.clone(), close.clone(), failure.clone());
            let busy = busy.clone();
            busy.set(true);
            spawn_local(async move {
                match take(command).await {
                    Ok(report) => {
                        toast(&app.dispatcher(), sentence(&app.words, &report, "roster-taken"));
                        close.emit(());
                    }
                    Err(why) => {
                        failure.set(Some(app.words.failure(&why)));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let switch = {
        let skip = skip.clone();
        Callback::from(move |on| skip.set(on))
    };
    let bad = seen.as_ref().map_or(0, |report| report.mistakes.len());
    let ready = seen.is_some() && (bad == 0 || *skip) && !*busy;
    html! {
        <Dialog title={words.say("roster-title")} class="side" on_close={close}>
            <div class="publish">
                <p>{ words.say("roster-lead") }</p>
                { choose(words, "roster-file", "roster-list", lists.members.as_ref(),
                    bring(|lists, laid| lists.members = Some(laid))) }
                { choose(words, "roster-emails", "roster-addresses", lists.emails.as_ref(),
                    bring(|lists, laid| lists.emails = Some(laid))) }
                if let Some(report) = seen.as_ref() {
                    <p role="status">{ sentence(words, report, "roster-would") }</p>
                    if bad > 0 {
                        <p class="problem">{ words.fill("import-refused", &[("n", bad.into())]) }</p>
                        <ul class="plain">
                            { for report.mistakes.iter().take(SHOWN).map(|reason| html! {
                                <li>{ words.all().reason(reason) }</li>
                            }) }
                        </ul>
                        <Switch label={words.say("roster-skip")} on={*skip} on_change={switch} />
                    }
                }
                <p class="problem" role="alert">{ (*failure).clone().unwrap_or_default() }</p>
                <button type="button" class="primary" id="take-roster" onclick={import}
                    disabled={!ready}>{ words.say("roster-take") }</button>
            </div>
        </Dialog>
    }
}

fn choose(
    words: &crate::words::Tongue,
    label: &str,
    id: &'static str,
    laid: Option<&(Uuid, String)>,
    onchange: Callback<Event>,
) -> Html {
    html! {
        <FileChoice {id} title={words.say(label)} label={words.say("file-choose")}
            accept=".csv,.txt,.tsv,text/csv" chosen={laid.map(|(_, name)| AttrValue::from(name.clone()))}
            {onchange} />
    }
}

async fn lay_down(file: &File) -> Result<(Uuid, String), Failure> {
    let id = identifier();
    lay(id, file, &Cell::new(false), |_| {}).await?;
    Ok((id, file.name()))
}

fn sentence(words: &crate::words::Tongue, report: &Imported, key: &str) -> String {
    let added = u32::try_from(report.added.len()).unwrap_or(u32::MAX);
    let places = [
        ("added", added.into()),
        ("updated", report.updated.into()),
        ("known", report.known.into()),
    ];
    words.fill(key, &places)
}
