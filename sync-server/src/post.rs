//! The post: convocations, reminders and messages leave by e-mail, by text message where there is no
//! address.
//!
//! What is to be sent is read off the log, so nothing is lost; each message is one row of a durable
//! queue, so nothing leaves twice. An attempt is recorded just before the message's last byte goes
//! out, the next hand's answer just after. A crash exactly between the two leaves one message of
//! which nobody can know whether it was taken: it is sent again under the same `Message-ID`.
//! A passing trouble is tried again with growing pauses, a lasting one falls back to the next way.
//! What became of each message is witnessed in the log by the office. After a restore the copy does
//! not know what left since it was taken: such messages are held, told as failed with the reason, and
//! leave when somebody who knows says so.

mod letter;
pub mod sms;
mod smtp;

use std::sync::Arc;
use std::time::Duration;

use domain::{Channel, Happening, MessageReceipt, Receipt, Statement, Timestamp};
use futures_util::StreamExt;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use letter::{Letters, MailLanguage};
pub use smtp::{Smtp, SmtpAddress, SmtpAddressError};

use crate::config::Clock;
use crate::log::LogError;
use crate::log::post::{About, Done, End, Fate, Outgoing, Post, Subject};
use crate::office::Office;
use sms::SmsGateway;

/// Messages taken from the queue at once.
const BATCH: u32 = 256;
/// Connections to the mail server at the same time.
const LANES: usize = 2;
/// Attempts before a message is given up.
const ATTEMPTS: u32 = 12;
/// Longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(2 * 3_600);
/// The queue is looked at this often without being told.
const LOOK: Duration = Duration::from_secs(30);

/// How messages leave.
#[derive(Clone)]
pub struct PostConfig {
    /// The mail server; without one, e-mails wait.
    pub smtp: Option<Smtp>,
    /// The text message provider; without one, text messages wait.
    pub sms: Option<Arc<dyn SmsGateway>>,
    /// The language of what is written.
    pub language: MailLanguage,
    /// Pause before the second attempt; it doubles with each further one.
    pub pause: Duration,
}

impl Default for PostConfig {
    fn default() -> Self {
        let language = MailLanguage::default();
        Self { smtp: None, sms: None, language, pause: Duration::from_secs(60) }
    }
}

impl std::fmt::Debug for PostConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostConfig")
            .field("smtp", &self.smtp)
            .field("sms", &self.sms.is_some())
            .finish_non_exhaustive()
    }
}

/// Carries the post.
pub(crate) struct Courier {
    post: Arc<dyn Post>,
    config: PostConfig,
    letters: Letters,
    clock: Clock,
    /// Rung when the log has grown.
    bell: Arc<Notify>,
}

impl Courier {
    pub(crate) fn new(
        post: Arc<dyn Post>,
        config: PostConfig,
        clock: Clock,
        bell: Arc<Notify>,
    ) -> Self {
        let letters = Letters::new(config.language);
        Self { post, config, letters, clock, bell }
    }

