//! What the screens show.

use domain::law::{Deadline, Standing};
use domain::{
    Attendance, CouncilId, Date, DeviceId, DocumentId, DocumentRole, ItemId, MemberId, Role, Seat,
    SittingId, SittingState, Timestamp,
};
use ink::{AnnotationId, Change, Colour, Mark, MarkKind, Placement, Rect, Settled};
use serde::{Deserialize, Serialize};

use crate::clerk::ChangeView;
use crate::command::Audience;
use crate::convocation::ReplyView;
use crate::message::MessageView;
use crate::page::Look;
use crate::words::Language;

/// An instant with its civil parts in the council's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LocalTime {
    /// The instant, RFC 3339.
    pub at: Timestamp,
    /// Year.
    pub year: i16,
    /// Month from 1.
    pub month: i8,
    /// Day of the month from 1.
    pub day: i8,
    /// Day of the week, 1 = Monday … 7 = Sunday.
    pub weekday: i8,
    /// Hour from 0.
    pub hour: i8,
    /// Minute from 0.
    pub minute: i8,
}

/// Light, dark or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Paper by day.
    Light,
    /// A lamp-lit desk.
    Dark,
}

/// What a pen does while its barrel button is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Barrel {
    /// Draws a loop around marks, to choose them.
    #[default]
    Lasso,
    /// Erases.
    Eraser,
    /// Nothing else than without it.
    Nothing,
}

/// What the official prefers on this tablet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Language of the app; the system's when absent.
    #[serde(default)]
    pub language: Option<Language>,
    /// Light or dark.
    #[serde(default)]
    pub theme: Theme,
    /// Whether a finger draws (true) or only moves the page.
    #[serde(default)]
    pub finger_draws: bool,
    /// In which light pages are read.
    #[serde(default)]
    pub look: Look,
    /// What a pen does while its button is held.
    #[serde(default)]
    pub barrel: Barrel,
    /// After how many minutes without a touch a tablet with a PIN is locked; never when 0.
    #[serde(default = "quarter_of_an_hour")]
    pub lock_after_min: u32,
    /// Whether the reminder to make a recovery code was put away.
    #[serde(default)]
    pub code_later: bool,
}

const fn quarter_of_an_hour() -> u32 {
    15
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::default(),
            finger_draws: false,
            look: Look::default(),
            barrel: Barrel::default(),
            lock_after_min: quarter_of_an_hour(),
            code_later: false,
        }
    }
}

/// Who uses this tablet, for which council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The council.
    pub council: CouncilId,
    /// Its name.
    pub council_name: String,
    /// The person.
    pub member: MemberId,
    /// The person's name; empty until the first exchange.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// This device.
    pub device: DeviceId,
    /// Names of the person's groups with their colours (`#rrggbb`).
    pub groups: Vec<(String, String)>,
    /// With whom the person may share a note, the widest last.
    #[serde(default)]
    pub audiences: Vec<AudienceView>,
}

impl Session {
    /// Whether the tablet is the office's.
    #[must_use]
    pub fn is_clerk(&self) -> bool {
        self.role == Role::Clerk
    }
}

/// An audience to choose from, and who is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudienceView {
    /// The audience.
    pub audience: Audience,
    /// Its colour, `#rrggbb`; groups have one.
    pub colour: Option<String>,
    /// Names of the others who would see a note.
    pub readers: Vec<String>,
}

/// How this tablet stands with the server; never a reason for alarm.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SyncState {
    /// Whether the last exchange reached the server.
    pub online: bool,
    /// Whether an exchange is under way.
    pub exchanging: bool,
    /// Changes that wait to be sent.
    pub pending: u32,
    /// When everything was last exchanged.
    pub last: Option<LocalTime>,
    /// Papers that are still to arrive.
    pub arriving: u32,
    /// Notes that could not be read, kept aside.
    pub unreadable: u32,
    /// What hinders the exchange, when a person must do something.
    pub problem: Option<crate::Problem>,
}

/// State of this tablet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// None until the tablet has joined a council.
    pub session: Option<Session>,
    /// How it stands with the server.
    pub sync: SyncState,
    /// Last log entry applied.
    pub cursor: u64,
    /// What the official prefers.
    pub preferences: Preferences,
    /// Days for which the tablet works on without hearing of its council, once it is a week or less;
    /// 0 when it is locked until it does.
    #[serde(default)]
    pub lease: Option<u32>,
    /// What became of the tablet before, when it was emptied by order and has joined no council since.
    #[serde(default)]
    pub emptied: Option<EmptiedView>,
    /// What became of a damaged store, when one was found as the app started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mended: Option<Mended>,
}

/// A tablet was emptied by order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmptiedView {
    /// Whether its member ordered it, on another device; the office otherwise.
    pub own: bool,
    /// Changes that could not be sent before; 0 as a rule.
    pub unsent: u32,
}

