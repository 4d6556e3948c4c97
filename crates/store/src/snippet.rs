//! The words around what was found. SQLite's own `snippet()` reads the whole page through the
//! tokenizer again, 0.1 ms a row; a list of 200 rows must not cost 20 ms.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words that a snippet shows.
const WORDS: usize = 18;
/// Marks around a word that was found (first strong isolate, pop directional isolate): they can be
/// told from any text, and are invisible where nobody replaces them.
const MARKS: [char; 2] = ['\u{2068}', '\u{2069}'];

/// What is looked for: words as the index has them, the last one perhaps unfinished.
#[derive(Debug)]
pub(crate) struct Query {
    words: Vec<String>,
}

impl Query {
    /// Whatever a person types is words, never an operator; none when there is no letter and no
    /// digit. The text is folded.
    pub(crate) fn of(folded: &str) -> Option<Self> {
        let words: Vec<String> = folded
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| bare(word).collect())
            .filter(|word: &String| !word.is_empty())
            .collect();
        (!words.is_empty()).then_some(Self { words })
    }

    /// The same for FTS5: all the words, the last one as a prefix.
    pub(crate) fn to_fts(&self) -> String {
        let quoted: Vec<String> = self.words.iter().map(|word| format!("\"{word}\"")).collect();
        quoted.join(" ") + "*"
    }

    /// Whether the last hit ends a window in which every word stands.
    fn is_complete(&self, hits: &[(usize, usize)]) -> bool {
        let last = hits.last().map_or(0, |(at, _)| *at);
        let window = hits.iter().rev().take_while(|(at, _)| at + WORDS > last);
        (0..self.words.len()).all(|wanted| window.clone().any(|(_, number)| *number == wanted))
    }

    /// Which of the words this one is.
    fn matched(&self, word: &str) -> Option<usize> {
        let last = self.words.len() - 1;
        let first = word.chars().next()?;
        self.words
            .iter()
            .enumerate()
            .find_map(|(number, wanted)| {
                // Most words of a page end here; the whole comparison is ten times as long.
                if first.is_ascii() && !wanted.starts_with(first.to_ascii_lowercase()) {
                    return None;
                }
                let mut letters = bare(word);
                let begins = wanted.chars().all(|letter| letters.next() == Some(letter));
                (begins && (number == last || letters.next().is_none())).then_some(number)
            })
            .or_else(|| self.joined(word))
    }

    /// Which two of the words this one is together: a line's end made "rendezvous" of
    /// "rendez-vous".
    fn joined(&self, word: &str) -> Option<usize> {
        self.words.windows(2).enumerate().find_map(|(number, pair)| {
            let mut letters = bare(word);
            let begins = pair
                .iter()
                .flat_map(|wanted| wanted.chars())
                .all(|letter| letters.next() == Some(letter));
            begins.then_some(number)
        })
    }
}

/// The letters of a word as the index compares them: small, without accents.
fn bare(word: &str) -> impl Iterator<Item = char> + '_ {
    word.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase)
}

/// The part of a folded text with the most of the words that were looked for, each marked with
/// U+2068 and U+2069; the beginning when none stands there.
pub(crate) fn snippet(text: &str, query: &Query) -> String {
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut hits: Vec<(usize, usize)> = Vec::new();
    let mut enough = usize::MAX;
    let mut is_whole = true;
    for (start, end) in words_of(text) {
        if words.len() > enough {
            is_whole = false;
            break;
        }
        if let Some(number) = text.get(start..end).and_then(|word| query.matched(word)) {
            hits.push((words.len(), number));
            if enough == usize::MAX && query.is_complete(&hits) {
                // No window has more: the words after it are only shown.
                enough = words.len() + WORDS;
            }
        }
        words.push((start, end));
    }
    let first = best_window(&hits);
    let shown = words.get(first..).unwrap_or_default();
    let shown = shown.get(..WORDS).unwrap_or(shown);
    let (Some(&(from, _)), Some(&(_, to))) = (shown.first(), shown.last()) else {
        return String::new();
    };
    let from = if first == 0 { 0 } else { from };
    let is_last = is_whole && first + shown.len() == words.len();
    let to = if is_last { text.len() } else { to };

    let mut snippet = if from == 0 { String::new() } else { "…".to_owned() };
    let mut at = from;
    for (hit, _) in hits.iter().filter(|(hit, _)| (first..first + WORDS).contains(hit)) {
        let Some(&(start, end)) = words.get(*hit) else { continue };
        push(&mut snippet, text.get(at..start).unwrap_or_default());
        snippet.push(MARKS[0]);
        push(&mut snippet, text.get(start..end).unwrap_or_default());
        snippet.push(MARKS[1]);
        at = end;
    }
    push(&mut snippet, text.get(at..to).unwrap_or_default());
    snippet.truncate(snippet.trim_end().len());
    if !is_last {
        snippet.push('…');
    }
    snippet
}

