//! Who waits for news of which council.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{CouncilId, DeviceId};
use tokio::sync::watch;

use crate::app::App;
use crate::limits::Limits;

/// The heads of the councils that somebody listens to.
#[derive(Debug)]
pub(crate) struct Pokes {
    sockets: usize,
    sockets_per_device: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    heads: BTreeMap<CouncilId, watch::Sender<u64>>,
    of_device: BTreeMap<DeviceId, usize>,
    sockets: usize,
}

/// Which limit one more socket would pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Crowded {
    Server,
    Device,
}

/// One socket's place; given back when dropped.
pub(crate) struct Listening {
    /// The council's head; it changes when there is something new.
    pub(crate) heads: watch::Receiver<u64>,
    app: App,
    council: CouncilId,
    device: DeviceId,
}

impl Pokes {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            sockets: limits.sockets,
            sockets_per_device: limits.sockets_per_device,
            state: Mutex::default(),
        }
    }

    /// Tells everyone who listens that the council's log has grown.
    pub(crate) fn poke(&self, council: CouncilId, head: u64) {
        if let Some(heads) = self.state().heads.get(&council) {
            // Batches may finish out of order; the head never goes back.
            heads.send_if_modified(|known| {
                let grown = head > *known;
                *known = head.max(*known);
                grown
            });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listening {
    /// Takes a place for a device.
    pub(crate) fn join(app: &App, council: CouncilId, device: DeviceId) -> Result<Self, Crowded> {
        let mut state = app.pokes.state();
        if state.sockets >= app.pokes.sockets {
            return Err(Crowded::Server);
        }
        let of_device = state.of_device.entry(device).or_default();
        if *of_device >= app.pokes.sockets_per_device {
            return Err(Crowded::Device);
        }
        *of_device += 1;
        state.sockets += 1;
        let heads = state.heads.entry(council).or_insert_with(|| watch::Sender::new(0)).subscribe();
        app.metrics.sockets.add(1);
        drop(state);
        Ok(Self { heads, app: app.clone(), council, device })
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut state = self.app.pokes.state();
        state.sockets = state.sockets.saturating_sub(1);
        if let Some(count) = state.of_device.get_mut(&self.device) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                state.of_device.remove(&self.device);
            }
        }
        // This socket's own receiver still counts.
        if state.heads.get(&self.council).is_some_and(|heads| heads.receiver_count() <= 1) {
            state.heads.remove(&self.council);
        }
        self.app.metrics.sockets.add(-1);
    }
}
