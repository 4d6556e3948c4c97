//! What was drafted becomes operations, sealed or not.

use seal::{EpochKey, Keyring, OpenError};
use wire::{Audience, Header, Kind, NotePayload, Op, Scope};

use super::reading::State;
use super::{Sealer, failed};
use crate::ports::{Drafted, NotedDocument, Store, StoreError};

impl Sealer {
    /// Seals everything that was drafted into operations, one per document; what waits for its keys
    /// stays a draft.
    pub(crate) fn seal_drafts(&self, store: &mut dyn Store, now_ms: i64) -> Result<(), StoreError> {
        let drafted = store.drafts()?;
        if drafted.is_empty() {
            return Ok(());
        }
        let mut unwrapped = self.unwrapped();
        let (at, mut state) = self.stands(store, &mut unwrapped)?;
        for one in drafted {
            match self.way(&state, &unwrapped.ring, one.document.scope) {
                Way::Plain => self.seal_plain(store, one, now_ms)?,
                Way::Waits => {}
                Way::Sealed => {
                    self.seal_one(store, &mut state, &mut unwrapped.ring, one, now_ms)?;
                }
            }
        }
        unwrapped.state = Some((at, state));
        Ok(())
    }

    /// How what is written in a scope leaves this device.
    fn way(&self, state: &State, ring: &Keyring, scope: Scope) -> Way {
        let sealable = matches!(scope.audience, Audience::Private | Audience::Group(_));
        if !sealable || !state.is_on() {
            return Way::Plain;
        }
        let begun =
            ring.newest(scope).is_some() || state.posted.epochs.iter().any(|p| p.0 == scope);
        let missing = self.members(scope).into_iter().any(|who| state.directory.of(who).is_none());
        if missing && !begun {
            Way::Plain
        } else if state.is_taken_in() {
            Way::Sealed
        } else {
            Way::Waits
        }
    }

    fn seal_plain(
        &self,
        store: &mut dyn Store,
        one: Drafted,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let NotedDocument { key, scope, .. } = one.document;
        let header = self.header(store, Kind::Note, scope, key, 0, now_ms)?;
        let note = NotePayload { pdf: one.document.pdf, changes: one.changes };
        let payload = note.close(&header);
        let op = crate::exchange::seal(&*self.keys, header, payload)?;
        store.seal(&op, &one.drafts)
    }

    fn seal_one(
        &self,
        store: &mut dyn Store,
        state: &mut State,
        ring: &mut Keyring,
        one: Drafted,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let NotedDocument { key: document, scope, .. } = one.document;
        let era = one.document.era(self.profile.council);
        if self.must_renew(state, ring, scope, era) {
            self.begin_epoch(store, state, ring, scope, era)?;
        }
        let Some((epoch, key)) = ring.newest_in(scope, era) else { return Ok(()) };
        let header = self.header(store, Kind::Note, scope, document, epoch, now_ms)?;
        let note = NotePayload { pdf: one.document.pdf, changes: one.changes };
        let plain = wire::encode(&note).map_err(|error| failed(&error))?;
        let payload = key.seal(&header, &plain, self.nonce());
        let op = crate::exchange::seal(&*self.keys, header, payload)?;
        store.seal_closed(&op, &note, &one.drafts)
    }

    /// Seals what waits for an answer anew, in its order, under the numbers from `first` on. What travels
    /// sealed stays in its epoch.
    pub(crate) fn seal_anew(
        &self,
        store: &dyn Store,
        first: u64,
        waiting: Vec<Op>,
    ) -> Result<Vec<Op>, StoreError> {
        let mut unwrapped = self.unwrapped();
        // Unwraps what stands in the letters; the rest of what they say is of no use here.
        let stands = self.stands(store, &mut unwrapped)?;
        unwrapped.state = Some(stands);
        let anew = (first..).zip(waiting).map(|(device_seq, op)| {
            let header = Header { device_seq, ..op.header };
            let payload = match header.kind {
                // Closed for its header, so opened and closed again.
                Kind::Note if header.epoch == 0 => {
                    let note = NotePayload::open(&op).map_err(|error| failed(&error))?;
                    note.close(&header).map_err(|error| failed(&error))
                }
                Kind::Note => {
                    let keys = unwrapped.ring.of(header.scope, header.epoch);
                    let opened = keys
                        .iter()
                        .find_map(|key| Some((key, key.open(&op.header, &op.payload).ok()?)));
                    let (key, plain) = opened.ok_or_else(|| failed(&OpenError::NoKey))?;
                    key.seal(&header, &plain, self.nonce()).map_err(|error| failed(&error))
                }
                Kind::Record | Kind::Receipt | Kind::Directory | Kind::Keys => Ok(op.payload),
            };
            crate::exchange::seal(&*self.keys, header, payload)
        });
        anew.collect()
    }

    fn must_renew(&self, state: &State, ring: &Keyring, scope: Scope, era: u16) -> bool {
        // An epoch that only a device which is listed no more has vouched for is nobody's to seal
        // under.
        let vouched = |(epoch, _): (u32, &EpochKey)| state.vouched.contains(&(scope, epoch));
        !ring.newest_in(scope, era).is_some_and(vouched)
            || self.known(state, ring).must_renew(scope, era, self.reading(state))
    }

    /// Begins the next epoch of an era of an own scope. Its key is wrapped to every reader in an operation that
    /// comes before everything that is sealed under it.
    fn begin_epoch(
        &self,
        store: &mut dyn Store,
        state: &mut State,
        ring: &mut Keyring,
        scope: Scope,
        era: u16,
    ) -> Result<(), StoreError> {
        let last = ring.newest_in(scope, era).map_or(wire::before_era(era), |(epoch, _)| epoch);
        // An era never runs over into the next: its last epoch would get one more key.
        let epoch = if wire::era(last + 1) == era { last + 1 } else { last };
        ring.add(scope, epoch, EpochKey::from_bytes(self.random()));
        state.vouched.insert((scope, epoch));
        self.send_due(store, state, ring)
    }
}

/// How something leaves this device.
enum Way {
    /// As it was before: its audience is everybody, or has not turned sealing on.
    Plain,
    /// Not yet: this device has not been taken in.
    Waits,
    /// Sealed.
    Sealed,
}
