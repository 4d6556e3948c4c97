//! Whom drafting software would convene: compared with the council's members, and made members when the
//! clerk says so.
//!
//! The software matches people by first and last name, whatever their case; so does this, and without
//! accents. A machine makes nobody a member: the clerk does, in one gesture, with the clerk's signature.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{
    Body, BodyId, BodyKind, Brought, Invitee, Member, MemberId, Record, Role, Sitting, SittingId,
};
use ipc::{BroughtView, Edit, ErrorCode, Problem};

use super::draft::{self, Prepared};
use crate::catalogue::Catalogue;
use crate::convene::act::is_convened;
use crate::core::Core;
use crate::people::{address, phone};
use crate::picture::Picture;
use crate::roll::folded;
use crate::{exchange, world};

/// Where a draft came from, as the clerk is told.
pub(super) fn view(picture: &Picture, sitting: &Sitting) -> Option<BroughtView> {
    let Brought { by, at, people, .. } = sitting.brought.as_ref()?;
    let catalogue = &picture.catalogue;
    let known: BTreeMap<String, &Member> =
        catalogue.members.iter().map(|member| (folded(&member.full_name()), member)).collect();
    let named: Vec<String> = people.iter().map(|name| folded(name)).collect();
    let convened = |member: &Member| is_convened(catalogue, sitting, member);
    let with = |wanted: &dyn Fn(Option<&Member>) -> bool| {
        let chosen = people.iter().zip(&named);
        let chosen = chosen.filter(|(_, key)| wanted(known.get(*key).copied()));
        chosen.map(|(name, _)| name.clone()).collect::<Vec<String>>()
    };
    let unnamed = catalogue.members.iter().filter(|member| {
        !people.is_empty() && convened(member) && !named.contains(&folded(&member.full_name()))
    });
    Some(BroughtView {
        by: by.clone(),
        at: catalogue.local(*at),
        strangers: with(&|member| member.is_none()),
        outside: with(&|member| member.is_some_and(|member| !convened(member))),
        unnamed: unnamed.map(Member::full_name).collect(),
        new_body: needs_body(sitting),
    })
}

/// Whether the software names a committee or bureau, with its people, that the sitting has no record of.
fn needs_body(sitting: &Sitting) -> bool {
    let people = sitting.brought.as_ref().is_some_and(|brought| !brought.invitees.is_empty());
    people && sitting.kind != BodyKind::Council && sitting.body.is_none()
}

/// Makes members of those who are none, and the body when it is new: all of it or nothing. What was
/// done is not done again.
pub(super) async fn take_up(core: &Arc<Core>, id: SittingId) -> Result<(), Problem> {
    exchange::catch_up(core).await?;
    let prepared = core.shelf.ask(move |store| Prepared::load(store, id)).await?;
    let sitting = prepared.present().cloned().ok_or(ErrorCode::NotFound)?;
    let Some(brought) = &sitting.brought else { return Ok(()) };
    let picture = core.now();
    let catalogue = &picture.catalogue;
    let mut records = Vec::new();
    let mut people: BTreeMap<String, MemberId> =
        catalogue.members.iter().map(|m| (folded(&m.full_name()), m.id)).collect();
    for invitee in &brought.invitees {
        people.entry(folded(&invitee.full_name())).or_insert_with(|| {
            let member = member(core, invitee);
            let id = member.id;
            records.push(Record::Member(member));
            id
        });
    }
    let mut seat = None;
    if needs_body(&sitting) {
        let body = body(core, catalogue, &sitting, &people);
        seat = Some((body.kind, body.id));
        if !catalogue.bodies.contains(&body) {
            records.push(Record::Body(body));
        }
    }
    if !records.is_empty() {
        exchange::send_records(core, records).await?;
    }
    if let Some((kind, body)) = seat {
        draft::change(core, id, Edit::Kind { kind, body: Some(body) }).await?;
    }
    Ok(())
}

/// A new member. An address or a number that is none is left away: the clerk is told at the
/// convocation who cannot be reached.
fn member(core: &Core, invitee: &Invitee) -> Member {
    let (now, random) = world::id_parts(&*core.world);
    let id = MemberId::new(now, random);
    let named = Member::new(id, &invitee.first_name, &invitee.last_name, Role::Official);
    Member {
        email: address(&invitee.email).ok(),
        phone: invitee.phone.as_deref().and_then(|text| phone(text).ok()),
        function: invitee.function.clone(),
        ..named
    }
}

/// The body of the sitting's title, or a new one with the people whom the software names.
fn body(
    core: &Core,
    catalogue: &Catalogue,
    sitting: &Sitting,
    people: &BTreeMap<String, MemberId>,
) -> Body {
    let title = folded(&sitting.title);
    if let Some(known) = catalogue.bodies.iter().find(|body| folded(&body.name) == title) {
        return known.clone();
    }
    let invitees = sitting.brought.iter().flat_map(|brought| &brought.invitees);
    let gone = |member: &MemberId| catalogue.member(*member).is_some_and(|m| m.left.is_some());
    let mut members = Vec::new();
    for member in invitees.filter_map(|invitee| people.get(&folded(&invitee.full_name()))) {
        if !members.contains(member) && !gone(member) {
            members.push(*member);
        }
    }
    let (now, random) = world::id_parts(&*core.world);
    let (id, name, kind) = (BodyId::new(now, random), sitting.title.clone(), sitting.kind);
    Body { id, name, kind, members, chair: None, substitutes: Vec::new() }
}
