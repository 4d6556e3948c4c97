//! Members out of a list, and what becomes of them; groups and bodies.

use std::path::Path;

use client::Client;
use domain::{BodyId, BodyKind, GroupId, MemberId, Substitute};
use ipc::{
    ClerkCommand, ClerkReply, Command, Imported, ListFile, MemberChange, PeopleView, Reply, Seats,
    Words,
};
use serde::Serialize;

use crate::answers::Answer;
use crate::args::{Bodies, BodySeats, Groups, MemberEdit};
use crate::failure::Failure;
use crate::tablet::{ask, the, unexpected};

/// Bad rows that are shown at most.
const SHOWN: usize = 50;

/// What came of a list: names here are the contract with scripts; adding is free.
#[derive(Debug, Serialize)]
pub(crate) struct Taken {
    #[serde(flatten)]
    report: Imported,
    /// The mistakes as sentences.
    skipped: Vec<String>,
}

impl Taken {
    /// The answer for people.
    pub(crate) fn line(&self) -> String {
        let Imported { added, updated, known, merged, .. } = &self.report;
        let mut lines = self.skipped.clone();
        lines.push(format!(
            "{} members added, {updated} updated, {known} known already, {merged} rows joined, {} \
             rows left aside.",
            added.len(),
            self.skipped.len()
        ));
        lines.join("\n")
    }
}

/// Takes a list of members.
pub(crate) async fn import(
    client: &Client,
    file: &Path,
    emails: Option<&Path>,
    skip_bad_rows: bool,
    preview: bool,
    words: &Words,
) -> Result<Answer, Failure> {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or(path.to_owned());
    let command = ClerkCommand::ImportMembers {
        file: ListFile::Path(whole(file)),
        emails: emails.map(|path| ListFile::Path(whole(path))),
        skip_bad_rows,
        preview,
    };
    let ClerkReply::Imported(report) = clerk(client, command).await? else {
        return Err(unexpected());
    };
    let skipped: Vec<String> = report.mistakes.iter().map(|m| words.reason(m)).collect();
    if !report.done && !preview {
        let n = skipped.len();
        let mut lines: Vec<String> = skipped.into_iter().take(SHOWN).collect();
        if n > SHOWN {
            lines.push("…".to_owned());
        }
        let end = words.say_with("import-refused", &[("n", n.into())]);
        return Err(Failure::Rows { lines, end });
    }
    Ok(Answer::Imported(Box::new(Taken { report: *report, skipped })))
}

/// Changes what is told of a member.
pub(crate) async fn edit(client: &Client, asked: &MemberEdit) -> Result<Answer, Failure> {
    let groups = if asked.no_group { Some(Vec::new()) } else { asked.groups() };
    let change = MemberChange {
        first_name: asked.first.clone(),
        last_name: asked.last.clone(),
        email: asked.email.clone(),
        phone: asked.phone.clone(),
        function: asked.function.clone(),
        constituency: asked.constituency.clone(),
        groups,
        role: asked.role.map(Into::into),
        seat: asked.seat.map(Into::into),
        on_paper: asked.on_paper,
    };
    let member = asked.member;
    clerk(client, ClerkCommand::EditMember { member, change: Box::new(change) }).await?;
    Ok(Answer::Member { member })
}

/// The member leaves, or is back.
pub(crate) async fn mandate(
    client: &Client,
    member: MemberId,
    command: ClerkCommand,
) -> Result<Answer, Failure> {
    clerk(client, command).await?;
    Ok(Answer::Member { member })
}

/// A group in a list.
#[derive(Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) group: GroupId,
    pub(crate) name: String,
    pub(crate) colour: String,
    pub(crate) members: usize,
}

