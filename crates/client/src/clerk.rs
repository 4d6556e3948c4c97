//! The clerk's desk: sittings prepared on this tablet, published when they are ready.
//!
//! A draft is a line of states in the store. Every edit reads the present state, changes it and keeps
//! the next one in one job on the store's thread, so that two edits never overtake each other and a
//! kill loses nothing. Files are read one by one as they come; each is durable when it is answered.

mod audit;
mod board;
pub(crate) mod brought;
mod council;
pub(crate) mod devices;
mod draft;
mod edit;
pub(crate) mod import;
mod invitees;
mod letterhead;
mod listing;
mod matching;
mod members;
mod people;
mod publishing;
mod stamp;
mod taken_out;

use std::sync::Arc;

use ipc::{ClerkCommand, ClerkReply, Problem, Reply};

use crate::core::Core;
use crate::roll;

/// Answers a clerk; nobody else.
pub(crate) async fn answer(core: &Arc<Core>, command: ClerkCommand) -> Result<Reply, Problem> {
    core.now().clerk()?;
    let reply = match command {
        ClerkCommand::Board => ClerkReply::Board(board::board(core).await?),
        ClerkCommand::New(model) => {
            let id = draft::create(core, model).await?;
            drafted(core, id).await?
        }
        ClerkCommand::Open(id) => {
            import::resume(core, id);
            drafted(core, id).await?
        }
        ClerkCommand::Edit { sitting, edit } => {
            draft::change(core, sitting, edit).await?;
            drafted(core, sitting).await?
        }
        ClerkCommand::Undo(id) => {
            draft::turn(core, id, false).await?;
            drafted(core, id).await?
        }
        ClerkCommand::Redo(id) => {
            draft::turn(core, id, true).await?;
            drafted(core, id).await?
        }
        ClerkCommand::Discard(id) => {
            brought::discard(core, id).await?;
            ClerkReply::Board(board::board(core).await?)
        }
        ClerkCommand::TakeBack(id) => {
            brought::take_back(core, id).await?;
            drafted(core, id).await?
        }
        ClerkCommand::TakeUpPeople(id) => {
            invitees::take_up(core, id).await?;
            drafted(core, id).await?
        }
        ClerkCommand::Import { sitting, file, name, target } => {
            let file = import::import(core, sitting, file, name, target).await?;
            ClerkReply::File(Box::new(file))
        }
        ClerkCommand::Aim { sitting, file, target } => {
            import::aim(core, sitting, file, target).await?;
            drafted(core, sitting).await?
        }
        ClerkCommand::Place { sitting, files } => {
            draft::place(core, sitting, files).await?;
            drafted(core, sitting).await?
        }
        ClerkCommand::Dismiss { sitting, files } => {
            core.shelf.ask(move |store| store.drop_desk_files(&files)).await?;
            drafted(core, sitting).await?
        }
        ClerkCommand::TakeOut { sitting, file, out } => {
            let file = taken_out::write(core, sitting, file, out).await?;
            return Ok(Reply::Written { file });
        }
        ClerkCommand::Publish { sitting, correction, reason } => {
            publishing::publish(core, sitting, correction, reason).await?;
            drafted(core, sitting).await?
        }
        ClerkCommand::Stop => {
            core.stop.notify_waiters();
            return Ok(Reply::Done);
        }
        ClerkCommand::Mark { sitting, state } => {
            publishing::mark(core, sitting, state).await?;
            drafted(core, sitting).await?
        }
        ClerkCommand::People => people::view(core)?,
        ClerkCommand::SaveMember(member) => {
            people::save_member(core, member).await?;
            people::view(core)?
        }
        ClerkCommand::SaveGroup { group, name, colour } => {
            people::save_group(core, group, &name, colour).await?;
            people::view(core)?
        }
        ClerkCommand::SaveBody { body, name, kind, members, seats } => {
            people::save_body(core, body, &name, kind, members, seats).await?;
            people::view(core)?
        }
        ClerkCommand::EditMember { member, change } => {
            members::edit(core, member, *change).await?;
            people::view(core)?
        }
        ClerkCommand::Leave { member, on } => {
            members::leave(core, member, on).await?;
            people::view(core)?
        }
        ClerkCommand::ComeBack(member) => {
            members::come_back(core, member).await?;
            people::view(core)?
        }
        ClerkCommand::ImportMembers { file, emails, skip_bad_rows, preview } => {
            let asked = roll::Asked { file, emails, skip_bad_rows, preview };
            ClerkReply::Imported(Box::new(roll::import(core, asked).await?))
        }
        ClerkCommand::PutAway(files) => {
            import::put_away(core, files).await?;
            return Ok(Reply::Done);
        }
        ClerkCommand::Letterhead => {
            let council = core.now().catalogue.council.clone();
            let head = council.and_then(|council| council.letterhead).unwrap_or_default();
            ClerkReply::Letterhead(Box::new(head))
        }
        ClerkCommand::KeepLetterhead(head) => {
            letterhead::keep(core, *head).await?;
            return Ok(Reply::Done);
        }
        ClerkCommand::ListDeliberations { sitting, file, on, skip_bad_rows } => {
            let asked = listing::Asked { file, on, skip_bad_rows };
            ClerkReply::Listing(Box::new(listing::add(core, sitting, asked).await?))
        }
        ClerkCommand::Devices => ClerkReply::Devices(devices::all(core).await?),
        ClerkCommand::Audit { before } => {
            ClerkReply::Audit(Box::new(audit::read(core, before).await?))
        }
        ClerkCommand::SaveLetterhead(path) => {
            letterhead::save(core, &path).await?;
            return Ok(Reply::Done);
        }
        ClerkCommand::SaveLawChoices { house_days, strict } => {
            council::settle(core, house_days, strict).await?;
            return Ok(Reply::Done);
        }
        ClerkCommand::SaveStampAuthority(named) => {
            let named = named.as_ref().map(|(url, file)| (url.clone(), file.as_path()));
            stamp::save(core, named).await?;
            return Ok(Reply::Done);
        }
        ClerkCommand::Revoke(device) => {
            ClerkReply::Devices(devices::revoke(core, device, false).await?)
        }
        ClerkCommand::Wipe(device) => {
            ClerkReply::Devices(devices::revoke(core, device, true).await?)
        }
    };
    Ok(Reply::Clerk(reply))
}

async fn drafted(core: &Arc<Core>, id: domain::SittingId) -> Result<ClerkReply, Problem> {
    Ok(ClerkReply::Draft(Box::new(draft::view(core, id).await?)))
}
