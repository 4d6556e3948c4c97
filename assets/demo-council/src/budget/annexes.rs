//! The tables at the end of the printed budget (debt, guarantees, staff, grants), their totals counted here.

use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Words.
    Text,
    /// Euros; summed.
    Amount,
    /// A number that is not money; summed.
    Count,
    /// A rate, a year, a code: aligned as a number, never summed.
    Figure,
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// A number.
    Number(i64),
    /// Words, or a figure as it is printed.
    Words(String),
}

/// A table of the annexes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its title.
    pub title: String,
    /// A sentence above the table.
    pub note: String,
    /// Columns: kind and heading.
    pub columns: Vec<(Kind, String)>,
    /// Rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// The sums of the columns that can be summed, `null` for the others; filled here.
    #[serde(skip_deserializing)]
    pub totals: Vec<Option<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    table: Vec<Table>,
}

/// Reads the tables and adds them up.
///
/// # Errors
/// A data file that has lost a field.
pub fn read() -> Result<Vec<Table>, toml::de::Error> {
    let tables: Tables = toml::from_str(include_str!("../../data/budget-annexes.toml"))?;
    Ok(tables.table.into_iter().map(added_up).collect())
}

fn added_up(mut table: Table) -> Table {
    let sum = |at: usize| -> i64 {
        let cells = table.rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| if let Cell::Number(number) = cell { *number } else { 0 }).sum()
    };
    let totals = table.columns.iter().zip(0..).map(|((kind, _), at)| match kind {
        Kind::Amount | Kind::Count => Some(sum(at)),
        Kind::Text | Kind::Figure => None,
    });
    table.totals = totals.collect();
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_cell_for_every_column() {
        for table in read().unwrap() {
            for row in &table.rows {
                assert_eq!(row.len(), table.columns.len(), "{}", table.title);
            }
        }
    }
}
