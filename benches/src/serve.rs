//! Files over loopback for a browser, in ranges when it asks for them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};

/// What is served under an address.
#[derive(Debug, Clone)]
pub(crate) enum Served {
    Text(&'static str, String),
    File(&'static str, PathBuf),
}

/// Serves until this program ends; the address of the root.
pub(crate) fn start(served: BTreeMap<String, Served>) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    let served = Arc::new(served);
    std::thread::spawn(move || {
        for guest in listener.incoming().flatten() {
            let served = Arc::clone(&served);
            // A browser that hangs up in the middle of an answer is no error.
            std::thread::spawn(move || answer(guest, &served).ok());
        }
    });
    Ok(address)
}

fn answer(guest: TcpStream, served: &BTreeMap<String, Served>) -> Result<()> {
    guest.set_nodelay(true)?;
    let mut out = guest.try_clone()?;
    let mut lines = BufReader::new(guest);
    loop {
        let mut request = String::new();
        if lines.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let mut range = None;
        loop {
            let mut line = String::new();
            lines.read_line(&mut line)?;
            let line = line.trim();
            if line.is_empty() {
                break;
            }
            if let Some(asked) = line.to_ascii_lowercase().strip_prefix("range: bytes=") {
                range = asked.split_once('-').map(|(a, b)| (a.parse().ok(), b.parse().ok()));
            }
        }
        let path = request.split(' ').nth(1).context("a path")?;
        let path = path.split('?').next().unwrap_or_default();
        match served.get(path) {
            None => out.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")?,
            Some(Served::Text(mime, text)) => {
                head(&mut out, "200 OK", mime, text.len() as u64, "")?;
                out.write_all(text.as_bytes())?;
            }
            Some(Served::File(mime, path)) => file(&mut out, mime, path, range)?,
        }
    }
}

fn head(out: &mut TcpStream, status: &str, mime: &str, length: u64, more: &str) -> Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nAccept-Ranges: bytes\r\n{more}\r\n"
    );
    out.write_all(head.as_bytes())?;
    Ok(())
}

fn file(
    out: &mut TcpStream,
    mime: &str,
    path: &PathBuf,
    range: Option<(Option<u64>, Option<u64>)>,
) -> Result<()> {
    let mut file = std::fs::File::open(path)?;
    let whole = file.metadata()?.len();
    let (from, to) = match range {
        None => (0, whole),
        Some((Some(from), to)) => (from, to.map_or(whole, |to: u64| (to + 1).min(whole))),
        Some((None, last)) => (whole.saturating_sub(last.unwrap_or(0)), whole),
    };
    let more = format!("Content-Range: bytes {from}-{}/{whole}\r\n", to.saturating_sub(1));
    let (status, more) =
        if range.is_some() { ("206 Partial Content", more.as_str()) } else { ("200 OK", "") };
    head(out, status, mime, to.saturating_sub(from), more)?;
    file.seek(SeekFrom::Start(from))?;
    std::io::copy(&mut file.take(to.saturating_sub(from)), out)?;
    Ok(())
}
