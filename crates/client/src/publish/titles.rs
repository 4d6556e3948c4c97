//! Titles and days out of file names and PDF metadata.

use domain::Timestamp;
use jiff::civil::Date;

/// The number a file name begins with, and how many digits it has.
pub(crate) fn leading_number(file: &str) -> Option<(u32, usize)> {
    let digits = file.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = file.split_at_checked(digits)?;
    let parted = rest.starts_with(['-', '_', '.', ' ', ')', 'a', 'b', 'c']);
    if digits == 0 || !parted {
        return None;
    }
    Some((number.parse().ok()?, digits))
}

/// Whether a file is the convocation letter.
pub(crate) fn is_convocation(file: &str) -> bool {
    without_number(stem(file)).to_lowercase().starts_with("convocation")
}

/// Whether a file name says that it is an annex.
pub(crate) fn is_annex(file: &str) -> bool {
    let name = without_number(stem(file)).to_lowercase();
    ["annex", "pj", "pièce jointe", "piece jointe"].iter().any(|word| name.starts_with(word))
}

/// A title out of a file name.
pub(crate) fn of_file(file: &str) -> String {
    let stem = without_day(stem(file));
    let name = spaced(without_number(stem));
    capitalised(if name.is_empty() { stem } else { &name })
}

/// A title out of a folder's name.
pub(super) fn of_folder(name: &str) -> String {
    let title = capitalised(&spaced(name));
    if title.is_empty() { "Conseil".to_owned() } else { title }
}

/// A PDF's own title, when a person wrote it: word processors put the name of their file there.
pub(crate) fn of_metadata(title: &str) -> Option<String> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = title.to_lowercase();
    let named_by_machine = lower.contains("microsoft word")
        || lower.contains("microsoft excel")
        || lower.contains("microsoft powerpoint")
        || lower.starts_with("untitled")
        || lower.starts_with("sans titre")
        || lower.starts_with("sans nom")
        || lower.starts_with("document")
        || [".doc", ".docx", ".odt", ".rtf", ".pdf", ".xls", ".xlsx", ".ppt", ".dot", ".indd"]
            .iter()
            .any(|end| lower.ends_with(end));
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    let length = title.chars().count();
    (!named_by_machine && letters >= 4 && letters * 2 > length && length <= 250).then_some(title)
}

/// A whole day in a name: `2026-09-28`, `20260928`, `28-09-2026`.
pub(super) fn day_in(name: &str) -> Option<Date> {
    let runs: Vec<&str> =
        name.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let whole = runs
        .iter()
        .filter(|run| run.len() == 8)
        .find_map(|run| date(run.get(..4)?, run.get(4..6)?, run.get(6..)?));
    whole.or_else(|| {
        runs.windows(3).find_map(|three| match three {
            [year, month, day] if year.len() == 4 => date(year, month, day),
            [day, month, year] if year.len() == 4 => date(year, month, day),
            _ => None,
        })
    })
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = year.parse().ok().filter(|year| (1990..2100).contains(year))?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

fn without_number(stem: &str) -> &str {
    let rest = stem.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.trim_start_matches(['-', '_', '.', ' ', ')'])
}

/// The rest of a name that begins with a whole day.
fn without_day(stem: &str) -> &str {
    let day = stem.get(..10).filter(|head| day_in(head).is_some());
    let rest = day.and_then(|_| stem.get(10..)).unwrap_or_default();
    let rest = rest.trim_start_matches(['-', '_', '.', ' ']);
    if rest.is_empty() { stem } else { rest }
}

/// Separators become spaces; a hyphen stays where words are parted otherwise.
fn spaced(name: &str) -> String {
    let by_spaces = name.contains(' ') || name.contains('_');
    let parted: String =
        name.chars().map(|c| if c == '_' || (c == '-' && !by_spaces) { ' ' } else { c }).collect();
    parted.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The present, in whole seconds: nobody reads milliseconds of a publication.
pub(crate) fn moment(now_ms: i64) -> Timestamp {
    Timestamp::from_second(now_ms.div_euclid(1_000)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_become_titles() {
        for (file, title) in [
            ("01-rapport-budget.pdf", "Rapport budget"),
            ("03_Procès-verbal_du_12_mai.PDF", "Procès-verbal du 12 mai"),
            ("7 - Vente d'une parcelle.pdf", "Vente d'une parcelle"),
            ("12.pdf", "12"),
            ("2014-04-24-0000071216.pdf", "0000071216"),
            ("2026-09-28_Budget primitif.pdf", "Budget primitif"),
        ] {
            assert_eq!(of_file(file), title);
        }
    }

    #[test]
    fn a_title_that_a_word_processor_made_is_not_one() {
        for title in [
            "Microsoft Word - rapport.doc",
            "rapport.docx",
            "sans titre",
            "12/345",
            "",
            "Document1",
        ] {
            assert_eq!(of_metadata(title), None, "{title}");
        }
        let title = "Débat  d'orientation\nbudgétaire 2027";
        assert_eq!(of_metadata(title).as_deref(), Some("Débat d'orientation budgétaire 2027"));
    }

    #[test]
    fn days_are_found_in_names_and_nonsense_is_not() {
        let day = Date::constant(2026, 9, 28);
        for name in ["conseil 2026-09-28", "CM_20260928", "28.09.2026 soir"] {
            assert_eq!(day_in(name), Some(day), "{name}");
        }
        for name in ["seance_2014-04", "12345678", "2026-13-45", "rapport 3"] {
            assert_eq!(day_in(name), None, "{name}");
        }
    }
}
