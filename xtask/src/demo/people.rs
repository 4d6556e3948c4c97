//! The people of the demo and their tablets.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Demo;
use crate::process::ask;

impl Demo<'_> {
    /// Invites an official and makes their tablet join and fetch everything.
    pub(super) fn enrol(&self, server: &str, first: &str, last: &str) -> Result<()> {
        println!("demo: {first} {last} joins");
        let members = self.cli_on(&self.clerk(), &["members", "list"])?;
        let is = |member: &&Value| {
            let name = |field: &str| member.get(field).and_then(Value::as_str);
            name("first_name") == Some(first) && name("last_name") == Some(last)
        };
        let found = members.as_array().and_then(|members| members.iter().find(is));
        let member = found.and_then(|member| member.get("member")?.as_str());
        let member = member.with_context(|| format!("{first} {last} is not in the council"))?;
        let invited = self.cli_on(&self.clerk(), &["invite", member])?;
        let code = invited.get("code").and_then(Value::as_str).context("a code")?;
        let tablet = self.official(first, last);
        let device = format!("Tablette de {first}");
        self.cli_on(&tablet, &["enrol", server, code, "--device", &device])?;
        self.cli_on(&tablet, &["sync"])?;
        Ok(())
    }

    /// Runs `pupitre-cli` on a profile and reads its JSON.
    pub(super) fn cli_on(&self, profile: &Path, words: &[&str]) -> Result<Value> {
        let mut command = Command::new(self.cli());
        self.places.with_pdfium(&mut command).arg("--profile").arg(profile);
        let said = ask(command.arg("--json").args(words)).with_context(|| words.join(" "))?;
        Ok(serde_json::from_str(&said)?)
    }
}
