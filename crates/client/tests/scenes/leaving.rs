//! A tablet that is shut out and emptied, and one that hears nothing of its council for a month.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use domain::DocumentId;
use ipc::{
    Audience, ClerkCommand, ClerkReply, Command, DeviceView, ErrorCode, Event, NewMark, Problem,
    Reply, Status,
};
use pupitre_client::lease::DAY_MS;
use pupitre_client::ports::{BootTime, World};
use pupitre_client::{Client, ClientConfig, Door, SystemWorld};
use store::{FileKeys, FilePapers, SqliteStore, Vault};

use crate::chamber::Chamber;
use crate::council::{Council, Tablet, note, reader};

/// A world whose clocks a test sets: the days that have passed, how far the other clock is from them, and
/// which start of the machine this is.
#[derive(Default)]
struct Clocks {
    system: SystemWorld,
    set: Mutex<Set>,
}

#[derive(Default, Clone, Copy)]
struct Set {
    days: u64,
    skew_days: i64,
    start: u32,
}

impl Clocks {
    fn set(&self, days: u64, skew_days: i64, start: u32) {
        *self.set.lock().unwrap() = Set { days, skew_days, start };
    }
}

impl World for Clocks {
    fn now_ms(&self) -> i64 {
        let set = *self.set.lock().unwrap();
        self.system.now_ms() + (set.days as i64 + set.skew_days) * DAY_MS as i64
    }
    fn boot(&self) -> BootTime {
        let set = *self.set.lock().unwrap();
        // A second start has run for a minute, whatever the calendar says.
        let ms = if set.start == 0 { set.days * DAY_MS } else { 60_000 };
        BootTime { boot: set.start.to_string(), ms }
    }
    fn fill(&self, bytes: &mut [u8]) {
        self.system.fill(bytes);
    }
}

fn client(profile: &Path, vault: &Vault, world: Arc<dyn World>) -> Client {
    Client::start(ClientConfig {
        store: Box::new(SqliteStore::open_with(profile, vault).unwrap()),
        files: Arc::new(FilePapers::open_with(profile, vault).unwrap()),
        keys: Arc::new(FileKeys::open_with(profile, vault.clone())),
        papers: reader().unwrap(),
        letters: Arc::new(press::convocation),
        world,
        automatic: false,
    })
}

/// The door before a profile, as the window has it.
fn door(profile: &Path) -> Door {
    let vault = Vault::open(profile).unwrap();
    let (profile, parts) = (profile.to_owned(), vault.clone());
    let opening = move || -> Result<Client, Problem> {
        Ok(client(&profile, &parts, Arc::new(SystemWorld::default())))
    };
    Door::new(Arc::new(vault), Arc::new(SystemWorld::default()), Box::new(opening))
}

async fn status(door: &Door) -> Status {
    let Reply::Status(status) = door.handle(Command::Status).await.unwrap() else { panic!() };
    *status
}

async fn clerks_devices(clerk: &Tablet) -> Vec<DeviceView> {
    let asked = Command::Clerk(ClerkCommand::Devices);
    let Reply::Clerk(ClerkReply::Devices(devices)) = clerk.ask(asked).await else { panic!() };
    devices
}

