//! The proof as a person reads it: who was sent what, when, by which way, what came back, which rule
//! applies, day by day.

use domain::convocation::{Act, Verdict};
use domain::law::{self, CountedDay, Proof, ProofKind, Reception};
use domain::{
    Answer, Channel, Convocation, Date, Happening, Proceedings, Recipient, Sent, Sha256, Timestamp,
    Witnessed,
};
use ipc::{Language, Words};

use super::file::Head;
use super::stamp::Stamped;
use crate::convene::tracking::spoken;
use crate::picture::Picture;
use crate::ports::Block;

/// The blocks of the report.
pub(super) fn sheets(
    picture: &Picture,
    proceedings: &Proceedings,
    head: &Head,
    root: &Sha256,
    stamp: Option<&Stamped>,
) -> Vec<Block> {
    let language = picture.preferences.language.unwrap_or(Language::Fr);
    let report = Report { picture, proceedings, words: Words::new(language) };
    let mut blocks = vec![
        Block::Title(report.say("proof-title")),
        Block::Text(format!("{} · {}", head.council_name, head.title)),
        Block::Small(report.fill("proof-written", &[("when", &report.instant(head.written))])),
    ];
    for sent in &proceedings.sent {
        report.convocation(sent, &mut blocks);
    }
    blocks.push(Block::Heading(report.say("proof-check")));
    blocks.push(Block::Text(report.say("proof-check-how")));
    blocks.push(Block::Small(report.fill("proof-office", &[("key", &head.office.to_string())])));
    blocks.push(Block::Small(report.fill("proof-root", &[("root", &root.to_string())])));
    if let Some(stamp) = stamp {
        let (when, root) = (report.instant(stamp.at), stamp.root.to_string());
        let places = [("when", &*when), ("authority", &*stamp.authority), ("root", &*root)];
        blocks.push(Block::Small(report.fill("proof-stamp", &places)));
    }
    blocks
}

struct Report<'a> {
    picture: &'a Picture,
    proceedings: &'a Proceedings,
    words: Words,
}

