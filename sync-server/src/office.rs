//! The council's office: what the server itself says in the log, signed with its own key.
//!
//! It writes the directory of devices (one card for each, so that anybody can check any signature
//! without the server), witnesses what it sends, and lays before the clerks what other software
//! brings. It has one line of numbers like every device,
//! so one pen is held at a time; a maintenance command never writes beside a running server.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::{CouncilId, DeviceCard, MemberId, PublicKey, Record, Sitting, Statement, Timestamp};
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair};
use tokio_util::sync::CancellationToken;
use wire::{
    Audience, DocKey, Header, Kind, Op, Outcome, ProblemCode, RecordPayload, Scope, WipeOrder,
};

use crate::codes;
use crate::config::{Clock, key_file};
use crate::log::{Examined, Log, LogError, Standing};
use crate::poke::Pokes;

/// How often the directory of devices is looked through.
const DIRECTORY: Duration = Duration::from_secs(60);
/// How often other processes may be faster before the office gives up for now.
const PATIENCE: u32 = 20;
/// Operations written in one go.
const BATCH: usize = 256;

/// What is to be written.
#[derive(Debug)]
struct Draft {
    audience: Audience,
    document: DocKey,
    kind: Kind,
    payload: Vec<u8>,
}

/// The office of every council on this server.
pub(crate) struct Office {
    keys: Option<Ed25519KeyPair>,
    /// Makes the addresses of calendars; drawn from the same secret.
    addresses: Option<hmac::Key>,
    log: Arc<dyn Log>,
    clock: Clock,
    pokes: Arc<Pokes>,
    pen: tokio::sync::Mutex<()>,
}

