//! Sizes of pages on their way to the screens: most pages of a paper are as large as the one before,
//! and a thousand of them one by one are seventy kilobytes that a screen reads before it shows anything.
//!
//! Written as `[count, size]` for each run of equal ones.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::views::PageSize;

/// More pages than any paper has.
const MOST: usize = 1 << 20;

pub(crate) fn serialize<S: Serializer>(sizes: &[PageSize], to: S) -> Result<S::Ok, S::Error> {
    let runs: Vec<(usize, PageSize)> = sizes
        .chunk_by(|one, next| one == next)
        .filter_map(|run| Some((run.len(), *run.first()?)))
        .collect();
    runs.serialize(to)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PageSize>, D::Error> {
    let mut sizes = Vec::new();
    for (count, size) in Vec::<(usize, PageSize)>::deserialize(from)? {
        if count > MOST - sizes.len() {
            return Err(D::Error::custom("more pages than any paper has"));
        }
        sizes.resize(sizes.len() + count, size);
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Paper(#[serde(with = "super")] Vec<PageSize>);

    fn size(width: f32) -> PageSize {
        PageSize { width, height: 842.0, rotation: 0, left: 0.0, bottom: 0.0 }
    }

    #[test]
    fn sizes_come_back_as_they_were_and_a_thousand_equal_ones_are_few_bytes() {
        for widths in [&[][..], &[595.0], &[595.0, 595.0, 1191.0, 595.0]] {
            let paper = Paper(widths.iter().copied().map(size).collect());
            let text = serde_json::to_string(&paper).unwrap();
            assert_eq!(serde_json::from_str::<Paper>(&text).unwrap(), paper);
        }
        let text = serde_json::to_string(&Paper(vec![size(595.0); 1_000])).unwrap();
        assert!(text.len() < 100, "{text}");
    }

    #[test]
    fn a_count_beyond_all_papers_is_refused() {
        let one = serde_json::to_string(&size(595.0)).unwrap();
        let many = format!("[[{MOST},{one}],[1,{one}]]");
        assert!(serde_json::from_str::<Paper>(&many).is_err());
    }
}
