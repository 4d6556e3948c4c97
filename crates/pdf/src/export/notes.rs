//! The notes alone: a list by page, as a PDF of its own.

use std::collections::BTreeMap;
use std::io;

use ink::{Mark, MarkKind};
use jiff::Timestamp;

use crate::sheets::{MARGIN, SHEET, Sheets, WIDTH, Words};
use crate::worker::{drawn, line, polygon};

/// Highest drawing, in points; a larger one is made smaller.
const DRAWING: f32 = 160.0;

/// The file's bytes.
pub(super) fn notes(title: &str, marks: &[(Mark, String)]) -> io::Result<Vec<u8>> {
    let mut by_page: BTreeMap<u32, Vec<&(Mark, String)>> = BTreeMap::new();
    for mark in marks {
        by_page.entry(mark.0.page).or_default().push(mark);
    }
    let mut sheets = Sheets::default();
    sheets.words(title, Words { bold: true, size: 16.0, indent: 0.0 });
    sheets.gap(6.0);
    for (page, mut marks) in by_page {
        // From the top of the page down.
        marks.sort_by(|(a, _), (b, _)| b.bounds().y1.total_cmp(&a.bounds().y1));
        sheets.gap(10.0);
        sheets.words(&format!("Page {page}"), Words { bold: true, size: 12.0, indent: 0.0 });
        for (mark, author) in marks {
            sheets.note(mark, author);
        }
    }
    sheets.finish(title)
}

impl Sheets {
    fn note(&mut self, mark: &Mark, author: &str) {
        self.gap(6.0);
        let head = match date(mark.modified_ms) {
            Some(date) => format!("{author} · {date}"),
            None => author.to_owned(),
        };
        self.words(&head, Words { bold: false, size: 8.5, indent: 0.0 });
        self.content(mark);
    }

    /// What the mark says and shows.
    pub(super) fn content(&mut self, mark: &Mark) {
        let body = Words { bold: false, size: 10.5, indent: 12.0 };
        match &mark.kind {
            MarkKind::Markup(markup) if !markup.quote.exact.is_empty() => {
                self.words(&format!("« {} »", mark.kind.words()), body);
            }
            MarkKind::Ink { .. } | MarkKind::Shape(_) => self.drawing(mark),
            MarkKind::Stamp(stamp) => self.words(&stamp.word, Words { bold: true, ..body }),
            MarkKind::Markup(_) | MarkKind::Note { .. } | MarkKind::Text { .. } => {}
        }
        if !mark.text.is_empty() {
            self.words(&mark.text, body);
        }
    }

    fn drawing(&mut self, mark: &Mark) {
        let bounds = mark.bounds();
        let scale = (DRAWING / bounds.height()).min(WIDTH / bounds.width()).min(1.0);
        if !(scale.is_finite() && scale > 0.0) {
            return;
        }
        self.room(bounds.height() * scale);
        self.used += bounds.height() * scale;
        let x = MARGIN + 12.0 - bounds.x0 * scale;
        let y = SHEET.1 - MARGIN - self.used - bounds.y0 * scale;
        line(&mut self.open, format_args!("q {scale:.4} 0 0 {scale:.4} {x:.2} {y:.2} cm"));
        match &mark.kind {
            MarkKind::Ink { strokes, width, .. } => {
                for stroke in strokes {
                    polygon(&mut self.open, &ink::outline(stroke, *width));
                }
            }
            MarkKind::Shape(shape) => drawn(&mut self.open, &shape.path(), shape.width),
            MarkKind::Markup(_)
            | MarkKind::Stamp(_)
            | MarkKind::Note { .. }
            | MarkKind::Text { .. } => {}
        }
        line(&mut self.open, format_args!("Q"));
    }
}

/// The day and minute, in universal time: the tablet's zone is not known here.
fn date(ms: i64) -> Option<String> {
    let when = Timestamp::from_millisecond(ms).ok()?;
    Some(when.strftime("%Y-%m-%d %H:%M UTC").to_string())
}
