//! What lies on the table: two versions, the note that is looked at, and where it may go. Pure.

use std::rc::Rc;

use ink::{AnnotationId, Point, Rect};
use ipc::{CarriedView, Comparison, MarkView, PageText, Placement, Settled};
use yew::Reducible;

/// Which list lies beside the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tab {
    /// What became of the notes.
    #[default]
    Notes,
    /// What changed in the text.
    Changes,
}

/// What became of a note, in the order in which it asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// A place was found, in doubt.
    Check,
    /// Its passage is gone.
    Lost,
    /// Found again elsewhere, or settled.
    Moved,
    /// Where it was.
    Same,
    /// Its author keeps it in the tray.
    Kept,
}

impl Fate {
    pub(crate) const ALL: [Self; 5] =
        [Self::Check, Self::Lost, Self::Moved, Self::Same, Self::Kept];

    pub(crate) fn of(view: &MarkView) -> Self {
        let settled = view.origin.and_then(|origin| origin.settled);
        match (view.placement, settled) {
            (_, Some(Settled::Kept)) => Self::Kept,
            (Placement::Fuzzy | Placement::Page, _) => Self::Check,
            (Placement::Orphan, _) => Self::Lost,
            (Placement::Moved, _) => Self::Moved,
            (Placement::Exact, _) => Self::Same,
        }
    }

    /// Whether its author is asked.
    pub(crate) const fn is_open(self) -> bool {
        matches!(self, Self::Check | Self::Lost)
    }
}

/// A word that the keyboard points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cursor {
    pub(crate) line: usize,
    pub(crate) word: usize,
}

/// The table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub(crate) seen: Rc<Comparison>,
    pub(crate) tab: Tab,
    pub(crate) note: Option<AnnotationId>,
    pub(crate) change: Option<usize>,
    pub(crate) old_page: u32,
    pub(crate) new_page: u32,
    /// The chosen note waits for its new place.
    pub(crate) moving: bool,
    pub(crate) cursor: Cursor,
    /// Choices made here that can be taken back.
    pub(crate) choices: u32,
}

/// What happens to it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Act {
    /// The comparison came anew.
    Fresh(Rc<Comparison>),
    Tab(Tab),
    Note(AnnotationId),
    Change(usize),
    /// The old version is turned to a page; the new one follows.
    Old(u32),
    New(u32),
    Moving(bool),
    Cursor(Cursor),
    /// A note was settled.
    Settled(Box<MarkView>),
    /// The last choice was taken back: the notes as they stand now.
    Undone(Vec<MarkView>),
}

impl Table {
    pub(crate) fn new(seen: Rc<Comparison>) -> Self {
        let mut table = Self {
            seen,
            tab: Tab::Notes,
            note: None,
            change: None,
            old_page: 1,
            new_page: 1,
            moving: false,
            cursor: Cursor::default(),
            choices: 0,
        };
        match table.next_open(None) {
            Some(id) => table.look_at(id),
            None if table.seen.notes.is_empty() && !table.seen.changes.is_empty() => {
                table.tab = Tab::Changes;
                table.show_change(0);
            }
            None => {}
        }
        table
    }

    /// Notes with this fate, in the order of the old version.
    pub(crate) fn with(&self, fate: Fate) -> Vec<&CarriedView> {
        self.seen.notes.iter().filter(|note| Fate::of(&note.after) == fate).collect()
    }

    /// The next note that asks for its author, after this one and round.
    fn next_open(&self, after: Option<AnnotationId>) -> Option<AnnotationId> {
        let notes = &self.seen.notes;
        let start = after
            .and_then(|id| notes.iter().position(|note| note.before.id == id))
            .map_or(0, |at| at + 1);
        let round = notes.iter().skip(start).chain(notes.iter().take(start));
        let mut open = round.filter(|note| Fate::of(&note.after).is_open());
        open.next().map(|note| note.before.id)
    }

