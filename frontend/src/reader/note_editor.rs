//! The note being written, beside its place. Words are kept by the window at every key, sent when
//! the hand rests, and never lost.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use ink::{AnnotationId, Colour, MarkKind};
use ipc::{Audience, Command, MarkView, NewMark, Reply};
use web_sys::{HtmlTextAreaElement, InputEvent};
use yew::prelude::*;

use super::acts::Acts;
use super::drafts::{self, Draft};
use super::state::{Editing, Move, Subject};
use super::thread::{AnswerForm, Thread};
use super::tools::Variant;
use crate::bridge;
use crate::components::audience::{AudienceChoice, AudienceMark, called, sign, tint, why_not};
use crate::components::icons::{Icon, Picture};
use crate::components::note_row::colour_name;
use crate::dom;

/// How long the hand must rest before words are sent, in milliseconds.
const REST_MS: u32 = 700;

#[derive(Properties, PartialEq)]
pub(crate) struct EditorProps {
    pub(crate) acts: Acts,
    pub(crate) editing: Editing,
    /// The mark, when there is one already.
    pub(crate) view: Option<MarkView>,
    /// What was answered.
    pub(crate) answers: Vec<Rc<MarkView>>,
    /// Whether it stands over its place.
    pub(crate) above: bool,
    /// Whether the words are written where they will stand on the page.
    pub(crate) in_place: bool,
    pub(crate) style: String,
}

/// The words of one note on their way to the app.
struct Writing {
    acts: Acts,
    /// Of the note; none until it has been made.
    id: Cell<Option<AnnotationId>>,
    /// What it will be made of.
    new: Option<NewMark>,
    colour: Cell<Option<Colour>>,
    audience: RefCell<Option<Audience>>,
    text: RefCell<String>,
    /// What the app has.
    safe: RefCell<String>,
    /// Name of the draft.
    name: String,
}

impl Writing {
    fn of(acts: &Acts, editing: &Editing, view: Option<&MarkView>) -> Self {
        let (id, new) = match &editing.subject {
            Subject::New(mark) => (None, Some((**mark).clone())),
            Subject::Mark(id) => (Some(*id), None),
        };
        let text = view.map(|view| view.mark.text.clone()).unwrap_or_default();
        let name = match id {
            Some(id) => format!("note-{id}"),
            None => format!("note-new-{}", dom::now_ms()),
        };
        Self {
            acts: acts.clone(),
            id: Cell::new(id),
            new,
            colour: Cell::new(None),
            audience: RefCell::default(),
            text: RefCell::new(text.clone()),
            safe: RefCell::new(text),
            name,
        }
    }

    /// Keeps the words in the window.
    fn keep(&self) {
        let text = self.text.borrow().clone();
        let draft = match (self.id.get(), &self.new) {
            (Some(annotation), _) => Draft::Words { annotation, text },
            (None, Some(mark)) if !text.trim().is_empty() => {
                Draft::New(Box::new(self.mark(mark, text)))
            }
            (None, Some(_) | None) => return drafts::forget(self.acts.document, &self.name),
        };
        drafts::keep(self.acts.document, &self.name, &draft);
    }

    fn mark(&self, mark: &NewMark, text: String) -> NewMark {
        let colour = self.colour.get().unwrap_or(mark.colour);
        let audience = self.audience.borrow().clone().unwrap_or_else(|| mark.audience.clone());
        NewMark { text, colour, audience, ..mark.clone() }
    }

    /// Sends what the app does not have.
    fn send(self: &Rc<Self>) {
        let writing = Rc::clone(self);
        self.acts.in_turn(async move { writing.sent().await });
    }

    async fn sent(&self) {
        let text = self.text.borrow().clone();
        if text == *self.safe.borrow() {
            return;
        }
        let sent = match (self.id.get(), &self.new) {
            (Some(id), _) => self.acts.change(id, Some(text.clone()), None).await,
            (None, Some(mark)) if !text.trim().is_empty() => self.make(mark, text.clone()).await,
            (None, Some(_) | None) => return,
        };
        match sent {
            Ok(()) => {
                self.safe.replace(text.clone());
                if *self.text.borrow() == text {
                    drafts::forget(self.acts.document, &self.name);
                }
            }
            Err(failure) => self.acts.failed(&failure),
        }
    }

