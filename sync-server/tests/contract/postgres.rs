//! The log in a real PostgreSQL, started here in a temporary folder.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use pupitre_server::log::post::Post;
use pupitre_server::log::postgres::PgLog;
use pupitre_server::log::{Log, LogError};
use wire::{Audience, Outcome};

use crate::post::Office;
use crate::world::{START, World, append, outcomes};

/// A database server of a test's own.
pub(crate) struct Cluster {
    folder: tempfile::TempDir,
    port: u16,
    server: Option<Child>,
    databases: u32,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        if is_root() {
            // PostgreSQL refuses to run as root; Debian's package brings a user for it.
            let given = Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap();
            assert!(given.success());
        }
        let data = folder.path().join("data");
        let made = program("initdb")
            .args(["--auth=trust", "--username=pupitre", "--encoding=UTF8", "--locale=C"])
            .arg("--no-sync")
            .arg(&data)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success(), "initdb failed");
        let mut cluster = Self { folder, port, server: None, databases: 0 };
        cluster.up();
        cluster
    }

    fn up(&mut self) {
        let said = std::fs::File::create(self.folder.path().join("said")).unwrap();
        let child = program("postgres")
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .arg("-k")
            .arg(self.folder.path())
            .args(["-p", &self.port.to_string(), "-h", "127.0.0.1", "-c", "max_connections=200"])
            .args(["-c", "recovery_init_sync_method=syncfs"])
            .stdout(Stdio::null())
            .stderr(said)
            .process_group(0)
            .spawn()
            .unwrap();
        self.server = Some(child);
        let begun = Instant::now();
        while !self.psql("SELECT 1").success() {
            let said = || std::fs::read_to_string(self.folder.path().join("said"));
            assert!(begun.elapsed() < Duration::from_secs(60), "no PostgreSQL: {:?}", said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn psql(&self, sql: &str) -> std::process::ExitStatus {
        Command::new("psql")
            .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
            .args(["-U", "pupitre", "-d", "postgres", "-c", sql])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
    }

    /// A new schema, which is as good as a database and costs less, and its address.
    fn database(&mut self) -> String {
        self.databases += 1;
        let name = format!("pupitre_{}", self.databases);
        assert!(self.psql(&format!("CREATE SCHEMA {name}")).success());
        let options = format!("options=-csearch_path%3D{name}");
        format!("postgres://pupitre@127.0.0.1:{}/postgres?{options}", self.port)
    }

    /// A council in a new database.
    pub(crate) async fn world(&mut self) -> World {
        let log = PgLog::connect(&self.database()).await.unwrap();
        World::of(Arc::new(log), None).await
    }

    /// The same with its post.
    async fn office(&mut self) -> Office {
        let log = PgLog::connect(&self.database()).await.unwrap();
        Office::of(Arc::new(log), None).await
    }

    /// It ends without writing anything down, as in a crash: what was committed is in its log.
    fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            let pid = server.id().to_string();
            Command::new("kill").args(["-QUIT", &pid]).status().unwrap();
            server.wait().unwrap();
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill();
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.trim_ascii() == b"0"
}

/// A program of PostgreSQL, as a user that it accepts.
fn program(name: &str) -> Command {
    let path = find(name).unwrap_or_else(|| {
        panic!("{name} is not installed; run `cargo xtask setup`, or install postgresql")
    });
    if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(path);
        command.current_dir("/");
        command
    } else {
        Command::new(path)
    }
}

fn find(name: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut installed: Vec<PathBuf> =
        versions.filter_map(|version| Some(version.ok()?.path().join("bin").join(name))).collect();
    installed.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(name));
    installed.into_iter().rev().chain(on_path).find(|file| Path::is_file(file))
}

#[tokio::test]
async fn every_promise_of_the_log() {
    let mut cluster = Cluster::start();
    crate::log::promises(async || cluster.world().await).await;
    crate::convocations::promises(async || cluster.world().await).await;
    crate::messages::promises(async || cluster.world().await).await;
    crate::audit::promises(async || cluster.world().await).await;
    a_line_of_the_audit_log_cannot_be_rewritten(&mut cluster).await;
    crate::post::promises(async || cluster.office().await).await;
    one_server_carries_the_post_and_another_takes_over(&mut cluster).await;
    for steps in crate::history::samples(10) {
        let world = cluster.world().await;
        crate::history::play(world, steps).await;
    }
    two_servers_share_one_log(&mut cluster).await;
    what_was_acknowledged_survives_the_death_of_the_database(&mut cluster).await;
    a_schema_of_a_newer_server_is_refused(&mut cluster).await;
}

