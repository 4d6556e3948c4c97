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
        paragraph(out, "  > ", quote);
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
    while let Some(line) = lines.next() {
        // Two blanks break the line.
        let end = if lines.peek().is_some() && !line.trim().is_empty() { "  " } else { "" };
        writeln!(out, "{}{end}", format!("{indent}{}", escaped(line.trim())).trim_end()).ok();
    }
}

/// The text with everything escaped that Markdown would take for its own.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, letter) in text.char_indices() {
        let begins = text.get(..index).is_some_and(|before| before.trim().is_empty());
        let counts = text.get(..index).is_some_and(|before| {
            let digits = before.trim();
            !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
        });
        let taken = match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' => true,
            '-' | '+' | '=' => begins,
            '.' | ')' => counts,
            _ => false,
        };
        if taken {
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
        assert_eq!(escaped("3. Budget"), "3\\. Budget");
        assert_eq!(escaped("- non"), "\\- non");
        assert_eq!(escaped("le 3.4 _et_ * <b>"), "le 3.4 \\_et\\_ \\* \\<b\\>");
        assert_eq!(escaped("L’été, c’est-à-dire « ici »"), "L’été, c’est-à-dire « ici »");
    }
}