    fn look_at(&mut self, id: AnnotationId) {
        let Some(note) = self.seen.notes.iter().find(|note| note.before.id == id) else { return };
        (self.old_page, self.new_page) = (note.before.page, note.after.mark.page);
        self.note = Some(id);
        self.change = None;
        self.moving = false;
        self.cursor = Cursor::default();
    }

    fn show_change(&mut self, index: usize) {
        let Some(change) = self.seen.changes.get(index) else { return };
        let page = |passage: &Option<ipc::Passage>| {
            passage.as_ref().and_then(|p| p.places.first()).map(|(page, _)| *page)
        };
        let (old, new) = (page(&change.old), page(&change.new));
        if let Some(new) = new {
            self.new_page = new;
        }
        match old {
            Some(old) => self.old_page = old,
            None => self.old_page = self.old_of(self.new_page).unwrap_or(self.old_page),
        }
        if let (Some(old), None) = (old, new) {
            self.new_page = self.new_of(old).unwrap_or(self.new_page);
        }
        self.change = Some(index);
        self.note = None;
        self.moving = false;
    }

    /// The page of the present version that takes an old one's place.
    fn new_of(&self, old: u32) -> Option<u32> {
        let index = usize::try_from(old.checked_sub(1)?).ok()?;
        self.seen.pages.get(index).copied().flatten()
    }

    fn old_of(&self, new: u32) -> Option<u32> {
        let at = self.seen.pages.iter().position(|page| *page == Some(new))?;
        u32::try_from(at + 1).ok()
    }
}

impl Reducible for Table {
    type Action = Act;

    fn reduce(self: Rc<Self>, act: Act) -> Rc<Self> {
        let mut table = Rc::unwrap_or_clone(self);
        match act {
            Act::Fresh(seen) => table.seen = seen,
            Act::Tab(tab) => {
                table.tab = tab;
                table.moving = false;
            }
            Act::Note(id) => table.look_at(id),
            Act::Change(index) => table.show_change(index),
            Act::Old(page) => {
                table.old_page = page.clamp(1, table.seen.old.pages.max(1));
                // A note on its way keeps the page it is brought to.
                if !table.moving
                    && let Some(new) = table.new_of(table.old_page)
                {
                    table.new_page = new;
                }
            }
            Act::New(page) => {
                table.new_page = page.clamp(1, table.seen.new.pages.max(1));
                table.cursor = Cursor::default();
                if !table.moving
                    && let Some(old) = table.old_of(table.new_page)
                {
                    table.old_page = old;
                }
            }
            Act::Moving(moving) => table.moving = moving && table.note.is_some(),
            Act::Cursor(cursor) => table.cursor = cursor,
            Act::Settled(view) => {
                let id = view.mark.id;
                table.choices += 1;
                let seen = Rc::make_mut(&mut table.seen);
                if let Some(note) = seen.notes.iter_mut().find(|note| note.before.id == id) {
                    note.after = *view;
                }
                match table.next_open(Some(id)) {
                    Some(next) => table.look_at(next),
                    None => table.look_at(id),
                }
            }
            Act::Undone(views) => {
                table.choices = table.choices.saturating_sub(1);
                let seen = Rc::make_mut(&mut table.seen);
                let mut turned = None;
                for view in views {
                    let id = view.mark.id;
                    let note = seen.notes.iter_mut().find(|note| note.before.id == id);
                    if let Some(note) = note.filter(|note| note.after != view) {
                        // That something can be undone is said of all, and is no change of theirs.
                        let settled = |view: &MarkView| view.origin.and_then(|o| o.settled);
                        if settled(&note.after) != settled(&view) || note.after.mark != view.mark {
                            turned = Some(id);
                        }
                        note.after = view;
                    }
                }
                if let Some(id) = turned {
                    table.look_at(id);
                }
            }
        }
        Rc::new(table)
    }
}

