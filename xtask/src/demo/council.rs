//! The council of the demo: its papers, its server, its sittings.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Demo, OFFICIALS, Running};
use crate::process::{ask, run};

pub(super) const NAME: &str = "Ville de Valbrune";
const POPULATION: &str = "9012";
const SITTINGS: [&str; 3] = ["seance-passee", "commission-finances", "seance-prochaine"];

impl Demo<'_> {
    /// Makes everything from nothing. What an interrupted run left is thrown away, but for the papers.
    pub(super) fn make(&self) -> Result<Running> {
        fs::create_dir_all(&self.folder)?;
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with("council") {
                fs::remove_dir_all(path)?;
            }
        }
        self.papers()?;
        let data = self.folder.join("server");
        let made: Value =
            serde_json::from_str(&ask(Command::new(self.places.product("pupitre-server"))
                .args(["init", "--json", "--council", NAME, "--kind", "commune"])
                .args(["--population", POPULATION, "--data"])
                .arg(&data))?)?;
        let server = self.serve("127.0.0.1:0")?;

        let invitation = made.get("clerk_invitation").and_then(Value::as_str).context("a code")?;
        let clerk = self.clerk();
        self.cli_on(&clerk, &["enrol", &server.address, invitation, "--device", "Greffe"])?;
        let members = self.folder.join("council/members.csv");
        self.cli_on(&clerk, &["members", "import", path(&members)?])?;
        for sitting in SITTINGS {
            println!("demo: publishing {sitting}");
            let folder = self.folder.join("council").join(sitting);
            self.cli_on(&clerk, &["publish", path(&folder.join("sitting.toml"))?])?;
        }
        for (first, last) in OFFICIALS {
            self.enrol(&server.address, first, last)?;
        }
        fs::write(self.ready(), server.address.trim_start_matches("http://"))?;
        Ok(server)
    }

    /// Sets the papers, once.
    fn papers(&self) -> Result<()> {
        let papers = self.folder.join("council");
        if SITTINGS.iter().all(|sitting| papers.join(sitting).join("sitting.toml").exists()) {
            return Ok(());
        }
        println!("demo: setting the council's papers");
        run(Command::new(self.places.product("demo-council")).arg("--out").arg(&papers))
    }
}

pub(super) fn path(path: &std::path::Path) -> Result<&str> {
    path.to_str().context("this checkout's path is not Unicode")
}
