//! A convocation for 500 members: queued, delivered to a real mail server on this machine, and the
//! proof of it all checked.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use domain::{Answer, SittingId};
use ipc::ConvocationCommand;

use crate::council::{one_page, open};
use crate::figure::{Figure, Target};
use crate::products::{Server, tablet};

const RUNS: usize = 3;
const MEMBERS: usize = 500;
/// A delivery that takes longer is a failure of its own.
const PATIENCE: Duration = Duration::from_secs(120);

/// The mail server of the tests; it writes down every letter before it answers.
struct MailServer {
    port: u16,
    child: Child,
}

impl MailServer {
    fn start(taken: &Path) -> Result<Option<Self>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let python = root.join("vendor/mail/bin/python");
        if !python.exists() {
            return Ok(None);
        }
        let mut child = Command::new(python)
            .arg(root.join("tests/mail/server.py"))
            .arg(taken)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let out = child.stdout.take().context("the mail server's output")?;
        BufReader::new(out).read_line(&mut line)?;
        Ok(Some(Self { port: line.trim().parse()?, child }))
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let (mut queued, mut delivered, mut verified) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..RUNS {
        let folder = tempfile::tempdir()?;
        let taken = folder.path().join("taken.jsonl");
        let Some(mail) = MailServer::start(&taken)? else {
            eprintln!("no mail server here (`cargo xtask setup`): the dispatch is not measured");
            return Ok(Vec::new());
        };
        let smtp = format!("smtp://127.0.0.1:{}", mail.port);
        let options = ["--smtp", &smtp, "--mail-from", "Greffe <greffe@valbrune.example>"];
        let server = Server::start_with(&folder.path().join("server"), &options)?;
        let clerk = folder.path().join("clerk");
        let invitation = server.clerk_invitation.as_str();
        tablet(&clerk, &["enrol", &server.address, invitation, "--device", "Greffe"])?;
        let rows = (0..MEMBERS).map(|n| format!("Camille,Martin{n},m{n}@valbrune.example\n"));
        let list = folder.path().join("members.csv");
        std::fs::write(&list, format!("first_name,last_name,email\n{}", rows.collect::<String>()))?;
        tablet(&clerk, &["members", "import", list.to_str().context("a path")?])?;
        let papers = folder.path().join("sitting");
        std::fs::create_dir_all(&papers)?;
        std::fs::write(papers.join("01.pdf"), one_page()?)?;
        std::fs::write(
            papers.join("sitting.toml"),
            "title = \"Conseil municipal\"\nkind = \"council\"\nstarts = 2036-09-28T18:30:00+02:00\n\
             place = \"Salle du conseil\"\n[[item]]\ntitle = \"Budget\"\nreport = \"01.pdf\"\n",
        )?;
        let (published, _) = tablet(&clerk, &["publish", papers.to_str().context("a path")?])?;
        let sitting = published["sitting"].as_str().context("a sitting")?.to_owned();

        let (convened, ms) = tablet(&clerk, &["convene", &sitting])?;
        ensure!(convened["recipients"] == MEMBERS, "{convened}");
        queued.push(ms);
        let since = Instant::now();
        while count(&taken)? < MEMBERS {
            if since.elapsed() > PATIENCE {
                bail!("{} letters of {MEMBERS} in {PATIENCE:?}", count(&taken)?);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        delivered.push(since.elapsed().as_secs_f64() * 1_000.0 + ms);
        ensure!(count(&taken)? == MEMBERS, "a letter left twice");
        if run + 1 == RUNS {
            verified = proof(folder.path(), &clerk, &sitting)?;
        }
    }
    Ok(vec![
        Figure::of("convene 500 members: queued", "ms", queued, Target::Median(1_000.0)),
        Figure::of(
            "convene 500 members: all letters with the mail server",
            "ms",
            delivered,
            Target::Median(20_000.0),
        ),
        Figure::of("verify the proof of 500 members", "ms", verified, Target::Median(1_000.0)),
    ])
}

/// Letters taken so far: whole lines of the mail server's file.
fn count(taken: &Path) -> Result<usize> {
    let bytes = match std::fs::read(taken) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error.into()),
    };
    Ok(bytes.iter().filter(|byte| **byte == b'\n').count())
}

/// Everyone's dispatch and answer in one proof; then each check as its own process.
fn proof(folder: &Path, clerk: &Path, sitting: &str) -> Result<Vec<f64>> {
    let known: SittingId = sitting.parse()?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let client = open(clerk)?;
        let ipc::Reply::Members(members) = client.handle(ipc::Command::Members).await? else {
            bail!("members")
        };
        for member in members.iter().filter(|member| member.role == domain::Role::Official) {
            let answer = ConvocationCommand::Answer {
                sitting: known,
                answer: Answer::Present,
                member: Some(member.member),
            };
            client.handle(ipc::Command::Convocation(answer)).await?;
        }
        client.shutdown().await;
        Ok(())
    })?;
    let file = folder.join("preuve.pupitre");
    let file = file.to_str().context("a path")?;
    let (proved, _) = tablet(clerk, &["proof", sitting, "--out", file])?;
    let entries = proved["entries"].as_u64().context("entries")?;
    ensure!(entries >= 2 * MEMBERS as u64, "{entries} entries: a dispatch and an answer each");
    let mut samples = Vec::new();
    for _ in 0..10 {
        let (found, ms) = tablet(clerk, &["verify", file])?;
        ensure!(found["valid"] == true, "{found}");
        samples.push(ms);
    }
    Ok(samples)
}
