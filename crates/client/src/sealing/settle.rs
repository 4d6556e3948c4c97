//! After an exchange: what must be sent so that everybody who may read can, and what opens now.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::DeviceId;
use ipc::Problem;
use seal::{Keyring, Letter, OpenError};
use wire::{Audience, DocKey, Kind, NotePayload};

use super::reading::State;
use super::{Sealer, failed};
use crate::catalogue::Catalogue;
use crate::core::Core;
use crate::ports::{ClosedNote, DeviceSecret, Opened, Store, StoreError};

/// Sends what is due and lets in what opens. `whole` says that the log was read to its end: before that
/// nobody knows what it lacks. Says how much waits to be sent when that is more than before.
pub(crate) async fn settle(core: &Arc<Core>, whole: bool) -> Result<Option<u32>, Problem> {
    let profile = Arc::clone(core.now().enrolled()?);
    let sealer = Sealer::of(core, &profile);
    let gate = core.notes_gate.lock().await;
    let (waiting, eras) = core
        .shelf
        .ask_patiently(move |store| {
            let before = store.pending()?;
            if whole {
                sealer.send_what_is_due(store)?;
            }
            sealer.let_in(store)?;
            let waiting = Some(store.pending()?).filter(|pending| *pending > before);
            Ok((waiting, store.eras()?))
        })
        .await?;
    drop(gate);
    // What is written from now on goes into the documents of its era.
    if eras != *core.now().eras {
        core.reload().await?;
    }
    Ok(waiting)
}

impl Sealer {
    pub(super) fn send_what_is_due(&self, store: &mut dyn Store) -> Result<(), StoreError> {
        let mut unwrapped = self.unwrapped();
        let now = store.sealed_tally()?.keys;
        let same =
            |(at, whose): &(u64, Arc<Catalogue>)| *at == now && Arc::ptr_eq(whose, &self.catalogue);
        if unwrapped.sent.as_ref().is_some_and(same) {
            return Ok(());
        }
        let (at, mut state) = self.stands(store, &mut unwrapped)?;
        if state.is_on() {
            self.send_what_lacks(store, &mut state, &unwrapped.ring)?;
            let eras = self.eras(&state);
            if eras != store.eras()? {
                store.save_eras(&eras)?;
            }
        }
        unwrapped.state = Some((at, state));
        unwrapped.sent = Some((now, Arc::clone(&self.catalogue)));
        Ok(())
    }

    fn send_what_lacks(
        &self,
        store: &mut dyn Store,
        state: &mut State,
        ring: &Keyring,
    ) -> Result<(), StoreError> {
        for list in std::mem::take(&mut state.lost_lists) {
            self.send(store, Kind::Directory, Audience::Council, list)?;
        }
        if !state.is_taken_in() {
            return self.ask_to_be_taken_in(store, state);
        }
        self.find_identity(state)?;
        self.drop_shut_out(store, state)?;
        self.hand_identity_on(store, state)?;
        self.send_due(store, state, ring)
    }

    /// Asks, once.
    fn ask_to_be_taken_in(&self, store: &mut dyn Store, state: &State) -> Result<(), StoreError> {
        let agreement = self.own_agreement()?.public();
        let signing = self.keys.public_key().map_err(|error| failed(&error))?;
        let signing = domain::PublicKey::from_bytes(signing);
        let asked = state.requests.get(&self.profile.device);
        if asked.is_some_and(|asked| (asked.signing, asked.agreement) == (signing, agreement)) {
            return Ok(());
        }
        let letter = Letter::Request { signing, agreement };
        self.send(store, Kind::Keys, Audience::Private, letter.to_bytes())
    }

    /// The X25519 secret of this device, which is made when there is none.
    pub(super) fn own_agreement(&self) -> Result<seal::AgreementSecret, StoreError> {
        if let Some(secret) = self.agreement()? {
            return Ok(secret);
        }
        let made = self.random();
        self.keys.keep_secret(DeviceSecret::Agreement, &made).map_err(|error| failed(&error))?;
        Ok(seal::AgreementSecret::from_bytes(made))
    }

