//! Messages of the council's office: a clerk writes one, every recipient gets a signed copy of their
//! own, and their tablet signs that it came and that it was read.

mod receipts;
pub(crate) mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Heard, Member, MemberId, Message, MessageCopy, MessageId, Role, Statement, message};
use ipc::{
    Addressees, ErrorCode, Field, Language, MessageCommand, NewMessage, Problem, Reason, Reply,
    Words,
};

use crate::convene::act;
use crate::core::Core;
use crate::exchange;
use crate::picture::Picture;
use crate::ports::{Evidence, EvidenceOf, Store, StoreError};
use crate::statements::Hand;
use crate::world::moment;
use crate::{ledger, world};

pub(crate) use receipts::{acknowledge_arrivals, read};

/// The copies of messages that a tablet knows.
pub(crate) type Copies = BTreeMap<(MessageId, MemberId), MessageCopy>;

/// Answers what is asked about messages.
pub(crate) async fn command(core: &Arc<Core>, command: MessageCommand) -> Result<Reply, Problem> {
    match command {
        MessageCommand::Send(wanted) => {
            let sent = send(core, &wanted).await?;
            let mut all = listed(core).await?;
            all.retain(|view| view.message == sent);
            Ok(Reply::Messages(all))
        }
        MessageCommand::List => listed(core).await.map(Reply::Messages),
        MessageCommand::Export { message, out } => ledger::of_message(core, message, out).await,
        MessageCommand::Read(message) => read(core, message).await.map(|()| Reply::Done),
    }
}

async fn listed(core: &Arc<Core>) -> Result<Vec<ipc::MessageView>, Problem> {
    let picture = core.now();
    let profile = picture.enrolled()?;
    if profile.role != Role::Clerk {
        return Ok(view::all(&picture, &picture.messages));
    }
    let copies = core.shelf.ask(|store| load(store, EvidenceOf::Messages)).await?;
    Ok(view::all(&picture, &copies))
}

/// Copies as the store's signed operations tell them.
pub(crate) fn load(store: &dyn Store, of: EvidenceOf) -> Result<Copies, StoreError> {
    Ok(gather(store.evidence(of)?))
}

fn gather(evidence: Vec<Evidence>) -> Copies {
    let mut copies = Copies::new();
    let mut receipts = Vec::new();
    for piece in evidence {
        let Ok(statement) = Statement::from_json(&piece.op.payload) else { continue };
        let (op, device) = (piece.op.hash(), piece.op.header.device);
        match statement {
            Statement::Message(message) => {
                let received = piece.logged.map(|place| moment(place.received_ms));
                let key = (message.message, message.recipient.member);
                let copy = MessageCopy { message: *message, op, received, heard: Vec::new() };
                copies.entry(key).or_insert(copy);
            }
            Statement::MessageReceipt(receipt) => {
                receipts.push(Heard { receipt: *receipt, op, device });
            }
            Statement::Receipt(_) => {}
        }
    }
    for heard in receipts {
        if let Some(copy) = copies.get_mut(&(heard.receipt.message, heard.receipt.member)) {
            copy.heard.push(heard);
        }
    }
    copies
}

/// Writes a message; durable when answered, and gone when there is a network.
async fn send(core: &Arc<Core>, wanted: &NewMessage) -> Result<MessageId, Problem> {
    core.now().clerk()?;
    // To the members as they are now; without a network as this tablet knows them.
    exchange::catch_up(core).await.ok();
    let picture = core.now();
    let profile = Arc::clone(picture.clerk()?);
    let subject = wanted.subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let subject = bounded(subject, message::SUBJECT, Field::MessageSubject)?;
    let text = bounded(wanted.text.trim().to_owned(), message::TEXT, Field::MessageText)?;
    let (to, members) = addressed(&picture, &wanted.to)?;
    if members.is_empty() {
        return Err(Reason::NoRecipient.into());
    }
    let council = picture.catalogue.council.as_ref().ok_or(ErrorCode::NotEnrolled)?;
    let (now_ms, random) = world::id_parts(&*core.world);
    let id = MessageId::new(now_ms, random);
    let hand = Hand::of(core)?;
    let made = hand.now();
    let copies = members.iter().map(|member| Message {
        message: id,
        to: to.clone(),
        copies: u32::try_from(members.len()).unwrap_or(u32::MAX),
        author: profile.member,
        author_name: picture.catalogue.name(profile.member),
        made,
        council: council.name.clone(),
        subject: subject.clone(),
        text: text.clone(),
        pressing: wanted.pressing,
        recipient: act::recipient(&picture.catalogue, member),
    });
    let copies: Vec<Message> = copies.collect();
    core.shelf
        .ask(move |store| {
            // All copies or none.
            let mut ops = Vec::with_capacity(copies.len());
            for (copy, seq) in copies.into_iter().zip(store.next_device_seq()?..) {
                let statement = Statement::Message(Box::new(copy));
                ops.push(hand.sealed(&statement, seq)?);
            }
            store.seal_all(&ops)
        })
        .await?;
    core.edited.notify_one();
    // Without a network it leaves with the next exchange.
    exchange::catch_up(core).await.ok();
    Ok(id)
}

fn bounded(text: String, most: usize, field: Field) -> Result<String, Problem> {
    if text.is_empty() || text.chars().count() > most {
        return Err(Reason::Length { field, most }.into());
    }
    Ok(text)
}

/// To whom a message goes, in the words of its author and one by one. Whoever has left gets none.
fn addressed<'a>(
    picture: &'a Picture,
    to: &Addressees,
) -> Result<(String, Vec<&'a Member>), Problem> {
    let catalogue = &picture.catalogue;
    let there = |member: &&Member| member.left.is_none();
    let chosen = |wanted: &dyn Fn(&Member) -> bool| -> Vec<&'a Member> {
        catalogue.members.iter().filter(there).filter(|member| wanted(member)).collect()
    };
    let words = Words::new(picture.preferences.language.unwrap_or(Language::Fr));
    Ok(match to {
        Addressees::Everyone => {
            // Those outside the council who receive copies read as guests.
            let reads = |member: &Member| {
                member.role == Role::Official
                    || (member.role == Role::Guest && !member.seat.is_member())
            };
            (words.say("message-everyone"), chosen(&reads))
        }
        Addressees::Group(id) => {
            let group = catalogue.group(*id).ok_or(ErrorCode::NotFound)?;
            (group.name.clone(), chosen(&|member| member.groups.contains(id)))
        }
        Addressees::Body(id) => {
            let body = catalogue.bodies.iter().find(|body| body.id == *id);
            let body = body.ok_or(ErrorCode::NotFound)?;
            (body.name.clone(), chosen(&|member| body.members.contains(&member.id)))
        }
        Addressees::Members(ids) => {
            if let Some(missing) = ids.iter().find(|id| catalogue.member(**id).is_none()) {
                return Err(Problem::about(ErrorCode::NotFound, missing.to_string()));
            }
            let members = chosen(&|member| ids.contains(&member.id));
            // Nobody reads in their copy who else was chosen.
            let name = match members[..] {
                [one] => one.full_name(),
                _ => words.say_with("message-people", &[("n", members.len().into())]),
            };
            (name, members)
        }
    })
}
