//! A device that is shut out and shall be emptied.

use minicbor::bytes::ByteArray;
use wire::{Ack, Farewell, Op, ProblemCode, WipeOrder};

use crate::app::App;
use crate::log::{Device, Examined};
use crate::refusal::Refusal;

/// The permission of a device that is shut out under an order: to hear the order, to bring the private
/// notes that it has not sent yet, and to say that it is empty. It reads nothing.
pub(crate) struct Leaver {
    app: App,
    device: Device,
    order: WipeOrder,
}

impl Leaver {
    pub(super) const fn new(app: App, device: Device, order: WipeOrder) -> Self {
        Self { app, device, order }
    }

    /// Writes what it has not sent yet, and tells those who listen.
    pub(crate) async fn push(&self, outbox: Vec<Op>) -> Result<Vec<Ack>, Refusal> {
        if outbox.is_empty() {
            return Ok(Vec::new());
        }
        let (device, id) = (self.device.clone(), self.device.id);
        let examined: Vec<Examined> = tokio::task::spawn_blocking(move || {
            outbox.into_iter().map(|op| Examined::examine(op, &device)).collect()
        })
        .await
        .map_err(|_| Refusal::new(ProblemCode::Unavailable, "The server is closing."))?;
        let app = &self.app;
        let appended = app.vault.log.append_last(id, examined, app.now_ms()).await?;
        if appended.added > 0 {
            app.pokes.poke(self.device.council, appended.head);
        }
        Ok(appended.acks)
    }

    /// Notes that it is empty.
    pub(crate) async fn emptied(&self) -> Result<(), Refusal> {
        Ok(self.app.vault.log.emptied(self.device.id, self.app.now_ms()).await?)
    }

    /// What it is told.
    pub(crate) async fn answer(self, acks: Vec<Ack>) -> Farewell {
        let vouched = self.app.office.vouch(self.device.council, &self.order).await;
        Farewell { order: self.order, vouched: vouched.map(ByteArray::from), acks }
    }
}