fn shared(document: DocumentId, text: &str, audience: Audience) -> NewMark {
    NewMark { audience, ..note(document, 1, text) }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Every byte under a folder.
fn bytes(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

/// Ada's tablet is lost with notes that were never sent; the clerk has it emptied.
#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_is_to_be_emptied_sends_its_last_notes_and_is_empty() {
    let Chamber { council, clerk, ada: (ada, tablet), karim, paper, .. } = Chamber::open().await;
    let second = council.tablet(&clerk, ada, "Ada 2").await;
    tablet.mark(note(paper, 1, "jamais envoyée")).await;
    tablet.mark(shared(paper, "pour tout le conseil", Audience::Council)).await;
    let profile = tablet.profile.clone();
    tablet.client.shutdown().await;
    let key = std::fs::read(profile.join("vault.key")).unwrap();

    let devices = clerks_devices(&clerk).await;
    let theirs: Vec<_> = devices.iter().filter(|device| device.member == ada).collect();
    let lost = theirs.iter().find(|device| device.seen.is_some()).unwrap().device;
    let wipe = Command::Clerk(ClerkCommand::Wipe(lost));
    let Reply::Clerk(ClerkReply::Devices(devices)) = clerk.ask(wipe).await else { panic!() };
    let known = devices.iter().find(|device| device.device == lost).unwrap();
    assert!(known.revoked && known.wipe && known.emptied.is_none());

    let door = door(&profile);
    let mut events = door.subscribe();
    assert!(status(&door).await.session.is_some(), "nothing happens before a contact");
    let refused = door.handle(Command::Sync).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Emptied);
    while events.recv().await.unwrap() != Event::Lock {}

    // The tablet is as new, and says why.
    let left = status(&door).await;
    assert!(left.session.is_none());
    let emptied = left.emptied.unwrap();
    assert_eq!((emptied.own, emptied.unsent), (false, 0));
    assert_eq!(door.handle(Command::Sync).await.unwrap_err().code, ErrorCode::NotEnrolled);
    assert_ne!(std::fs::read(profile.join("vault.key")).unwrap(), key);
    for (path, bytes) in bytes(&profile) {
        let holds = bytes.windows(key.len()).any(|part| part == key);
        assert!(!holds, "{}", path.display());
    }
    assert!(!names(&profile).contains(&"device.key".to_owned()));
    let papers = bytes(&profile.join("papers"));
    assert!(!papers.iter().any(|(path, _)| path.extension().is_some_and(|e| e == "sealed")));

    // The clerk sees that it is done; what was never sent is on Ada's other tablet, and nowhere else.
    let devices = clerks_devices(&clerk).await;
    assert!(devices.iter().find(|device| device.device == lost).unwrap().emptied.is_some());
    second.sync().await;
    let mut texts = second.note_texts().await;
    texts.sort();
    assert_eq!(texts, ["jamais envoyée", "pour tout le conseil"]);
    karim.1.sync().await;
    assert!(karim.1.note_texts().await.is_empty(), "a lost tablet says nothing to others");

    // It can join again, as any other.
    let Reply::Invitation { code, .. } = clerk.ask(Command::Invite { member: ada }).await else {
        panic!("an invitation")
    };
    door.handle(council.join(&code, None)).await.unwrap();
    door.handle(Command::Sync).await.unwrap();
    let again = status(&door).await;
    assert!(again.session.is_some() && again.emptied.is_none());
    door.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_empties_an_own_tablet_and_nobody_elses() {
    let Chamber { council, clerk, ada: (ada, first), ines, .. } = Chamber::open().await;
    let second = council.tablet(&clerk, ada, "Ada 2").await;
    second.sync().await;
    let Reply::Devices(own) = first.ask(Command::OwnDevices).await else { panic!("devices") };
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|device| device.member == ada));
    let this = own.iter().find(|device| device.own).unwrap().device;
    let other = own.iter().find(|device| !device.own).unwrap().device;
    let empty = |device| Command::RevokeOwn { device, wipe: true };
    assert_eq!(first.refused(empty(this)).await.code, ErrorCode::Forbidden);
    assert_eq!(ines.1.refused(empty(other)).await.code, ErrorCode::NotFound);
    let profile = second.profile.clone();
    second.client.shutdown().await;

    let Reply::Devices(own) = first.ask(empty(other)).await else { panic!("devices") };
    assert!(own.iter().any(|device| device.device == other && device.wipe));
    let door = door(&profile);
    let mut events = door.subscribe();
    assert_eq!(door.handle(Command::Sync).await.unwrap_err().code, ErrorCode::Emptied);
    while events.recv().await.unwrap() != Event::Lock {}
    let left = status(&door).await.emptied.unwrap();
    assert!(left.own);
    door.close().await;
}

/// Killed after the notice was written: the next start goes on where it stopped.
#[tokio::test(flavor = "multi_thread")]
async fn an_emptying_that_was_interrupted_goes_on_at_the_next_start() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let profile = tablet.profile.clone();
    tablet.client.shutdown().await;
    let notice = r#"{"ordered_ms":5,"own":true,"unsent":3,"done":false}"#;
    std::fs::write(profile.join("emptied.json"), notice).unwrap();
    std::fs::remove_file(profile.join("vault.key")).unwrap();

    let door = door(&profile);
    let left = status(&door).await;
    assert!(left.session.is_none());
    assert_eq!(left.emptied.map(|left| (left.own, left.unsent)), Some((true, 3)));
    door.close().await;
}

/// A device that is only revoked keeps what it holds, and says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_is_only_revoked_is_not_emptied() {
    let Chamber { clerk, ada: (ada, tablet), .. } = Chamber::open().await;
    let devices = clerks_devices(&clerk).await;
    let device = devices.iter().find(|device| device.member == ada).unwrap().device;
    clerk.ask(Command::Clerk(ClerkCommand::Revoke(device))).await;
    assert_eq!(tablet.refused(Command::Sync).await.code, ErrorCode::Revoked);
    assert!(tablet.client.dismissals().borrow().is_none());
    assert!(!tablet.documents().await.is_empty());
}

/// A tablet in a drawer.
struct Drawer {
    profile: PathBuf,
    clocks: Arc<Clocks>,
    client: Client,
}

