//! The tracking as a table for spreadsheets: one line for everything that happened, by recipient and
//! way, oldest first.
//!
//! French spreadsheets read UTF-8 only with a byte order mark, and semicolons between cells. A cell
//! that a spreadsheet would take for a formula gets an apostrophe before it: names and answers of mail
//! servers come from outside.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::convocation::Act;
use domain::{
    Answer, Channel, Happening, MessageCopy, MessageId, Proceedings, Reached, Recipient, SittingId,
    Timestamp,
};
use ipc::{ErrorCode, Language, Problem, Reply, Words};

use crate::core::Core;
use crate::messages;
use crate::notebook::new_file;
use crate::picture::Picture;
use crate::ports::EvidenceOf;
use crate::problem;

/// Names of the columns, by their words.
const COLUMNS: [&str; 9] = [
    "csv-what",
    "csv-name",
    "csv-channel",
    "csv-state",
    "csv-day",
    "csv-time",
    "csv-to",
    "csv-detail",
    "csv-instant",
];

/// Writes the tracking of a sitting's convocations.
pub(crate) async fn of_sitting(
    core: &Arc<Core>,
    sitting: SittingId,
    out: Option<PathBuf>,
) -> Result<Reply, Problem> {
    let picture = core.now();
    picture.clerk()?;
    let title = picture.catalogue.sitting(sitting)?.title.clone();
    let proceedings = picture.proceedings(sitting).ok_or(ErrorCode::NotConvened)?;
    let sheet = {
        let ledger = Ledger::new(&picture);
        ledger.sheet(&title, &ledger.convocations(proceedings))?
    };
    write(core, sheet, out).await
}

/// Writes the tracking of a message.
pub(crate) async fn of_message(
    core: &Arc<Core>,
    message: MessageId,
    out: Option<PathBuf>,
) -> Result<Reply, Problem> {
    let picture = core.now();
    picture.clerk()?;
    let mut copies = core.shelf.ask(|store| messages::load(store, EvidenceOf::Messages)).await?;
    copies.retain(|(of, _), _| *of == message);
    let sheet = Ledger::new(&picture).message(copies.values())?;
    write(core, sheet, out).await
}

/// One thing that happened.
struct Line {
    what: String,
    name: String,
    channel: Option<Channel>,
    state: String,
    at: Option<Timestamp>,
    to: String,
    detail: String,
}

/// A table, and what a new file of it is called.
struct Sheet {
    title: String,
    bytes: Vec<u8>,
}

struct Ledger<'a> {
    picture: &'a Picture,
    words: Words,
}

impl<'a> Ledger<'a> {
    fn new(picture: &'a Picture) -> Self {
        let language = picture.preferences.language.unwrap_or(Language::Fr);
        Self { picture, words: Words::new(language) }
    }

