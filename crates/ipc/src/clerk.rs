//! What a clerk asks of the app, and what the clerk's screens show.
//!
//! A sitting is prepared as a draft on this tablet. Every change is durable when it is answered, and
//! can be taken back; officials see nothing before it is published, and then all of it at once.

use std::path::PathBuf;

use domain::{
    AgendaItem, Attendance, Body, BodyId, BodyKind, Change, Date, DeviceId, DocumentId, Group,
    GroupId, ItemId, Letterhead, Listed, MemberId, Role, Seat, Sitting, SittingId, SittingState,
    Stake, Substitute, Timestamp,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::deliberations::Listing;
use crate::problem::Problem;
use crate::roll::{Imported, MemberChange};
use crate::views::{LocalTime, MemberView, SittingCard};

/// A day and an hour on the council's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Civil {
    /// Year.
    pub year: i16,
    /// Month from 1.
    pub month: i8,
    /// Day of the month from 1.
    pub day: i8,
    /// Hour from 0.
    pub hour: i8,
    /// Minute from 0.
    pub minute: i8,
}

/// What a new sitting is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "like", content = "of")]
pub enum Model {
    /// A body's usual sitting: title, place and hour of the last one of its kind, no agenda.
    Body {
        /// What sits.
        kind: BodyKind,
        /// Which committee or bureau, when the council keeps its bodies.
        body: Option<BodyId>,
    },
    /// Another sitting, with the titles of its agenda and none of its papers.
    Sitting(SittingId),
}

/// Where a paper goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "to", content = "of")]
pub enum Target {
    /// The report of an item.
    Report(ItemId),
    /// An annex of an item.
    Annex(ItemId),
    /// The convocation letter.
    Convocation,
    /// The papers of no item.
    Other,
    /// The next version of a paper.
    Version(DocumentId),
    /// A new item; files with the same number become one item, the first of them its report.
    NewItem(u32),
    /// Not decided yet.
    Nowhere,
}

/// A change to one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "set", content = "to")]
pub enum ItemChange {
    /// Its title.
    Title(String),
    /// Who presents it; nobody when empty.
    Rapporteur(String),
    /// Its themes, widest first.
    Theme(Vec<String>),
    /// Behind closed doors or not.
    ClosedDoors(bool),
    /// Voted or for information.
    Deliberative(bool),
}

/// A change to one paper of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "set", content = "to")]
pub enum PaperChange {
    /// Its title.
    Title(String),
    /// Why its new version replaces the one before; nothing when empty.
    Note(String),
    /// Elsewhere on the agenda.
    Place(Target),
}

/// A change to a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "edit", content = "with")]
pub enum Edit {
    /// The sitting's title.
    Title(String),
    /// What sits.
    Kind {
        /// The kind of body.
        kind: BodyKind,
        /// Which one.
        body: Option<BodyId>,
    },
    /// Day and hour, on the council's clock.
    Starts(Civil),
    /// The place.
    Place(String),
    /// How the members take part.
    Attendance(Attendance),
    /// Whether it is cancelled, and why; published as any other change.
    Cancelled(Option<String>),
    /// One more item, before the one of this number from 1 (at the end when absent).
    AddItem {
        /// Its title.
        title: String,
        /// Number it shall have.
        at: Option<u32>,
    },
    /// The items of a list, at the end.
    AddList(Vec<Listed>),
    /// Takes an item with its papers off the agenda.
    RemoveItem(ItemId),
    /// Gives an item another number, from 1.
    MoveItem {
        /// Which.
        item: ItemId,
        /// Its new number.
        to: u32,
    },
    /// Changes an item.
    Item {
        /// Which.
        item: ItemId,
        /// How.
        change: ItemChange,
    },
    /// Changes a paper.
    Paper {
        /// Which.
        document: DocumentId,
        /// How.
        change: PaperChange,
    },
    /// Takes a paper away; of a published one with a new version, the new version alone.
    RemovePaper(DocumentId),
}

