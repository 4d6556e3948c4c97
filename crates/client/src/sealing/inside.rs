//! Who is inside a group, and from which era on each reads.

use std::collections::{BTreeMap, BTreeSet};

use domain::{DeviceId, GroupId, MemberId};
use wire::{Audience, Header, Scope};

use super::reading::State;

impl State {
    /// Of these, who has the key of a scope's newest epoch; none when none has begun.
    pub(super) fn had(
        &self,
        scope: Scope,
        whom: &BTreeSet<MemberId>,
    ) -> Option<BTreeSet<MemberId>> {
        let newest = self.newest_given(scope)?;
        let devices = || self.given_in(scope).filter(|(_, epoch, _)| *epoch == newest);
        let has = |member: &MemberId| {
            devices().any(|(_, _, device)| self.directory.signer(*member, *device).is_some())
        };
        Some(whom.iter().copied().filter(has).collect())
    }

    /// Who of a group's members is given the keys of an own scope, and from which era on: those who have
    /// them; before the scope has begun, those whom nobody else in the group leaves out; and whom they
    /// have let in since, with what was written before or from the next era on.
    pub(super) fn let_into(
        &self,
        scope: Scope,
        group: GroupId,
        members: &BTreeSet<MemberId>,
    ) -> BTreeMap<MemberId, u16> {
        let mut inside = self.had(scope, members).unwrap_or_else(|| {
            let others = members.iter().filter(|other| **other != scope.owner);
            let theirs = others.filter_map(|owner| {
                self.had(Scope { owner: *owner, audience: scope.audience }, members)
            });
            theirs.fold(members.clone(), |all, some| &all & &some)
        });
        inside.insert(scope.owner);
        let (mut with_history, mut from_now) = (BTreeSet::from([scope.owner]), BTreeSet::new());
        loop {
            let before = with_history.len() + from_now.len();
            let welcome = self.welcomes.iter().filter(|((of, by, who), _)| {
                *of == group && inside.contains(by) && members.contains(who)
            });
            for ((_, _, who), history) in welcome.collect::<Vec<_>>() {
                if *history { &mut with_history } else { &mut from_now }.insert(*who);
            }
            inside.extend(with_history.iter().chain(&from_now));
            if with_history.len() + from_now.len() == before {
                break;
            }
        }
        let next = self.newest_given(scope).map_or(0, |epoch| wire::era(epoch).saturating_add(1));
        let since = |who: &MemberId| {
            if with_history.contains(who) {
                return 0;
            }
            let otherwise = if from_now.contains(who) { next } else { 0 };
            self.first_era(scope, *who).unwrap_or(otherwise)
        };
        let all = inside.iter().map(|who| (*who, since(who)));
        // Beyond the last era nobody can be let in from now on: they wait.
        all.filter(|(_, since)| *since <= wire::ERAS).collect()
    }

    /// The era in which the next note of an own scope is written.
    pub(super) fn era(&self, scope: Scope, group: GroupId, members: &BTreeSet<MemberId>) -> u16 {
        let wanted = self.let_into(scope, group, members).into_values().max();
        let begun = self.newest_given(scope).map(wire::era);
        wanted.max(begun).unwrap_or(0)
    }

    fn given_in(&self, scope: Scope) -> impl Iterator<Item = &(Scope, u32, DeviceId)> {
        let (first, last) = (DeviceId::from_bytes([0; 16]), DeviceId::from_bytes([u8::MAX; 16]));
        self.given.range((scope, 0, first)..=(scope, u32::MAX, last))
    }

    fn newest_given(&self, scope: Scope) -> Option<u32> {
        self.given_in(scope).map(|(_, epoch, _)| *epoch).max()
    }

    /// The first era of a scope of which somebody was given a key.
    fn first_era(&self, scope: Scope, who: MemberId) -> Option<u16> {
        let mut given = self.given_in(scope);
        let first = given.find(|(_, _, device)| self.directory.signer(who, *device).is_some());
        first.map(|(_, epoch, _)| wire::era(*epoch))
    }

    /// Whether this member was let into a group from then on, without what was written before.
    pub(super) fn reads_from_now(&self, group: GroupId) -> bool {
        let mut letters = self
            .welcomes
            .iter()
            .filter(|((of, _, who), _)| *of == group && *who == self.me)
            .map(|(_, history)| *history)
            .peekable();
        letters.peek().is_some() && !letters.any(|history| history)
    }

    /// Whether a sealed note was written before this member was let into its group from then on: it is
    /// not for this member, and waits for nothing.
    pub(super) fn is_of_before(&self, header: &Header) -> bool {
        let Audience::Group(group) = header.scope.audience else { return false };
        header.scope.owner != self.me
            && self.reads_from_now(group)
            && self
                .first_era(header.scope, self.me)
                .is_none_or(|since| wire::era(header.epoch) < since)
    }
}
