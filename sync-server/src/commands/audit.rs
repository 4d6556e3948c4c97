//! `audit`: what happened at the councils' doors, for the operator; and what an operator's own deeds
//! leave there.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use domain::{CouncilId, DeviceId, Entity, Record, Timestamp};
use serde::Serialize;

use super::CommandError;
use crate::config::database_file;
use crate::log::Log;
use crate::log::audit::{By, Deed, Done, Line, all as lines_of};
use crate::log::sqlite::{Options, SqliteLog};
use crate::metrics::Metrics;

/// A line as the operator reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditedLine {
    /// The council.
    pub council: CouncilId,
    /// Its number.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// What was done, as a word.
    pub done: String,
    /// By which device; none for the operator and the server.
    pub device: Option<DeviceId>,
    /// By whom: the name of that device's member.
    pub by: Option<String>,
    /// To what: the identifier of a member, a device or a sitting, as the word says.
    pub subject: Option<String>,
    /// What that is called, when the council's records say.
    pub subject_name: Option<String>,
    /// A role, a device's name, a number; may be empty.
    pub detail: String,
}

/// The log of a data directory.
///
/// # Errors
/// [`CommandError`], also when it holds no council.
pub fn log(data: &Path) -> Result<Arc<dyn Log>, CommandError> {
    let database = database_file(data);
    if !database.exists() {
        return Err(CommandError::NoCouncil(data.to_owned()));
    }
    let log = SqliteLog::open(&database, Options::default(), Arc::new(Metrics::default()))?;
    Ok(Arc::new(log))
}

/// All lines of all councils, the last first.
///
/// # Errors
/// [`CommandError`].
pub async fn audit(log: &dyn Log) -> Result<Vec<AuditedLine>, CommandError> {
    let mut all = Vec::new();
    for council in log.councils().await? {
        let mut names = Names { log, council, known: BTreeMap::new() };
        for line in lines_of(log, council).await? {
            all.push(names.told(line).await?);
        }
    }
    all.sort_by_key(|line| std::cmp::Reverse(line.number));
    Ok(all)
}

/// Writes down that everything was copied into a backup.
///
/// # Errors
/// [`CommandError`].
pub async fn note_backup(log: &dyn Log, now_ms: i64) -> Result<(), CommandError> {
    for council in log.councils().await? {
        log.note(council, Deed::of(Done::BackedUp), By::operator(now_ms)).await?;
    }
    Ok(())
}

/// What the records call people and sittings.
struct Names<'a> {
    log: &'a dyn Log,
    council: CouncilId,
    known: BTreeMap<[u8; 16], Option<String>>,
}

impl Names<'_> {
    async fn told(&mut self, line: Line) -> Result<AuditedLine, CommandError> {
        let by = match line.member {
            Some(member) => self.of(member.to_bytes()).await?,
            None => None,
        };
        let subject_name = match line.subject {
            Some(subject) => self.of(subject).await?,
            None => None,
        };
        Ok(AuditedLine {
            council: self.council,
            number: line.number,
            at: Timestamp::from_millisecond(line.at_ms).unwrap_or(Timestamp::UNIX_EPOCH),
            done: line.done,
            device: line.device,
            by,
            subject: line.subject.map(|id| DeviceId::from_bytes(id).to_string()),
            subject_name,
            detail: line.detail,
        })
    }

    async fn of(&mut self, id: [u8; 16]) -> Result<Option<String>, CommandError> {
        if let Some(name) = self.known.get(&id) {
            return Ok(name.clone());
        }
        let mut name = None;
        for entity in [Entity::Member, Entity::Sitting] {
            match self.log.record(self.council, entity, id).await? {
                Some((_, Record::Member(member))) => {
                    name = Some(member.full_name().trim().to_owned());
                }
                Some((_, Record::Sitting(sitting))) => name = Some(sitting.title),
                Some(_) | None => {}
            }
        }
        self.known.insert(id, name.clone());
        Ok(name)
    }
}

impl AuditedLine {
    /// One line of text: when, what, by whom, to what.
    #[must_use]
    pub fn text(&self) -> String {
        let by = match (&self.by, self.device) {
            (Some(name), _) if !name.is_empty() => name.clone(),
            (_, Some(device)) => device.to_string(),
            (_, None) => "the operator".to_owned(),
        };
        let subject = match (&self.subject_name, &self.subject) {
            (Some(name), _) if !name.is_empty() => name.clone(),
            (_, Some(id)) => id.clone(),
            (_, None) => String::new(),
        };
        let parts = [&*self.at.to_string(), &*self.done, &*by, &*subject, &*self.detail];
        parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("  ")
    }
}