/// What the clerk says of a change to a convened sitting (law R14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// A typing error: the convocation stands.
    Minor,
    /// Another object, day or hour: the convocation no longer stands and must be sent again.
    Convene,
}

/// A member as the clerk keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberEdit {
    /// Who; a new person when absent.
    pub member: Option<MemberId>,
    /// First name; empty for an office.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Function in the assembly.
    pub function: Option<String>,
    /// Political groups.
    pub groups: Vec<GroupId>,
    /// What the person may do.
    pub role: Role,
    /// Telephone number for text messages.
    #[serde(default)]
    pub phone: Option<String>,
    /// Whether the person has asked in writing for convocations on paper.
    #[serde(default)]
    pub on_paper: bool,
    /// Whether the person sits or only receives copies.
    #[serde(default)]
    pub seat: Seat,
}

/// Who chairs a body and who stands in for its members.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Seats {
    /// One of its members.
    pub chair: Option<MemberId>,
    /// Who may stand in; none of them a member.
    pub substitutes: Vec<Substitute>,
}

/// A list that a clerk brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListFile {
    /// A file of this machine.
    Path(PathBuf),
    /// A file that was laid down whole (`Client::lay`).
    Laid {
        /// Under which identifier.
        file: Uuid,
        /// Its name.
        name: String,
    },
}

