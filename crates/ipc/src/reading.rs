//! A page for who listens to it: its parts in reading order, its links, what others wrote on it.

use ink::Rect;
use serde::{Deserialize, Serialize};

/// What a page says to somebody who does not see it, and where it leads.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PageReading {
    /// Page from 1.
    pub page: u32,
    /// Its parts in reading order.
    pub parts: Vec<ReadingPart>,
    /// Its links.
    pub links: Vec<PageLink>,
    /// What other programs wrote on it, and its form's fields; shown and never changed.
    #[serde(default)]
    pub remarks: Vec<PageRemark>,
}

/// Something that another program wrote on a page, or a field of its form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageRemark {
    /// Where it stands, in user space.
    pub rect: Rect,
    /// What it is.
    pub what: Remark,
    /// What is written.
    pub text: String,
}

/// What a remark is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// A comment, in a window of its own or on marked text.
    Comment {
        /// Who wrote it, as the paper says; may be empty.
        author: String,
    },
    /// A field that is written in.
    Field {
        /// What the form calls it; may be empty.
        name: String,
    },
    /// A box or button that is ticked or not.
    Tick {
        /// What the form calls it; may be empty.
        name: String,
        /// Whether it is.
        on: bool,
    },
}

/// A part of a page in reading order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingPart {
    /// Characters of a line of the page's [`crate::PageText`].
    Text {
        /// Which line, from 0.
        line: u32,
        /// First character, from 0.
        from: u32,
        /// After the last character.
        to: u32,
    },
    /// Parts that belong together.
    Group {
        /// What they are.
        role: ReadingRole,
        /// What is said in their place (a picture's description).
        said: Option<String>,
        /// The parts.
        parts: Vec<ReadingPart>,
    },
}

/// What a part of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingRole {
    /// Nothing but a frame around others.
    Plain,
    /// A paragraph.
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A list.
    List,
    /// One item of a list.
    Item,
    /// A table.
    Table,
    /// A row of a table.
    Row,
    /// A cell that names a column or a row.
    Header,
    /// A cell.
    Cell,
    /// A picture.
    Figure,
    /// A quotation.
    Quote,
    /// A footnote.
    Note,
}

/// A link on a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageLink {
    /// Where it is touched, in user space.
    pub rect: Rect,
    /// Where it leads.
    pub to: LinkTarget,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkTarget {
    /// A page of the same paper.
    Page {
        /// Page from 1.
        page: u32,
        /// Height on that page in its user space, when the link says one.
        top: Option<f32>,
    },
    /// An address outside, shown before it is opened and never opened inside.
    Address(String),
}