/// The words of a line with their boxes.
fn words(text: &PageText, line: usize) -> Vec<Rect> {
    let Some(line) = text.lines.get(line) else { return Vec::new() };
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    let ends = std::iter::once(' ');
    for (index, shown) in line.text.chars().chain(ends).enumerate() {
        match (start, shown.is_whitespace()) {
            (None, false) => start = Some(index),
            (Some(from), true) => {
                if let (Some(a), Some(b)) = (line.edges.get(from), line.edges.get(index)) {
                    let Rect { x0, y0, x1, y1 } = line.rect;
                    let along = if line.vertical { [x0, *a, x1, *b] } else { [*a, y0, *b, y1] };
                    found.push(along.into());
                }
                start = None;
            }
            (Some(_), false) | (None, true) => {}
        }
    }
    found
}

/// The box of the word that the keyboard points at.
pub(crate) fn word_at(text: &PageText, cursor: Cursor) -> Option<Rect> {
    let words = words(text, cursor.line);
    words.get(cursor.word.min(words.len().checked_sub(1)?)).copied()
}

/// The cursor one key further; none when the key is another.
pub(crate) fn moved(text: &PageText, cursor: Cursor, key: &str) -> Option<Cursor> {
    let Cursor { line, word } = cursor;
    let last = |line: usize| words(text, line).len().saturating_sub(1);
    let word = word.min(last(line));
    Some(match key {
        "ArrowDown" if line + 1 < text.lines.len() => Cursor { line: line + 1, word },
        "ArrowUp" if line > 0 => Cursor { line: line - 1, word },
        "ArrowRight" if word < last(line) => Cursor { line, word: word + 1 },
        "ArrowRight" if line + 1 < text.lines.len() => Cursor { line: line + 1, word: 0 },
        "ArrowLeft" if word > 0 => Cursor { line, word: word - 1 },
        "ArrowLeft" if line > 0 => Cursor { line: line - 1, word: last(line - 1) },
        "ArrowDown" | "ArrowUp" | "ArrowRight" | "ArrowLeft" => cursor,
        "Home" => Cursor { line, word: 0 },
        "End" => Cursor { line, word: last(line) },
        _ => return None,
    })
}

