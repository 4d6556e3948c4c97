//! An agenda out of a list that a person wrote elsewhere: pasted from a letter, a spreadsheet, or a
//! CSV file of the drafting software.
//!
//! Numbers in front, the name of who presents it, closed doors and "pour information" are recognised;
//! whatever is not recognised stays in the title, so that nothing is lost.

use serde::{Deserialize, Serialize};

/// Most items read from one list.
pub const MOST: usize = 2_000;
/// Longest title, in characters.
const TITLE: usize = 1_000;

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Listed {
    /// The number that stood in front, as it was written ("3", "IV", "2.1").
    pub number: Option<String>,
    /// Its title.
    pub title: String,
    /// Who presents it.
    pub rapporteur: Option<String>,
    /// Path of themes, widest first.
    pub theme: Vec<String>,
    /// Behind closed doors.
    pub closed_doors: bool,
    /// Whether it is voted.
    pub deliberative: bool,
}

/// Reads a list: a table when its lines are parted by tabs or its first line names columns, one item
/// a line otherwise.
#[must_use]
pub fn read(text: &str) -> Vec<Listed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let items = table(text).unwrap_or_else(|| lines(text));
    items.into_iter().take(MOST).collect()
}

// --- one item a line -------------------------------------------------------------------------

fn lines(text: &str) -> Vec<Listed> {
    let all: Vec<(Option<String>, &str)> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(numbered).collect();
    let some_numbered = all.iter().filter(|(number, _)| number.is_some()).count() >= 2;
    let mut items: Vec<Listed> = Vec::new();
    let mut theme: Vec<String> = Vec::new();
    for (number, rest) in all {
        if let Some(name) = rapporteur_line(rest)
            && let Some(last) = items.last_mut().filter(|item| item.rapporteur.is_none())
        {
            last.rapporteur = Some(name);
            continue;
        }
        if some_numbered && number.is_none() {
            if is_heading(rest) {
                theme = vec![sentence_case(rest)];
            } else if let Some(last) = items.last_mut() {
                // A title that went over the line's end.
                last.title = tidy(&format!("{} {rest}", last.title));
            }
            continue;
        }
        if !rest.is_empty() {
            items.push(Listed { number, theme: theme.clone(), ..item(rest) });
        }
    }
    items
}

/// The number or bullet in front of a line, and the rest.
fn numbered(line: &str) -> (Option<String>, &str) {
    let line = line.trim_start_matches(['•', '▪', '◦', '*', '–', '—', '-', '·', '\u{f0b7}']).trim();
    let head = ["Point n°", "Point ", "N°", "n°", "Délibération n°", "Question n°"]
        .iter()
        .find_map(|head| line.strip_prefix(head))
        .map(str::trim_start);
    let named = head.is_some();
    let rest = head.unwrap_or(line);
    let end = rest
        .char_indices()
        .find(|(_, c)| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/')))
        .map_or(rest.len(), |(at, _)| at);
    let (word, after) = rest.split_at(end);
    let number = word.trim_end_matches(['.', '-', '/']);
    let after_sign = after.trim_start();
    let signed = word.len() > number.len()
        || number.contains(['.', '/', '-'])
        || after_sign.starts_with([')', ':', '–', '—', '-', '°']);
    let is_number = is_arabic(number) && (signed || named || after.starts_with(['\t', ' ']))
        || is_roman(number) && signed;
    if !is_number || number.is_empty() {
        return (None, line);
    }
    // "24 logements rue des Lilas" is a title: a bare number that a word follows is none, unless it
    // is set apart by a tab or more than one space.
    let bare = !signed && !named && !after.starts_with('\t') && !after.starts_with("  ");
    if bare {
        return (None, line);
    }
    let rest = after_sign.trim_start_matches([')', ':', '–', '—', '-', '°', '.']).trim_start();
    (Some(number.to_owned()), rest)
}

/// "3", "12", "2.1", "2026-014".
fn is_arabic(word: &str) -> bool {
    let long_run = word.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() > 4);
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '/'))
        && !long_run
        && word.len() <= 12
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.len() <= 6 && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L'))
}

/// A line in capitals that stands over items.
fn is_heading(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic());
    letters.clone().count() >= 4 && letters.clone().all(char::is_uppercase)
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter();
    tidy(&first.chain(letters.flat_map(char::to_lowercase)).collect::<String>())
}

const RAPPORTEURS: [&str; 5] =
    ["rapporteur", "rapporteure", "rapporteuse", "présenté par", "presented by"];

