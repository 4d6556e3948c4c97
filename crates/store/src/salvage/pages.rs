//! The pages of a damaged database, opened one by one in memory: a page whose seal is broken costs that page,
//! where SQLCipher gives the whole connection up.
//!
//! The form is SQLCipher 4's: AES-256-CBC; behind each page its initialisation vector and an HMAC-SHA-512 over
//! the ciphertext, the vector and the page's number. The key of the HMAC comes from the key and from the salt,
//! which is the first sixteen bytes of the file: when those are damaged no page opens, unless a copy of
//! the salt is at hand ([`super::chart`]).

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use aes::Aes256;
use cbc::Decryptor;
use cbc::cipher::{Block, BlockModeDecrypt, KeyIvInit};
use ring::{hmac, pbkdf2};
use zeroize::Zeroizing;

use crate::vault::Key;

/// Bytes of a page.
pub(super) const PAGE: usize = 4_096;
/// How a plain database begins.
pub(super) const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Bytes of the salt, and of an initialisation vector.
const SALT: usize = 16;
const HMAC: usize = 64;
/// What SQLCipher keeps behind each page.
pub(super) const RESERVED: usize = SALT + HMAC;
/// What tells the HMAC's salt from the file's.
const MASK: u8 = 0x3a;
/// Rounds by which the key of the HMAC is made.
const ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

/// The salt of an encrypted database.
pub(super) type Salt = [u8; SALT];

/// A database as it is once decrypted. It is in memory alone, and leaves it with its owner.
pub(super) struct Image {
    /// Every page; those that cannot be opened are zeros.
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Numbers of the pages that cannot be opened, counted from 1.
    pub(super) broken: Vec<usize>,
    /// How many could.
    pub(super) sound: usize,
    /// The salt under which they open; none when they are plain.
    pub(super) salt: Option<Salt>,
    /// What stands behind each page and belongs to no row.
    pub(super) reserved: usize,
}

/// The first bytes of a database.
pub(super) fn salt(file: &[u8]) -> Option<Salt> {
    file.first_chunk().copied()
}

/// Opens every page of an encrypted database with its write-ahead log, under whichever of these salts
/// opens most of them.
pub(super) fn open(file: &[u8], log: &[u8], key: &Key, salts: &[Salt]) -> Image {
    let log = committed(log);
    let count = file.len().div_ceil(PAGE).max(log.keys().next_back().copied().unwrap_or(0));
    let candidates = |number: usize| {
        let of_file = file.get((number - 1) * PAGE..number * PAGE);
        // What a later transaction made of a page, or else what it was before.
        log.get(&number).copied().into_iter().chain(of_file)
    };
    let best = salts
        .iter()
        .map(|salt| {
            let seal = seal_of(key, salt);
            let sound = (1..=count)
                .filter(|number| candidates(*number).any(|page| is_sound(&seal, *number, page)));
            (sound.count(), seal, *salt)
        })
        .max_by_key(|(sound, _, _)| *sound);
    let mut image = Image {
        bytes: Zeroizing::new(vec![0; count * PAGE]),
        broken: Vec::new(),
        sound: 0,
        salt: best.as_ref().map(|(_, _, salt)| *salt),
        reserved: RESERVED,
    };
    let Some((_, seal, _)) = best else {
        image.broken = (1..=count).collect();
        return image;
    };
    for (number, place) in (1..).zip(image.bytes.chunks_exact_mut(PAGE)) {
        match candidates(number).find(|page| is_sound(&seal, number, page)) {
            Some(page) => {
                decipher(key, number, page, place);
                image.sound += 1;
            }
            None => image.broken.push(number),
        }
    }
    image
}

/// The pages of a plain database, which an earlier version wrote.
pub(super) fn plain(file: &[u8], log: &[u8]) -> Image {
    let log = committed(log);
    let count = file.len().div_ceil(PAGE).max(log.keys().next_back().copied().unwrap_or(0));
    let mut bytes = Zeroizing::new(file.to_vec());
    bytes.resize(count * PAGE, 0);
    for (number, place) in (1..).zip(bytes.chunks_exact_mut(PAGE)) {
        if let Some(page) = log.get(&number) {
            place.copy_from_slice(page);
        }
    }
    Image { bytes, broken: Vec::new(), sound: count, salt: None, reserved: 0 }
}