    /// The copies of one message, by name.
    fn message<'b>(&self, copies: impl Iterator<Item = &'b MessageCopy>) -> Result<Sheet, Problem> {
        let mut lines = Vec::new();
        let mut subject = None;
        for copy in copies {
            let what = copy.message.subject.clone();
            let happened =
                copy.heard.iter().map(|heard| (&heard.receipt.happening, heard.receipt.at));
            lines.extend(self.lines(&what, &copy.message.recipient, copy.received, happened));
            subject = Some(what);
        }
        lines.sort_by(|a, b| (&a.name, a.channel, a.at).cmp(&(&b.name, b.channel, b.at)));
        self.sheet(&subject.ok_or(ErrorCode::NotFound)?, &lines)
    }

    fn sheet(&self, about: &str, lines: &[Line]) -> Result<Sheet, Problem> {
        let bytes = self.table(lines).map_err(|error| problem::internal(error.to_string()))?;
        Ok(Sheet { title: self.words.say_with("csv-file", &[("title", about.into())]), bytes })
    }

    /// Every convocation of a sitting, in the order of its recipients.
    fn convocations(&self, proceedings: &Proceedings) -> Vec<Line> {
        let mut lines = Vec::new();
        for sent in &proceedings.sent {
            let convocation = &sent.convocation;
            let key = match convocation.act {
                Act::Convene => "proof-convocation",
                Act::Cancel => "proof-called-off",
            };
            let number = convocation.number.to_string();
            let what = self.words.say_with(key, &[("number", number.into())]);
            for recipient in &convocation.recipients {
                let receipts = proceedings.witnessed.iter().map(|witnessed| &witnessed.receipt);
                let own = receipts.filter(|receipt| {
                    receipt.convocation == convocation.id && receipt.member == recipient.member
                });
                let happened = own.map(|receipt| (&receipt.happening, receipt.at));
                let mut of_one = self.lines(&what, recipient, Some(sent.received), happened);
                of_one.sort_by_key(|line| (line.channel, line.at));
                lines.extend(of_one);
            }
        }
        lines
    }

    /// What happened to one recipient; a way on which nothing has happened has an empty line.
    fn lines<'b>(
        &self,
        what: &str,
        recipient: &Recipient,
        in_app: Option<Timestamp>,
        happened: impl Iterator<Item = (&'b Happening, Timestamp)>,
    ) -> Vec<Line> {
        let line = |channel, state: &str, at, to: &str, detail: &str| Line {
            what: what.to_owned(),
            name: recipient.name.clone(),
            channel,
            state: self.words.say(state),
            at,
            to: to.to_owned(),
            detail: detail.to_owned(),
        };
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut lines = Vec::new();
        if let Some(at) = in_app.filter(|_| recipient.channels.contains(&Channel::App)) {
            lines.push(line(Some(Channel::App), reached(Reached::Dispatched), Some(at), "", ""));
        }
        for (happening, at) in happened {
            let app = Some(Channel::App);
            let at = Some(at);
            lines.push(match happening {
                Happening::Dispatched { channel, to, proof, reminder, .. } => {
                    let state =
                        if *reminder { "csv-reminder" } else { reached(Reached::Dispatched) };
                    line(Some(*channel), state, at, &text(to), &text(proof))
                }
                Happening::Failed { channel, to, reason } => {
                    line(Some(*channel), reached(Reached::Failed), at, &text(to), reason)
                }
                Happening::Reminded { .. } => line(None, "proof-reminded", at, "", ""),
                Happening::Delivered => line(app, reached(Reached::Delivered), at, "", ""),
                Happening::Opened => line(app, reached(Reached::Opened), at, "", ""),
                Happening::Answered { answer } => {
                    let said = self.answer(*answer);
                    line(app, reached(Reached::Answered), at, "", &said)
                }
                Happening::Borne { giver, accepts } => {
                    let key = if *accepts { "proxy-taken" } else { "proxy-refused" };
                    let name = self.picture.catalogue.name(*giver);
                    let said = self.words.say_with(key, &[("name", name.into())]);
                    line(app, reached(Reached::Answered), at, "", &said)
                }
            });
        }
        for channel in &recipient.channels {
            if !lines.iter().any(|line| line.channel == Some(*channel)) {
                lines.push(line(Some(*channel), "reached-nothing", None, "", ""));
            }
        }
        lines
    }

    fn answer(&self, answer: Answer) -> String {
        match answer {
            Answer::Present => self.words.say("answer-present"),
            Answer::Late => self.words.say("answer-late"),
            Answer::Absent => self.words.say("answer-absent"),
            Answer::Proxy(bearer) => {
                let name = self.picture.catalogue.name(bearer);
                self.words.say_with("answer-proxy-to", &[("name", name.into())])
            }
        }
    }

    fn cells(&self, line: &Line) -> [String; COLUMNS.len()] {
        let channel = match line.channel {
            None => String::new(),
            Some(Channel::App) => self.words.say("channel-app"),
            Some(Channel::Email) => self.words.say("channel-email"),
            Some(Channel::Sms) => self.words.say("channel-sms"),
            Some(Channel::Paper) => self.words.say("channel-paper"),
        };
        let local = line.at.map(|at| self.picture.catalogue.local(at));
        let (day, time) = local.map_or_else(Default::default, |at| {
            (
                format!("{:02}/{:02}/{}", at.day, at.month, at.year),
                format!("{:02}:{:02}", at.hour, at.minute),
            )
        });
        let instant = line.at.map(|at| at.to_string()).unwrap_or_default();
        let (what, name) = (line.what.clone(), line.name.clone());
        let (to, detail) = (line.to.clone(), line.detail.clone());
        [what, name, channel, line.state.clone(), day, time, to, detail, instant].map(harmless)
    }

    /// The whole file.
    fn table(&self, lines: &[Line]) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(COLUMNS.map(|key| self.words.say(key)))?;
        for line in lines {
            writer.write_record(self.cells(line))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

const fn reached(state: Reached) -> &'static str {
    match state {
        Reached::Failed => "reached-failed",
        Reached::Dispatched => "reached-dispatched",
        Reached::Delivered => "reached-delivered",
        Reached::Opened => "reached-opened",
        Reached::Answered => "reached-answered",
    }
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

async fn write(core: &Core, sheet: Sheet, out: Option<PathBuf>) -> Result<Reply, Problem> {
    let Sheet { title, bytes } = sheet;
    let file = out.unwrap_or_else(|| new_file(&core.world.downloads(), &title, "csv"));
    let name = file.display().to_string();
    let to = file.clone();
    tokio::task::spawn_blocking(move || replace(&to, &bytes))
        .await
        .map_err(|_| problem::internal("writing the tracking"))?
        .map_err(|_| Problem::about(ErrorCode::FileUnwritable, name))?;
    Ok(Reply::Written { file })
}

/// Whole or not at all: a spreadsheet that reads meanwhile sees no half of it.
fn replace(to: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let half = to.with_extension("csv.part");
    std::fs::write(&half, bytes)?;
    std::fs::rename(&half, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_reads_letters_and_semicolons_and_runs_nothing() {
        let picture = Picture::default();
        let ledger = Ledger::new(&picture);
        let line = Line {
            what: "Convocation n° 1".to_owned(),
            name: "=HYPERLINK(\"http://x\";\"Élodie\")".to_owned(),
            channel: Some(Channel::Sms),
            state: "envoyé".to_owned(),
            at: Some("2026-09-22T10:05:00Z".parse().unwrap()),
            to: "+33612345678".to_owned(),
            detail: "250 ok; queued\n@2".to_owned(),
        };
        let text = String::from_utf8(ledger.table(&[line]).unwrap()).unwrap();
        let mut lines = text.split("\r\n");
        assert!(
            lines.next().unwrap().starts_with("\u{feff}Envoi;Destinataire;Voie;État"),
            "{text}"
        );
        assert_eq!(
            lines.next().unwrap(),
            "Convocation n° 1;\"'=HYPERLINK(\"\"http://x\"\";\"\"Élodie\"\")\";SMS;envoyé;\
             22/09/2026;10:05;'+33612345678;\"250 ok; queued\n@2\";2026-09-22T10:05:00Z"
        );
        assert_eq!(lines.next(), Some(""));
    }
}
