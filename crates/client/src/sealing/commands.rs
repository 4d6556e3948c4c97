//! What a person asks about sealed notes.

use std::sync::Arc;

use domain::{DeviceId, Group, MemberId, PublicKey};
use ipc::{
    ErrorCode, Language, Problem, Reply, SealingAlarm, SealingCommand, SealingMissing,
    SealingNewcomer, SealingRequest, SealingStanding, SealingView, Secret,
};
use seal::directory::Refused;
use seal::words::{Asking, of_device};
use seal::{DeviceList, Holder, Identity, Letter, ListedDevice, RecoveryCode};
use wire::{Audience, Kind};

use super::reading::{self, State};
use super::{Sealer, failed};
use crate::core::Core;
use crate::exchange;
use crate::ports::{ClosedNote, DeviceSecret, Store, StoreError};

/// Answers a command.
pub(crate) async fn answer(core: &Arc<Core>, asked: SealingCommand) -> Result<Reply, Problem> {
    match asked {
        SealingCommand::State { language } => view(core, language).await,
        SealingCommand::Begin => act(core, Sealer::begin).await,
        SealingCommand::Approve { device } => {
            act(core, move |sealer, store| sealer.approve(store, device)).await
        }
        SealingCommand::Decline { device } => {
            act(core, move |sealer, store| sealer.decline(store, device)).await
        }
        SealingCommand::Welcome { member, group, history } => {
            act(core, move |sealer, store| sealer.welcome(store, member, &group, history)).await
        }
        SealingCommand::Code => code(core).await,
        SealingCommand::Recover { code } => {
            let code = RecoveryCode::read(code.expose())
                .map_err(|_| Problem::from(ErrorCode::RecoveryCodeWrong))?;
            act(core, move |sealer, store| sealer.recover(store, &code)).await
        }
        SealingCommand::BeginAnew => act(core, Sealer::begin_anew).await,
        SealingCommand::Agree { member } => {
            act(core, move |sealer, store| sealer.agree(store, member)).await
        }
    }
}

/// What an act came to.
type Done = Result<Option<ErrorCode>, StoreError>;

/// Acts on the log as it stands now, and sends what comes of it.
async fn act(
    core: &Arc<Core>,
    act: impl FnOnce(&Sealer, &mut dyn Store) -> Done + Send + 'static,
) -> Result<Reply, Problem> {
    exchange::catch_up(core).await?;
    let sealer = Sealer::of(core, core.now().enrolled()?);
    let done = core
        .shelf
        .ask(move |store| {
            let done = act(&sealer, store)?;
            if done.is_none() {
                sealer.send_what_is_due(store)?;
            }
            Ok(done)
        })
        .await?;
    if let Some(code) = done {
        return Err(code.into());
    }
    exchange::catch_up(core).await?;
    view(core, core.now().preferences.language.unwrap_or_default()).await
}

async fn code(core: &Arc<Core>) -> Result<Reply, Problem> {
    exchange::catch_up(core).await?;
    let sealer = Sealer::of(core, core.now().enrolled()?);
    let made = core
        .shelf
        .ask(move |store| {
            let made = sealer.make_code(store)?;
            if made.is_some() {
                sealer.send_what_is_due(store)?;
            }
            Ok(made)
        })
        .await?;
    let Some(made) = made else { return Err(ErrorCode::NotTakenIn.into()) };
    // What is wrapped to it is durable here, and leaves with the next exchange at the latest: a code
    // that stands in the list must not stay unseen.
    exchange::catch_up(core).await.ok();
    Ok(Reply::RecoveryCode(Secret::new(made.text().as_str())))
}

async fn view(core: &Arc<Core>, language: Language) -> Result<Reply, Problem> {
    let sealer = Sealer::of(core, core.now().enrolled()?);
    let view = core.shelf.ask(move |store| sealer.view(store, language)).await?;
    Ok(Reply::Sealing(Box::new(view)))
}

impl Sealer {
    /// What stands, to act on.
    fn state(&self, store: &dyn Store) -> Result<State, StoreError> {
        self.stands(store, &mut self.unwrapped()).map(|(_, state)| state)
    }

    /// This device, as it stands in a list.
    fn itself(&self) -> Result<ListedDevice, StoreError> {
        let signing = self.keys.public_key().map_err(|error| failed(&error))?;
        let holder = Holder::Device { signing: PublicKey::from_bytes(signing) };
        let agreement = self.own_agreement()?.public();
        Ok(ListedDevice { device: self.profile.device, holder, agreement })
    }

    fn begin(&self, store: &mut dyn Store) -> Done {
        let state = self.state(store)?;
        if !state.is_on() {
            self.first_list(store)?;
        }
        Ok(None)
    }

