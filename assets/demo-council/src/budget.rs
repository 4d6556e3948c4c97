//! The principal budget and its third amending decision, by nature (M57): every amount in euros, every total counted.
//!
//! `data/budget.toml` gives the articles; three of them are left open and filled here so that each section balances in
//! every column: the transfer between the sections (both sides) and the loan.

pub mod annexes;
pub mod sheets;

use std::ops::Add;

use serde::{Deserialize, Serialize};

/// The M57 functions by their digit; the last is what is not spread.
pub const FUNCTIONS: [&str; 10] = [
    "Services généraux",
    "Sécurité",
    "Enseignement, formation professionnelle et apprentissage",
    "Culture, vie sociale, jeunesse, sports et loisirs",
    "Santé et action sociale",
    "Aménagement des territoires et habitat",
    "Action économique",
    "Environnement",
    "Transports",
    "Opérations non ventilables",
];

/// What is voted on one line, in the three columns of an amending decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Amounts {
    /// The primitive budget.
    pub primitive: i64,
    /// Decisions 1 and 2.
    pub earlier: i64,
    /// Both: what is voted so far.
    pub voted: i64,
    /// Decision 3, put to the vote.
    pub proposed: i64,
    /// Everything, once decision 3 is voted.
    pub total: i64,
}

impl Amounts {
    fn of(primitive: i64, earlier: i64, proposed: i64) -> Self {
        let voted = primitive + earlier;
        Self { primitive, earlier, voted, proposed, total: voted + proposed }
    }

    fn minus(self, other: Self) -> Self {
        Self::of(
            self.primitive - other.primitive,
            self.earlier - other.earlier,
            self.proposed - other.proposed,
        )
    }
}

impl Add for Amounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::of(
            self.primitive + other.primitive,
            self.earlier + other.earlier,
            self.proposed + other.proposed,
        )
    }
}

impl std::iter::Sum for Amounts {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

/// One article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// "60612"
    pub article: String,
    /// "Énergie – Électricité"
    pub title: String,
    /// Its amounts.
    pub amounts: Amounts,
}

/// One chapter of one side of one section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chapter {
    /// `F` (running costs) or `I` (investment).
    pub section: String,
    /// `D` (spending) or `R` (income).
    pub side: String,
    /// "011"
    pub number: String,
    /// Its title.
    pub title: String,
    /// Its articles.
    pub lines: Vec<Line>,
    /// The sum of its articles.
    pub amounts: Amounts,
    /// `amounts.total` spread over [`FUNCTIONS`], to the euro.
    pub functions: Vec<i64>,
    /// No cash moves: transfers between sections and within one.
    pub internal: bool,
}

/// One equipment operation of the investment section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// "101"
    pub number: String,
    /// Its title.
    pub title: String,
    /// Index into [`FUNCTIONS`].
    pub function: usize,
    /// The department in charge.
    pub manager: String,
    /// What is built.
    pub purpose: String,
    /// Its articles.
    pub lines: Vec<Line>,
    /// The sum of its articles.
    pub amounts: Amounts,
    /// Who pays what, the commune's own share last.
    pub funding: Vec<(String, i64)>,
}

/// The whole budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Budget {
    /// Chapters in the order of the printed budget.
    pub chapters: Vec<Chapter>,
    /// Equipment operations: they belong to the investment section's spending.
    pub operations: Vec<Operation>,
    /// Totals of the four sides.
    pub totals: Totals,
}

/// The totals of the two sections; each section balances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Running costs, spending.
    pub running_spending: Amounts,
    /// Running costs, income.
    pub running_income: Amounts,
    /// Investment, spending, operations included.
    pub investment_spending: Amounts,
    /// Investment, income.
    pub investment_income: Amounts,
    /// The equipment operations.
    pub operations: Amounts,
}

