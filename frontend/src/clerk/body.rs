//! A committee or a bureau, to be written down: who sits on it, chairs it and stands in.

use domain::{Body, BodyKind, MemberId, Role, Substitute};
use ipc::{ClerkCommand, MemberView, PeopleView, Seats};
use yew::prelude::*;

use super::fields::{Choice, Field};
use super::people::kind;
use super::person::{flip, set, use_keeping};
use super::picks::{Picks, full_name};
use crate::app::use_app;
use crate::components::dialog::Dialog;

#[derive(Properties, PartialEq)]
pub(crate) struct BodyProps {
    pub(crate) people: PeopleView,
    pub(crate) body: Option<Body>,
    pub(crate) on_close: Callback<()>,
}

/// What is written down of a body.
#[derive(Debug, Clone, PartialEq)]
struct Form {
    name: String,
    kind: BodyKind,
    members: Vec<MemberId>,
    chair: Option<MemberId>,
    substitutes: Vec<Substitute>,
}

impl Form {
    fn of(body: Option<&Body>) -> Self {
        Self {
            name: body.map(|body| body.name.clone()).unwrap_or_default(),
            kind: body.map_or(BodyKind::Committee, |body| body.kind),
            members: body.map(|body| body.members.clone()).unwrap_or_default(),
            chair: body.and_then(|body| body.chair),
            substitutes: body.map(|body| body.substitutes.clone()).unwrap_or_default(),
        }
    }

    /// A member joins or leaves; whoever leaves chairs it no more, and nobody stands in for them.
    fn flip(&mut self, member: MemberId) {
        flip(&mut self.members, member);
        self.chair = self.chair.filter(|chair| self.members.contains(chair));
        let members = &self.members;
        self.substitutes.retain(|one| {
            !members.contains(&one.member)
                && one.stands_for.is_none_or(|whom| members.contains(&whom))
        });
    }

    /// Somebody stands in for this member, or for any; for nobody any more when absent.
    fn stand(&mut self, member: MemberId, stands_for: Option<Option<MemberId>>) {
        let Some(stands_for) = stands_for else {
            return self.substitutes.retain(|one| one.member != member);
        };
        match self.substitutes.iter_mut().find(|one| one.member == member) {
            // In its place: the list must not move under the hand.
            Some(known) => known.stands_for = stands_for,
            None => self.substitutes.push(Substitute { member, stands_for }),
        }
    }
}

/// What a list to choose from calls nobody, and everybody.
const NOBODY: &str = "";
const ANYBODY: &str = "*";