async fn a_line_of_the_audit_log_cannot_be_rewritten(cluster: &mut Cluster) {
    let url = cluster.database();
    World::of(Arc::new(PgLog::connect(&url).await.unwrap()), None).await;
    let (_, schema) = url.rsplit_once("%3D").unwrap();
    for sql in ["UPDATE audit SET detail = 'x'", "DELETE FROM audit"] {
        let within = format!("SET search_path = {schema}; {sql}");
        assert!(!cluster.psql(&within).success(), "{sql}");
    }
}

async fn one_server_carries_the_post_and_another_takes_over(cluster: &mut Cluster) {
    let url = cluster.database();
    let first = PgLog::connect(&url).await.unwrap();
    let second = PgLog::connect(&url).await.unwrap();
    assert!(first.is_ours().await.unwrap() && first.is_ours().await.unwrap());
    assert!(!second.is_ours().await.unwrap());
    assert!(second.leaving(1).await.is_err(), "who has no turn sends nothing");
    drop(first);
    let begun = Instant::now();
    while !second.is_ours().await.unwrap() {
        assert!(begun.elapsed() < Duration::from_secs(10), "nobody carries the post");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    second.leaving(1).await.unwrap();
}

async fn two_servers_share_one_log(cluster: &mut Cluster) {
    let url = cluster.database();
    // Both find an empty database.
    let (first, second) = tokio::join!(PgLog::connect(&url), PgLog::connect(&url));
    let (first, second) = (first.unwrap(), second.unwrap());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ear = Arc::clone(&heard);
    second.listen(Arc::new(move |council, head| ear.lock().unwrap().push((council, head))));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut world = World::of(Arc::new(first), None).await;
    let op = world.clerk.note(world.council, Audience::Council, "ici");
    world.append_by_clerk(vec![op]).await;

    // The founding put two records, the note is the third; told well before the next look.
    let begun = Instant::now();
    while !heard.lock().unwrap().contains(&(world.council, 3)) {
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", heard.lock().unwrap());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let page = second.pull(world.council, world.clerk.member, START, usize::MAX).await.unwrap();
    assert_eq!(page.head, 3);

    // Writers on both servers at once: numbers follow each other all the same.
    let second = World { log: Arc::new(second), dir: None, ..world.another() };
    let (mut here, mut there) = (Vec::new(), Vec::new());
    let mut other = world.enrol(world.clerk.member, 60).await;
    for n in 0..20 {
        here.push(world.clerk.note(world.council, Audience::Council, &format!("a{n}")));
        there.push(other.note(world.council, Audience::Council, &format!("b{n}")));
    }
    let write = async |log: &dyn Log, device, ops: Vec<wire::Op>| {
        let mut seqs = Vec::new();
        for op in ops {
            let appended = append(log, device, vec![op]).await.unwrap();
            let [Outcome::Accepted { seq }] = outcomes(appended)[..] else { panic!() };
            seqs.push(seq);
        }
        seqs
    };
    let (mut seqs, more) = tokio::join!(
        write(&*world.log, world.clerk.signer.device, here),
        write(&*second.log, other.signer.device, there)
    );
    seqs.extend(more);
    seqs.sort_unstable();
    assert_eq!(seqs, (4..=43).collect::<Vec<_>>());
}

async fn what_was_acknowledged_survives_the_death_of_the_database(cluster: &mut Cluster) {
    let mut world = cluster.world().await;
    let mut acknowledged = 2;
    for round in 0..3 {
        for n in 0..10 {
            let op = world.clerk.note(world.council, Audience::Council, &format!("{round} {n}"));
            acknowledged += world.append_by_clerk(vec![op]).await.len() as u64;
        }
        cluster.kill();
        let op = world.clerk.note(world.council, Audience::Council, "sans base");
        let device = world.clerk.signer.device;
        assert!(world.log.device(device).await.is_err(), "nobody answers");
        cluster.up();
        // The connections of before are found dead and made anew.
        let begun = Instant::now();
        while world.log.head(world.council).await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(10));
        }
        acknowledged += world.append_by_clerk(vec![op]).await.len() as u64;
    }
    let page = world.pull(&world.clerk, START).await;
    assert_eq!((page.head, page.items.len() as u64), (acknowledged, acknowledged));
}

async fn a_schema_of_a_newer_server_is_refused(cluster: &mut Cluster) {
    let url = cluster.database();
    drop(PgLog::connect(&url).await.unwrap());
    let (_, schema) = url.rsplit_once("%3D").unwrap();
    let newer = format!("UPDATE {schema}.schema_version SET version = 99");
    assert!(cluster.psql(&newer).success());
    let Err(LogError::Failing(error)) = PgLog::connect(&url).await else { panic!("refused") };
    assert!(error.contains("newer version"), "{error}");
}