fn seal_of(key: &Key, salt: &Salt) -> hmac::Key {
    let salt = salt.map(|byte| byte ^ MASK);
    let mut of_seal = Key::default();
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA512, ROUNDS, &salt, &**key, &mut *of_seal);
    hmac::Key::new(hmac::HMAC_SHA512, &*of_seal)
}

/// Where the ciphertext of a page begins: behind the salt on the first.
const fn begins(number: usize) -> usize {
    if number == 1 { SALT } else { 0 }
}

fn is_sound(seal: &hmac::Key, number: usize, page: &[u8]) -> bool {
    let (Some(sealed), Some(tag)) =
        (page.get(begins(number)..PAGE - HMAC), page.get(PAGE - HMAC..))
    else {
        return false;
    };
    let Ok(number) = u32::try_from(number) else { return false };
    let mut context = hmac::Context::with_key(seal);
    context.update(sealed);
    context.update(&number.to_le_bytes());
    // What a page is, is no secret of whoever can write into the file; the comparison tells nobody more.
    context.sign().as_ref() == tag
}

fn decipher(key: &Key, number: usize, page: &[u8], place: &mut [u8]) {
    let begins = begins(number);
    let ends = PAGE - RESERVED;
    let (Some(cipher), Some(iv)) = (page.get(begins..ends), page.get(ends..ends + SALT)) else {
        return;
    };
    let Ok(mut decryptor) = Decryptor::<Aes256>::new_from_slices(&**key, iv) else { return };
    let Some(target) = place.get_mut(begins..ends) else { return };
    target.copy_from_slice(cipher);
    for block in target.as_chunks_mut::<16>().0 {
        let block: &mut Block<Decryptor<Aes256>> = block.into();
        decryptor.decrypt_block(block);
    }
    if number == 1
        && let Some(head) = place.get_mut(..SALT)
    {
        head.copy_from_slice(MAGIC);
    }
}

const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The last committed state of each page in a write-ahead log, as SQLite would read it: up to the first frame
/// that is not what its checksum says.
fn committed(log: &[u8]) -> BTreeMap<usize, &[u8]> {
    let mut pages = BTreeMap::new();
    let Some((header, frames)) = log.split_at_checked(LOG_HEADER) else { return pages };
    let magic = number(header, 0);
    let little = match magic {
        0x377f_0682 => true,
        0x377f_0683 => false,
        _ => return pages,
    };
    let mut sum = Checksum { little, state: (0, 0) };
    sum.add(header.get(..24).unwrap_or_default());
    if sum.state != (number(header, 24), number(header, 28)) || number(header, 8) as usize != PAGE {
        return pages;
    }
    let mut waiting = BTreeMap::new();
    for frame in frames.chunks_exact(FRAME_HEADER + PAGE) {
        let (head, page) = frame.split_at(FRAME_HEADER);
        sum.add(head.get(..8).unwrap_or_default());
        sum.add(page);
        let salts = (number(head, 8), number(head, 12));
        let told = (number(head, 16), number(head, 20));
        if salts != (number(header, 16), number(header, 20)) || sum.state != told {
            break;
        }
        waiting.insert(number(head, 0) as usize, page);
        if number(head, 4) != 0 {
            pages.append(&mut waiting);
        }
    }
    pages.remove(&0);
    pages
}

/// Four bytes, the largest first; 0 beyond the end.
fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |four| u32::from_be_bytes(*four))
}

/// SQLite's checksum of a write-ahead log.
struct Checksum {
    little: bool,
    state: (u32, u32),
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        let (mut first, mut second) = self.state;
        for [a, b, c, d, e, f, g, h] in bytes.as_chunks::<8>().0 {
            let (left, right) = ([*a, *b, *c, *d], [*e, *f, *g, *h]);
            let read = |four| {
                if self.little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) }
            };
            first = first.wrapping_add(read(left)).wrapping_add(second);
            second = second.wrapping_add(read(right)).wrapping_add(first);
        }
        self.state = (first, second);
    }
}
