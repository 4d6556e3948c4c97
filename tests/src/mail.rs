//! A real mail server with moods, as a process of its own (`tests/mail/server.py`).

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// A running mail server; it ends when this value is dropped.
#[derive(Debug)]
pub struct MailServer {
    /// Where it listens.
    pub port: u16,
    taken: PathBuf,
    child: Child,
}

impl MailServer {
    /// Starts it; what it takes is written into a file of this folder.
    ///
    /// # Errors
    /// It is not installed (`cargo xtask setup`), or does not start.
    pub fn start(folder: &Path) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let python = root.join("vendor/mail/bin/python");
        ensure!(python.exists(), "the mail server is not installed; run `cargo xtask setup`");
        let taken = folder.join("taken.jsonl");
        let mut child = Command::new(python)
            .arg(root.join("tests/mail/server.py"))
            .arg(&taken)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let out = child.stdout.take().context("the mail server's output")?;
        BufReader::new(out).read_line(&mut line)?;
        let port = line.trim().parse().with_context(|| format!("said {line:?}"))?;
        Ok(Self { port, taken, child })
    }

    /// The address that the product is given.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Everything that was taken so far.
    ///
    /// # Errors
    /// The file is not of the server's form.
    pub fn taken(&self) -> Result<Vec<Value>> {
        let text = std::fs::read_to_string(&self.taken).unwrap_or_default();
        // The last line may be half written.
        let whole = text.rfind('\n').map_or("", |end| text.split_at(end).0);
        whole.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }

    /// Waits until so many messages were taken.
    ///
    /// # Errors
    /// They do not come in time.
    pub fn wait(&self, messages: usize, patience: Duration) -> Result<Vec<Value>> {
        let began = Instant::now();
        loop {
            let taken = self.taken()?;
            if taken.len() >= messages {
                return Ok(taken);
            }
            if began.elapsed() > patience {
                bail!("{} of {messages} messages came in {patience:?}", taken.len());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // It may have ended already; nothing is left to do then.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