/// A damaged store was set aside; what it alone held was carried into a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    /// Changes that had not been sent and still wait.
    pub unsent: u32,
    /// Whether it is still known whose tablet this is: the rest then comes again from the server.
    pub enrolled: bool,
}

/// What one exchange did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SyncSummary {
    /// Operations the server accepted.
    pub pushed: u64,
    /// Log entries received.
    pub pulled: u64,
    /// Bytes sent, headers included as far as known.
    pub bytes_up: u64,
    /// Bytes received, papers included.
    pub bytes_down: u64,
    /// Papers that became whole.
    pub documents_fetched: u64,
    /// Operations that still wait.
    pub pending: u64,
}

/// The first screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HomeView {
    /// The next sitting to come.
    pub next: Option<SittingCard>,
    /// The others, those to come first and soonest first, then the past ones, latest first.
    pub others: Vec<SittingCard>,
    /// One's latest notes, newest first, at most ten.
    pub notes: Vec<NoteCard>,
    /// Messages to the member that are not read yet or have come within a week, the latest first.
    #[serde(default)]
    pub messages: Vec<MessageView>,
}

/// A sitting in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SittingCard {
    /// Its identifier.
    pub sitting: SittingId,
    /// Its title.
    pub title: String,
    /// When it starts.
    pub starts: LocalTime,
    /// Where.
    pub place: String,
    /// Where it stands.
    pub state: SittingState,
    /// Whether it starts in the future.
    pub upcoming: bool,
    /// Items on the agenda.
    pub items: u32,
    /// Papers.
    pub documents: u32,
    /// Papers that are whole on this tablet.
    pub available: u32,
    /// Pages of all papers.
    pub pages: u32,
    /// Papers not opened yet.
    pub unread: u32,
    /// One's own notes.
    pub notes: u32,
    /// Changes since the reader last looked at it.
    #[serde(default)]
    pub changed: u32,
    /// Whether it is cancelled.
    #[serde(default)]
    pub cancelled: bool,
    /// What it asks of this member, once it is convened.
    #[serde(default)]
    pub reply: Option<ReplyView>,
}

/// One sitting with its agenda.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SittingView {
    /// What the list shows of it.
    pub card: SittingCard,
    /// The convocation letter.
    pub convocation: Option<DocumentView>,
    /// The agenda, in order.
    pub items: Vec<ItemView>,
    /// Papers that belong to no item.
    #[serde(default)]
    pub others: Vec<DocumentView>,
    /// What has changed since it was first published, latest first.
    #[serde(default)]
    pub changes: Vec<ChangeView>,
    /// Why it is cancelled, if it is and the clerk said so.
    #[serde(default)]
    pub cancelled: Option<String>,
    /// How the members take part.
    #[serde(default)]
    pub attendance: Attendance,
    /// Number of the item last read, if any.
    pub resume: Option<u32>,
}

/// One item of the agenda.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemView {
    /// Its identifier.
    pub item: ItemId,
    /// Number from 1.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Who presents it.
    pub rapporteur: Option<String>,
    /// Path of themes, widest first.
    pub theme: Vec<String>,
    /// Behind closed doors.
    pub closed_doors: bool,
    /// Whether it is voted.
    pub deliberative: bool,
    /// Its papers in reading order.
    pub documents: Vec<DocumentView>,
    /// One's own notes on its papers.
    pub notes: u32,
}

/// How far a paper has come to this tablet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "is")]
pub enum Availability {
    /// Whole and verified.
    Here,
    /// On its way.
    Arriving {
        /// Bytes on the disk.
        received: u64,
    },
    /// Not begun.
    Waiting,
}

/// Size of a page as the reader sees it, in points, its rotation already applied.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageSize {
    /// Width of the shown page.
    pub width: f32,
    /// Height of the shown page.
    pub height: f32,
    /// Clockwise turn from user space to the shown page: 0, 90, 180 or 270 degrees.
    pub rotation: u16,
    /// Left edge of the visible box in user space.
    pub left: f32,
    /// Bottom edge of the visible box in user space.
    pub bottom: f32,
}

