//! Who can see a note, on the note itself, always; and the choice of who shall.

use ipc::{Audience, AudienceView, ErrorCode, MarkView, NotShared};
use yew::prelude::*;

use crate::app::use_app;
use crate::components::icons::{Icon, Picture};
use crate::words::Tongue;

/// Names that are listed; the others are counted.
const NAMED: usize = 3;

/// The sign of an audience.
pub(crate) const fn sign(audience: &Audience) -> Picture {
    match audience {
        Audience::Private => Picture::Lock,
        Audience::Group(_) => Picture::People,
        Audience::Council => Picture::Everyone,
    }
}

/// "Vous seul", "Groupe Valbrune ensemble", "Tout le conseil".
pub(crate) fn called(words: &Tongue, audience: &Audience) -> String {
    match audience {
        Audience::Private => words.say("audience-only-me"),
        Audience::Group(name) => {
            words.fill("audience-of-group", &[("group", name.as_str().into())])
        }
        Audience::Council => words.say("audience-all"),
    }
}

/// The colour of a group as a style; nothing for the other audiences, and for a group one has left.
pub(crate) fn tint(audiences: &[AudienceView], audience: &Audience) -> Option<String> {
    let known = audiences.iter().find(|known| known.audience.is(audience))?;
    known.colour.as_ref().map(|colour| format!("--group:{colour}"))
}

/// "Ada Baudry, Inès Baudry et 12 autres".
pub(crate) fn readers(words: &Tongue, readers: &[String]) -> String {
    let (named, others) = readers.split_at(readers.len().min(NAMED));
    let names = named.join(", ");
    match u32::try_from(others.len()).unwrap_or(u32::MAX) {
        0 if names.is_empty() => words.say("readers-none"),
        0 => names,
        n => words.fill("readers-more", &[("names", names.into()), ("n", n.into())]),
    }
}

/// Why a note is not shared, and that it is kept.
pub(crate) fn why_not(words: &Tongue, not_shared: &NotShared) -> String {
    let who = called(words, &not_shared.audience);
    let key = if not_shared.reason == ErrorCode::NotInGroup {
        "not-shared-left"
    } else if not_shared.reason == ErrorCode::Forbidden {
        "not-shared-role"
    } else {
        "not-shared-refused"
    };
    words.fill(key, &[("who", who.into())])
}

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct AudienceProps {
    pub(crate) view: MarkView,
}

/// "Vous, privée", "Karim, groupe Valbrune demain".
#[component]
pub(crate) fn AudienceMark(props: &AudienceProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let MarkView { audience, author, mine, .. } = &props.view;
    let who = if *mine { words.say("you") } else { author.clone() };
    let text = match audience {
        Audience::Private => words.fill("audience-private", &[("who", who.into())]),
        Audience::Group(name) => {
            let places = [("who", who.into()), ("group", name.as_str().into())];
            words.fill("audience-group", &places)
        }
        Audience::Council => words.fill("audience-council", &[("who", who.into())]),
    };
    let style = tint(&app.audiences(), audience);
    html! { <span class="who" {style}><Icon of={sign(audience)} />{ text }</span> }
}

#[derive(Debug, Properties, PartialEq)]
pub(crate) struct ChoiceProps {
    pub(crate) chosen: Audience,
    pub(crate) on_choose: Callback<Audience>,
}

/// The audiences to choose from, each with the names of those who would read.
#[component]
pub(crate) fn AudienceChoice(props: &ChoiceProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let choices = app.audiences();
    let choose = |audience: &Audience| {
        let (audience, on_choose) = (audience.clone(), props.on_choose.clone());
        move |_: MouseEvent| on_choose.emit(audience.clone())
    };
    html! {
        <div class="audiences" role="radiogroup" aria-label={words.say("audience-pick")}>
            { for choices.iter().map(|choice| {
                let AudienceView { audience, readers: names, .. } = choice;
                let on = audience.is(&props.chosen);
                html! {
                    <button type="button" role="radio" class="quiet" aria-checked={on.to_string()}
                        style={tint(&choices, audience)} onclick={choose(audience)}>
                        <Icon of={sign(audience)} />
                        <span class="audience-text">
                            <strong>{ called(words, audience) }</strong>
                            if *audience != Audience::Private {
                                <span class="mute">{ readers(words, names) }</span>
                            }
                        </span>
                        if on { <Icon of={Picture::Check} /> }
                    </button>
                }
            }) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use ipc::Language;

    use super::*;

    #[test]
    fn readers_are_named_or_counted() {
        let words = Tongue::new(Language::En);
        let names = |n: usize| (0..n).map(|n| format!("N{n}")).collect::<Vec<_>>();
        assert_eq!(readers(&words, &names(0)), "nobody else");
        assert_eq!(readers(&words, &names(3)), "N0, N1, N2");
        assert_eq!(readers(&words, &names(5)), "N0, N1, N2 and 2 others");
    }

    #[test]
    fn a_group_that_was_left_has_no_colour() {
        let group = |name: &str| Audience::Group(name.to_owned());
        let known = [AudienceView {
            audience: group("Gauche unie"),
            colour: Some("#b45309".to_owned()),
            readers: Vec::new(),
        }];
        assert_eq!(tint(&known, &group("gauche unie")).unwrap(), "--group:#b45309");
        assert_eq!(tint(&known, &group("Ailleurs")), None);
        assert_eq!(tint(&known, &Audience::Council), None);
    }
}
