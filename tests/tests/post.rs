//! The post, from the clerk's command to a real mail server that refuses, delays and drops; and a
//! server killed in the middle of a dispatch.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use pupitre_e2e::{MailServer, Server, SmsProvider, Tablet, papers};
use serde_json::Value;

struct Council {
    folder: tempfile::TempDir,
    mail: MailServer,
    server: Server,
    clerk: Tablet,
    sitting: String,
}

impl Council {
    /// A council whose members have these addresses, and a published sitting.
    fn open(addresses: &[String]) -> Result<Self> {
        let rows = addresses.iter().map(|address| format!("{address},")).collect::<Vec<_>>();
        Self::open_with(&rows, &[])
    }

    /// The same with telephone numbers, "address,number", and further options of the server.
    fn open_with(reach: &[String], more: &[String]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mail = MailServer::start(folder.path())?;
        let data = folder.path().join("server");
        let code = Server::init(&data)?;
        let url = mail.url();
        let options = ["--smtp", &url, "--mail-from", "Greffe <greffe@valbrune.example>"];
        let more = more.iter().map(String::as_str);
        let options: Vec<&str> =
            options.into_iter().chain(["--mail-pause", "1"]).chain(more).collect();
        let server = Server::start_with(&data, "127.0.0.1:0", &options)?;
        let clerk = Tablet::enrolled(&folder.path().join("clerk"), &server, &code, "Greffe")?;
        let rows = reach.iter().enumerate();
        let rows = rows.map(|(n, reach)| format!("Élu{n},Martin,{reach}\n"));
        let list = folder.path().join("members.csv");
        std::fs::write(
            &list,
            format!("first_name,last_name,email,phone\n{}", rows.collect::<String>()),
        )?;
        clerk.ask(&["members", "import", list.to_str().context("a path")?])?;
        let papers = folder.path().join("sitting");
        std::fs::create_dir_all(&papers)?;
        std::fs::write(papers.join("01.pdf"), papers::text(&["Budget primitif"])?)?;
        std::fs::write(
            papers.join("sitting.toml"),
            "title = \"Conseil municipal\"\nkind = \"council\"\n\
             starts = 2036-09-28T18:30:00+02:00\nplace = \"Salle du conseil\"\n\
             [[item]]\ntitle = \"Budget <primitif>\"\nreport = \"01.pdf\"\n",
        )?;
        let published = clerk.ask(&["publish", papers.to_str().context("a path")?])?;
        let sitting = published["sitting"].as_str().context("a sitting")?.to_owned();
        Ok(Self { folder, mail, server, clerk, sitting })
    }

    /// A second tablet of the office, which knows only what the server says.
    fn another_clerk(&self) -> Result<Tablet> {
        let member =
            self.clerk.ask(&["status"])?["member"].as_str().context("a member")?.to_owned();
        let invited = self.clerk.ask(&["invite", &member])?;
        let code = invited["code"].as_str().context("a code")?;
        Tablet::enrolled(&self.folder.path().join("clerk 2"), &self.server, code, "Greffe 2")
    }

    fn convene(&self) -> Result<Value> {
        self.clerk.ask(&["convene", &self.sitting])
    }

    /// Waits until the tracking says of every address what became of it.
    fn tracked(&self, addresses: usize) -> Result<BTreeMap<String, String>> {
        let began = Instant::now();
        loop {
            let tracks = self.clerk.ask(&["tracking", &self.sitting])?;
            let known: BTreeMap<String, String> = tracks
                .as_array()
                .context("lines")?
                .iter()
                .filter(|track| track["channel"] == "email")
                .map(|track| (track["name"].to_string(), track["state"].to_string()))
                .collect();
            if known.len() >= addresses || began.elapsed() > Duration::from_secs(20) {
                return Ok(known);
            }
        }
    }
}

