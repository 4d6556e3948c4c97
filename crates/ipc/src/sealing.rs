//! Sealed notes: what is asked and what is shown.

use domain::{DeviceId, MemberId};
use serde::{Deserialize, Serialize};

use crate::secret::Secret;
use crate::words::Language;

/// What is asked about sealed notes. Each but [`SealingCommand::Code`] is answered with
/// [`crate::Reply::Sealing`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", content = "with", rename_all = "snake_case")]
pub enum SealingCommand {
    /// How it stands.
    State {
        /// The language of the words to compare.
        language: Language,
    },
    /// Seals the member's own notes and those for groups from now on, on all devices of the member.
    /// Asks the server.
    Begin,
    /// Takes in a device of the member that asks; its words were compared. Asks the server.
    Approve {
        /// Which.
        device: DeviceId,
    },
    /// Does not know the device that asks: it is shown no more, and reads nothing. Asks the server.
    Decline {
        /// Which.
        device: DeviceId,
    },
    /// Lets a newcomer read what the group writes. Asks the server.
    Welcome {
        /// Whom.
        member: MemberId,
        /// The group's name.
        group: String,
        /// Whether what was written before too.
        history: bool,
    },
    /// Makes a recovery code in the place of the one before -> `RecoveryCode`, which is shown once.
    Code,
    /// Takes this device in by the recovery code. Asks the server.
    Recover {
        /// What was typed.
        code: Secret,
    },
    /// Every other device and the recovery code are lost: this device begins anew, without the notes
    /// that were sealed before. Asks the server.
    BeginAnew,
    /// Believes that a member's devices are vouched for by another key than before: the person was
    /// asked by another way.
    Agree {
        /// Whose.
        member: MemberId,
    },
}

/// How sealing stands on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealingStanding {
    /// The member has not turned it on: what is written can be read by whoever has the server's disk.
    Off,
    /// The member has turned it on, and this device waits to be taken in: notes that are sealed wait
    /// here, and so do those that are written here.
    Waiting,
    /// On.
    On,
}

/// Sealed notes, as screens show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealingView {
    /// How it stands.
    pub standing: SealingStanding,
    /// While this device waits: the six words to compare on the device that takes it in.
    pub words: Vec<String>,
    /// Devices of the member that wait.
    pub requests: Vec<SealingRequest>,
    /// Devices that read the member's sealed notes.
    pub devices: u32,
    /// Whether there is a recovery code.
    pub has_code: bool,
    /// Whether to remind of the code: there are sealed notes, one device alone reads them, there is no
    /// code, and the reminder was not put away.
    pub remind: bool,
    /// Sealed notes that wait for their key on this device.
    pub waiting: u32,
    /// Members for whom a group's notes are not sealed yet: they have not turned it on. By group.
    pub missing: Vec<SealingMissing>,
    /// Members whom the office has put into a group of the member's, and who are given no key before
    /// somebody in it lets them in.
    pub newcomers: Vec<SealingNewcomer>,
    /// Groups that let this member in from then on: what they sealed before is not for this member.
    pub from_now: Vec<String>,
    /// What does not add up in the devices of members.
    pub alarms: Vec<SealingAlarm>,
}

/// A device of the member that waits to be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealingRequest {
    /// The device.
    pub device: DeviceId,
    /// The six words that it must show.
    pub words: Vec<String>,
}

/// A group of the member's whose notes are not sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealingMissing {
    /// Name of the group.
    pub group: String,
    /// Names of those who have not turned it on.
    pub members: Vec<String>,
}

/// A newcomer who waits to be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealingNewcomer {
    /// Who.
    pub member: MemberId,
    /// The name.
    pub name: String,
    /// Name of the group.
    pub group: String,
}

/// What a person must be told about a member's devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealingAlarm {
    /// Whose.
    pub member: MemberId,
    /// The name.
    pub name: String,
    /// Whether a list was made up or changed on its way; otherwise the devices are vouched for by
    /// another key than before, which is so when the person has lost all devices, or when somebody puts
    /// devices in the person's place.
    pub forged: bool,
}