    /// A new identity and its first list: this device.
    fn first_list(&self, store: &mut dyn Store) -> Result<PublicKey, StoreError> {
        let identity = Identity::from_seed(self.random());
        let public = identity.public().map_err(|error| failed(&error))?;
        let (council, member) = (self.profile.council, self.profile.member);
        let list = DeviceList::first(council, member, public, vec![self.itself()?]);
        let bytes = identity.sign(list).map_err(|error| failed(&error))?.to_bytes();
        // Kept before it is said: a list without its identity could never be changed.
        self.keys
            .keep_secret(DeviceSecret::Identity, identity.seed())
            .map_err(|error| failed(&error))?;
        self.send(store, Kind::Directory, Audience::Council, bytes)?;
        Ok(public)
    }

    fn approve(&self, store: &mut dyn Store, device: DeviceId) -> Done {
        let mut state = self.state(store)?;
        let Some(asked) = state.requests.get(&device).copied() else {
            return Ok(Some(ErrorCode::NotFound));
        };
        let list = state.directory.of(self.profile.member);
        let (true, true, Some(list)) = (state.is_taken_in(), state.identity.is_some(), list) else {
            return Ok(Some(ErrorCode::NotTakenIn));
        };
        let holder = Holder::Device { signing: asked.signing };
        let next = list.with(&[ListedDevice { device, holder, agreement: asked.agreement }]);
        self.send_list(store, &mut state, next)?;
        Ok(None)
    }

    fn decline(&self, store: &mut dyn Store, device: DeviceId) -> Done {
        let state = self.state(store)?;
        let Some(asked) = state.requests.get(&device) else {
            return Ok(Some(ErrorCode::NotFound));
        };
        if !state.is_taken_in() {
            return Ok(Some(ErrorCode::NotTakenIn));
        }
        let letter = Letter::Decline { device, agreement: asked.agreement };
        self.send(store, Kind::Keys, Audience::Private, letter.to_bytes())?;
        Ok(None)
    }

    fn welcome(&self, store: &mut dyn Store, member: MemberId, group: &str, history: bool) -> Done {
        let state = self.state(store)?;
        if !state.is_taken_in() {
            return Ok(Some(ErrorCode::NotTakenIn));
        }
        let own = self.own_groups().find(|known| known.name == group);
        let own = own
            .filter(|known| self.members(self.scope(Audience::Group(known.id))).contains(&member));
        let Some(known) = own else { return Ok(Some(ErrorCode::NotFound)) };
        let letter = Letter::Welcome { group: known.id, member, history };
        self.send(store, Kind::Keys, Audience::Group(known.id), letter.to_bytes())?;
        Ok(None)
    }

    fn own_groups(&self) -> impl Iterator<Item = &Group> {
        let me = self.catalogue.member(self.profile.member);
        let groups = me.map(|me| me.groups.as_slice()).unwrap_or_default();
        groups.iter().filter_map(|group| self.catalogue.group(*group))
    }

