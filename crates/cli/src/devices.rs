//! Sealed notes: how it stands, devices taken in, the recovery code.

use client::Client;
use ipc::{Command, DeviceView, Reply, SealingCommand, SealingStanding, SealingView, Secret};

use crate::answers::Answer;
use crate::args::Devices;
use crate::failure::Failure;
use crate::tablet::{ask, the};

pub(crate) async fn answer(client: &Client, asked: &Devices) -> Result<Answer, Failure> {
    let language = crate::language();
    let command = match asked {
        Devices::Sealing => {
            // What waits elsewhere is only known from the server; without a network, what is known.
            client.handle(Command::Sync).await.ok();
            SealingCommand::State { language }
        }
        Devices::List => return own(client, Command::OwnDevices).await,
        Devices::Revoke { device, wipe } => {
            return own(client, Command::RevokeOwn { device: *device, wipe: *wipe }).await;
        }
        Devices::Seal => SealingCommand::Begin,
        Devices::Approve { device } => SealingCommand::Approve { device: *device },
        Devices::Decline { device } => SealingCommand::Decline { device: *device },
        Devices::Welcome { member, group, from_now } => {
            SealingCommand::Welcome { member: *member, group: group.clone(), history: !from_now }
        }
        Devices::Code => {
            let command = Command::Sealing(SealingCommand::Code);
            let code = ask(client, command, the!(Reply::RecoveryCode)).await?;
            return Ok(Answer::RecoveryCode { code: code.expose().to_owned() });
        }
        Devices::Recover { code } => SealingCommand::Recover { code: Secret::new(code.as_str()) },
        Devices::Anew { lose_sealed_notes: _ } => SealingCommand::BeginAnew,
        Devices::Agree { member } => SealingCommand::Agree { member: *member },
    };
    let view = ask(client, Command::Sealing(command), the!(Reply::Sealing)).await?;
    Ok(Answer::Sealing(view))
}

async fn own(client: &Client, command: Command) -> Result<Answer, Failure> {
    Ok(Answer::Devices(ask(client, command, the!(Reply::Devices)).await?))
}

/// Devices, for people.
pub(crate) fn listed(devices: &[DeviceView]) -> String {
    let line = |device: &DeviceView| {
        let standing = match (device.own, device.revoked, device.wipe, &device.emptied) {
            (true, _, _, _) => "this one",
            (_, _, _, Some(_)) => "shut out, emptied",
            (_, _, true, None) => "shut out, to be emptied at its next contact",
            (_, true, false, None) => "shut out",
            (false, false, false, None) if device.quarantined => "quarantined",
            (false, false, false, None) => "good",
        };
        format!("{}  {}  {standing}", device.device, device.name)
    };
    devices.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// For people.
pub(crate) fn text(view: &SealingView) -> String {
    let mut lines = Vec::new();
    match view.standing {
        SealingStanding::Off => lines.push(
            "Not sealed: whoever has the server's disk can read your notes. `devices seal` turns it on."
                .to_owned(),
        ),
        SealingStanding::Waiting => {
            lines.push(format!(
                "This device waits. Approve it on another one of yours if it shows these words: {}.",
                view.words.join(" ")
            ));
            lines.push("Or `devices recover` with your recovery code.".to_owned());
        }
        SealingStanding::On => {
            lines.push(format!("Sealed; {} of your devices read.", view.devices));
            if !view.has_code {
                lines.push(
                    "There is no recovery code: whoever loses all devices loses the sealed notes. \
                     `devices code` makes one."
                        .to_owned(),
                );
            }
        }
    }
    for one in &view.requests {
        lines.push(format!("waits: {}  {}", one.device, one.words.join(" ")));
    }
    if view.waiting > 0 {
        lines.push(format!("{} sealed notes wait for their key.", view.waiting));
    }
    for one in &view.missing {
        let who = one.members.join(", ");
        lines.push(format!("Notes for {} are not sealed yet: {who}.", one.group));
    }
    for one in &view.newcomers {
        lines.push(format!(
            "{} was put into {} and reads nothing of it before one of you agrees: \
             `devices welcome {} {:?}`, with --from-now without what is written already.",
            one.name, one.group, one.member, one.group
        ));
    }
    for group in &view.from_now {
        lines.push(format!(
            "Of {group} you read what was sealed since the group agreed, not what was before."
        ));
    }
    for one in &view.alarms {
        lines.push(if one.forged {
            format!(
                "WARNING: a list of the devices of {} was made up or changed on its way; it was not \
                 believed.",
                one.name
            )
        } else {
            format!(
                "WARNING: the devices of {} are vouched for by another key than before. Ask the person; \
                 `devices agree {}` believes it.",
                one.name, one.member
            )
        });
    }
    lines.join("\n")
}