/// Where a note goes when it is put on a word: just inside it, so that the word is the first.
pub(crate) fn onto(word: Rect) -> Point {
    Point { x: word.x0 + word.width().min(4.0) / 2.0, y: word.middle().y }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{DocumentId, SittingId, Timestamp};
    use ink::{Colour, Mark, MarkKind};
    use ipc::{Audience, LocalTime, Origin, TextLine, VersionView};

    fn version(number: u32, pages: u32) -> VersionView {
        let published = LocalTime {
            at: Timestamp::UNIX_EPOCH,
            year: 2026,
            month: 12,
            day: 9,
            weekday: 3,
            hour: 9,
            minute: 0,
        };
        let current = number == 2;
        VersionView { number, published, note: None, pages, here: true, current, sizes: Vec::new() }
    }

    fn note(n: u8, page: u32, placement: Placement) -> CarriedView {
        let before = Mark {
            id: AnnotationId::from_bytes([n; 16]),
            page,
            kind: MarkKind::Note { at: Point { x: 10.0, y: 700.0 } },
            colour: Colour::Yellow,
            text: String::new(),
            created_ms: 0,
            modified_ms: 0,
            in_reply_to: None,
        };
        let origin = Origin { version: 1, page, placed: true, settled: None, waiting: false };
        let after = MarkView {
            mark: Mark { page: page + 1, ..before.clone() },
            audience: Audience::Private,
            author: String::new(),
            author_id: domain::MemberId::from_bytes([1; 16]),
            mine: true,
            fresh: false,
            not_shared: None,
            placement,
            can_undo: false,
            origin: Some(origin),
        };
        CarriedView { before, after }
    }

    fn table() -> Rc<Table> {
        let notes = vec![
            note(1, 1, Placement::Moved),
            note(2, 1, Placement::Fuzzy),
            note(3, 2, Placement::Orphan),
        ];
        Rc::new(Table::new(Rc::new(Comparison {
            document: DocumentId::from_bytes([1; 16]),
            sitting: SittingId::from_bytes([2; 16]),
            title: String::new(),
            versions: vec![version(1, 3), version(2, 4)],
            old: version(1, 3),
            new: version(2, 4),
            pages: vec![Some(2), Some(3), None],
            changes: Vec::new(),
            notes,
        })))
    }

    #[test]
    fn the_first_note_in_doubt_lies_on_the_table_with_both_its_pages() {
        let table = table();
        assert_eq!(table.note, Some(AnnotationId::from_bytes([2; 16])));
        assert_eq!((table.old_page, table.new_page), (1, 2));
    }

    #[test]
    fn settling_one_brings_the_next_and_the_last_one_stays() {
        let table = table();
        let mut settled = table.seen.notes[1].after.clone();
        settled.placement = Placement::Moved;
        let table = table.reduce(Act::Settled(Box::new(settled)));
        assert_eq!(table.note, Some(AnnotationId::from_bytes([3; 16])));
        let mut kept = table.seen.notes[2].after.clone();
        kept.origin = kept.origin.map(|o| Origin { settled: Some(Settled::Kept), ..o });
        let table = table.reduce(Act::Settled(Box::new(kept)));
        assert_eq!(table.note, Some(AnnotationId::from_bytes([3; 16])));
        let open = Fate::ALL.iter().filter(|fate| fate.is_open());
        assert_eq!(open.map(|fate| table.with(*fate).len()).sum::<usize>(), 0);
        assert_eq!(table.with(Fate::Kept).len(), 1);
    }

    #[test]
    fn a_choice_that_is_taken_back_brings_its_note_back_on_the_table() {
        let table = table();
        let before = table.seen.notes[1].after.clone();
        let origin = before.origin.map(|o| Origin { settled: Some(Settled::Accepted), ..o });
        let settled = MarkView { placement: Placement::Moved, origin, ..before.clone() };
        let table = table.reduce(Act::Settled(Box::new(settled)));
        assert_eq!((table.choices, table.note), (1, Some(AnnotationId::from_bytes([3; 16]))));
        let other = table.seen.notes[0].after.clone();
        let views = vec![MarkView { can_undo: true, ..other }, before];
        let table = table.reduce(Act::Undone(views));
        assert_eq!((table.choices, table.note), (0, Some(AnnotationId::from_bytes([2; 16]))));
        assert_eq!(table.with(Fate::Check).len(), 1);
    }

    #[test]
    fn the_pages_turn_together_but_not_while_a_note_is_on_its_way() {
        let table = table().reduce(Act::Old(2));
        assert_eq!((table.old_page, table.new_page), (2, 3));
        let table = table.reduce(Act::Old(3));
        assert_eq!((table.old_page, table.new_page), (3, 3), "that page is gone");
        let table = table.reduce(Act::Moving(true)).reduce(Act::New(9));
        assert_eq!((table.old_page, table.new_page), (3, 4));
    }

    #[test]
    fn the_keyboard_walks_over_the_words() {
        let line = |text: &str| TextLine {
            start: 0,
            text: text.to_owned(),
            rect: Rect { x0: 0.0, y0: 0.0, x1: 60.0, y1: 10.0 },
            edges: (0..=text.len()).map(|i| i as f32 * 5.0).collect(),
            vertical: false,
        };
        let text = PageText { page: 1, lines: vec![line("un deux"), line("trois")] };
        let mut cursor = Cursor::default();
        for key in ["ArrowRight", "ArrowRight", "ArrowRight"] {
            cursor = moved(&text, cursor, key).unwrap();
        }
        assert_eq!(cursor, Cursor { line: 1, word: 0 });
        let word = word_at(&text, moved(&text, cursor, "ArrowLeft").unwrap()).unwrap();
        assert_eq!((word.x0, word.x1), (15.0, 35.0));
        assert_eq!(moved(&text, cursor, "q"), None);
    }
}
