//! The frame around each Automerge change, checked before Automerge sees a byte of it.
//!
//! A chunk is `85 6f 4a 83`, four bytes of checksum, one byte of type, a LEB128 length, the data.
//! Only changes (1) and deflated changes (2) are taken; documents (0) and bundles (3) are where
//! Automerge hangs. Deflated changes are inflated here, where it is bounded, and handed on plain.

use std::io::Read;

use flate2::bufread::DeflateDecoder;

use crate::error::Reason;
use crate::limits;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;
const DEFLATED: u8 = 2;

/// One plain change chunk.
pub(crate) struct Chunk {
    pub(crate) bytes: Vec<u8>,
    pub(crate) checksum: [u8; 4],
}

/// The changes of a payload, framed and inflated.
pub(crate) fn split(payload: &[u8]) -> Result<Vec<Chunk>, Reason> {
    if payload.len() > limits::PAYLOAD {
        return Err(Reason::TooLarge);
    }
    let mut rest = payload;
    let mut chunks = Vec::new();
    let mut room = limits::INFLATED;
    while !rest.is_empty() {
        let (chunk, after) = take(rest, room)?;
        room = room.checked_sub(chunk.bytes.len()).ok_or(Reason::TooLarge)?;
        chunks.push(chunk);
        if chunks.len() > limits::CHANGES {
            return Err(Reason::TooLarge);
        }
        rest = after;
    }
    Ok(chunks)
}

fn take(bytes: &[u8], room: usize) -> Result<(Chunk, &[u8]), Reason> {
    let (magic, rest) = bytes.split_first_chunk::<4>().ok_or(Reason::Malformed)?;
    let (checksum, rest) = rest.split_first_chunk::<4>().ok_or(Reason::Malformed)?;
    let (kind, rest) = rest.split_first().ok_or(Reason::Malformed)?;
    let (length, rest) = length(rest)?;
    let (data, after) = rest.split_at_checked(length).ok_or(Reason::Malformed)?;
    if *magic != MAGIC {
        return Err(Reason::Malformed);
    }
    let plain = match *kind {
        CHANGE => data.to_vec(),
        DEFLATED => inflate(data, room)?,
        _ => return Err(Reason::Malformed),
    };
    let mut chunk = MAGIC.to_vec();
    chunk.extend_from_slice(checksum);
    chunk.push(CHANGE);
    push_length(&mut chunk, plain.len());
    chunk.extend_from_slice(&plain);
    Ok((Chunk { bytes: chunk, checksum: *checksum }, after))
}

fn inflate(data: &[u8], room: usize) -> Result<Vec<u8>, Reason> {
    let mut plain = Vec::new();
    let bound = u64::try_from(room).unwrap_or(u64::MAX).saturating_add(1);
    DeflateDecoder::new(data).take(bound).read_to_end(&mut plain).map_err(|_| Reason::Malformed)?;
    if plain.len() > room { Err(Reason::TooLarge) } else { Ok(plain) }
}

fn length(bytes: &[u8]) -> Result<(usize, &[u8]), Reason> {
    let mut value = 0_usize;
    let mut rest = bytes;
    for shift in (0..28).step_by(7) {
        let (byte, after) = rest.split_first().ok_or(Reason::Malformed)?;
        rest = after;
        value |= usize::from(byte & 127) << shift;
        if byte & 128 == 0 {
            return Ok((value, rest));
        }
    }
    Err(Reason::TooLarge)
}

fn push_length(out: &mut Vec<u8>, mut value: usize) {
    while value > 127 {
        out.push((value & 127) as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}