/// One request of a clerk; the answer is the [`ClerkReply`] named beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "clerk", content = "with", rename_all = "snake_case")]
pub enum ClerkCommand {
    /// All sittings, drafts first -> `Board`.
    Board,
    /// A new draft -> `Draft`.
    New(Model),
    /// The draft of a sitting; a published sitting that nobody is changing is shown as it stands
    /// -> `Draft`.
    Open(SittingId),
    /// Changes a draft -> `Draft`.
    Edit {
        /// Which.
        sitting: SittingId,
        /// How.
        edit: Edit,
    },
    /// Takes the last change back -> `Draft`.
    Undo(SittingId),
    /// Does again what was taken back -> `Draft`.
    Redo(SittingId),
    /// Puts a draft away; can be taken back -> `Board`.
    Discard(SittingId),
    /// Takes a draft back that was put away -> `Draft`.
    TakeBack(SittingId),
    /// Makes members of the strangers whom a brought draft would convene, and the committee or bureau
    /// that it names when the council keeps none of that name -> `Draft`.
    TakeUpPeople(SittingId),
    /// Reads and checks a file that was laid down whole (`Client::lay`) -> `File`.
    Import {
        /// For which sitting.
        sitting: SittingId,
        /// Identifier under which it was laid down.
        file: Uuid,
        /// Its name.
        name: String,
        /// Where it shall go; found by its name when absent.
        target: Option<Target>,
    },
    /// Says where files shall go -> `Draft`.
    Aim {
        /// For which sitting.
        sitting: SittingId,
        /// Which file, and where to.
        file: Uuid,
        /// Where to.
        target: Target,
    },
    /// Puts files where they are to go -> `Draft`.
    Place {
        /// For which sitting.
        sitting: SittingId,
        /// Which.
        files: Vec<Uuid>,
    },
    /// Puts files away that are not wanted -> `Draft`.
    Dismiss {
        /// For which sitting.
        sitting: SittingId,
        /// Which.
        files: Vec<Uuid>,
    },
    /// Writes a file out that other software brought and that tablets cannot show, byte for byte ->
    /// `Written`.
    TakeOut {
        /// For which draft.
        sitting: SittingId,
        /// Which.
        file: Uuid,
        /// Where to; a new file of its own name among the downloads when absent.
        #[serde(default)]
        out: Option<PathBuf>,
    },
    /// Publishes a draft, or the changes it makes -> `Draft`.
    Publish {
        /// Which.
        sitting: SittingId,
        /// What the changes are; needed once the sitting is convened and they are more than plain.
        correction: Option<Correction>,
        /// Why, in a sentence for everyone; it stands in the new convocation too.
        #[serde(default)]
        reason: Option<String>,
    },
    /// Stops the publication that is under way; what was sent is kept and is not sent again -> `Done`.
    Stop,
    /// Says that a sitting was convened by other means, has been held, or is closed -> `Draft`.
    Mark {
        /// Which.
        sitting: SittingId,
        /// `Convened`, `Held` or `Closed`; never back.
        state: SittingState,
    },
    /// Members, groups and bodies -> `People`.
    People,
    /// Keeps a member -> `People`.
    SaveMember(MemberEdit),
    /// Keeps a group; a new one when it has no identifier -> `People`.
    SaveGroup {
        /// Which.
        group: Option<GroupId>,
        /// Its name.
        name: String,
        /// Its colour, `#rrggbb`; the next free one when absent.
        colour: Option<String>,
    },
    /// Keeps a body; a new one when it has no identifier -> `People`.
    SaveBody {
        /// Which.
        body: Option<BodyId>,
        /// Its name.
        name: String,
        /// What it is.
        kind: BodyKind,
        /// Who sits on it.
        members: Vec<MemberId>,
        /// Who chairs it and stands in; as before when absent, but for whom it loses.
        #[serde(default)]
        seats: Option<Seats>,
    },
    /// Changes what is told of a member and leaves the rest -> `People`.
    EditMember {
        /// Who.
        member: MemberId,
        /// What changes.
        change: Box<MemberChange>,
    },
    /// Ends a mandate: the member leaves the bodies, and the server lets none of their devices in any
    /// more -> `People`.
    Leave {
        /// Who.
        member: MemberId,
        /// The day, not one to come; today when absent.
        on: Option<Date>,
    },
    /// A member who had left is back; their devices are invited anew -> `People`.
    ComeBack(MemberId),
    /// Takes a list of members: everyone or, when a row is bad, nobody -> `Imported`.
    ImportMembers {
        /// The list: the national register or any CSV with names.
        file: ListFile,
        /// A second list of names and e-mail addresses, joined by name.
        #[serde(default)]
        emails: Option<ListFile>,
        /// Leaves bad rows aside instead of refusing the list.
        #[serde(default)]
        skip_bad_rows: bool,
        /// Only tells what would be done.
        #[serde(default)]
        preview: bool,
    },
    /// Throws files away that were laid down and are not wanted -> `Done`.
    PutAway(Vec<Uuid>),
    /// The council's letterhead -> `Letterhead`.
    Letterhead,
    /// Keeps the council's letterhead, once a letter has been set with it -> `Done`.
    KeepLetterhead(Box<Letterhead>),
    /// Adds the deliberations of a day to a draft's agenda, from a file in the form of the SCDL: all of
    /// them or, when a row cannot be read, none -> `Listing`.
    ListDeliberations {
        /// Which draft.
        sitting: SittingId,
        /// The file.
        file: PathBuf,
        /// The day; the sitting's own, or the only one of the file, when absent.
        #[serde(default)]
        on: Option<Date>,
        /// Leaves rows aside that cannot be read.
        #[serde(default)]
        skip_bad_rows: bool,
    },
    /// Devices of the council; asks the server -> `Devices`.
    Devices,
    /// What happened at the council's doors, the last first; asks the server -> `Audit`.
    Audit {
        /// Only what was written before this number.
        #[serde(default)]
        before: Option<u64>,
    },
    /// Shuts a device out; asks the server -> `Devices`.
    Revoke(DeviceId),
    /// Shuts a device out, and has it empty itself at its next contact; asks the server -> `Devices`.
    Wipe(DeviceId),
    /// Keeps the council's letterhead from a TOML file of this machine -> `Done`.
    SaveLetterhead(std::path::PathBuf),
    /// Settles what the law leaves open; what is absent stays, no days are none -> `Done`.
    SaveLawChoices {
        /// Clear days before a committee or bureau sits.
        house_days: Option<u16>,
        /// Whether "so many days at least" are counted as clear days.
        strict: Option<bool>,
    },
    /// Names the authority that stamps the time on the council's proofs; none forgets it -> `Done`.
    SaveStampAuthority(Option<(String, PathBuf)>),
}

