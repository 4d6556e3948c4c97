//! Convening a sitting: what the clerk asks and is told, what a member answers.

use domain::convocation::{Answer, Channel, Ruling, Verdict};
use domain::law::Procedure;
use domain::proceedings::Reached;
use domain::{Date, MemberId, SittingId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::views::LocalTime;

/// What is asked about convocations; the answer is the [`crate::Reply`] named beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", content = "with", rename_all = "snake_case")]
pub enum ConvocationCommand {
    /// What convening would come to now; sends nothing (clerk) -> `Convened`.
    Judge(Convening),
    /// Convenes a sitting; twice sends nothing twice (clerk) -> `Convened`.
    Convene(Convening),
    /// Moves a convened sitting and convenes it anew (clerk) -> `Convened`.
    Postpone {
        /// Which, why it is urgent, why it moves.
        convening: Convening,
        /// The new start.
        starts: Timestamp,
        /// The new place, if it changes.
        #[serde(default)]
        place: Option<String>,
    },
    /// Calls a convened sitting off (clerk) -> `Tracking`.
    CallOff {
        /// Which.
        sitting: SittingId,
        /// Why.
        reason: String,
    },
    /// Who was reached how, and what came back (clerk; a member sees their own lines) -> `Tracking`.
    Tracking {
        /// Which sitting.
        sitting: SittingId,
    },
    /// Records that a convocation was posted or handed over on paper (clerk) -> `Tracking`.
    Posted {
        /// Which sitting.
        sitting: SittingId,
        /// To whom.
        member: MemberId,
        /// When; now when absent.
        #[serde(default)]
        at: Option<Timestamp>,
        /// Number of the posting, if there is one.
        #[serde(default)]
        proof: Option<String>,
    },
    /// Answers a convocation, also without a network -> `Sitting`.
    Answer {
        /// Which sitting.
        sitting: SittingId,
        /// What.
        answer: Answer,
        /// For whom a clerk answers, who was told by other means.
        #[serde(default)]
        member: Option<MemberId>,
    },
    /// Asks the server to remind those who have not opened or not answered (clerk) -> `Tracking`.
    Remind {
        /// Which sitting.
        sitting: SittingId,
    },
    /// Writes the tracking as a table for spreadsheets (clerk) -> `Written`.
    Export {
        /// Which sitting.
        sitting: SittingId,
        /// The `.csv` file; a new one among the downloads when absent.
        out: Option<std::path::PathBuf>,
    },
    /// Writes the sitting as a calendar entry -> `Done`.
    Calendar {
        /// Which sitting.
        sitting: SittingId,
        /// The `.ics` file to be written.
        out: std::path::PathBuf,
    },
    /// Writes the convocation as letters to be printed (clerk) -> `Written`.
    Letters {
        /// Which sitting.
        sitting: SittingId,
        /// To whom; everyone with a recorded request for paper when absent.
        member: Option<MemberId>,
        /// The PDF to be written; a new one among the downloads when absent.
        #[serde(default)]
        out: Option<std::path::PathBuf>,
    },
    /// Writes the proof of a sitting, and a PDF of the same for people (clerk) -> `Proved`.
    Prove {
        /// Which sitting.
        sitting: SittingId,
        /// Where to; a new file among the downloads when absent.
        #[serde(default)]
        out: Option<std::path::PathBuf>,
    },
    /// Takes or refuses a proxy that was given to this member -> `Sitting`.
    Bear {
        /// Which sitting.
        sitting: SittingId,
        /// Who gave it.
        giver: MemberId,
        /// Whether it is taken.
        accepts: bool,
    },
}

/// A sitting to be convened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convening {
    /// Which.
    pub sitting: SittingId,
    /// Why it is urgent, when the shortened delay is asked for.
    #[serde(default)]
    pub urgency: Option<String>,
    /// Sends again although the last convocation still stands, and says why.
    #[serde(default)]
    pub correction: Option<String>,
    /// Until when an answer is asked for; a day before the sitting when absent.
    #[serde(default)]
    pub answer_by: Option<Timestamp>,
    /// How it is convened; an urgency stands before it.
    #[serde(default)]
    pub procedure: Procedure,
    /// Day of the sitting without quorum (second call) or of the decisive round (installation).
    #[serde(default)]
    pub after: Option<Date>,
}

