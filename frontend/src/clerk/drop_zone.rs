//! PDFs dropped anywhere on the sitting, or chosen from the machine: laid down in pieces, one file
//! after the other, so that memory stays flat however large the pile is.

use std::cell::Cell;
use std::rc::Rc;

use domain::SittingId;
use ipc::{ClerkCommand, ClerkReply, Command, DeskFile, Reply};
use js_sys::Uint8Array;
use uuid::Uuid;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, File, FileList, HtmlInputElement};
use yew::prelude::*;

use super::editor::Desk;
use super::import_state::{Import, Step};
use crate::app::{toast, use_app};
use crate::bridge::{self, Failure};
use crate::components::file_choice::FileChoice;
use crate::components::icons::{Icon, Picture};

/// Bytes sent at once.
const PIECE: f64 = 2_000_000.0;

/// A reducer around [`Import`].
#[derive(Default, PartialEq, Clone)]
struct Progress(Import);

impl Reducible for Progress {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut import = self.0.clone();
        import.step(step);
        Rc::new(Self(import))
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct DropProps {
    pub(crate) desk: Desk,
    pub(crate) children: Html,
}

#[component]
pub(crate) fn DropZone(props: &DropProps) -> Html {
    let app = use_app();
    let words = &app.words;
    let progress = use_reducer(Progress::default);
    let over = use_state(|| false);
    let stop = use_mut_ref(|| Rc::new(Cell::new(false)));
    let import = {
        let (desk, app) = (props.desk.clone(), app.clone());
        let (progress, stop) = (progress.dispatcher(), stop.clone());
        Callback::from(move |files: Vec<File>| {
            let files: Vec<File> = files.into_iter().filter(|file| file.size() >= 0.0).collect();
            if files.is_empty() {
                return;
            }
            let stopped = Rc::new(Cell::new(false));
            *stop.borrow_mut() = Rc::clone(&stopped);
            let total = files.iter().map(|file| file.size() as u64).sum();
            let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
            progress.dispatch(Step::Begin { files: count, total });
            let (desk, words, app) = (desk.clone(), app.words.clone(), app.dispatcher());
            let progress = progress.clone();
            spawn_local(async move {
                for file in files {
                    if stopped.get() {
                        break;
                    }
                    progress.dispatch(Step::File(file.name()));
                    let told = progress.clone();
                    let laid = move |bytes| told.dispatch(Step::Laid(bytes));
                    match bring(desk.id(), &file, &stopped, laid).await {
                        Ok(Some(done)) => progress.dispatch(Step::Done(Box::new(done))),
                        Ok(None) => break,
                        Err(failure) => {
                            // The machine's own difficulty would meet every file after this one.
                            toast(&app, words.failure(&failure));
                            break;
                        }
                    }
                }
                progress.dispatch(Step::Stop);
                desk.ask.emit(ClerkCommand::Open(desk.id()));
            });
        })
    };
    let dragged = {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            if has_files(&event) {
                event.prevent_default();
                over.set(true);
            }
        })
    };
    let left = {
        let over = over.clone();
        Callback::from(move |_: DragEvent| over.set(false))
    };
    let dropped = {
        let (over, import) = (over.clone(), import.clone());
        Callback::from(move |event: DragEvent| {
            if has_files(&event) {
                event.prevent_default();
                over.set(false);
                let files = event.data_transfer().and_then(|data| data.files());
                import.emit(listed(files));
            }
        })
    };
    let chosen = {
        let import = import.clone();
        Callback::from(move |event: Event| {
            let field: HtmlInputElement = event.target_unchecked_into();
            import.emit(listed(field.files()));
            // The same files can be chosen again.
            field.set_value("");
        })
    };
    let cancel = Callback::from(move |_: MouseEvent| stop.borrow().set(true));
    let state = &progress.0;
    let busy = state.files > 0 && !state.is_over();
    let places = [
        ("n", (state.done + 1).min(state.files).into()),
        ("all", state.files.into()),
        ("name", state.name.as_str().into()),
    ];
    let bytes =
        [("here", words.bytes(state.laid).into()), ("all", words.bytes(state.total).into())];
    html! {
        <div class={classes!("drop-zone", over.then_some("over"))} id="drop-zone"
            ondragover={dragged.clone()} ondragenter={dragged} ondragleave={left} ondrop={dropped}>
            <section class="card drop" aria-label={words.say("drop")}>
                <Icon of={Picture::Drop} />
                <div><strong>{ words.say("drop-title") }</strong>
                    if props.desk.view.sitting.packet().next().is_none() {
                        <p class="mute">{ words.say("drop-lead") }</p>
                    }
                </div>
                <FileChoice id="files" label={words.say("drop-choose")} multiple=true
                    accept="application/pdf,.pdf" onchange={chosen} disabled={busy} />
                if busy {
                    <div class="drop-progress" role="status">
                        <p>{ words.fill("import-progress", &places) }</p>
                        <progress max={state.total.max(1).to_string()} value={state.laid.to_string()}
                            aria-label={words.say("drop")} />
                        <div class="drop-bytes"><span class="mute">
                            { words.fill("bytes-of", &bytes) }</span>
                            <button type="button" onclick={cancel}>{ words.say("import-stop") }</button>
                        </div>
                    </div>
                } else if state.done > 0 {
                    <p class="drop-progress mute" role="status" id="import-done">
                        { words.count("import-done", state.done.saturating_sub(
                            u32::try_from(state.refused.len()).unwrap_or(0))) }
                        if !state.refused.is_empty() {
                            { " " }{ words.fill("files-refused",
                                &[("names", state.refused.join(", ").into())]) }
                        }
                    </p>
                }
            </section>
            { props.children.clone() }
        </div>
    }
}

