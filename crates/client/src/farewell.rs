//! A device that was shut out and is to be emptied: whether to believe the order, and what is sent before.
//!
//! Nothing unsent goes without a word. What was written and not sent yet is sent first, as private notes;
//! only then the keys are destroyed, and what could not be sent is counted and told.

use std::sync::Arc;

use domain::{DeviceCard, DeviceId, MemberId, PublicKey, Role};
use ipc::Problem;
use wire::{Farewell, FarewellRequest, ProblemCode, WipeOrder};

use crate::core::Core;
use crate::exchange;
use crate::picture::Picture;
use crate::ports::{Emptied, EvidenceOf, Profile};
use crate::proof::write::office;
use crate::remote::{LastWord, Remote, RemoteError};
use crate::rescue;

/// Most exchanges before what is left stays unsent: a batch of the outbox, then what became private.
const ROUNDS: u32 = 1_000;

/// The order was heard and everything that can be sent is sent: the tablet is to be emptied.
pub struct Dismissal {
    notice: Emptied,
    last: Option<LastWord>,
}

impl std::fmt::Debug for Dismissal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dismissal").field("notice", &self.notice).finish_non_exhaustive()
    }
}

impl Dismissal {
    /// What the person is told afterwards.
    #[must_use]
    pub const fn notice(&self) -> &Emptied {
        &self.notice
    }

    /// Tells the server that the keys are destroyed; it was signed while there was one. Whether the server
    /// hears it changes nothing here.
    pub async fn confirm(&self) {
        if let Some(last) = &self.last
            && let Err(error) = last.say().await
        {
            tracing::warn!(%error, "the server does not know yet that this tablet is empty");
        }
    }
}

/// Who may order a device to be emptied, as this tablet knows them.
pub(crate) struct Authority<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) cards: &'a [DeviceCard],
    /// Whether a member is a clerk of the council.
    pub(crate) is_clerk: &'a dyn Fn(MemberId) -> bool,
    /// The key of the council's office.
    pub(crate) office: Option<PublicKey>,
}

impl Authority<'_> {
    /// Whether an order is for this device of this council, and signed by one of its clerks or by a device
    /// of its own member; or, when this tablet does not know who gave it, vouched for by the office.
    pub(crate) fn believes(&self, order: &WipeOrder, vouched: Option<&[u8; 64]>) -> bool {
        if (order.council, order.device) != (self.profile.council, self.profile.device) {
            return false;
        }
        let by = |id: DeviceId| self.cards.iter().find(|card| card.id == id);
        if let Some(card) = by(order.by)
            && card.revoked.is_none()
            && (card.member == self.profile.member || (self.is_clerk)(card.member))
        {
            return order.is_signed_by(card.signing_key.as_bytes(), &order.signature);
        }
        match (self.office, vouched) {
            (Some(key), Some(signature)) => order.is_signed_by(key.as_bytes(), signature),
            (None, _) | (_, None) => false,
        }
    }
}

