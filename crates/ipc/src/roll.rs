//! Lists of people: what came of importing one, and what can be changed of a person.

use domain::{MemberId, Role, Seat};
use serde::{Deserialize, Serialize};

use crate::reason::Reason;

/// What kind of list a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListForm {
    /// The national register of elected officials (répertoire national des élus).
    Rne,
    /// Any other list with names.
    Plain,
}

/// What came of importing a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Whether the list was taken; false for a preview and when a row is bad.
    pub done: bool,
    /// What kind of list it is.
    pub form: ListForm,
    /// How its letters are encoded, "UTF-8", "windows-1252", "UTF-16LE".
    pub encoding: String,
    /// What parts its columns.
    pub delimiter: char,
    /// Rows with somebody in them.
    pub rows: u32,
    /// Who is new.
    pub added: Vec<MemberId>,
    /// Members of whom something changed.
    pub updated: u32,
    /// Members of whom nothing changed.
    pub known: u32,
    /// Rows that tell another function of somebody told before.
    pub merged: u32,
    /// Columns that are not kept.
    pub ignored: Vec<String>,
    /// What is wrong, line by line; each is a [`Reason::InFile`].
    pub mistakes: Vec<Reason>,
}

/// What changes of a member; what is absent stays. An empty text takes the value away.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberChange {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number for text messages.
    pub phone: Option<String>,
    /// Function in the assembly.
    pub function: Option<String>,
    /// Commune or canton.
    pub constituency: Option<String>,
    /// Names of the political groups, made when they are new.
    pub groups: Option<Vec<String>>,
    /// What the person may do.
    pub role: Option<Role>,
    /// Whether the person sits or only receives copies.
    pub seat: Option<Seat>,
    /// Whether the person has asked in writing for convocations on paper.
    pub on_paper: Option<bool>,
}
