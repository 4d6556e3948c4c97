//! The convocation: what was sent to whom, frozen when it was sent, and what came back.
//!
//! A convocation is written once and never changed; a corrected one has the next number and replaces
//! it (CGCT L2121-10; an agenda may not grow after dispatch). Everything a court asks for stands in
//! it: the agenda, the digest of every paper, the recipients, the author, the rule that was applied
//! and the days that were counted. Receipts are what happened to it afterwards.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::digest::Sha256;
use crate::ids::{ConvocationId, DocumentId, ItemId, MemberId, SittingId};
use crate::law::Deadline;
use crate::member::BodyKind;
use crate::sitting::Sitting;

/// By which way something reaches a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// On the member's tablet.
    App,
    /// By e-mail.
    Email,
    /// By text message.
    Sms,
    /// In writing, to an address.
    Paper,
}

/// One person who is convened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The member.
    pub member: MemberId,
    /// First and last name as they stood at dispatch.
    pub name: String,
    /// The ways chosen at dispatch, in order of preference. A member who asked for paper has
    /// [`Channel::Paper`] and is never done by e-mail alone (CGCT L2121-10).
    pub channels: Vec<Channel>,
    /// The e-mail address used, when that is a way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The telephone number used, when that is a way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// One item of the agenda as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaLine {
    /// The item.
    pub item: ItemId,
    /// Its title.
    pub title: String,
    /// Whether the council decides on it.
    pub deliberative: bool,
    /// Behind closed doors.
    #[serde(default)]
    pub closed_doors: bool,
}

/// One paper as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperLine {
    /// The paper.
    pub document: DocumentId,
    /// Number of its item; 0 for the convocation letter.
    pub item: u32,
    /// Its title.
    pub title: String,
    /// Which version.
    pub version: u32,
    /// Digest of the PDF's bytes.
    pub sha256: Sha256,
    /// Length in bytes.
    pub bytes: u64,
}

/// What the author does with the sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// Convenes it (again, when a convocation came before).
    Convene,
    /// Calls it off.
    Cancel,
}

/// What the rule says of this dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// In time.
    Regular,
    /// After the last lawful day; sent all the same, knowingly.
    Late,
    /// Not sent.
    Refused,
}

/// The rule applied at dispatch, explained day by day so that it can be followed without this
/// program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// What follows.
    pub verdict: Verdict,
    /// The rule, its article, and every day that was counted.
    pub deadline: Deadline,
}

/// What was sent to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convocation {
    /// Its identifier.
    pub id: ConvocationId,
    /// The sitting.
    pub sitting: SittingId,
    /// 1 for the first; each one replaces the one before.
    pub number: u32,
    /// What it does.
    pub act: Act,
    /// The operation that made the sitting's record it was drawn from: the frozen agenda.
    pub sitting_op: Sha256,
    /// Who sent it.
    pub author: MemberId,
    /// The author's name.
    pub author_name: String,
    /// When, by the author's clock.
    pub made: Timestamp,
    /// The council's name.
    pub council: String,
    /// The zone in which days are counted.
    pub zone: String,
    /// Title of the sitting.
    pub title: String,
    /// Which kind of body sits.
    pub kind: BodyKind,
    /// When it starts.
    pub starts: Timestamp,
    /// Where.
    pub place: String,
    /// The agenda, in order; an item's number is its place, from 1.
    pub agenda: Vec<AgendaLine>,
    /// Every paper.
    pub papers: Vec<PaperLine>,
    /// Who is convened.
    pub recipients: Vec<Recipient>,
    /// Why it is urgent, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<String>,
    /// The rule applied; none when a sitting is called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Ruling>,
    /// Why it replaces the one before, or why the sitting is called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Until when an answer is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Timestamp>,
}

impl Convocation {
    /// The agenda and the papers of a sitting as they are sent.
    #[must_use]
    pub fn freeze(sitting: &Sitting) -> (Vec<AgendaLine>, Vec<PaperLine>) {
        let agenda = sitting
            .items
            .iter()
            .map(|item| AgendaLine {
                item: item.id,
                title: item.title.clone(),
                deliberative: item.deliberative,
                closed_doors: item.closed_doors,
            })
            .collect();
        let papers = sitting
            .packet()
            .filter_map(|entry| {
                let version = entry.document.current()?;
                Some(PaperLine {
                    document: entry.document.id,
                    item: u32::try_from(entry.item_number).unwrap_or(u32::MAX),
                    title: entry.document.title.clone(),
                    version: version.number,
                    sha256: version.sha256,
                    bytes: version.bytes,
                })
            })
            .collect();
        (agenda, papers)
    }