#[component]
pub(crate) fn BodyForm(props: &BodyProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let form = use_state(|| Form::of(props.body.as_ref()));
    let (keep, failure, busy) = use_keeping(props.on_close.clone());
    let save = {
        let (form, body) = (form.clone(), props.body.as_ref().map(|body| body.id));
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Form { name, kind, members, chair, substitutes } = (*form).clone();
            let seats = Some(Seats { chair, substitutes });
            keep.emit(ClerkCommand::SaveBody { body, name, kind, members, seats });
        })
    };
    let kinds = [BodyKind::Committee, BodyKind::Bureau];
    let options = kinds.map(|it| (kind(it).to_owned(), words.say(kind(it)))).to_vec();
    let set_kind = set(&form, move |form, text| {
        form.kind = kinds.into_iter().find(|it| kind(*it) == text).unwrap_or(form.kind);
    });
    let officials: Vec<MemberView> = props
        .people
        .members
        .iter()
        .filter(|member| member.role == Role::Official && member.left.is_none())
        .cloned()
        .collect();
    let named = |member: &MemberView| (member.member.to_string(), full_name(member));
    let name_of = |id: MemberId| {
        let known = props.people.members.iter().find(|member| member.member == id);
        known.map(full_name).unwrap_or_default()
    };
    let toggle = {
        let form = form.clone();
        Callback::from(move |id: MemberId| {
            let mut next = (*form).clone();
            next.flip(id);
            form.set(next);
        })
    };
    let sitting = officials.iter().filter(|one| form.members.contains(&one.member));
    let sitting: Vec<(String, String)> = sitting.map(named).collect();
    let chairs: Vec<_> = [(NOBODY.to_owned(), words.say("body-no-chair"))]
        .into_iter()
        .chain(sitting.clone())
        .collect();
    let set_chair = set(&form, |form, text| form.chair = text.parse().ok());
    let for_whom: Vec<_> = [
        (NOBODY.to_owned(), words.say("body-no-substitute")),
        (ANYBODY.to_owned(), words.say("body-for-anybody")),
    ]
    .into_iter()
    .chain(sitting)
    .collect();
    let stands = |one: &&MemberView| {
        form.members.contains(&one.member)
            || form.substitutes.iter().any(|known| known.member == one.member)
    };
    let free: Vec<_> = [(NOBODY.to_owned(), words.say("body-choose"))]
        .into_iter()
        .chain(officials.iter().filter(|one| !stands(one)).map(named))
        .collect();
    // Chosen first and added then: in a list that is closed every arrow key is a choice.
    let adding = use_state(String::new);
    let choose = set(&adding, |adding, text| *adding = text);
    let add = {
        let (form, adding) = (form.clone(), adding.clone());
        Callback::from(move |_: MouseEvent| {
            if let Ok(member) = adding.parse() {
                let mut next = (*form).clone();
                next.stand(member, Some(None));
                form.set(next);
                adding.set(String::new());
            }
        })
    };
    html! {
        <Dialog title={words.say("people-body")} class="side" on_close={props.on_close.clone()}>
            <form class="publish" onsubmit={save}>
                <Field id="body-name" label={words.say("field-name")} value={form.name.clone()}
                    on_change={set(&form, |form, text| form.name = text)} />
                <Choice id="body-kind" label={words.say("field-body-kind")} {options}
                    value={kind(form.kind)} on_change={set_kind} />
                <Picks id="body-members" legend={words.say("people-members")}
                    members={officials.clone()} chosen={form.members.clone()} on_flip={toggle} />
                <Choice id="body-chair" label={words.say("body-chair")} options={chairs}
                    value={form.chair.map(|chair| chair.to_string()).unwrap_or_default()}
                    on_change={set_chair} />
                if !form.members.is_empty() {
                    <fieldset class="correction" id="body-substitutes">
                        <legend>{ words.say("body-substitutes") }</legend>
                        { for form.substitutes.iter().map(|one| {
                            let id = one.member;
                            let chosen = set(&form, move |form, text| {
                                form.stand(id, match text.as_str() {
                                    NOBODY => None,
                                    whom => Some(whom.parse().ok()),
                                });
                            });
                            let value = one.stands_for.map_or(ANYBODY.to_owned(), |whom| whom.to_string());
                            html! { <Choice key={id.to_string()} id={format!("for-{id}")} label={name_of(id)}
                                options={for_whom.clone()} {value} on_change={chosen} /> }
                        }) }
                        <Choice id="body-add-substitute" label={words.say("body-add-substitute")}
                            options={free} value={(*adding).clone()} on_change={choose} />
                        <button type="button" id="add-substitute" onclick={add}
                            disabled={adding.is_empty()}>{ words.say("body-add") }</button>
                    </fieldset>
                }
                <p class="problem" role="alert">{ failure.unwrap_or_default() }</p>
                <button type="submit" class="primary" id="save-body" disabled={busy}>
                    { words.say("save") }</button>
            </form>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_leaves_a_body_neither_chairs_it_nor_is_stood_in_for() {
        let [ines, paul, zoe] = [1, 2, 3].map(|n| MemberId::from_bytes([n; 16]));
        let mut form = Form::of(None);
        form.flip(ines);
        form.flip(paul);
        form.chair = Some(ines);
        form.stand(zoe, Some(Some(ines)));
        form.stand(zoe, Some(Some(ines)));
        assert_eq!(form.substitutes, [Substitute { member: zoe, stands_for: Some(ines) }]);
        form.flip(ines);
        assert_eq!((form.chair, &form.members[..], form.substitutes.len()), (None, &[paul][..], 0));
        form.stand(zoe, Some(None));
        form.flip(zoe);
        assert!(form.substitutes.is_empty(), "a member stands in for nobody");
    }
}
