//! Messages over a socket, a descriptor beside them.

use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::protocol::{MAX_IMAGE, MAX_JSON};

/// Room for a request with its key and password, in bytes.
const ROOM: usize = 4 << 10;

/// One end of the socket between tablet and worker.
#[derive(Debug)]
pub(crate) struct Channel {
    socket: UnixStream,
}

impl Channel {
    /// Two ends.
    pub(crate) fn pair() -> io::Result<(Self, OwnedFd)> {
        let (here, there) = UnixStream::pair()?;
        Ok((Self { socket: here }, OwnedFd::from(there)))
    }

    /// The worker's end: its standard input.
    pub(crate) fn of_worker() -> io::Result<Self> {
        let socket = io::stdin().as_fd().try_clone_to_owned()?;
        Ok(Self { socket: UnixStream::from(socket) })
    }

    pub(crate) fn send(
        &mut self,
        message: &impl Serialize,
        image: &[u8],
        descriptor: Option<BorrowedFd<'_>>,
    ) -> io::Result<()> {
        // The key of a paper and its password travel here: with room for them, because a vector that
        // grows leaves what it held behind.
        let mut json = Zeroizing::new(Vec::with_capacity(ROOM));
        serde_json::to_writer(&mut *json, message)?;
        let lengths = [length(&json)?, length(image)?].map(u32::to_le_bytes);
        let head = lengths.as_flattened();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut beside = SendAncillaryBuffer::new(&mut space);
        let rights = descriptor.as_slice();
        if !rights.is_empty() && !beside.push(SendAncillaryMessage::ScmRights(rights)) {
            return Err(io::Error::other("no room for the descriptor"));
        }
        let sent = sendmsg(&self.socket, &[IoSlice::new(head)], &mut beside, SendFlags::NOSIGNAL)?;
        self.socket.write_all(head.get(sent..).unwrap_or_default())?;
        self.socket.write_all(&json)?;
        self.socket.write_all(image)
    }

    /// The next message, its image and its descriptor; `TimedOut` when it has not come wholly by
    /// the deadline.
    pub(crate) fn receive<T: DeserializeOwned>(
        &mut self,
        deadline: Option<Instant>,
    ) -> io::Result<(T, Vec<u8>, Option<OwnedFd>)> {
        let mut head = [0; 8];
        let mut descriptor = None;
        let mut have = 0;
        while have < head.len() {
            self.wait_until(deadline)?;
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
            let mut beside = RecvAncillaryBuffer::new(&mut space);
            let rest = head.get_mut(have..).unwrap_or_default();
            let got = match recvmsg(
                &self.socket,
                &mut [IoSliceMut::new(rest)],
                &mut beside,
                RecvFlags::CMSG_CLOEXEC,
            ) {
                Ok(message) => message.bytes,
                Err(rustix::io::Errno::INTR) => continue,
                Err(rustix::io::Errno::AGAIN) => return Err(io::ErrorKind::TimedOut.into()),
                Err(error) => return Err(error.into()),
            };
            for message in beside.drain() {
                if let RecvAncillaryMessage::ScmRights(mut rights) = message {
                    descriptor = rights.next().or(descriptor);
                }
            }
            if got == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            have += got;
        }
        let [a, b, c, d, e, f, g, h] = head;
        let (json, image) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        if json > MAX_JSON || image > MAX_IMAGE {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the message is too long"));
        }
        let json = Zeroizing::new(self.read(json, deadline)?);
        let image = self.read(image, deadline)?;
        Ok((serde_json::from_slice(&json)?, image, descriptor))
    }

    fn read(&mut self, length: u32, deadline: Option<Instant>) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        let mut have = 0;
        while let Some(rest) = bytes.get_mut(have..).filter(|rest| !rest.is_empty()) {
            self.wait_until(deadline)?;
            match self.socket.read(rest) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(got) => have += got,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(bytes)
    }

    /// Lets the next read wait no longer than until the deadline.
    fn wait_until(&self, deadline: Option<Instant>) -> io::Result<()> {
        let Some(deadline) = deadline else { return Ok(()) };
        let left = deadline.saturating_duration_since(Instant::now());
        if left < Duration::from_millis(1) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.socket.set_read_timeout(Some(left))
    }
}

fn length(bytes: &[u8]) -> io::Result<u32> {
    u32::try_from(bytes.len()).map_err(io::Error::other)
}
