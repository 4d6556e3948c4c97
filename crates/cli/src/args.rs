//! The words of the command line.

mod devices;
mod law;
mod messages;
mod people;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use domain::{Date, DocumentId, MemberId, SittingId, Timestamp};
use ink::{AnnotationId, Colour, Form, Point, Sign};
use ipc::{Audience, ExportMode, SearchIn};

pub(crate) use self::devices::Devices;
pub(crate) use self::law::{Deadline, ProcedureName};
pub(crate) use self::messages::{Messages, Whom};
pub(crate) use self::people::{Bodies, BodySeats, Groups, MemberEdit, Members};

/// The tablet without a window.
#[derive(Debug, Parser)]
#[command(name = "pupitre-cli", version, about, max_term_width = 100)]
pub(crate) struct Args {
    /// Folder of this device.
    #[arg(long, global = true, value_name = "DIR", env = "PUPITRE_PROFILE")]
    pub(crate) profile: Option<PathBuf>,
    /// The PIN of a tablet that has one; in the environment so that no list of programs shows it.
    #[arg(long, global = true, value_name = "PIN", env = "PUPITRE_PIN", hide_env_values = true)]
    pub(crate) pin: Option<String>,
    /// Answer with one JSON value.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Verb,
}

/// What is asked of the lock.
#[derive(Debug, Subcommand)]
pub(crate) enum Pin {
    /// Whether there is a PIN, how often it was given wrongly, and how long to wait.
    Status,
    /// Give the tablet a PIN, or another one; the present one is needed as for every command.
    Set {
        /// The new one; in the environment so that no list of programs shows it.
        #[arg(long, value_name = "PIN", env = "PUPITRE_NEW_PIN", hide_env_values = true)]
        new: String,
    },
    /// Take the PIN away.
    Remove,
}

