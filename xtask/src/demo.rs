//! `cargo xtask demo`: a fictional council that is alive.
//!
//! The first run sets its papers, opens its server, enrols a clerk and two officials and publishes
//! three sittings, all in `.demo/`. Later runs start what is there: the clerk's window and two
//! officials'. Everything ends with Ctrl-C.

mod council;
mod people;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::places::Places;
use crate::process::{Group, run as run_to_end};
use crate::{setup, web};

/// The officials whose tablets are opened, by first and last name in the demo council.
const OFFICIALS: [(&str, &str); 2] = [("Paul", "Astier"), ("Inès", "Baudry")];

/// The demo's folders.
struct Demo<'a> {
    places: &'a Places,
    folder: PathBuf,
}

/// Makes the council when it is not there, and opens it.
pub(crate) fn run(places: &Places, browser: bool, fresh: bool) -> Result<()> {
    let display =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if !browser && !display {
        bail!(
            "This machine has no display: `cargo xtask demo --browser` shows the same in a browser."
        );
    }
    setup::for_building(places)?;
    web::build(places, false)?;
    // All of it: another choice of packages would build every dependency again.
    run_to_end(places.cargo().arg("build"))?;

    let demo = Demo { places, folder: places.root.join(".demo") };
    if fresh && demo.folder.exists() {
        fs::remove_dir_all(&demo.folder)?;
    }
    let mut server = if demo.is_ready() {
        demo.serve(&fs::read_to_string(demo.ready())?)?
    } else {
        demo.make()?
    };
    println!("demo: {} runs at {}", council::NAME, server.address);
    let mut tablets = vec![demo.tablet("Greffe", &demo.clerk(), browser)?];
    for (first, last) in OFFICIALS {
        let name = format!("{first} {last}");
        tablets.push(demo.tablet(&name, &demo.official(first, last), browser)?);
    }
    println!("demo: Ctrl-C ends everything");
    while server.group.runs() && tablets.iter_mut().any(|tablet| tablet.group.runs()) {
        std::thread::sleep(Duration::from_millis(300));
    }
    if !server.group.runs() {
        bail!("The server has ended; .demo/server.log says why.");
    }
    Ok(())
}

/// A program of the demo that stays; it ends when dropped.
struct Running {
    group: Group,
    /// What it said first: where it is to be found. Empty for a window.
    address: String,
    /// Kept open: a program that writes into a closed pipe would end.
    _output: Option<ChildStdout>,
}

impl Demo<'_> {
    fn ready(&self) -> PathBuf {
        self.folder.join("ready")
    }

    fn is_ready(&self) -> bool {
        self.ready().exists()
    }

    fn clerk(&self) -> PathBuf {
        self.folder.join("clerk")
    }

    fn official(&self, first: &str, last: &str) -> PathBuf {
        self.folder.join(format!("{first}-{last}").to_lowercase())
    }

    fn cli(&self) -> PathBuf {
        self.places.product("pupitre-cli")
    }

    /// Starts the server; port 0 picks one, which the tablets then remember.
    fn serve(&self, listen: &str) -> Result<Running> {
        let mut command = Command::new(self.places.product("pupitre-server"));
        command
            .args(["serve", "--listen", listen.trim(), "--data"])
            .arg(self.folder.join("server"));
        self.start(command, "server", "listening").with_context(|| {
            format!("The server cannot listen at {listen}; is a demo running already?")
        })
    }

    /// Someone's window, or the address where a browser finds it.
    fn tablet(&self, name: &str, profile: &Path, browser: bool) -> Result<Running> {
        let mut command = Command::new(self.places.product("pupitre"));
        command.arg("--profile").arg(profile);
        self.places.with_pdfium(&mut command);
        if !browser {
            println!("demo: {name}: a window");
            let log = fs::File::create(self.folder.join(log_of(name)))?;
            command.stdout(Stdio::null()).stderr(log);
            return Ok(Running {
                group: Group::start(&mut command)?,
                address: String::new(),
                _output: None,
            });
        }
        command.arg("--browser");
        let running = self.start(command, name, "address")?;
        println!("demo: {name}: {} (opens once)", running.address);
        Ok(running)
    }

    /// Starts a program that says in its first line, as JSON, where it is to be found.
    fn start(&self, mut command: Command, name: &str, field: &str) -> Result<Running> {
        let log = self.folder.join(log_of(name));
        let log = fs::File::create(&log).with_context(|| log.display().to_string())?;
        let mut group = Group::start(command.stdout(Stdio::piped()).stderr(log))?;
        let mut output = group.0.stdout.take().context("its output")?;
        let line = first_line(&mut output)?;
        let said: Value =
            serde_json::from_str(&line).with_context(|| format!("it said {line:?}"))?;
        let address = said.get(field).and_then(Value::as_str).context("an address")?.to_owned();
        Ok(Running { group, address, _output: Some(output) })
    }
}

/// Where a program writes what it has to say.
fn log_of(name: &str) -> String {
    format!("{}.log", name.to_lowercase().replace(' ', "-"))
}

fn first_line(output: &mut impl Read) -> Result<String> {
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    Ok(line)
}
