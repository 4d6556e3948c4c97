//! What the window itself says of a pen, where the web view takes it for a mouse.

use std::cell::Cell;

use ipc::NativePen;

use crate::dom;

/// For how long what was said holds, in milliseconds: a pen that is near says something every few.
const HOLDS_MS: u64 = 250;

thread_local! {
    static LAST: Cell<Option<(u64, NativePen)>> = const { Cell::new(None) };
}

/// The window says this of the pen.
pub(crate) fn heard(pen: NativePen) {
    LAST.set(Some((dom::now_ms(), pen)));
}

/// The pen that is at the glass now; none when there is none or the page sees it itself.
pub(super) fn now() -> Option<NativePen> {
    LAST.get().filter(|(when, _)| dom::now_ms() - when <= HOLDS_MS).map(|(_, pen)| pen)
}