impl Report<'_> {
    fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    fn fill(&self, key: &str, places: &[(&str, &str)]) -> String {
        let places: Vec<_> = places.iter().map(|(name, text)| (*name, (*text).into())).collect();
        self.words.say_with(key, &places)
    }

    fn instant(&self, at: Timestamp) -> String {
        spoken(&self.words, &self.picture.catalogue.local(at))
    }

    fn day(&self, day: Date) -> String {
        let weekday = self.say(&format!("weekday-{}", day.weekday().to_monday_one_offset()));
        let month = self.say(&format!("month-{}", day.month()));
        let number = self.words.say_with("date-day", &[("day", i32::from(day.day()).into())]);
        format!("{weekday} {number} {month} {}", day.year())
    }

    fn convocation(&self, sent: &Sent, blocks: &mut Vec<Block>) {
        let convocation = &sent.convocation;
        let number = convocation.number.to_string();
        let heading = match convocation.act {
            Act::Convene => "proof-convocation",
            Act::Cancel => "proof-called-off",
        };
        blocks.push(Block::Heading(self.fill(heading, &[("number", &number)])));
        let place = [
            ("when", self.instant(convocation.starts)),
            ("place", convocation.place.clone()),
            ("author", convocation.author_name.clone()),
            ("sent", self.instant(sent.received)),
        ];
        let places: Vec<_> = place.iter().map(|(name, text)| (*name, text.as_str())).collect();
        blocks.push(Block::Text(self.fill("proof-sitting", &places)));
        blocks.push(Block::Text(self.fill("proof-sent", &places)));
        if let Some(urgency) = &convocation.urgency {
            blocks.push(Block::Text(self.fill("proof-urgent", &[("reason", urgency)])));
        }
        if let Some(note) = &convocation.note {
            blocks.push(Block::Text(self.fill("proof-note", &[("note", note)])));
        }
        self.rule(convocation, blocks);
        self.agenda(convocation, blocks);
        self.recipients(sent, blocks);
    }

    fn rule(&self, convocation: &Convocation, blocks: &mut Vec<Block>) {
        let Some(ruling) = &convocation.ruling else { return };
        let deadline = &ruling.deadline;
        blocks.push(Block::Section(self.say("proof-rule")));
        let verdict = match ruling.verdict {
            Verdict::Regular => "proof-regular",
            Verdict::Late => "proof-late",
            Verdict::Refused => "proof-refused",
        };
        let (days, latest) = (deadline.days.to_string(), self.day(deadline.latest_dispatch));
        let places = [("article", &*deadline.article), ("days", &*days), ("latest", &*latest)];
        blocks.push(Block::Text(self.fill("proof-article", &places)));
        blocks.push(Block::Text(self.fill(verdict, &places)));
        if deadline.certainty == law::Certainty::Check {
            blocks.push(Block::Small(self.say("proof-ask-lawyer")));
        }
        for day in &deadline.explanation {
            blocks.push(Block::Row(vec![(0.45, self.day(day.date)), (0.55, self.why(day))]));
        }
    }

    fn why(&self, day: &CountedDay) -> String {
        let (key, nth) = match day.why {
            law::Why::NotSentYet => ("proof-day-before", 0),
            law::Why::DispatchDay => ("proof-day-dispatch", 0),
            law::Why::Whole { nth } => ("proof-day-counts", nth),
            law::Why::SittingDayCounts { nth } => ("proof-day-counts", nth),
            law::Why::SittingDay => ("proof-day-sitting", 0),
        };
        let said = self.fill(key, &[("nth", &nth.to_string())]);
        match &day.holiday {
            Some(holiday) => format!("{said} ({holiday})"),
            None => said,
        }
    }

    fn agenda(&self, convocation: &Convocation, blocks: &mut Vec<Block>) {
        blocks.push(Block::Section(self.say("proof-agenda")));
        for (line, number) in convocation.agenda.iter().zip(1_u32..) {
            let mut text = format!("{number}. {}", line.title);
            if !line.deliberative {
                text += &format!(" ({})", self.say("proof-information"));
            }
            blocks.push(Block::Text(text));
            for paper in convocation.papers.iter().filter(|paper| paper.item == number) {
                blocks.push(Block::Small(format!("{} · SHA-256 {}", paper.title, paper.sha256)));
            }
        }
        for paper in convocation.papers.iter().filter(|paper| paper.item == 0) {
            blocks.push(Block::Small(format!("{} · SHA-256 {}", paper.title, paper.sha256)));
        }
    }

    fn recipients(&self, sent: &Sent, blocks: &mut Vec<Block>) {
        let convocation = &sent.convocation;
        let number = convocation.recipients.len().to_string();
        blocks.push(Block::Section(self.fill("proof-recipients", &[("n", &number)])));
        for recipient in &convocation.recipients {
            let reception = self.reception(sent, recipient);
            let state = match reception {
                None => String::new(),
                Some(Reception::Regular) => self.say("proof-reception-regular"),
                Some(Reception::Cured { proof }) => {
                    self.fill("proof-reception-cured", &[("when", &self.instant(proof.at))])
                }
                Some(Reception::Defective) => self.say("proof-reception-defective"),
            };
            blocks.push(Block::Row(vec![(0.45, recipient.name.clone()), (0.55, state)]));
            if recipient.channels.contains(&Channel::App) {
                let app = self.say("channel-app");
                let when = self.instant(sent.received);
                let said = self.say("reached-dispatched");
                blocks.push(Block::Small(format!("{when} · {app} · {said}")));
            }
            let own = |witnessed: &&Witnessed| {
                witnessed.receipt.convocation == convocation.id
                    && witnessed.receipt.member == recipient.member
            };
            for witnessed in self.proceedings.witnessed.iter().filter(own) {
                blocks.push(Block::Small(self.receipt(witnessed)));
            }
        }
    }

    /// How a member stands with a convocation (law R17, R18).
    fn reception(&self, sent: &Sent, recipient: &Recipient) -> Option<Reception> {
        let ruling = sent.convocation.ruling.as_ref()?;
        let receipts = self.proceedings.witnessed.iter().map(|w| &w.receipt).filter(|receipt| {
            receipt.convocation == sent.convocation.id && receipt.member == recipient.member
        });
        let mut dispatched = None;
        let mut proofs = Vec::new();
        let app = recipient.channels.contains(&Channel::App).then_some(sent.received);
        let mut first =
            |at: Timestamp| dispatched = Some(dispatched.map_or(at, |d: Timestamp| d.min(at)));
        let on_paper = recipient.channels.contains(&Channel::Paper);
        if let Some(at) = app.filter(|_| !on_paper) {
            first(at);
        }
        for receipt in receipts {
            let at = receipt.at;
            match receipt.happening {
                // A request for paper is met by paper alone (law R16).
                Happening::Dispatched { channel, .. } if !on_paper || channel == Channel::Paper => {
                    first(at.max(if channel == Channel::Paper { at } else { sent.received }));
                }
                Happening::Delivered => proofs.push(Proof { at, kind: ProofKind::Delivered }),
                Happening::Opened => proofs.push(Proof { at, kind: ProofKind::Opened }),
                Happening::Answered { .. } => proofs.push(Proof { at, kind: ProofKind::Answered }),
                Happening::Dispatched { .. }
                | Happening::Failed { .. }
                | Happening::Reminded { .. }
                | Happening::Borne { .. } => {}
            }
        }
        let zone = self.picture.catalogue.zone();
        Some(law::reception(&ruling.deadline, &zone, dispatched, &proofs))
    }

    fn receipt(&self, witnessed: &Witnessed) -> String {
        let receipt = &witnessed.receipt;
        let when = self.instant(receipt.at);
        let what = match &receipt.happening {
            Happening::Dispatched { channel, to, proof, .. } => {
                let detail = [to.as_deref(), proof.as_deref()].into_iter().flatten();
                let detail = detail.collect::<Vec<_>>().join(" · ");
                let channel = self.channel(*channel);
                format!("{channel} · {} {detail}", self.say("reached-dispatched"))
            }
            Happening::Failed { channel, to, reason } => {
                let to = to.as_deref().unwrap_or_default();
                let channel = self.channel(*channel);
                format!("{channel} · {} {to}: {reason}", self.say("reached-failed"))
            }
            Happening::Reminded { .. } => self.say("proof-reminded"),
            Happening::Delivered => self.on_tablet("reached-delivered"),
            Happening::Opened => self.on_tablet("reached-opened"),
            Happening::Answered { answer } => {
                let answer = match answer {
                    Answer::Present => self.say("answer-present"),
                    Answer::Late => self.say("answer-late"),
                    Answer::Absent => self.say("answer-absent"),
                    Answer::Proxy(bearer) => self.fill(
                        "answer-proxy-to",
                        &[("name", &self.picture.catalogue.name(*bearer))],
                    ),
                };
                format!("{}: {answer}", self.on_tablet("reached-answered"))
            }
            Happening::Borne { giver, accepts } => {
                let key = if *accepts { "proxy-taken" } else { "proxy-refused" };
                self.fill(key, &[("name", &self.picture.catalogue.name(*giver))])
            }
        };
        let mut text = format!("{when} · {what}");
        // What a tablet did without a network is held between two times of the server.
        if let Some((after, received)) = receipt.after.zip(witnessed.received) {
            let bounds = [("after", self.instant(after)), ("before", self.instant(received))];
            let bounds: Vec<_> = bounds.iter().map(|(name, at)| (*name, at.as_str())).collect();
            text += &format!(" ({})", self.fill("proof-between", &bounds));
        }
        text
    }

    fn on_tablet(&self, key: &str) -> String {
        format!("{} · {}", self.say("channel-app"), self.say(key))
    }

    fn channel(&self, channel: Channel) -> String {
        self.say(match channel {
            Channel::App => "channel-app",
            Channel::Email => "channel-email",
            Channel::Sms => "channel-sms",
            Channel::Paper => "channel-paper",
        })
    }
}