fn count(taken: &[Value]) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for letter in taken {
        *count.entry(letter["to"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    count
}

#[test]
fn a_mail_server_that_refuses_delays_and_drops_gets_every_letter_once_and_the_clerk_sees_it()
-> Result<()> {
    let moods = ["plain.a", "refuse.b", "later.c", "slow.d", "drop.e"];
    let addresses = moods.map(|mood| format!("{mood}@valbrune.example"));
    let council = Council::open(&addresses)?;
    assert_eq!(council.convene()?["recipients"], 5);
    let known = council.tracked(5)?;
    let states: Vec<&str> = known.values().map(String::as_str).collect();
    let (sent, failed) = ("\"dispatched\"", "\"failed\"");
    assert_eq!(states, [sent, failed, sent, sent, sent], "{known:?}");
    let taken = council.mail.taken()?;
    assert_eq!(count(&taken).values().copied().collect::<Vec<_>>(), [1, 1, 1, 1]);

    // What stands in a letter.
    let letter = taken.iter().find(|l| l["to"] == addresses[0]).unwrap();
    assert_eq!(letter["auto"], "auto-generated");
    assert!(letter["subject"].as_str().unwrap().contains("28 septembre 2036"), "{letter}");
    let [plain, html] =
        ["text/plain", "text/html"].map(|kind| letter["parts"][kind][0].to_string());
    assert!(plain.contains("SHA-256") && plain.contains("Budget <primitif>"), "{plain}");
    assert!(html.contains("Budget &lt;primitif&gt;") && !html.contains("<primitif>"), "{html}");
    let calendar = letter["parts"]["text/calendar"][0].as_str().unwrap();
    let uid = format!("UID:{}@pupitre", council.sitting);
    for line in ["METHOD:REQUEST", "SEQUENCE:0", "DTSTART;TZID=Europe/Paris:20360928T183000", &uid]
    {
        assert!(calendar.contains(line), "{line} in {calendar}");
    }
    assert_eq!(letter["method"], serde_json::json!(["REQUEST", "REQUEST"]));

    // Convening again sends nothing; calling off sends one more, that cancels.
    council.convene()?;
    let before = council.mail.taken()?.len();
    council.clerk.ask(&["call-off", &council.sitting, "--reason", "Tempête"])?;
    let taken = council.mail.wait(before + 4, Duration::from_secs(20))?;
    let cancelled = taken[before..].iter().find(|l| l["to"] == addresses[0]).unwrap();
    let calendar = cancelled["parts"]["text/calendar"][0].as_str().unwrap();
    assert!(calendar.contains("METHOD:CANCEL") && calendar.contains("SEQUENCE:1"), "{calendar}");
    assert!(calendar.contains(&uid), "{calendar}");
    assert_eq!(before, 4, "nothing left twice");
    Ok(())
}

#[test]
fn a_server_killed_in_the_middle_of_a_dispatch_loses_no_letter_and_repeats_none_but_the_one_on_the_wire()
-> Result<()> {
    /// Letters that may be on the wire at the moment of a kill: one a connection.
    const LANES: usize = 2;
    let addresses: Vec<String> = (0..60).map(|n| format!("m{n}@valbrune.example")).collect();
    let mut council = Council::open(&addresses)?;
    council.convene()?;
    let mut kills = 0;
    for at in [8, 20, 33] {
        council.mail.wait(at, Duration::from_secs(30))?;
        council.server = council.server.kill_and_restart()?;
        kills += 1;
    }
    let known = council.tracked(addresses.len())?;
    assert_eq!(known.len(), addresses.len(), "every letter is accounted for");
    assert!(known.values().all(|state| state == "\"dispatched\""), "{known:?}");
    let taken = council.mail.taken()?;
    let count = count(&taken);
    assert_eq!(count.len(), addresses.len(), "none was lost");
    let names: BTreeSet<&str> = taken.iter().map(|letter| letter["id"].as_str().unwrap()).collect();
    assert_eq!(names.len(), addresses.len(), "one name a letter, also when it is repeated");
    let repeated = taken.len() - addresses.len();
    assert!(repeated <= kills * LANES, "{repeated} repeated after {kills} kills");
    assert!(council.folder.path().exists());
    Ok(())
}

#[test]
fn a_server_restored_from_a_backup_sends_no_letter_again_that_left_after_it() -> Result<()> {
    const LETTERS: usize = 8;
    let addresses: Vec<String> =
        (0..LETTERS).map(|n| format!("slow.m{n}@valbrune.example")).collect();
    let mut council = Council::open(&addresses)?;
    council.convene()?;
    // A copy in the middle of the dispatch; then all the rest leaves.
    council.mail.wait(2, Duration::from_secs(20))?;
    let copy = council.folder.path().join("copie.tar");
    let copy = copy.to_str().context("a path")?;
    Server::command("backup", &council.server.data, &["--out", copy])?;
    council.mail.wait(LETTERS, Duration::from_secs(30))?;
    assert_eq!(council.tracked(LETTERS)?.len(), LETTERS);

    // The disk is lost.
    council.server.kill()?;
    let data = council.folder.path().join("rétabli");
    let restored = Server::command("restore", &data, &["--from", copy])?;
    let held = restored["held"].as_u64().context("a number")?;
    assert!(held > 0, "the copy was taken too late: {restored}");
    council.server = council.server.restart_on(&data)?;
    let list = || Server::command("held", &data, &[]);
    assert_eq!(list()?.as_array().map(Vec::len), usize::try_from(held).ok());

    // The clerk reads why; nothing leaves, whatever the clerk does meanwhile.
    let reason = |state: &Value| {
        let failed = state["channel"] == "email" && state["state"] == "failed";
        failed && state["detail"].as_str().is_some_and(|why| why.contains("sauvegarde"))
    };
    let began = Instant::now();
    let clerk = council.another_clerk()?;
    loop {
        let tracks = clerk.ask(&["tracking", &council.sitting])?;
        let told = tracks.as_array().context("lines")?.iter().filter(|line| reason(line)).count();
        if u64::try_from(told)? == held {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{tracks}");
    }
    council.convene()?;
    assert_eq!(council.mail.taken()?.len(), LETTERS, "nothing left again");

    // What the operator releases leaves under the name that it had, what is dropped never does, and
    // what is written now leaves by itself.
    let list = list()?;
    let number = list[0]["number"].to_string();
    Server::command("held", &data, &["--send", &number])?;
    let rest = Server::command("held", &data, &["--drop", "all"])?;
    assert_eq!(rest["dropped"].as_u64(), Some(held - 1));
    let words = ["--subject", "Tempête", "--text", "La séance aura lieu au gymnase."];
    council.clerk.ask(&[&["messages", "send", "--to", "everyone"], &words[..]].concat())?;
    let taken = council.mail.wait(2 * LETTERS + 1, Duration::from_secs(60))?;
    let said = |letter: &&Value| letter["subject"].as_str().unwrap().starts_with("Tempête");
    assert_eq!(taken.iter().filter(said).count(), LETTERS);
    let names = |wanted: &Value| taken.iter().filter(|letter| letter["to"] == *wanted).count();
    assert_eq!(names(&list[0]["address"]), 3);
    let letters: Vec<&Value> = taken.iter().filter(|letter| !said(letter)).collect();
    let names: BTreeSet<&str> = letters.iter().map(|l| l["id"].as_str().unwrap()).collect();
    assert_eq!((letters.len(), names.len()), (LETTERS + 1, LETTERS), "mailboxes fold the two");
    Ok(())
}

#[test]
fn a_message_leaves_once_by_each_way_and_falls_back_to_a_text_message() -> Result<()> {
    let sms = SmsProvider::start()?;
    let reach =
        ["plain.a@valbrune.example,", "refuse.b@valbrune.example,+33600000002", ",+33600000003"];
    let reach = reach.map(str::to_owned);
    let mut council = Council::open_with(&reach, &sms.options())?;
    let words = ["--subject", "Tempête", "--text", "La séance aura lieu au gymnase, à 19 h."];
    let send = [&["messages", "send", "--to", "everyone"], &words[..]].concat();
    let sent = council.clerk.ask(&send)?;
    assert_eq!((&sent["recipients"], &sent["to"]), (&3.into(), &"Tous les élus".into()));
    let message = sent["message"].as_str().context("a message")?;
    let texts = sms.wait(2, Duration::from_secs(20))?;
    assert!(texts.iter().all(|form| form.contains("gymnase")), "{texts:?}");
    let letters = council.mail.wait(1, Duration::from_secs(20))?;
    assert!(letters[0]["subject"].as_str().unwrap().starts_with("Tempête"), "{letters:?}");
    assert!(letters[0]["parts"]["text/calendar"].is_null(), "a message is no appointment");
    let plain = letters[0]["parts"]["text/plain"][0].as_str().unwrap();
    assert!(plain.contains("gymnase, à 19 h."), "{plain}");

    // A server that starts again sends nothing anew.
    council.server = council.server.kill_and_restart()?;
    let began = Instant::now();
    let states = loop {
        let tracks = council.clerk.ask(&["messages", "tracking", message])?;
        let lines = tracks.as_array().context("lines")?.iter();
        let states: BTreeSet<String> =
            lines.map(|line| format!("{} {}", line["channel"], line["state"])).collect();
        if states.len() == 3 || began.elapsed() > Duration::from_secs(20) {
            break states;
        }
    };
    let wanted = ["\"email\" \"dispatched\"", "\"email\" \"failed\"", "\"sms\" \"dispatched\""];
    assert_eq!(states, wanted.map(str::to_owned).into());
    assert_eq!((council.mail.taken()?.len(), sms.wait(2, Duration::ZERO)?.len()), (1, 2));

    // To chosen people, and at once as a text message.
    let members = council.clerk.ask(&["members", "list"])?;
    let third = members.as_array().context("members")?.iter();
    let third = third.filter(|member| member["phone"] == "+33600000002");
    let third = third.map(|member| member["member"].as_str().unwrap()).collect::<Vec<_>>()[0];
    let send = [&["messages", "send", "--sms", "--to", third], &words[..]].concat();
    council.clerk.ask(&send)?;
    let texts = sms.wait(3, Duration::from_secs(20))?;
    assert!(texts[2].contains("33600000002"), "{texts:?}");

    // The table for spreadsheets.
    let table = council.folder.path().join("suivi.csv");
    let path = table.to_str().context("a path")?;
    council.clerk.ask(&["messages", "tracking", message, "--csv", path])?;
    let table = std::fs::read_to_string(table)?;
    assert!(table.starts_with("\u{feff}Envoi;"), "{table}");
    assert!(table.contains(";'+33600000002;"), "a number is no sum: {table}");
    Ok(())
}
