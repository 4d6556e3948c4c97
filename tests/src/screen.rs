//! A person before a screen: the real window under a virtual display, or Chromium on the bridge.
//!
//! Drivers run in process groups of their own with no inherited output and the whole group is ended
//! on drop; a driver that outlives its test would hold the test runner's pipe for ever.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::product;

/// How long a person waits for something to appear.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers once an element stands where it stood a frame before. A window that has just opened takes
/// no click before its first frame is shown, and one whose page is still being laid out gives the
/// click to whatever has come to that place.
const STILL: &str = "
    const [element, done] = arguments;
    const place = () => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [x, y, width, height].join();
    };
    let last = null;
    const look = () => {
        const now = place();
        if (now === last) return done(true);
        last = now;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
";

/// A process and all it started, ended on drop.
#[derive(Debug)]
struct Group(Child);

impl Group {
    fn start(command: &mut Command) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{command:?}"))?;
        Ok(Self(child))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // `kill -- -PGID` reaches what the driver started as well.
        let group = format!("-{}", self.0.id());
        drop(Command::new("kill").args(["-KILL", "--", &group]).status());
        drop(self.0.wait());
    }
}

/// One screen with someone before it.
#[derive(Debug)]
pub struct Screen {
    client: Client,
    runtime: Runtime,
    // In the order in which they must end.
    _driver: Group,
    _app: Option<Group>,
    _display: Option<Group>,
}

/// How Chromium is started.
#[derive(Debug, Clone, Copy)]
pub struct Chromium {
    /// Width of its window, in CSS pixels.
    pub width: u32,
    /// Height of its window.
    pub height: u32,
    /// Whether it keeps a trace of input and frames ([`Screen::trace`]).
    pub traced: bool,
}

/// One sample of a pen: place in CSS pixels of the viewport and pressure from 0 to 1.
pub type PenSample = (f64, f64, f64);

impl Screen {
    /// The real window (`pupitre`) on a profile, under a virtual display of its own.
    ///
    /// # Errors
    /// A driver or the window does not start.
    pub fn window(profile: &Path) -> Result<Self> {
        let (display, number) = display()?;
        let (port, native) = (free_port()?, free_port()?);
        let driver = Group::start(
            Command::new("tauri-driver")
                .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
                .env("DISPLAY", &number)
                .env("LANG", "fr_FR.UTF-8")
                .env("LANGUAGE", "fr")
                .env("XDG_CONFIG_HOME", belongings(profile)?),
        )?;
        let capabilities = json!({
            "browserName": "wry",
            "tauri:options": {
                "application": product("pupitre")?,
                "args": ["--profile", profile],
            },
        });
        let screen = Self::open(port, &capabilities, driver, None, Some(display))?;
        // WebKit takes the page's language from the machine's locales, which may have no French.
        let prefer = json!({ "command": "prefer", "with": { "language": "fr" } });
        // Not before the program that is due is there: the first page may still hand over to it.
        screen.wait(
            "the app",
            "return !!(window.__TAURI__ && document.querySelector('main:not([aria-busy])'))",
        )?;
        screen.script(&format!(
            "return window.__TAURI__.core.invoke('call', {{ command: {prefer} }})"
        ))?;
        screen.runtime.block_on(screen.client.refresh())?;
        Ok(screen)
    }

    /// Chromium on the bridge of `pupitre --browser` on a profile; pen and touch are real there.
    ///
    /// # Errors
    /// A driver, the bridge or the browser does not start.
    pub fn browser(profile: &Path, width: u32, height: u32) -> Result<Self> {
        Self::chromium(profile, Chromium { width, height, traced: false })
    }

    /// The same, started in another way.
    ///
    /// # Errors
    /// A driver, the bridge or the browser does not start.
    pub fn chromium(profile: &Path, how: Chromium) -> Result<Self> {
        let mut bridge = Command::new(product("pupitre")?)
            .arg("--profile")
            .arg(profile)
            .args(["--browser", "--listen", "127.0.0.1:0"])
            .env("XDG_CONFIG_HOME", belongings(profile)?)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        let mut line = String::new();
        let out = bridge.stdout.take().context("the bridge's output")?;
        BufReader::new(out).read_line(&mut line)?;
        let bridge = Group(bridge);
        let said: Value = serde_json::from_str(&line).with_context(|| format!("said {line:?}"))?;
        let address = said["address"].as_str().context("an address")?;
        Self::before(address, how, Some(bridge))
    }

