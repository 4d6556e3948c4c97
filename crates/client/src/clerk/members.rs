//! One member changes, leaves, comes back; a body gets its chair and its substitutes.

use std::sync::Arc;

use domain::law::day_of;
use domain::{BodyError, Date, Group, GroupId, Member, MemberId, Record, Timestamp};
use ipc::{ErrorCode, Field, MemberChange, Problem, Reason};

use crate::catalogue::Catalogue;
use crate::core::Core;
use crate::people::{address, colour, name, phone};
use crate::{exchange, world};

/// Changes what is told of a member and leaves the rest.
pub(super) async fn edit(
    core: &Arc<Core>,
    member: MemberId,
    change: MemberChange,
) -> Result<(), Problem> {
    exchange::catch_up(core).await?;
    let catalogue = core.now().catalogue;
    let known = catalogue.member(member).ok_or(ErrorCode::NotFound)?;
    let mut records = Vec::new();
    let mut groups = known.groups.clone();
    if let Some(names) = change.groups {
        groups = names
            .iter()
            .filter(|text| !text.trim().is_empty())
            .map(|text| group(core, &catalogue, text, &mut records))
            .collect::<Result<_, _>>()?;
    }
    let text = |new: Option<String>, old: &Option<String>, field| match new {
        None => Ok(old.clone()),
        Some(text) if text.trim().is_empty() => Ok(None),
        Some(text) => name(&text, field).map(Some),
    };
    let kept = |new: Option<String>, old: &Option<String>, read: fn(&str) -> Result<String, _>| {
        match new {
            None => Ok(old.clone()),
            Some(text) if text.trim().is_empty() => Ok(None),
            Some(text) => read(&text).map(Some),
        }
    };
    let named = |new: Option<String>, old: &str, field| {
        new.map_or_else(|| Ok(old.to_owned()), |text| name(&text, field))
    };
    let changed = Member {
        first_name: named(change.first_name, &known.first_name, Field::FirstName)?,
        last_name: named(change.last_name, &known.last_name, Field::LastName)?,
        email: kept(change.email, &known.email, address)?,
        phone: kept(change.phone, &known.phone, phone)?,
        function: text(change.function, &known.function, Field::Function)?,
        constituency: text(change.constituency, &known.constituency, Field::Constituency)?,
        role: change.role.unwrap_or(known.role),
        seat: change.seat.unwrap_or(known.seat),
        on_paper: change.on_paper.unwrap_or(known.on_paper),
        groups,
        ..known.clone()
    };
    if changed != *known {
        records.push(Record::Member(changed));
    }
    send(core, records).await
}

/// The member leaves the council: out of its bodies, and none of their devices is let in any more.
pub(super) async fn leave(
    core: &Arc<Core>,
    member: MemberId,
    on: Option<Date>,
) -> Result<(), Problem> {
    exchange::catch_up(core).await?;
    let picture = core.now();
    let catalogue = &picture.catalogue;
    let known = catalogue.member(member).ok_or(ErrorCode::NotFound)?;
    let now = Timestamp::from_millisecond(core.world.now_ms());
    let today = day_of(now.unwrap_or(Timestamp::UNIX_EPOCH), &catalogue.zone());
    let on = on.unwrap_or(today);
    if on > today {
        return Err(Reason::DayToCome { text: on.to_string() }.into());
    }
    if Some(member) == picture.member() {
        return Err(Reason::Oneself.into());
    }
    let mut records = vec![Record::Member(Member { left: Some(on), ..known.clone() })];
    for body in &catalogue.bodies {
        let mut left = body.clone();
        left.members.retain(|one| *one != member);
        left.chair = left.chair.filter(|chair| *chair != member);
        left.substitutes.retain(|s| s.member != member && s.stands_for != Some(member));
        if left != *body {
            records.push(Record::Body(left));
        }
    }
    send(core, records).await
}

/// A member who had left is back; their devices are invited anew.
pub(super) async fn come_back(core: &Arc<Core>, member: MemberId) -> Result<(), Problem> {
    exchange::catch_up(core).await?;
    let catalogue = core.now().catalogue;
    let known = catalogue.member(member).ok_or(ErrorCode::NotFound)?;
    if known.left.is_none() {
        return Ok(());
    }
    send(core, vec![Record::Member(Member { left: None, ..known.clone() })]).await
}

/// Checks who chairs a body and who stands in for its members.
///
/// # Errors
/// Who is not in the council any more, sits twice or stands in for nobody.
pub(super) fn check(catalogue: &Catalogue, body: &domain::Body) -> Result<(), Problem> {
    for person in body.chair.iter().chain(body.substitutes.iter().map(|s| &s.member)) {
        if catalogue.member(*person).is_none_or(|member| member.left.is_some()) {
            return Err(Problem::about(ErrorCode::NotFound, catalogue.name(*person)));
        }
    }
    body.check().map_err(|error| wrong(catalogue, error))
}

fn wrong(catalogue: &Catalogue, error: BodyError) -> Problem {
    match error {
        BodyError::ChairOutside => Reason::ChairOutside.into(),
        BodyError::Twice(who) => Reason::TwiceOnBody { name: catalogue.name(who) }.into(),
        BodyError::SubstituteOfNobody(who) => {
            Reason::SubstituteOfNobody { name: catalogue.name(who) }.into()
        }
    }
}

fn group(
    core: &Core,
    catalogue: &Catalogue,
    text: &str,
    records: &mut Vec<Record>,
) -> Result<GroupId, Problem> {
    let text = name(text, Field::GroupName)?;
    let same = |known: &&Group| known.name.to_lowercase() == text.to_lowercase();
    if let Some(known) = catalogue.groups.iter().find(same) {
        return Ok(known.id);
    }
    let (now, random) = world::id_parts(&*core.world);
    let id = GroupId::new(now, random);
    let colour = colour(catalogue.groups.len() + records.len());
    records.push(Record::Group(Group { id, name: text, colour }));
    Ok(id)
}

async fn send(core: &Arc<Core>, records: Vec<Record>) -> Result<(), Problem> {
    if records.is_empty() {
        return Ok(());
    }
    exchange::send_records(core, records).await
}
