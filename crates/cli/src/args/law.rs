//! The question of the law on the command line.

use clap::ValueEnum;
use domain::law::{LocalLaw, Procedure};
use domain::{BodyKind, CouncilKind};
use jiff::tz::TimeZone;

/// A sitting to be convened.
#[derive(Debug, clap::Args)]
pub(crate) struct Deadline {
    /// Kind of assembly.
    #[arg(long, value_enum, value_name = "K")]
    pub(crate) kind: KindName,
    /// Legal population; a commune's rules depend on it.
    #[arg(long, value_name = "N", required_if_eq("kind", "commune"))]
    pub(crate) population: Option<u32>,
    /// When it sits: RFC 3339, a local date and time, or a day.
    #[arg(long, value_name = "T")]
    pub(crate) sitting: String,
    /// Time zone in which the body counts its days.
    #[arg(long, value_name = "Z", default_value = "Europe/Paris", value_parser = zone)]
    pub(crate) zone: TimeZone,
    /// How it is convened.
    #[arg(long = "type", value_enum, value_name = "TYPE", default_value_t)]
    pub(crate) procedure: ProcedureName,
    /// Local law that stands before the general rules.
    #[arg(long, value_enum, value_name = "L")]
    pub(crate) local_law: Option<LocalLawName>,
    /// When the convocation leaves or left: judged when given.
    #[arg(long, value_name = "T")]
    pub(crate) dispatch: Option<String>,
    /// Which body sits.
    #[arg(long, value_enum, value_name = "BODY", default_value_t)]
    pub(crate) body: BodyName,
    /// Day of the sitting without quorum (second call) or of the decisive round (installation).
    #[arg(long, value_name = "T")]
    pub(crate) after: Option<String>,
    /// Clear days that the body's own rules ask for, where the law asks for none.
    #[arg(long, value_name = "DAYS")]
    pub(crate) house_days: Option<u16>,
    /// Count "so many days at least" as clear days, the reading that no judge could find late.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Kinds of assembly.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum KindName {
    Commune,
    Epci,
    #[value(alias = "département")]
    Departement,
    #[value(alias = "région")]
    Region,
}

impl From<KindName> for CouncilKind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Commune => Self::Commune,
            KindName::Epci => Self::Epci,
            KindName::Departement => Self::Departement,
            KindName::Region => Self::Region,
        }
    }
}

/// How a sitting is convened.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum ProcedureName {
    #[default]
    Ordinary,
    Urgent,
    SecondCall,
    Budget,
    Installation,
}

impl From<ProcedureName> for Procedure {
    fn from(name: ProcedureName) -> Self {
        match name {
            ProcedureName::Ordinary => Self::Ordinary,
            ProcedureName::Urgent => Self::Urgent,
            ProcedureName::SecondCall => Self::SecondCall,
            ProcedureName::Budget => Self::Budget,
            ProcedureName::Installation => Self::Installation,
        }
    }
}

/// Local laws.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LocalLawName {
    AlsaceMoselle,
}

impl From<LocalLawName> for LocalLaw {
    fn from(name: LocalLawName) -> Self {
        match name {
            LocalLawName::AlsaceMoselle => Self::AlsaceMoselle,
        }
    }
}

/// Bodies.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum BodyName {
    #[default]
    Council,
    Committee,
    Bureau,
}

impl From<BodyName> for BodyKind {
    fn from(name: BodyName) -> Self {
        match name {
            BodyName::Council => Self::Council,
            BodyName::Committee => Self::Committee,
            BodyName::Bureau => Self::Bureau,
        }
    }
}

fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| "write a time zone, as in Europe/Paris".to_owned())
}