    /// What of a sitting differs from what was sent.
    #[must_use]
    pub fn differs_from(&self, sitting: &Sitting) -> Correction {
        if self.starts != sitting.starts || self.place != sitting.place {
            return Correction::Convocation;
        }
        let (agenda, papers) = Self::freeze(sitting);
        let decided = |lines: &[AgendaLine]| -> Vec<(ItemId, String)> {
            let deliberative = lines.iter().filter(|line| line.deliberative);
            deliberative.map(|line| (line.item, plain(&line.title))).collect()
        };
        if decided(&self.agenda) != decided(&agenda) {
            return Correction::Convocation;
        }
        if self.agenda != agenda || self.papers != papers || self.title != sitting.title {
            return Correction::Minor;
        }
        Correction::None
    }

    /// Whether this person is convened.
    #[must_use]
    pub fn recipient(&self, member: MemberId) -> Option<&Recipient> {
        self.recipients.iter().find(|recipient| recipient.member == member)
    }
}

/// A title without what a typing error may change: case, punctuation, white space.
fn plain(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How far a sitting has moved from its convocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// Not at all.
    None,
    /// A paper, an information item, the spelling: what was sent still stands.
    Minor,
    /// Date, place, or what is decided on: only a new convocation, itself in time, makes it lawful.
    Convocation,
}

/// What a member answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "says", content = "bearer")]
pub enum Answer {
    /// Will be there.
    Present,
    /// Will be there, later.
    Late,
    /// Will not be there.
    Absent,
    /// Will not be there and gives this member a proxy (pouvoir).
    Proxy(MemberId),
}

/// What happened to a convocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "what")]
pub enum Happening {
    /// It left for the member by this way and was taken by the next hand.
    Dispatched {
        /// The way.
        channel: Channel,
        /// Address or number it went to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// What the next hand answered (an SMTP server's line, a posting number).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<String>,
        /// Identifier of the message (`Message-ID`), the same at each attempt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// Whether it reminds of an earlier one.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reminder: bool,
    },
    /// It could not be sent this way and is not tried again.
    Failed {
        /// The way.
        channel: Channel,
        /// Address or number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// Why, in the next hand's words.
        reason: String,
    },
    /// A clerk asked for a reminder; the office sends it.
    Reminded {
        /// 1 for the first.
        nth: u32,
    },
    /// The member's tablet has the convocation and all its papers.
    Delivered,
    /// The member opened it.
    Opened,
    /// The member answered.
    Answered {
        /// What.
        answer: Answer,
    },
    /// The bearer's word on a proxy.
    Borne {
        /// Who gave it.
        giver: MemberId,
        /// Whether the bearer takes it.
        accepts: bool,
    },
}

/// One thing that happened, as the device that saw it signs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The sitting.
    pub sitting: SittingId,
    /// The convocation.
    pub convocation: ConvocationId,
    /// The member it is about.
    pub member: MemberId,
    /// What happened.
    pub happening: Happening,
    /// When, by the device's clock.
    pub at: Timestamp,
    /// The last server time this device had seen: it happened after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Timestamp>,
    /// Hash of the operation it is chained to: this device's receipt before on this sitting, or the
    /// convocation.
    pub previous: Sha256,
}

impl Receipt {
    /// The bytes that are signed and stored.
    ///
    /// # Errors
    /// Never for values built from these types.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// Reads a receipt.
    ///
    /// # Errors
    /// The bytes are none.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// The person who may read it beside its author and the clerks.
    #[must_use]
    pub const fn reader(&self) -> MemberId {
        match self.happening {
            Happening::Answered { answer: Answer::Proxy(bearer) } => bearer,
            Happening::Borne { giver, .. } => giver,
            Happening::Dispatched { .. }
            | Happening::Failed { .. }
            | Happening::Reminded { .. }
            | Happening::Delivered
            | Happening::Opened
            | Happening::Answered { .. } => self.member,
        }
    }

    /// Whether only the council's office or a clerk can witness it.
    #[must_use]
    pub const fn is_of_the_office(&self) -> bool {
        matches!(
            self.happening,
            Happening::Dispatched { .. } | Happening::Failed { .. } | Happening::Reminded { .. }
        )
    }
}
