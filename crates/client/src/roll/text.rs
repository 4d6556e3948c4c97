//! Bytes to text: whatever a spreadsheet of the last thirty years wrote.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The text of a file and the name of its encoding. A byte order mark decides; without one, text
/// that is UTF-8 is UTF-8, text with a zero in every other byte is UTF-16, and the rest is
/// Windows-1252, in which nothing is ever invalid. None for what is no text at all.
pub(crate) fn decode(bytes: &[u8]) -> Option<(String, &'static str)> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => guess(bytes),
    };
    // Takes the mark away, whichever it is.
    let (text, encoding, _) = encoding.decode(bytes);
    let binary = text.contains('\0') || text.starts_with("%PDF") || text.starts_with("PK\u{3}");
    (!binary).then(|| (text.into_owned(), encoding.name()))
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some(wide) = wide(bytes) {
        return wide;
    }
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 }
}

/// UTF-16 without a mark: of Latin text, every second byte is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(512) & !1)?;
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|b| **b == 0).count();
    let most = head.len() * 2 / 5;
    match (zeros(0), zeros(1)) {
        _ if head.is_empty() => None,
        (even, odd) if odd > most && even == 0 => Some(UTF_16LE),
        (even, odd) if even > most && odd == 0 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_a_spreadsheet_is_read() {
        let text = "Nom;Prénom\r\nBaudry;Inès\r\n";
        let utf16 = |big: bool, mark: bool| {
            let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            let bytes = |u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() };
            units.flat_map(bytes).collect::<Vec<u8>>()
        };
        let latin = WINDOWS_1252.encode(text).0.into_owned();
        let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (marked, "UTF-8"),
            (latin, "windows-1252"),
            (utf16(false, true), "UTF-16LE"),
            (utf16(true, true), "UTF-16BE"),
            (utf16(false, false), "UTF-16LE"),
            (utf16(true, false), "UTF-16BE"),
        ] {
            assert_eq!(decode(&bytes), Some((text.to_owned(), name)));
        }
    }

    #[test]
    fn what_is_no_text_is_told() {
        assert_eq!(decode(b"%PDF-1.7"), None);
        assert_eq!(decode(b"PK\x03\x04xl/workbook"), None);
        assert_eq!(decode(b"Nom;Pr\0nom"), None);
    }
}
