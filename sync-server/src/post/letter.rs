//! What is written: a letter in HTML and in plain text with the calendar entry, or a text message.

use std::fmt::Write as _;
use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

use domain::calendar::{self, Parties};
use domain::convocation::Act;
use domain::{Channel, Convocation, MemberId, Message as Words, Timestamp};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use jiff::tz::TimeZone;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};

use crate::log::post::{About, Outgoing, Subject};

/// The language of letters and text messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MailLanguage {
    /// French.
    #[default]
    French,
    /// English.
    English,
}

/// A letter ready to be handed over.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LetterError {
    /// The address is none.
    #[error("This is not an e-mail address: {0}.")]
    Address(#[from] lettre::address::AddressError),
    /// A part cannot stand in a letter.
    #[error("The letter cannot be put together: {0}.")]
    Letter(#[from] lettre::error::Error),
    /// A content type cannot be named.
    #[error("The letter cannot be put together: {0}.")]
    ContentType(#[from] lettre::message::header::ContentTypeErr),
    /// A header cannot be named.
    #[error("The letter cannot be put together: {0}.")]
    Header(#[from] lettre::message::header::InvalidHeaderName),
}

/// Names a message the same at each attempt.
pub(crate) fn message_id(
    about: Subject,
    member: MemberId,
    channel: Channel,
    reminder: u32,
) -> String {
    let way = match channel {
        Channel::App => "app",
        Channel::Email => "email",
        Channel::Sms => "sms",
        Channel::Paper => "paper",
    };
    format!("<{about}.{member}.{way}.{reminder}@pupitre>")
}

/// The same for a message of the queue.
pub(crate) fn message_key(message: &Outgoing) -> String {
    let about = match &message.about {
        About::Convocation(convocation) => {
            Subject::Convocation(convocation.sitting, convocation.id)
        }
        About::Message(words) => Subject::Message(words.message),
    };
    message_id(about, message.member, message.channel, message.reminder)
}

/// Writes letters in one language.
pub struct Letters {
    words: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Letters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letters")
    }
}

/// Longest text message, in characters: three parts of the 153 letters that one part of a longer
/// message holds (3GPP TS 23.040); beyond that providers refuse or charge without end.
const SMS: usize = 3 * 153;

/// Which of the four things a convocation says.
fn kind(convocation: &Convocation, reminder: u32) -> &'static str {
    match convocation.act {
        Act::Cancel => "cancel",
        Act::Convene if reminder > 0 => "reminder",
        Act::Convene if convocation.number > 1 => "correction",
        Act::Convene => "convocation",
    }
}

impl Letters {
    /// The words of a language.
    #[must_use]
    pub fn new(language: MailLanguage) -> Self {
        let (id, source) = match language {
            MailLanguage::French => {
                (unic_langid::langid!("fr"), include_str!("../../../assets/mail/fr.ftl"))
            }
            MailLanguage::English => {
                (unic_langid::langid!("en"), include_str!("../../../assets/mail/en.ftl"))
            }
        };
        let mut words = FluentBundle::new_concurrent(vec![id]);
        words.set_use_isolating(false);
        // A broken line loses one sentence, not the letter; a test reads the files whole.
        let resource = match FluentResource::try_new(source.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        words.add_resource_overriding(resource);
        Self { words }
    }

    /// A sentence with its places filled; the key itself when there is none.
    pub(crate) fn say(&self, key: &str, places: &[(&str, &str)]) -> String {
        let Some(pattern) = self.words.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut args = FluentArgs::with_capacity(places.len());
        for (name, value) in places {
            args.set(*name, *value);
        }
        let mut mistakes = Vec::new();
        self.words.format_pattern(pattern, Some(&args), &mut mistakes).into_owned()
    }

    /// "lundi 28 septembre 2026 à 18 h 30", by the council's clock.
    fn date(&self, convocation: &Convocation, at: Timestamp) -> String {
        let zone = TimeZone::get(&convocation.zone).unwrap_or(TimeZone::UTC);
        let at = at.to_zoned_datetime(zone);
        let weekday = self.say(&format!("weekday-{}", at.weekday().to_monday_one_offset()), &[]);
        let month = self.say(&format!("month-{}", at.month()), &[]);
        let key = if at.minute() == 0 { "date-sharp" } else { "date" };
        self.say(
            key,
            &[
                ("weekday", &weekday),
                ("day", &at.day().to_string()),
                ("month", &month),
                ("year", &at.year().to_string()),
                ("hour", &at.hour().to_string()),
                ("minute", &format!("{:02}", at.minute())),
            ],
        )
    }

    /// The text of a text message.
    pub(crate) fn text_message(&self, message: &Outgoing) -> String {
        let convocation = match &message.about {
            About::Convocation(convocation) => convocation,
            About::Message(words) => {
                let places = [("council", &*words.council), ("subject", &*words.subject)];
                let text =
                    self.say("message-sms", &[&places[..], &[("text", &*words.text)]].concat());
                return shortened(&text, SMS);
            }
        };
        let when = self.date(convocation, convocation.starts);
        self.say(
            &format!("{}-sms", kind(convocation, message.reminder)),
            &[
                ("council", &convocation.council),
                ("title", &convocation.title),
                ("when", &when),
                ("place", &convocation.place),
            ],
        )
    }

    /// The letter of a message.
    pub(crate) fn letter(&self, message: &Outgoing, from: &Mailbox) -> Result<Letter, LetterError> {
        let name = message.about.recipient(message.member).map(|to| to.name.clone());
        let name = name.unwrap_or_default();
        let convocation = match &message.about {
            About::Convocation(convocation) => convocation,
            About::Message(words) => return self.message(message, words, name, from),
        };
        let kind = kind(convocation, message.reminder);
        let when = self.date(convocation, convocation.starts);
        let subject =
            self.say(&format!("{kind}-subject"), &[("title", &convocation.title), ("when", &when)]);
        let sheet = self.sheet(convocation, kind, &name, &when);
        let organizer = from.email.to_string();
        let sent = Timestamp::from_millisecond(message.sent_ms).unwrap_or(convocation.made);
        let parties = Parties { organizer: &organizer, attendee: Some((&name, &message.address)) };
        let entry = calendar::entry(convocation, sent, Some(parties));
        let method = calendar::method(convocation);
        let entry_type: ContentType =
            format!("text/calendar; charset=utf-8; method={method}").parse()?;
        let alternatives = MultiPart::alternative()
            .singlepart(SinglePart::plain(sheet.plain))
            .singlepart(SinglePart::html(sheet.html))
            .singlepart(SinglePart::builder().header(entry_type.clone()).body(entry.clone()));
        let parts = MultiPart::mixed()
            .multipart(alternatives)
            .singlepart(Attachment::new("convocation.ics".to_owned()).body(entry, entry_type));
        finished(message, from, name, subject, parts)
    }

    /// The letter of a message to members: its words, and who says them.
    fn message(
        &self,
        message: &Outgoing,
        words: &Words,
        name: String,
        from: &Mailbox,
    ) -> Result<Letter, LetterError> {
        let about = [("subject", &*words.subject), ("council", &*words.council)];
        let subject = self.say("message-subject", &about);
        let mut sheet = Sheet::default();
        sheet.text(&self.say("greeting", &[("name", &name)]));
        for part in words.text.split("\n\n") {
            sheet.facts(&part.lines().map(str::to_owned).collect::<Vec<_>>());
        }
        let author = [("author", &*words.author_name), ("council", &*words.council)];
        sheet.text(&self.say("signed", &author));
        let sheet = sheet.finish();
        let parts = MultiPart::alternative()
            .singlepart(SinglePart::plain(sheet.plain))
            .singlepart(SinglePart::html(sheet.html));
        finished(message, from, name, subject, parts)
    }

    fn sheet(&self, convocation: &Convocation, kind: &str, name: &str, when: &str) -> Sheet {
        let about = [("title", &*convocation.title), ("council", &*convocation.council)];
        let mut sheet = Sheet::default();
        sheet.text(&self.say("greeting", &[("name", name)]));
        sheet.text(&self.say(&format!("{kind}-lead"), &about));
        let mut facts = vec![
            self.say("when", &[("when", when)]),
            self.say("place", &[("place", &convocation.place)]),
        ];
        if let Some(reason) = &convocation.note {
            facts.push(self.say("reason", &[("reason", reason)]));
        }
        if let Some(reason) = &convocation.urgency {
            facts.push(self.say("urgency", &[("reason", reason)]));
        }
        sheet.facts(&facts);
        if convocation.act == Act::Convene {
            self.agenda(convocation, &mut sheet);
            if let Some(by) = convocation.answer_by {
                let by = self.date(convocation, by);
                sheet.text(&self.say("answer-by", &[("when", &by)]));
            }
            sheet.text(&self.say("read-in-app", &[]));
        }
        let author = [("author", &*convocation.author_name), ("council", &*convocation.council)];
        sheet.text(&self.say("signed", &author));
        sheet.finish()
    }

    fn agenda(&self, convocation: &Convocation, sheet: &mut Sheet) {
        sheet.heading(&self.say("agenda", &[]));
        let information = self.say("information", &[]);
        let items: Vec<String> = convocation
            .agenda
            .iter()
            .map(|line| {
                if line.deliberative {
                    line.title.clone()
                } else {
                    format!("{} ({information})", line.title)
                }
            })
            .collect();
        sheet.list(&items);
        if convocation.papers.is_empty() {
            return;
        }
        sheet.heading(&self.say("papers", &[]));
        for paper in &convocation.papers {
            sheet.paper(&paper.title, &paper.sha256.to_string());
        }
        sheet.text(&self.say("papers-note", &[]));
    }
}

/// The letter with its envelope, under the message's name.
fn finished(
    message: &Outgoing,
    from: &Mailbox,
    name: String,
    subject: String,
    parts: MultiPart,
) -> Result<Letter, LetterError> {
    let address = lettre::Address::from_str(&message.address)?;
    let written =
        UNIX_EPOCH + Duration::from_millis(u64::try_from(message.queued_ms).unwrap_or_default());
    let mut letter = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(Some(name).filter(|name| !name.is_empty()), address))
        .subject(subject)
        .message_id(Some(message_key(message)))
        .date(written)
        .multipart(parts)?;
    // No holiday answers to a machine (RFC 3834).
    letter.headers_mut().insert_raw(HeaderValue::new(
        HeaderName::new_from_ascii("Auto-Submitted".to_owned())?,
        "auto-generated".to_owned(),
    ));
    Ok(Letter { envelope: letter.envelope().clone(), bytes: letter.formatted() })
}

/// At most so many characters; what is cut off is marked.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

/// The same words twice: plain, and as HTML.
#[derive(Debug, Default)]
struct Sheet {
    plain: String,
    html: String,
}

impl Sheet {
    fn text(&mut self, text: &str) {
        // A String takes everything.
        write!(self.plain, "{text}\n\n").ok();
        write!(self.html, "<p>{}</p>", safe(text)).ok();
    }

    fn facts(&mut self, facts: &[String]) {
        write!(self.plain, "{}\n\n", facts.join("\n")).ok();
        let lines: Vec<String> = facts.iter().map(|fact| safe(fact)).collect();
        write!(self.html, "<p style=\"font-size:1.15em\">{}</p>", lines.join("<br>")).ok();
    }

    fn heading(&mut self, text: &str) {
        writeln!(self.plain, "{text}").ok();
        write!(self.html, "<h2 style=\"font-size:1.1em\">{}</h2>", safe(text)).ok();
    }

    fn list(&mut self, items: &[String]) {
        self.html += "<ol>";
        for (item, number) in items.iter().zip(1..) {
            writeln!(self.plain, "{number}. {item}").ok();
            write!(self.html, "<li>{}</li>", safe(item)).ok();
        }
        self.plain += "\n";
        self.html += "</ol>";
    }

    fn paper(&mut self, title: &str, digest: &str) {
        writeln!(self.plain, "{title}\n  SHA-256 {digest}").ok();
        write!(
            self.html,
            "<p>{}<br><code style=\"font-size:.8em;word-break:break-all\">SHA-256 {digest}</code></p>",
            safe(title)
        )
        .ok();
    }

    fn finish(mut self) -> Self {
        self.html = format!(
            "<!doctype html><html><body style=\"font:16px/1.5 system-ui,sans-serif;\
             color:#1b1b1f;max-width:42em\">{}</body></html>",
            self.html
        );
        self
    }
}

/// Text that is only text in HTML.
fn safe(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, letter| {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
        out
    })
}
