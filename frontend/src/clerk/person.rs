//! A member or a group, to be written down.

use domain::{Group, GroupId, Role, Seat};
use ipc::{ClerkCommand, Command, MemberEdit, MemberView, PeopleView};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::fields::{Choice, Field, Switch};
use super::people::role;
use crate::app::use_app;
use crate::bridge;
use crate::components::dialog::Dialog;

/// Sends what was written; the panel closes when it is kept, and says why when it is not.
#[hook]
pub(super) fn use_keeping(
    on_close: Callback<()>,
) -> (Callback<ClerkCommand>, Option<String>, bool) {
    let app = use_app();
    let failure = use_state(|| None::<String>);
    let busy = use_state(|| false);
    let keep = {
        let (failure, busy) = (failure.clone(), busy.clone());
        Callback::from(move |command: ClerkCommand| {
            busy.set(true);
            let (words, failure, busy) = (app.words.clone(), failure.clone(), busy.clone());
            let on_close = on_close.clone();
            spawn_local(async move {
                match bridge::call(Command::Clerk(command)).await {
                    Ok(_) => on_close.emit(()),
                    Err(why) => {
                        failure.set(Some(words.failure(&why)));
                        busy.set(false);
                    }
                }
            });
        })
    };
    (keep, (*failure).clone(), *busy)
}

pub(super) fn set<T: Clone + PartialEq + 'static>(
    form: &UseStateHandle<T>,
    change: impl Fn(&mut T, String) + 'static,
) -> Callback<String> {
    let form = form.clone();
    Callback::from(move |text| {
        let mut next = (*form).clone();
        change(&mut next, text);
        form.set(next);
    })
}

