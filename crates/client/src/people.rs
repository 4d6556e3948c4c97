//! Members and invitations, as the clerk keeps them.

use std::sync::Arc;

use domain::{Group, GroupId, Member, MemberId, Record, Role};
use ipc::{ErrorCode, Field, Problem, Reason, Reply};
use wire::InviteRequest;

use crate::core::Core;
use crate::picture::Picture;
use crate::{exchange, world};

/// Colours that groups get in turn; chosen to differ also for the colour-blind.
const COLOURS: [&str; 8] =
    ["#1f3a8a", "#b45309", "#15803d", "#9d174d", "#0e7490", "#6d28d9", "#a16207", "#475569"];
/// Longest name, in characters.
const NAME: usize = 200;

/// A person to be added.
pub(crate) struct NewMember {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) role: Role,
    pub(crate) function: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) on_paper: bool,
}

/// Adds a member, and the group when it is new.
pub(crate) async fn add(core: &Arc<Core>, person: NewMember) -> Result<MemberId, Problem> {
    core.now().clerk()?;
    let first_name = name(&person.first_name, Field::FirstName)?;
    let last_name = name(&person.last_name, Field::LastName)?;
    let email = person.email.map(|email| address(&email)).transpose()?;
    let group = person.group.map(|group| name(&group, Field::GroupName)).transpose()?;
    let phone = person.phone.map(|text| phone(&text)).transpose()?;
    let function = person.function.map(|f| name(&f, Field::Function)).transpose()?;
    exchange::catch_up(core).await?;
    let picture = core.now();
    let mut records = Vec::new();
    let mut groups = Vec::new();
    if let Some(group) = group {
        groups.push(known_or_new(core, &picture, group, &mut records));
    }
    let (now, random) = world::id_parts(&*core.world);
    let id = MemberId::new(now, random);
    let named = Member::new(id, &first_name, &last_name, person.role);
    let on_paper = person.on_paper;
    let member = Member { email, phone, on_paper, function, groups, ..named };
    records.push(Record::Member(member));
    exchange::send_records(core, records).await?;
    Ok(id)
}

fn known_or_new(
    core: &Core,
    picture: &Picture,
    name: String,
    records: &mut Vec<Record>,
) -> GroupId {
    let groups = &picture.catalogue.groups;
    let same = |group: &&Group| group.name.to_lowercase() == name.to_lowercase();
    if let Some(known) = groups.iter().find(same) {
        return known.id;
    }
    let (now, random) = world::id_parts(&*core.world);
    let id = GroupId::new(now, random);
    records.push(Record::Group(Group { id, name, colour: colour(groups.len()) }));
    id
}

/// The colour of one more group.
pub(crate) fn colour(groups: usize) -> String {
    COLOURS.get(groups % COLOURS.len()).copied().unwrap_or("#475569").to_owned()
}

pub(crate) fn name(text: &str, field: Field) -> Result<String, Problem> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() || text.chars().count() > NAME {
        return Err(Reason::Length { field, most: NAME }.into());
    }
    Ok(text)
}

pub(crate) fn address(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let good = text.len() <= 254
        && !text.contains(char::is_whitespace)
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@')
        });
    if good {
        Ok(text.to_owned())
    } else {
        Err(Reason::NotAnAddress { text: text.to_owned() }.into())
    }
}

/// A telephone number as its digits, an international one with its plus. Spreadsheets take the zero
/// from French mobile numbers; it is given back.
pub(crate) fn phone(text: &str) -> Result<String, Problem> {
    let plus = if text.trim_start().starts_with('+') { "+" } else { "" };
    let foreign = |c: char| !c.is_ascii_digit() && !c.is_whitespace() && !"+.-()/".contains(c);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let lost = plus.is_empty() && digits.len() == 9 && digits.starts_with(['6', '7']);
    if text.contains(foreign) || !(6..=15).contains(&digits.len()) {
        return Err(Reason::NotANumber { text: text.to_owned() }.into());
    }
    Ok(format!("{plus}{}{digits}", if lost { "0" } else { "" }))
}

/// An invitation for a member.
pub(crate) async fn invite(core: &Arc<Core>, member: MemberId) -> Result<Reply, Problem> {
    core.now().clerk()?;
    // The server would send it, but whoever has left has nothing to join.
    if core.now().catalogue.member(member).is_some_and(|known| known.left.is_some()) {
        return Err(Problem::about(ErrorCode::NotFound, core.now().catalogue.name(member)));
    }
    let invitation = core.remote()?.invite(&InviteRequest { member }).await;
    let invitation = invitation.map_err(|error| exchange::told(core, error))?;
    let expires = domain::Timestamp::from_millisecond(invitation.expires_ms)
        .map_err(|_| Problem::from(ErrorCode::Server))?;
    Ok(Reply::Invitation { code: invitation.code, expires })
}