/// The answer to a clerk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClerkReply {
    /// The council's letterhead; an empty one when it has none.
    Letterhead(Box<Letterhead>),
    /// All sittings.
    Board(Vec<BoardCard>),
    /// One draft.
    Draft(Box<DraftView>),
    /// One file.
    File(Box<DeskFile>),
    /// Members, groups and bodies.
    People(Box<PeopleView>),
    /// What came of a list of members.
    Imported(Box<Imported>),
    /// What came of a file of deliberations.
    Listing(Box<Listing>),
    /// Devices.
    Devices(Vec<DeviceView>),
    /// What happened at the doors.
    Audit(Box<AuditView>),
}

/// A sitting on the clerk's board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoardCard {
    /// What a list shows of it; of the draft when there is one.
    pub card: SittingCard,
    /// What sits.
    pub kind: BodyKind,
    /// Whether officials can see it.
    pub published: bool,
    /// Changes that are not published yet; for a sitting never published, 0.
    pub changes: u32,
    /// Whether a draft is kept on this tablet.
    pub drafted: bool,
    /// Items without a report.
    pub without_report: u32,
    /// Files that wait for their place.
    pub waiting: u32,
    /// Whether it is cancelled.
    pub cancelled: bool,
    /// Where it came from, when other software brought it.
    pub brought: Option<BroughtView>,
}

/// Where a draft came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroughtView {
    /// Name of the software.
    pub by: String,
    /// When it came.
    pub at: LocalTime,
    /// Whom it would convene and the council's list of members does not know, by name.
    pub strangers: Vec<String>,
    /// Whom it would convene and who is known, but does not sit where the sitting is held, by name.
    #[serde(default)]
    pub outside: Vec<String>,
    /// Who would be convened although it does not name them, by name; nobody when it names nobody.
    #[serde(default)]
    pub unnamed: Vec<String>,
    /// Whether the committee or bureau that it names is not kept by the council yet.
    #[serde(default)]
    pub new_body: bool,
}

/// A draft as the editor shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftView {
    /// The sitting as it will be.
    pub sitting: Sitting,
    /// When it starts, on the council's clock.
    pub starts: LocalTime,
    /// Whether officials can see the sitting.
    pub published: bool,
    /// When the draft was last kept; none while nothing differs from what is published.
    pub kept: Option<LocalTime>,
    /// Papers whose present version is not published.
    pub fresh: Vec<DocumentId>,
    /// What publishing would tell everyone.
    pub changes: Vec<Change>,
    /// What the gravest of them means for the convocation.
    pub stake: Stake,
    /// Where it came from, when other software brought it.
    pub brought: Option<BroughtView>,
    /// Files that wait for their place, in the order in which they came.
    pub waiting: Vec<DeskFile>,
    /// Whether another clerk has published the sitting since the draft was begun.
    pub overtaken: bool,
    /// Whether undo would change something.
    pub can_undo: bool,
    /// Whether redo would change something.
    pub can_redo: bool,
    /// Whether the start is in the past.
    pub past: bool,
    /// Names to propose for who presents an item.
    pub rapporteurs: Vec<String>,
    /// Themes in use, as paths.
    pub themes: Vec<Vec<String>>,
    /// The council's committees and bureau.
    pub bodies: Vec<Body>,
}

impl DraftView {
    /// The item of this identifier.
    #[must_use]
    pub fn item(&self, id: ItemId) -> Option<&AgendaItem> {
        self.sitting.items.iter().find(|item| item.id == id)
    }
}