impl Convening {
    /// A sitting convened in the ordinary way.
    #[must_use]
    pub fn of(sitting: SittingId) -> Self {
        Self {
            sitting,
            urgency: None,
            correction: None,
            answer_by: None,
            procedure: Procedure::Ordinary,
            after: None,
        }
    }
}

/// What became of convening, or what would become of it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convened {
    /// The sitting.
    pub sitting: SittingId,
    /// What the rule says of a dispatch now; of the dispatch that was made when it stands already.
    pub verdict: Verdict,
    /// Why nothing is sent, when it is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<ConveneRefusal>,
    /// Number of the convocation, from 1.
    pub number: u32,
    /// Whether it was sent before: nothing is sent twice.
    pub already: bool,
    /// Who is convened.
    pub recipients: u32,
    /// Names of members whom nothing reaches: no tablet, no address, no request for paper.
    pub unreachable: Vec<String>,
    /// Names of members who must be sent paper.
    pub on_paper: Vec<String>,
    /// The rule applied, with the days that were counted.
    pub ruling: Ruling,
    /// Until when answers are asked for.
    pub answer_by: Option<LocalTime>,
}

/// Why a sitting is not convened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConveneRefusal {
    /// It has begun, or is over.
    Begun,
    /// Urgency does not go below its own floor.
    UrgencyTooLate,
    /// Nobody is on the body.
    Nobody,
    /// There is nothing on the agenda.
    NoAgenda,
}

/// How far a convocation has come to one member by one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackView {
    /// The member.
    pub member: MemberId,
    /// The member's name at dispatch.
    pub name: String,
    /// The way.
    pub channel: Channel,
    /// How far; none as long as nothing has happened on this way.
    pub state: Option<Reached>,
    /// Since when.
    pub at: Option<Timestamp>,
    /// Address, number, or why it failed.
    pub detail: String,
}

/// The tracking of a sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackingView {
    /// The sitting.
    pub sitting: SittingId,
    /// Number of the convocation that is tracked; 0 when none was sent.
    pub number: u32,
    /// One line for each member and way.
    pub tracks: Vec<TrackView>,
    /// The answers, by name.
    pub answers: Vec<AnswerView>,
    /// Members convened.
    pub recipients: u32,
    /// Of these: whom it has reached by some way.
    pub dispatched: u32,
    /// Of these: who have opened it.
    pub opened: u32,
    /// Of these: who have answered.
    pub answered: u32,
    /// Members who will be there, late ones included.
    pub present: u32,
    /// Proxies that stand.
    pub proxies: u32,
    /// Whether the sitting was called off.
    pub cancelled: bool,
}

/// A member's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerView {
    /// The member.
    pub member: MemberId,
    /// The member's name.
    pub name: String,
    /// What was answered.
    pub answer: Answer,
    /// Name of the bearer of a proxy; empty otherwise.
    pub bearer: String,
    /// Whether the bearer takes it, once the bearer has said.
    pub taken: Option<bool>,
    /// When.
    pub at: Timestamp,
    /// Whether it has left this tablet.
    pub sent: bool,
}

