//! The printed budget cut into sheets, one page each: what is on which page is decided here, how it looks in Typst.

use serde::Serialize;

use super::annexes::Table;
use super::{Amounts, Budget, Chapter, FUNCTIONS, Line, Operation};

/// How many lines of articles a page holds, chapter headings included.
const LINES_A_PAGE: usize = 38;

/// One page of the printed budget.
#[derive(Debug, Clone, Serialize)]
pub struct Sheet {
    /// The part it belongs to, "III".
    pub part: &'static str,
    /// The part's title.
    pub part_title: &'static str,
    /// The chapter of the part, "A".
    pub letter: &'static str,
    /// Its title.
    pub letter_title: &'static str,
    /// The sheet's own title.
    pub title: String,
    /// What is on it.
    pub content: Content,
}

/// What is on a sheet; `kind` says which.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// A page whose words are in the template under `name`.
    Words {
        /// Name of the template's function.
        name: &'static str,
    },
    /// The chapters of one or two sides with their totals.
    Chapters {
        /// Rows: side, chapter number, title and amounts.
        rows: Vec<(String, String, String, Amounts)>,
        /// Sums of the rows, each with its title.
        totals: Vec<(&'static str, Amounts)>,
    },
    /// Articles of one side.
    Lines {
        /// Chapters or parts of chapters.
        blocks: Vec<Block>,
    },
    /// One equipment operation.
    Operation {
        /// The operation.
        operation: Operation,
    },
    /// What one function costs and brings, by chapter.
    Function {
        /// Rows: section, side, chapter number, title and euros.
        rows: Vec<(String, String, String, String, i64)>,
        /// The four sums: running spending and income, investment spending and income.
        sums: [i64; 4],
    },
    /// A table of the annexes.
    Table {
        /// The table.
        table: Table,
    },
}

/// A chapter, or the part of it that a page holds.
#[derive(Debug, Clone, Serialize)]
pub struct Block {
    /// "011"
    pub number: String,
    /// Its title.
    pub title: String,
    /// The articles on this page.
    pub lines: Vec<Line>,
    /// Not the chapter's first part.
    pub continued: bool,
    /// The chapter's sum, on its last part.
    pub total: Option<Amounts>,
}

/// A heading under which sheets stand.
#[derive(Clone, Copy)]
struct Place(&'static str, &'static str, &'static str, &'static str);

const GENERAL: &str = "Informations générales";
const OVERVIEW: &str = "Présentation générale du budget";
const VOTE: &str = "Vote du budget";
const ANNEXES: &str = "Annexes";

/// Cuts `budget` and its annexes into pages.
pub fn cut(budget: &Budget, tables: &[Table]) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    let general = Place("I", GENERAL, "A", "Présentation de la commune");
    for (title, name) in [
        ("Informations statistiques, fiscales et financières", "statistics"),
        ("Modalités de vote du budget", "rules"),
        ("Note de présentation synthétique", "summary"),
    ] {
        sheets.push(general.sheet(title, Content::Words { name }));
    }
    overview(budget, &mut sheets);
    vote(budget, &mut sheets);
    functions(budget, &mut sheets);
    let annexes = Place("IV", ANNEXES, "B", "États annexés");
    for table in tables {
        sheets.push(annexes.sheet(&table.title, Content::Table { table: table.clone() }));
    }
    let signatures = Place("IV", ANNEXES, "C", "Arrêté et signatures");
    sheets.push(signatures.sheet("Arrêté et signatures", Content::Words { name: "signatures" }));
    sheets
}

impl Place {
    fn sheet(self, title: &str, content: Content) -> Sheet {
        let Self(part, part_title, letter, letter_title) = self;
        Sheet { part, part_title, letter, letter_title, title: title.to_owned(), content }
    }
}

fn overview(budget: &Budget, sheets: &mut Vec<Sheet>) {
    let place = Place("II", OVERVIEW, "A", "Vue d’ensemble");
    sheets.push(place.sheet("Équilibre du budget", Content::Words { name: "balance" }));
    for (section, side, title) in [
        ("F", "D", "Section de fonctionnement, dépenses par chapitre"),
        ("F", "R", "Section de fonctionnement, recettes par chapitre"),
        ("I", "D", "Section d’investissement, dépenses par chapitre"),
        ("I", "R", "Section d’investissement, recettes par chapitre"),
    ] {
        let mut rows: Vec<_> = budget.side(section, side).map(row).collect();
        if (section, side) == ("I", "D") {
            rows.extend(budget.operations.iter().map(|operation| {
                let number = format!("Op. {}", operation.number);
                ("D".to_owned(), number, operation.title.clone(), operation.amounts)
            }));
        }
        let totals = vec![("Total", rows.iter().map(|row| row.3).sum())];
        sheets.push(place.sheet(title, Content::Chapters { rows, totals }));
    }
    let balance = Place("II", OVERVIEW, "B", "Balance générale");
    for (internal, title) in [(false, "Opérations réelles"), (true, "Opérations d’ordre")] {
        let chapters = budget.chapters.iter().filter(|chapter| chapter.internal == internal);
        let mut rows: Vec<_> = chapters.map(row).collect();
        if !internal {
            let title = "Opérations d’équipement (état III C)".to_owned();
            rows.push(("ID".to_owned(), "Op.".to_owned(), title, budget.totals.operations));
        }
        let totals =
            [("Total des dépenses", 'D'), ("Total des recettes", 'R')].map(|(name, side)| {
                (name, rows.iter().filter(|row| row.0.ends_with(side)).map(|row| row.3).sum())
            });
        sheets.push(balance.sheet(title, Content::Chapters { rows, totals: totals.into() }));
    }
}

