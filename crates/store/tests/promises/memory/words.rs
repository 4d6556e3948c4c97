//! Words as the search finds them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a text: bare letters of each, and the word as it stands.
pub(super) fn words(text: &str) -> Vec<(String, String)> {
    let folded = pupitre_store::fold(text);
    let split = folded.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c));
    split
        .map(|word| {
            let letters = word.nfd().filter(|c| !is_combining_mark(*c));
            (letters.flat_map(char::to_lowercase).collect::<String>(), word.to_owned())
        })
        .filter(|(bare, _)| !bare.is_empty())
        .collect()
}

/// The text with the words found marked and how many they are; none when one is missing.
pub(super) fn found(text: &str, query: &str) -> Option<(String, f64)> {
    let query = words(query);
    let (last, others) = query.split_last()?;
    let page = words(text);
    // The parts of a word that a line's end cuts are found as well.
    let apart = words(&text.replace("-\r\n", "- ").replace("-\n", "- "));
    let is_last = |bare: &str| bare.starts_with(&last.0);
    let is_other = |bare: &str| others.iter().any(|(other, _)| other == bare);
    let all =
        others.iter().all(|(other, _)| page.iter().chain(&apart).any(|(bare, _)| bare == other));
    if !all || !page.iter().chain(&apart).any(|(bare, _)| is_last(bare)) {
        return None;
    }
    let mut hits = 0.0;
    let marked: Vec<String> = page
        .into_iter()
        .map(|(bare, word)| {
            if is_last(&bare) || is_other(&bare) {
                hits += 1.0;
                return format!("\u{2068}{word}\u{2069}");
            }
            word
        })
        .collect();
    Some((marked.join(" "), hits))
}
