//! A tablet without a window: `pupitre-cli` on a profile of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::server::{Server, run};
use crate::{papers, product};

/// One device of one person.
#[derive(Debug, Clone)]
pub struct Tablet {
    /// Its folder.
    pub profile: PathBuf,
}

impl Tablet {
    /// A tablet that has joined nothing yet.
    #[must_use]
    pub fn new(profile: &Path) -> Self {
        Self { profile: profile.to_owned() }
    }

    /// A tablet that joins with an invitation.
    ///
    /// # Errors
    /// The tablet's own sentence.
    pub fn enrolled(profile: &Path, server: &Server, code: &str, name: &str) -> Result<Self> {
        let tablet = Self::new(profile);
        tablet.ask(&["enrol", &server.address, code, "--device", name])?;
        Ok(tablet)
    }

    /// The command line of this tablet, to be run by the caller.
    ///
    /// # Errors
    /// The product is not built.
    pub fn command(&self, words: &[&str]) -> Result<Command> {
        let mut command = Command::new(product("pupitre-cli")?);
        command.arg("--profile").arg(&self.profile).arg("--json").args(words);
        Ok(command)
    }

    /// Runs a command and reads its JSON.
    ///
    /// # Errors
    /// The command's own sentence.
    pub fn ask(&self, words: &[&str]) -> Result<Value> {
        run(&mut self.command(words)?)
    }

    /// Runs a command that must fail, and answers its sentence.
    ///
    /// # Errors
    /// It succeeded, or ended otherwise than with 1 and one line.
    pub fn refused(&self, words: &[&str]) -> Result<String> {
        let Output { status, stderr, .. } = self.command(words)?.output()?;
        let sentence = String::from_utf8(stderr)?;
        ensure!(status.code() == Some(1), "ended with {status}: {sentence}");
        Ok(sentence.lines().last().context("a sentence")?.to_owned())
    }

    /// Starts a command without waiting for it.
    ///
    /// # Errors
    /// It cannot start.
    pub fn start(&self, words: &[&str]) -> Result<Child> {
        let mut command = self.command(words)?;
        Ok(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
    }

    /// Exchanges everything with the server.
    ///
    /// # Errors
    /// The tablet's own sentence.
    pub fn sync(&self) -> Result<Value> {
        self.ask(&["sync"])
    }

    /// Identifier of the paper with this title in the only sitting.
    ///
    /// # Errors
    /// There is no such paper.
    pub fn document(&self, title: &str) -> Result<String> {
        let sittings = self.ask(&["sittings"])?;
        let sitting = sittings[0]["sitting"].as_str().context("a sitting")?;
        let documents = self.ask(&["documents", sitting])?;
        let documents = documents.as_array().context("papers")?;
        let found = documents.iter().find(|document| document["title"] == title);
        let id = found.and_then(|document| document["document"].as_str());
        id.map(ToOwned::to_owned).with_context(|| format!("no {title:?} in {documents:?}"))
    }

    /// Texts of all notes on this tablet, in order.
    ///
    /// # Errors
    /// The tablet's own sentence.
    pub fn note_texts(&self) -> Result<Vec<String>> {
        let notes = self.ask(&["notes"])?;
        let texts = notes.as_array().context("notes")?.iter();
        Ok(texts.filter_map(|note| note["text"].as_str()).map(ToOwned::to_owned).collect())
    }
}

/// A council in a temporary folder: its server, its clerk, and a published sitting of three papers.
#[derive(Debug)]
pub struct Scene {
    /// The folder; gone when dropped.
    pub folder: tempfile::TempDir,
    /// The running server.
    pub server: Server,
    /// The clerk's tablet.
    pub clerk: Tablet,
}

impl Scene {
    /// Opens a council and enrols its clerk.
    ///
    /// # Errors
    /// Whatever any of the products says.
    pub fn open() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("server");
        let code = Server::init(&data)?;
        let server = Server::start(&data)?;
        let clerk = Tablet::enrolled(&folder.path().join("clerk"), &server, &code, "Greffe")?;
        Ok(Self { folder, server, clerk })
    }

    /// Publishes a sitting with the papers `Budget`, `Garantie` and `Convention`, two pages each.
    ///
    /// # Errors
    /// Whatever the clerk's tablet says.
    pub fn publish_three_papers(&self) -> Result<Value> {
        let sitting = self.folder.path().join("sitting");
        std::fs::create_dir_all(&sitting)?;
        let mut description = String::from(
            "title = \"Conseil municipal\"\nkind = \"council\"\n\
             starts = 2036-09-28T18:30:00+02:00\nplace = \"Salle du conseil\"\n",
        );
        for (number, title) in ["Budget", "Garantie", "Convention"].iter().enumerate() {
            let file = format!("{:02}.pdf", number + 1);
            let pages = [
                format!("{title}: le montant garanti est porté à {} 240 000 euros", number + 1),
                format!("{title}, seconde page: la commission a émis un avis favorable"),
            ];
            std::fs::write(sitting.join(&file), papers::text(&pages)?)?;
            description.push_str(&format!("[[item]]\ntitle = \"{title}\"\nreport = \"{file}\"\n"));
        }
        let path = sitting.join("sitting.toml");
        std::fs::write(&path, description)?;
        self.clerk.ask(&["publish", path.to_str().context("a path")?])
    }

    /// A new official with a first tablet.
    ///
    /// # Errors
    /// Whatever the products say.
    pub fn official(&self, first: &str, last: &str) -> Result<(String, Tablet)> {
        let added = self.clerk.ask(&["members", "add", "--first", first, "--last", last])?;
        let member = added["member"].as_str().context("a member")?.to_owned();
        let tablet = self.another_tablet(&member, &format!("{first} 1"))?;
        Ok((member, tablet))
    }

    /// One more tablet of a member.
    ///
    /// # Errors
    /// Whatever the products say.
    pub fn another_tablet(&self, member: &str, name: &str) -> Result<Tablet> {
        let invitation = self.clerk.ask(&["invite", member])?;
        let code = invitation["code"].as_str().context("a code")?;
        Tablet::enrolled(&self.folder.path().join(name), &self.server, code, name)
    }
}