/// What a sitting asks of the member of this tablet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyView {
    /// Number of the convocation that stands.
    pub number: u32,
    /// When it was sent.
    pub sent: LocalTime,
    /// Whether it replaces an earlier one.
    pub corrected: bool,
    /// Why it replaces it, in the clerk's words.
    pub note: String,
    /// Whether the delay was shortened for urgency, and why.
    pub urgency: Option<String>,
    /// Whether the sitting was called off.
    pub cancelled: bool,
    /// Whether this member is convened and may answer.
    pub asked: bool,
    /// Until when an answer is asked for.
    pub by: Option<LocalTime>,
    /// Whole days until then in the council's calendar; negative when it is over.
    pub days_left: Option<i32>,
    /// The answer that stands.
    pub mine: Option<AnswerView>,
    /// Proxies that others gave to this member.
    pub proxies: Vec<AnswerView>,
    /// Members who may bear a proxy; filled only in the answer to `Sitting`.
    #[serde(default)]
    pub bearers: Vec<Bearer>,
}

/// A member who may bear a proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bearer {
    /// The member.
    pub member: MemberId,
    /// First and last name.
    pub name: String,
}

/// What was written as proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proved {
    /// The file that `verify` reads.
    pub file: String,
    /// The same for people.
    pub pdf: String,
    /// Signed operations in it.
    pub entries: u32,
    /// Digest that closes the chain, 64 hexadecimal digits.
    pub root: domain::Sha256,
    /// The stamp of the council's time-stamping authority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<StampFound>,
    /// Why there is none although the council has named an authority; the proof holds without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unstamped: Option<String>,
}

/// A time-stamp (RFC 3161) on the digest that closes a proof's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StampFound {
    /// The moment it tells.
    pub at: Timestamp,
    /// Who stamps, as its certificate says.
    pub authority: String,
    /// SHA-256 of the root certificate to which it leads: compare it with the authority's.
    pub root: domain::Sha256,
    /// Whether the reader named that root; otherwise the file brings it itself.
    pub trusted: bool,
    /// Whether the reader's lists of revoked certificates were looked at, and none takes it back.
    #[serde(default)]
    pub unrevoked: bool,
}

/// What checking a proof found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether nothing was found.
    pub valid: bool,
    /// Every difficulty.
    pub findings: Vec<Finding>,
    /// The council's name.
    pub council: String,
    /// The sitting.
    pub sitting: Option<SittingId>,
    /// Its title.
    pub title: String,
    /// Key of the council's office, from which everything is believed: compare it with the council's.
    pub office: Option<domain::PublicKey>,
    /// When the file was written, by its writer's clock.
    pub written: Option<Timestamp>,
    /// Convocations in it.
    pub convocations: u32,
    /// Receipts in it.
    pub receipts: u32,
    /// Digest that closes the chain.
    pub root: Option<domain::Sha256>,
    /// The time-stamp on it, when there is one and it is sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<StampFound>,
}

/// One difficulty of a proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Line of the file, from 1; 0 for the file as a whole.
    pub line: u32,
    /// What is wrong.
    pub kind: FindingKind,
    /// Whose receipt, which convocation.
    pub about: String,
}

/// What may be wrong with a proof; each has a sentence `proof-<kind>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// The file is something else.
    NotAProof,
    /// The line was changed after the file was written.
    Altered,
    /// The line cannot be read.
    Unreadable,
    /// The signature is not its device's.
    FalseSignature,
    /// The device is not in the directory.
    UnknownDevice,
    /// The device had been shut out before.
    DeviceShutOut,
    /// Somebody signs who cannot know.
    NotTheirs,
    /// It belongs elsewhere: another sitting, another council, another order.
    OutOfPlace,
    /// Something before it was taken away.
    Missing,
    /// The convocation calls itself regular and reached the log too late.
    LateByTheLog,
    /// The time-stamp is not of this proof, or its signature is false.
    FalseStamp,
    /// The time-stamp's certificate leads to no trusted authority, or may not stamp.
    UntrustedStamp,
    /// The time-stamp's certificate was revoked.
    RevokedStamp,
    /// The reader's lists do not tell whether the time-stamp's certificate was revoked.
    RevocationUnknown,
    /// The file has no end: it was cut off.
    NotSealed,
    /// Something stands after the end.
    AfterSeal,
}
