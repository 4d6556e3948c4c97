//! The notebook as a PDF.

use std::io;

use client::ports::{Notebook, NotebookBlock};

use crate::sheets::{Sheets, Words};

pub(super) fn write(book: &Notebook) -> io::Result<Vec<u8>> {
    let mut sheets = Sheets::default();
    sheets.words(&book.title, Words { bold: true, size: 18.0, indent: 0.0 });
    for block in &book.blocks {
        match block {
            NotebookBlock::Sitting(title) => {
                sheets.gap(18.0);
                sheets.words(title, Words { bold: true, size: 14.0, indent: 0.0 });
            }
            NotebookBlock::Item(title) => {
                sheets.gap(12.0);
                sheets.words(title, Words { bold: true, size: 12.0, indent: 0.0 });
            }
            NotebookBlock::Note(note) => {
                sheets.gap(8.0);
                let head = format!("{} · {}", note.place, note.who);
                sheets.words(&head, Words { bold: false, size: 8.5, indent: 0.0 });
                sheets.content(&note.mark);
                for (who, text) in &note.answers {
                    sheets.gap(3.0);
                    sheets.words(who, Words { bold: false, size: 8.5, indent: 24.0 });
                    sheets.words(text, Words { bold: false, size: 10.5, indent: 24.0 });
                }
            }
        }
    }
    sheets.finish(&book.title)
}
