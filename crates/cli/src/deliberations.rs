//! Files of deliberations: read and told line by line, or brought onto an agenda.

use std::path::Path;

use client::Client;
use domain::{Date, SittingId};
use ipc::{ClerkCommand, ClerkReply, Command, DeliberationsFile, Listing, Reason, Reply, Words};
use serde::Serialize;

use crate::answers::Answer;
use crate::failure::Failure;
use crate::tablet::{ask, the, unexpected};

/// Sentences that are shown at most.
const SHOWN: usize = 50;

/// A file as it was read: names here are the contract with scripts; adding is free.
#[derive(Debug, Serialize)]
pub(crate) struct Read {
    #[serde(flatten)]
    file: DeliberationsFile,
    /// Whether every row could be read and keeps to the schema.
    valid: bool,
    /// Mistakes and departures as sentences.
    problems: Vec<String>,
}

/// What came of adding.
#[derive(Debug, Serialize)]
pub(crate) struct Added {
    sitting: SittingId,
    added: u32,
    /// Rows left aside and departures, as sentences.
    problems: Vec<String>,
}

impl Read {
    /// The answer for people.
    pub(crate) fn line(&self) -> String {
        let mut lines = shown(self.problems.clone());
        lines.push(format!(
            "{} deliberations read, {} rows that cannot be read, {} departures from the schema.",
            self.file.deliberations.len(),
            self.file.mistakes.len(),
            self.file.departures.len()
        ));
        lines.join("\n")
    }
}

impl Added {
    /// The answer for people.
    pub(crate) fn line(&self) -> String {
        let mut lines = shown(self.problems.clone());
        lines.push(format!("{} items added; publish the draft when it is ready.", self.added));
        lines.join("\n")
    }
}

fn shown(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > SHOWN {
        lines.truncate(SHOWN);
        lines.push("…".to_owned());
    }
    lines
}

fn sentences<'a>(reasons: impl Iterator<Item = &'a Reason>, words: &Words) -> Vec<String> {
    let mut reasons: Vec<&Reason> = reasons.collect();
    reasons.sort_by_key(|reason| if let Reason::InFile { line, .. } = reason { *line } else { 0 });
    reasons.into_iter().map(|reason| words.reason(reason)).collect()
}

/// Reads a file.
pub(crate) fn check(path: &Path, words: &Words) -> Result<Answer, Failure> {
    let file = client::deliberations::read_file(path)?;
    let problems = sentences(file.mistakes.iter().chain(&file.departures), words);
    let valid = problems.is_empty();
    Ok(Answer::DeliberationsRead(Box::new(Read { file, valid, problems })))
}

/// Adds the deliberations of a day to a sitting's agenda.
pub(crate) async fn add(
    client: &Client,
    sitting: SittingId,
    (file, on): (&Path, Option<Date>),
    skip_bad_rows: bool,
    words: &Words,
) -> Result<Answer, Failure> {
    let file = std::path::absolute(file).unwrap_or(file.to_owned());
    let command = ClerkCommand::ListDeliberations { sitting, file, on, skip_bad_rows };
    let reply = ask(client, Command::Clerk(command), the!(Reply::Clerk)).await?;
    let ClerkReply::Listing(listing) = reply else { return Err(unexpected()) };
    let Listing { done, added, mistakes, departures } = *listing;
    if !done {
        let lines = sentences(mistakes.iter(), words);
        let n = lines.len();
        let end = words.say_with("import-refused", &[("n", n.into())]);
        return Err(Failure::Rows { lines: shown(lines), end });
    }
    let problems = sentences(mistakes.iter().chain(&departures), words);
    Ok(Answer::DeliberationsAdded(Added { sitting, added, problems }))
}