#[derive(Properties, PartialEq)]
pub(crate) struct PersonProps {
    pub(crate) people: PeopleView,
    /// None for someone new.
    pub(crate) member: Option<MemberView>,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn PersonForm(props: &PersonProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let form = use_state(|| edit_of(&props.people, props.member.as_ref()));
    let (keep, failure, busy) = use_keeping(props.on_close.clone());
    let save = {
        let (form, keep) = (form.clone(), keep.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            keep.emit(ClerkCommand::SaveMember((*form).clone()));
        })
    };
    let roles = [Role::Official, Role::Guest, Role::Clerk];
    let options = roles.map(|it| (role(it).to_owned(), words.say(role(it)))).to_vec();
    let set_role = set(&form, move |form, text| {
        form.role = roles.into_iter().find(|it| role(*it) == text).unwrap_or(form.role);
    });
    let on_paper = set_switch(&form, |form, on| form.on_paper = on);
    let copies = set_switch(&form, |form, on| {
        form.seat = if on { Seat::Copies } else { Seat::Member };
    });
    let title = words.say(if props.member.is_some() { "people-edit" } else { "people-add" });
    html! {
        <Dialog {title} class="side" on_close={props.on_close.clone()}>
            <form class="publish" onsubmit={save}>
                <Field id="first-name" label={words.say("field-first")} value={form.first_name.clone()}
                    on_change={set(&form, |form, text| form.first_name = text)} />
                <Field id="last-name" label={words.say("field-last")} value={form.last_name.clone()}
                    on_change={set(&form, |form, text| form.last_name = text)} />
                <Field id="email" kind="email" label={words.say("field-email")}
                    value={form.email.clone().unwrap_or_default()}
                    on_change={set(&form, |form, text| form.email = Some(text))} />
                <Field id="function" label={words.say("field-office")}
                    value={form.function.clone().unwrap_or_default()}
                    on_change={set(&form, |form, text| form.function = Some(text))} />
                <Field id="phone" kind="tel" label={words.say("field-phone")}
                    value={form.phone.clone().unwrap_or_default()}
                    on_change={set(&form, |form, text| form.phone = Some(text))} />
                <Switch label={words.say("field-on-paper")} on={form.on_paper} on_change={on_paper} />
                <Choice id="role" label={words.say("field-role")} {options}
                    value={role(form.role)} on_change={set_role} />
                <Switch label={words.say("field-copies")} on={!form.seat.is_member()}
                    on_change={copies} />
                if !props.people.groups.is_empty() {
                    <fieldset class="correction"><legend>{ words.say("people-groups") }</legend>
                        { for props.people.groups.iter().map(|group| {
                            let id = group.id;
                            let checked = form.groups.contains(&id);
                            let form = form.clone();
                            let toggle = Callback::from(move |_: Event| {
                                let mut next = (*form).clone();
                                flip(&mut next.groups, id);
                                form.set(next);
                            });
                            html! { <label class="choice"><input type="checkbox" {checked} onchange={toggle} />
                                <i class="swatch" style={format!("background:{}", group.colour)} />
                                <span>{ &group.name }</span></label> }
                        }) }
                    </fieldset>
                }
                <p class="problem" role="alert">{ failure.unwrap_or_default() }</p>
                <button type="submit" class="primary" id="save-member" disabled={busy}>
                    { words.say("save") }</button>
            </form>
            if let Some(member) = props.member.clone() {
                <Mandate {member} {keep} {busy} />
            }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct MandateProps {
    member: MemberView,
    keep: Callback<ClerkCommand>,
    busy: bool,
}

/// The end of a mandate, and the way back from it.
#[component]
fn Mandate(props: &MandateProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let day = use_state(String::new);
    let member = props.member.member;
    let end = {
        let (keep, day) = (props.keep.clone(), day.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            // No day, today; the field gives nothing else than a day.
            keep.emit(ClerkCommand::Leave { member, on: day.parse().ok() });
        })
    };
    let back = props.keep.reform(move |_: MouseEvent| ClerkCommand::ComeBack(member));
    let chosen = set(&day, |day, text| *day = text);
    match props.member.left {
        Some(left) => html! {
            <section class="publish">
                <p>{ words.fill("people-left", &[("day", words.all().day(left).into())]) }</p>
                <button type="button" id="come-back" onclick={back} disabled={props.busy}>
                    { words.say("people-come-back") }</button>
            </section>
        },
        None => html! {
            <form class="publish" onsubmit={end}>
                <fieldset class="correction"><legend>{ words.say("people-mandate") }</legend>
                    <p class="mute">{ words.say("people-leave-lead") }</p>
                    <Field id="leaves-on" kind="date" label={words.say("people-leaves-on")}
                        value={(*day).clone()} on_change={chosen} />
                    <button type="submit" id="leave" disabled={props.busy}>
                        { words.say("people-leave") }</button>
                </fieldset>
            </form>
        },
    }
}

fn set_switch(
    form: &UseStateHandle<MemberEdit>,
    change: fn(&mut MemberEdit, bool),
) -> Callback<bool> {
    let form = form.clone();
    Callback::from(move |on| {
        let mut next = (*form).clone();
        change(&mut next, on);
        form.set(next);
    })
}

fn edit_of(people: &PeopleView, member: Option<&MemberView>) -> MemberEdit {
    let named = |name: &String| people.groups.iter().find(|group| group.name == *name);
    let groups: Vec<GroupId> = member
        .map(|member| member.groups.iter().filter_map(named).map(|group| group.id).collect())
        .unwrap_or_default();
    MemberEdit {
        member: member.map(|member| member.member),
        first_name: member.map(|member| member.first_name.clone()).unwrap_or_default(),
        last_name: member.map(|member| member.last_name.clone()).unwrap_or_default(),
        email: member.and_then(|member| member.email.clone()),
        function: member.and_then(|member| member.function.clone()),
        groups,
        role: member.map_or(Role::Official, |member| member.role),
        phone: member.and_then(|member| member.phone.clone()),
        on_paper: member.is_some_and(|member| member.on_paper),
        seat: member.map_or(Seat::Member, |member| member.seat),
    }
}

/// Adds what is not there and takes away what is.
pub(super) fn flip<T: PartialEq>(all: &mut Vec<T>, one: T) {
    match all.iter().position(|known| *known == one) {
        Some(at) => drop(all.remove(at)),
        None => all.push(one),
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct GroupProps {
    pub(crate) group: Option<Group>,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn GroupForm(props: &GroupProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let name =
        use_state(|| props.group.as_ref().map(|group| group.name.clone()).unwrap_or_default());
    let colour = use_state(|| props.group.as_ref().map(|group| group.colour.clone()));
    let (keep, failure, busy) = use_keeping(props.on_close.clone());
    let save = {
        let (name, colour) = (name.clone(), colour.clone());
        let group = props.group.as_ref().map(|group| group.id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (name, colour) = ((*name).clone(), (*colour).clone());
            keep.emit(ClerkCommand::SaveGroup { group, name, colour });
        })
    };
    let named = set(&name, |name, text| *name = text);
    let coloured = set(&colour, |colour, text| *colour = Some(text));
    html! {
        <Dialog title={words.say("people-group")} class="side" on_close={props.on_close.clone()}>
            <form class="publish" onsubmit={save}>
                <Field id="group-name" label={words.say("field-name")} value={(*name).clone()}
                    on_change={named} />
                if let Some(colour) = (*colour).clone() {
                    <Field id="group-colour" kind="color" label={words.say("field-colour")}
                        value={colour} on_change={coloured} />
                }
                <p class="problem" role="alert">{ failure.unwrap_or_default() }</p>
                <button type="submit" class="primary" disabled={busy}>{ words.say("save") }</button>
            </form>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_ticked_twice_is_as_before() {
        let mut all = vec![1, 2];
        flip(&mut all, 3);
        flip(&mut all, 2);
        assert_eq!(all, [1, 3]);
        flip(&mut all, 2);
        flip(&mut all, 3);
        assert_eq!(all, [1, 2]);
    }
}
