//! Members, groups, committees and bureau.

use domain::{Body, BodyKind, Group, Role};
use ipc::{ClerkCommand, ClerkReply, Command, MemberView, PeopleView, Reply};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

use super::body::BodyForm;
use super::invitation::Invitation;
use super::letterhead::LetterheadForm;
use super::person::{GroupForm, PersonForm};
use super::picks::full_name;
use super::roster::Roster;
use super::tabs::Tabs;
use crate::app::{toast, use_app};
use crate::asked::use_asked;
use crate::bridge;
use crate::components::bar::Bar;
use crate::components::icons::{Icon, Picture};
use crate::dom;
use crate::words::Tongue;

/// What lies over the list.
#[derive(Debug, Clone, PartialEq)]
enum Over {
    Person(Option<MemberView>),
    Group(Option<Group>),
    Body(Option<Body>),
    Roster,
    Letterhead,
    Invitation { name: String, server: String, code: String, expires: domain::Timestamp },
}

#[component]
pub(crate) fn People() -> Html {
    let app = use_app();
    let words = &app.words;
    use_effect_with(words.say("people-title"), |title| dom::set_title(title));
    let asked = use_asked(Some(Command::Clerk(ClerkCommand::People)), app.catalogue);
    let over = use_state(|| None::<Over>);
    let wanted = use_state(String::new);
    let typed = {
        let wanted = wanted.clone();
        Callback::from(move |event: InputEvent| {
            wanted.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let show = |what: Option<Over>| {
        let over = over.clone();
        Callback::from(move |_: MouseEvent| over.set(what.clone()))
    };
    let close = {
        let over = over.clone();
        Callback::from(move |()| over.set(None))
    };
    let people = match asked.reply.as_deref() {
        Some(Reply::Clerk(ClerkReply::People(people))) => Some(people.as_ref().clone()),
        _ => None,
    };
    let invite = {
        let (app, over) = (app.clone(), over.clone());
        let server = people.as_ref().map(|people| people.server.clone()).unwrap_or_default();
        Callback::from(move |member: MemberView| {
            let (words, app) = (app.words.clone(), app.dispatcher());
            let (over, server) = (over.clone(), server.clone());
            spawn_local(async move {
                let name = full_name(&member);
                match bridge::call(Command::Invite { member: member.member }).await {
                    Ok(Reply::Invitation { code, expires }) => {
                        over.set(Some(Over::Invitation { name, server, code, expires }));
                    }
                    Ok(_) => {}
                    Err(failure) => toast(&app, words.failure(&failure)),
                }
            });
        })
    };
    let panel = people.as_ref().zip((*over).clone()).map(|(people, over)| {
        let (people, on_close) = (people.clone(), close.clone());
        match over {
            Over::Person(member) => html! { <PersonForm {people} {member} {on_close} /> },
            Over::Group(group) => html! { <GroupForm {group} {on_close} /> },
            Over::Body(body) => html! { <BodyForm {people} {body} {on_close} /> },
            Over::Roster => html! { <Roster {on_close} /> },
            Over::Letterhead => html! { <LetterheadForm {on_close} /> },
            Over::Invitation { name, server, code, expires } => html! {
                <Invitation {name} {server} {code} {expires} {on_close} />
            },
        }
    });
    html! {
        <>
            <Bar><span class="brand">{ words.say("desk") }</span></Bar>
            <main class="wrap board" id="people">
                <div class="board-head">
                    <Tabs />
                    <button type="button" id="letterhead" onclick={show(Some(Over::Letterhead))}>
                        { words.say("letterhead") }</button>
                    <button type="button" id="import-roster" onclick={show(Some(Over::Roster))}>
                        { words.say("roster-title") }</button>
                    <button type="button" class="primary" id="add-member"
                        onclick={show(Some(Over::Person(None)))}>
                        <Icon of={Picture::Plus} />{ words.say("people-add") }</button>
                </div>
                if let Some(failure) = asked.failure {
                    <p class="card hollow" role="alert">{ words.failure(&failure) }</p>
                } else if let Some(people) = people {
                    <section aria-labelledby="members-head">
                        <h2 id="members-head">{ words.say("people-members") }
                            <span class="soft">{ words.count("n-members", u32::try_from(people.members.len()).unwrap_or(0)) }</span></h2>
                        <div class="field people-search"><Icon of={Picture::Search} />
                            <input type="search" id="find-member" value={(*wanted).clone()} oninput={typed}
                                aria-label={words.say("people-search")}
                                placeholder={words.say("people-search")} /></div>
                        <ul class="card list">
                            { for found(&people, &wanted).into_iter().map(|member| {
                                let edit = show(Some(Over::Person(Some(member.clone()))));
                                let (invite, invited) = (invite.clone(), member.clone());
                                let ask = Callback::from(move |_: MouseEvent| invite.emit(invited.clone()));
                                let key = member.member.to_string();
                                html! { <Member {key} {member} on_edit={edit} on_invite={ask} /> }
                            }) }
                        </ul>
                    </section>
                    <section aria-labelledby="groups-head">
                        <h2 id="groups-head">{ words.say("people-groups") }</h2>
                        <ul class="card list">
                            { for people.groups.iter().map(|group| html! {
                                <li class="device" key={group.id.to_string()}>
                                    <i class="swatch" style={format!("background:{}", group.colour)} />
                                    <span class="row-text"><strong>{ &group.name }</strong></span>
                                    <button type="button" onclick={show(Some(Over::Group(Some(group.clone()))))}
                                        aria-label={words.fill("people-edit-named", &[("name", group.name.as_str().into())])}>
                                        { words.say("edit") }</button>
                                </li>
                            }) }
                            <li class="device"><button type="button" class="quiet" id="add-group"
                                onclick={show(Some(Over::Group(None)))}>
                                <Icon of={Picture::Plus} />{ words.say("people-add-group") }</button></li>
                        </ul>
                    </section>
                    <section aria-labelledby="bodies-head">
                        <h2 id="bodies-head">{ words.say("people-bodies") }</h2>
                        <ul class="card list">
                            { for people.bodies.iter().map(|body| html! {
                                <li class="device" key={body.id.to_string()}>
                                    <Icon of={Picture::People} />
                                    <span class="row-text"><strong>{ &body.name }</strong>
                                        <span class="mute">{ about(words, &people, body) }</span></span>
                                    <button type="button" onclick={show(Some(Over::Body(Some(body.clone()))))}
                                        aria-label={words.fill("people-edit-named", &[("name", body.name.as_str().into())])}>
                                        { words.say("edit") }</button>
                                </li>
                            }) }
                            <li class="device"><button type="button" class="quiet" id="add-body"
                                onclick={show(Some(Over::Body(None)))}>
                                <Icon of={Picture::Plus} />{ words.say("people-add-body") }</button></li>
                        </ul>
                    </section>
                } else {
                    <div class="skeleton" aria-busy="true"><div class="card bone tall" /></div>
                }
            </main>
            { for panel }
        </>
    }
}

/// Members whose name, function or group has the words, with or without accents; all without words. Who
/// has left stands after those who sit.
fn found(people: &PeopleView, wanted: &str) -> Vec<MemberView> {
    let wanted = dom::bare(wanted.trim());
    let has = |member: &&MemberView| {
        let MemberView { first_name, last_name, function, groups, email, .. } = member;
        let email = email.as_deref().unwrap_or_default();
        let function = function.as_deref().unwrap_or_default();
        let text = format!("{first_name} {last_name} {function} {email} {}", groups.join(" "));
        dom::bare(&text).contains(&wanted)
    };
    let (sit, left): (Vec<_>, Vec<_>) =
        people.members.iter().filter(has).cloned().partition(|member| member.left.is_none());
    [sit, left].concat()
}

/// "Commission, 7 membres, présidence : Inès Baudry, 2 suppléants".
fn about(words: &Tongue, people: &PeopleView, body: &Body) -> String {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut facts =
        vec![words.say(kind(body.kind)), words.count("n-members", count(body.members.len()))];
    let chair = people.members.iter().find(|member| Some(member.member) == body.chair);
    facts.extend(
        chair.map(|chair| words.fill("body-chaired", &[("name", full_name(chair).into())])),
    );
    let substitutes = body.substitutes.len();
    facts.extend((substitutes > 0).then(|| words.count("n-substitutes", count(substitutes))));
    facts.join(", ")
}

pub(super) const fn kind(kind: BodyKind) -> &'static str {
    match kind {
        BodyKind::Council => "new-council",
        BodyKind::Committee => "new-committee",
        BodyKind::Bureau => "new-bureau",
    }
}

pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::Clerk => "role-clerk",
        Role::Official => "role-official",
        Role::Guest => "role-guest",
    }
}