impl Office {
    /// The office with the key of this data directory. Without a key it writes nothing.
    pub(crate) fn open(data: &Path, log: Arc<dyn Log>, clock: Clock, pokes: Arc<Pokes>) -> Self {
        let document = std::fs::read(key_file(data)).ok();
        let keys = document.as_ref().and_then(|key| Ed25519KeyPair::from_pkcs8(key).ok());
        let addresses = document.filter(|_| keys.is_some()).map(|key| {
            let whole = hmac::Key::new(hmac::HMAC_SHA256, &key);
            let derived = hmac::sign(&whole, b"pupitre/calendar/1");
            hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref())
        });
        if keys.is_none() {
            tracing::warn!(
                "the server's own key is missing: devices are not listed and nothing is sent"
            );
        }
        Self { keys, addresses, log, clock, pokes, pen: tokio::sync::Mutex::default() }
    }

    /// The n-th address of a member's calendar: 160 bits that nobody can guess, and that this server can
    /// make again, so that it stands nowhere. None without a key.
    pub(crate) fn calendar(
        &self,
        council: CouncilId,
        member: MemberId,
        nth: u64,
    ) -> Option<String> {
        let mut context = hmac::Context::with_key(self.addresses.as_ref()?);
        context.update(&council.to_bytes());
        context.update(&member.to_bytes());
        context.update(&nth.to_be_bytes());
        let mac = context.sign();
        let mut bits = [0; 20];
        for (to, from) in bits.iter_mut().zip(mac.as_ref()) {
            *to = *from;
        }
        Some(codes::password(bits).to_ascii_lowercase())
    }

    /// Vouches for an order that the log has taken, for a device that does not know who gave it. None
    /// without the council's key.
    pub(crate) async fn vouch(&self, council: CouncilId, order: &WipeOrder) -> Option<[u8; 64]> {
        let keys = self.keys.as_ref()?;
        let office = self.log.office(council).await.ok()?;
        if keys.public_key().as_ref() != office.device.key {
            return None;
        }
        keys.sign(&order.signing_bytes()).as_ref().try_into().ok()
    }

    /// Whether it can sign; an office that cannot witnesses nothing, so nothing is sent.
    pub(crate) const fn has_key(&self) -> bool {
        self.keys.is_some()
    }

    /// Keeps the directory of devices up to date until `closing`: for devices of a time when there
    /// was none, whose card a crash prevented, or that a maintenance command has shut out.
    pub(crate) async fn keep_directory(&self, closing: &CancellationToken) {
        loop {
            match self.log.councils().await {
                Ok(councils) => {
                    for council in councils {
                        self.list_devices(council).await;
                    }
                }
                Err(error) => tracing::warn!(%error, "the directory of devices waits"),
            }
            tokio::select! {
                () = closing.cancelled() => return,
                () = tokio::time::sleep(DIRECTORY) => {}
            }
        }
    }

    /// Lists the devices of a council that the directory lacks. Nobody waits for it: what fails now
    /// is done at the next occasion.
    pub(crate) async fn list_devices(&self, council: CouncilId) {
        match self.write_cards(council).await {
            Ok(false) => {}
            Ok(true) => self.ring(council).await,
            Err(error) => tracing::warn!(%error, "the directory of devices is not up to date"),
        }
    }

    /// Tells tablets that the log has grown.
    pub(crate) async fn ring(&self, council: CouncilId) {
        match self.log.head(council).await {
            Ok(head) => self.pokes.poke(council, head),
            Err(error) => tracing::warn!(%error, "tablets are not told of new entries"),
        }
    }

    /// Writes the cards that the directory lacks; answers whether the log has grown.
    async fn write_cards(&self, council: CouncilId) -> Result<bool, LogError> {
        let _pen = self.pen.lock().await;
        let wanting = self.log.uncarded(council).await?;
        let now = moment((self.clock)());
        let mut drafts = Vec::with_capacity(wanting.len());
        for wanting in wanting {
            let device = wanting.device;
            let card = DeviceCard {
                id: device.id,
                member: device.member,
                signing_key: PublicKey::from_bytes(device.key),
                agreement_key: None,
                enrolled: moment(wanting.enrolled_ms),
                revoked: (device.standing == Standing::Revoked).then_some(now),
            };
            drafts.push(of_record(&Record::Device(card), wanting.version)?);
        }
        Ok(!self.write(council, drafts).await?.is_empty())
    }

    /// Puts what the office has witnessed into the log.
    pub(crate) async fn witness(
        &self,
        council: CouncilId,
        receipts: &[Statement],
    ) -> Result<(), LogError> {
        let _pen = self.pen.lock().await;
        let drafts = receipts
            .iter()
            .map(|receipt| {
                Ok(Draft {
                    audience: Audience::Person(receipt.reader()),
                    document: DocKey::of_statement(receipt),
                    kind: Kind::Receipt,
                    payload: receipt.to_json().map_err(|error| unwritable(&error))?,
                })
            })
            .collect::<Result<Vec<_>, LogError>>()?;
        let outcomes = self.write(council, drafts).await?;
        match outcomes.iter().find(|outcome| !matches!(outcome, Outcome::Accepted { .. })) {
            None => Ok(()),
            Some(outcome) => {
                Err(LogError::Failing(format!("the office's own word was not taken: {outcome:?}")))
            }
        }
    }

    /// Lays a draft that other software brought before the council's clerks, over the version that
    /// stands (0 when there is none), and tells their tablets.
    pub(crate) async fn bring(
        &self,
        council: CouncilId,
        sitting: Sitting,
        if_version: u64,
    ) -> Result<Outcome, LogError> {
        let pen = self.pen.lock().await;
        let draft = of_record(&Record::Sitting(Box::new(sitting)), if_version)?;
        let outcomes = self.write(council, vec![draft]).await?;
        drop(pen);
        let outcome = outcomes.into_iter().next().ok_or_else(|| {
            LogError::Failing("the server's own key is missing or another's".to_owned())
        })?;
        self.ring(council).await;
        Ok(outcome)
    }

    /// Seals and appends with the pen in hand.
    async fn write(
        &self,
        council: CouncilId,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Outcome>, LogError> {
        let Some(keys) = &self.keys else { return Ok(Vec::new()) };
        let mut outcomes = Vec::with_capacity(drafts.len());
        let mut drafts: VecDeque<Draft> = drafts.into();
        let mut overtaken = 0;
        while !drafts.is_empty() && overtaken < PATIENCE {
            let office = self.log.office(council).await?;
            if keys.public_key().as_ref() != office.device.key {
                tracing::warn!("the server's key is not the one this council was founded with");
                return Ok(outcomes);
            }
            let made_ms = (self.clock)();
            let ops = drafts.iter().take(BATCH).zip(1..).map(|(draft, nth)| {
                let header = Header {
                    council,
                    scope: Scope { owner: office.device.member, audience: draft.audience },
                    document: draft.document,
                    device: office.device.id,
                    device_seq: office.last_seq + nth,
                    kind: draft.kind,
                    epoch: 0,
                    made_ms,
                };
                let op = Op::seal(header, draft.payload.clone(), |text| {
                    let mut signature = [0; 64];
                    for (to, from) in signature.iter_mut().zip(keys.sign(text).as_ref()) {
                        *to = *from;
                    }
                    signature
                });
                Examined::examine(op, &office.device)
            });
            let appended = self.log.append(office.device.id, ops.collect(), made_ms).await?;
            for ack in appended.acks {
                // Another process of this server wrote under this number: once more under the next.
                if ack.outcome == (Outcome::Refused { code: ProblemCode::TooMany }) {
                    overtaken += 1;
                    break;
                }
                drafts.pop_front();
                outcomes.push(ack.outcome);
            }
        }
        if drafts.is_empty() {
            return Ok(outcomes);
        }
        Err(LogError::Failing("other processes write in the office's name all the time".to_owned()))
    }
}

fn of_record(record: &Record, if_version: u64) -> Result<Draft, LogError> {
    let json = record.to_json().map_err(|error| unwritable(&error))?;
    let payload = wire::encode(&RecordPayload { if_version, record: json })
        .map_err(|error| unwritable(&error))?;
    let audience =
        if record.is_restricted_to_clerks() { Audience::Administration } else { Audience::Council };
    Ok(Draft {
        audience,
        document: DocKey::of_record(record.id().into_bytes()),
        kind: Kind::Record,
        payload,
    })
}

fn unwritable(error: &dyn std::fmt::Display) -> LogError {
    LogError::Failing(error.to_string())
}

fn moment(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
