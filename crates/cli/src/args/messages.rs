//! Messages on the command line.

use std::path::PathBuf;

use clap::Subcommand;
use domain::{MemberId, MessageId};

/// Messages of the council's office.
#[derive(Debug, Subcommand)]
pub(crate) enum Messages {
    /// Those to you; a clerk's tablet shows all, with how far they have come.
    List,
    /// Send one (clerk): without a network it leaves with the next exchange.
    Send {
        /// everyone, group:NAME, body:NAME, or a member; may stand several times for members.
        #[arg(long, value_name = "WHOM", required = true, value_parser = whom)]
        to: Vec<Whom>,
        /// What it is about.
        #[arg(long, value_name = "TEXT")]
        subject: String,
        /// What it says.
        #[arg(long, value_name = "TEXT")]
        text: String,
        /// As a text message too, at once.
        #[arg(long)]
        sms: bool,
    },
    /// Who was reached how (clerk).
    Tracking {
        /// Which message.
        message: MessageId,
        /// Write everything that happened as a table for spreadsheets.
        #[arg(long, value_name = "FILE.csv")]
        csv: Option<PathBuf>,
    },
    /// Say that you have read one.
    Read {
        /// Which.
        message: MessageId,
    },
}

/// To whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Whom {
    Everyone,
    Group(String),
    Body(String),
    Member(MemberId),
}

fn whom(text: &str) -> Result<Whom, String> {
    if text == "everyone" {
        return Ok(Whom::Everyone);
    }
    match text.split_once(':') {
        Some(("group", name)) => Ok(Whom::Group(name.to_owned())),
        Some(("body", name)) => Ok(Whom::Body(name.to_owned())),
        _ => text
            .parse()
            .map(Whom::Member)
            .map_err(|_| "write everyone, group:NAME, body:NAME or a member's ID".to_owned()),
    }
}