type RawLine = (String, String, i64, i64, i64);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBudget {
    balance: Balance,
    chapter: Vec<RawChapter>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Balance {
    operating_transfer: String,
    investment_transfer: String,
    loan: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChapter {
    section: String,
    side: String,
    number: String,
    title: String,
    functions: Vec<i64>,
    lines: Vec<RawLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOperations {
    operation: Vec<RawOperation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOperation {
    number: String,
    title: String,
    function: usize,
    manager: String,
    purpose: String,
    lines: Vec<RawLine>,
    funding: Vec<(String, i64)>,
}

impl Budget {
    /// Reads the embedded budget and balances it.
    ///
    /// # Errors
    /// A data file that has lost a field.
    pub fn read() -> Result<Self, toml::de::Error> {
        let raw: RawBudget = toml::from_str(include_str!("../data/budget.toml"))?;
        let operations: RawOperations = toml::from_str(include_str!("../data/operations.toml"))?;
        let operations: Vec<_> = operations.operation.into_iter().map(operation).collect();
        let chapters: Vec<_> = raw.chapter.iter().map(chapter).collect();
        let totals = Totals::count(&chapters, &operations);
        let mut budget = Self { chapters, operations, totals };
        budget.balance(&raw.balance);
        for (chapter, raw) in budget.chapters.iter_mut().zip(&raw.chapter) {
            chapter.functions = spread(chapter.amounts.total, &raw.functions);
        }
        Ok(budget)
    }

    /// The chapters of one side of one section.
    pub fn side(&self, section: &str, side: &str) -> impl Iterator<Item = &Chapter> {
        self.chapters.iter().filter(move |c| c.section == section && c.side == side)
    }

    fn balance(&mut self, open: &Balance) {
        let transfer = self.totals.running_income.minus(self.totals.running_spending);
        self.fill("F", "D", &open.operating_transfer, transfer);
        self.fill("I", "R", &open.investment_transfer, transfer);
        let loan = self.totals.investment_spending.minus(self.totals.investment_income);
        self.fill("I", "R", &open.loan, loan);
    }

    fn fill(&mut self, section: &str, side: &str, article: &str, amounts: Amounts) {
        for chapter in &mut self.chapters {
            if chapter.section != section || chapter.side != side {
                continue;
            }
            for line in chapter.lines.iter_mut().filter(|line| line.article == article) {
                line.amounts = amounts;
            }
            chapter.amounts = chapter.lines.iter().map(|line| line.amounts).sum();
        }
        self.totals = Totals::count(&self.chapters, &self.operations);
    }
}

impl Totals {
    fn count(chapters: &[Chapter], operations: &[Operation]) -> Self {
        let side = |section: &str, side: &str| -> Amounts {
            let chosen = chapters.iter().filter(|c| c.section == section && c.side == side);
            chosen.map(|chapter| chapter.amounts).sum()
        };
        let operations: Amounts = operations.iter().map(|operation| operation.amounts).sum();
        Self {
            running_spending: side("F", "D"),
            running_income: side("F", "R"),
            investment_spending: side("I", "D") + operations,
            investment_income: side("I", "R"),
            operations,
        }
    }
}

fn line(raw: &RawLine) -> Line {
    let (article, title, primitive, earlier, proposed) = raw;
    Line {
        article: article.clone(),
        title: title.clone(),
        amounts: Amounts::of(*primitive, *earlier, *proposed),
    }
}

fn chapter(raw: &RawChapter) -> Chapter {
    let lines: Vec<_> = raw.lines.iter().map(line).collect();
    Chapter {
        section: raw.section.clone(),
        side: raw.side.clone(),
        number: raw.number.clone(),
        title: raw.title.clone(),
        amounts: lines.iter().map(|line| line.amounts).sum(),
        lines,
        functions: Vec::new(),
        internal: ["021", "023", "040", "041", "042"].contains(&raw.number.as_str()),
    }
}

fn operation(raw: RawOperation) -> Operation {
    let lines: Vec<_> = raw.lines.iter().map(line).collect();
    let amounts: Amounts = lines.iter().map(|line| line.amounts).sum();
    let granted: i64 = raw.funding.iter().map(|(_, amount)| amount).sum();
    let mut funding = raw.funding;
    funding.push(("Autofinancement et emprunt".to_owned(), amounts.total - granted));
    Operation {
        number: raw.number,
        title: raw.title,
        function: raw.function,
        manager: raw.manager,
        purpose: raw.purpose,
        lines,
        amounts,
        funding,
    }
}

/// Spreads `amount` by `weights`, to the euro: what rounding leaves goes to the heaviest.
fn spread(amount: i64, weights: &[i64]) -> Vec<i64> {
    let whole: i64 = weights.iter().sum::<i64>().max(1);
    let mut shares: Vec<i64> = weights.iter().map(|weight| amount * weight / whole).collect();
    let left = amount - shares.iter().sum::<i64>();
    let heaviest = weights.iter().zip(0..).max_by_key(|(weight, _)| **weight).map(|(_, at)| at);
    if let Some(share) = heaviest.and_then(|at: usize| shares.get_mut(at)) {
        *share += left;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sections_balance_in_every_column() {
        let totals = Budget::read().unwrap().totals;
        assert_eq!(totals.running_spending, totals.running_income);
        assert_eq!(totals.investment_spending, totals.investment_income);
        assert!(totals.running_income.total > 11_000_000);
    }

    #[test]
    fn articles_add_up_to_chapters_and_chapters_to_sections() {
        let budget = Budget::read().unwrap();
        for chapter in &budget.chapters {
            let sum: Amounts = chapter.lines.iter().map(|line| line.amounts).sum();
            assert_eq!(sum, chapter.amounts, "chapter {}", chapter.number);
            assert_eq!(chapter.functions.iter().sum::<i64>(), chapter.amounts.total);
        }
        let spending: Amounts = budget.side("I", "D").map(|chapter| chapter.amounts).sum();
        assert_eq!(spending + budget.totals.operations, budget.totals.investment_spending);
    }

    #[test]
    fn what_leaves_one_section_reaches_the_other() {
        let budget = Budget::read().unwrap();
        let chapter = |section: &str, side: &str, number: &str| {
            budget.side(section, side).find(|chapter| chapter.number == number).unwrap().amounts
        };
        assert_eq!(chapter("F", "D", "023"), chapter("I", "R", "021"));
        assert_eq!(chapter("F", "D", "042"), chapter("I", "R", "040"));
        assert_eq!(chapter("F", "R", "042"), chapter("I", "D", "040"));
        assert_eq!(chapter("I", "D", "041"), chapter("I", "R", "041"));
    }

    #[test]
    fn every_operation_is_paid_for() {
        for operation in Budget::read().unwrap().operations {
            let paid: i64 = operation.funding.iter().map(|(_, amount)| amount).sum();
            assert_eq!(paid, operation.amounts.total);
            assert!(operation.funding.iter().all(|(_, amount)| *amount > 0), "{}", operation.title);
        }
    }
}
