//! A council in a temporary folder: the real server in this process, real stores, the real reader.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use domain::{CouncilKind, DocumentId, Group, Member, MemberId, Record, Role};
use ink::{Colour, MarkKind, Markup, MarkupStyle, Point, Quote};
use ipc::{
    Audience, Command, DocumentView, MarkView, NewMark, NoteCard, Problem, Published, Reply,
    SyncSummary,
};
use pdf::{PdfConfig, PdfReader};
use pupitre_client::ports::{Keys, Papers, PdfError, Store, World};
use pupitre_client::{Client, ClientConfig, SystemWorld};
use store::{FileKeys, FilePapers, SqliteStore};
use sync_server::TlsFiles;
use sync_server::commands::init::{Declaration, init};
use sync_server::connector::accounts::Accounts;
use sync_server::connector::{ConnectorConfig, LARGEST};
use testkit::Authority;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use wire::{DocKey, Header, Kind, Op, RecordPayload, Scope};

use crate::papers;

/// A council with its server.
pub struct Council {
    pub folder: tempfile::TempDir,
    pub address: String,
    pub clerk_code: String,
    /// In PEM, when the server speaks TLS: who vouches for it.
    pub authority: Option<String>,
    tls: Option<TlsFiles>,
    /// The password of drafting software, which this server lets in.
    pub drafting: String,
    server: Mutex<Option<(CancellationToken, JoinHandle<()>)>>,
}

impl Council {
    pub async fn open() -> Self {
        Self::open_with(None).await
    }

    /// One whose server speaks TLS, vouched for by this authority.
    pub async fn open_encrypted(authority: &Authority) -> Self {
        Self::open_with(Some(authority)).await
    }