/// Asks a server that no longer takes this device whether it is to be emptied; sends what can be sent when
/// it is.
///
/// # Errors
/// The way to the server, or the store: nothing is emptied, and it is asked again at the next contact.
pub(crate) async fn hear(
    core: &Arc<Core>,
    remote: &Remote,
) -> Result<Option<Dismissal>, RemoteError> {
    let ask = |outbox, emptied| farewell(outbox, emptied);
    let answer = match remote.farewell(ask(Vec::new(), false)).await {
        Ok(answer) => answer,
        Err(RemoteError::Refused(refusal)) if refusal.code == ProblemCode::NotFound => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    if !believed(core, &answer).await.map_err(RemoteError::Here)? {
        tracing::warn!("an order to empty this tablet is not signed by anybody who may give it");
        return Ok(None);
    }
    for _ in 0..ROUNDS {
        let request = exchange::next_request(core).await.map_err(RemoteError::Here)?;
        if request.outbox.is_empty() {
            break;
        }
        let acks = remote.farewell(ask(request.outbox, false)).await?.acks;
        if acks.is_empty() {
            break;
        }
        let now_ms = core.world.now_ms();
        let kept = core.shelf.ask_patiently(move |store| store.acknowledge(&acks, now_ms)).await;
        kept.map_err(RemoteError::Here)?;
        // What was for others is private from here on, and goes with the next round.
        rescue::refused(core).await.map_err(RemoteError::Here)?;
    }
    let pending = core.shelf.ask_patiently(|store| store.pending()).await;
    let unsent = pending.map_err(RemoteError::Here)?;
    let picture = core.now();
    let by = picture.catalogue.devices.iter().find(|card| card.id == answer.order.by);
    let own = by.is_some_and(|card| Some(card.member) == picture.member());
    let notice = Emptied { ordered_ms: answer.order.ordered_ms, own, unsent };
    // Signed now: afterwards there is no key. Without it the server is not told, and nothing else changes.
    let last = remote.last_word(farewell(Vec::new(), true)).await.ok();
    Ok(Some(Dismissal { notice, last }))
}

fn farewell(
    outbox: Vec<wire::Op>,
    emptied: bool,
) -> impl Fn(wire::SessionRequest) -> FarewellRequest {
    move |answered| FarewellRequest {
        protocol: wire::PROTOCOL,
        answered,
        outbox: outbox.clone(),
        emptied,
    }
}

async fn believed(core: &Core, answer: &Farewell) -> Result<bool, Problem> {
    let cards = core.shelf.ask_patiently(|store| store.evidence(EvidenceOf::Devices)).await?;
    let picture = core.now();
    let authority = Authority {
        profile: picture.enrolled()?,
        cards: &picture.catalogue.devices,
        is_clerk: &|member| is_clerk(&picture, member),
        office: office(&cards),
    };
    Ok(authority.believes(&answer.order, answer.vouched.as_deref()))
}

fn is_clerk(picture: &Picture, member: MemberId) -> bool {
    let known = picture.catalogue.members.iter().find(|known| known.id == member);
    known.is_some_and(|known| known.role == Role::Clerk && known.left.is_none())
}

#[cfg(test)]
mod tests {
    use domain::{CouncilId, Timestamp};
    use ring::signature::{Ed25519KeyPair, KeyPair as _};

    use super::*;

    const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
    const MINE: DeviceId = DeviceId::from_bytes([2; 16]);

    fn pair(seed: u8) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
    }

    fn key(seed: u8) -> PublicKey {
        PublicKey::from_bytes(pair(seed).public_key().as_ref().try_into().unwrap())
    }

    fn sign(seed: u8, text: &[u8]) -> [u8; 64] {
        pair(seed).sign(text).as_ref().try_into().unwrap()
    }

    /// A card of the n-th device, of a member of the same number, that signs with the key of this seed.
    fn card(n: u8) -> DeviceCard {
        DeviceCard {
            id: DeviceId::from_bytes([n; 16]),
            member: MemberId::from_bytes([n; 16]),
            signing_key: key(n),
            agreement_key: None,
            enrolled: Timestamp::UNIX_EPOCH,
            revoked: None,
        }
    }

    fn order(by: u8) -> WipeOrder {
        let id = DeviceId::from_bytes([by; 16]);
        WipeOrder::signed(COUNCIL, MINE, id, 5, |text| sign(by, text))
    }

    #[test]
    fn an_order_is_believed_from_a_clerk_from_the_member_and_from_the_office() {
        let profile = Profile {
            server: String::new(),
            authority: None,
            council: COUNCIL,
            council_name: String::new(),
            member: MemberId::from_bytes([2; 16]),
            role: Role::Official,
            device: MINE,
            device_name: String::new(),
        };
        // 3 is the member's other device, 4 a clerk's, 5 another official's, 6 a clerk's that is shut out.
        let mut own = card(3);
        own.member = profile.member;
        let mut shut_out = card(6);
        shut_out.revoked = Some(Timestamp::UNIX_EPOCH);
        let cards = [own, card(4), card(5), shut_out];
        let clerks = [4, 6].map(|n| MemberId::from_bytes([n; 16]));
        let authority = Authority {
            profile: &profile,
            cards: &cards,
            is_clerk: &|member| clerks.contains(&member),
            office: Some(key(9)),
        };
        let vouched = |order: &WipeOrder, seed| Some(sign(seed, &order.signing_bytes()));
        for (by, voucher, expected) in [
            (3, None, true),
            (4, None, true),
            (5, None, false),
            (5, Some(9), true),
            (5, Some(8), false),
            (6, None, false),
            (7, None, false),
            (7, Some(9), true),
            (7, Some(7), false),
        ] {
            let order = order(by);
            let vouched = voucher.and_then(|seed| vouched(&order, seed));
            assert_eq!(authority.believes(&order, vouched.as_ref()), expected, "{by} {voucher:?}");
        }
        // A known author's signature is not made good by the office's.
        let mut forged = order(4);
        forged.signature[0] ^= 1;
        assert!(!authority.believes(&forged, vouched(&forged, 9).as_ref()));
        // One for another device, or of another council, counts nowhere else.
        let elsewhere = WipeOrder { device: DeviceId::from_bytes([8; 16]), ..order(4) };
        assert!(!authority.believes(&elsewhere, vouched(&elsewhere, 9).as_ref()));
        let other = WipeOrder { council: CouncilId::from_bytes([8; 16]), ..order(4) };
        assert!(!authority.believes(&other, vouched(&other, 9).as_ref()));
        let nobody = Authority { office: None, ..authority };
        let order = order(7);
        assert!(!nobody.believes(&order, vouched(&order, 9).as_ref()));
    }
}
