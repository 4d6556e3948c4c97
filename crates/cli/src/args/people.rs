//! Members, groups and bodies on the command line.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use domain::{BodyId, Date, GroupId, MemberId, Role, Seat, SittingId, Substitute};

use super::law::BodyName;

/// Members of the council.
#[derive(Debug, Subcommand)]
pub(crate) enum Members {
    /// Take a list: the national register (RNE), or columns such as first_name, last_name, email,
    /// phone, group, role, function in any order; again to update (clerk).
    Import {
        /// The file: any spreadsheet's CSV.
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
        /// The clerk's own list of names and e-mail addresses, joined by name.
        #[arg(long, value_name = "FILE.csv")]
        emails: Option<PathBuf>,
        /// Leave bad rows aside; without it one bad row stops the whole list.
        #[arg(long)]
        skip_bad_rows: bool,
        /// Only tell what would be done.
        #[arg(long)]
        dry_run: bool,
    },
    /// List everyone.
    List,
    /// Add one (clerk).
    Add {
        /// First name.
        #[arg(long)]
        first: String,
        /// Last name.
        #[arg(long)]
        last: String,
        /// E-mail address.
        #[arg(long)]
        email: Option<String>,
        /// Name of the political group, made when it is new.
        #[arg(long)]
        group: Option<String>,
        /// Function in the assembly.
        #[arg(long)]
        function: Option<String>,
        /// What the person may do.
        #[arg(long, value_enum, default_value_t)]
        role: RoleName,
        /// Telephone number for text messages.
        #[arg(long)]
        phone: Option<String>,
        /// The member has asked in writing for convocations on paper.
        #[arg(long)]
        on_paper: bool,
    },
    /// Change what is told of a member; an empty text takes it away (clerk).
    Edit(MemberEdit),
    /// End a mandate: the member's devices are let in no more (clerk).
    Leave {
        /// Who.
        member: MemberId,
        /// The day; today when absent.
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
    },
    /// Make members of the people whom a brought draft would convene and nobody knows (clerk).
    TakeUp {
        /// The draft.
        sitting: SittingId,
    },
    /// A member who had left is back; invite them anew (clerk).
    Return {
        /// Who.
        member: MemberId,
    },
}

/// What changes of a member.
#[derive(Debug, clap::Args)]
pub(crate) struct MemberEdit {
    /// Who.
    pub(crate) member: MemberId,
    /// First name.
    #[arg(long)]
    pub(crate) first: Option<String>,
    /// Last name.
    #[arg(long)]
    pub(crate) last: Option<String>,
    /// E-mail address.
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// Telephone number for text messages.
    #[arg(long)]
    pub(crate) phone: Option<String>,
    /// Function in the assembly.
    #[arg(long)]
    pub(crate) function: Option<String>,
    /// Commune or canton.
    #[arg(long)]
    pub(crate) constituency: Option<String>,
    /// Name of a political group, made when it is new; may stand several times.
    #[arg(long)]
    pub(crate) group: Vec<String>,
    /// No group any more.
    #[arg(long, conflicts_with = "group")]
    pub(crate) no_group: bool,
    /// What the person may do.
    #[arg(long, value_enum)]
    pub(crate) role: Option<RoleName>,
    /// Whether the person sits or only receives copies.
    #[arg(long, value_enum)]
    pub(crate) seat: Option<SeatName>,
    /// Whether the person has asked in writing for convocations on paper.
    #[arg(long, value_name = "true|false")]
    pub(crate) on_paper: Option<bool>,
}

impl MemberEdit {
    /// Groups when any is named.
    pub(crate) fn groups(&self) -> Option<Vec<String>> {
        (!self.group.is_empty()).then(|| self.group.clone())
    }
}

/// Political groups.
#[derive(Debug, Subcommand)]
pub(crate) enum Groups {
    /// List them.
    List,
    /// Add one (clerk).
    Add {
        /// Its name.
        name: String,
        /// Its colour; the next free one when absent.
        #[arg(long, value_name = "#RRGGBB")]
        colour: Option<String>,
    },
    /// Change its name or colour (clerk).
    Edit {
        /// Which.
        group: GroupId,
        /// Its name.
        #[arg(long)]
        name: Option<String>,
        /// Its colour.
        #[arg(long, value_name = "#RRGGBB")]
        colour: Option<String>,
    },
}

/// Committees and bureaus.
#[derive(Debug, Subcommand)]
pub(crate) enum Bodies {
    /// List them.
    List,
    /// Add one (clerk).
    Add {
        /// Its name.
        name: String,
        /// What it is.
        #[arg(long, value_enum, default_value = "committee")]
        kind: BodyName,
        #[command(flatten)]
        seats: BodySeats,
    },
    /// Change it; what is absent stays (clerk).
    Edit {
        /// Which.
        body: BodyId,
        /// Its name.
        #[arg(long)]
        name: Option<String>,
        /// What it is.
        #[arg(long, value_enum)]
        kind: Option<BodyName>,
        #[command(flatten)]
        seats: BodySeats,
    },
}

/// Who sits on a body.
#[derive(Debug, clap::Args)]
pub(crate) struct BodySeats {
    /// A member; may stand several times.
    #[arg(long = "member", value_name = "MEMBER")]
    pub(crate) members: Vec<MemberId>,
    /// Who chairs it.
    #[arg(long, value_name = "MEMBER")]
    pub(crate) chair: Option<MemberId>,
    /// Who may stand in, for anybody or for one member; may stand several times.
    #[arg(long = "substitute", value_name = "MEMBER[:FOR]", value_parser = substitute)]
    pub(crate) substitutes: Vec<Substitute>,
}

impl BodySeats {
    /// Whether more than members is told.
    pub(crate) const fn is_more(&self) -> bool {
        self.chair.is_some() || !self.substitutes.is_empty()
    }
}

/// Whether a person sits.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SeatName {
    Member,
    Copies,
}

impl From<SeatName> for Seat {
    fn from(name: SeatName) -> Self {
        match name {
            SeatName::Member => Self::Member,
            SeatName::Copies => Self::Copies,
        }
    }
}

/// `MEMBER` or `MEMBER:FOR`.
fn substitute(text: &str) -> Result<Substitute, String> {
    let bad = || "write MEMBER, or MEMBER:FOR".to_owned();
    let (member, stands_for) = match text.split_once(':') {
        Some((member, whom)) => (member, Some(whom.parse().map_err(|_| bad())?)),
        None => (text, None),
    };
    Ok(Substitute { member: member.parse().map_err(|_| bad())?, stands_for })
}

/// What a person may do.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum RoleName {
    Clerk,
    #[default]
    Official,
    Guest,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Clerk => Self::Clerk,
            RoleName::Official => Self::Official,
            RoleName::Guest => Self::Guest,
        }
    }
}
