//! Sealed notes: who reads them, who does not, whatever they hold.

use std::collections::BTreeSet;
use std::path::Path;

use domain::{DocumentId, MemberId};
use ipc::{
    Audience, Command, ErrorCode, Language, NewMark, Reply, SealingCommand, SealingStanding,
    SealingView, Secret,
};
use pupitre_client::ports::{DeviceSecret, Keys, Store};
use seal::wrap::{Purpose, unwrap};
use seal::{
    AgreementSecret, DeviceList, EpochKey, Holder, Identity, Keyring, Letter, ListedDevice,
};
use store::{FileKeys, SqliteStore};
use sync_server::commands::backup::{backup, restore};
use wire::{DocKey, Header, Kind, Op, Scope};

use crate::chamber::{Chamber, LEFT, RIGHT, set};
use crate::council::{Tablet, note};

pub(crate) fn for_left(document: DocumentId, text: &str) -> NewMark {
    NewMark { audience: Audience::Group(LEFT.to_owned()), ..note(document, 1, text) }
}

pub(crate) async fn asked(tablet: &Tablet, command: SealingCommand) -> SealingView {
    let Reply::Sealing(view) = tablet.ask(Command::Sealing(command)).await else {
        panic!("how sealing stands")
    };
    *view
}

pub(crate) async fn state(tablet: &Tablet) -> SealingView {
    tablet.sync().await;
    asked(tablet, SealingCommand::State { language: Language::Fr }).await
}

pub(crate) async fn texts(tablet: &Tablet) -> BTreeSet<String> {
    tablet.sync().await;
    tablet.note_texts().await.into_iter().collect()
}

/// Whether any file under a folder has a word anywhere in its bytes.
fn holds(folder: &Path, word: &str) -> bool {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return holds(&path, word);
        }
        let bytes = std::fs::read(&path).unwrap();
        bytes.windows(word.len()).any(|window| window == word.as_bytes())
    })
}