impl Drawer {
    async fn put(tablet: Tablet) -> Self {
        let profile = tablet.profile.clone();
        tablet.client.shutdown().await;
        let clocks = Arc::new(Clocks::default());
        let client = client(&profile, &Vault::open(&profile).unwrap(), clocks.clone());
        // The last contact.
        client.handle(Command::Sync).await.unwrap();
        Self { profile, clocks, client }
    }

    async fn reopen(self) -> Self {
        let Self { profile, clocks, client: before } = self;
        before.shutdown().await;
        let client = client(&profile, &Vault::open(&profile).unwrap(), clocks.clone());
        Self { profile, clocks, client }
    }

    async fn lease(&self) -> Option<u32> {
        let Reply::Status(status) = self.client.handle(Command::Status).await.unwrap() else {
            panic!()
        };
        status.lease
    }

    async fn home(&self) -> Result<(), ErrorCode> {
        self.client.handle(Command::Home).await.map(drop).map_err(|problem| problem.code)
    }

    fn papers(&self) -> usize {
        let all = bytes(&self.profile.join("papers"));
        all.iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "sealed")).count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_hears_nothing_for_thirty_days_is_locked_until_it_does() {
    let Chamber { council, clerk, ada: (ada, tablet), paper, .. } = Chamber::open().await;
    let second = council.tablet(&clerk, ada, "Ada 2").await;
    let drawer = Drawer::put(tablet).await;
    let here = drawer.papers();
    assert!(here >= 3);
    council.stop().await;
    for (days, left) in [(1, None), (22, None), (23, Some(7)), (27, Some(3)), (29, Some(1))] {
        drawer.clocks.set(days, 0, 0);
        assert_eq!((drawer.lease().await, drawer.home().await), (left, Ok(())), "{days}");
    }
    drawer.client.handle(Command::Mark(note(paper, 1, "hors réseau"))).await.unwrap();
    // Whatever the other clock is set to.
    for skew in [0, -400, 400] {
        drawer.clocks.set(30, skew, 0);
        assert_eq!(drawer.lease().await, Some(0));
        assert_eq!(drawer.home().await, Err(ErrorCode::LeaseOver));
        for command in [Command::Sittings, Command::Marks { document: paper }] {
            let refused = drawer.client.handle(command).await.unwrap_err();
            assert_eq!(refused.code, ErrorCode::LeaseOver);
        }
    }
    assert_eq!(drawer.papers(), 0, "the papers are gone with their keys");
    // Closed and opened again it is what it was; only a contact changes that.
    let drawer = drawer.reopen().await;
    drawer.clocks.set(30, 0, 1);
    assert_eq!(drawer.home().await, Err(ErrorCode::LeaseOver));
    assert!(drawer.client.handle(Command::Sync).await.is_err(), "no network");
    assert_eq!(drawer.home().await, Err(ErrorCode::LeaseOver));

    council.start().await;
    drawer.client.handle(Command::Sync).await.unwrap();
    assert_eq!((drawer.lease().await, drawer.home().await), (None, Ok(())));
    assert_eq!(drawer.papers(), here, "and have come again");
    second.sync().await;
    assert_eq!(second.note_texts().await, ["hors réseau"], "nothing that waited was lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_before_each_start_buys_thirty_of_them() {
    let Chamber { council, ada: (_, tablet), .. } = Chamber::open().await;
    let mut drawer = Drawer::put(tablet).await;
    council.stop().await;
    for start in 1..30 {
        drawer.clocks.set(0, -1, start);
        drawer = drawer.reopen().await;
        assert_eq!(drawer.home().await, Ok(()), "{start}");
    }
    drawer.clocks.set(0, -1, 30);
    let drawer = drawer.reopen().await;
    assert_eq!(drawer.home().await, Err(ErrorCode::LeaseOver));
}

/// What a clerk has prepared and not published is nowhere else, and stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_clerks_desk_keeps_its_own_papers_when_the_lease_ends() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    clerk.sync().await;
    let model = ipc::Model::Body { kind: domain::BodyKind::Council, body: None };
    let new = Command::Clerk(ClerkCommand::New(model));
    let Reply::Clerk(ClerkReply::Draft(draft)) = clerk.ask(new).await else { panic!("a draft") };
    let file = council.path("nouveau.pdf");
    std::fs::write(&file, crate::papers::text(&["jamais publié".to_owned()])).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let id = uuid::Uuid::from_bytes([3; 16]);
    clerk.client.lay(id, 0, bytes).await.unwrap();
    let import = ClerkCommand::Import {
        sitting: draft.sitting.id,
        file: id,
        name: "nouveau.pdf".to_owned(),
        target: None,
    };
    clerk.ask(Command::Clerk(import)).await;
    let drawer = Drawer::put(clerk).await;
    let here = drawer.papers();
    drawer.clocks.set(31, 0, 0);
    assert_eq!(drawer.home().await, Err(ErrorCode::LeaseOver));
    assert_eq!((here, drawer.papers()), (4, 1));
}
