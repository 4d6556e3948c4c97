//! Sealed notes: what a newcomer to a group reads.

use ipc::{Audience, Command, SealingCommand};

use crate::chamber::{Chamber, LEFT, RIGHT, set};
use crate::council::Tablet;
use crate::sealed::{asked, for_left, state, texts};

async fn welcome(tablet: &Tablet, member: domain::MemberId, history: bool) {
    let group = LEFT.to_owned();
    asked(tablet, SealingCommand::Welcome { member, group, history }).await;
}

/// Karim is put into the group of Ada and Inès, who have written for it, and is let in by Inès
/// from then on.
async fn with_newcomer() -> Chamber {
    let Chamber { council, clerk, ada, ines, karim, paper } = Chamber::sealed().await;
    ada.1.mark(for_left(paper, "avant")).await;
    ada.1.sync().await;
    ines.1.sync().await;
    let clerk = council.put_into(clerk, karim.0, &[LEFT, RIGHT]).await;
    for tablet in [&ada.1, &ines.1, &karim.1] {
        tablet.sync().await;
    }
    welcome(&ines.1, karim.0, false).await;
    for tablet in [&ada.1, &karim.1, &ada.1] {
        tablet.sync().await;
    }
    Chamber { council, clerk, ada, ines, karim, paper }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_let_in_from_now_on_reads_what_is_written_then_and_nothing_of_before() {
    let Chamber { council, ada, ines, karim, paper, .. } = with_newcomer().await;
    assert_eq!(texts(&karim.1).await, set([]));
    // On the same paper, by her who had written before and by her who had not.
    ada.1.mark(for_left(paper, "apres")).await;
    ines.1.mark(for_left(paper, "d-ines")).await;
    for tablet in [&ada.1, &ines.1, &ada.1] {
        tablet.sync().await;
    }
    assert_eq!(texts(&karim.1).await, set(["apres", "d-ines"]));
    let all = set(["avant", "apres", "d-ines"]);
    assert_eq!(texts(&ada.1).await, all);
    assert_eq!(texts(&ines.1).await, all);
    // Nothing waits, and it is said why nothing of before is there.
    let view = state(&karim.1).await;
    assert_eq!((view.waiting, view.from_now), (0, vec![LEFT.to_owned()]));
    assert!(state(&ada.1).await.newcomers.is_empty());
    // Each reads the same after a restart.
    let (ada, karim) = (ada.1.reopen().await, karim.1.reopen().await);
    assert_eq!(texts(&karim).await, set(["apres", "d-ines"]));
    assert_eq!(texts(&ada).await, all);
    drop(council);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_of_before_stays_out_of_sight_when_it_is_changed_moved_or_taken_back() {
    let Chamber { council, ada, ines, karim, paper, .. } = with_newcomer().await;
    let before = ada.1.marks(paper).await.remove(0).mark.id;
    ada.1.mark(for_left(paper, "apres")).await;
    ada.1
        .ask(Command::ChangeMark {
            document: paper,
            annotation: before,
            text: Some("avant-et-corrigee".to_owned()),
            colour: None,
        })
        .await;
    ada.1.sync().await;
    assert_eq!(texts(&ines.1).await, set(["avant-et-corrigee", "apres"]));
    assert_eq!(texts(&karim.1).await, set(["apres"]));
    ada.1.ask(Command::Undo { document: paper }).await;
    ada.1.sync().await;
    assert_eq!(texts(&ines.1).await, set(["avant", "apres"]));
    assert_eq!(texts(&karim.1).await, set(["apres"]));
    // Shown once more to those who see it: nobody else does for that.
    ada.1
        .ask(Command::ChangeAudience {
            document: Some(paper),
            annotation: before,
            audience: Audience::Group(LEFT.to_owned()),
        })
        .await;
    ada.1.sync().await;
    assert_eq!(texts(&ines.1).await, set(["avant", "apres"]));
    assert_eq!(texts(&karim.1).await, set(["apres"]));
    assert_eq!(state(&karim.1).await.waiting, 0);
    drop(council);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_let_in_with_the_notes_of_before_reads_them_also_when_that_is_said_later() {
    let Chamber { council, ada, ines, karim, paper, .. } = with_newcomer().await;
    ada.1.mark(for_left(paper, "apres")).await;
    ada.1.sync().await;
    assert_eq!(texts(&karim.1).await, set(["apres"]));
    welcome(&ines.1, karim.0, true).await;
    ada.1.sync().await;
    assert_eq!(texts(&karim.1).await, set(["avant", "apres"]));
    assert!(state(&karim.1).await.from_now.is_empty());
    drop((council, ines));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_reads_nothing_more_of_either_era() {
    let Chamber { council, clerk, ada, ines, karim, paper } = with_newcomer().await;
    ada.1.mark(for_left(paper, "apres")).await;
    ada.1.sync().await;
    let clerk = council.put_into(clerk, karim.0, &[RIGHT]).await;
    ada.1.sync().await;
    ada.1.mark(for_left(paper, "sans-karim")).await;
    ada.1.sync().await;
    karim.1.sync().await;
    assert_eq!(texts(&karim.1).await, set([]));
    assert_eq!(texts(&ines.1).await, set(["avant", "apres", "sans-karim"]));
    drop((council, clerk));
}
