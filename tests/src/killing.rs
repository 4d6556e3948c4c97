//! The real products killed without a word, again and again, at moments that nobody chose: a tablet in the middle of a
//! note or of an exchange, the server in the middle of whatever it does.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::Server;
use crate::tablet::{Scene, Tablet};

/// What was tried.
#[derive(Debug, Clone, Copy, Default)]
pub struct Killed {
    /// Kills of `pupitre-cli`.
    pub tablets: u64,
    /// Kills of `pupitre-server`.
    pub servers: u64,
    /// Notes that were answered as kept.
    pub notes: u64,
}

/// Numbers that look thrown, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % below.max(1)
    }
}

/// Notes after which a new council begins, so that each exchange carries little.
const FULL: u64 = 60;

/// So many kills. After each council every note that was answered is on the server, once, and `doctor` finds
/// nothing.
///
/// # Errors
/// A broken promise, or whatever the products say when nobody kills them.
pub fn cycles(wanted: u64, seed: u64) -> Result<Killed> {
    let mut dice = Dice(seed.max(1));
    let mut killed = Killed::default();
    while killed.tablets + killed.servers < wanted {
        council(&mut dice, &mut killed, wanted)?;
    }
    Ok(killed)
}

fn council(dice: &mut Dice, killed: &mut Killed, wanted: u64) -> Result<()> {
    let mut scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (member, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    let paper = tablet.document("Budget")?;
    let (mut answered, mut tried) = (Vec::new(), Vec::new());
    for number in 0..FULL {
        if killed.tablets + killed.servers >= wanted {
            break;
        }
        let text = format!("note {number}");
        let words = [
            "annotate", &paper, "--page", "1", "--kind", "note", "--at", "90,300", "--text", &text,
        ];
        tried.push(text.clone());
        if ended(&tablet, &words, Duration::from_millis(dice.throw(160)), killed)? {
            answered.push(text.clone());
            killed.notes += 1;
        }
        match dice.throw(3) {
            0 => {
                ended(&tablet, &["sync"], Duration::from_millis(dice.throw(200)), killed)?;
            }
            1 => {
                let mut sync = tablet.start(&["sync"])?;
                std::thread::sleep(Duration::from_millis(dice.throw(120)));
                scene.server = scene.server.kill_and_restart()?;
                killed.servers += 1;
                // The exchange may have failed; its own process ends either way.
                sync.wait()?;
            }
            _ => {}
        }
    }
    tablet.sync()?;
    ensure!(tablet.ask(&["status"])?["pending"] == 0, "something still waits");
    let second = scene.another_tablet(&member, "Inès 2")?;
    second.sync()?;
    let texts = second.note_texts()?;
    let missing: Vec<&String> = answered.iter().filter(|text| !texts.contains(text)).collect();
    ensure!(missing.is_empty(), "answered and gone: {missing:?}");
    let twice = texts.iter().any(|text| texts.iter().filter(|other| *other == text).count() > 1);
    ensure!(!twice, "a note is there twice: {texts:?}");
    ensure!(texts.iter().all(|text| tried.contains(text)), "a note nobody made: {texts:?}");
    scene.server.kill()?;
    let health = Server::doctor(&scene.server.data)?;
    ensure!(health["ok"] == true, "doctor: {health}");
    Ok(())
}

/// Runs a command of a tablet and kills it after a while; whether it ended well before.
fn ended(tablet: &Tablet, words: &[&str], after: Duration, killed: &mut Killed) -> Result<bool> {
    let mut command: Command = tablet.command(words)?;
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    std::thread::sleep(after);
    if let Some(status) = child.try_wait()? {
        return Ok(status.success());
    }
    child.kill()?;
    killed.tablets += 1;
    Ok(child.wait()?.success())
}