/// What is asked.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Join a council with an invitation.
    Enrol {
        /// Address of the server.
        url: String,
        /// The invitation's code.
        code: String,
        /// Name of this device.
        #[arg(long, value_name = "NAME")]
        device: String,
        /// Certificates in PEM of the authorities that vouch for the server, where it is not one
        /// that the system knows.
        #[arg(long, value_name = "FILE")]
        ca: Option<PathBuf>,
    },
    /// Exchange everything with the server now.
    Sync,
    /// State of this tablet.
    Status,
    /// The PIN before this tablet.
    #[command(subcommand)]
    Pin(Pin),
    /// Write what a new server needs when the old one is lost with its backups: the council, its
    /// members, the public keys of their devices.
    Ark {
        /// File to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Members of the council.
    #[command(subcommand)]
    Members(Members),
    /// Political groups.
    #[command(subcommand)]
    Groups(Groups),
    /// Committees and bureaus.
    #[command(subcommand)]
    Bodies(Bodies),
    /// Messages of the council's office to members.
    #[command(subcommand)]
    Messages(Messages),
    /// Your devices, and the sealing of your notes.
    #[command(subcommand)]
    Devices(Devices),
    /// An invitation for a member (clerk).
    Invite {
        /// Whom.
        member: MemberId,
    },
    /// Publish a folder of PDFs or a sitting.toml, again to update; or a draft of the desk (clerk).
    Publish {
        /// The folder or file, or the draft's identifier.
        #[arg(value_name = "FOLDER|sitting.toml|SITTING")]
        path: PathBuf,
        /// Opens the papers that are encrypted. They are published as they are: whoever reads them
        /// is asked for it once.
        #[arg(
            long,
            value_name = "PASSWORD",
            env = "PUPITRE_PAPER_PASSWORD",
            hide_env_values = true
        )]
        password: Option<String>,
    },
    /// Follow a paper's present version by another PDF; everybody keeps their notes (clerk).
    Replace {
        /// Which paper.
        document: DocumentId,
        /// The new PDF.
        #[arg(value_name = "FILE.pdf")]
        file: PathBuf,
        /// Why, in a sentence that every reader sees.
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Convene a sitting; twice sends nothing twice (clerk).
    Convene {
        /// Which.
        sitting: SittingId,
        /// Shorten the delay for urgency.
        #[arg(long, requires = "reason")]
        urgent: bool,
        /// Why it is urgent.
        #[arg(long, value_name = "TEXT", requires = "urgent")]
        reason: Option<String>,
        /// Send again although the last convocation stands, and say why.
        #[arg(long, value_name = "TEXT")]
        correct: Option<String>,
        /// Until when answers are asked for; a day before the sitting by itself.
        #[arg(long, value_name = "T")]
        answer_by: Option<Timestamp>,
        /// Only say what convening would come to now.
        #[arg(long)]
        check: bool,
        /// How it is convened.
        #[arg(long = "type", value_enum, value_name = "TYPE", default_value_t)]
        procedure: ProcedureName,
        /// Day of the sitting without quorum (second call) or of the decisive round (installation).
        #[arg(long, value_name = "DATE")]
        after: Option<domain::Date>,
    },
    /// Move a convened sitting and convene it anew (clerk).
    Postpone {
        /// Which.
        sitting: SittingId,
        /// The new start.
        #[arg(long, value_name = "T")]
        to: Timestamp,
        /// The new place, if it changes.
        #[arg(long)]
        place: Option<String>,
        /// Why, for the members.
        #[arg(long, value_name = "TEXT")]
        note: String,
        /// Shorten the delay for urgency, and say why.
        #[arg(long, value_name = "TEXT")]
        urgent: Option<String>,
    },
    /// Call a convened sitting off (clerk).
    CallOff {
        /// Which.
        sitting: SittingId,
        /// Why, for the members.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Who was reached how, and what came back.
    Tracking {
        /// Of which sitting.
        sitting: SittingId,
        /// Write everything that happened as a table for spreadsheets (clerk).
        #[arg(long, value_name = "FILE.csv")]
        csv: Option<PathBuf>,
    },
    /// Remind everybody who has not answered yet (clerk).
    Remind {
        /// Of which sitting.
        sitting: SittingId,
    },
    /// Write a sitting as a calendar entry.
    Calendar {
        /// Which.
        sitting: SittingId,
        /// The file to be written.
        #[arg(long, value_name = "FILE.ics")]
        out: PathBuf,
    },
    /// The address under which a calendar program finds your convocations; keep it to yourself.
    CalendarAddress {
        /// Take another one; the one before leads nowhere from then on.
        #[arg(long)]
        renew: bool,
    },
    /// Write convocations to be printed, for those who asked for paper (clerk).
    Letters {
        /// Of which sitting.
        sitting: SittingId,
        /// To one member only.
        #[arg(long = "for", value_name = "MEMBER")]
        member: Option<MemberId>,
        /// The PDF to be written.
        #[arg(long, value_name = "FILE.pdf")]
        out: PathBuf,
    },
    /// Write the proof of a sitting's convocations, and a PDF of the same beside it (clerk).
    Proof {
        /// Of which sitting.
        sitting: SittingId,
        /// The file to be written.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Check a proof; needs no profile, no server and no network.
    Verify {
        /// The proof.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Certificates in PEM of the time-stamping authorities that you trust; without it those
        /// that the file brings are believed, and their fingerprint is told.
        #[arg(long, value_name = "FILE")]
        stamp_ca: Option<PathBuf>,
        /// Lists of revoked certificates of those authorities (CRL, PEM or DER): the time-stamp must
        /// stand against them.
        #[arg(long, value_name = "FILE")]
        stamp_crl: Option<PathBuf>,
    },
    /// Settle what the law leaves to the council (clerk); what is absent stays.
    Law {
        /// Clear days before a committee or bureau sits, by the council's own rules; 0 for none.
        #[arg(long, value_name = "DAYS")]
        house_days: Option<u16>,
        /// Whether "so many days at least" are counted as clear days.
        #[arg(long, value_name = "true|false", required_unless_present = "house_days")]
        strict: Option<bool>,
    },
    /// Name the authority that stamps the time on proofs (RFC 3161), or forget it (clerk).
    StampAuthority {
        /// Where it is asked.
        #[arg(long, value_name = "URL", requires = "ca", required_unless_present = "none")]
        url: Option<String>,
        /// Certificates in PEM to which its stamps must lead.
        #[arg(long, value_name = "FILE", requires = "url")]
        ca: Option<PathBuf>,
        /// Forget it.
        #[arg(long, conflicts_with_all = ["url", "ca"])]
        none: bool,
    },
    /// Keep the council's letterhead from a TOML file (clerk): lines, town, signatory, capacity, and the
    /// files emblem (SVG) and template (Typst) beside it.
    Letterhead {
        /// The file.
        file: PathBuf,
    },
    /// Record that a convocation was posted or handed over on paper (clerk).
    Posted {
        /// Of which sitting.
        sitting: SittingId,
        /// To whom.
        member: MemberId,
        /// When.
        #[arg(long, value_name = "T")]
        at: Timestamp,
        /// Number of the posting.
        #[arg(long, value_name = "TEXT")]
        proof: Option<String>,
    },
    /// Answer a convocation; works without a network.
    Answer {
        /// Of which sitting.
        sitting: SittingId,
        /// present, late, absent or proxy:MEMBER.
        #[arg(value_parser = answer)]
        answer: domain::Answer,
        /// For whom, when a clerk was told by other means.
        #[arg(long = "for", value_name = "MEMBER")]
        member: Option<MemberId>,
    },
    /// Take or refuse a proxy that was given to you; works without a network.
    Bear {
        /// Of which sitting.
        sitting: SittingId,
        /// Who gave it.
        giver: MemberId,
        /// Refuse it.
        #[arg(long)]
        refuse: bool,
    },
    /// All sittings.
    Sittings,
    /// Papers of a sitting, in agenda order.
    Documents {
        /// Which.
        sitting: SittingId,
    },
    /// Open an encrypted paper with its password, which this tablet remembers.
    Unlock {
        /// Which.
        document: DocumentId,
        /// The password; asked for in the environment so that no list of programs shows it.
        #[arg(
            long,
            value_name = "PASSWORD",
            env = "PUPITRE_PAPER_PASSWORD",
            hide_env_values = true
        )]
        password: String,
    },
    /// A paper's own outline.
    Outline {
        /// Which.
        document: DocumentId,
    },
    /// Draw a page.
    Page {
        /// Of which paper.
        document: DocumentId,
        /// Page from 1.
        #[arg(long, value_name = "N")]
        page: u32,
        /// Width in pixels.
        #[arg(long, value_name = "PX", value_parser = clap::value_parser!(u32).range(1..=i64::from(ipc::page::MAX_WIDTH)))]
        width: u32,
        /// The PNG to be written.
        #[arg(long, value_name = "FILE.png")]
        out: PathBuf,
    },
    /// Put a mark on a page.
    Annotate(Annotate),
    /// Notes, in agenda order.
    Notes {
        /// Only of this paper.
        document: Option<DocumentId>,
        /// Only with this audience.
        #[arg(long, value_parser = audience)]
        audience: Option<Audience>,
        /// Write them to this file instead.
        #[arg(long, value_name = "FILE.md|FILE.odt|FILE.pdf")]
        out: Option<PathBuf>,
        /// Write all your own notes, signed, into this one file, which `verify` checks.
        #[arg(long, value_name = "FILE.zip", conflicts_with_all = ["document", "audience", "out"])]
        archive: Option<PathBuf>,
    },
    /// Answer a note, for those who may see it.
    Reply {
        /// Which.
        annotation: AnnotationId,
        /// What is answered.
        #[arg(long)]
        text: String,
    },
    /// Show a note to others than before.
    Share {
        /// Which.
        annotation: AnnotationId,
        /// Who may see it: private, council or group:NAME.
        #[arg(long, value_parser = audience)]
        audience: Audience,
    },
    /// Take a note away.
    Erase {
        /// Which.
        annotation: AnnotationId,
    },
    /// Search in papers and notes.
    Search {
        /// The words.
        text: String,
        /// Where.
        #[arg(long = "in", value_enum, default_value_t)]
        within: Within,
    },
    /// Write a paper with its notes to a file.
    Export {
        /// Which.
        document: DocumentId,
        /// The file to be written; the notes alone when it is an XFDF file.
        #[arg(long, value_name = "FILE.pdf|FILE.xfdf")]
        out: PathBuf,
        /// How.
        #[arg(long, value_enum)]
        mode: Option<Mode>,
    },
    /// Take in the notes of an XFDF file, or of a copy of the paper.
    Import {
        /// On which paper.
        document: DocumentId,
        /// The file.
        #[arg(value_name = "FILE.xfdf|FILE.pdf")]
        file: PathBuf,
        /// Who may see them: private, council or group:NAME.
        #[arg(long, value_parser = audience, default_value = "private")]
        audience: Audience,
    },
    /// Notes that other programs left in a paper.
    Foreign {
        /// Which.
        document: DocumentId,
    },
    /// Work on PDF files; needs no profile.
    #[command(subcommand)]
    Pdf(Pdf),
    /// Files of deliberations in the form of the SCDL.
    #[command(subcommand)]
    Deliberations(Deliberations),
    /// By when a convocation must leave, with the reasons; needs no profile.
    Deadline(Deadline),
}

