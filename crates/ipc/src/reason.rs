//! What exactly is wrong with something a person gave: a part of a sentence in every language.

use serde::{Deserialize, Serialize};

/// A value that has a name in every language (`named-…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Title of a sitting or item.
    Title,
    /// Name of a file.
    FileName,
    /// Name of a device.
    DeviceName,
    /// First name of a person.
    FirstName,
    /// Last name of a person.
    LastName,
    /// Name of a political group.
    GroupName,
    /// Function in the assembly.
    Function,
    /// Commune or canton.
    Constituency,
    /// Why a paper was replaced.
    ChangeNote,
    /// A line of the letterhead.
    LetterheadLine,
    /// Place of a sitting.
    Place,
    /// Theme of an item.
    Theme,
    /// Who presents an item.
    Rapporteur,
    /// Name of a committee or bureau.
    BodyName,
    /// Why a sitting is cancelled.
    CancelReason,
    /// What a message is about.
    MessageSubject,
    /// What a message says.
    MessageText,
}

/// Why a value is not taken; each has its words `reason-<kind>` in every language, without capital
/// and without full stop, and its fields are the places in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A mistake in a file that a person wrote.
    InFile {
        /// Name of the file.
        file: String,
        /// Line from 1; 0 when it is about the whole file.
        line: usize,
        /// What is wrong there.
        what: Box<Reason>,
    },
    /// The file is not UTF-8 text.
    NotText,
    /// The line is not of the file's form.
    Form,
    /// The key is not one of the form's.
    UnknownKey {
        /// The key as it was written.
        key: String,
    },
    /// The value is not one of the form's.
    UnknownValue {
        /// The value as it was written.
        value: String,
    },
    /// The key must stand there.
    MissingKey {
        /// The key.
        key: String,
    },
    /// The value is empty.
    Empty {
        /// Which value.
        field: Field,
    },
    /// The value is empty or too long.
    Length {
        /// Which value.
        field: Field,
        /// Most characters it may have.
        most: usize,
    },
    /// A message goes to nobody.
    NoRecipient,
    /// The file holds no list of revoked certificates, in PEM or DER.
    NotRevocations {
        /// Its name.
        file: String,
    },
    /// The file holds no certificates in PEM, or is too large.
    NotCertificates {
        /// Its name.
        file: String,
    },
    /// The named file is not there.
    FileMissing {
        /// Its name.
        file: String,
    },
    /// The file is named more than once.
    FileTwice {
        /// Its name.
        file: String,
    },
    /// The file is larger than a paper may be.
    FileTooLarge {
        /// Its name.
        file: String,
    },
    /// The file is no PDF, the one form that tablets show.
    NotPdf {
        /// Its name.
        file: String,
    },
    /// The start has no day or no hour.
    StartIncomplete,
    /// The folder has no PDF.
    FolderEmpty {
        /// Its name.
        folder: String,
    },
    /// An item has no title.
    ItemUntitled {
        /// Its number on the agenda.
        number: usize,
    },
    /// An item or paper stands twice.
    ItemTwice {
        /// Its number on the agenda.
        number: usize,
    },
    /// A paper has no file.
    PaperWithoutFile {
        /// Its title.
        title: String,
    },
    /// A row has more or fewer columns than the list.
    Ragged {
        /// Columns of the row.
        number: usize,
        /// Columns of the list.
        most: usize,
    },
    /// A value is not written as its column asks.
    NotAsWritten {
        /// The column.
        key: String,
        /// As it was written.
        text: String,
    },
    /// The same number stands further up.
    SameNumber {
        /// The number.
        text: String,
        /// The line further up.
        number: usize,
    },
    /// More votes than members.
    TooManyVotes {
        /// Votes counted.
        number: usize,
        /// Members.
        most: usize,
    },
    /// The columns do not stand in the order of their schema.
    ColumnOrder,
    /// The file is about several days, and none of them is the sitting's.
    SeveralDays {
        /// The days.
        days: String,
    },
    /// A quotation mark is never closed.
    QuoteOpen,
    /// The file is no list: a spreadsheet's own form, a PDF.
    NoList,
    /// Nobody stands in the list.
    NoRows,
    /// The day is still to come.
    DayToCome {
        /// The day.
        text: String,
    },
    /// The same person stands further up.
    SamePerson {
        /// Full name.
        name: String,
        /// The line further up.
        number: usize,
    },
    /// Several people have this name.
    SeveralPeople {
        /// Full name.
        name: String,
    },
    /// Nobody in the list of members has this name.
    Stranger {
        /// Full name.
        name: String,
    },
    /// Whoever chairs a body is one of its members.
    ChairOutside,
    /// Somebody stands twice in a body.
    TwiceOnBody {
        /// Full name.
        name: String,
    },
    /// A substitute stands in for somebody who does not sit on the body.
    SubstituteOfNobody {
        /// Full name of the substitute.
        name: String,
    },
    /// A clerk does not end their own mandate.
    Oneself,
    /// The text is no e-mail address.
    NotAnAddress {
        /// As it was written.
        text: String,
    },
    /// The text is no telephone number.
    NotANumber {
        /// As it was written.
        text: String,
    },
    /// The sitting has begun.
    SittingBegun,
    /// A posting is recorded after it happened.
    PostingInFuture,
    /// Urgency needs its reason.
    UrgencyWithoutReason,
    /// Answers are asked for before the sitting starts.
    AnswerAfterStart,
    /// The sitting is closed: nothing of it changes any more.
    SittingClosed,
    /// The value is too long.
    TooLong {
        /// Which value.
        field: Field,
        /// Most characters it may have.
        most: usize,
    },
    /// The agenda has more items than it may have.
    AgendaTooLong {
        /// Most items.
        most: usize,
    },
    /// What everyone can read is not rewritten.
    VersionPublished,
    /// A paper must stand somewhere.
    PaperPlaceless,
    /// A file has no place on the agenda yet.
    FileUnplaced {
        /// Its name.
        file: String,
    },
    /// There is no such day or hour.
    NotADay {
        /// As it was written.
        text: String,
    },
    /// The text is no colour.
    NotAColour,
    /// There is a group of this name.
    GroupExists {
        /// The name.
        name: String,
    },
    /// Another publication is under way.
    PublicationUnderWay,
    /// A sitting is convened, then held, then closed; never back.
    StateBackward,
    /// The mark stands nowhere on its page.
    MarkNowhere,
    /// The mark has more points or rectangles than a mark may have.
    MarkTooLarge,
    /// The mark lies outside any page.
    MarkOutside,
    /// The note's text is longer than a note may be.
    NoteTooLong,
    /// An answer to a note says nothing.
    AnswerEmpty,
    /// Only marked text can be found by its words.
    QuoteNeedsMarkup,
    /// The strokes are like no line, arrow, rectangle or ellipse.
    StrokesWithoutForm,
    /// Strokes must be given as lists of points.
    StrokesForm {
        /// Name of the file.
        file: String,
    },
    /// The council's template of a letter has a mistake.
    LetterTemplate {
        /// Line and mistake, as the setter says them.
        detail: String,
    },
    /// The emblem or template is larger than a letterhead may be.
    LetterheadTooLarge {
        /// Its name.
        file: String,
    },
    /// The request is not of the app's form (an old page in a browser).
    Request {
        /// What the reader said.
        detail: String,
    },
}
