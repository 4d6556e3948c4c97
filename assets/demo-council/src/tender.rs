//! Offers for a public contract, marked and ranked by the method the report describes.

use serde::{Deserialize, Serialize};

/// A lot and its offers, the best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lot {
    /// From 1.
    pub lot: u32,
    /// What is bought.
    pub objet: String,
    /// What it was expected to cost, euros without tax.
    pub estimation: i64,
    /// The offers by rank.
    pub offres: Vec<Offer>,
}

/// One offer; prices in euros without tax, marks in hundredths of a point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// The firm.
    pub entreprise: String,
    /// The price first offered.
    pub initial: i64,
    /// The price after negotiation.
    pub prix: i64,
    /// Mark for the price, out of 4500: the lowest price has them all.
    pub note_prix: i64,
    /// Technical mark, out of 4000.
    pub technique: i64,
    /// Environmental mark, out of 1500.
    pub environnement: i64,
    /// The sum of the marks.
    pub total: i64,
    /// From 1.
    pub rang: u32,
    /// The examiner's remark.
    pub avis: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLots {
    lot: Vec<RawLot>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLot {
    lot: u32,
    objet: String,
    estimation: i64,
    offres: Vec<(String, i64, i64, i64, i64, String)>,
}

/// Reads the embedded offers and ranks them.
///
/// # Errors
/// A data file that has lost a field.
pub fn read() -> Result<Vec<Lot>, toml::de::Error> {
    let raw: RawLots = toml::from_str(include_str!("../data/lots.toml"))?;
    Ok(raw.lot.into_iter().map(ranked).collect())
}

fn ranked(raw: RawLot) -> Lot {
    let lowest = raw.offres.iter().map(|offer| offer.2).min().unwrap_or(1);
    let mark = |(entreprise, initial, prix, technique, environnement, avis)| {
        let note_prix = (9000 * lowest + prix) / (2 * prix);
        let total = note_prix + technique + environnement;
        let rang = 0;
        Offer { entreprise, initial, prix, note_prix, technique, environnement, total, rang, avis }
    };
    let mut offres: Vec<Offer> = raw.offres.into_iter().map(mark).collect();
    offres.sort_by_key(|offer| -offer.total);
    for (offer, rank) in offres.iter_mut().zip(1..) {
        offer.rang = rank;
    }
    Lot { lot: raw.lot, objet: raw.objet, estimation: raw.estimation, offres }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_total_comes_first_and_the_lowest_price_has_every_point() {
        for lot in read().unwrap() {
            let lowest = lot.offres.iter().min_by_key(|offer| offer.prix).unwrap();
            assert_eq!(lowest.note_prix, 4500);
            assert!(lot.offres.windows(2).all(|pair| pair[0].total > pair[1].total));
        }
    }
}