fn row(chapter: &Chapter) -> (String, String, String, Amounts) {
    let side = format!("{}{}", chapter.section, chapter.side);
    (side, chapter.number.clone(), chapter.title.clone(), chapter.amounts)
}

fn vote(budget: &Budget, sheets: &mut Vec<Sheet>) {
    for (section, side, place, title) in [
        (
            "F",
            "D",
            Place("III", VOTE, "A", "Section de fonctionnement"),
            "Dépenses de fonctionnement",
        ),
        (
            "F",
            "R",
            Place("III", VOTE, "A", "Section de fonctionnement"),
            "Recettes de fonctionnement",
        ),
        (
            "I",
            "D",
            Place("III", VOTE, "B", "Section d’investissement"),
            "Dépenses d’investissement",
        ),
        (
            "I",
            "R",
            Place("III", VOTE, "B", "Section d’investissement"),
            "Recettes d’investissement",
        ),
    ] {
        let pages = paginate(budget.side(section, side));
        let count = pages.len();
        for (blocks, number) in pages.into_iter().zip(1..) {
            let title = format!("{title}, feuillet {number} sur {count}");
            sheets.push(place.sheet(&title, Content::Lines { blocks }));
        }
    }
    let place = Place("III", VOTE, "C", "Opérations d’équipement");
    for operation in &budget.operations {
        let title = format!("Opération {}, {}", operation.number, operation.title);
        let operation = operation.clone();
        sheets.push(place.sheet(&title, Content::Operation { operation }));
    }
}

fn functions(budget: &Budget, sheets: &mut Vec<Sheet>) {
    let place = Place("IV", ANNEXES, "A", "Présentation croisée par fonction");
    for (name, function) in FUNCTIONS.iter().zip(0_usize..) {
        let mut rows = Vec::new();
        for chapter in &budget.chapters {
            let share = chapter.functions.get(function).copied().unwrap_or(0);
            if share != 0 {
                let (section, side) = (chapter.section.clone(), chapter.side.clone());
                rows.push((section, side, chapter.number.clone(), chapter.title.clone(), share));
            }
        }
        for operation in budget.operations.iter().filter(|o| o.function == function) {
            let number = format!("Op. {}", operation.number);
            let total = operation.amounts.total;
            rows.push(("I".to_owned(), "D".to_owned(), number, operation.title.clone(), total));
        }
        let sum = |section: &str, side: &str| -> i64 {
            rows.iter().filter(|row| row.0 == section && row.1 == side).map(|row| row.4).sum()
        };
        let sums = [sum("F", "D"), sum("F", "R"), sum("I", "D"), sum("I", "R")];
        let digit = if function == 9 { "01".to_owned() } else { function.to_string() };
        let title = format!("Fonction {digit}, {name}");
        sheets.push(place.sheet(&title, Content::Function { rows, sums }));
    }
}

/// Fills pages with chapters; one that does not fit is continued on the next page.
fn paginate<'a>(chapters: impl Iterator<Item = &'a Chapter>) -> Vec<Vec<Block>> {
    let mut pages = vec![Vec::new()];
    let mut room = LINES_A_PAGE;
    for chapter in chapters {
        let mut left = chapter.lines.as_slice();
        let mut continued = false;
        while !left.is_empty() {
            // A heading and a total go with at least two articles.
            if room < left.len().min(2) + 2 {
                pages.push(Vec::new());
                room = LINES_A_PAGE;
            }
            let (here, rest) = left.split_at(left.len().min(room - 2));
            let block = Block {
                number: chapter.number.clone(),
                title: chapter.title.clone(),
                lines: here.to_vec(),
                continued,
                total: rest.is_empty().then_some(chapter.amounts),
            };
            room -= here.len() + 2;
            if let Some(page) = pages.last_mut() {
                page.push(block);
            }
            (left, continued) = (rest, true);
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_article_is_printed_once_and_every_chapter_has_one_total() {
        let budget = Budget::read().unwrap();
        for (section, side) in [("F", "D"), ("F", "R"), ("I", "D"), ("I", "R")] {
            let pages = paginate(budget.side(section, side));
            let blocks = || pages.iter().flatten();
            let printed: Amounts =
                blocks().flat_map(|block| &block.lines).map(|line| line.amounts).sum();
            let totals: Amounts = blocks().filter_map(|block| block.total).sum();
            assert_eq!(printed, totals);
            assert_eq!(
                blocks().filter(|block| block.total.is_some()).count(),
                budget.side(section, side).count()
            );
        }
    }

    #[test]
    fn real_and_internal_movements_each_balance() {
        let mut sheets = Vec::new();
        overview(&Budget::read().unwrap(), &mut sheets);
        let balance = sheets.iter().filter(|sheet| sheet.letter == "B").map(|sheet| &sheet.content);
        for content in balance {
            let Content::Chapters { totals, .. } = content else { panic!("no chapters") };
            assert_eq!(totals[0].1, totals[1].1);
        }
    }

    #[test]
    fn the_functions_add_up_to_the_whole_budget() {
        let budget = Budget::read().unwrap();
        let mut sheets = Vec::new();
        functions(&budget, &mut sheets);
        let mut whole = [0; 4];
        for sheet in sheets {
            let Content::Function { sums, .. } = sheet.content else { panic!("not a function") };
            for (sum, part) in whole.iter_mut().zip(sums) {
                *sum += part;
            }
        }
        let totals = budget.totals;
        assert_eq!(
            whole,
            [
                totals.running_spending.total,
                totals.running_income.total,
                totals.investment_spending.total,
                totals.investment_income.total,
            ]
        );
    }
}
