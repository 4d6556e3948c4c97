//! `held`: letters and text messages that a restored server holds back, and what is decided of them.
//! The running server heeds it when it next looks at its queue, within half a minute.

use std::path::Path;
use std::sync::Arc;

use domain::{Channel, CouncilId, Timestamp};
use serde::Serialize;

use super::CommandError;
use crate::config::database_file;
use crate::log::post::{About, Decision, Outgoing, Post};
use crate::log::sqlite::{Options, SqliteLog};
use crate::metrics::Metrics;

/// A message that is held, as the operator reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldMessage {
    /// Its number in the queue.
    pub number: i64,
    /// The council.
    pub council: CouncilId,
    /// Title of the sitting, or subject of the message.
    pub subject: String,
    /// When it was written.
    pub made: Timestamp,
    /// Number of the reminder; 0 for the convocation or message itself.
    pub reminder: u32,
    /// To whom.
    pub name: String,
    /// By which way.
    pub channel: Channel,
    /// E-mail address or telephone number.
    pub address: String,
}

impl HeldMessage {
    fn of(message: &Outgoing) -> Self {
        let (subject, made) = match &message.about {
            About::Convocation(convocation) => (&convocation.title, convocation.made),
            About::Message(words) => (&words.subject, words.made),
        };
        let name = message.about.recipient(message.member).map(|to| to.name.clone());
        Self {
            number: message.number,
            council: message.council,
            subject: subject.clone(),
            made,
            reminder: message.reminder,
            name: name.unwrap_or_default(),
            channel: message.channel,
            address: message.address.clone(),
        }
    }
}

/// Which of the held messages are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// Those with these numbers.
    Numbers(Vec<i64>),
}

/// The post of a data directory.
///
/// # Errors
/// [`CommandError`], also when it holds no council.
pub fn post(data: &Path) -> Result<Arc<dyn Post>, CommandError> {
    let database = database_file(data);
    if !database.exists() {
        return Err(CommandError::NoCouncil(data.to_owned()));
    }
    let log = SqliteLog::open(&database, Options::default(), Arc::new(Metrics::default()))?;
    Ok(Arc::new(log))
}

/// What is held, oldest first.
///
/// # Errors
/// [`CommandError`].
pub async fn held(post: &dyn Post) -> Result<Vec<HeldMessage>, CommandError> {
    Ok(post.held().await?.iter().map(HeldMessage::of).collect())
}

/// Decides on held messages; how many those were.
///
/// # Errors
/// [`CommandError`]; a number that is not held is named, and nothing was changed.
pub async fn decide(
    post: &dyn Post,
    which: Which,
    decision: Decision,
    now_ms: i64,
) -> Result<u64, CommandError> {
    let held: Vec<i64> = post.held().await?.iter().map(|message| message.number).collect();
    let numbers = match which {
        Which::All => held,
        Which::Numbers(numbers) => {
            if let Some(stranger) = numbers.iter().find(|number| !held.contains(number)) {
                return Err(CommandError::Argument(format!(
                    "No message with the number {stranger} is held; nothing was changed. `held` \
                     without more lists them."
                )));
            }
            numbers
        }
    };
    Ok(post.decide(numbers, decision, now_ms).await?)
}
