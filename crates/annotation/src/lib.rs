//! An official's notes on one PDF, as an Automerge document.
//!
//! One [`NoteDoc`] holds the notes of one scope (owner and audience) on one exact PDF. Only the
//! owner's devices write to it, as an actor of their own in each life of the app; what they did offline
//! merges without loss.
//! This is the only crate that knows Automerge. An edit takes effect in memory and gives the bytes
//! of one change: store them, and they are durable; send them, and the owner's other devices have
//! them.
//!
//! # What stands in the document
//! Flat root keys, because two devices that each made a nested map offline would hide one of them:
//!
//! | key | value |
//! | --- | --- |
//! | `v` | version of this layout, 1; readers keep and ignore what they do not know |
//! | `a:` and the UUID of a note | a map of scalars, see below |
//! | `c:` and the UUID of a note made on an earlier version | where it stands on this one: [`ink::Carried`] as JSON |
//! | `h:` and that UUID | the same, as its author settled it: goes before `c:` |
//!
//! A carried note is one scalar, and what was settled stands under a key of its own: two tablets of
//! one owner that carry offline write the same value twice, and neither hides what the other's hand
//! decided. Text, colour and strokes stay in the document of the version the note was made on.
//!
//! | key | of | value |
//! | --- | --- | --- |
//! | `k` | all | kind: `markup`, `ink`, `shape`, `stamp`, `note`, `text`; others are ignored and kept |
//! | `p` | all | page from 1 |
//! | `c` | all | colour |
//! | `t` | all | text, absent when empty |
//! | `m`, `n` | all | when it was made and last changed, Unix milliseconds |
//! | `x` | all | whether it is erased |
//! | `re` | replies | the sixteen bytes of the note it answers, of whatever document |
//! | `d` | all | how far it has been moved since it was made ([`ink::codec::encode_points`]), absent when not; the rest says where it was made |
//! | `s` | markup | `highlight`, `underline`, `strikeout` |
//! | `s` | shape | `line`, `arrow`, `rectangle`, `ellipse` |
//! | `s`, `y` | stamp | `question`, `agree`, `disagree`, `raise`; its word |
//! | `r` | markup, text, note, stamp | rectangles ([`ink::codec::encode_rects`]); a note's is its corner |
//! | `q`, `qb`, `qa`, `qs` | markup | quote, what stands before and after it, where it starts |
//! | `i`, `w` | ink | strokes ([`ink::codec::encode_strokes`]: rounded to 1/50 point), width |
//! | `h` | ink | true when the highlighter drew it, absent for the pen |
//! | `g`, `w` | shape | where it begins and ends ([`ink::codec::encode_points`]), width of its line |
//!
//! # Foreign bytes
//! Automerge 0.12 can panic, hang, or accept what it cannot load again, when well-formed bytes lie.
//! So bytes that were not made by this very call ([`NoteDoc::load`], [`NoteDoc::apply`]) are framed
//! and inflated here under limits ([`limits`]), then applied to a copy on a thread of its own that
//! catches panics and is given up after a deadline, then saved and loaded again; only if that gives
//! the same notes does the copy take the document's place. What fails is named [`Unreadable`] and
//! changes nothing; its raw bytes stay with whoever stores them.
//!
//! The thread and its deadline are the one exception to this crate being pure: code that may hang
//! can only be watched from another thread. The deadline is an argument.

mod chunk;
mod doc;
mod error;
mod guard;
pub mod limits;
mod names;
mod schema;

pub use doc::{Applied, NoteDoc};
pub use error::{NoteError, Piece, Reason, SnapshotError, Unreadable};