/// Files of deliberations.
#[derive(Debug, Subcommand)]
pub(crate) enum Deliberations {
    /// Read a file and tell, line by line, where it departs from the schema; needs no profile.
    Check {
        /// The file: CSV in any encoding.
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
    },
    /// Add the deliberations of a day to a sitting's agenda, as a draft to be published (clerk).
    Add {
        /// Which sitting.
        sitting: SittingId,
        /// The file.
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
        /// The day; the sitting's own, or the file's only one, when not said.
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Option<Date>,
        /// Leave rows aside that cannot be read; without it one such row stops the whole file.
        #[arg(long)]
        skip_bad_rows: bool,
    },
}

/// Work on PDF files.
#[derive(Debug, Subcommand)]
pub(crate) enum Pdf {
    /// Check that every page of these files can be drawn.
    Check {
        /// The files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// A mark to be made.
#[derive(Debug, clap::Args)]
pub(crate) struct Annotate {
    /// On which paper.
    pub(crate) document: DocumentId,
    /// Page from 1.
    #[arg(long, value_name = "N")]
    pub(crate) page: u32,
    /// What kind of mark.
    #[arg(long, value_enum)]
    pub(crate) kind: Kind,
    /// The words to mark, or to put a note beside; they must stand on the page once.
    #[arg(long)]
    pub(crate) quote: Option<String>,
    /// Where, in points from the bottom left corner: a note's, text's or stamp's top left corner.
    #[arg(long, value_name = "X,Y", value_parser = point, allow_hyphen_values = true)]
    pub(crate) at: Option<Point>,
    /// Two opposite corners: of a band, text box or form; a line's beginning and end.
    #[arg(long, value_name = "X0,Y0,X1,Y1", value_parser = corners, allow_hyphen_values = true)]
    pub(crate) rect: Option<[Point; 2]>,
    /// Ink, a free highlight, or a form to be recognised: [[[x,y,pressure],…],…] or
    /// {"strokes":…,"width":…}.
    #[arg(long, value_name = "FILE.json")]
    pub(crate) strokes: Option<PathBuf>,
    /// Which form; a rectangle when not said.
    #[arg(long, value_enum)]
    pub(crate) shape: Option<FormName>,
    /// Which stamp.
    #[arg(long, value_enum)]
    pub(crate) stamp: Option<SignName>,
    /// Width of the line, in points.
    #[arg(long, value_name = "POINTS", value_parser = width)]
    pub(crate) width: Option<f32>,
    /// What is written.
    #[arg(long)]
    pub(crate) text: Option<String>,
    /// Its colour; yellow, or black for ink, text, forms and stamps.
    #[arg(long, value_enum)]
    pub(crate) colour: Option<ColourName>,
    /// Who may see it: private, council or group:NAME.
    #[arg(long, value_parser = audience, default_value = "private")]
    pub(crate) audience: Audience,
}

/// Kinds of mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Highlight,
    Underline,
    Strikeout,
    Note,
    Ink,
    Text,
    Shape,
    Stamp,
}

/// Forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormName {
    Line,
    Arrow,
    Rectangle,
    Ellipse,
}

