//! What a tool can be: its variants, colours and widths.

use ink::{Form, MarkupStyle, Sign, Tool};
use yew::prelude::*;

use super::acts::Acts;
use super::state::Move;
use super::tools::{Family, Kit, Variant};
use crate::components::icons::{Icon, Picture};
use crate::components::note_row::colour_name;

/// Names of widths, from thin to broad.
const WIDTHS: [&str; 4] = ["width-thin", "width-medium", "width-broad", "width-widest"];

/// How a variant is pictured.
pub(crate) const fn picture(variant: Variant) -> Picture {
    match variant {
        Variant::Hand => Picture::Hand,
        Variant::Lasso => Picture::Lasso,
        Variant::Markup(MarkupStyle::Highlight) => Picture::Highlighter,
        Variant::Markup(MarkupStyle::Underline) => Picture::Underline,
        Variant::Markup(MarkupStyle::Strikeout) => Picture::Strikeout,
        Variant::Free => Picture::Marker,
        Variant::Pen => Picture::Pen,
        Variant::Shape(Form::Line) => Picture::Line,
        Variant::Shape(Form::Arrow) => Picture::Arrow,
        Variant::Shape(Form::Rectangle) => Picture::Rectangle,
        Variant::Shape(Form::Ellipse) => Picture::Ellipse,
        Variant::Note => Picture::Note,
        Variant::Stamp(Sign::Question) => Picture::Question,
        Variant::Stamp(Sign::Agree) => Picture::Agree,
        Variant::Stamp(Sign::Disagree) => Picture::Disagree,
        Variant::Stamp(Sign::Raise) => Picture::Raise,
        Variant::Text => Picture::Text,
        Variant::Whole => Picture::Eraser,
        Variant::Parts => Picture::EraserParts,
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct PaletteProps {
    pub(crate) acts: Acts,
    pub(crate) family: Family,
    pub(crate) tool: Tool,
    pub(crate) kit: Kit,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn Palette(props: &PaletteProps) -> Html {
    let PaletteProps { acts, family, tool, kit, on_close } = props;
    let words = acts.words();
    let now = kit.in_hand(*tool);
    let does = |wanted: Move| {
        let (acts, wanted) = (acts.clone(), std::cell::Cell::new(Some(wanted)));
        move |_: MouseEvent| {
            // A button is drawn anew with its move after each press.
            if let Some(wanted) = wanted.take() {
                acts.desk.dispatch(wanted);
            }
        }
    };
    let keys = {
        let on_close = on_close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                on_close.emit(());
            }
        })
    };
    let paste = {
        let (acts, on_close) = (acts.clone(), on_close.clone());
        move |_: MouseEvent| {
            acts.paste();
            on_close.emit(());
        }
    };
    let variants = family.variants();
    html! {
        <div class="palette" role="group" aria-label={words.say("tool-kinds")} onkeydown={keys}>
            if variants.len() > 1 {
                <div class="kinds" role="group" aria-label={words.say("tool-kinds")}>
                    { for variants.iter().map(|each| {
                        let name = words.say(each.key());
                        html! {
                            <button type="button" key={each.key()}
                                aria-pressed={(*each == now).to_string()}
                                data-variant={each.key().trim_start_matches("tool-")}
                                onclick={does(Move::Take(*each))}>
                                <Icon of={picture(*each)} />
                                <span>{ name }</span>
                            </button>
                        }
                    }) }
                    if *family == Family::Hand && acts.can_paste() {
                        <button type="button" onclick={paste} data-variant="paste">
                            <Icon of={Picture::Copy} />
                            <span>{ words.say("paste") }</span>
                        </button>
                    }
                </div>
            }
            if !now.colours().is_empty() {
                <div class="inks" role="group" aria-label={words.say("colours")}>
                    { for now.colours().iter().map(|colour| html! {
                        <button type="button" key={colour_name(*colour)}
                            aria-pressed={(kit.colour(now) == *colour).to_string()}
                            aria-label={words.say(&format!("colour-{}", colour_name(*colour)))}
                            onclick={does(Move::Colour(*colour))}>
                            <span class="ink-dot"
                                style={format!("background:{}", now.swatch(*colour))} />
                        </button>
                    }) }
                    if !now.widths().is_empty() { <hr /> }
                    { for now.widths().iter().zip(WIDTHS).enumerate().map(|(index, (width, name))| {
                        let thick = if now == Variant::Free { *width } else { width * 2.5 };
                        html! {
                            <button type="button" key={name}
                                aria-pressed={(kit.width(now) == index).to_string()}
                                aria-label={words.say(name)} onclick={does(Move::Width(index))}>
                                <span class="width" style={format!("height:{thick}px")} />
                            </button>
                        }
                    }) }
                </div>
            }
        </div>
    }
}
