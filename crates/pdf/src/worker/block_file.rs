//! A paper read in blocks: pdfium asks for a few bytes at a time, each of which would be a system
//! call of its own. A sealed paper is opened block by block, here and nowhere else.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use client::sealed::{Broken, FileKey, RECORD, Records, read_at};

/// Size of a block of a plain paper, in bytes: what a sealed record holds.
const BLOCK: u64 = RECORD as u64;
/// Bytes kept in blocks.
const KEPT: u64 = 1 << 20;

/// The file of a paper, and what it is sealed with.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) file: File,
    pub(crate) key: Option<FileKey>,
    /// Set when a sealed file turns out to be damaged: pdfium hides why it could not read.
    pub(crate) broken: Arc<AtomicBool>,
    /// Bytes that pdfium has taken so far.
    pub(crate) taken: Arc<AtomicU64>,
}

/// A file behind a few kept blocks, the one used last in front.
pub(crate) struct BlockFile {
    from: Behind,
    broken: Arc<AtomicBool>,
    taken: Arc<AtomicU64>,
    length: u64,
    block: u64,
    position: u64,
    blocks: VecDeque<(u64, Vec<u8>)>,
}

enum Behind {
    Plain(File),
    Sealed(Box<Records>),
}

impl BlockFile {
    pub(crate) fn open(source: &Source) -> io::Result<Self> {
        let file = source.file.try_clone()?;
        let (broken, taken) = (Arc::clone(&source.broken), Arc::clone(&source.taken));
        let opened = match &source.key {
            None => file.metadata().map(|about| (about.len(), BLOCK, Behind::Plain(file))),
            Some(key) => Records::open(file, key).map(|records| {
                (records.length(), records.holds(), Behind::Sealed(Box::new(records)))
            }),
        };
        let (length, block, from) = opened.inspect_err(|error| tell(&broken, error))?;
        Ok(Self { from, broken, taken, length, block, position: 0, blocks: VecDeque::new() })
    }

    fn block(&mut self, number: u64) -> io::Result<&[u8]> {
        if let Some(found) = self.blocks.iter().position(|(kept, _)| *kept == number) {
            if found > 0
                && let Some(block) = self.blocks.remove(found)
            {
                self.blocks.push_front(block);
            }
        } else {
            let bytes = self.fresh(number).inspect_err(|error| tell(&self.broken, error))?;
            let kept = usize::try_from(KEPT / self.block).map_err(io::Error::other)?;
            self.blocks.truncate(kept.saturating_sub(1));
            self.blocks.push_front((number, bytes));
        }
        Ok(self.blocks.front().map_or(&[], |(_, bytes)| bytes))
    }

    fn fresh(&mut self, number: u64) -> io::Result<Vec<u8>> {
        match &mut self.from {
            Behind::Plain(file) => {
                let start = number * self.block;
                let wanted = usize::try_from(self.block.min(self.length.saturating_sub(start)))
                    .map_err(io::Error::other)?;
                let mut bytes = vec![0; wanted];
                read_at(file, start, &mut bytes)?;
                Ok(bytes)
            }
            Behind::Sealed(records) => records.record(number),
        }
    }
}

fn tell(broken: &AtomicBool, error: &io::Error) {
    if Broken::is_why(error) {
        broken.store(true, Ordering::Relaxed);
    }
}

impl Read for BlockFile {
    /// Fills `out` unless the file ends: pdfium's side takes a short read for the whole.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while let Some(wanted) = out.get_mut(done..).filter(|wanted| !wanted.is_empty()) {
            let inside = usize::try_from(self.position % self.block).map_err(io::Error::other)?;
            let block = self.block(self.position / self.block)?;
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
        self.taken.fetch_add(done as u64, Ordering::Relaxed);
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

    use client::sealed::Sealer;

    use super::*;

    fn plain(file: File) -> Source {
        Source { file, key: None, broken: Arc::default(), taken: Arc::default() }
    }

    #[test]
    fn a_sealed_file_is_read_as_a_plain_one_and_damage_is_told() {
        let bytes: Vec<u8> = (0..BLOCK * 2 + 100).map(|i| (i % 251) as u8).collect();
        let key = FileKey::new([7; 32]);
        let mut sealer = Sealer::after(&key, 0).unwrap();
        let mut sealed = Vec::new();
        let (whole, last) = bytes.as_chunks::<RECORD>();
        for record in whole {
            sealer.write(&mut sealed, [1; 12], record, false).unwrap();
        }
        sealer.write(&mut sealed, [2; 12], last, true).unwrap();
        let read = |sealed: &[u8]| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(sealed).unwrap();
            let source = Source { key: Some(key.clone()), ..plain(file) };
            let mut out = Vec::new();
            let read = BlockFile::open(&source).and_then(|mut file| {
                file.seek(SeekFrom::Start(BLOCK - 5))?;
                file.read_to_end(&mut out)
            });
            (read.map(|_| out).ok(), source.broken.load(Ordering::Relaxed))
        };
        assert_eq!(read(&sealed), (Some(bytes[RECORD - 5..].to_vec()), false));
        let mut turned = sealed.clone();
        turned[RECORD + 100] ^= 1;
        assert_eq!(read(&turned), (None, true));
        assert_eq!(read(&sealed[..5]), (None, true));
    }

    #[test]
    fn a_read_across_blocks_is_whole() {
        let bytes: Vec<u8> = (0..BLOCK * 3 + 100).map(|i| (i % 251) as u8).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let source = plain(file);
        let mut file = BlockFile::open(&source).unwrap();
        let mut taken = 0;
        for (start, length) in [(0, 10), (BLOCK - 5, 10), (BLOCK - 1, 2 * BLOCK), (BLOCK * 3, 900)]
        {
            file.seek(SeekFrom::Start(start)).unwrap();
            let mut out = vec![0; length as usize];
            let got = file.read(&mut out).unwrap();
            let end = bytes.len().min((start + length) as usize);
            assert_eq!(out[..got], bytes[start as usize..end]);
            taken += got as u64;
            assert_eq!(source.taken.load(Ordering::Relaxed), taken);
        }
    }

    #[test]
    fn the_end_of_the_file_is_found() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"1234").unwrap();
        let mut file = BlockFile::open(&plain(file)).unwrap();
        assert_eq!(file.seek(SeekFrom::End(0)).unwrap(), 4);
        assert_eq!(file.read(&mut [0; 4]).unwrap(), 0);
        assert_eq!(file.seek(SeekFrom::End(-2)).unwrap(), 2);
        assert!(file.seek(SeekFrom::Current(-3)).is_err());
    }
}
