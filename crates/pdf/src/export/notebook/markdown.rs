//! The notebook as Markdown (CommonMark).

use std::fmt::Write;

use client::ports::{Notebook, NotebookBlock, NotebookNote};

use super::{is_drawn, quoted};

pub(super) fn write(book: &Notebook) -> String {
    let mut out = format!("# {}\n", escaped(&book.title));
    for block in &book.blocks {
        // A String takes everything.
        match block {
            NotebookBlock::Sitting(title) => write!(out, "\n## {}\n", escaped(title)).ok(),
            NotebookBlock::Item(title) => write!(out, "\n### {}\n", escaped(title)).ok(),
            NotebookBlock::Note(note) => {
                self::note(&mut out, note);
                None
            }
        };
    }
    out
}

fn note(out: &mut String, note: &NotebookNote) {
    write!(out, "\n- **{}** ({})\n", escaped(&note.place), escaped(&note.who)).ok();
    if let Some(quote) = quoted(&note.mark.kind) {
        paragraph(out, "  > ", &quote);
    }
    if is_drawn(&note.mark.kind) {
        write!(out, "\n  *{}*\n", escaped(&note.drawn)).ok();
    }
    paragraph(out, "  ", &note.mark.text);
    for (who, text) in &note.answers {
        write!(out, "\n  - **{}**\n", escaped(who)).ok();
        paragraph(out, "    ", text);
    }
}

/// The lines of a text, each a line in the file too.
fn paragraph(out: &mut String, indent: &str, text: &str) {
    let mut lines = text.trim().lines().peekable();
    if lines.peek().is_some() {
        out.push('\n');
    }
    while let Some(text) = lines.next() {
        // Two blanks break the line.
        let end = if lines.peek().is_some() && !text.trim().is_empty() { "  " } else { "" };
        writeln!(out, "{}{end}", format!("{indent}{}", self::line(text.trim())).trim_end()).ok();
    }
}

/// A line of a paragraph: what would make a list or a heading of it is escaped too.
fn line(text: &str) -> String {
    let text = escaped(text);
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    match text.chars().nth(digits) {
        Some('-' | '+' | '=') if digits == 0 => format!("\\{text}"),
        Some('.' | ')') if digits > 0 => {
            let (number, rest) = text.split_at(digits);
            format!("{number}\\{rest}")
        }
        Some(_) | None => text,
    }
}

/// The text with everything escaped that Markdown would take for its own within a line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&')
        {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_stays_what_it_was() {
        assert_eq!(
            (line("3. Budget"), escaped("3. Budget")),
            ("3\\. Budget".into(), "3. Budget".into())
        );
        assert_eq!((line("- non"), line("1986 fut")), ("\\- non".into(), "1986 fut".into()));
        assert_eq!(escaped("le 3.4 _et_ * <b>"), "le 3.4 \\_et\\_ \\* \\<b\\>");
        assert_eq!(escaped("L’été, c’est-à-dire « ici »"), "L’été, c’est-à-dire « ici »");
    }
}