/// "Rapporteur : Mme Claire Martin".
fn rapporteur_line(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let head =
        RAPPORTEURS.iter().filter(|head| lower.starts_with(**head)).max_by_key(|h| h.len())?;
    let rest = line.get(head.len()..)?.trim_start();
    // "Rapporteur général du budget" is a title.
    let rest = if head.contains(' ') { rest } else { rest.strip_prefix([':', '–', '-'])? };
    person(rest)
}

/// A person's name without the civility; none when it is no name.
fn person(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | '–' | '-'));
    let text = ["Mme ", "M. ", "Mlle ", "Monsieur ", "Madame ", "Mr ", "Mrs ", "Ms "]
        .iter()
        .find_map(|head| text.strip_prefix(head))
        .unwrap_or(text);
    let words = text.split_whitespace().count();
    let good = (1..=6).contains(&words) && !text.chars().any(|c| c.is_ascii_digit());
    good.then(|| tidy(text))
}

/// An item out of its line: marks and name at its end are taken off.
fn item(line: &str) -> Listed {
    let mut item = Listed { deliberative: true, ..Listed::default() };
    let mut title = tidy(line);
    loop {
        let before = title.len();
        for (mark, closed) in [
            ("huis clos", true),
            ("closed doors", true),
            ("pour information", false),
            ("information", false),
            ("for information", false),
        ] {
            if let Some(rest) = without_mark(&title, mark) {
                title = rest;
                if closed { item.closed_doors = true } else { item.deliberative = false }
            }
        }
        if item.rapporteur.is_none()
            && let Some((rest, name)) = with_rapporteur(&title)
        {
            (title, item.rapporteur) = (rest, Some(name));
        }
        if title.len() == before {
            break;
        }
    }
    item.title = title.chars().take(TITLE).collect();
    item
}

/// The title before "(huis clos)" or "[pour information]".
fn without_mark(title: &str, mark: &str) -> Option<String> {
    let rest = title.strip_suffix([')', ']'])?;
    let at = rest.rfind(['(', '['])?;
    let (before, inside) = rest.split_at_checked(at)?;
    let inside = inside.get(1..)?.trim();
    (inside.to_lowercase() == mark).then(|| before.trim().to_owned())
}

/// "Budget primitif – Rapporteur : Claire Martin", "Budget primitif (Mme Claire Martin)".
fn with_rapporteur(title: &str) -> Option<(String, String)> {
    let lower = title.to_lowercase();
    // Folding may change lengths; then nothing is cut.
    if lower.len() == title.len() {
        for head in RAPPORTEURS {
            if let Some(at) = lower.rfind(head).filter(|at| *at > 0) {
                let (before, rest) = title.split_at_checked(at)?;
                let name = rapporteur_line(rest.trim_end_matches([')', ']']));
                let before = before.trim_end_matches(|c: char| {
                    c.is_whitespace() || matches!(c, '(' | '[' | '–' | '—' | '-' | ',' | ';' | '.')
                });
                if let Some(name) = name.filter(|_| !before.is_empty()) {
                    return Some((before.to_owned(), name));
                }
            }
        }
    }
    let rest = title.strip_suffix(')')?;
    let (before, inside) = rest.rsplit_once('(')?;
    let civil = ["M. ", "Mme ", "Mlle ", "Monsieur ", "Madame "];
    let is_civil = civil.iter().any(|head| inside.starts_with(head));
    let name = person(inside).filter(|_| is_civil && !before.trim().is_empty())?;
    Some((before.trim().to_owned(), name))
}

/// One space between words; line breaks of spreadsheets part with a dash.
fn tidy(text: &str) -> String {
    let text = text.replace("_x0001_", "\n");
    let parts = text.split(['\n', '\r', '\u{1}', '\u{b}']);
    let parts = parts.map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    let parts: Vec<String> = parts
        .map(|part| part.trim_end_matches(" -").to_owned())
        .filter(|p| !p.is_empty())
        .collect();
    parts.join(" – ")
}

// --- a table ---------------------------------------------------------------------------------

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Number,
    Title,
    Rapporteur,
    Theme,
    ClosedDoors,
    Unknown,
}

impl Column {
    fn named(name: &str) -> Self {
        let name = name.trim().to_lowercase();
        // The SCDL's own names, of which others only look like columns of an agenda.
        match name.as_str() {
            "delib_id" => return Self::Number,
            "delib_objet" => return Self::Title,
            "delib_matiere_nom" => return Self::Theme,
            _ if ["coll_", "delib_", "budget_", "pref_", "vote_"]
                .iter()
                .any(|h| name.starts_with(h)) =>
            {
                return Self::Unknown;
            }
            _ => {}
        }
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if has(&["titre", "objet", "intitulé", "libellé", "title", "subject"]) {
            Self::Title
        } else if has(&["rapporteur", "elu", "élu", "presenter", "présenté"]) {
            Self::Rapporteur
        } else if has(&["thème", "theme", "rubrique", "matière", "catégorie", "commission"]) {
            Self::Theme
        } else if has(&["huis", "closed"]) {
            Self::ClosedDoors
        } else if has(&["numéro", "numero", "n°", "number", "ordre", "rang"])
            || ["no", "n", "point", "item"].contains(&name.as_str())
        {
            Self::Number
        } else {
            Self::Unknown
        }
    }
}