impl From<FormName> for Form {
    fn from(name: FormName) -> Self {
        match name {
            FormName::Line => Self::Line,
            FormName::Arrow => Self::Arrow,
            FormName::Rectangle => Self::Rectangle,
            FormName::Ellipse => Self::Ellipse,
        }
    }
}

/// Signs of a stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SignName {
    Question,
    Agree,
    Disagree,
    Raise,
}

impl From<SignName> for Sign {
    fn from(name: SignName) -> Self {
        match name {
            SignName::Question => Self::Question,
            SignName::Agree => Self::Agree,
            SignName::Disagree => Self::Disagree,
            SignName::Raise => Self::Raise,
        }
    }
}

/// Colours.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ColourName {
    Yellow,
    Green,
    Blue,
    Pink,
    Black,
    Red,
}

impl From<ColourName> for Colour {
    fn from(name: ColourName) -> Self {
        match name {
            ColourName::Yellow => Self::Yellow,
            ColourName::Green => Self::Green,
            ColourName::Blue => Self::Blue,
            ColourName::Pink => Self::Pink,
            ColourName::Black => Self::Black,
            ColourName::Red => Self::Red,
        }
    }
}

/// Where to search.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Within {
    Documents,
    Notes,
    #[default]
    All,
}

impl From<Within> for SearchIn {
    fn from(within: Within) -> Self {
        match within {
            Within::Documents => Self::Documents,
            Within::Notes => Self::Notes,
            Within::All => Self::All,
        }
    }
}