/// Political groups.
pub(crate) async fn groups(client: &Client, asked: &Groups) -> Result<Answer, Failure> {
    let view = match asked {
        Groups::List => people(client, ClerkCommand::People).await?,
        Groups::Add { name, colour } => {
            let (name, colour) = (name.clone(), colour.clone());
            people(client, ClerkCommand::SaveGroup { group: None, name, colour }).await?
        }
        Groups::Edit { group, name, colour } => {
            let known = people(client, ClerkCommand::People).await?;
            let known = known.groups.into_iter().find(|known| known.id == *group);
            let known = known.ok_or(Failure::Problem(ipc::ErrorCode::NotFound.into()))?;
            let name = name.clone().unwrap_or(known.name);
            let (group, colour) = (Some(*group), colour.clone());
            people(client, ClerkCommand::SaveGroup { group, name, colour }).await?
        }
    };
    let members = |name: &String| {
        let belongs = |m: &&ipc::MemberView| m.left.is_none() && m.groups.contains(name);
        view.members.iter().filter(belongs).count()
    };
    let group = |group: &domain::Group| Group {
        group: group.id,
        name: group.name.clone(),
        colour: group.colour.clone(),
        members: members(&group.name),
    };
    Ok(Answer::Groups(view.groups.iter().map(group).collect()))
}

/// A body in a list.
#[derive(Debug, Serialize)]
pub(crate) struct Body {
    pub(crate) body: BodyId,
    pub(crate) name: String,
    pub(crate) kind: BodyKind,
    pub(crate) members: Vec<MemberId>,
    pub(crate) chair: Option<MemberId>,
    pub(crate) substitutes: Vec<Substitute>,
}

/// Committees and bureaus.
pub(crate) async fn bodies(client: &Client, asked: &Bodies) -> Result<Answer, Failure> {
    let view = match asked {
        Bodies::List => people(client, ClerkCommand::People).await?,
        Bodies::Add { name, kind, seats } => {
            let (name, kind, members) = (name.clone(), (*kind).into(), seats.members.clone());
            let seats = Some(seated(seats, None));
            people(client, ClerkCommand::SaveBody { body: None, name, kind, members, seats })
                .await?
        }
        Bodies::Edit { body, name, kind, seats } => {
            let view = people(client, ClerkCommand::People).await?;
            let known = view.bodies.iter().find(|known| known.id == *body).cloned();
            let known = known.ok_or(Failure::Problem(ipc::ErrorCode::NotFound.into()))?;
            // Whoever leaves the body loses the seat with it, unless seats are named.
            let named = seats.is_more().then(|| seated(seats, Some(&known)));
            let members =
                if seats.members.is_empty() { known.members } else { seats.members.clone() };
            let name = name.clone().unwrap_or(known.name);
            let kind = kind.map_or(known.kind, Into::into);
            let (body, seats) = (Some(*body), named);
            people(client, ClerkCommand::SaveBody { body, name, kind, members, seats }).await?
        }
    };
    let body = |body: domain::Body| Body {
        body: body.id,
        name: body.name,
        kind: body.kind,
        members: body.members,
        chair: body.chair,
        substitutes: body.substitutes,
    };
    Ok(Answer::Bodies(view.bodies.into_iter().map(body).collect()))
}

/// The seats that were named; as they were where none was.
fn seated(named: &BodySeats, known: Option<&domain::Body>) -> Seats {
    let before = |known: &domain::Body| known.substitutes.clone();
    let substitutes = if named.substitutes.is_empty() {
        known.map(before).unwrap_or_default()
    } else {
        named.substitutes.clone()
    };
    Seats { chair: named.chair.or(known.and_then(|known| known.chair)), substitutes }
}

async fn people(client: &Client, command: ClerkCommand) -> Result<PeopleView, Failure> {
    let ClerkReply::People(view) = clerk(client, command).await? else {
        return Err(unexpected());
    };
    Ok(*view)
}

async fn clerk(client: &Client, command: ClerkCommand) -> Result<ClerkReply, Failure> {
    ask(client, Command::Clerk(command), the!(Reply::Clerk)).await
}
