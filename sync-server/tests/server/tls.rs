//! TLS at the tablets' door.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use pupitre_server::{Config, Server, TlsFiles};
use reqwest::{Certificate, Client, Version};
use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use testkit::Authority;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use wire::Poke;

use crate::scene::{NOW, Scene, declaration};

/// A scene whose server has a certificate, and who vouches for it.
struct Encrypted {
    scene: Scene,
    authority: Authority,
    files: TlsFiles,
    _dir: tempfile::TempDir,
}

impl Encrypted {
    async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    async fn start_with(adjust: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let authority = Authority::new();
        let mut files = TlsFiles::new(dir.path().join("cert.pem"), dir.path().join("key.pem"));
        files.watch = Duration::from_millis(20);
        write(&files, &authority);
        let tls = files.clone();
        let mut scene = Scene::start_with(|config| {
            config.tls = Some(tls);
            adjust(config);
        })
        .await;
        scene.url = scene.url.replace("http:", "https:");
        scene.http = trusting(&authority);
        Self { scene, authority, files, _dir: dir }
    }

    async fn health(&self, http: &Client) -> Result<reqwest::Response, reqwest::Error> {
        http.get(format!("{}/healthz", self.scene.url)).send().await
    }

    async fn handshake(&self, alpn: &[u8]) -> tokio_rustls::client::TlsStream<TcpStream> {
        let mut roots = rustls::RootCertStore::empty();
        let pem = self.authority.pem();
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
        let mut config =
            ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![alpn.to_vec()];
        let address = self.scene.url.trim_start_matches("https://");
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    }
}

fn write(files: &TlsFiles, authority: &Authority) {
    let certified = authority.vouch_for(&["127.0.0.1"]);
    std::fs::write(&files.key, certified.key).unwrap();
    std::fs::write(&files.certificate, certified.certificate).unwrap();
}

fn trusting(authority: &Authority) -> Client {
    let root = Certificate::from_pem(authority.pem().as_bytes()).unwrap();
    Client::builder().tls_certs_only([root]).build().unwrap()
}

#[tokio::test]
async fn tablets_sync_through_tls_and_are_told_to_keep_to_it() {
    let door = Encrypted::start().await;
    let mut clerk = door.scene.clerk().await;
    clerk.sync(&door.scene, Vec::new()).await.unwrap();

    let answer = door.health(&door.scene.http).await.unwrap();
    assert_eq!(answer.version(), Version::HTTP_2, "agreed by ALPN");
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=63072000");
    let policy = &answer.headers()["content-security-policy"];
    assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");

    let root = Certificate::from_pem(door.authority.pem().as_bytes()).unwrap();
    let old = Client::builder()
        .tls_certs_only([root])
        .http1_only()
        .tls_version_max(reqwest::tls::Version::TLS_1_2)
        .build()
        .unwrap();
    assert_eq!(door.health(&old).await.unwrap().version(), Version::HTTP_11);
}

#[tokio::test]
async fn a_poke_comes_through_tls() {
    let door = Encrypted::start().await;
    let clerk = door.scene.clerk().await;
    let url = format!("{}/v1/poke", door.scene.url.replace("https", "wss"));
    let mut request = url.into_client_request().unwrap();
    let bearer = format!("Bearer {}", clerk.token).parse().unwrap();
    request.headers_mut().insert("authorization", bearer);
    let stream = door.handshake(b"http/1.1").await;

    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();

    let Some(Ok(Message::Binary(bytes))) = socket.next().await else { panic!("a poke") };
    assert_eq!(wire::decode::<Poke>(&bytes).unwrap(), Poke { head: clerk.cursor });
}

#[tokio::test]
async fn strangers_clear_text_and_silence_get_nowhere() {
    let door = Encrypted::start_with(|c| c.limits.head_timeout = Duration::from_secs(2)).await;
    assert!(door.health(&trusting(&Authority::new())).await.is_err(), "another authority");
    let clear = door.scene.url.replace("https:", "http:");
    assert!(door.scene.http.get(format!("{clear}/healthz")).send().await.is_err());

    // Before the handshake and after it, a peer that says nothing is let go.
    let address = door.scene.url.trim_start_matches("https://");
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut greeted = door.handshake(b"http/1.1").await;
    let patience = Duration::from_secs(10);
    let ended = tokio::time::timeout(patience, silent.read(&mut [0])).await.unwrap();
    assert!(matches!(ended, Ok(0) | Err(_)));
    let ended = tokio::time::timeout(patience, greeted.read_to_end(&mut Vec::new())).await;
    assert!(ended.is_ok(), "a silent connection is still open");
}

#[tokio::test]
async fn a_new_certificate_is_taken_without_a_restart_and_a_bad_one_is_not() {
    let door = Encrypted::start().await;
    let successor = Authority::new();
    std::fs::write(&door.files.certificate, "nothing of the kind").unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    door.health(&trusting(&door.authority)).await.unwrap();

    write(&door.files, &successor);
    let taken = async {
        while door.health(&trusting(&successor)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), taken).await.unwrap();
    assert!(door.health(&trusting(&door.authority)).await.is_err());
}

#[tokio::test]
async fn a_server_does_not_start_with_a_key_that_is_not_its_certificates() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    pupitre_server::commands::init::init(&data, declaration("Valbrune"), NOW).await.unwrap();
    let path = |name: &str| -> PathBuf { dir.path().join(name) };
    let files = TlsFiles::new(path("cert.pem"), path("key.pem"));
    let authority = Authority::new();
    write(&files, &authority);
    std::fs::write(&files.key, authority.vouch_for(&["127.0.0.1"]).key).unwrap();
    let mut config = Config::new(data);
    config.tls = Some(files.clone());
    let error = Server::open(config).unwrap_err().to_string();
    assert!(error.contains("are not a certificate and its key"), "{error}");
    assert!(error.contains(&files.certificate.display().to_string()), "{error}");
}