fn has_files(event: &DragEvent) -> bool {
    let types = event.data_transfer().map(|data| data.types());
    types.is_some_and(|types| types.includes(&"Files".into(), 0))
}

fn listed(files: Option<FileList>) -> Vec<File> {
    let Some(files) = files else { return Vec::new() };
    (0..files.length()).filter_map(|at| files.item(at)).collect()
}

/// Lays one file down and has it read; none when the person stopped it.
async fn bring(
    sitting: SittingId,
    file: &File,
    stopped: &Cell<bool>,
    laid: impl Fn(u64),
) -> Result<Option<DeskFile>, Failure> {
    let id = identifier();
    if !lay(id, file, stopped, laid).await? {
        return Ok(None);
    }
    let name = file.name();
    let command = ClerkCommand::Import { sitting, file: id, name, target: None };
    let Reply::Clerk(ClerkReply::File(done)) = bridge::call(Command::Clerk(command)).await? else {
        return Err(ipc::ErrorCode::Internal.into());
    };
    Ok(Some(*done))
}

/// Lays one file down in pieces; false when the person stopped it.
pub(crate) async fn lay(
    id: Uuid,
    file: &File,
    stopped: &Cell<bool>,
    laid: impl Fn(u64),
) -> Result<bool, Failure> {
    let size = file.size();
    let mut from = 0.0;
    loop {
        if stopped.get() {
            return Ok(false);
        }
        let to = (from + PIECE).min(size);
        let piece = file.slice_with_f64_and_f64(from, to).map_err(|_| unreadable(file))?;
        let bytes = JsFuture::from(piece.array_buffer()).await.map_err(|_| unreadable(file))?;
        bridge::lay(id, from as u64, Uint8Array::new(&bytes)).await?;
        laid((to - from) as u64);
        from = to;
        if from >= size {
            return Ok(true);
        }
    }
}

fn unreadable(file: &File) -> Failure {
    Failure::Problem(ipc::Problem::about(ipc::ErrorCode::FileUnreadable, file.name()))
}

/// Identifier of a file on this desk; it never leaves the machine.
pub(crate) fn identifier() -> Uuid {
    let random = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    let (high, low) = (u64::from(random()) << 32, u64::from(random()));
    let (third, fourth) = (u64::from(random()) << 32, u64::from(random()));
    uuid::Builder::from_random_bytes(
        (u128::from(high | low) << 64 | u128::from(third | fourth)).to_be_bytes(),
    )
    .into_uuid()
}