    async fn open_with(authority: Option<&Authority>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let declaration = Declaration {
            name: "Ville de Valbrune".to_owned(),
            kind: CouncilKind::Commune,
            population: 9_000,
            zone: "Europe/Paris".to_owned(),
            local_law: None,
        };
        let now_ms = SystemWorld::default().now_ms();
        let founded = init(&folder.path().join("server"), declaration, now_ms).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tls = authority.map(|authority| {
            let certified = authority.vouch_for(&["127.0.0.1"]);
            let [cert, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
            std::fs::write(&cert, certified.certificate).unwrap();
            std::fs::write(&key, certified.key).unwrap();
            TlsFiles::new(cert, key)
        });
        let accounts = folder.path().join("connector.json");
        let words = ["webdelib", "valbrune", "Webdelib"];
        let drafting = Accounts::grant(&accounts, founded.council, words).unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let address = format!("{scheme}://{}", listener.local_addr().unwrap());
        let council = Self {
            folder,
            address,
            clerk_code: founded.clerk_invitation,
            authority: authority.map(Authority::pem),
            tls,
            drafting,
            server: Mutex::default(),
        };
        council.serve(listener);
        council
    }

    fn serve(&self, listener: TcpListener) {
        let stop = CancellationToken::new();
        let mut config = sync_server::Config::new(self.folder.path().join("server"));
        config.tls.clone_from(&self.tls);
        let accounts = self.path("connector.json");
        config.connector = Some(ConnectorConfig { accounts, largest: LARGEST });
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            sync_server::serve(config, listener, stopped.cancelled_owned()).await.unwrap();
        });
        *self.server.lock().unwrap() = Some((stop, task));
    }

    /// The network goes.
    pub async fn stop(&self) {
        let running = self.server.lock().unwrap().take();
        if let Some((stop, task)) = running {
            stop.cancel();
            task.await.unwrap();
        }
    }

    /// The network comes back.
    pub async fn start(&self) {
        let (_, address) = self.address.split_once("://").unwrap();
        let listener = TcpListener::bind(address).await.unwrap();
        self.serve(listener);
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a tablet says to come in.
    pub fn join(&self, code: &str, authority: Option<String>) -> Command {
        Command::Enrol {
            server: self.address.clone(),
            code: code.to_owned(),
            device: "Tablette".to_owned(),
            authority,
        }
    }

    /// The clerk's tablet, enrolled.
    pub async fn clerk(&self) -> Tablet {
        let tablet = Tablet::open(&self.path("clerk"));
        tablet.enrol(self, &self.clerk_code).await;
        tablet
    }

    /// A tablet of a new official.
    pub async fn official(&self, clerk: &Tablet, first: &str) -> (MemberId, Tablet) {
        self.person(clerk, first, Some("Valbrune ensemble"), Role::Official).await
    }

    /// A tablet of a new person of a group.
    pub async fn person(
        &self,
        clerk: &Tablet,
        first: &str,
        group: Option<&str>,
        role: Role,
    ) -> (MemberId, Tablet) {
        let command = Command::AddMember {
            first_name: first.to_owned(),
            last_name: "Baudry".to_owned(),
            email: None,
            group: group.map(ToOwned::to_owned),
            role,
            function: None,
            phone: None,
            on_paper: false,
        };
        let Reply::Member(member) = clerk.ask(command).await else { panic!("a member") };
        (member, self.tablet(clerk, member, first).await)
    }

    /// The clerk changes a member's record.
    pub async fn change_member(
        &self,
        clerk: Tablet,
        member: MemberId,
        change: impl FnOnce(&mut Member, &[Group]),
    ) -> Tablet {
        clerk.client.shutdown().await;
        {
            let mut store = SqliteStore::open(&clerk.profile).unwrap();
            let profile = store.profile().unwrap().unwrap();
            let known = store.members().unwrap();
            let mut person = known.into_iter().find(|known| known.id == member).unwrap();
            change(&mut person, &store.groups().unwrap());
            let record = Record::Member(person);
            let header = Header {
                council: profile.council,
                scope: Scope { owner: profile.member, audience: wire::Audience::Council },
                document: DocKey::of_record(record.id().into_bytes()),
                device: profile.device,
                device_seq: store.next_device_seq().unwrap(),
                kind: Kind::Record,
                epoch: 0,
                made_ms: 0,
            };
            let if_version = store.record_version(record.entity(), record.id()).unwrap();
            let payload = RecordPayload { if_version, record: record.to_json().unwrap() };
            let payload = wire::encode(&payload).unwrap();
            let keys = FileKeys::open(&clerk.profile).unwrap();
            let signature = keys.sign(&header.signing_bytes(&payload)).unwrap();
            store.seal(&Op { header, payload, signature }, &[]).unwrap();
        }
        let clerk = Tablet::open(&clerk.profile);
        assert_eq!(clerk.sync().await.pushed, 1);
        clerk
    }

    /// The clerk puts a member into these groups and no others.
    pub async fn put_into(&self, clerk: Tablet, member: MemberId, groups: &[&str]) -> Tablet {
        self.change_member(clerk, member, |person, known| {
            let wanted = |name: &str| known.iter().find(|group| group.name == *name).unwrap().id;
            person.groups = groups.iter().map(|name| wanted(name)).collect();
        })
        .await
    }

    /// One more tablet of a member.
    pub async fn tablet(&self, clerk: &Tablet, member: MemberId, name: &str) -> Tablet {
        let Reply::Invitation { code, .. } = clerk.ask(Command::Invite { member }).await else {
            panic!("an invitation")
        };
        let tablet = Tablet::open(&self.path(name));
        tablet.enrol(self, &code).await;
        tablet
    }

    /// A folder with a sitting of papers `Budget`, `Garantie`, `Convention`.
    pub fn sitting(&self) -> PathBuf {
        let folder = self.path("sitting");
        std::fs::create_dir_all(&folder).unwrap();
        let mut description = "title = \"Conseil municipal\"\nkind = \"council\"\n\
             starts = 2036-09-28T18:30:00+02:00\nplace = \"Salle du conseil\"\n"
            .to_owned();
        for (title, number) in ["Budget", "Garantie", "Convention"].iter().zip(1..) {
            let file = format!("{number:02}.pdf");
            let pages = [
                format!("{title}: le montant garanti est porté à {number} 240 000 euros"),
                format!("{title}, seconde page: la commission a émis un avis, un avis favorable"),
            ];
            std::fs::write(folder.join(&file), papers::text(&pages)).unwrap();
            description += &format!("[[item]]\ntitle = \"{title}\"\nreport = \"{file}\"\n");
        }
        std::fs::write(folder.join("sitting.toml"), description).unwrap();
        folder
    }
}

