//! Sealed notes: an exchange with nothing new costs nothing.

use pupitre_client::SealingWork;

use crate::chamber::Chamber;
use crate::council::{Tablet, note};
use crate::sealed::{for_left, state, texts};

fn work(tablet: &Tablet) -> SealingWork {
    tablet.client.sealing_work()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_letters_are_read_once_and_looked_at_when_they_changed() {
    let Chamber { council, ada, ines, paper, .. } = Chamber::sealed().await;
    ada.1.mark(for_left(paper, "premiere")).await;
    ada.1.sync().await;
    ines.1.sync().await;
    state(&ines.1).await;
    let before = work(&ines.1);
    // Three lists, and the letters that this member may see.
    assert!(before.reads >= 4, "{before:?}");
    for _ in 0..3 {
        ines.1.sync().await;
        state(&ines.1).await;
    }
    assert_eq!(work(&ines.1), before);
    // Notes under keys that are here, of others and one's own, change nothing about keys.
    ada.1.mark(for_left(paper, "deuxieme")).await;
    ada.1.sync().await;
    assert!(texts(&ines.1).await.contains("deuxieme"));
    assert_eq!(work(&ines.1), before);
    // The first note of one's own begins an epoch: one letter, which is read and no other.
    ines.1.mark(note(paper, 1, "la-sienne")).await;
    ines.1.sync().await;
    state(&ines.1).await;
    let after = work(&ines.1);
    assert!(after.looks > before.looks);
    assert_eq!(after.reads, before.reads + 2, "once to read it, once to see that it is signed");
    ines.1.sync().await;
    assert_eq!(work(&ines.1), after);
    drop(council);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_before_is_not_held_for_what_stands() {
    let Chamber { council, clerk, ada, ines, paper, .. } = Chamber::sealed().await;
    ada.1.mark(for_left(paper, "premiere")).await;
    ada.1.sync().await;
    ines.1.sync().await;
    ada.1.sync().await;
    // Inès leaves: what stands is the same, who reads is not.
    let clerk = council.put_into(clerk, ines.0, &[]).await;
    ada.1.sync().await;
    let before = work(&ada.1);
    ada.1.mark(for_left(paper, "apres-ines")).await;
    ada.1.sync().await;
    assert!(work(&ada.1).looks > before.looks, "a new epoch is a new letter");
    assert!(!texts(&ines.1).await.contains("apres-ines"));
    drop(clerk);
}