fn table(text: &str) -> Option<Vec<Listed>> {
    let head = text.lines().find(|line| !line.trim().is_empty())?;
    let separator = ['\t', ';', ','].into_iter().find(|sign| {
        let names = head.split(*sign).map(Column::named);
        names.clone().count() > 1 && names.clone().any(|column| column == Column::Title)
    });
    if let Some(separator) = separator {
        let mut rows = rows(text, separator).into_iter();
        let columns = first_of_each(rows.next()?.iter().map(|name| Column::named(name)));
        return Some(rows.filter_map(|fields| row(&columns, &fields)).collect());
    }
    // No head: cells pasted from a spreadsheet, all lines with tabs.
    let all: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let tabbed = all.iter().filter(|line| line.trim().contains('\t')).count();
    (tabbed * 10 >= all.len() * 8 && tabbed > 0)
        .then(|| rows(text, '\t').iter().filter_map(|fields| untitled_row(fields)).collect())
}

/// A second column of the same kind ("Numéro de projet", "Numéro de délibération") is another thing.
fn first_of_each(columns: impl Iterator<Item = Column>) -> Vec<Column> {
    let mut seen = Vec::new();
    columns
        .map(|column| {
            if seen.contains(&column) {
                return Column::Unknown;
            }
            seen.push(column);
            column
        })
        .collect()
}

fn row(columns: &[Column], fields: &[String]) -> Option<Listed> {
    let field = |wanted: Column| {
        let at = columns.iter().position(|column| *column == wanted)?;
        let text = tidy(fields.get(at)?);
        (!text.is_empty()).then_some(text)
    };
    let mut listed = item(&field(Column::Title)?);
    listed.number = field(Column::Number).or(listed.number);
    listed.rapporteur =
        field(Column::Rapporteur).and_then(|name| person(&name)).or(listed.rapporteur);
    let theme = field(Column::Theme).unwrap_or_default();
    let theme = theme.split(['>', '/']).map(tidy).filter(|part| !part.is_empty());
    listed.theme = theme.collect();
    let closed = field(Column::ClosedDoors).map(|word| word.to_lowercase());
    listed.closed_doors |= closed
        .is_some_and(|word| ["oui", "yes", "x", "1", "true", "vrai"].contains(&word.as_str()));
    Some(listed)
}

/// Cells without a head: a number, the title (the longest cell), then a name.
fn untitled_row(fields: &[String]) -> Option<Listed> {
    let cells: Vec<String> =
        fields.iter().map(|cell| tidy(cell)).filter(|c| !c.is_empty()).collect();
    let (number, cells) = match cells.split_first() {
        Some((first, rest))
            if !rest.is_empty() && is_arabic(first.trim_end_matches(['.', ')'])) =>
        {
            (Some(first.trim_end_matches(['.', ')']).to_owned()), rest)
        }
        _ => (None, cells.as_slice()),
    };
    let at =
        cells.iter().enumerate().max_by_key(|(at, cell)| (cell.len(), std::cmp::Reverse(*at)))?.0;
    let mut listed = item(cells.get(at)?);
    listed.number = number;
    let name = cells.get(at + 1).and_then(|cell| person(cell));
    listed.rapporteur = listed.rapporteur.or(name);
    Some(listed)
}

