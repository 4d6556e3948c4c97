//! Words that the end of a line broke, put together again.

use std::borrow::Cow;

/// What follows a hyphen that belongs to the word in French: pronouns after their verb, and the words
/// that are hung on with one (Académie française, « trait d’union »).
const KEPT: [&str; 17] = [
    "il", "ils", "elle", "elles", "on", "je", "tu", "nous", "vous", "ce", "t", "ci", "là", "même",
    "mêmes", "être", "dire",
];

/// The text as it is read: a hyphen that only stood at the end of a line is gone with the space after
/// it, one that belongs to the word stays without the space.
///
/// Ends of lines are spaces here, so that a break shows as a letter, a hyphen, a space and a small
/// letter; a dash between two words has a space before it and is left alone.
#[must_use]
pub fn rejoined(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hyphen) {
        return Cow::Borrowed(text);
    }
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let broken = is_hyphen(letter)
            && before.is_some_and(|before| before.is_alphabetic())
            && letters.get(at + 1) == Some(&' ')
            && letters.get(at + 2).is_some_and(|after| after.is_alphabetic());
        if broken {
            let rest: String =
                letters.iter().skip(at + 2).take_while(|after| after.is_alphabetic()).collect();
            let own = letter != '\u{ad}'
                && (rest.chars().any(char::is_uppercase) || KEPT.contains(&rest.as_str()));
            if own {
                out.push('-');
            }
            at += 2;
        } else {
            out.push(letter);
            at += 1;
        }
    }
    Cow::Owned(out)
}

/// Hyphen-minus, hyphen and soft hyphen.
const fn is_hyphen(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_broken_at_the_end_of_a_line_is_whole_again() {
        assert_eq!(rejoined("la commis- sion a émis"), "la commission a émis");
        assert_eq!(rejoined("un pro\u{ad} jet"), "un projet");
    }

    #[test]
    fn a_hyphen_of_the_word_stays() {
        assert_eq!(rejoined("la ville de Saint- Denis"), "la ville de Saint-Denis");
        assert_eq!(rejoined("convient- il de peut- être"), "convient-il de peut-être");
        assert_eq!(rejoined("le porte-monnaie"), "le porte-monnaie");
    }

    #[test]
    fn dashes_numbers_and_ends_are_left_alone() {
        for text in ["Budget - annexe", "2024- 2025", "fin -", "a-", "- b", ""] {
            assert_eq!(rejoined(text), text);
        }
    }
}
