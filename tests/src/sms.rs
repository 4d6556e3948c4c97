//! A provider of text messages: takes forms over HTTP and keeps them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// A provider that listens until the test ends.
#[derive(Debug)]
pub struct SmsProvider {
    port: u16,
    taken: Arc<Mutex<Vec<String>>>,
}

impl SmsProvider {
    /// Starts it.
    ///
    /// # Errors
    /// No port is free.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&taken);
        std::thread::spawn(move || {
            for line in listener.incoming().flatten() {
                // A line that breaks is the sender's trouble.
                drop(answer(line, &kept));
            }
        });
        Ok(Self { port, taken })
    }

    /// Options of `serve` with which text messages come here: a form of `to` and `text`.
    #[must_use]
    pub fn options(&self) -> Vec<String> {
        let url = format!("http://127.0.0.1:{}/sms", self.port);
        ["--sms-url", &url, "--sms-field", "to={to}", "--sms-field", "text={text}"]
            .map(str::to_owned)
            .to_vec()
    }

    /// Waits until so many messages were taken: the forms as they came.
    ///
    /// # Errors
    /// They do not come in time.
    pub fn wait(&self, messages: usize, patience: Duration) -> Result<Vec<String>> {
        let began = Instant::now();
        loop {
            let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if taken.len() >= messages {
                return Ok(taken);
            }
            if began.elapsed() > patience {
                bail!("{} of {messages} text messages came in {patience:?}", taken.len());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn answer(line: std::net::TcpStream, taken: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(line);
    let mut length = 0;
    loop {
        let mut head = String::new();
        reader.read_line(&mut head)?;
        if head.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = head.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    taken.lock().unwrap_or_else(PoisonError::into_inner).push(body);
    reader
        .get_mut()
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
}