/// Fields of every line; a quoted field may hold separators, quotes written twice and line breaks.
fn rows(text: &str, separator: char) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted => quoted = false,
            '"' if field.trim().is_empty() => {
                field.clear();
                quoted = true;
            }
            _ if quoted => field.push(sign),
            '\r' => {}
            '\n' => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            _ if sign == separator => row.push(std::mem::take(&mut field)),
            _ => field.push(sign),
        }
    }
    row.push(field);
    rows.push(row);
    rows.retain(|row| row.iter().any(|field| !field.trim().is_empty()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> Vec<(Option<String>, String)> {
        read(text).into_iter().map(|item| (item.number, item.title)).collect()
    }

    fn expected(items: &[(&str, &str)]) -> Vec<(Option<String>, String)> {
        let number = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        items.iter().map(|(n, title)| (number(n), (*title).to_owned())).collect()
    }

    #[test]
    fn numbers_in_every_hand_are_recognised_and_taken_off() {
        let text = "1. Approbation du procès-verbal\n2) Budget primitif\n3 - Vente d’une parcelle\n\
                    Point n° 4 : Convention\n5\tTarifs de la cantine\n2026-014 – Garantie d’emprunt\n\
                    IV. Personnel\n7.1 Emplois saisonniers";
        assert_eq!(
            titles(text),
            expected(&[
                ("1", "Approbation du procès-verbal"),
                ("2", "Budget primitif"),
                ("3", "Vente d’une parcelle"),
                ("4", "Convention"),
                ("5", "Tarifs de la cantine"),
                ("2026-014", "Garantie d’emprunt"),
                ("IV", "Personnel"),
                ("7.1", "Emplois saisonniers"),
            ])
        );
    }

    #[test]
    fn a_number_that_belongs_to_the_title_stays_in_it() {
        assert_eq!(
            titles("24 logements rue des Lilas : garantie d’emprunt\nVie associative"),
            expected(&[
                ("", "24 logements rue des Lilas : garantie d’emprunt"),
                ("", "Vie associative"),
            ])
        );
    }

    #[test]
    fn names_marks_and_headings_go_where_they_belong() {
        let text = "FINANCES\n1. Budget primitif – Rapporteur : Mme Claire Martin\n\
                    2. Compte rendu des décisions du maire (pour information)\n\
                    RESSOURCES HUMAINES\n3. Protection fonctionnelle d’un agent (huis clos)\n\
                    Rapporteur : M. Paul Astier\n4. Tableau des emplois (M. Karim Ozenne)";
        let items = read(text);
        assert_eq!(items.len(), 4);
        assert_eq!(items[0].title, "Budget primitif");
        assert_eq!(items[0].rapporteur.as_deref(), Some("Claire Martin"));
        assert_eq!(items[0].theme, ["Finances"]);
        assert!(!items[1].deliberative);
        assert!(items[2].closed_doors && items[2].deliberative);
        assert_eq!(items[2].title, "Protection fonctionnelle d’un agent");
        assert_eq!(items[2].rapporteur.as_deref(), Some("Paul Astier"));
        assert_eq!(items[2].theme, ["Ressources humaines"]);
        assert_eq!(items[3].rapporteur.as_deref(), Some("Karim Ozenne"));
    }

    #[test]
    fn a_title_that_went_over_the_lines_end_is_one() {
        let text = "1. Convention avec l’association\nLes Mots Passants\n2. Tarifs";
        let said =
            expected(&[("1", "Convention avec l’association Les Mots Passants"), ("2", "Tarifs")]);
        assert_eq!(titles(text), said);
    }

    #[test]
    fn cells_of_a_spreadsheet_are_a_table_with_or_without_a_head() {
        let bare = "1\tBudget primitif 2027\tClaire Martin\n2\tVente d’une parcelle\tPaul Astier\n";
        let headed = format!("N°\tObjet\tRapporteur\n{bare}");
        for text in [bare, &headed] {
            let items = read(text);
            assert_eq!(items.len(), 2, "{text}");
            assert_eq!(items[1].number.as_deref(), Some("2"));
            assert_eq!(items[1].title, "Vente d’une parcelle");
            assert_eq!(items[1].rapporteur.as_deref(), Some("Paul Astier"));
        }
    }

    #[test]
    fn a_quoted_field_keeps_its_separators_and_line_breaks() {
        let text = "Titre;Rapporteur\n\"Marché \"\"voirie\"\" ; lot 2\nAvenant\";Inès Baudry\n";
        let items = read(text);
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].title, "Marché \"voirie\" ; lot 2 – Avenant");
    }

    #[test]
    fn a_file_of_deliberations_is_a_table_whose_columns_are_known() {
        let text = "COLL_NOM;COLL_SIRET;DELIB_ID;DELIB_DATE;DELIB_MATIERE_CODE;DELIB_MATIERE_NOM;\
                    DELIB_OBJET;BUDGET_NOM\nValbrune;21310001200017;14;2026-09-28;7.10;Finances;Tarifs;\n";
        let [item] = &read(text)[..] else { panic!("one item") };
        assert_eq!((&*item.title, item.number.as_deref()), ("Tarifs", Some("14")));
        assert_eq!(item.theme, ["Finances"]);
    }

    #[test]
    fn nothing_is_read_from_nothing() {
        assert_eq!(read(""), []);
        assert_eq!(read(" \n\t\n"), []);
        assert_eq!(read("Titre;Rapporteur\n"), []);
    }
}
