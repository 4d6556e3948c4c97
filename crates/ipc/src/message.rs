//! Messages of the council's office to members: what is asked and what is shown.

use domain::{BodyId, GroupId, MemberId, MessageId};
use serde::{Deserialize, Serialize};

use crate::convocation::TrackView;
use crate::views::LocalTime;

/// What is asked about messages; the answer is the [`crate::Reply`] named beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", content = "with", rename_all = "snake_case")]
pub enum MessageCommand {
    /// Sends a message, also without a network (clerk) -> `Messages`, the one that was sent.
    Send(NewMessage),
    /// The messages of the council with how far they have come (clerk), or those to the member of
    /// this tablet; the latest first -> `Messages`.
    List,
    /// Writes the tracking of a message as a table for spreadsheets (clerk) -> `Written`.
    Export {
        /// Which.
        message: MessageId,
        /// The `.csv` file; a new one among the downloads when absent.
        out: Option<std::path::PathBuf>,
    },
    /// The member of this tablet has read a message -> `Done`.
    Read(MessageId),
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMessage {
    /// To whom.
    pub to: Addressees,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// Sends it as a text message at once, beside the other ways.
    #[serde(default)]
    pub pressing: bool,
}

/// To whom a message goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "whom", content = "which")]
pub enum Addressees {
    /// Every official, and those outside the council who receive copies.
    Everyone,
    /// The members of a political group.
    Group(GroupId),
    /// The members of a committee or bureau.
    Body(BodyId),
    /// These.
    Members(Vec<MemberId>),
}

/// A message as screens show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// The message.
    pub message: MessageId,
    /// To whom, as its author said.
    pub to: String,
    /// The author's name.
    pub author: String,
    /// When it was written, by the author's clock.
    pub made: LocalTime,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// Whether the member of this tablet has read it; true when it is not to them.
    pub read: bool,
    /// To how many people it goes.
    pub recipients: u32,
    /// Of these: whom it has reached by some way.
    pub dispatched: u32,
    /// Of these: who have opened it in the app.
    pub opened: u32,
    /// Names of those whom nothing reaches: no tablet, no address, no number.
    pub unreachable: Vec<String>,
    /// One line for each recipient and way (clerk).
    pub tracks: Vec<TrackView>,
}