impl Chamber {
    /// Everybody but the clerk turns sealing on.
    pub(crate) async fn sealed() -> Self {
        let chamber = Self::open().await;
        for tablet in [&chamber.ada.1, &chamber.ines.1, &chamber.karim.1] {
            let view = asked(tablet, SealingCommand::Begin).await;
            assert_eq!(view.standing, SealingStanding::On);
        }
        for tablet in [&chamber.ada.1, &chamber.ines.1, &chamber.karim.1] {
            tablet.sync().await;
        }
        chamber
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_groups_members_read_and_neither_the_others_nor_the_servers_disk() {
    let Chamber { council, clerk, ada, ines, karim, paper } = Chamber::sealed().await;
    ada.1.mark(note(paper, 1, "plantee-seule")).await;
    ada.1.mark(for_left(paper, "plantee-groupe")).await;
    ada.1.mark(NewMark { audience: Audience::Council, ..note(paper, 1, "plantee-tous") }).await;
    ada.1.sync().await;
    assert_eq!(ada.1.pending().await, 0);
    assert_eq!(texts(&ines.1).await, set(["plantee-groupe", "plantee-tous"]));
    assert_eq!(texts(&karim.1).await, set(["plantee-tous"]));
    assert_eq!(texts(&clerk).await, set(["plantee-tous"]));
    // The same after a restart, when no key is unwrapped any more.
    let ines = ines.1.reopen().await;
    ada.1.mark(for_left(paper, "plantee-encore")).await;
    ada.1.sync().await;
    let now = set(["plantee-groupe", "plantee-tous", "plantee-encore"]);
    assert_eq!(texts(&ines).await, now);
    // Every byte that the server has: what is for everybody is there, so the search finds what is.
    council.stop().await;
    let disk = council.path("server");
    assert!(holds(&disk, "plantee-tous"));
    for word in ["plantee-seule", "plantee-groupe", "plantee-encore"] {
        assert!(!holds(&disk, word), "{word}");
    }
    assert!(sync_server::commands::doctor::doctor(&disk, i64::MAX).unwrap().problems.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_of_before_stay_readable_and_a_group_is_sealed_once_all_its_members_are() {
    let Chamber { council, ada, ines, karim: _, clerk: _, paper } = Chamber::open().await;
    ada.1.mark(for_left(paper, "avant")).await;
    ada.1.sync().await;
    let view = asked(&ada.1, SealingCommand::Begin).await;
    assert_eq!(view.missing[0].members, ["Inès Baudry"]);
    // Inès would lose sight of it: it stays plain, and Ada was told.
    ada.1.mark(for_left(paper, "entre-deux")).await;
    ada.1.mark(note(paper, 1, "a-moi")).await;
    ada.1.sync().await;
    assert_eq!(texts(&ines.1).await, set(["avant", "entre-deux"]));
    asked(&ines.1, SealingCommand::Begin).await;
    assert!(state(&ada.1).await.missing.is_empty());
    ada.1.mark(for_left(paper, "maintenant")).await;
    ada.1.sync().await;
    assert_eq!(texts(&ines.1).await, set(["avant", "entre-deux", "maintenant"]));
    council.stop().await;
    let disk = council.path("server");
    assert!(holds(&disk, "entre-deux"));
    assert!(!holds(&disk, "maintenant") && !holds(&disk, "a-moi"));
}

/// Lets the newcomer into the group.
async fn let_in(tablet: &Tablet, member: MemberId) {
    let group = LEFT.to_owned();
    asked(tablet, SealingCommand::Welcome { member, group, history: true }).await;
}

fn newcomers(view: &SealingView) -> Vec<(&str, &str)> {
    view.newcomers.iter().map(|one| (one.name.as_str(), one.group.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_office_puts_into_a_group_gets_no_key_before_somebody_in_it_agrees() {
    let Chamber { council, clerk, ada, ines, karim, paper } = Chamber::sealed().await;
    ada.1.mark(for_left(paper, "avant-karim")).await;
    ada.1.sync().await;
    ines.1.sync().await;
    let clerk = council.put_into(clerk, karim.0, &[LEFT, RIGHT]).await;
    for tablet in [&ada.1, &ines.1, &karim.1] {
        tablet.sync().await;
    }
    // Nor of what is written from then on, also by somebody who writes for the group the first time.
    ada.1.mark(for_left(paper, "sous-ses-yeux")).await;
    ines.1.mark(for_left(paper, "d-ines")).await;
    for tablet in [&ada.1, &ines.1, &ada.1, &ines.1] {
        tablet.sync().await;
    }
    let ours = set(["avant-karim", "sous-ses-yeux", "d-ines"]);
    assert_eq!(texts(&ada.1).await, ours);
    assert_eq!(texts(&ines.1).await, ours);
    assert_eq!(texts(&karim.1).await, set([]));
    for tablet in [&ada.1, &ines.1] {
        assert_eq!(newcomers(&state(tablet).await), [("Karim Baudry", LEFT)]);
    }
    // The newcomer's own word lets nobody in; and what the newcomer writes is for the whole group.
    let_in(&karim.1, karim.0).await;
    karim.1.mark(for_left(paper, "de-karim")).await;
    karim.1.sync().await;
    ada.1.sync().await;
    ines.1.sync().await;
    assert_eq!(texts(&karim.1).await, set(["de-karim"]));
    assert!(texts(&ada.1).await.contains("de-karim"));
    // One of them is enough.
    let_in(&ines.1, karim.0).await;
    ada.1.sync().await;
    let all = set(["avant-karim", "sous-ses-yeux", "d-ines", "de-karim"]);
    assert_eq!(texts(&karim.1).await, all);
    for tablet in [&ada.1, &ines.1, &karim.1] {
        assert!(newcomers(&state(tablet).await).is_empty());
    }
    drop(clerk);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_its_member_does_not_know_is_asked_about_no_more() {
    let Chamber { council, clerk, ada, ines, karim: _, paper } = Chamber::sealed().await;
    ines.1.mark(note(paper, 1, "a-elle-seule")).await;
    ines.1.sync().await;
    let spy = council.tablet(&clerk, ines.0, "inconnue").await;
    state(&spy).await;
    let device = state(&ines.1).await.requests[0].device;
    let view = asked(&ines.1, SealingCommand::Decline { device }).await;
    assert!(view.requests.is_empty());
    let ines = ines.1.reopen().await;
    assert!(state(&ines).await.requests.is_empty());
    assert_eq!(texts(&spy).await, set([]));
    assert_eq!(state(&spy).await.standing, SealingStanding::Waiting);
    drop(ada);
}

/// The keys of a scope that somebody has who holds a tablet and every letter that was ever sent.
fn ring(letters: &Path, tablet: &Path) -> Keyring {
    let keys = FileKeys::open(tablet).unwrap();
    let with = AgreementSecret::from_bytes(*keys.secret(DeviceSecret::Agreement).unwrap().unwrap());
    let device = SqliteStore::open(tablet).unwrap().profile().unwrap().unwrap().device;
    let store = SqliteStore::open(letters).unwrap();
    let council = store.profile().unwrap().unwrap().council;
    let mut ring = Keyring::default();
    for key in store.key_ops().unwrap() {
        let Ok(Letter::Keys(wraps)) = Letter::from_bytes(&key.op.payload) else { continue };
        for one in wraps {
            let purpose = Purpose::Epoch { council, scope: one.scope, epoch: one.epoch, device };
            if let Ok(found) = unwrap(&one.wrap, &with, &purpose) {
                ring.add(one.scope, one.epoch, EpochKey::from_bytes(*found));
            }
        }
    }
    ring
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_a_group_cannot_open_what_is_written_later_even_with_the_whole_log() {
    let Chamber { council, clerk, ada, ines, karim, paper } = Chamber::sealed().await;
    ada.1.mark(for_left(paper, "pour-ines-aussi")).await;
    ada.1.sync().await;
    assert_eq!(texts(&ines.1).await, set(["pour-ines-aussi"]));
    let clerk = council.put_into(clerk, ines.0, &[]).await;
    let clerk = council.put_into(clerk, karim.0, &[LEFT, RIGHT]).await;
    ada.1.sync().await;
    ada.1.mark(for_left(paper, "sans-elle")).await;
    ada.1.sync().await;
    ada.1.sync().await;
    assert_eq!(texts(&ines.1).await, set([]));
    // Whom the office puts into the group waits for somebody in it.
    assert_eq!(texts(&karim.1).await, set([]));
    let_in(&ada.1, karim.0).await;
    assert_eq!(texts(&karim.1).await, set(["pour-ines-aussi", "sans-elle"]));
    drop(clerk);
    for tablet in [&ada.1, &ines.1, &karim.1] {
        tablet.client.clone().shutdown().await;
    }
    let group = SqliteStore::open(&ada.1.profile).unwrap().members().unwrap();
    let group = group.iter().find(|member| member.id == ada.0).unwrap().groups[0];
    let scope = Scope { owner: ada.0, audience: wire::Audience::Group(group) };
    let hers = ring(&ada.1.profile, &ines.1.profile);
    let his = ring(&ada.1.profile, &karim.1.profile);
    assert_eq!(hers.newest(scope).map(|(epoch, _)| epoch), Some(1));
    assert_eq!(his.newest(scope).map(|(epoch, _)| epoch), Some(2));
    assert_eq!(hers.of(scope, 1), his.of(scope, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_tablet_reads_once_the_first_has_approved_it() {
    let Chamber { council, clerk, ada, ines, karim: _, paper } = Chamber::sealed().await;
    ada.1.mark(for_left(paper, "d-ada")).await;
    ada.1.sync().await;
    ines.1.mark(note(paper, 1, "plantee-une")).await;
    assert_eq!(texts(&ines.1).await, set(["plantee-une", "d-ada"]));
    let second = council.tablet(&clerk, ines.0, "Inès 2").await;
    let waits = state(&second).await;
    assert_eq!((waits.standing, waits.words.len()), (SealingStanding::Waiting, 6));
    // It reads the catalogue and the papers, and keeps what is written on it.
    assert_eq!(second.documents().await.len(), 3);
    second.mark(note(paper, 1, "plantee-deux")).await;
    assert_eq!(texts(&second).await, set(["plantee-deux"]));
    assert!(state(&second).await.waiting >= 2);
    assert_eq!(second.pending().await, 1);
    // No tablet of somebody else's sees the request, nor can it take in.
    assert!(state(&ada.1).await.requests.is_empty());
    let itself = second.client.handle(Command::Sealing(SealingCommand::Code)).await.unwrap_err();
    assert_eq!(itself.code, ErrorCode::NotTakenIn);
    let [request] = &state(&ines.1).await.requests[..] else { panic!("one request") };
    assert_eq!(request.words, waits.words);
    let device = request.device;
    let view = asked(&ines.1, SealingCommand::Approve { device }).await;
    assert_eq!((view.requests.len(), view.devices), (0, 2));
    assert_eq!(texts(&second).await, set(["plantee-une", "d-ada", "plantee-deux"]));
    assert_eq!(state(&second).await.standing, SealingStanding::On);
    second.sync().await;
    assert_eq!(second.pending().await, 0);
    assert_eq!(texts(&ines.1).await, set(["plantee-une", "d-ada", "plantee-deux"]));
    // The new one can take in the next.
    let third = council.tablet(&clerk, ines.0, "Inès 3").await;
    state(&third).await;
    let second = second.reopen().await;
    let device = state(&second).await.requests[0].device;
    asked(&second, SealingCommand::Approve { device }).await;
    assert_eq!(texts(&third).await, set(["plantee-une", "d-ada", "plantee-deux"]));
    council.stop().await;
    assert!(!holds(&council.path("server"), "plantee-deux"));
}

async fn make_code(tablet: &Tablet) -> String {
    let Reply::RecoveryCode(code) = tablet.ask(Command::Sealing(SealingCommand::Code)).await else {
        panic!("a code")
    };
    code.expose().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_alone_brings_the_notes_back_when_all_tablets_are_lost() {
    let Chamber { council, clerk, ada, ines, karim: _, paper } = Chamber::sealed().await;
    ines.1.mark(note(paper, 1, "a-elle")).await;
    ines.1.mark(for_left(paper, "au-groupe")).await;
    ada.1.mark(for_left(paper, "d-ada")).await;
    let former = make_code(&ines.1).await;
    let code = make_code(&ines.1).await;
    assert!(state(&ines.1).await.has_code);
    // Ada's tablet wraps to the code too.
    ada.1.sync().await;
    ines.1.sync().await;
    ines.1.client.shutdown().await;
    std::fs::remove_dir_all(&ines.1.profile).unwrap();
    let new = council.tablet(&clerk, ines.0, "Inès, neuve").await;
    assert_eq!(state(&new).await.standing, SealingStanding::Waiting);
    for wrong in [former.as_str(), "0000-0000-0000-0000-0000-0000-0000", "bonjour"] {
        let command = SealingCommand::Recover { code: Secret::new(wrong) };
        let refused = new.refused(Command::Sealing(command)).await;
        assert_eq!(refused.code, ErrorCode::RecoveryCodeWrong, "{wrong}");
    }
    let typed = Secret::new(code.to_lowercase().replace('-', " "));
    let view = asked(&new, SealingCommand::Recover { code: typed }).await;
    assert_eq!(view.standing, SealingStanding::On);
    assert_eq!(texts(&new).await, set(["a-elle", "au-groupe", "d-ada"]));
    // And it is a tablet like any other: it reads what comes, and is read.
    ada.1.sync().await;
    ada.1.mark(for_left(paper, "apres")).await;
    ada.1.sync().await;
    let new = new.reopen().await;
    assert_eq!(texts(&new).await, set(["a-elle", "au-groupe", "d-ada", "apres"]));
    new.mark(for_left(paper, "la-revoila")).await;
    new.sync().await;
    assert!(texts(&ada.1).await.contains("la-revoila"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_everything_begins_anew_and_is_believed_by_those_who_agree() {
    let Chamber { council, clerk, ada, ines, karim: _, paper } = Chamber::sealed().await;
    ines.1.mark(note(paper, 1, "perdue")).await;
    ines.1.sync().await;
    ines.1.client.shutdown().await;
    let new = council.tablet(&clerk, ines.0, "Inès, neuve").await;
    state(&new).await;
    let view = asked(&new, SealingCommand::BeginAnew).await;
    assert_eq!(view.standing, SealingStanding::On);
    assert_eq!(texts(&new).await, set([]));
    // Ada is told, and nothing is wrapped to the new tablet before she has agreed.
    let [alarm] = &state(&ada.1).await.alarms[..] else { panic!("one alarm") };
    assert_eq!((alarm.name.as_str(), alarm.forged), ("Inès Baudry", false));
    ada.1.mark(for_left(paper, "d-ada")).await;
    ada.1.sync().await;
    assert_eq!(texts(&new).await, set([]));
    let view = asked(&ada.1, SealingCommand::Agree { member: ines.0 }).await;
    assert!(view.alarms.is_empty());
    assert_eq!(texts(&new).await, set(["d-ada"]));
}

/// Puts a list into the log in a member's name, as a server could that has a device of its own there.
async fn plant(tablet: Tablet, list: impl FnOnce(&Path) -> Vec<u8>) -> Tablet {
    let folder = tablet.profile;
    tablet.client.shutdown().await;
    let payload = list(&folder);
    {
        let mut store = SqliteStore::open(&folder).unwrap();
        let profile = store.profile().unwrap().unwrap();
        let header = Header {
            council: profile.council,
            scope: Scope { owner: profile.member, audience: wire::Audience::Council },
            document: DocKey::of_devices(profile.member),
            device: profile.device,
            device_seq: store.next_device_seq().unwrap(),
            kind: Kind::Directory,
            epoch: 0,
            made_ms: 0,
        };
        let keys = FileKeys::open(&folder).unwrap();
        let signature = keys.sign(&header.signing_bytes(&payload)).unwrap();
        store.seal_all(&[Op { header, payload, signature }]).unwrap();
    }
    let tablet = Tablet::open(&folder);
    tablet.sync().await;
    tablet
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_put_into_the_directory_is_found_and_gets_nothing() {
    let Chamber { council, clerk, ada, ines, karim: _, paper } = Chamber::sealed().await;
    ada.1.mark(for_left(paper, "secret-de-groupe")).await;
    ada.1.sync().await;
    // Whoever runs the server lets a device of their own in, in Inès's name.
    let spy = council.tablet(&clerk, ines.0, "espion").await;
    state(&spy).await;
    let agreement = |spy: &Path| {
        let keys = FileKeys::open(spy).unwrap();
        let secret = keys.secret(DeviceSecret::Agreement).unwrap().unwrap();
        AgreementSecret::from_bytes(*secret).public()
    };
    let standing = |spy: &Path| {
        let store = SqliteStore::open(spy).unwrap();
        let lists = store.key_ops().unwrap();
        let hers = lists.iter().find(|key| {
            key.op.header.kind == Kind::Directory && key.op.header.scope.owner == ines.0
        });
        seal::SignedList::from_bytes(&hers.unwrap().op.payload).unwrap()
    };
    // Its key in the place of hers, under her signature.
    let spy = plant(spy, |spy| {
        let mut list = standing(spy);
        list.list = list.list.with(&[]);
        list.list.devices[0].agreement = agreement(spy);
        list.to_bytes()
    })
    .await;
    let [alarm] = &state(&ada.1).await.alarms[..] else { panic!("one alarm") };
    assert_eq!((alarm.member, alarm.forged), (ines.0, true));
    // An identity of its own.
    let spy = plant(spy, |spy| {
        let identity = Identity::from_seed([66; 32]);
        let list = standing(spy).list;
        let holder = Holder::Device { signing: identity.public().unwrap() };
        let device = SqliteStore::open(spy).unwrap().profile().unwrap().unwrap().device;
        let entry = ListedDevice { device, holder, agreement: agreement(spy) };
        let list =
            DeviceList::first(list.council, list.member, identity.public().unwrap(), vec![entry]);
        identity.sign(list).unwrap().to_bytes()
    })
    .await;
    assert_eq!(state(&ada.1).await.alarms.len(), 2);
    assert_eq!(state(&ines.1).await.alarms.len(), 2);
    ada.1.mark(for_left(paper, "toujours-secret")).await;
    ada.1.sync().await;
    assert_eq!(texts(&ines.1).await, set(["secret-de-groupe", "toujours-secret"]));
    assert_eq!(texts(&spy).await, set([]));
    spy.client.shutdown().await;
    ada.1.client.shutdown().await;
    let theirs = ring(&ada.1.profile, &spy.profile);
    assert_eq!(theirs.all().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_a_restored_server_has_lost_come_back_from_the_tablets() {
    let Chamber { council, clerk, ada, ines, karim: _, paper } = Chamber::open().await;
    let (data, copy) = (council.path("server"), council.path("copie.tar"));
    backup(&data, &copy).unwrap();
    for tablet in [&ada.1, &ines.1] {
        asked(tablet, SealingCommand::Begin).await;
    }
    ada.1.sync().await;
    ada.1.mark(for_left(paper, "apres-la-copie")).await;
    ada.1.sync().await;
    assert_eq!(texts(&ines.1).await, set(["apres-la-copie"]));
    council.stop().await;
    std::fs::remove_dir_all(&data).unwrap();
    restore(&data, &copy, 0).unwrap();
    council.start().await;
    for tablet in [&ada.1, &ines.1, &ada.1, &ines.1] {
        tablet.sync().await;
    }
    // A tablet that was not there is taken in, and gets all of it from the server.
    let second = council.tablet(&clerk, ines.0, "Inès 2").await;
    assert_eq!(state(&second).await.standing, SealingStanding::Waiting);
    let device = state(&ines.1).await.requests[0].device;
    asked(&ines.1, SealingCommand::Approve { device }).await;
    assert_eq!(texts(&second).await, set(["apres-la-copie"]));
    for tablet in [&ada.1, &ines.1] {
        tablet.sync().await;
        assert_eq!(tablet.sync().await.pushed, 0, "nothing is sent again and again");
    }
    council.stop().await;
    assert!(!holds(&data, "apres-la-copie"));
}
