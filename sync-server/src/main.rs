//! `pupitre-server`: the sync server's program.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program speaks to its terminal")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};
use domain::{CouncilKind, DeviceId, MemberId};
use pupitre_server::blobs::s3::S3;
use pupitre_server::commands::backup::{backup, restore};
use pupitre_server::commands::doctor::doctor;
use pupitre_server::commands::init::{Declaration, init, init_shared};
use pupitre_server::commands::revoke::{revoke, revoke_in};
use pupitre_server::log::Log as _;
use pupitre_server::log::postgres::PgLog;
use pupitre_server::{Config, Server, Stores, TlsFiles, system_clock};
use serde_json::json;
use tokio::net::TcpListener;

/// The sync server of Pupitre: one log per council, and the papers.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// Answer with JSON on standard output.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a data directory with a council and its first clerk's invitation.
    Init {
        /// Directory for everything the server keeps.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The council's name.
        #[arg(long, value_name = "NAME")]
        council: String,
        /// What kind of assembly it is.
        #[arg(long)]
        kind: Kind,
        /// Legal population, in inhabitants.
        #[arg(long, value_name = "N")]
        population: u32,
        /// Time zone in which its days are counted.
        #[arg(long, default_value = "Europe/Paris")]
        zone: String,
        /// Local law that replaces general rules.
        #[arg(long)]
        local_law: Option<LocalLaw>,
        /// Found it in this PostgreSQL: postgres://….
        #[arg(long, value_name = "URL", env = "PUPITRE_DATABASE", hide_env_values = true)]
        database: Option<String>,
    },
    /// Serve tablets until SIGTERM or Ctrl-C.
    Serve {
        /// Data directory made by `init`.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Address for tablets; port 0 picks one.
        #[arg(long, value_name = "HOST:PORT")]
        listen: String,
        /// Address for /metrics and /healthz, apart from the tablets' one.
        #[arg(long, value_name = "HOST:PORT")]
        metrics: Option<String>,
        /// Certificate in PEM, with those up to its authority; read again when it changes.
        #[arg(long, value_name = "FILE", requires = "tls_key")]
        tls_cert: Option<PathBuf>,
        /// The certificate's private key in PEM.
        #[arg(long, value_name = "FILE", requires = "tls_cert")]
        tls_key: Option<PathBuf>,
        /// Keep the log in this PostgreSQL, which other servers may share: postgres://….
        #[arg(long, value_name = "URL", env = "PUPITRE_DATABASE", hide_env_values = true)]
        database: Option<String>,
        /// Keep the papers in this bucket, which other servers may share: s3://BUCKET/FOLDER.
        #[arg(long, value_name = "URL")]
        blobs: Option<String>,
    },
    /// Write everything into one file, while the server runs.
    Backup {
        /// Data directory.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// File to write; it must not exist.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Put a backup back into an empty directory.
    Restore {
        /// Data directory, empty or not there yet.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The backup.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
    },
    /// Look for damage; changes nothing.
    Doctor {
        /// Data directory.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
    /// Shut out a lost device, or a person with all their devices, while the server runs.
    Revoke {
        /// Data directory.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The device.
        #[arg(long, value_name = "ID", required_unless_present = "member")]
        device: Option<DeviceId>,
        /// The person.
        #[arg(long, value_name = "ID", conflicts_with = "device")]
        member: Option<MemberId>,
        /// In this PostgreSQL: postgres://….
        #[arg(long, value_name = "URL", env = "PUPITRE_DATABASE", hide_env_values = true)]
        database: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Commune,
    Epci,
    Departement,
    Region,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LocalLaw {
    AlsaceMoselle,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("PUPITRE_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("The server's threads cannot be started.")
        .and_then(|runtime| runtime.block_on(run(arguments)));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let json = arguments.json;
    match arguments.command {
        Command::Init { data, council, kind, population, zone, local_law, database } => {
            let declaration = Declaration {
                name: council,
                kind: match kind {
                    Kind::Commune => CouncilKind::Commune,
                    Kind::Epci => CouncilKind::Epci,
                    Kind::Departement => CouncilKind::Departement,
                    Kind::Region => CouncilKind::Region,
                },
                population,
                zone,
                local_law: local_law.map(|LocalLaw::AlsaceMoselle| "alsace-moselle".to_owned()),
            };
            let now_ms = system_clock()();
            let founded = match database {
                Some(url) => init_shared(&data, &url, declaration, now_ms).await?,
                None => init(&data, declaration, now_ms).await?,
            };
            if json {
                println!("{}", serde_json::to_string(&founded)?);
            } else {
                println!("Council:              {}", founded.council);
                println!("Invitation, one use:  {}", founded.clerk_invitation);
            }
        }
        Command::Serve { data, listen, metrics, tls_cert, tls_key, database, blobs } => {
            let mut config = Config::new(data);
            config.tls = tls_cert.zip(tls_key).map(|(cert, key)| TlsFiles::new(cert, key));
            let stores = stores(&config.data, database, blobs).await?;
            serve(config, stores, &listen, metrics).await?;
        }
        Command::Backup { data, out } => {
            let done = backup(&data, &out)?;
            if json {
                println!("{}", serde_json::to_string(&done)?);
            } else {
                println!("{} papers, {} bytes, in {}", done.papers, done.bytes, out.display());
            }
            anyhow::ensure!(
                done.missing.is_empty(),
                "The backup is written, but {} paper(s) are missing or damaged on the disk; run \
                 `pupitre-server doctor`.",
                done.missing.len()
            );
        }
        Command::Restore { data, from } => {
            let done = restore(&data, &from)?;
            if json {
                println!("{}", serde_json::to_string(&done)?);
            } else {
                println!("{} council(s), {} papers", done.councils.len(), done.papers);
            }
            anyhow::ensure!(
                done.missing.is_empty(),
                "Everything in the backup is restored, but {} paper(s) were not in it; publish \
                 them again.",
                done.missing.len()
            );
        }
        Command::Doctor { data } => {
            let health = doctor(&data, system_clock()())?;
            if json {
                println!("{}", serde_json::to_string(&health)?);
            } else if health.ok {
                println!("Nothing is wrong.");
            } else {
                health.problems.iter().for_each(|problem| println!("{problem}"));
            }
            anyhow::ensure!(
                health.ok,
                "{} problem(s) were found; restore a backup if data is damaged.",
                health.problems.len()
            );
        }
        Command::Revoke { data, device, member, database } => {
            let now_ms = system_clock()();
            match database {
                Some(url) => {
                    revoke_in(&PgLog::connect(&url).await?, device, member, now_ms).await?;
                }
                None => revoke(&data, device, member, now_ms).await?,
            }
            if json {
                println!("{}", json!({ "revoked": true }));
            } else {
                println!("Revoked.");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The stores that other servers may share.
async fn stores(
    data: &Path,
    database: Option<String>,
    blobs: Option<String>,
) -> anyhow::Result<Stores> {
    let mut stores = Stores::default();
    if let Some(url) = database {
        let log = PgLog::connect(&url).await?;
        anyhow::ensure!(
            !log.councils().await?.is_empty(),
            "This database holds no council yet; run `pupitre-server init --database` first."
        );
        stores.log = Some(Arc::new(log));
        std::fs::create_dir_all(data)
            .with_context(|| format!("{} cannot be made", data.display()))?;
    }
    if let Some(url) = blobs {
        stores.blobs = Some(Arc::new(S3::open(&url)?));
    }
    Ok(stores)
}

async fn serve(
    mut config: Config,
    stores: Stores,
    listen: &str,
    metrics: Option<String>,
) -> anyhow::Result<()> {
    if let Some(address) = metrics {
        config.metrics = Some(bind(&address).await?);
    }
    let listener = bind(listen).await?;
    let address: SocketAddr = listener.local_addr()?;
    let metrics = config.metrics.as_ref().map(TcpListener::local_addr).transpose()?;
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    let server = Server::open_with(config, stores)?;
    let mut line = json!({ "listening": format!("{scheme}://{address}") });
    if let (Some(metrics), Some(line)) = (metrics, line.as_object_mut()) {
        line.insert("metrics".to_owned(), format!("http://{metrics}").into());
    }
    println!("{line}");
    server.run(listener, stop_signal()).await;
    Ok(())
}

async fn bind(address: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("The server cannot listen on {address}; choose another address"))
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        // Without the handler, SIGTERM ends the process at once; acknowledged work is durable.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
