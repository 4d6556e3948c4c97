//! An invitation to hand over: the code, the same as a QR code, and a sheet to print.

use domain::Timestamp;
use fast_qr::{ECL, QRBuilder};
use yew::prelude::*;

use crate::app::{toast, use_app};
use crate::components::dialog::Dialog;
use crate::components::icons::{Icon, Picture};
use crate::dom;

/// White modules around the code, as the standard asks.
const QUIET: usize = 4;

#[derive(Properties, PartialEq)]
pub(crate) struct InvitationProps {
    pub(crate) name: String,
    pub(crate) server: String,
    pub(crate) code: String,
    pub(crate) expires: Timestamp,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn Invitation(props: &InvitationProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let InvitationProps { name, server, code, expires, on_close } = props;
    // Pasted or scanned, the first screen of a tablet takes both out of it.
    let message = format!("{server} {code}");
    let picture = use_memo(message.clone(), |message| squares(message));
    let copy = {
        let (app, message) = (app.clone(), message.clone());
        Callback::from(move |_: MouseEvent| {
            dom::copy(&message);
            toast(&app.dispatcher(), app.words.say("copied"));
        })
    };
    let print = Callback::from(|_: MouseEvent| dom::print());
    let until = expires.strftime("%d/%m/%Y").to_string();
    html! {
        <Dialog title={words.say("invitation-title")} class="side" on_close={on_close.clone()}>
            <div class="publish invitation" id="invitation">
                <p>{ words.fill("invitation-for", &[("name", name.as_str().into())]) }</p>
                if let Some((side, path)) = &*picture {
                    <svg class="qr" viewBox={format!("0 0 {side} {side}")} role="img"
                        aria-label={words.say("invitation-qr")} shape-rendering="crispEdges">
                        <rect width="100%" height="100%" fill="#fff" />
                        <path d={path.clone()} fill="#000" />
                    </svg>
                }
                <dl>
                    <dt>{ words.say("enrol-server") }</dt><dd>{ server }</dd>
                    <dt>{ words.say("enrol-code") }</dt><dd class="code" id="invitation-code">{ code }</dd>
                </dl>
                <p class="mute">{ words.fill("invitation-once", &[("date", until.into())]) }</p>
                <p class="no-print">
                    <button type="button" onclick={copy}><Icon of={Picture::Copy} />{ words.say("copy") }</button>
                    { " " }
                    <button type="button" onclick={print}><Icon of={Picture::Print} />{ words.say("print") }</button>
                </p>
            </div>
        </Dialog>
    }
}

/// Side in modules, quiet zone included, and the dark modules as a path.
fn squares(text: &str) -> Option<(usize, String)> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for y in 0..code.size {
        for (x, module) in code[y].iter().enumerate().take(code.size) {
            if module.value() {
                path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
            }
        }
    }
    Some((code.size + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_a_square_with_its_three_corners() {
        let (side, path) = squares("https://pupitre.valbrune.fr AB12-CD34-EF56-GH78").unwrap();
        // Version 4 at level M holds 62 bytes: 33 modules and the quiet zone.
        assert!((29 + 8..=41 + 8).contains(&side), "{side}");
        for (x, y) in [(4, 4), (side - 5, 4), (4, side - 5)] {
            assert!(path.contains(&format!("M{x} {y}h1")), "corner {x} {y}");
        }
        assert!(path.starts_with("M4 4h1"), "nothing stands in the quiet zone");
    }
}
