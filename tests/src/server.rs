//! The real server as a process of its own.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::product;

/// A running server; it ends when this value is dropped.
#[derive(Debug)]
pub struct Server {
    /// Its data folder.
    pub data: PathBuf,
    /// Its address, `http://127.0.0.1:PORT`.
    pub address: String,
    child: Child,
    options: Vec<String>,
}

impl Server {
    /// Makes a council in an empty folder; answers the clerk's invitation.
    ///
    /// # Errors
    /// The server's own sentence.
    pub fn init(data: &Path) -> Result<String> {
        let made = run(Command::new(product("pupitre-server")?)
            .args(["init", "--council", "Ville de Valbrune", "--kind", "commune"])
            .args(["--population", "9000", "--json", "--data"])
            .arg(data))?;
        made["clerk_invitation"].as_str().map(ToOwned::to_owned).context("an invitation")
    }

    /// Starts the server on a free port.
    ///
    /// # Errors
    /// It does not say where it listens.
    pub fn start(data: &Path) -> Result<Self> {
        Self::start_at(data, "127.0.0.1:0")
    }

    /// Starts the server at a given address, as after a crash.
    ///
    /// # Errors
    /// It does not say where it listens.
    pub fn start_at(data: &Path, listen: &str) -> Result<Self> {
        Self::start_with(data, listen, &[])
    }

    /// Starts the server with further options of `serve`.
    ///
    /// # Errors
    /// It does not say where it listens.
    pub fn start_with(data: &Path, listen: &str, options: &[&str]) -> Result<Self> {
        let mut child = Command::new(product("pupitre-server")?)
            .args(["serve", "--listen", listen, "--data"])
            .arg(data)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        let mut line = String::new();
        let out = child.stdout.take().context("the server's output")?;
        BufReader::new(out).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).with_context(|| format!("said {line:?}"))?;
        let address = said["listening"].as_str().context("where it listens")?.to_owned();
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        Ok(Self { data: data.to_owned(), address, child, options })
    }

    /// Kills the server without a word (SIGKILL) and starts it again at the same address, with the
    /// same options.
    ///
    /// # Errors
    /// It does not come back.
    pub fn kill_and_restart(mut self) -> Result<Self> {
        self.kill()?;
        let listen = self.address.trim_start_matches("http://").to_owned();
        let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
        Self::start_with(&self.data, &listen, &options)
    }

    /// Starts it again at the same address with the same options, on another data folder; it must have
    /// been killed.
    ///
    /// # Errors
    /// It does not come back.
    pub fn restart_on(self, data: &Path) -> Result<Self> {
        let listen = self.address.trim_start_matches("http://").to_owned();
        let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
        Self::start_with(data, &listen, &options)
    }

    /// Runs one of its commands on a data folder; what it answers.
    ///
    /// # Errors
    /// The server's own sentence.
    pub fn command(verb: &str, data: &Path, words: &[&str]) -> Result<Value> {
        let mut command = Command::new(product("pupitre-server")?);
        run(command.args(["--json", verb, "--data"]).arg(data).args(words))
    }

    /// Kills the server without a word (SIGKILL).
    ///
    /// # Errors
    /// The system refuses.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// What `doctor` finds, as JSON.
    ///
    /// # Errors
    /// It cannot run.
    pub fn doctor(data: &Path) -> Result<Value> {
        let doctor = Command::new(product("pupitre-server")?)
            .args(["doctor", "--json", "--data"])
            .arg(data)
            .output()?;
        Ok(serde_json::from_slice(&doctor.stdout)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; nothing is left to do then.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Runs a command that answers JSON.
pub(crate) fn run(command: &mut Command) -> Result<Value> {
    let output = command.stdin(Stdio::null()).output()?;
    ensure!(
        output.status.success(),
        "{command:?} ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout)
        .with_context(|| format!("answered {}", String::from_utf8_lossy(&output.stdout)))
}
