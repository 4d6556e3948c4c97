//! Setting short text in the fonts that every reader has: Helvetica, in the encoding of Western
//! European languages.

use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;

/// A line's height over its letters' size.
pub(crate) const LEADING: f32 = 1.25;

/// Text in the encoding `WinAnsiEncoding`; what it lacks loses its accents, then becomes `?`.
pub(crate) fn win_ansi(text: &str) -> Vec<u8> {
    text.chars().map(code).collect()
}

/// The text as a PDF string of content: parentheses and backslashes escaped.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::from("<");
    for byte in win_ansi(text) {
        // Writing to a string cannot fail.
        write!(out, "{byte:02X}").unwrap_or_default();
    }
    out.push('>');
    out
}

/// Width of the text in Helvetica at a size, in points.
pub(crate) fn width(text: &str, size: f32) -> f32 {
    text.chars().map(|c| advance(code(c))).sum::<f32>() * size / 1000.0
}

/// Breaks text into lines no wider than `most` points; words too long are cut.
pub(crate) fn wrap(text: &str, size: f32, most: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let gap = if line.is_empty() { "" } else { " " };
            if width(&line, size) + width(gap, size) + width(word, size) <= most {
                line.push_str(gap);
                line.push_str(word);
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                let mut buffer = [0; 4];
                let letter = letter.encode_utf8(&mut buffer);
                if !line.is_empty() && width(&line, size) + width(letter, size) > most {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(letter);
            }
        }
        lines.push(line);
    }
    lines
}

fn code(shown: char) -> u8 {
    if let Ok(code @ (0x20..=0x7E | 0xA0..=0xFF)) = u8::try_from(shown) {
        return code;
    }
    match shown {
        '€' => 0x80,
        '‚' => 0x82,
        'ƒ' => 0x83,
        '„' => 0x84,
        '…' => 0x85,
        '†' => 0x86,
        '‡' => 0x87,
        'Š' => 0x8A,
        '‹' => 0x8B,
        'Œ' => 0x8C,
        'Ž' => 0x8E,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' | '\u{2011}' | '\u{2212}' => 0x96,
        '—' => 0x97,
        '™' => 0x99,
        'š' => 0x9A,
        '›' => 0x9B,
        'œ' => 0x9C,
        'ž' => 0x9E,
        'Ÿ' => 0x9F,
        shown if shown.is_whitespace() => b' ',
        'ł' => b'l',
        'Ł' => b'L',
        'đ' => b'd',
        'ı' => b'i',
        // The letter without its accent.
        shown => shown.nfd().next().filter(char::is_ascii_graphic).map_or(b'?', |c| c as u8),
    }
}

/// Advance of a code in thousandths of the size.
fn advance(code: u8) -> f32 {
    let units = match code {
        b'i' | b'j' | b'l' | 0xEC..=0xEF | 0x91 | 0x92 | 0x82 => 222,
        b'\'' => 191,
        b'|' | 0xA6 => 260,
        b' '
        | b'!'
        | b','
        | b'.'
        | b'/'
        | b':'
        | b';'
        | b'I'
        | b'['
        | b'\\'
        | b']'
        | b'f'
        | b't'
        | 0xA0
        | 0xB7
        | 0xCC..=0xCF => 278,
        b'(' | b')' | b'-' | b'`' | b'r' | 0x84 | 0x8B | 0x93 | 0x94 | 0x9B | 0xAD | 0xA8
        | 0xAF | 0xB4 | 0xB8 | 0xB2 | 0xB3 | 0xB9 => 333,
        b'{' | b'}' => 334,
        0x95 => 350,
        b'"' => 355,
        0xAA => 370,
        0xBA => 365,
        b'*' => 389,
        0xB0 => 400,
        b'^' => 469,
        b'c' | b'k' | b's' | b'v' | b'x' | b'y' | b'z' | b'J' | 0x9A | 0x9E | 0xE7 | 0xFD
        | 0xFF => 500,
        b'+' | b'<' | b'=' | b'>' | b'~' | 0xAC | 0xB1 | 0xD7 | 0xF7 => 584,
        b'F' | b'T' | b'Z' | 0x8E | 0xD8 | 0xF8 => 611,
        b'&'
        | b'A'
        | b'B'
        | b'E'
        | b'K'
        | b'P'
        | b'S'
        | b'V'
        | b'X'
        | b'Y'
        | 0x8A
        | 0x9F
        | 0xC0..=0xC5
        | 0xC8..=0xCB
        | 0xDD
        | 0xDE => 667,
        b'C' | b'D' | b'H' | b'N' | b'R' | b'U' | b'w' | 0xC7 | 0xD0 | 0xD1 | 0xD9..=0xDC => 722,
        b'G' | b'O' | b'Q' | 0xD2..=0xD6 => 778,
        b'M' | b'm' => 833,
        0xBC..=0xBE => 834,
        b'%' | 0xE6 => 889,
        b'W' | 0x9C => 944,
        0x85 | 0x8C | 0x97 | 0x99 | 0xC6 => 1000,
        b'@' => 1015,
        _ => 556,
    };
    // Small whole numbers are exact.
    units as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_keeps_its_letters() {
        assert_eq!(win_ansi("Où ça ? L’été, cœur « 5 € »…"), {
            let mut wanted = b"O\xF9 \xE7a ? L\x92\xE9t\xE9, c\x9Cur \xAB 5 \x80 \xBB\x85".to_vec();
            assert_eq!(wanted.len(), 28);
            wanted.shrink_to_fit();
            wanted
        });
        assert_eq!(win_ansi("\u{202F}Łódź 好"), b" L\xF3dz ?");
    }

    #[test]
    fn lines_stay_within_their_width_and_lose_no_word() {
        let text = "Le conseil municipal, après en avoir délibéré, approuve à l’unanimité\nla \
                    convention anticonstitutionnellementanticonstitutionnellement.";
        let lines = wrap(text, 10.0, 120.0);
        assert!(lines.iter().all(|line| width(line, 10.0) <= 120.0), "{lines:?}");
        let words: String = text.split_whitespace().collect();
        assert_eq!(lines.concat().replace(' ', ""), words);
    }
}