/// Where the words of a text start and end, in bytes.
fn words_of(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut letters = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, _) = letters.find(|(_, letter)| letter.is_alphanumeric())?;
        let inside = |letter: char| letter.is_alphanumeric() || is_combining_mark(letter);
        while letters.next_if(|(_, letter)| inside(*letter)).is_some() {}
        Some((start, letters.peek().map_or(text.len(), |(end, _)| *end)))
    })
}

/// First word of the window with the most different words of the query, the earliest of those; a
/// few words stand before the first hit where there is room.
fn best_window(hits: &[(usize, usize)]) -> usize {
    let mut best: Option<(usize, usize, usize)> = None;
    for (index, &(from, _)) in hits.iter().enumerate() {
        let inside = hits.get(index..).unwrap_or_default();
        let inside = inside.iter().take_while(|(at, _)| *at < from + WORDS);
        let (mut seen, mut to) = (0u64, from);
        for &(at, number) in inside {
            if seen >> number.min(63) & 1 == 0 {
                seen |= 1 << number.min(63);
                to = at;
            }
        }
        let different = seen.count_ones() as usize;
        if best.is_none_or(|(most, _, _)| different > most) {
            best = Some((different, from, to));
        }
    }
    best.map_or(0, |(_, from, to)| from.saturating_sub((WORDS - 1 - (to - from)).min(WORDS / 3)))
}

/// Adds text with its white space made single, without marks of its own.
fn push(snippet: &mut String, text: &str) {
    for letter in text.chars() {
        if letter.is_whitespace() || letter.is_control() {
            if !snippet.is_empty() && !snippet.ends_with(' ') {
                snippet.push(' ');
            }
        } else if !MARKS.contains(&letter) {
            snippet.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Query, snippet};
    use crate::fold::fold;

    fn found(text: &str, words: &str) -> String {
        snippet(&fold(text), &Query::of(&fold(words)).unwrap())
            .replace(['\u{2068}', '\u{2069}'], "|")
    }

    #[test]
    fn whatever_is_typed_becomes_plain_words() {
        for (typed, meant) in [
            ("garantie d'emprunt", Some("\"garantie\" \"d\" \"emprunt\"*")),
            ("NEAR(a b) OR \"c", Some("\"near\" \"a\" \"b\" \"or\" \"c\"*")),
            ("l’Œuvre", Some("\"l\" \"oeuvre\"*")),
            ("re\u{301}gie", Some("\"regie\"*")),
            ("  \"*- ", None),
        ] {
            let query = Query::of(&fold(typed));
            assert_eq!(query.map(|query| query.to_fts()).as_deref(), meant, "{typed}");
        }
    }

    #[test]
    fn a_word_that_a_lines_end_joined_is_marked_by_its_parts() {
        assert_eq!(found("le rendez-\nvous du maire", "rendez-vous"), "le |rendezvous| du maire");
    }

    #[test]
    fn the_words_are_marked_whatever_their_accents_and_case() {
        assert_eq!(found("La Régie des eaux", "regie"), "La |Régie| des eaux");
        assert_eq!(found("les garanties d’emprunt", "garan"), "les |garanties| d’emprunt");
        assert_eq!(found("garanties et garantie", "garantie emp"), "garanties et |garantie|");
        assert_eq!(found("l’œuvre", "oeuvre"), "l’|oeuvre|");
    }

    #[test]
    fn a_long_text_is_cut_around_the_place_with_the_most_words() {
        let long =
            "budget ".to_owned() + &"un ".repeat(60) + "budget de la ville\n" + &"x ".repeat(60);
        let shown = found(&long, "budget ville");
        assert!(shown.starts_with("…un un"), "{shown}");
        assert!(shown.contains("|budget| de la |ville| x"), "{shown}");
        assert!(shown.ends_with("x…"), "{shown}");
        assert_eq!(shown.split_whitespace().count(), 18, "{shown}");
    }

    #[test]
    fn a_text_without_the_words_shows_its_beginning() {
        assert_eq!(found("Un deux", "trois"), "Un deux");
        assert_eq!(found("", "trois"), "");
        assert_eq!(found(" — ", "trois"), "");
    }

    proptest! {
        #[test]
        fn a_snippet_is_a_part_of_the_text(text in "(\\PC|[ab\u{301}\u{2068} \n]){0,200}", words in "[abé ]{0,9}") {
            let text = fold(&text);
            if let Some(query) = Query::of(&fold(&words)) {
                let shown = snippet(&text, &query);
                prop_assert_eq!(shown.matches('\u{2068}').count(), shown.matches('\u{2069}').count());
                let plain = |text: &str| -> String {
                    let kept = |c: &char| !c.is_whitespace() && !c.is_control()
                        && !['\u{2068}', '\u{2069}', '…'].contains(c);
                    text.chars().filter(kept).collect()
                };
                prop_assert!(plain(&text).contains(&plain(&shown)), "{shown:?} of {text:?}");
            }
        }
    }
}
