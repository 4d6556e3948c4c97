//! Messages: sent, listed, tracked, read.

use client::Client;
use domain::{MemberId, MessageId, Timestamp};
use ipc::{
    Addressees, ClerkCommand, ClerkReply, Command, ErrorCode, MessageCommand, MessageView,
    NewMessage, PeopleView, Problem, Reply,
};
use serde::Serialize;

use crate::answers::{Answer, reached};
use crate::args::{Messages, Whom};
use crate::failure::Failure;
use crate::tablet::{ask, the, unexpected};

/// A message in a list: names here are the contract with scripts; adding is free.
#[derive(Debug, Serialize)]
pub(crate) struct Message {
    pub(crate) message: MessageId,
    pub(crate) to: String,
    pub(crate) author: String,
    pub(crate) made: Timestamp,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) read: bool,
    pub(crate) recipients: u32,
    pub(crate) dispatched: u32,
    pub(crate) opened: u32,
    pub(crate) unreachable: Vec<String>,
}

impl From<MessageView> for Message {
    fn from(view: MessageView) -> Self {
        Self {
            message: view.message,
            to: view.to,
            author: view.author,
            made: view.made.at,
            subject: view.subject,
            text: view.text,
            read: view.read,
            recipients: view.recipients,
            dispatched: view.dispatched,
            opened: view.opened,
            unreachable: view.unreachable,
        }
    }
}

/// Answers what is asked about messages.
pub(crate) async fn answer(client: &Client, asked: &Messages) -> Result<Answer, Failure> {
    match asked {
        Messages::List => {
            let all = views(client, MessageCommand::List).await?;
            Ok(Answer::Messages(all.into_iter().map(Into::into).collect()))
        }
        Messages::Send { to, subject, text, sms } => {
            let wanted = NewMessage {
                to: addressees(client, to).await?,
                subject: subject.clone(),
                text: text.clone(),
                pressing: *sms,
            };
            let sent = views(client, MessageCommand::Send(wanted)).await?;
            let sent = sent.into_iter().next().ok_or_else(unexpected)?;
            Ok(Answer::Message(Box::new(sent.into())))
        }
        Messages::Tracking { message, csv } => {
            // What came meanwhile, when there is a network.
            client.handle(Command::Sync).await.ok();
            if let Some(out) = csv {
                let out = Some(std::path::absolute(out).unwrap_or(out.clone()));
                let command = MessageCommand::Export { message: *message, out };
                let reply = client.handle(Command::Message(command)).await?;
                let Reply::Written { file } = reply else { return Err(unexpected()) };
                return Ok(Answer::Written { file: file.display().to_string() });
            }
            let all = views(client, MessageCommand::List).await?;
            let one = all.into_iter().find(|view| view.message == *message);
            let one = one.ok_or(Failure::Problem(ErrorCode::NotFound.into()))?;
            Ok(Answer::Tracking(reached(one.tracks).collect()))
        }
        Messages::Read { message } => {
            client.handle(Command::Message(MessageCommand::Read(*message))).await?;
            // A script has no background exchange: with a network the receipt leaves at once.
            client.handle(Command::Sync).await.ok();
            Ok(Answer::Kept { kept: true })
        }
    }
}

async fn views(client: &Client, command: MessageCommand) -> Result<Vec<MessageView>, Failure> {
    ask(client, Command::Message(command), the!(Reply::Messages)).await
}

/// Whom the words of the command line mean.
async fn addressees(client: &Client, to: &[Whom]) -> Result<Addressees, Failure> {
    let members: Option<Vec<MemberId>> = to
        .iter()
        .map(|whom| match whom {
            Whom::Member(member) => Some(*member),
            Whom::Everyone | Whom::Group(_) | Whom::Body(_) => None,
        })
        .collect();
    if let Some(members) = members {
        return Ok(Addressees::Members(members));
    }
    let [one] = to else {
        let said = "Name everyone, one group, one body, or as many members as you like.";
        return Err(Failure::Usage(said.to_owned()));
    };
    let people = || async {
        let command = Command::Clerk(ClerkCommand::People);
        let reply = ask(client, command, the!(Reply::Clerk)).await?;
        let ClerkReply::People(view) = reply else { return Err(unexpected()) };
        Ok::<PeopleView, Failure>(*view)
    };
    let missing =
        |name: &str| Failure::Problem(Problem::about(ErrorCode::NotFound, name.to_owned()));
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    match one {
        Whom::Everyone => Ok(Addressees::Everyone),
        Whom::Member(member) => Ok(Addressees::Members(vec![*member])),
        Whom::Group(name) => {
            let view = people().await?;
            let group = view.groups.iter().find(|group| same(&group.name, name));
            group.map(|group| Addressees::Group(group.id)).ok_or_else(|| missing(name))
        }
        Whom::Body(name) => {
            let view = people().await?;
            let body = view.bodies.iter().find(|body| same(&body.name, name));
            body.map(|body| Addressees::Body(body.id)).ok_or_else(|| missing(name))
        }
    }
}
