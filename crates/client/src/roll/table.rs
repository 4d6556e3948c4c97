//! Text to a table: rows with the line each begins on.

use ipc::Reason;

/// What may part columns, likeliest first.
const DELIMITERS: [char; 4] = [';', ',', '\t', '|'];

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Line from 1.
    pub(crate) line: u64,
    pub(crate) fields: Vec<String>,
}

/// The rows of a file; rows without a letter are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) delimiter: char,
    pub(crate) rows: Vec<Row>,
    /// A quotation mark that is never closed, by the line it stands on.
    pub(crate) open: Option<(u64, Reason)>,
}

/// Reads rows; quotes as in RFC 4180.
pub(crate) fn read(text: &str) -> Table {
    // Spreadsheets write "sep=;" before everything else.
    let named = text.strip_prefix("sep=").and_then(|rest| rest.chars().next());
    let skipped = u64::from(named.is_some());
    let text = match named {
        Some(_) => text.split_once('\n').map_or("", |(_, rest)| rest),
        None => text,
    };
    let delimiter = named.unwrap_or_else(|| delimiter(text));
    let quoted = text.matches('"').count() % 2 == 0;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter).unwrap_or(b';'))
        .has_headers(false)
        .flexible(true)
        // With an odd number of marks one of them is a letter: each line stands for itself.
        .quoting(quoted)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut open = None;
    let mut record = csv::StringRecord::new();
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    // The text is UTF-8 and rows may have any length: nothing is left to fail.
    while reader.read_record(&mut record).unwrap_or(false) {
        let line = lines.of(record.position().map_or(0, csv::Position::byte)) + skipped;
        let fields: Vec<String> =
            record.iter().map(|field| field.trim_matches(blank).to_owned()).collect();
        if !quoted && open.is_none() && fields.iter().any(|f| f.matches('"').count() % 2 == 1) {
            open = Some((line, Reason::QuoteOpen));
        }
        if fields.iter().any(|field| !field.is_empty()) {
            rows.push(Row { line, fields });
        }
    }
    Table { delimiter, rows, open }
}

/// Counts lines: the reader's own count takes a row after an empty line, or after the two letters of
/// a Windows line's end, for the line before.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first letter at or after a place; places come in order.
    fn of(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(letter) = self.text.get(self.at) {
            if self.at >= byte && !matches!(letter, b'\r' | b'\n') {
                break;
            }
            let alone = self.text.get(self.at + 1) != Some(&b'\n');
            self.line += u64::from(*letter == b'\n' || (*letter == b'\r' && alone));
            self.at += 1;
        }
        self.line
    }
}

fn blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}')
}

/// What the first lines have most of, outside quotes.
fn delimiter(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [0_usize; DELIMITERS.len()];
    for letter in text.lines().take(5).flat_map(str::chars) {
        quoted ^= letter == '"';
        for (count, delimiter) in counts.iter_mut().zip(DELIMITERS) {
            *count += usize::from(!quoted && letter == delimiter);
        }
    }
    let best = counts.iter().zip(DELIMITERS).rev().max_by_key(|(count, _)| **count);
    best.map_or(';', |(_, delimiter)| delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<(u64, Vec<String>)> {
        read(text).rows.into_iter().map(|row| (row.line, row.fields)).collect()
    }

    #[test]
    fn columns_are_parted_by_what_the_file_has_most_of() {
        for (text, delimiter) in [
            ("a;b,c;d\n", ';'),
            ("a,b\n", ','),
            ("a\tb;c\td\n", '\t'),
            ("\"x;y\",b\n\"z;t\",c\n", ','),
            ("a|b\n", '|'),
            ("sep=,\na,b;c;d\n", ','),
            ("a\n", ';'),
        ] {
            assert_eq!(read(text).delimiter, delimiter, "{text:?}");
        }
    }

    #[test]
    fn rows_keep_the_line_they_begin_on() {
        let text = "sep=;\r\nNom;Note\r\n\r\nBaudry;\"deux\r\nlignes\"\r\n;\r\n Ozenne\u{a0};\u{feff}x\r\n";
        let rows = fields(text);
        let lines: Vec<u64> = rows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 4, 7]);
        assert_eq!(rows[2].1, ["Ozenne", "x"]);
        let old_mac = fields("Nom;Note\rBaudry;x\r");
        assert_eq!(old_mac[1], (2, vec!["Baudry".to_owned(), "x".to_owned()]));
    }

    #[test]
    fn a_quotation_mark_left_open_swallows_nothing() {
        let table = read("Nom;Prénom\nBaudry;\"Inès\nOzenne;Karim\n");
        assert_eq!(table.rows.len(), 3);
        assert_eq!(table.open, Some((2, Reason::QuoteOpen)));
    }
}
