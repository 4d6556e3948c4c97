//! The convocation on paper, and in a calendar.

use std::path::Path;
use std::sync::Arc;

use domain::convocation::Act;
use domain::{Convocation, MemberId, Proceedings, Recipient, Sent, SittingId, calendar};
use ipc::{ErrorCode, Language, Problem, Words};

use super::tracking::spoken;
use crate::core::Core;
use crate::picture::Picture;
use crate::ports::{Block, Print};
use crate::problem;

/// Writes the sitting as a calendar entry.
pub(crate) async fn calendar(
    core: &Arc<Core>,
    sitting: SittingId,
    out: &Path,
) -> Result<(), Problem> {
    let picture = core.now();
    let sent = last(&picture, sitting)?;
    let text = calendar::entry(&sent.convocation, sent.received, None);
    let (path, name) = (out.to_owned(), out.display().to_string());
    tokio::task::spawn_blocking(move || std::fs::write(path, text))
        .await
        .map_err(|_| problem::internal("writing the calendar entry"))?
        .map_err(|_| Problem::about(ErrorCode::FileUnwritable, name))
}

/// Writes letters to be printed: to one member, or to everybody who asked for paper.
pub(crate) async fn letters(
    core: &Arc<Core>,
    sitting: SittingId,
    member: Option<MemberId>,
    out: &Path,
) -> Result<(), Problem> {
    let print = written(&core.now(), sitting, member, out)?;
    let done = core.papers.print(print).await;
    done.map_err(|error| problem::of_pdf(&error, &out.display().to_string()))
}

fn written(
    picture: &Picture,
    sitting: SittingId,
    member: Option<MemberId>,
    out: &Path,
) -> Result<Print, Problem> {
    picture.clerk()?;
    let sent = last(picture, sitting)?;
    let wanted = |recipient: &&Recipient| match member {
        Some(member) => recipient.member == member,
        None => recipient.channels.contains(&domain::Channel::Paper),
    };
    let words = Words::new(picture.preferences.language.unwrap_or(Language::Fr));
    let mut blocks = Vec::new();
    for recipient in sent.convocation.recipients.iter().filter(wanted) {
        if !blocks.is_empty() {
            blocks.push(Block::Sheet);
        }
        letter(picture, &words, sent, recipient, &mut blocks);
    }
    if blocks.is_empty() {
        return Err(ErrorCode::NotAsked.into());
    }
    Ok(Print { title: sent.convocation.title.clone(), blocks, out: out.to_owned() })
}

fn last(picture: &Picture, sitting: SittingId) -> Result<&Sent, Problem> {
    picture.catalogue.sitting(sitting)?;
    let sent = picture.proceedings(sitting).and_then(Proceedings::last);
    sent.ok_or_else(|| ErrorCode::NotConvened.into())
}

fn letter(
    picture: &Picture,
    words: &Words,
    sent: &Sent,
    recipient: &Recipient,
    blocks: &mut Vec<Block>,
) {
    let convocation: &Convocation = &sent.convocation;
    let fill = |key: &str, places: &[(&str, &str)]| {
        let places: Vec<_> = places.iter().map(|(name, text)| (*name, (*text).into())).collect();
        words.say_with(key, &places)
    };
    let when = spoken(words, &picture.catalogue.local(convocation.starts));
    let about = [
        ("council", &*convocation.council),
        ("title", &*convocation.title),
        ("when", &*when),
        ("place", &*convocation.place),
        ("name", &*recipient.name),
        ("author", &*convocation.author_name),
    ];
    blocks.push(Block::Title(convocation.council.clone()));
    blocks.push(Block::Text(recipient.name.clone()));
    blocks.push(Block::Gap);
    let lead = match convocation.act {
        Act::Cancel => "letter-called-off",
        Act::Convene if convocation.number > 1 => "letter-corrected",
        Act::Convene => "letter-convened",
    };
    blocks.push(Block::Text(fill(lead, &about)));
    blocks.push(Block::Text(fill("letter-when", &about)));
    if let Some(reason) = &convocation.urgency {
        blocks.push(Block::Text(fill("proof-urgent", &[("reason", reason)])));
    }
    if let Some(note) = &convocation.note {
        blocks.push(Block::Text(fill("proof-note", &[("note", note)])));
    }
    if convocation.act == Act::Convene {
        blocks.push(Block::Heading(words.say("letter-agenda")));
        for (line, number) in convocation.agenda.iter().zip(1_u32..) {
            let information = if line.deliberative {
                String::new()
            } else {
                format!(" ({})", words.say("proof-information"))
            };
            blocks.push(Block::Text(format!("{number}. {}{information}", line.title)));
        }
        blocks.push(Block::Gap);
    }
    blocks.push(Block::Text(fill("letter-signed", &about)));
}