/// A file on the clerk's desk that stands on no agenda yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskFile {
    /// Its identifier.
    pub file: Uuid,
    /// Its name.
    pub name: String,
    /// What became of reading it.
    pub read: FileRead,
    /// Where it is to go, as the clerk said or as its name says.
    pub target: Target,
    /// What it is called when it is taken out, for a file that other software brought and that tablets
    /// cannot show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_name: Option<String>,
}

/// What became of reading a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileRead {
    /// It is still to be read.
    Waiting,
    /// It is a paper.
    Paper {
        /// Number of pages.
        pages: u32,
        /// Length in bytes.
        bytes: u64,
        /// Whether it has text.
        searchable: bool,
    },
    /// It cannot be published.
    Refused(Problem),
}

/// Members, groups and bodies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleView {
    /// Everyone, by last and first name.
    pub members: Vec<MemberView>,
    /// All groups, by name.
    pub groups: Vec<Group>,
    /// All bodies, by name.
    pub bodies: Vec<Body>,
    /// Address of the council's server, for invitations.
    pub server: String,
}

/// A device of the council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// The device.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub member: MemberId,
    /// That person's name.
    pub member_name: String,
    /// When it joined.
    pub enrolled: LocalTime,
    /// When it was last seen; none when it has not been since it joined.
    pub seen: Option<LocalTime>,
    /// Whether it is shut out.
    pub revoked: bool,
    /// Whether it may no longer write because it was copied or put back to an older state.
    pub quarantined: bool,
    /// Whether it is this one.
    pub own: bool,
    /// Whether it is to empty itself at its next contact.
    #[serde(default)]
    pub wipe: bool,
    /// When it said that it had.
    #[serde(default)]
    pub emptied: Option<LocalTime>,
}

/// What happened at the council's doors: a page of it, the last first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    /// The lines.
    pub lines: Vec<AuditLineView>,
    /// What to ask for what was written before them; none when there is nothing.
    pub earlier: Option<u64>,
}

/// One thing that happened at the council's doors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLineView {
    /// Its number.
    pub number: u64,
    /// When.
    pub at: LocalTime,
    /// What was done, as the server's word for it; a newer server may know more of them.
    pub done: String,
    /// Who did it; none for the operator and the server itself.
    pub by: Option<String>,
    /// What it was done to, when the records have a name for it.
    pub subject: Option<String>,
    /// When the sitting starts that it was done to: several have one name.
    pub starts: Option<LocalTime>,
    /// A role, a device's name, a number; may be empty.
    pub detail: String,
}

/// One change as everyone is shown it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeView {
    /// What changed.
    pub change: Change,
    /// When, on the council's clock.
    pub at: LocalTime,
    /// What a day and hour were, on the council's clock, when those changed.
    pub was: Option<LocalTime>,
    /// Number of the item it is about now; 0 for none.
    pub number: u32,
    /// Whether it came since the reader last looked at the sitting.
    pub new: bool,
}

/// The instants of a change, for [`ChangeView`].
impl ChangeView {
    /// The instant that a change of day or hour replaced.
    #[must_use]
    pub const fn instant(change: &Change) -> Option<Timestamp> {
        match &change.what {
            domain::Changed::Starts(was) => Some(*was),
            domain::Changed::Title(_)
            | domain::Changed::Place(_)
            | domain::Changed::Kind
            | domain::Changed::Attendance(_)
            | domain::Changed::Cancelled
            | domain::Changed::Restored
            | domain::Changed::ItemAdded { .. }
            | domain::Changed::ItemWithdrawn
            | domain::Changed::ItemRenamed(_)
            | domain::Changed::ItemMoved(_)
            | domain::Changed::ClosedDoors(_)
            | domain::Changed::Deliberative(_)
            | domain::Changed::Rapporteur
            | domain::Changed::PaperAdded
            | domain::Changed::PaperReplaced(_)
            | domain::Changed::PaperWithdrawn
            | domain::Changed::PaperRenamed(_) => None,
        }
    }
}