/// One tablet.
pub struct Tablet {
    pub client: Client,
    pub profile: PathBuf,
}

impl Tablet {
    pub fn open(profile: &Path) -> Self {
        Self::open_with(profile, false)
    }

    pub fn open_with(profile: &Path, automatic: bool) -> Self {
        let client = Client::start(ClientConfig {
            store: Box::new(SqliteStore::open(profile).unwrap()),
            files: Arc::new(FilePapers::open(profile).unwrap()),
            keys: Arc::new(FileKeys::open(profile).unwrap()),
            papers: reader().unwrap(),
            letters: Arc::new(press::convocation),
            world: Arc::new(SystemWorld::default()),
            automatic,
        });
        Self { client, profile: profile.to_owned() }
    }

    pub async fn enrol(&self, council: &Council, code: &str) {
        self.ask(council.join(code, council.authority.clone())).await;
    }

    pub async fn ask(&self, command: Command) -> Reply {
        self.client.handle(command).await.unwrap()
    }

    pub async fn refused(&self, command: Command) -> Problem {
        self.client.handle(command).await.unwrap_err()
    }

    /// Closes the app and opens it again.
    pub async fn reopen(self) -> Self {
        self.client.shutdown().await;
        Self::open(&self.profile)
    }

    pub async fn sync(&self) -> SyncSummary {
        let Reply::Synced(summary) = self.ask(Command::Sync).await else { panic!("a summary") };
        summary
    }

    pub async fn publish(&self, path: &Path) -> Published {
        let command = Command::Publish { path: path.to_owned(), password: None };
        let Reply::Published(published) = self.ask(command).await else { panic!("published") };
        published
    }

    pub async fn documents(&self) -> Vec<DocumentView> {
        let Reply::Sittings(sittings) = self.ask(Command::Sittings).await else { panic!("cards") };
        let mut all = Vec::new();
        for card in sittings {
            let command = Command::Sitting { sitting: card.sitting };
            let Reply::Sitting(view) = self.ask(command).await else { panic!("a sitting") };
            all.extend(view.items.into_iter().flat_map(|item| item.documents));
        }
        all
    }

    pub async fn document(&self, title: &str) -> DocumentId {
        let all = self.documents().await;
        all.iter().find(|paper| paper.title == title).map(|paper| paper.document).unwrap()
    }

    pub async fn mark(&self, mark: NewMark) -> MarkView {
        let Reply::Marked(view) = self.ask(Command::Mark(mark)).await else { panic!("a mark") };
        *view
    }

    pub async fn marks(&self, document: DocumentId) -> Vec<MarkView> {
        let Reply::Marks(marks) = self.ask(Command::Marks { document }).await else {
            panic!("marks")
        };
        marks
    }

    pub async fn notes(&self) -> Vec<NoteCard> {
        let command = Command::Notes { document: None, audience: None };
        let Reply::Notes(notes) = self.ask(command).await else { panic!("notes") };
        notes
    }

    pub async fn note_texts(&self) -> Vec<String> {
        self.notes().await.into_iter().map(|card| card.view.mark.text).collect()
    }

    pub async fn pending(&self) -> u64 {
        let Reply::Status(status) = self.ask(Command::Status).await else { panic!("a status") };
        u64::from(status.sync.pending)
    }
}

pub fn reader() -> Result<Arc<dyn Papers>, PdfError> {
    Ok(Arc::new(PdfReader::start(PdfConfig::find())?))
}

/// A sticky note.
pub fn note(document: DocumentId, page: u32, text: &str) -> NewMark {
    NewMark {
        id: None,
        document,
        page,
        kind: MarkKind::Note { at: Point { x: 72.0, y: 600.0 } },
        colour: Colour::Yellow,
        text: text.to_owned(),
        audience: Audience::Private,
    }
}

/// A highlight that asks for its words.
pub fn highlight(document: DocumentId, page: u32, quote: &str, text: &str) -> Command {
    let markup =
        Markup { style: MarkupStyle::Highlight, rects: Vec::new(), quote: Quote::default() };
    let mark = NewMark { kind: MarkKind::Markup(markup), ..note(document, page, text) };
    Command::MarkQuote { mark, quote: quote.to_owned() }
}