/// How a paper leaves the app.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Mode {
    #[default]
    Editable,
    Flattened,
    Notes,
    Xfdf,
}

impl From<Mode> for ExportMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Editable => Self::Editable,
            Mode::Flattened => Self::Flattened,
            Mode::Notes => Self::Notes,
            Mode::Xfdf => Self::Xfdf,
        }
    }
}

fn point(text: &str) -> Result<Point, String> {
    let bad = || "write two numbers, as in 72,600".to_owned();
    let (x, y) = text.split_once(',').ok_or_else(bad)?;
    let number = |text: &str| text.trim().parse::<f32>().ok().filter(|n| n.is_finite());
    Ok(Point { x: number(x).ok_or_else(bad)?, y: number(y).ok_or_else(bad)? })
}

fn corners(text: &str) -> Result<[Point; 2], String> {
    let bad = || "write four numbers, as in 72,600,300,640".to_owned();
    let numbers: Vec<f32> = text
        .split(',')
        .map(|number| number.trim().parse().ok().filter(|n: &f32| n.is_finite()).ok_or_else(bad))
        .collect::<Result<_, _>>()?;
    match *numbers.as_slice() {
        [x0, y0, x1, y1] => Ok([Point { x: x0, y: y0 }, Point { x: x1, y: y1 }]),
        _ => Err(bad()),
    }
}

fn width(text: &str) -> Result<f32, String> {
    let width = text.trim().parse().ok().filter(|width| (0.1..=200.0).contains(width));
    width.ok_or_else(|| "write a width from 0.1 to 200 points".to_owned())
}

fn answer(text: &str) -> Result<domain::Answer, String> {
    use domain::Answer;
    match text.split_once(':') {
        None if text == "present" => Ok(Answer::Present),
        None if text == "late" => Ok(Answer::Late),
        None if text == "absent" => Ok(Answer::Absent),
        Some(("proxy", bearer)) => bearer
            .parse()
            .map(Answer::Proxy)
            .map_err(|_| "name the bearer by identifier, as in proxy:MEMBER".to_owned()),
        _ => Err("write present, late, absent or proxy:MEMBER".to_owned()),
    }
}

fn audience(text: &str) -> Result<Audience, String> {
    match text.split_once(':') {
        None if text == "private" => Ok(Audience::Private),
        None if text == "council" => Ok(Audience::Council),
        Some(("group", name)) if !name.trim().is_empty() => {
            Ok(Audience::Group(name.trim().to_owned()))
        }
        _ => Err("write private, council or group:NAME".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_command_line_fit_together() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

    #[test]
    fn the_profile_may_stand_before_or_after_the_command() {
        for words in [
            ["pupitre-cli", "--profile", "p", "sync", "--json"],
            ["pupitre-cli", "--json", "sync", "--profile", "p"],
        ] {
            let args = Args::parse_from(words);
            assert_eq!((args.profile, args.json), (Some(PathBuf::from("p")), true));
        }
    }

    #[test]
    fn answers_are_read_strictly() {
        let bearer = MemberId::from_bytes([7; 16]);
        assert_eq!(answer("late"), Ok(domain::Answer::Late));
        assert_eq!(answer(&format!("proxy:{bearer}")), Ok(domain::Answer::Proxy(bearer)));
        assert!(answer("proxy").is_err() && answer("proxy:moi").is_err() && answer("oui").is_err());
    }

    #[test]
    fn audiences_and_places_are_read_strictly() {
        assert_eq!(audience("group:Gauche unie"), Ok(Audience::Group("Gauche unie".to_owned())));
        assert!(audience("group:").is_err() && audience("tous").is_err());
        assert_eq!(point("72, 600.5"), Ok(Point { x: 72.0, y: 600.5 }));
        assert!(point("72").is_err() && point("a,b").is_err() && point("NaN,1").is_err());
        assert_eq!(corners("1,2,3,4").unwrap()[1], Point { x: 3.0, y: 4.0 });
        assert!(corners("1,2,3").is_err() && corners("1,2,3,4,5").is_err());
        assert!(width("0").is_err() && width("inf").is_err() && width("2.5") == Ok(2.5));
    }
}
