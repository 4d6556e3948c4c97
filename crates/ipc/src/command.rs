//! What can be asked of the app.

use std::path::PathBuf;

use domain::law::Procedure;
use domain::{BodyKind, Date, DeviceId, DocumentId, MemberId, SittingId, Timestamp};
use ink::{AnnotationId, Colour, MarkKind, Point};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clerk::ClerkCommand;
use crate::convocation::ConvocationCommand;
use crate::filter::NoteFilter;
use crate::lock::LockCommand;
use crate::message::MessageCommand;
use crate::sealing::SealingCommand;
use crate::secret::Secret;
use crate::views::Preferences;
use crate::words::Language;

/// Who may see a note.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "to", content = "name")]
pub enum Audience {
    /// Its owner alone.
    #[default]
    Private,
    /// One group, by name.
    Group(String),
    /// Everyone in the council.
    Council,
}

impl Audience {
    /// Whether both name the same people; capitals do not matter in the name of a group.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Group(a), Self::Group(b)) => a.to_lowercase() == b.to_lowercase(),
            _ => self == other,
        }
    }
}

/// A mark to be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewMark {
    /// Its identifier, when whoever makes it has chosen one: making it again then changes nothing,
    /// so that an answer that got lost may be asked for once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AnnotationId>,
    /// On which paper.
    pub document: DocumentId,
    /// Page from 1.
    pub page: u32,
    /// What it is.
    pub kind: MarkKind,
    /// Its colour.
    pub colour: Colour,
    /// What was written.
    #[serde(default)]
    pub text: String,
    /// Who may see it.
    #[serde(default)]
    pub audience: Audience,
}

/// How one's own mark changes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MarkChange {
    /// Which.
    pub annotation: AnnotationId,
    /// New colour, if it changes.
    #[serde(default)]
    pub colour: Option<Colour>,
    /// How far it moves, in points of user space, if it does.
    #[serde(default)]
    pub shift: Option<Point>,
    /// New ends, if it gets any, in user space: where a line begins and ends, two opposite corners of
    /// another form or of a text box. Other kinds of mark have none.
    #[serde(default)]
    pub ends: Option<[Point; 2]>,
}

impl MarkChange {
    /// No change of this mark yet.
    #[must_use]
    pub const fn of(annotation: AnnotationId) -> Self {
        Self { annotation, colour: None, shift: None, ends: None }
    }
}

/// Where to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SearchIn {
    /// Text of the papers.
    Documents,
    /// Notes.
    Notes,
    /// Both.
    #[default]
    All,
}

/// How a paper leaves the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportMode {
    /// Notes as standard PDF annotations that other readers can edit.
    #[default]
    Editable,
    /// Notes drawn into the pages.
    Flattened,
    /// The notes alone, as a paper.
    Notes,
    /// The notes alone, as XFDF for other programs.
    Xfdf,
}

impl ExportMode {
    /// How such a file's name ends.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Editable | Self::Flattened | Self::Notes => "pdf",
            Self::Xfdf => "xfdf",
        }
    }
}

/// The sitting whose deadline is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum Planned {
    /// One that the council knows.
    Sitting {
        /// Which.
        sitting: SittingId,
    },
    /// One that is being prepared.
    Draft {
        /// When it is to start.
        starts: Timestamp,
        /// Which kind of body sits.
        body: BodyKind,
    },
}

/// How notes leave the app by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NotebookForm {
    /// A PDF to be printed.
    Pdf,
    /// Markdown.
    Markdown,
    /// A document for a word processor (OpenDocument).
    Odt,
}

impl NotebookForm {
    /// How such a file's name ends.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Markdown => "md",
            Self::Odt => "odt",
        }
    }

    /// The form that a file's name asks for.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        let extension = extension.to_lowercase();
        let all = [Self::Pdf, Self::Markdown, Self::Odt];
        all.into_iter().find(|form| form.extension() == extension)
    }
}

/// What becomes of a note whose place on a new version is in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Settle {
    /// The place that was found is right.
    Accept,
    /// Here: on the words from one place to another, or with its middle at the first.
    Here {
        /// Page from 1.
        page: u32,
        /// Where.
        from: Point,
        /// To where marked words go; the same number of words when absent.
        to: Option<Point>,
    },
    /// It stays in the tray.
    Keep,
}