/// One paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentView {
    /// Its identifier.
    pub document: DocumentId,
    /// The sitting it belongs to.
    pub sitting: SittingId,
    /// Number of its item; 0 for the convocation.
    pub item: u32,
    /// Title of its item; the paper's own for the convocation.
    pub item_title: String,
    /// Its title.
    pub title: String,
    /// Report, annex or convocation.
    pub role: DocumentRole,
    /// Number of pages.
    pub pages: u32,
    /// Version shown.
    pub version: u32,
    /// Length in bytes.
    pub bytes: u64,
    /// How far it has come.
    pub availability: Availability,
    /// Whether it has text.
    pub searchable: bool,
    /// Whether it was opened on this tablet in this version.
    pub read: bool,
    /// The earlier version that was read here before this one came, as long as what changed since
    /// has not been looked at.
    #[serde(default)]
    pub changed_since: Option<u32>,
    /// Page last read, from 1.
    pub last_page: u32,
    /// Number of its first page in the packet.
    pub first_packet_page: u32,
    /// One's own notes on it.
    pub notes: u32,
    /// Sizes of all pages; filled only in the answer to `Document`.
    #[serde(default, with = "crate::sizes")]
    pub sizes: Vec<PageSize>,
    /// The numbers that the paper gives its own pages ("iv", "A-3"); empty when it gives none or
    /// they are those of the pages. Only in the answer to `Document`.
    #[serde(default)]
    pub labels: Vec<String>,
    /// First and last page whose sizes tell their turn and corner, while the others' tell only width
    /// and height: `Measure` tells all of them, and the labels. None when all do. Only in the answer
    /// to `Document`.
    #[serde(default)]
    pub measured: Option<(u32, u32)>,
    /// Whether undo would change something; only in the answer to `Document`.
    #[serde(default)]
    pub can_undo: bool,
    /// Whether redo would change something; only in the answer to `Document`.
    #[serde(default)]
    pub can_redo: bool,
}

/// One line of text on a page, in user space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextLine {
    /// Index of its first character in the page's text, in characters.
    pub start: u32,
    /// Its characters, without the line's end.
    pub text: String,
    /// Box of the line.
    pub rect: Rect,
    /// Left edges of the characters and the right edge of the last: one more than characters.
    /// Along x for upright text; along y for text turned by 90 or 270 degrees.
    pub edges: Vec<f32>,
    /// Whether the line runs along y.
    pub vertical: bool,
}

impl<'a> From<&'a TextLine> for ink::Line<'a> {
    fn from(line: &'a TextLine) -> Self {
        let TextLine { start, text, rect, edges, vertical } = line;
        Self { start: *start, text, rect: *rect, edges, vertical: *vertical }
    }
}

/// Text of one page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    /// Page from 1.
    pub page: u32,
    /// Lines in reading order. The page's text is the lines joined by `\n`.
    pub lines: Vec<TextLine>,
}

/// Pages of a paper on which searched words stand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FoundPages {
    /// Their numbers, from 1, in order.
    pub pages: Vec<u32>,
    /// Pages of the paper that have no text (scans).
    pub bare: u32,
}

/// One entry of a PDF's outline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutlineEntry {
    /// Its title.
    pub title: String,
    /// Page it leads to, from 1.
    pub page: Option<u32>,
    /// Its children.
    pub children: Vec<OutlineEntry>,
}

/// A mark as the reader shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkView {
    /// The mark.
    pub mark: Mark,
    /// Who may see it.
    pub audience: Audience,
    /// Name of its author.
    pub author: String,
    /// Who that is.
    pub author_id: MemberId,
    /// Whether it is the reader's own.
    pub mine: bool,
    /// Whether somebody else made or changed it since the paper was last read on this tablet.
    #[serde(default)]
    pub fresh: bool,
    /// That it was to be shared, and the server did not take it: it is kept as a private note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_shared: Option<NotShared>,
    /// How it stands on this version.
    pub placement: Placement,
    /// Whether undo would change something on this paper now.
    #[serde(default)]
    pub can_undo: bool,
    /// Where it comes from, when it was made on an earlier version.
    #[serde(default)]
    pub origin: Option<Origin>,
}

impl MarkView {
    /// Whether it has a place on this version and is drawn there. Otherwise the mark is as it was on
    /// the version it was made on.
    #[must_use]
    pub fn is_placed(&self) -> bool {
        self.origin.is_none_or(|origin| origin.placed)
    }
}

/// The earlier version that a mark was made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Number of that version.
    pub version: u32,
    /// Page from 1 on that version.
    pub page: u32,
    /// Whether it has a place on the version that is read.
    pub placed: bool,
    /// What its author decided.
    pub settled: Option<Settled>,
    /// Whether it is still to be looked for: the papers are not all here yet.
    #[serde(default)]
    pub waiting: bool,
}

/// One version of a paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VersionView {
    /// Its number, from 1.
    pub number: u32,
    /// When the clerk published it.
    pub published: LocalTime,
    /// Why it replaced the one before.
    pub note: Option<String>,
    /// Number of pages.
    pub pages: u32,
    /// Whether it is whole on this tablet.
    pub here: bool,
    /// Whether officials read it now.
    pub current: bool,
    /// Sizes of all pages; filled only in a comparison.
    #[serde(default, with = "crate::sizes")]
    pub sizes: Vec<PageSize>,
}

/// A note of an earlier version, before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CarriedView {
    /// As it stands on the earlier version.
    pub before: Mark,
    /// As it stands on the present one.
    pub after: MarkView,
}

