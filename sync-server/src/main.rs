//! `pupitre-server`: the sync server's program.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program speaks to its terminal")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};
use domain::{Ark, CouncilId, CouncilKind, DeviceId, MemberId};
use lettre::message::Mailbox;
use pupitre_server::blobs::s3::S3;
use pupitre_server::commands::audit;
use pupitre_server::commands::backup::{backup, restore};
use pupitre_server::commands::doctor::doctor;
use pupitre_server::commands::held;
use pupitre_server::commands::init::{Declaration, init, init_again, init_shared, readmit};
use pupitre_server::commands::revoke::{revoke, revoke_in};
use pupitre_server::connector::accounts::Accounts;
use pupitre_server::connector::{ConnectorConfig, LARGEST};
use pupitre_server::log::Log;
use pupitre_server::log::post::{Decision, Post};
use pupitre_server::log::postgres::PgLog;
use pupitre_server::post::sms::{ContactEveryone, Fields, HttpGateway};
use pupitre_server::post::{MailLanguage, Smtp, SmtpAddress};
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
#[allow(clippy::large_enum_variant, reason = "read once, at the start")]
enum Command {
    /// Make a data directory with a council and its first clerk's invitation.
    Init {
        /// Directory for everything the server keeps.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The council's name.
        #[arg(long, value_name = "NAME", required_unless_present = "from")]
        council: Option<String>,
        /// What kind of assembly it is.
        #[arg(long, required_unless_present = "from")]
        kind: Option<Kind>,
        /// Legal population, in inhabitants.
        #[arg(long, value_name = "N", required_unless_present = "from")]
        population: Option<u32>,
        /// Found a council again whose server is lost: the file that `pupitre-cli ark` wrote on the
        /// clerk's tablet.
        #[arg(long, value_name = "FILE",
              conflicts_with_all = ["council", "kind", "population", "local_law"])]
        from: Option<PathBuf>,
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
        /// Mail server for convocations: smtps://USER:PASSWORD@HOST or smtp://HOST:PORT. The password
        /// is better given in the environment.
        #[arg(
            long,
            value_name = "URL",
            requires = "mail_from",
            env = "PUPITRE_SMTP",
            hide_env_values = true
        )]
        smtp: Option<SmtpAddress>,
        /// Sender of convocations: "Greffe de Valbrune <greffe@valbrune.fr>".
        #[arg(long, value_name = "ADDRESS", env = "PUPITRE_MAIL_FROM")]
        mail_from: Option<Mailbox>,
        /// Send text messages by Contact Everyone: address of its service MultiDiffusionWS.
        #[arg(
            long,
            value_name = "URL",
            requires = "contact_everyone_id",
            conflicts_with = "sms_url"
        )]
        contact_everyone: Option<url::Url>,
        /// The customer's number at Contact Everyone (custId).
        #[arg(long, value_name = "ID", requires = "contact_everyone")]
        contact_everyone_id: Option<String>,
        /// The customer's certificate and its key, one file in PEM.
        #[arg(long, value_name = "FILE", requires = "contact_everyone")]
        contact_everyone_cert: Option<PathBuf>,
        /// Where the provider of text messages takes them.
        #[arg(long, value_name = "URL", requires = "sms_fields")]
        sms_url: Option<url::Url>,
        /// A field of the provider, NAME=VALUE; {to}, {text} and {key} are replaced. Repeat.
        #[arg(long = "sms-field", value_name = "NAME=VALUE", value_parser = sms_field)]
        sms_fields: Vec<(String, String)>,
        /// Send the fields as JSON rather than as a form.
        #[arg(long)]
        sms_json: bool,
        /// The provider's token; better given in the environment.
        #[arg(long, value_name = "TOKEN", env = "PUPITRE_SMS_TOKEN", hide_env_values = true)]
        sms_token: Option<String>,
        /// Language of what is written to members.
        #[arg(long, value_enum, default_value_t)]
        mail_language: MailLanguageName,
        /// Pause before the second attempt to send, in seconds; it doubles with each further one.
        #[arg(long, value_name = "S", default_value_t = 60)]
        mail_pause: u64,
        /// Open the door for drafting software to the accounts of this file, which `connector` makes.
        #[arg(long, value_name = "FILE")]
        connector: Option<PathBuf>,
        /// Largest sitting that drafting software may bring, in megabytes.
        #[arg(long, value_name = "MB", requires = "connector", default_value_t = LARGEST / MB,
              value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
        connector_largest: u64,
    },
    /// Let drafting software bring sittings as drafts: prints its password, once.
    Connector {
        /// File of accounts; made when there is none.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// Name with which the software logs in.
        #[arg(long, value_name = "NAME")]
        username: String,
        /// Name of the connection in the software's settings.
        #[arg(long, value_name = "NAME")]
        conn: String,
        /// Whose clerks find what it brings.
        #[arg(long, value_name = "ID", required_unless_present = "remove")]
        council: Option<CouncilId>,
        /// Name of the software, as the clerks read it; the user name when not said.
        #[arg(long, value_name = "NAME", conflicts_with = "remove")]
        name: Option<String>,
        /// Take the account away instead.
        #[arg(long, conflicts_with = "council")]
        remove: bool,
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
    /// Letters that a restored server holds back, because they may have left already: list them, send
    /// them, or drop them; while the server runs.
    Held {
        /// Data directory.
        #[arg(long, value_name = "DIR", required_unless_present = "database")]
        data: Option<PathBuf>,
        /// In this PostgreSQL: postgres://….
        #[arg(long, value_name = "URL", env = "PUPITRE_DATABASE", hide_env_values = true)]
        database: Option<String>,
        /// Send it: its number, or `all`. Repeat.
        #[arg(long, value_name = "NUMBER", conflicts_with_all = ["drop", "hold"])]
        send: Vec<String>,
        /// Never send it: its number, or `all`. Repeat.
        #[arg(long, value_name = "NUMBER", conflicts_with = "hold")]
        drop: Vec<String>,
        /// Hold what is not known to have left: after a PostgreSQL was brought back to an earlier
        /// state with its own tools, before the servers start.
        #[arg(long)]
        hold: bool,
    },
    /// What happened at the councils' doors: who came in, was invited, shut out, published and convened.
    Audit {
        /// Data directory.
        #[arg(long, value_name = "DIR", required_unless_present = "database")]
        data: Option<PathBuf>,
        /// In this PostgreSQL: postgres://….
        #[arg(long, value_name = "URL", env = "PUPITRE_DATABASE", hide_env_values = true)]
        database: Option<String>,
        /// Forget lines that are older than a year instead.
        #[arg(long)]
        forget: bool,
    },
    /// Let devices in again that came after the backup which was restored; the server may run.
    Readmit {
        /// Data directory.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The file that `pupitre-cli ark` wrote on the clerk's tablet.
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

fn ark(file: &Path) -> anyhow::Result<Ark> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ark::from_json(&bytes).with_context(|| format!("{} cannot be used", file.display()))
}

/// Bytes of a megabyte.
const MB: u64 = 1024 * 1024;

fn sms_field(text: &str) -> Result<(String, String), String> {
    let field = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let (name, value) = field.ok_or_else(|| "write NAME=VALUE, as in to={to}".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Language of what is written to members.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum MailLanguageName {
    #[default]
    Fr,
    En,
}

impl From<MailLanguageName> for MailLanguage {
    fn from(name: MailLanguageName) -> Self {
        match name {
            MailLanguageName::Fr => Self::French,
            MailLanguageName::En => Self::English,
        }
    }
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
        Command::Init { data, council, kind, population, zone, local_law, from, database } => {
            let declared = council.zip(kind).zip(population);
            let now_ms = system_clock()();
            let declaration = declared.map(|((name, kind), population)| Declaration {
                name,
                kind: match kind {
                    Kind::Commune => CouncilKind::Commune,
                    Kind::Epci => CouncilKind::Epci,
                    Kind::Departement => CouncilKind::Departement,
                    Kind::Region => CouncilKind::Region,
                },
                population,
                zone,
                local_law: local_law.map(|LocalLaw::AlsaceMoselle| "alsace-moselle".to_owned()),
            });
            let founded = match (declaration, from, database) {
                (Some(declaration), _, Some(url)) => {
                    init_shared(&data, &url, declaration, now_ms).await?
                }
                (Some(declaration), _, None) => init(&data, declaration, now_ms).await?,
                (None, Some(file), None) => init_again(&data, &ark(&file)?, now_ms).await?,
                (None, _, _) => anyhow::bail!(
                    "A council is founded again in a data folder of its own, without --database."
                ),
            };
            if json {
                println!("{}", serde_json::to_string(&founded)?);
            } else {
                println!("Council:              {}", founded.council);
                println!("Invitation, one use:  {}", founded.clerk_invitation);
            }
        }
        Command::Serve {
            data,
            listen,
            metrics,
            tls_cert,
            tls_key,
            database,
            blobs,
            smtp,
            mail_from,
            mail_language,
            mail_pause,
            sms_url,
            sms_fields,
            sms_json,
            sms_token,
            connector,
            connector_largest,
            contact_everyone,
            contact_everyone_id,
            contact_everyone_cert,
        } => {
            let mut config = Config::new(data);
            config.post.smtp = smtp.zip(mail_from).map(|(at, from)| Smtp::new(at, from));
            config.post.language = mail_language.into();
            if let Some(url) = sms_url {
                let fields = Fields { fields: sms_fields.into_iter().collect() };
                let gateway = HttpGateway::new(url, fields, sms_json, sms_token)
                    .context("Text messages cannot be sent from this machine")?;
                config.post.sms = Some(Arc::new(gateway));
            }
            if let Some((url, customer)) = contact_everyone.zip(contact_everyone_id) {
                let read = |file: PathBuf| {
                    std::fs::read(&file)
                        .with_context(|| format!("{} cannot be read", file.display()))
                };
                let certificate = contact_everyone_cert.map(read).transpose()?;
                let account = ContactEveryone::new(url, customer, certificate.as_deref())?;
                config.post.sms = Some(Arc::new(account));
            }
            config.post.pause = std::time::Duration::from_secs(mail_pause);
            if let Some(file) = connector {
                // Said at once, rather than when the first software is turned away.
                Accounts::read(&file)?;
                let largest = connector_largest.saturating_mul(MB);
                config.connector = Some(ConnectorConfig { accounts: file, largest });
            }
            config.tls = tls_cert.zip(tls_key).map(|(cert, key)| TlsFiles::new(cert, key));
            let stores = stores(&config.data, database, blobs).await?;
            serve(config, stores, &listen, metrics).await?;
        }
        Command::Connector { file, username, conn, council, name, remove } => {
            let Some(council) = council.filter(|_| !remove) else {
                Accounts::withdraw(&file, &username, &conn)?;
                if json {
                    println!("{}", json!({ "removed": true }));
                } else {
                    println!("Removed.");
                }
                return Ok(ExitCode::SUCCESS);
            };
            let name = name.as_deref().unwrap_or(&username);
            let password = Accounts::grant(&file, council, [&username, &conn, name])?;
            if json {
                let granted = json!({ "username": username, "conn": conn, "password": password });
                println!("{granted}");
            } else {
                println!("User name:             {username}");
                println!("Connection:            {conn}");
                println!("Password, shown once:  {password}");
            }
        }
        Command::Backup { data, out } => {
            let done = backup(&data, &out)?;
            audit::note_backup(&*audit::log(&data)?, system_clock()()).await?;
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
            let done = restore(&data, &from, system_clock()())?;
            if json {
                println!("{}", serde_json::to_string(&done)?);
            } else {
                println!("{} council(s), {} papers", done.councils.len(), done.papers);
                if done.held > 0 {
                    println!(
                        "{} letter(s) may have left since the backup and are held; see \
                         `pupitre-server held`.",
                        done.held
                    );
                }
            }
            anyhow::ensure!(
                done.missing.is_empty(),
                "Everything in the backup is restored, but {} paper(s) were not in it; publish \
                 them again.",
                done.missing.len()
            );
        }
        Command::Held { data, database, send, drop, hold } => {
            let post: Arc<dyn Post> = match (database, data) {
                (Some(url), _) => Arc::new(PgLog::connect(&url).await?),
                (None, data) => held::post(&data.unwrap_or_default())?,
            };
            let now_ms = system_clock()();
            let which = |words: Vec<String>| -> anyhow::Result<held::Which> {
                if words.iter().any(|word| word == "all") {
                    return Ok(held::Which::All);
                }
                let numbers = words.iter().map(|word| word.parse::<i64>());
                let numbers = numbers.collect::<Result<_, _>>();
                Ok(held::Which::Numbers(numbers.context("Write a number of the list, or `all`")?))
            };
            let (verb, count) = if hold {
                ("held", post.hold(now_ms).await?)
            } else if !send.is_empty() {
                ("released", held::decide(&*post, which(send)?, Decision::Send, now_ms).await?)
            } else if !drop.is_empty() {
                ("dropped", held::decide(&*post, which(drop)?, Decision::Drop, now_ms).await?)
            } else {
                let all = held::held(&*post).await?;
                if json {
                    println!("{}", serde_json::to_string(&all)?);
                } else if all.is_empty() {
                    println!("Nothing is held.");
                }
                for message in all.iter().filter(|_| !json) {
                    let held::HeldMessage { number, made, subject, name, address, .. } = message;
                    let reminder = if message.reminder > 0 { " (reminder)" } else { "" };
                    println!("{number}  {made}  {subject}{reminder}  {name} <{address}>");
                }
                return Ok(ExitCode::SUCCESS);
            };
            if json {
                println!("{}", json!({ verb: count }));
            } else {
                println!("{count} message(s) {verb}.");
            }
        }
        Command::Audit { data, database, forget } => {
            let log: Arc<dyn Log> = match (database, data) {
                (Some(url), _) => Arc::new(PgLog::connect(&url).await?),
                (None, data) => audit::log(&data.unwrap_or_default())?,
            };
            if forget {
                let forgotten = log.forget_audit(system_clock()()).await?;
                if json {
                    println!("{}", json!({ "forgotten": forgotten }));
                } else {
                    println!("{forgotten} line(s) older than a year forgotten.");
                }
                return Ok(ExitCode::SUCCESS);
            }
            let lines = audit::audit(&*log).await?;
            if json {
                println!("{}", serde_json::to_string(&lines)?);
            } else {
                lines.iter().for_each(|line| println!("{}", line.text()));
            }
        }
        Command::Readmit { data, from } => {
            let devices = readmit(&data, &ark(&from)?, system_clock()())?;
            if json {
                println!("{}", json!({ "devices": devices }));
            } else {
                println!("{devices} device(s) are let in again.");
            }
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
        let log = Arc::new(log);
        stores.post = Some(Arc::clone(&log) as Arc<dyn Post>);
        stores.log = Some(log);
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