    /// Carries until `closing`; the message under way is finished.
    pub(crate) async fn run(&self, office: &Office, closing: &CancellationToken) {
        while !closing.is_cancelled() {
            let rest = match self.round(office, closing).await {
                Ok(rest) => rest,
                Err(error) => {
                    tracing::warn!(%error, "the post waits");
                    LOOK
                }
            };
            tokio::select! {
                () = closing.cancelled() => break,
                () = self.bell.notified() => {}
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    /// Queues, sends what is due, tells the log; answers how long there is nothing to do.
    async fn round(
        &self,
        office: &Office,
        closing: &CancellationToken,
    ) -> Result<Duration, LogError> {
        if !office.has_key() || !self.post.is_ours().await? {
            return Ok(LOOK);
        }
        let queued = self.post.gather((self.clock)()).await?;
        if queued > 0 {
            tracing::info!(messages = queued, "queued");
        }
        self.tell(office).await?;
        if self.config.smtp.is_none() && self.config.sms.is_none() {
            return Ok(LOOK);
        }
        loop {
            let due: Vec<Outgoing> = self
                .post
                .due((self.clock)(), BATCH)
                .await?
                .into_iter()
                .filter(|message| self.has_way(message.channel))
                .collect();
            if due.is_empty() || closing.is_cancelled() {
                break;
            }
            self.send(due, closing).await?;
            self.tell(office).await?;
        }
        let next = self.post.next_due().await?;
        let wait = next.map_or(i64::MAX, |next| next.saturating_sub((self.clock)())).max(0);
        Ok(Duration::from_millis(u64::try_from(wait).unwrap_or(0)).clamp(SHORTEST, LOOK))
    }

    fn has_way(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.config.smtp.is_some(),
            Channel::Sms => self.config.sms.is_some(),
            Channel::App | Channel::Paper => false,
        }
    }

    async fn send(&self, due: Vec<Outgoing>, closing: &CancellationToken) -> Result<(), LogError> {
        let (letters, texts): (Vec<Outgoing>, Vec<Outgoing>) =
            due.into_iter().partition(|message| message.channel == Channel::Email);
        let mut lanes: Vec<Vec<Outgoing>> = (0..LANES).map(|_| Vec::new()).collect();
        for (message, lane) in letters.into_iter().zip((0..LANES).cycle()) {
            if let Some(lane) = lanes.get_mut(lane) {
                lane.push(message);
            }
        }
        let mail = futures_util::stream::iter(lanes.into_iter().filter(|lane| !lane.is_empty()))
            .map(|lane| self.mail(lane, closing))
            .buffer_unordered(LANES)
            .collect::<Vec<_>>();
        let (mailed, texted) = tokio::join!(mail, self.text(texts, closing));
        mailed.into_iter().chain([texted]).collect()
    }

    /// Sends letters over one connection.
    async fn mail(&self, lane: Vec<Outgoing>, closing: &CancellationToken) -> Result<(), LogError> {
        let Some(smtp) = &self.config.smtp else { return Ok(()) };
        let mut line = None;
        for message in lane {
            if closing.is_cancelled() {
                return Ok(());
            }
            if let Some(reason) = self.over(&message) {
                self.give_up(&message, reason.to_owned()).await?;
                continue;
            }
            let letter = match self.letters.letter(&message, smtp.from()) {
                Ok(letter) => letter,
                // An address that is none: no attempt can succeed.
                Err(error) => {
                    self.give_up(&message, error.to_string()).await?;
                    continue;
                }
            };
            let number = message.number;
            let leaving = || self.post.leaving(number);
            let sent = smtp.send(&mut line, &letter, leaving).await;
            match sent {
                Ok(answer) => self.post.left(number, Fate::Sent { answer }, (self.clock)()).await?,
                Err(smtp::Trouble::Log(error)) => return Err(error),
                Err(smtp::Trouble::Lasting(reason)) => self.give_up(&message, reason).await?,
                Err(smtp::Trouble::Passing(reason)) => self.later(&message, reason).await?,
            }
        }
        if let Some(line) = line {
            smtp::hang_up(line).await;
        }
        Ok(())
    }

    async fn text(
        &self,
        texts: Vec<Outgoing>,
        closing: &CancellationToken,
    ) -> Result<(), LogError> {
        let Some(gateway) = &self.config.sms else { return Ok(()) };
        for message in texts {
            if closing.is_cancelled() {
                return Ok(());
            }
            if let Some(reason) = self.over(&message) {
                self.give_up(&message, reason.to_owned()).await?;
                continue;
            }
            let text = self.letters.text_message(&message);
            self.post.leaving(message.number).await?;
            match gateway.send(&message.address, &text, &letter::message_key(&message)).await {
                Ok(answer) => {
                    self.post.left(message.number, Fate::Sent { answer }, (self.clock)()).await?;
                }
                Err(sms::SmsError::Lasting(reason)) => self.give_up(&message, reason).await?,
                Err(sms::SmsError::Passing(reason)) => self.later(&message, reason).await?,
            }
        }
        Ok(())
    }

    /// Why a message is no longer worth sending.
    fn over(&self, message: &Outgoing) -> Option<&'static str> {
        let About::Convocation(convocation) = &message.about else { return None };
        let starts = convocation.starts.as_millisecond();
        (starts <= (self.clock)()).then_some("the sitting has begun")
    }

    async fn later(&self, message: &Outgoing, reason: String) -> Result<(), LogError> {
        if message.attempts + 1 >= ATTEMPTS {
            return self.give_up(message, reason).await;
        }
        let pause = self.config.pause.saturating_mul(1 << message.attempts.min(16));
        let pause = i64::try_from(pause.min(LONGEST_PAUSE).as_millis()).unwrap_or(i64::MAX);
        let now = (self.clock)();
        let next_ms = now.saturating_add(pause);
        tracing::info!(number = message.number, pause, "a message is tried again later");
        self.post.left(message.number, Fate::Later { next_ms, reason }, now).await
    }

    async fn give_up(&self, message: &Outgoing, reason: String) -> Result<(), LogError> {
        let recipient = message.about.recipient(message.member);
        let instead = recipient
            .and_then(|recipient| recipient.phone.clone())
            .filter(|_| message.channel == Channel::Email)
            .map(|phone| (Channel::Sms, phone));
        tracing::warn!(number = message.number, "a message cannot be sent this way");
        self.post.left(message.number, Fate::Failed { reason, instead }, (self.clock)()).await
    }

    /// Witnesses in the log what became of messages.
    async fn tell(&self, office: &Office) -> Result<(), LogError> {
        loop {
            let done = self.post.unwitnessed(BATCH).await?;
            let Some(council) = done.first().map(|done| done.council) else { return Ok(()) };
            let done: Vec<Done> = done.into_iter().filter(|d| d.council == council).collect();
            let receipts: Vec<Statement> = done.iter().map(|done| self.receipt(done)).collect();
            office.witness(council, &receipts).await?;
            self.post.witnessed(done.iter().map(|done| done.number).collect()).await?;
            office.ring(council).await;
        }
    }

    /// What the log is told of a message.
    fn receipt(&self, done: &Done) -> Statement {
        let failed = |reason| Happening::Failed {
            channel: done.channel,
            to: Some(done.address.clone()),
            reason,
        };
        let happening = match done.end {
            End::Sent => Happening::Dispatched {
                channel: done.channel,
                to: Some(done.address.clone()),
                proof: Some(done.answer.clone()),
                message: Some(letter::message_id(
                    done.about,
                    done.member,
                    done.channel,
                    done.reminder,
                )),
                reminder: done.reminder > 0,
            },
            End::Failed => failed(done.answer.clone()),
            End::Held => failed(self.letters.say("held", &[])),
        };
        let at = Timestamp::from_millisecond(done.at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let (member, after, previous) = (done.member, None, done.op);
        match done.about {
            Subject::Convocation(sitting, convocation) => Statement::Receipt(Box::new(Receipt {
                sitting,
                convocation,
                member,
                happening,
                at,
                after,
                previous,
            })),
            Subject::Message(message) => {
                let receipt = MessageReceipt { message, member, happening, at, after, previous };
                Statement::MessageReceipt(Box::new(receipt))
            }
        }
    }
}

/// A round is not followed by another at once, whatever the clock says.
const SHORTEST: Duration = Duration::from_millis(50);