    fn make_code(&self, store: &mut dyn Store) -> Result<Option<RecoveryCode>, StoreError> {
        let mut state = self.state(store)?;
        let list = state.directory.of(self.profile.member);
        let (true, Some(public), Some(list)) = (state.is_taken_in(), state.own_identity(), list)
        else {
            return Ok(None);
        };
        let [bytes @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = self.random();
        let code = RecoveryCode::from_bytes(bytes);
        let (council, member) = (self.profile.council, self.profile.member);
        let (now, random) = crate::world::id_parts(&*self.world);
        let entry = ListedDevice {
            device: DeviceId::new(now, random),
            holder: Holder::Code { mark: code.mark(council, member, &public) },
            agreement: code.agreement(council, member).public(),
        };
        let mut next = list.with(&[entry]);
        let is_old = |listed: &ListedDevice| {
            matches!(listed.holder, Holder::Code { .. }) && listed.device != entry.device
        };
        next.devices.retain(|listed| !is_old(listed));
        self.send_list(store, &mut state, next)?;
        Ok(Some(code))
    }

    fn recover(&self, store: &mut dyn Store, code: &RecoveryCode) -> Done {
        let mut state = self.state(store)?;
        let (council, member) = (self.profile.council, self.profile.member);
        let Some(list) = state.directory.of(member).cloned() else {
            return Ok(Some(ErrorCode::RecoveryCodeWrong));
        };
        let secret = code.agreement(council, member);
        let mark = code.mark(council, member, &list.identity);
        let entry = list.code().copied().filter(|entry| {
            entry.agreement == secret.public() && entry.holder == Holder::Code { mark }
        });
        let Some(entry) = entry else { return Ok(Some(ErrorCode::RecoveryCodeWrong)) };
        // The wrap is sent with the list: whoever has one without the other asks once more.
        let Some(found) = state.find_identity(council, entry.device, &secret) else {
            return Ok(Some(ErrorCode::RecoveryCodeWrong));
        };
        let wraps = state.wraps_for(store, entry.device)?;
        let mut unwrapped = self.unwrapped();
        for one in &wraps {
            if let Some(key) = reading::open(self, one, &secret) {
                unwrapped.ring.add(one.scope, one.epoch, key);
            }
        }
        drop(unwrapped);
        self.keys
            .keep_secret(DeviceSecret::Identity, found.seed())
            .map_err(|error| failed(&error))?;
        state.identity = Some(found);
        self.send_list(store, &mut state, list.with(&[self.itself()?]))?;
        Ok(None)
    }

    fn begin_anew(&self, store: &mut dyn Store) -> Done {
        let state = self.state(store)?;
        if !state.is_on() || state.is_taken_in() {
            return Ok(Some(ErrorCode::Conflict));
        }
        let public = self.first_list(store)?;
        store.agree(self.profile.member, public)?;
        Ok(None)
    }

    fn agree(&self, store: &mut dyn Store, member: MemberId) -> Done {
        let state = self.state(store)?;
        let other = state.alarms.iter().rev().find_map(|(whose, refused)| match refused {
            Refused::OtherIdentity(key) if *whose == member => Some(*key),
            Refused::OtherIdentity(_) | Refused::Forged | Refused::Early | Refused::Late => None,
        });
        match other {
            // One's own devices are not a matter of belief.
            Some(key) if member != self.profile.member => {
                store.agree(member, key)?;
                Ok(None)
            }
            Some(_) | None => Ok(Some(ErrorCode::NotFound)),
        }
    }

    fn view(&self, store: &dyn Store, language: Language) -> Result<SealingView, StoreError> {
        let mut unwrapped = self.unwrapped();
        let stands = self.stands(store, &mut unwrapped)?;
        let view = self.view_of(store, &stands.1, language);
        unwrapped.state = Some(stands);
        view
    }

    fn view_of(
        &self,
        store: &dyn Store,
        state: &State,
        language: Language,
    ) -> Result<SealingView, StoreError> {
        let standing = match (state.is_on(), state.is_taken_in()) {
            (false, _) => SealingStanding::Off,
            (true, false) => SealingStanding::Waiting,
            (true, true) => SealingStanding::On,
        };
        let language = match language {
            Language::Fr => seal::words::Language::French,
            Language::En => seal::words::Language::English,
        };
        let words = |device: DeviceId, asked: &reading::Asked| {
            let identity = state.directory.identity(self.profile.member)?;
            let asking = Asking {
                council: self.profile.council,
                member: self.profile.member,
                identity: &identity,
                device,
                signing: &asked.signing,
                agreement: &asked.agreement,
            };
            Some(of_device(&asking, language).into_iter().map(str::to_owned).collect())
        };
        let own = self.profile.device;
        let asked = state.requests.get(&own).filter(|_| standing == SealingStanding::Waiting);
        let others = state.requests.iter().filter(|(device, asked)| {
            let declined = state.declined.contains(&(**device, asked.agreement));
            let known = **device == own || declined || state.shut_out.contains(device);
            standing == SealingStanding::On && !known
        });
        let requests = others.filter_map(|(device, asked)| {
            Some(SealingRequest { device: *device, words: words(*device, asked)? })
        });
        let name = |member| self.catalogue.name(member);
        let (mut missing, mut newcomers, mut from_now) = (Vec::new(), Vec::new(), Vec::new());
        for group in self.own_groups() {
            let scope = self.scope(Audience::Group(group.id));
            let all = self.members(scope);
            let lack = all.iter().filter(|who| state.directory.of(**who).is_none());
            let members: Vec<String> = lack.map(|who| name(*who)).collect();
            if !members.is_empty() && state.had(scope, &all).is_none() {
                missing.push(SealingMissing { group: group.name.clone(), members });
            }
            if standing == SealingStanding::On {
                if state.reads_from_now(group.id) {
                    from_now.push(group.name.clone());
                }
                let inside = state.let_into(scope, group.id, &all);
                let outside = all.iter().filter(|member| !inside.contains_key(*member));
                newcomers.extend(outside.map(|member| SealingNewcomer {
                    member: *member,
                    name: name(*member),
                    group: group.name.clone(),
                }));
            }
        }
        let alarms = state.alarms.iter().map(|(member, refused)| SealingAlarm {
            member: *member,
            name: name(*member),
            forged: *refused == Refused::Forged,
        });
        let waits = |note: &ClosedNote| !note.untrue && !state.is_of_before(&note.op.header);
        let waiting = store.closed_notes()?.iter().filter(|note| waits(note)).count();
        let waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
        let devices = state.holders().filter(|(_, holder)| matches!(holder, Holder::Device { .. }));
        let devices = u32::try_from(devices.count()).unwrap_or(u32::MAX);
        let to_lose = standing == SealingStanding::On && devices == 1 && !state.has_code();
        Ok(SealingView {
            standing,
            words: asked.and_then(|asked| words(own, asked)).unwrap_or_default(),
            requests: requests.collect(),
            devices,
            has_code: state.has_code(),
            remind: to_lose && state.has_sealed() && !store.preferences()?.code_later,
            waiting,
            missing,
            newcomers,
            from_now,
            alarms: alarms.collect(),
        })
    }
}
