//! A paper read in blocks: pdfium asks for a few bytes at a time, each of which would be a system
//! call of its own.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Size of a block, in bytes.
const BLOCK: u64 = 64 << 10;
/// Blocks kept.
const KEPT: usize = 32;

/// A file behind a few kept blocks, the one used last in front.
pub(crate) struct BlockFile {
    file: File,
    length: u64,
    position: u64,
    blocks: Vec<(u64, Vec<u8>)>,
}

impl BlockFile {
    pub(crate) fn new(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { file, length, position: 0, blocks: Vec::new() })
    }

    fn block(&mut self, number: u64) -> io::Result<&[u8]> {
        if let Some(found) = self.blocks.iter().position(|(kept, _)| *kept == number) {
            if let Some(front) = self.blocks.get_mut(..=found) {
                front.rotate_right(1);
            }
        } else {
            let start = number * BLOCK;
            let wanted = usize::try_from(BLOCK.min(self.length.saturating_sub(start)))
                .map_err(io::Error::other)?;
            let mut bytes = vec![0; wanted];
            read_at(&mut self.file, start, &mut bytes)?;
            self.blocks.truncate(KEPT - 1);
            self.blocks.insert(0, (number, bytes));
        }
        Ok(self.blocks.first().map_or(&[], |(_, bytes)| bytes))
    }
}

#[cfg(unix)]
fn read_at(file: &mut File, start: u64, bytes: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
}

#[cfg(not(unix))]
fn read_at(file: &mut File, start: u64, bytes: &mut [u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(bytes)
}

impl Read for BlockFile {
    /// Fills `out` unless the file ends: pdfium's side takes a short read for the whole.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while let Some(wanted) = out.get_mut(done..).filter(|wanted| !wanted.is_empty()) {
            let inside = usize::try_from(self.position % BLOCK).map_err(io::Error::other)?;
            let block = self.block(self.position / BLOCK)?;
            let rest = block.get(inside..).unwrap_or_default();
            let count = rest.len().min(wanted.len());
            if count == 0 {
                break;
            }
            if let (Some(to), Some(from)) = (wanted.get_mut(..count), rest.get(..count)) {
                to.copy_from_slice(from);
            }
            self.position += count as u64;
            done += count;
        }
        Ok(done)
    }
}

impl Seek for BlockFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_read_across_blocks_is_whole() {
        let bytes: Vec<u8> = (0..BLOCK * 3 + 100).map(|i| (i % 251) as u8).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let mut file = BlockFile::new(file).unwrap();
        for (start, length) in [(0, 10), (BLOCK - 5, 10), (BLOCK - 1, 2 * BLOCK), (BLOCK * 3, 900)]
        {
            file.seek(SeekFrom::Start(start)).unwrap();
            let mut out = vec![0; length as usize];
            let got = file.read(&mut out).unwrap();
            let end = bytes.len().min((start + length) as usize);
            assert_eq!(out[..got], bytes[start as usize..end]);
        }
    }

    #[test]
    fn the_end_of_the_file_is_found() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"1234").unwrap();
        let mut file = BlockFile::new(file).unwrap();
        assert_eq!(file.seek(SeekFrom::End(0)).unwrap(), 4);
        assert_eq!(file.read(&mut [0; 4]).unwrap(), 0);
        assert_eq!(file.seek(SeekFrom::End(-2)).unwrap(), 2);
        assert!(file.seek(SeekFrom::Current(-3)).is_err());
    }
}
