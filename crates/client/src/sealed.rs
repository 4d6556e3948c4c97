//! A paper as it lies on the tablet: a sequence of sealed records.
//!
//! Every record holds as many bytes of the paper as its key says, 16 KiB, the last one fewer, perhaps
//! none: a random nonce, the bytes under AES-256-GCM with the file's own key, and the tag. Its number and whether it is the last are
//! part of what is authenticated, so that a record that is missing, moved, of another file or cut off
//! is found. Records can be opened one by one: what is read is decrypted where it is read.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Bytes of the paper in every record but the last. To read a few bytes is to open a record: for the sizes
/// of five hundred pages, each beside its pictures, 33 MB are opened with records of 64 KiB, and 9 MB with
/// these.
pub const RECORD: usize = 16 << 10;
/// The same in files that an earlier version sealed.
pub const FORMER_RECORD: usize = 64 << 10;
/// What a record is longer than what it holds.
pub const MORE: usize = NONCE_LEN + 16;
/// What every record is authenticated with before its number.
const FORM: &[u8; 15] = b"pupitre paper 1";

/// The key of one file, and how long its records are. It is never shown, and leaves memory with its owner.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileKey {
    bytes: Kept,
    records: Length,
}

/// How much a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Length {
    Present,
    Former,
}

impl FileKey {
    /// From 32 random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self { bytes: Kept(Zeroizing::new(bytes)), records: Length::Present }
    }

    /// The key of a file whose records hold so many bytes; none when no version has sealed such ones.
    #[must_use]
    pub fn of_records(bytes: [u8; 32], record: usize) -> Option<Self> {
        let records = match record {
            RECORD => Length::Present,
            FORMER_RECORD => Length::Former,
            _ => return None,
        };
        Some(Self { records, ..Self::new(bytes) })
    }

    /// The bytes, for whoever keeps them sealed.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.bytes.0
    }

    /// Bytes of the paper in every record but the last.
    #[must_use]
    pub const fn record(&self) -> usize {
        match self.records {
            Length::Present => RECORD,
            Length::Former => FORMER_RECORD,
        }
    }

    /// Length of a whole record on the disk.
    #[must_use]
    pub const fn stride(&self) -> u64 {
        (self.record() + MORE) as u64
    }

    fn cipher(&self) -> io::Result<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, self.expose())
            .map(LessSafeKey::new)
            .map_err(|_| io::Error::other("the cipher refused the key"))
    }
}

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey")
    }
}

/// The bytes of a key.
#[derive(Clone, PartialEq, Eq)]
struct Kept(Zeroizing<[u8; 32]>);

impl Serialize for Kept {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Kept {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        <[u8; 32]>::deserialize(from).map(|bytes| Self(Zeroizing::new(bytes)))
    }
}

/// The bytes on the disk are not those that were sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed file is damaged")]
pub struct Broken;

impl Broken {
    /// Whether this is why something could not be read.
    #[must_use]
    pub fn is_why(error: &io::Error) -> bool {
        error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()).is_some()
    }
}

impl From<Broken> for io::Error {
    fn from(broken: Broken) -> Self {
        Self::new(io::ErrorKind::InvalidData, broken)
    }
}

/// How many bytes a sealed file of this length holds, and in how many records.
fn held(length: u64, key: &FileKey) -> Result<(u64, u64), Broken> {
    let rest = length.checked_sub(MORE as u64).ok_or(Broken)?;
    let (record, stride) = (key.record() as u64, key.stride());
    let (whole, last) = (rest / stride, rest % stride);
    if last >= record {
        return Err(Broken);
    }
    Ok((whole * record + last, whole + 1))
}

fn about(number: u64, last: bool) -> [u8; 24] {
    let mut about = [0; 24];
    let (form, rest) = about.split_at_mut(FORM.len());
    form.copy_from_slice(FORM);
    if let Some((number_at, last_at)) = rest.split_at_mut_checked(8) {
        number_at.copy_from_slice(&number.to_le_bytes());
        last_at.fill(u8::from(last));
    }
    about
}

/// Writes records, one after another.
#[derive(Debug)]
pub struct Sealer {
    cipher: LessSafeKey,
    record: usize,
    number: u64,
}

impl Sealer {
    /// Goes on after so many whole records.
    ///
    /// # Errors
    /// The cipher refuses.
    pub fn after(key: &FileKey, records: u64) -> io::Result<Self> {
        Ok(Self { cipher: key.cipher()?, record: key.record(), number: records })
    }