    async fn make(&self, mark: &NewMark, text: String) -> Result<(), bridge::Failure> {
        let mark = self.mark(mark, text);
        self.acts.announce(&mark.audience);
        let reply = bridge::call(Command::Mark(mark)).await?;
        if let Reply::Marked(view) = reply {
            self.id.set(Some(view.mark.id));
            self.acts.desk.dispatch(Move::Confirmed(view));
        } else if let Reply::Marks(views) = reply {
            self.acts.desk.dispatch(Move::Marks(views));
        }
        Ok(())
    }
}

#[component]
pub(crate) fn NoteEditor(props: &EditorProps) -> Html {
    let EditorProps { acts, editing, view, answers, above, in_place, style } = props;
    let words = acts.words();
    let writing = use_memo((), |()| Rc::new(Writing::of(acts, editing, view.as_ref())));
    let writing = Rc::clone(&writing);
    let text = use_state(|| writing.text.borrow().clone());
    let timer = use_mut_ref(|| None::<Timeout>);
    let field = use_node_ref();
    let fixed = acts.earlier.is_some();
    let mine = !fixed && view.as_ref().is_none_or(|view| view.mine);
    {
        let field = field.clone();
        let writing = Rc::clone(&writing);
        use_effect_with((), move |()| {
            if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                drop(field.focus());
            }
            // Closed in whatever way, the words are sent.
            move || writing.send()
        });
    }
    let typed = {
        let (writing, text) = (Rc::clone(&writing), text.clone());
        Callback::from(move |event: InputEvent| {
            let value = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            writing.text.replace(value.clone());
            writing.keep();
            text.set(value);
            let writing = Rc::clone(&writing);
            *timer.borrow_mut() = Some(Timeout::new(REST_MS, move || writing.send()));
        })
    };
    let blurred = {
        let writing = Rc::clone(&writing);
        Callback::from(move |_: FocusEvent| writing.send())
    };
    let close = {
        let acts = acts.clone();
        Callback::from(move |_: MouseEvent| acts.desk.dispatch(Move::Edit(None)))
    };
    let remove = {
        let (acts, writing) = (acts.clone(), Rc::clone(&writing));
        Callback::from(move |_: MouseEvent| {
            let safe = writing.safe.borrow().clone();
            writing.text.replace(safe);
            drafts::forget(acts.document, &writing.name);
            if let Some(id) = writing.id.get() {
                acts.remove(vec![id]);
            }
            acts.desk.dispatch(Move::Edit(None));
        })
    };
    let kind = match (&editing.subject, view) {
        (_, Some(view)) => Some(&view.mark.kind),
        (Subject::New(mark), None) => Some(&mark.kind),
        (Subject::Mark(_), None) => None,
    };
    let quote = kind.map(|kind| kind.words().into_owned());
    let colour = view
        .as_ref()
        .map(|view| view.mark.colour)
        .or(writing.colour.get())
        .or(writing.new.as_ref().map(|mark| mark.colour))
        .unwrap_or_default();
    let variant = kind.map_or(Variant::Note, Variant::of);
    let heading = match kind {
        Some(MarkKind::Text { .. }) => "text-title",
        Some(MarkKind::Ink { .. } | MarkKind::Shape(_)) => "drawing",
        Some(MarkKind::Markup(_) | MarkKind::Stamp(_) | MarkKind::Note { .. }) | None => {
            "note-title"
        }
    };
    let update = use_force_update();
    let paint = |wanted: Colour| {
        let (writing, update) = (Rc::clone(&writing), update.clone());
        move |_: MouseEvent| {
            writing.colour.set(Some(wanted));
            update.force_update();
            let writing = Rc::clone(&writing);
            let acts = writing.acts.clone();
            acts.clone().in_turn(async move {
                if let Some(id) = writing.id.get()
                    && let Err(failure) = acts.change(id, None, Some(wanted)).await
                {
                    acts.failed(&failure);
                }
            });
        }
    };
    let audience = view
        .as_ref()
        .map(|view| view.audience.clone())
        .or_else(|| writing.audience.borrow().clone())
        .or_else(|| writing.new.as_ref().map(|mark| mark.audience.clone()))
        .unwrap_or_default();
    let choosing = use_state(|| false);
    let choose = {
        let choosing = choosing.clone();
        move |_: MouseEvent| choosing.set(!*choosing)
    };
    let chosen = {
        let (writing, choosing) = (Rc::clone(&writing), choosing.clone());
        Callback::from(move |audience: Audience| {
            choosing.set(false);
            match writing.id.get() {
                Some(id) => writing.acts.share(id, audience),
                None => drop(writing.audience.replace(Some(audience))),
            }
        })
    };
    let keep_private = {
        let (acts, id) = (acts.clone(), writing.id.get());
        move |_: MouseEvent| {
            if let Some(id) = id {
                acts.share(id, Audience::Private);
            }
        }
    };
    let not_shared = view.as_ref().and_then(|view| view.not_shared.clone());
    let shared = view.as_ref().filter(|view| !fixed && view.audience != Audience::Private);
    html! {
        <section class={classes!("popover", "editor", above.then_some("above"),
                in_place.then_some("in-place"), format!("edge-{}", colour_name(colour)))}
            style={style.clone()} data-own="" aria-label={words.say(heading)} id="editor">
            <header>
                <h2>{ words.say(heading) }</h2>
                <button class="quiet icon" type="button" onclick={close.clone()}
                    aria-label={words.say("close")}><Icon of={Picture::Close} /></button>
            </header>
            if let Some(quote) = quote.filter(|quote| !quote.is_empty()) { <q>{ quote }</q> }
            if let Some(not_shared) = not_shared {
                <div class="unshared" role="status">
                    <p>{ why_not(&words, &not_shared) }</p>
                    <button type="button" onclick={keep_private} data-act="keep-private">
                        { words.say("keep-private") }</button>
                </div>
            }
            if mine {
                <textarea ref={field} rows="4" aria-label={words.say("note-text")}
                    placeholder={words.say("note-placeholder")} value={(*text).clone()}
                    oninput={typed} onblur={blurred} />
                <div class="colour-row" role="group" aria-label={words.say("colours")}>
                    { for variant.colours().iter().map(|each| html! {
                        <button class="quiet icon" type="button" onclick={paint(*each)}
                            aria-pressed={(*each == colour).to_string()}
                            aria-label={words.say(&format!("colour-{}", colour_name(*each)))}>
                            <span class="ink-dot"
                                style={format!("background:{}", variant.swatch(*each))} />
                        </button>
                    }) }
                </div>
            } else if let Some(view) = view {
                <p class="said">{ &view.mark.text }</p>
            }
            <footer>
                if mine {
                    <button class="quiet seen" type="button" onclick={choose} data-act="audience"
                        aria-expanded={choosing.to_string()}
                        style={tint(&acts.audiences(), &audience)}>
                        <Icon of={sign(&audience)} />{ called(&words, &audience) }
                        <Icon of={Picture::Down} />
                    </button>
                } else if let Some(view) = view {
                    <AudienceMark view={view.clone()} />
                }
                if mine {
                    <button class="quiet" type="button" onclick={remove} data-act="remove">
                        <Icon of={Picture::Trash} />{ words.say("remove") }</button>
                    <button class="primary" type="button" onclick={close} data-act="done">
                        { words.say("done") }</button>
                }
            </footer>
            if mine && *choosing {
                <AudienceChoice chosen={audience} on_choose={chosen} />
            }
            <Thread acts={acts.clone()} answers={answers.clone()} />
            if let Some(view) = shared {
                <AnswerForm acts={acts.clone()} view={view.clone()} />
            }
        </section>
    }
}
