//! Rows whose way from the root is lost: the pages that hold them are known by what a row looks like, and hung under a
//! root of our own making.

use super::pages::PAGE;

/// Kinds of pages of a table: one that leads to others, one that holds rows.
const WAY: u8 = 0x05;
const LEAF: u8 = 0x0d;
/// Entries of a page that leads to others, at most; a page takes some three hundred.
const FAN: usize = 250;
/// Serial types of SQLite's records.
const NULL: u64 = 0;

/// How the rows of a table begin: their number of columns at least and at most, and a column that is a blob of
/// this length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) columns: (usize, usize),
    pub(super) blob: (usize, u64),
}

impl Look {
    fn fits(self, types: &[u64]) -> bool {
        let (least, most) = self.columns;
        let (column, bytes) = self.blob;
        (least..=most).contains(&types.len())
            // The first column is the row's number, which stands elsewhere.
            && types.first() == Some(&NULL)
            && types.get(column) == Some(&(12 + 2 * bytes))
    }
}

/// Hangs every page of rows that look like this under the root of a plain database; false when there are none.
pub(super) fn hang(bytes: &mut Vec<u8>, root: usize, reserved: usize, look: Look) -> bool {
    let mut level: Vec<(usize, i64)> = (1..)
        .zip(bytes.chunks_exact(PAGE))
        // The first page begins with a header and holds no rows of ours.
        .skip(1)
        .filter(|(number, _)| *number != root)
        .filter_map(|(number, page)| Some((number, last(page, look)?)))
        .collect();
    if level.is_empty() || root == 0 || root * PAGE > bytes.len() {
        return false;
    }
    level.sort_by_key(|(_, row)| *row);
    while level.len() > FAN {
        level = level
            .chunks(FAN)
            .map(|some| {
                let page = way(some, reserved);
                bytes.extend(page);
                (bytes.len() / PAGE, some.last().map_or(0, |(_, row)| *row))
            })
            .collect();
    }
    let page = way(&level, reserved);
    if let Some(place) = bytes.get_mut((root - 1) * PAGE..root * PAGE) {
        place.copy_from_slice(&page);
    }
    true
}

/// The number of the last row of a page whose first row looks like this.
fn last(page: &[u8], look: Look) -> Option<i64> {
    if page.first() != Some(&LEAF) {
        return None;
    }
    let cells = two(page, 3)?;
    if cells == 0 {
        return None;
    }
    let (_, types) = cell(page, two(page, 8)?)?;
    let (row, _) = cell(page, two(page, 8 + 2 * (cells - 1))?)?;
    look.fits(&types).then_some(row)
}

/// The number of a row and the types of its columns.
fn cell(page: &[u8], at: usize) -> Option<(i64, Vec<u64>)> {
    let (_, at) = varint(page, at)?;
    let (row, at) = varint(page, at)?;
    let (length, mut next) = varint(page, at)?;
    let end = at.checked_add(usize::try_from(length).ok()?)?;
    let mut types = Vec::new();
    while next < end && types.len() < 64 {
        let (kind, after) = varint(page, next)?;
        types.push(kind);
        next = after;
    }
    Some((i64::from_ne_bytes(row.to_ne_bytes()), types))
}

/// A page that leads to these, with the last row of each.
fn way(children: &[(usize, i64)], reserved: usize) -> Vec<u8> {
    let mut page = vec![0; PAGE];
    let four = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes();
    let pair = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes();
    let Some(((rightmost, _), others)) = children.split_last() else { return page };
    let mut ends = PAGE - reserved;
    for (index, (child, row)) in others.iter().enumerate() {
        let entry = [four(*child).as_slice(), &written(*row)].concat();
        ends -= entry.len();
        put(&mut page, ends, &entry);
        put(&mut page, 12 + 2 * index, &pair(ends));
    }
    put(&mut page, 0, &[WAY]);
    put(&mut page, 3, &pair(others.len()));
    put(&mut page, 5, &pair(ends));
    put(&mut page, 8, &four(*rightmost));
    page
}

fn put(page: &mut [u8], at: usize, what: &[u8]) {
    if let Some(place) = page.get_mut(at..at + what.len()) {
        place.copy_from_slice(what);
    }
}

fn two(page: &[u8], at: usize) -> Option<usize> {
    let pair = page.get(at..)?.first_chunk()?;
    Some(usize::from(u16::from_be_bytes(*pair)))
}

/// SQLite's numbers of one to nine bytes, the largest first.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut number = 0_u64;
    for place in 0..8 {
        let byte = *bytes.get(at + place)?;
        number = (number << 7) | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((number, at + place + 1));
        }
    }
    let byte = *bytes.get(at + 8)?;
    Some(((number << 8) | u64::from(byte), at + 9))
}

/// A row's number as one of nine bytes.
fn written(row: i64) -> [u8; 9] {
    let number = u64::from_ne_bytes(row.to_ne_bytes());
    let mut bytes = [0; 9];
    let high = number >> 8;
    for (index, byte) in bytes.iter_mut().take(8).enumerate() {
        let seven = (high >> (7 * (7 - index))) & 0x7f;
        *byte = 0x80 | u8::try_from(seven).unwrap_or(0);
    }
    if let (Some(last), [.., lowest]) = (bytes.last_mut(), number.to_be_bytes()) {
        *last = lowest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for row in [0, 1, 127, 128, 70_000, i64::MAX, -1] {
            let (read, length) = varint(&written(row), 0).unwrap();
            assert_eq!((i64::from_ne_bytes(read.to_ne_bytes()), length), (row, 9));
        }
        assert_eq!(varint(&[0x81, 0x00], 0), Some((128, 2)));
        assert_eq!(varint(&[0x81], 0), None);
    }
}
