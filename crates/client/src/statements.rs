//! What somebody states in the log about a convocation or a message, signed with this tablet's key.

use std::sync::Arc;

use domain::{Statement, Timestamp};
use ipc::Problem;
use wire::{Audience, DocKey, Header, Kind, Op, Scope};

use crate::core::Core;
use crate::exchange::seal;
use crate::ports::{Keys, Profile, Store, StoreError, StoreErrorKind};
use crate::world::moment;

/// Who signs, and when.
pub(crate) struct Hand {
    keys: Arc<dyn Keys>,
    pub(crate) profile: Arc<Profile>,
    now_ms: i64,
}

impl Hand {
    /// The member of this tablet, now.
    pub(crate) fn of(core: &Core) -> Result<Self, Problem> {
        let profile = Arc::clone(core.now().enrolled()?);
        Ok(Self { keys: Arc::clone(&core.keys), profile, now_ms: core.world.now_ms() })
    }

    pub(crate) fn now(&self) -> Timestamp {
        moment(self.now_ms)
    }

    /// A statement as the log takes it.
    pub(crate) fn sealed(&self, statement: &Statement, device_seq: u64) -> Result<Op, StoreError> {
        let Profile { council, member, device, .. } = *self.profile;
        let audience = Audience::Person(statement.reader());
        let header = Header {
            council,
            scope: Scope { owner: member, audience },
            document: DocKey::of_statement(statement),
            device,
            device_seq,
            kind: Kind::Receipt,
            epoch: 0,
            made_ms: self.now_ms,
        };
        let payload = statement.to_json().map_err(|error| StoreError {
            kind: StoreErrorKind::Failed,
            doing: "writing a statement",
            detail: error.to_string(),
        })?;
        seal::<wire::Malformed>(&*self.keys, header, Ok(payload))
    }
}

/// Signs in one job on the store's thread and puts it into the outbox; durable when answered. `one` signs
/// for one word, or says that there was nothing to sign; the answer is how many there were.
pub(crate) async fn sign<W: Send + 'static>(
    core: &Arc<Core>,
    words: Vec<W>,
    mut one: impl FnMut(&mut dyn Store, &Hand, W) -> Result<bool, StoreError> + Send + 'static,
) -> Result<u32, Problem> {
    if words.is_empty() {
        return Ok(0);
    }
    let hand = Hand::of(core)?;
    let signed = core
        .shelf
        .ask(move |store| {
            let mut signed = 0;
            for word in words {
                signed += u32::from(one(store, &hand, word)?);
            }
            Ok(signed)
        })
        .await?;
    if signed > 0 {
        core.reload().await?;
        core.edited.notify_one();
    }
    Ok(signed)
}
