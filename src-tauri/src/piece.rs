//! Which piece of which file: `FILE/OFFSET`, as both doors name it.

use uuid::Uuid;

pub(crate) fn parse(text: &str) -> Option<(Uuid, u64)> {
    let (file, offset) = text.split_once('/')?;
    Some((file.parse().ok()?, offset.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_named_by_its_file_and_its_place() {
        let file = Uuid::from_bytes([7; 16]);
        assert_eq!(parse(&format!("{file}/4096")), Some((file, 4_096)));
        for text in ["", "x/0", &file.to_string(), &format!("{file}/-1"), &format!("{file}/1/2")] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
