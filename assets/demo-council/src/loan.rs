//! A loan repaid in constant yearly instalments, to the cent.

use serde::Serialize;

/// One year of a loan; every amount in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Year {
    /// From 1.
    pub rank: u32,
    /// Owed before the instalment.
    pub before: i64,
    /// Interest of the year.
    pub interest: i64,
    /// Capital repaid.
    pub capital: i64,
    /// Interest and capital.
    pub instalment: i64,
    /// Owed after the instalment.
    pub after: i64,
}

/// The schedule of a loan of `principal` cents over `years` at `rate` (0.031 is 3.10 %).
///
/// The last instalment takes up the rounding, so that the capital repaid is the principal to the cent.
pub fn schedule(principal: i64, years: u32, rate: f64) -> Vec<Year> {
    let factor = 1.0 - (1.0 + rate).powf(-f64::from(years));
    let constant = (principal as f64 * rate / factor).round() as i64;
    let mut owed = principal;
    let mut rows = Vec::new();
    for rank in 1..=years {
        let interest = (owed as f64 * rate).round() as i64;
        let capital = if rank == years { owed } else { constant - interest };
        let after = owed - capital;
        rows.push(Year {
            rank,
            before: owed,
            interest,
            capital,
            instalment: interest + capital,
            after,
        });
        owed = after;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loan_is_repaid_to_the_cent() {
        let rows = schedule(124_000_000, 25, 0.031);
        assert_eq!(rows.len(), 25);
        assert_eq!(rows.iter().map(|row| row.capital).sum::<i64>(), 124_000_000);
        assert_eq!(rows.last().unwrap().after, 0);
        let first = rows[0].instalment;
        assert!(rows.iter().all(|row| (row.instalment - first).abs() < 100));
    }
}
