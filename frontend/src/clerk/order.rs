//! Where an item goes that is dragged or moved by keys.

/// Places of the rows on the screen: top and bottom of each, from the first.
pub(crate) type Rows = Vec<(f64, f64)>;

/// The number (from 1) that a dragged item would get, by the middle of each row.
pub(crate) fn dropped_at(rows: &Rows, from: usize, y: f64) -> u32 {
    let above = rows
        .iter()
        .enumerate()
        .filter(|(at, (top, bottom))| *at != from && f64::midpoint(*top, *bottom) < y)
        .count();
    u32::try_from(above + 1).unwrap_or(u32::MAX)
}

/// The number that a key gives an item, out of `count`; none when the key moves nothing.
pub(crate) fn by_key(key: &str, number: u32, count: u32) -> Option<u32> {
    let to = match key {
        "ArrowUp" => number.checked_sub(1)?,
        "ArrowDown" => number + 1,
        "Home" => 1,
        "End" => count,
        _ => return None,
    };
    (to != number && (1..=count).contains(&to)).then_some(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_dropped_between_the_middles_of_the_others() {
        let rows: Rows =
            (0..4).map(|n| (f64::from(n) * 100.0, f64::from(n) * 100.0 + 100.0)).collect();
        let drop = |from, y| dropped_at(&rows, from, y);
        assert_eq!((drop(0, -50.0), drop(0, 120.0), drop(0, 160.0), drop(0, 999.0)), (1, 1, 2, 4));
        assert_eq!((drop(3, 10.0), drop(3, 60.0), drop(3, 260.0), drop(3, 399.0)), (1, 2, 4, 4));
    }

    #[test]
    fn keys_move_by_one_or_to_an_end_and_never_beyond() {
        assert_eq!(by_key("ArrowUp", 2, 5), Some(1));
        assert_eq!(by_key("ArrowUp", 1, 5), None);
        assert_eq!(by_key("ArrowDown", 5, 5), None);
        assert_eq!(by_key("Home", 4, 5), Some(1));
        assert_eq!(by_key("End", 4, 5), Some(5));
        assert_eq!(by_key("a", 4, 5), None);
    }
}