/// Two versions of a paper side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The paper.
    pub document: DocumentId,
    /// Its sitting.
    pub sitting: SittingId,
    /// Title with the item's number, as the reader shows it.
    pub title: String,
    /// All versions, oldest first.
    pub versions: Vec<VersionView>,
    /// The earlier one.
    pub old: VersionView,
    /// The present one.
    pub new: VersionView,
    /// For every page of the earlier version, the page of the present one that takes its place.
    pub pages: Vec<Option<u32>>,
    /// What changed, in the order of the present version.
    pub changes: Vec<Change>,
    /// Notes made on the earlier version, in its order.
    pub notes: Vec<CarriedView>,
}

/// A note that did not reach those it was meant for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotShared {
    /// Whom it was meant for.
    pub audience: Audience,
    /// Why it did not.
    pub reason: crate::ErrorCode,
}

/// A note that another program made, in a paper or a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForeignNote {
    /// Page from 1.
    pub page: u32,
    /// What it is called there, in lower case: `highlight`, `caret`.
    pub subtype: String,
    /// The mark that is most like it; none when none is.
    pub kind: Option<MarkKind>,
    /// The colour that is most like its own.
    pub colour: Colour,
    /// Its name in the file, by which it is known again; may be empty.
    pub name: String,
    /// The name of the note that it answers; may be empty.
    #[serde(default)]
    pub answers: String,
    /// Who made it, as the file says; may be empty.
    pub author: String,
    /// What is written.
    pub text: String,
    /// Its place.
    pub rect: Rect,
    /// When it was last changed, Unix milliseconds.
    pub modified_ms: Option<i64>,
}

/// A note in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoteCard {
    /// The annotation.
    pub annotation: AnnotationId,
    /// Its paper.
    pub document: DocumentId,
    /// The sitting.
    pub sitting: SittingId,
    /// Title of the paper.
    pub document_title: String,
    /// Number of the item.
    pub item: u32,
    /// Version it stands on: the present one, or the one it was made on until it is carried.
    pub version: u32,
    /// The mark itself.
    pub view: MarkView,
}

/// One place that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchHit {
    /// The paper.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// The sitting.
    pub sitting: SittingId,
    /// Title of the sitting.
    pub sitting_title: String,
    /// Page from 1.
    pub page: u32,
    /// The words around, with the found ones between U+2068 and U+2069.
    pub snippet: String,
    /// The note, when a note was found.
    pub annotation: Option<AnnotationId>,
    /// Where the words stand on the page; empty when not known yet.
    pub rects: Vec<Rect>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchResults {
    /// How long it took, in milliseconds.
    pub took_ms: f64,
    /// Best first, at most 200.
    pub hits: Vec<SearchHit>,
    /// Papers of the search that have no text (scans): titles.
    pub without_text: Vec<String>,
}

/// What was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The sitting.
    pub sitting: SittingId,
    /// Items on its agenda.
    pub items: u32,
    /// Papers.
    pub documents: u32,
}

/// A paper whose PDF was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// The paper.
    pub document: DocumentId,
    /// Its version now.
    pub version: u32,
}

/// By when a convocation must leave, as the deadline panel shows it. The sentences are those of
/// [`crate::Words::deadline`] and [`crate::Words::counted_day`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineView {
    /// The deadline, computed, explained and judged.
    pub deadline: Deadline,
    /// Green, amber or red: by the dispatch that was named, or now.
    pub standing: Standing,
    /// The last lawful minute by the council's clock.
    pub last_minute: LocalTime,
    /// Days from today to the last lawful one; negative once it has passed.
    pub days_left: i64,
}

/// A member in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// The member.
    pub member: MemberId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// What the person may do.
    pub role: Role,
    /// Function in the assembly.
    pub function: Option<String>,
    /// Names of groups.
    pub groups: Vec<String>,
    /// Telephone number for text messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether the person has asked in writing for convocations on paper.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_paper: bool,
    /// Commune or canton.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constituency: Option<String>,
    /// Whether the person sits or only receives copies.
    #[serde(default, skip_serializing_if = "Seat::is_member")]
    pub seat: Seat,
    /// First day of the mandate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate_from: Option<Date>,
    /// The day the person left the council.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Date>,
}

/// What became of checking a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PaperOutcome {
    /// Every page can be drawn.
    Ok,
    /// It asks for a password.
    Password,
    /// It is damaged, empty, or no PDF.
    Damaged,
    /// It is a PDF, but cannot be shown.
    Unsupported,
}

/// What checking a file found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperCheck {
    /// The file as it was named.
    pub file: String,
    /// What became of it.
    pub outcome: PaperOutcome,
    /// Pages, when known.
    pub pages: u32,
    /// One clear sentence.
    pub message: String,
}