    /// Chromium on a page that is not ours.
    ///
    /// # Errors
    /// A driver or the browser does not start.
    pub fn page(address: &str, how: Chromium) -> Result<Self> {
        Self::before(address, how, None)
    }

    fn before(address: &str, how: Chromium, bridge: Option<Group>) -> Result<Self> {
        let Chromium { width, height, traced } = how;
        let port = free_port()?;
        let driver = Group::start(Command::new("chromedriver").arg(format!("--port={port}")))?;
        let folder = tempfile::tempdir()?.keep();
        let mut capabilities = json!({
            "goog:chromeOptions": { "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--lang=fr-FR", "--accept-lang=fr-FR",
                format!("--window-size={width},{height}"),
                format!("--user-data-dir={}", folder.display()),
            ] },
        });
        if traced {
            capabilities["goog:loggingPrefs"] = json!({ "performance": "ALL" });
            capabilities["goog:chromeOptions"]["perfLoggingPrefs"] = json!({
                "enableNetwork": false, "enablePage": false, "traceCategories": "input,viz,benchmark",
            });
        }
        let screen = Self::open(port, &capabilities, driver, bridge, None)?;
        screen.runtime.block_on(screen.client.goto(address))?;
        Ok(screen)
    }

    fn open(
        port: u16,
        capabilities: &Value,
        driver: Group,
        app: Option<Group>,
        display: Option<Group>,
    ) -> Result<Self> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let capabilities: Capabilities = serde_json::from_value(capabilities.clone())?;
        let start = Instant::now();
        let client = loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities.clone());
            let address = format!("http://127.0.0.1:{port}");
            match runtime.block_on(builder.connect(&address)) {
                Ok(client) => break client,
                Err(error) if start.elapsed() > PATIENCE => return Err(error.into()),
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        };
        Ok(Self { client, runtime, _driver: driver, _app: app, _display: display })
    }

    /// Runs a script in the page; its `return` value.
    ///
    /// # Errors
    /// The script fails.
    pub fn script(&self, script: &str) -> Result<Value> {
        Ok(self.runtime.block_on(self.client.execute(script, Vec::new()))?)
    }

    /// Runs the body of an asynchronous function in the page; its `return` value, or an object with
    /// the `error` that it threw.
    ///
    /// # Errors
    /// It does not end.
    pub fn promise(&self, body: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];              (async () => {{ {body} }})().then(done, error => done({{ error: String(error) }}))"
        );
        Ok(self.runtime.block_on(self.client.execute_async(&script, Vec::new()))?)
    }

    /// A command of Chromium's developer tools.
    ///
    /// # Errors
    /// The driver refuses.
    pub fn devtools(&self, command: &str, with: &Value) -> Result<Value> {
        let body = json!({ "cmd": command, "params": with });
        Ok(self.runtime.block_on(self.client.issue_cmd(Raw("goog/cdp/execute", body)))?)
    }

    /// What a traced Chromium has noted: events of its trace format. Leaves the page: only then the
    /// driver hands the trace out.
    ///
    /// # Errors
    /// It is not traced.
    pub fn trace(&self) -> Result<Vec<Value>> {
        self.runtime.block_on(self.client.goto("about:blank"))?;
        let asked = Raw("se/log", json!({ "type": "performance" }));
        let entries = self.runtime.block_on(self.client.issue_cmd(asked))?;
        let mut events = Vec::new();
        for entry in entries.as_array().context("a log")? {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap_or("{}"))?;
            if message["message"]["method"] == "Tracing.dataCollected" {
                events.push(message["message"]["params"].clone());
            }
        }
        Ok(events)
    }

    /// Waits until the script answers something true, and gives it. A script that a page takes with
    /// it when it makes way for the next has not answered yet.
    ///
    /// # Errors
    /// It never does; the sentence names what was awaited and what the page says.
    pub fn wait(&self, what: &str, script: &str) -> Result<Value> {
        let start = Instant::now();
        loop {
            let value = self.script(script);
            if let Ok(value) = &value
                && !(value.is_null() || value == false || value == 0 || value == "")
            {
                return Ok(value.clone());
            }
            if start.elapsed() > PATIENCE {
                value.with_context(|| what.to_owned())?;
                let page = self.script("return document.body.innerText")?;
                bail!("waited for {what} in vain; the page says: {page}");
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Waits until this text stands on the screen.
    ///
    /// # Errors
    /// It never does.
    pub fn sees(&self, text: &str) -> Result<()> {
        let quoted = serde_json::to_string(text)?;
        self.wait(text, &format!(
            "return document.body.innerText.replace(/[\u{a0}\u{202f}]/g, ' ').includes({quoted})"
        ))?;
        Ok(())
    }

    /// Waits until the app says in these words that it has written a file with this ending; the file.
    ///
    /// # Errors
    /// It never does.
    pub fn written(&self, words: &str, ending: &str) -> Result<PathBuf> {
        let said = self.wait(
            &format!("{words} a file .{ending}"),
            &format!(
                "const said = [...document.querySelectorAll('.toast p')].map(p => p.textContent); \
                 const mine = said.findLast(text => text.includes('{words}')) || ''; \
                 const file = mine.match(/\\/.*?\\.{ending}/); return file && file[0]"
            ),
        )?;
        Ok(said.as_str().context("a file")?.into())
    }

    /// Clicks the element of a CSS selector, once it is there.
    ///
    /// # Errors
    /// It never comes, or cannot be clicked.
    pub fn click(&self, selector: &str) -> Result<()> {
        self.tap(Locator::Css(selector)).with_context(|| selector.to_owned())
    }

    /// Clicks; again when the element was drawn anew between finding and clicking, as a finger would.
    fn tap(&self, what: Locator<'_>) -> Result<()> {
        let start = Instant::now();
        self.runtime.block_on(async {
            loop {
                let element = self.client.wait().at_most(PATIENCE).for_element(what).await?;
                let arguments = vec![serde_json::to_value(&element)?];
                let still = self.client.execute_async(STILL, arguments).await;
                let clicked = match still {
                    Ok(_) => element.click().await,
                    Err(error) => Err(error),
                };
                match clicked {
                    Err(error) if start.elapsed() > PATIENCE => return Err(error.into()),
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                    Ok(_) => return Ok(()),
                }
            }
        })
    }

    /// Clicks the first button or link whose name (text or label) holds these words.
    ///
    /// # Errors
    /// There is none.
    pub fn press(&self, words: &str) -> Result<()> {
        let path = format!(
            "//*[self::button or self::a or @role='button'][contains(normalize-space(.), \"{words}\") \
             or contains(@aria-label, \"{words}\")]"
        );
        self.tap(Locator::XPath(&path)).with_context(|| words.to_owned())
    }

    /// Types into the element of a CSS selector.
    ///
    /// # Errors
    /// It never comes, or takes no keys.
    pub fn types(&self, selector: &str, text: &str) -> Result<()> {
        self.runtime.block_on(async {
            let wait = self.client.wait().at_most(PATIENCE);
            wait.for_element(Locator::Css(selector)).await?.send_keys(text).await?;
            Ok(())
        })
    }

    /// Middle of an element, in CSS pixels of the viewport.
    ///
    /// # Errors
    /// It never comes.
    pub fn middle(&self, selector: &str) -> Result<(f64, f64)> {
        let quoted = serde_json::to_string(selector)?;
        let place = self.wait(
            selector,
            &format!(
                "const e = document.querySelector({quoted}); if (!e) return null; \
                 const r = e.getBoundingClientRect(); \
                 return [r.x + r.width / 2, r.y + r.height / 2]"
            ),
        )?;
        let at = |n: usize| place[n].as_f64().context("a place");
        Ok((at(0)?, at(1)?))
    }

    /// Moves a pen down, along and up, with pressure. Real in Chromium only.
    ///
    /// # Errors
    /// The driver refuses.
    pub fn pen(&self, samples: &[PenSample]) -> Result<()> {
        self.pointer("pen", samples, true)
    }

    /// Puts the pen down and moves it, and does not lift it.
    ///
    /// # Errors
    /// The driver refuses.
    pub fn pen_without_lifting(&self, samples: &[PenSample]) -> Result<()> {
        self.pointer("pen", samples, false)
    }

    /// Lifts a pen that was put down before.
    ///
    /// # Errors
    /// The driver refuses.
    pub fn lift(&self) -> Result<()> {
        let body = json!({ "actions": [{
            "type": "pointer", "id": "pen", "parameters": { "pointerType": "pen" },
            "actions": [{ "type": "pointerUp", "button": 0 }],
        }] });
        self.runtime.block_on(self.client.issue_cmd(Raw("actions", body)))?;
        Ok(())
    }

    /// Drags with the mouse.
    ///
    /// # Errors
    /// The driver refuses.
    pub fn drag(&self, samples: &[PenSample]) -> Result<()> {
        self.pointer("mouse", samples, true)
    }

    fn pointer(&self, kind: &str, samples: &[PenSample], lift: bool) -> Result<()> {
        let mut actions = Vec::new();
        for (number, (x, y, pressure)) in samples.iter().enumerate() {
            // W3C actions take whole pixels.
            let (x, y) = (x.round() as i64, y.round() as i64);
            let duration = if number == 0 { 0 } else { 12 };
            actions.push(json!({ "type": "pointerMove", "x": x, "y": y, "duration": duration,
                                 "origin": "viewport", "pressure": pressure }));
            if number == 0 {
                actions.push(json!({ "type": "pointerDown", "button": 0, "pressure": pressure }));
            }
        }
        if lift {
            actions.push(json!({ "type": "pointerUp", "button": 0 }));
        }
        let body = json!({ "actions": [{
            "type": "pointer", "id": kind, "parameters": { "pointerType": kind },
            "actions": actions,
        }] });
        self.runtime.block_on(self.client.issue_cmd(Raw("actions", body)))?;
        Ok(())
    }

    /// Presses one key (W3C name as its character, e.g. `\u{E00C}` for Escape), with Control held
    /// when asked.
    ///
    /// # Errors
    /// The driver refuses.
    pub fn key(&self, key: &str, control: bool) -> Result<()> {
        let mut actions = vec![
            json!({ "type": "keyDown", "value": key }),
            json!({ "type": "keyUp", "value": key }),
        ];
        if control {
            actions.insert(0, json!({ "type": "keyDown", "value": "\u{E009}" }));
            actions.push(json!({ "type": "keyUp", "value": "\u{E009}" }));
        }
        let body = json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] });
        self.runtime.block_on(self.client.issue_cmd(Raw("actions", body)))?;
        Ok(())
    }

    /// Writes what is on the screen to a PNG file.
    ///
    /// # Errors
    /// The driver or the disk refuses.
    pub fn picture(&self, file: &Path) -> Result<()> {
        let png = self.runtime.block_on(self.client.screenshot())?;
        std::fs::write(file, png)?;
        Ok(())
    }

    /// Closes the window as a person does.
    ///
    /// # Errors
    /// The driver refuses.
    pub fn close(self) -> Result<()> {
        self.runtime.block_on(self.client.clone().close())?;
        Ok(())
    }
}