/// What can be asked about an earlier version of a paper, which is read and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "about")]
pub enum OfVersion {
    /// The paper -> `Document`.
    Paper,
    /// Text of a page -> `PageText`.
    Text {
        /// Page from 1.
        page: u32,
    },
    /// A page in reading order -> `PageReading`.
    Reading {
        /// Page from 1.
        page: u32,
    },
    /// Pages on which these words stand -> `FoundPages`.
    Find {
        /// The words.
        text: String,
    },
    /// The PDF's own outline -> `Outline`.
    Outline,
    /// The notes as they stood on it -> `Marks`.
    Marks,
}

impl OfVersion {
    /// The same question about an earlier version, or about the present one when none is named.
    #[must_use]
    pub fn ask(self, document: DocumentId, version: Option<u32>) -> Command {
        if let Some(version) = version {
            return Command::Earlier { document, version, ask: self };
        }
        match self {
            Self::Paper => Command::Document { document },
            Self::Text { page } => Command::PageText { document, page },
            Self::Reading { page } => Command::PageReading { document, page },
            Self::Find { text } => Command::FindPages { document, text },
            Self::Outline => Command::Outline { document },
            Self::Marks => Command::Marks { document },
        }
    }
}

/// One request; the answer is the [`crate::Reply`] named beside it, or a [`crate::Problem`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", content = "with", rename_all = "snake_case")]
pub enum Command {
    /// State of this tablet -> `Status`.
    Status,
    /// Joins a council with an invitation -> `Status`.
    Enrol {
        /// Address of the server, `https://…`.
        server: String,
        /// The invitation's code.
        code: String,
        /// Name of this device.
        device: String,
        /// Certificates in PEM of the authorities that vouch for the server, beside those of the
        /// system; kept for good.
        #[serde(default)]
        authority: Option<String>,
    },
    /// Exchanges everything with the server now -> `Synced`. Needs the network.
    Sync,
    /// First screen -> `Home`.
    Home,
    /// One sitting with its agenda -> `Sitting`.
    Sitting {
        /// Which.
        sitting: SittingId,
    },
    /// All sittings -> `Sittings`.
    Sittings,
    /// One paper, opened for reading -> `Document`.
    Document {
        /// Which.
        document: DocumentId,
    },
    /// The same with all sizes and labels, for which the whole paper is read when it was not yet;
    /// undo and redo are not looked at -> `Document`.
    Measure {
        /// Which.
        document: DocumentId,
    },
    /// Text of a page with positions -> `PageText`.
    PageText {
        /// Which paper.
        document: DocumentId,
        /// Page from 1.
        page: u32,
    },
    /// A page in reading order, and its links -> `PageReading`.
    PageReading {
        /// Which paper.
        document: DocumentId,
        /// Page from 1.
        page: u32,
    },
    /// Opens an encrypted paper; the password is remembered on this tablet -> `Document`.
    Unlock {
        /// Which paper.
        document: DocumentId,
        /// Its password.
        password: Secret,
    },
    /// Pages of a paper on which these words stand -> `FoundPages`.
    FindPages {
        /// Which paper.
        document: DocumentId,
        /// The words.
        text: String,
    },
    /// The PDF's own outline -> `Outline`.
    Outline {
        /// Which paper.
        document: DocumentId,
    },
    /// Remembers where the official reads -> `Done`.
    RememberPage {
        /// Which paper.
        document: DocumentId,
        /// Page from 1.
        page: u32,
    },
    /// All marks on a paper -> `Marks`.
    Marks {
        /// Which paper.
        document: DocumentId,
    },
    /// Makes a mark; durable when answered -> `Marked`. One whose identifier was chosen and that has
    /// been erased meanwhile stays so -> `Marks`.
    Mark(NewMark),
    /// Marks a quoted passage of a page (the words must stand there once) -> `Marked`.
    MarkQuote {
        /// The mark; its kind's rectangles and quote are filled from the page's text.
        mark: NewMark,
        /// The words to find.
        quote: String,
    },
    /// Changes text or colour of one's own mark -> `Marked`.
    ChangeMark {
        /// On which paper.
        document: DocumentId,
        /// Which.
        annotation: AnnotationId,
        /// New text, if it changes.
        text: Option<String>,
        /// New colour, if it changes.
        colour: Option<Colour>,
    },
    /// Answers a note, for those who may see it -> `Marked`.
    Reply {
        /// On which paper; found by the note when absent.
        document: Option<DocumentId>,
        /// Which note.
        annotation: AnnotationId,
        /// What is answered.
        text: String,
        /// As [`NewMark::id`].
        #[serde(default)]
        id: Option<AnnotationId>,
    },
    /// Shows one's own mark to others than before: it is copied to their scope and taken from the
    /// former, in one step that can be undone -> `Marked`.
    ChangeAudience {
        /// On which paper; found by the annotation when absent.
        document: Option<DocumentId>,
        /// Which.
        annotation: AnnotationId,
        /// Who may see it from now on.
        audience: Audience,
    },
    /// Makes, takes away and changes several marks as one step of undo; all are looked at before any
    /// is changed, and durable when answered -> `Changed`.
    Edit {
        /// On which paper.
        document: DocumentId,
        /// Marks to be made.
        #[serde(default)]
        put: Vec<NewMark>,
        /// One's own marks to be taken away.
        #[serde(default)]
        erase: Vec<AnnotationId>,
        /// One's own marks to be changed.
        #[serde(default)]
        change: Vec<MarkChange>,
    },
    /// Settles where one's own note of an earlier version stands on the present one -> `Marked`.
    Settle {
        /// On which paper.
        document: DocumentId,
        /// Which.
        annotation: AnnotationId,
        /// How.
        how: Settle,
    },
    /// The versions of a paper, oldest first -> `Versions`.
    Versions {
        /// Which.
        document: DocumentId,
    },
    /// A question about an earlier version of a paper, which is fetched when it is not here.
    Earlier {
        /// Which paper.
        document: DocumentId,
        /// Number of the version.
        version: u32,
        /// What is asked.
        ask: OfVersion,
    },
    /// An earlier version beside the present one: what changed, and what became of the notes ->
    /// `Compared`. Fetches the earlier one when it is not here. What changed since then counts as
    /// seen.
    Compare {
        /// Which paper.
        document: DocumentId,
        /// Number of the earlier version; when absent the one read last before the present, or the
        /// one before it.
        from: Option<u32>,
    },
    /// Takes one's own marks away; can be undone -> `Marks`.
    Erase {
        /// On which paper; found by the first annotation when absent.
        document: Option<DocumentId>,
        /// Which.
        annotations: Vec<AnnotationId>,
    },
    /// Takes back the last change on a paper -> `Marks`.
    Undo {
        /// Which paper.
        document: DocumentId,
    },
    /// Does again what was taken back -> `Marks`.
    Redo {
        /// Which paper.
        document: DocumentId,
    },
    /// Notes, in agenda order -> `Notes`.
    Notes {
        /// Only of this paper.
        document: Option<DocumentId>,
        /// Only with this audience.
        audience: Option<Audience>,
    },
    /// Writes notes to a file, in agenda order -> `Written`.
    ExportNotes {
        /// Which.
        #[serde(default)]
        filter: NoteFilter,
        /// How.
        form: NotebookForm,
        /// In which language the headings are.
        language: Language,
        /// Where to; a new file among the downloads when absent.
        #[serde(default)]
        out: Option<PathBuf>,
    },
    /// Writes all of the member's own notes into one signed file, to be taken along at the end of a mandate
    /// -> `Written`.
    Archive {
        /// In which language the headings are.
        language: Language,
        /// Where to; a new file among the downloads when absent.
        #[serde(default)]
        out: Option<PathBuf>,
    },
    /// Full text search -> `Found`.
    Search {
        /// The words.
        text: String,
        /// Where.
        #[serde(default)]
        within: SearchIn,
        /// Whether every hit is to say where its words stand on the page; takes longer.
        #[serde(default)]
        places: bool,
    },
    /// Writes a paper with its notes to a file -> `Written`.
    Export {
        /// Which paper.
        document: DocumentId,
        /// How.
        mode: ExportMode,
        /// Where to; a new file among the downloads when absent.
        #[serde(default)]
        out: Option<PathBuf>,
    },
    /// Notes that other programs left in a paper; they are shown and never changed -> `Foreign`.
    Foreign {
        /// Which paper.
        document: DocumentId,
    },
    /// Makes the notes of an XFDF file, or those in a copy of the paper, one's own; what was taken in
    /// before is not taken in again -> `Imported`.
    Import {
        /// On which paper.
        document: DocumentId,
        /// The file.
        file: PathBuf,
        /// Who may see them.
        #[serde(default)]
        audience: Audience,
    },
    /// The same with a file that the window has laid down -> `Imported`.
    ImportLaid {
        /// On which paper.
        document: DocumentId,
        /// The file.
        file: Uuid,
        /// Its name, to be named by.
        name: String,
        /// Who may see the notes.
        #[serde(default)]
        audience: Audience,
    },
    /// Publishes a folder of PDFs or a `sitting.toml` (clerk) -> `Published`.
    Publish {
        /// The folder or file.
        path: PathBuf,
        /// Opens the papers that are encrypted; they are published as they are, and whoever reads
        /// them is asked for it once.
        #[serde(default)]
        password: Option<Secret>,
    },
    /// Follows a paper's present version by another PDF (clerk) -> `Replaced`. The same bytes again
    /// change nothing.
    Replace {
        /// Which paper.
        document: DocumentId,
        /// The new PDF.
        path: PathBuf,
        /// Why, in a sentence that every reader sees.
        #[serde(default)]
        note: Option<String>,
    },
    /// By when the convocation of a sitting must leave, with the reasons -> `Deadline`.
    Deadline {
        /// Of which sitting.
        planned: Planned,
        /// How it is convened.
        #[serde(default)]
        procedure: Procedure,
        /// Day of the sitting without quorum (second call) or of the decisive round (installation).
        #[serde(default)]
        after: Option<Date>,
        /// When the convocation left or would leave; none asks for the latest.
        #[serde(default)]
        dispatch: Option<Timestamp>,
    },
    /// Members of the council -> `Members`.
    Members,
    /// Adds a member (clerk) -> `Member`.
    AddMember {
        /// First name.
        first_name: String,
        /// Last name.
        last_name: String,
        /// E-mail address.
        email: Option<String>,
        /// Name of the political group, made when it is new.
        group: Option<String>,
        /// What the person may do.
        role: domain::Role,
        /// Function in the assembly ("Maire").
        #[serde(default)]
        function: Option<String>,
        /// Telephone number for text messages.
        #[serde(default)]
        phone: Option<String>,
        /// Whether the member has asked for convocations on paper.
        #[serde(default)]
        on_paper: bool,
    },
    /// An invitation for a member (clerk) -> `Invitation`.
    Invite {
        /// Whom.
        member: MemberId,
    },
    /// The member's own devices; asks the server -> `Devices`.
    OwnDevices,
    /// Shuts another device of the member out; asks the server -> `Devices`.
    RevokeOwn {
        /// Which.
        device: DeviceId,
        /// Whether it is to empty itself at its next contact.
        wipe: bool,
    },
    /// Where a calendar program finds the member's own convocations; asks the server -> `Calendar`.
    Calendar {
        /// Gives it another address; the one before leads nowhere from then on.
        renew: bool,
    },
    /// What a clerk asks -> `Clerk`, or `Done` where said.
    Clerk(ClerkCommand),
    /// The official has seen what changed in a sitting -> `Done`.
    SawChanges {
        /// Which.
        sitting: SittingId,
    },
    /// About convocations and answers.
    Convocation(ConvocationCommand),
    /// What is asked about messages; each command names its answer.
    Message(MessageCommand),
    /// What is asked about sealed notes.
    Sealing(SealingCommand),
    /// The window has painted its first screen -> `Done`. The app notes how long that took from its
    /// start (log line `first screen`, for the benchmark) and changes nothing.
    Shown,
    /// Keeps what the official prefers on this tablet -> `Status`.
    Prefer(Preferences),
    /// The lock before the tablet; all that is answered while it is locked -> `Lock`.
    Lock(LockCommand),
}
