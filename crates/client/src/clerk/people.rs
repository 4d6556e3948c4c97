//! Members, groups and bodies, as the clerk keeps them.

use std::sync::Arc;

use domain::{Body, BodyId, BodyKind, Group, GroupId, Member, MemberId, Record};
use ipc::{ClerkReply, ErrorCode, Field, MemberEdit, PeopleView, Problem, Reason, Seats};

use crate::core::Core;
use crate::people::{address, colour, name, phone};
use crate::{exchange, views, world};

pub(super) fn view(core: &Core) -> Result<ClerkReply, Problem> {
    let picture = core.now();
    let server = picture.enrolled()?.server.clone();
    Ok(ClerkReply::People(Box::new(PeopleView {
        members: views::people::members(&picture),
        groups: picture.catalogue.groups.clone(),
        bodies: picture.catalogue.bodies.clone(),
        server,
    })))
}

pub(super) async fn save_member(core: &Arc<Core>, edit: MemberEdit) -> Result<MemberId, Problem> {
    let MemberEdit { member, first_name, last_name, email, function, groups, role, .. } = edit;
    let (on_paper, seat) = (edit.on_paper, edit.seat);
    let last_name = name(&last_name, Field::LastName)?;
    // An office ("Greffe") has only the one name.
    let first = first_name.trim();
    let first_name = if first.is_empty() { String::new() } else { name(first, Field::FirstName)? };
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let email = filled(email).map(|email| address(&email)).transpose()?;
    let function = filled(function).map(|text| name(&text, Field::Function)).transpose()?;
    let phone = filled(edit.phone).map(|text| phone(&text)).transpose()?;
    exchange::catch_up(core).await?;
    let catalogue = core.now().catalogue;
    if let Some(missing) = groups.iter().find(|group| catalogue.group(**group).is_none()) {
        return Err(Problem::about(ErrorCode::NotFound, missing.to_string()));
    }
    let record = match member {
        Some(id) => {
            let known = catalogue.member(id).ok_or(ErrorCode::NotFound)?.clone();
            let told = Member { first_name, last_name, email, function, groups, role, ..known };
            Member { phone, on_paper, seat, ..told }
        }
        None => {
            let (now, random) = world::id_parts(&*core.world);
            let named = Member::new(MemberId::new(now, random), &first_name, &last_name, role);
            Member { email, function, groups, phone, on_paper, seat, ..named }
        }
    };
    let id = record.id;
    exchange::send_records(core, vec![Record::Member(record)]).await?;
    Ok(id)
}

pub(super) async fn save_group(
    core: &Arc<Core>,
    group: Option<GroupId>,
    named: &str,
    wanted: Option<String>,
) -> Result<(), Problem> {
    let named = name(named, Field::GroupName)?;
    let good = |text: &String| {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        digits.is_some_and(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()))
    };
    if wanted.as_ref().is_some_and(|wanted| !good(wanted)) {
        return Err(Reason::NotAColour.into());
    }
    exchange::catch_up(core).await?;
    let groups = core.now().catalogue.groups.clone();
    let same = |known: &&Group| known.name.to_lowercase() == named.to_lowercase();
    if groups.iter().find(same).is_some_and(|known| Some(known.id) != group) {
        return Err(Reason::GroupExists { name: named }.into());
    }
    let record = match group {
        Some(id) => {
            let known = groups.iter().find(|known| known.id == id).ok_or(ErrorCode::NotFound)?;
            Group { id, name: named, colour: wanted.unwrap_or_else(|| known.colour.clone()) }
        }
        None => {
            let (now, random) = world::id_parts(&*core.world);
            let colour = wanted.unwrap_or_else(|| colour(groups.len()));
            Group { id: GroupId::new(now, random), name: named, colour }
        }
    };
    exchange::send_records(core, vec![Record::Group(record)]).await
}

pub(super) async fn save_body(
    core: &Arc<Core>,
    body: Option<BodyId>,
    named: &str,
    kind: BodyKind,
    members: Vec<MemberId>,
    seats: Option<Seats>,
) -> Result<(), Problem> {
    let named = name(named, Field::BodyName)?;
    exchange::catch_up(core).await?;
    let catalogue = core.now().catalogue;
    if let Some(missing) = members.iter().find(|member| catalogue.member(**member).is_none()) {
        return Err(Problem::about(ErrorCode::NotFound, missing.to_string()));
    }
    let record = match body {
        Some(id) => {
            let known = catalogue.bodies.iter().find(|known| known.id == id);
            let known = known.ok_or(ErrorCode::NotFound)?.clone();
            // Whoever leaves the body chairs it no more, and nobody stands in for them.
            let chair = known.chair.filter(|chair| members.contains(chair));
            let mut substitutes = known.substitutes;
            substitutes.retain(|s| {
                !members.contains(&s.member)
                    && s.stands_for.is_none_or(|whom| members.contains(&whom))
            });
            Body { id, name: named, kind, members, chair, substitutes }
        }
        None => {
            let (now, random) = world::id_parts(&*core.world);
            let id = BodyId::new(now, random);
            Body { id, name: named, kind, members, chair: None, substitutes: Vec::new() }
        }
    };
    let record = match seats {
        Some(Seats { chair, substitutes }) => Body { chair, substitutes, ..record },
        None => record,
    };
    super::members::check(&catalogue, &record)?;
    exchange::send_records(core, vec![Record::Body(record)]).await
}
