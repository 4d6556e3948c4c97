//! Text as the search index sees it: ligatures apart, words that a line's end cut in two whole.

use std::iter::Peekable;

use unicode_normalization::UnicodeNormalization;

/// Folds text for the index and for queries: typographic ligatures and `œ`, `æ` become their
/// letters, soft hyphens vanish, a hyphen at a line's end joins what it cut, other line ends become
/// spaces, a letter and its accent become one. Accents and case are the tokenizer's work (`unicode61
/// remove_diacritics 2`).
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut letters = text.nfc().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            'ﬀ' => folded.push_str("ff"),
            'ﬁ' => folded.push_str("fi"),
            'ﬂ' => folded.push_str("fl"),
            'ﬃ' => folded.push_str("ffi"),
            'ﬄ' => folded.push_str("ffl"),
            'ﬅ' | 'ﬆ' => folded.push_str("st"),
            'œ' => folded.push_str("oe"),
            'Œ' => folded.push_str("Oe"),
            'æ' => folded.push_str("ae"),
            'Æ' => folded.push_str("Ae"),
            '\u{ad}' => while letters.next_if(|c| *c == '\n' || *c == '\r').is_some() {},
            '-' | '\u{2010}' | '\u{2}' if cuts_a_word(&folded, &mut letters) => {}
            '\n' | '\r' | '\u{a0}' | '\u{202f}' => folded.push(' '),
            other => folded.push(other),
        }
    }
    folded
}

/// The parts of the words that a hyphen cuts at a line's end, folded: "rendez" and "vous" of
/// "rendez-" and "vous", which [`fold`] makes one word.
pub(crate) fn cut_words(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let lines: Vec<&str> = text.split(['\n', '\r']).filter(|line| !line.is_empty()).collect();
    for pair in lines.windows(2) {
        let &[above, below] = pair else { continue };
        let Some(above) = above.trim_end().strip_suffix(['-', '\u{2010}', '\u{2}']) else {
            continue;
        };
        let apart = |letter: char| !letter.is_alphanumeric();
        let first = above.rsplit(apart).next().unwrap_or_default();
        let second = below.split(apart).next().unwrap_or_default();
        let cut = first.ends_with(char::is_alphabetic) && second.starts_with(char::is_lowercase);
        if cut {
            parts.extend([fold(first), fold(second)]);
        }
    }
    parts
}

/// Whether a hyphen after these letters and before those cuts one word at a line's end; the line's
/// end is then taken.
fn cuts_a_word(before: &str, after: &mut Peekable<impl Iterator<Item = char> + Clone>) -> bool {
    if !before.chars().next_back().is_some_and(char::is_alphabetic) {
        return false;
    }
    let mut ahead = after.clone();
    let mut ends = 0;
    while ahead.next_if(|c| *c == '\n' || *c == '\r').is_some() {
        ends += 1;
    }
    // "vice-\nPrésident" keeps its hyphen: a capital letter starts a word of its own.
    if ends == 0 || !ahead.peek().is_some_and(|c| c.is_lowercase()) {
        return false;
    }
    for _ in 0..ends {
        after.next();
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{cut_words, fold};

    #[test]
    fn ligatures_hyphens_and_narrow_spaces_are_folded() {
        for (text, folded) in [
            ("la ﬁnance et l’œuvre", "la finance et l’oeuvre"),
            ("le mon-\ntant garanti", "le montant garanti"),
            ("vice-\nPrésidente", "vice- Présidente"),
            ("rendez-vous", "rendez-vous"),
            ("co\u{ad}or\u{ad}\ndonner", "coordonner"),
            ("1\u{202f}240\u{a0}000", "1 240 000"),
            ("page 3 -\nsuite", "page 3 - suite"),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    #[test]
    fn the_parts_of_a_cut_word_are_known() {
        let text = "le rendez-\nvous du con-\nseil, la vice-\nPrésidente, page 3 -\nsuite";
        assert_eq!(cut_words(text), ["rendez", "vous", "con", "seil"]);
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing_more(text in "[a-zé\u{ad}ﬁœ \n-]{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