    /// Writes one record with a nonce that is random: whole, or the last with fewer bytes than a
    /// record holds. After an error the number is still the same.
    ///
    /// # Errors
    /// `to` cannot be written, or the bytes have another length.
    pub fn write(
        &mut self,
        to: &mut impl Write,
        nonce: [u8; NONCE_LEN],
        plain: &[u8],
        last: bool,
    ) -> io::Result<()> {
        if last == (plain.len() >= self.record) || plain.len() > self.record {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        // With room for the tag: a vector that grows leaves what it held behind.
        let mut bytes = Vec::with_capacity(plain.len() + MORE);
        bytes.extend_from_slice(plain);
        self.cipher
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(about(self.number, last)),
                &mut bytes,
            )
            .map_err(|_| io::Error::other("the cipher refused a record"))?;
        to.write_all(&[nonce.as_slice(), &bytes].concat())?;
        self.number += 1;
        Ok(())
    }
}

/// A sealed file, of which any record can be opened.
#[derive(Debug)]
pub struct Records {
    file: File,
    cipher: LessSafeKey,
    record: u64,
    length: u64,
    count: u64,
}

impl Records {
    /// Looks at the file's length alone.
    ///
    /// # Errors
    /// It cannot be read, or [`Broken`].
    pub fn open(file: File, key: &FileKey) -> io::Result<Self> {
        let (length, count) = held(file.metadata()?.len(), key)?;
        Ok(Self { file, cipher: key.cipher()?, record: key.record() as u64, length, count })
    }

    /// Bytes of the paper in every record but the last.
    #[must_use]
    pub const fn holds(&self) -> u64 {
        self.record
    }

    /// Bytes of the paper.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// What a record holds; nothing after the last.
    ///
    /// # Errors
    /// It cannot be read, or [`Broken`].
    pub fn record(&mut self, number: u64) -> io::Result<Vec<u8>> {
        if number >= self.count {
            return Ok(Vec::new());
        }
        let last = number + 1 == self.count;
        let holds = if last { self.length - number * self.record } else { self.record };
        let holds = usize::try_from(holds).map_err(io::Error::other)?;
        // One read for the nonce and what follows it; what is opened moves to the front.
        let mut bytes = vec![0; holds + MORE];
        read_at(&mut self.file, number * (self.record + MORE as u64), &mut bytes).map_err(cut)?;
        let nonce = *bytes.first_chunk::<NONCE_LEN>().ok_or(Broken)?;
        self.cipher
            .open_within(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(about(number, last)),
                &mut bytes,
                NONCE_LEN..,
            )
            .map_err(|_| Broken)?;
        bytes.truncate(holds);
        Ok(bytes)
    }
}

/// A file that has become shorter than it was is a damaged one.
fn cut(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof { Broken.into() } else { error }
}

/// Reads at a place of a file.
///
/// # Errors
/// It cannot be read, or ends before.
pub fn read_at(file: &mut File, start: u64, bytes: &mut [u8]) -> io::Result<()> {
    #[cfg(unix)]
    {
        std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
    }
    #[cfg(not(unix))]
    {
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(bytes)
    }
}

/// A sealed file read as if it were plain, one record kept.
#[derive(Debug)]
pub struct Unsealed {
    records: Records,
    position: u64,
    kept: Option<(u64, Vec<u8>)>,
}

impl Unsealed {
    /// Reads from its beginning.
    ///
    /// # Errors
    /// It cannot be read, or [`Broken`].
    pub fn open(file: File, key: &FileKey) -> io::Result<Self> {
        Ok(Self { records: Records::open(file, key)?, position: 0, kept: None })
    }
}

impl Read for Unsealed {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let record = self.records.holds();
        let number = self.position / record;
        let inside = usize::try_from(self.position % record).map_err(io::Error::other)?;
        if self.kept.as_ref().is_none_or(|(kept, _)| *kept != number) {
            self.kept = Some((number, self.records.record(number)?));
        }
        let kept = self.kept.as_ref().and_then(|(_, bytes)| bytes.get(inside..));
        let rest = kept.unwrap_or_default();
        let count = rest.len().min(out.len());
        for (to, from) in out.iter_mut().zip(rest) {
            *to = *from;
        }
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Unsealed {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.records.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(n: u8) -> FileKey {
        FileKey::new([n; 32])
    }

    /// Every record has its own nonce, as random ones would.
    fn seal(key: &FileKey, plain: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::new();
        let mut sealer = Sealer::after(key, 0).unwrap();
        let whole = plain.chunks_exact(key.record());
        let last = whole.remainder();
        for (number, record) in (0_u8..).zip(whole) {
            sealer.write(&mut sealed, [number; NONCE_LEN], record, false).unwrap();
        }
        sealer.write(&mut sealed, [255; NONCE_LEN], last, true).unwrap();
        sealed
    }

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn open(key: &FileKey, sealed: &[u8]) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        Unsealed::open(file(sealed), key)?.read_to_end(&mut plain)?;
        Ok(plain)
    }

    fn paper(length: usize) -> Vec<u8> {
        (0..length).map(|place| (place % 251) as u8).collect()
    }