/// A raw `POST`: fantoccini's own actions have no pressure, and it knows nothing of what only
/// Chromium's driver can.
#[derive(Debug)]
struct Raw(&'static str, Value);

impl WebDriverCompatibleCommand for Raw {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.0))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.1.to_string()))
    }
}

/// Settings of a desktop that puts what is saved beside the profile, and not among the files of whoever
/// runs the tests.
fn belongings(profile: &Path) -> Result<PathBuf> {
    let around = profile.parent().context("a folder around the profile")?;
    let (settings, downloads) = (around.join("settings"), around.join("downloads"));
    std::fs::create_dir_all(&settings)?;
    std::fs::create_dir_all(&downloads)?;
    let downloads = downloads.display();
    std::fs::write(settings.join("user-dirs.dirs"), format!("XDG_DOWNLOAD_DIR=\"{downloads}\"\n"))?;
    Ok(settings)
}

/// A virtual display nobody else uses; it ends with the group.
fn display() -> Result<(Group, String)> {
    for number in 90..190 {
        let socket = format!("/tmp/.X11-unix/X{number}");
        if Path::new(&socket).exists() {
            continue;
        }
        let name = format!(":{number}");
        let screen = ["-screen", "0", "1366x1024x24", "-nolisten", "tcp"];
        let mut group = Group::start(Command::new("Xvfb").arg(&name).args(screen))?;
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if group.0.try_wait()?.is_some() {
                break;
            }
            if Path::new(&socket).exists() {
                return Ok((group, name));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    bail!("no virtual display can be started")
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