#[derive(Properties, PartialEq)]
struct MemberProps {
    member: MemberView,
    on_edit: Callback<MouseEvent>,
    on_invite: Callback<MouseEvent>,
}

#[component]
fn Member(props: &MemberProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let member = &props.member;
    let name = full_name(member);
    let mut facts: Vec<String> = Vec::new();
    facts.extend(member.function.clone());
    facts.extend((member.role != Role::Official).then(|| words.say(role(member.role))));
    facts.extend(member.groups.iter().cloned());
    facts.extend((!member.seat.is_member()).then(|| words.say("people-copies")));
    facts.extend(member.on_paper.then(|| words.say("people-on-paper")));
    facts.extend(
        member.left.map(|left| words.fill("people-left", &[("day", words.all().day(left).into())])),
    );
    facts.push(member.email.clone().unwrap_or_else(|| words.say("people-no-email")));
    let named = [("name", name.as_str().into())];
    html! {
        <li class="device">
            <Icon of={Picture::People} />
            <span class="row-text"><strong>{ &name }</strong>
                <span class="mute">{ facts.join(", ") }</span></span>
            <button type="button" onclick={props.on_invite.clone()}
                aria-label={words.fill("people-invite-named", &named)}>
                { words.say("people-invite") }</button>
            <button type="button" onclick={props.on_edit.clone()}
                aria-label={words.fill("people-edit-named", &named)}>{ words.say("edit") }</button>
        </li>
    }
}