    /// A device that was taken in holds the identity too, so that it can take in others.
    fn find_identity(&self, state: &mut State) -> Result<(), StoreError> {
        let (Some(with), None) = (&state.agreement, &state.identity) else { return Ok(()) };
        let found = state.find_identity(self.profile.council, self.profile.device, with);
        if let Some(found) = found {
            self.keys
                .keep_secret(DeviceSecret::Identity, found.seed())
                .map_err(|error| failed(&error))?;
            state.identity = Some(found);
        }
        Ok(())
    }

    /// Devices that the office has shut out leave the list.
    fn drop_shut_out(&self, store: &mut dyn Store, state: &mut State) -> Result<(), StoreError> {
        let gone: BTreeSet<DeviceId> = state
            .holders()
            .map(|(device, _)| device)
            .filter(|device| state.shut_out.contains(device))
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        let next = state.directory.of(self.profile.member).map(|list| list.without(&gone));
        match next {
            Some(next) => self.send_list(store, state, next),
            None => Ok(()),
        }
    }

    /// Sends the next list of the member's devices, and takes it here.
    pub(super) fn send_list(
        &self,
        store: &mut dyn Store,
        state: &mut State,
        next: seal::DeviceList,
    ) -> Result<(), StoreError> {
        let Some(identity) = &state.identity else { return Ok(()) };
        let bytes = identity.sign(next).map_err(|error| failed(&error))?.to_bytes();
        state.directory.take(self.profile.member, &bytes).map_err(|error| failed(&error))?;
        self.send(store, Kind::Directory, Audience::Council, bytes)
    }

    fn hand_identity_on(&self, store: &mut dyn Store, state: &mut State) -> Result<(), StoreError> {
        let (Some(identity), Some(public)) = (&state.identity, state.own_identity()) else {
            return Ok(());
        };
        let due = self.known(state, &Keyring::default()).identity_due(public);
        let (council, member) = (self.profile.council, self.profile.member);
        let wraps: Vec<_> = due
            .iter()
            .filter_map(|listed| {
                seal::plan::identity_wrap(council, member, identity, listed, self.random()).ok()
            })
            .collect();
        if wraps.is_empty() {
            return Ok(());
        }
        state.posted.identities.extend(wraps.iter().map(|wrap| (public, wrap.device)));
        let letter = Letter::Identity { identity: public, wraps };
        self.send(store, Kind::Keys, Audience::Private, letter.to_bytes())
    }

    /// Opens what can be opened. A note is let in only when none of its document waits before it: each
    /// piece comes after those it was made on.
    fn let_in(&self, store: &mut dyn Store) -> Result<(), StoreError> {
        let now = store.sealed_tally()?;
        if self.unwrapped().let_in == Some(now) {
            return Ok(());
        }
        let closed = store.closed_notes()?;
        if !closed.is_empty() {
            let mut unwrapped = self.unwrapped();
            let stands = self.stands(store, &mut unwrapped)?;
            Self::let_in_of(store, &unwrapped.ring, closed)?;
            unwrapped.state = Some(stands);
        }
        self.unwrapped().let_in = Some(now);
        Ok(())
    }

    fn let_in_of(
        store: &mut dyn Store,
        ring: &Keyring,
        closed: Vec<ClosedNote>,
    ) -> Result<(), StoreError> {
        let mut waits: BTreeSet<DocKey> = BTreeSet::new();
        let mut results = Vec::new();
        for note in closed {
            let document = note.op.header.document;
            if waits.contains(&document) {
                continue;
            }
            let read = ring.open(&note.op).map(|plain| NotePayload::read(&note.op.header, &plain));
            match read {
                Err(OpenError::NoKey) => {
                    waits.insert(document);
                }
                Ok(Ok(read)) => results.push((note.op.hash(), Opened::Note(read))),
                Ok(Err(_)) | Err(OpenError::Untrue) if !note.untrue => {
                    tracing::warn!("a sealed note does not open and is kept aside");
                    results.push((note.op.hash(), Opened::Untrue));
                }
                Ok(Err(_)) | Err(OpenError::Untrue) => {}
            }
        }
        store.let_in(&results)
    }
}
