//! Sealed notes and the devices that read them, on the command line.

use clap::Subcommand;
use domain::{DeviceId, MemberId};

/// Your devices, and the sealing of your notes.
#[derive(Debug, Subcommand)]
pub(crate) enum Devices {
    /// Your own devices, as the server knows them.
    List,
    /// Shut another device of yours out.
    Revoke {
        /// Which.
        device: DeviceId,
        /// Have it empty itself at its next contact: keys first, then files. What it has not sent yet it
        /// sends before.
        #[arg(long)]
        wipe: bool,
    },
    /// How it stands: sealed or not, devices that wait with their six words, what does not add up.
    Sealing,
    /// Seal your own notes and those for your groups from now on. Another device of yours then reads
    /// them once you have approved it here, or by the recovery code.
    Seal,
    /// Let a device of yours that waits read your sealed notes, once the six words were the same.
    Approve {
        /// Which.
        device: DeviceId,
    },
    /// Do not let that device read: you do not know it. It is not shown again.
    Decline {
        /// Which.
        device: DeviceId,
    },
    /// Let a newcomer read what your group has written and will write.
    Welcome {
        /// Whom.
        member: MemberId,
        /// The group's name.
        group: String,
        /// Only what is written from now on.
        #[arg(long)]
        from_now: bool,
    },
    /// Make a recovery code, and show it this once; the one before is worth nothing any more. Without
    /// it, whoever loses all devices loses the sealed notes: nobody else can open them.
    Code,
    /// Let this device read your sealed notes by the recovery code.
    Recover {
        /// The code as it was written down.
        #[arg(env = "PUPITRE_RECOVERY_CODE", hide_env_values = true)]
        code: String,
    },
    /// All your other devices and the recovery code are lost: begin anew on this one.
    Anew {
        /// Yes: what you sealed before can never be opened again.
        #[arg(long, required = true)]
        lose_sealed_notes: bool,
    },
    /// Believe that a member has begun anew; ask the person first.
    Agree {
        /// Whom.
        member: MemberId,
    },
}