    #[test]
    fn what_was_sealed_opens_at_every_length() {
        for length in [0, 1, RECORD - 1, RECORD, RECORD + 1, 3 * RECORD, 3 * RECORD + 777] {
            let sealed = seal(&key(1), &paper(length));
            assert_eq!(held(sealed.len() as u64, &key(1)).unwrap().0, length as u64);
            assert_eq!(open(&key(1), &sealed).unwrap(), paper(length), "{length}");
            assert!(length < 32 || !sealed.windows(32).any(|part| part == &paper(32)[..]));
        }
    }

    #[test]
    fn a_file_of_the_former_records_opens_by_a_key_that_says_so() {
        let former = FileKey::of_records([1; 32], FORMER_RECORD).unwrap();
        for length in [0, FORMER_RECORD - 1, FORMER_RECORD, 2 * FORMER_RECORD + RECORD] {
            let sealed = seal(&former, &paper(length));
            assert_eq!(open(&former, &sealed).unwrap(), paper(length), "{length}");
            let told = serde_json::to_vec(&former).unwrap();
            let told: FileKey = serde_json::from_slice(&told).unwrap();
            assert_eq!(open(&told, &sealed).unwrap(), paper(length));
            // The same key with other records opens nothing of it but what is one record in both.
            assert_eq!(open(&key(1), &sealed).is_ok(), length < RECORD, "{length}");
        }
        assert_eq!(FileKey::of_records([1; 32], RECORD), Some(key(1)));
        assert_eq!(FileKey::of_records([1; 32], 5), None);
    }

    #[test]
    fn another_key_opens_nothing_and_is_not_shown() {
        let sealed = seal(&key(1), &paper(100));
        assert!(Broken::is_why(&open(&key(2), &sealed).unwrap_err()));
        assert_eq!(format!("{:?}", key(7)), "FileKey");
    }

    #[test]
    fn a_file_that_is_cut_at_a_record_or_within_one_is_found() {
        let sealed = seal(&key(1), &paper(3 * RECORD + 100));
        let stride = RECORD + MORE;
        for left in
            [0, 5, MORE, stride, stride + 5, 2 * stride + MORE, 3 * stride, sealed.len() - 1]
        {
            let error = open(&key(1), &sealed[..left]).unwrap_err();
            assert!(Broken::is_why(&error), "{left}: {error}");
        }
    }

    #[test]
    fn records_that_changed_places_or_files_are_found() {
        let stride = RECORD + MORE;
        let sealed = seal(&key(1), &paper(3 * RECORD + 100));
        let mut swapped = sealed.clone();
        let (first, second) = swapped.split_at_mut(stride);
        first.swap_with_slice(&mut second[..stride]);
        let mut doubled = sealed.clone();
        doubled.copy_within(..stride, stride);
        let left_out = [&sealed[..stride], &sealed[2 * stride..]].concat();
        let other = seal(&key(2), &paper(3 * RECORD + 100));
        let mixed = [&sealed[..stride], &other[stride..]].concat();
        for (what, bytes) in
            [("swapped", swapped), ("doubled", doubled), ("left out", left_out), ("mixed", mixed)]
        {
            let error = open(&key(1), &bytes).unwrap_err();
            assert!(Broken::is_why(&error), "{what}: {error}");
        }
    }

    #[test]
    fn a_whole_record_is_never_the_last() {
        let mut sealer = Sealer::after(&key(1), 0).unwrap();
        let mut out = Vec::new();
        assert!(sealer.write(&mut out, [0; NONCE_LEN], &paper(RECORD), true).is_err());
        assert!(sealer.write(&mut out, [0; NONCE_LEN], &paper(RECORD - 1), false).is_err());
        assert!(out.is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn any_byte_that_is_turned_is_found_where_it_is_read(
            length in 1..3 * RECORD,
            place in any::<prop::sample::Index>(),
            bit in 0_u32..8,
        ) {
            let mut sealed = seal(&key(1), &paper(length));
            let place = place.index(sealed.len());
            sealed[place] ^= 1_u8 << bit;
            prop_assert!(Broken::is_why(&open(&key(1), &sealed).unwrap_err()));
        }

        #[test]
        fn any_part_is_read_as_from_the_plain_file(
            length in 0..3 * RECORD,
            from in 0..4 * RECORD as u64,
            wanted in 0..2 * RECORD,
        ) {
            let plain = paper(length);
            let mut unsealed = Unsealed::open(file(&seal(&key(1), &plain)), &key(1)).unwrap();
            unsealed.seek(SeekFrom::Start(from)).unwrap();
            let mut read = Vec::new();
            unsealed.take(wanted as u64).read_to_end(&mut read).unwrap();
            let start = plain.len().min(usize::try_from(from).unwrap());
            let end = plain.len().min(start + wanted);
            prop_assert_eq!(read, &plain[start..end]);
        }
    }
}
