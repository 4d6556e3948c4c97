//! Sealed notes: who would lose them with one device is reminded of the code, until it is made or put away.

use ipc::{Command, Preferences, Reply, SealingCommand};

use crate::chamber::Chamber;
use crate::council::{Tablet, note};
use crate::sealed::state;

async fn reminded(tablet: &Tablet) -> bool {
    state(tablet).await.remind
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_for_while_sealed_notes_hang_on_one_device() {
    let Chamber { council, clerk, ada, ines, karim, paper } = Chamber::sealed().await;
    assert!(!reminded(&ada.1).await, "nothing is sealed yet");
    for tablet in [&ada.1, &ines.1, &karim.1] {
        tablet.mark(note(paper, 1, "a-soi")).await;
        assert!(reminded(tablet).await);
    }
    // The code is made.
    let Reply::RecoveryCode(_) = ada.1.ask(Command::Sealing(SealingCommand::Code)).await else {
        panic!("a code")
    };
    assert!(!reminded(&ada.1).await);
    // The reminder is put away, for good.
    ines.1.ask(Command::Prefer(Preferences { code_later: true, ..Preferences::default() })).await;
    let ines = (ines.0, ines.1.reopen().await);
    assert!(!reminded(&ines.1).await);
    // A second device reads them.
    let second = council.tablet(&clerk, karim.0, "seconde").await;
    state(&second).await;
    let device = state(&karim.1).await.requests[0].device;
    crate::sealed::asked(&karim.1, SealingCommand::Approve { device }).await;
    assert!(!reminded(&karim.1).await);
    assert!(!reminded(&second).await);
}
