//! Proofs with a time-stamp, by a real authority: `openssl ts` behind HTTP, made for each test.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command as Program, Stdio};

use domain::Sha256;
use ipc::{ClerkCommand, Command, Convening, ConvocationCommand, FindingKind, Proved, Reply};
use pupitre_client::proof::revocations::Revocations;
use pupitre_client::proof::stamp::{self, StampError};
use pupitre_client::proof::{Trust, verify, verify_trusting};
use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::council::{Council, Tablet};

/// How an authority is made.
#[derive(Debug, Clone, Copy)]
struct Kind {
    /// Arguments of `openssl genpkey`.
    key: &'static [&'static str],
    digest: &'static str,
    certificate_digest: &'static str,
    /// Digits after the second's point.
    precision: u8,
}

const RSA: Kind = Kind {
    key: &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    digest: "sha256",
    certificate_digest: "sha256",
    precision: 0,
};
const CURVE: Kind = Kind {
    key: &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    digest: "sha384",
    certificate_digest: "sha1",
    precision: 3,
};

/// A root, and an authority under it, in a folder.
struct Authority {
    folder: tempfile::TempDir,
}

fn openssl(folder: &Path, words: &[&str]) {
    let output = Program::new("openssl")
        .current_dir(folder)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .expect("openssl is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {words:?}: {said}");
}

impl Authority {
    fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let key = |name: &str| {
            openssl(at, &[&["genpkey", "-out", name], kind.key].concat());
        };
        key("root.key");
        key("tsa.key");
        openssl(
            at,
            &[
                "req",
                "-x509",
                "-new",
                "-key",
                "root.key",
                "-out",
                "root.pem",
                "-days",
                "30",
                "-subj",
                "/O=Essai/CN=Racine",
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign",
            ],
        );
        openssl(
            at,
            &["req", "-new", "-key", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Horodatage"],
        );
        std::fs::write(
            at.join("tsa.ext"),
            "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
             extendedKeyUsage=critical,timeStamping\n",
        )
        .unwrap();
        openssl(
            at,
            &[
                "x509",
                "-req",
                "-in",
                "tsa.csr",
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-days",
                "30",
                "-set_serial",
                "7",
                "-extfile",
                "tsa.ext",
                "-out",
                "tsa.pem",
            ],
        );
        let Kind { digest, certificate_digest, precision, .. } = kind;
        std::fs::write(at.join("serial"), "01\n").unwrap();
        std::fs::write(
            at.join("tsa.cnf"),
            format!(
                "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\nsigner_cert = tsa.pem\n\
                 signer_key = tsa.key\nsigner_digest = {digest}\ndefault_policy = 1.2.3.4.1\n\
                 digests = sha256\naccuracy = secs:1\nclock_precision_digits = {precision}\n\
                 ess_cert_id_alg = {certificate_digest}\n"
            ),
        )
        .unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn roots(&self) -> Vec<CertificateDer<'static>> {
        stamp::roots(&std::fs::read(self.path("root.pem")).unwrap()).unwrap()
    }

    /// A list of the root's that revokes the authority's certificate now for this reason ("" gives none),
    /// or nothing.
    fn revokes(&self, reason: Option<&str>) -> Revocations {
        let at = self.folder.path();
        let write = |name: &str, text: &str| std::fs::write(at.join(name), text).unwrap();
        write("index.txt", "");
        write("crlnumber", "01\n");
        write(
            "ca.cnf",
            "[ca]\ndefault_ca = one\n[one]\ndatabase = index.txt\ncrlnumber = crlnumber\n\
             default_md = sha256\ndefault_crl_days = 7\ncertificate = root.pem\n\
             private_key = root.key\nunique_subject = no\n",
        );
        let ca = ["ca", "-config", "ca.cnf"];
        if let Some(reason) = reason {
            let why = if reason.is_empty() { vec![] } else { vec!["-crl_reason", reason] };
            openssl(at, &[&ca[..], &["-revoke", "tsa.pem"], &why].concat());
        }
        openssl(at, &[&ca[..], &["-gencrl", "-out", "list.pem"]].concat());
        Revocations::read(&std::fs::read(self.path("list.pem")).unwrap()).unwrap()
    }

    /// What it answers to a question.
    fn answer(&self, question: &[u8]) -> Vec<u8> {
        reply(self.folder.path(), question)
    }

    /// Answers over HTTP until the task is aborted.
    async fn serve(&self) -> (String, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/tsa", listener.local_addr().unwrap());
        let folder = self.folder.path().to_owned();
        let task = tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let mut asked = Vec::new();
                let question = loop {
                    let mut piece = [0; 4_096];
                    let read = line.read(&mut piece).await.unwrap();
                    asked.extend_from_slice(&piece[..read]);
                    let Some(end) = asked.windows(4).position(|four| four == b"\r\n\r\n") else {
                        continue;
                    };
                    let head = String::from_utf8_lossy(&asked[..end]).to_lowercase();
                    assert!(head.starts_with("post /tsa "), "{head}");
                    assert!(head.contains("content-type: application/timestamp-query"), "{head}");
                    let length = head.split("content-length: ").nth(1).unwrap();
                    let length: usize = length.lines().next().unwrap().trim().parse().unwrap();
                    if asked.len() >= end + 4 + length {
                        break asked[end + 4..].to_vec();
                    }
                };
                let answer = reply(&folder, &question);
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/timestamp-reply\r\n\
                     content-length: {}\r\nconnection: close\r\n\r\n",
                    answer.len()
                );
                line.write_all(&[head.as_bytes(), &answer].concat()).await.unwrap();
            }
        });
        (url, task)
    }
}

fn reply(folder: &Path, question: &[u8]) -> Vec<u8> {
    std::fs::File::create(folder.join("question")).unwrap().write_all(question).unwrap();
    openssl(
        folder,
        &["ts", "-reply", "-queryfile", "question", "-out", "answer", "-config", "tsa.cnf"],
    );
    std::fs::read(folder.join("answer")).unwrap()
}

#[test]
fn stamps_of_real_authorities_are_believed_and_no_changed_byte_of_them_is() {
    let root = Sha256::from_bytes([7; 32]);
    let nonce = [0xff; 8];
    let stranger = Authority::new(CURVE);
    for kind in [RSA, CURVE] {
        let authority = Authority::new(kind);
        let answer = authority.answer(&stamp::question(&root, nonce).unwrap());
        let roots = authority.roots();
        let (token, stamped) = stamp::token(&answer, &root, nonce, &roots).unwrap();
        assert_eq!(stamped.authority, "CN=Horodatage");
        let now = jiff::Timestamp::now();
        assert!((now.as_second() - stamped.at.as_second()).abs() < 60, "{stamped:?}");
        assert_eq!(stamp::check(&token, &root, &roots), Ok(stamped));

        let other = Sha256::from_bytes([8; 32]);
        assert_eq!(stamp::check(&token, &other, &roots), Err(StampError::OtherDigest));
        let again = stamp::token(&answer, &root, [1; 8], &roots).map(drop);
        assert_eq!(again, Err(StampError::OtherNonce));
        let untrusted = stamp::check(&token, &root, &stranger.roots());
        assert_eq!(untrusted, Err(StampError::Untrusted));
        // One bit of every byte: of what is signed, of the signature, of the certificate.
        for at in 0..token.len() {
            let mut wounded = token.clone();
            wounded[at] ^= 1;
            let found = stamp::check(&wounded, &root, &roots);
            assert!(found.is_err() || found == stamp::check(&token, &root, &roots), "byte {at}");
        }
        // OpenSSL believes the same token, over the same digest.
        std::fs::write(authority.path("token"), &token).unwrap();
        let digest = root.to_string();
        openssl(
            authority.folder.path(),
            &[
                "ts",
                "-verify",
                "-digest",
                &digest,
                "-in",
                "token",
                "-token_in",
                "-CAfile",
                "root.pem",
            ],
        );
    }
}

#[test]
fn a_revoked_authority_stamps_no_more_and_one_whose_key_was_lost_never_has() {
    let root = Sha256::from_bytes([7; 32]);
    let nonce = [3; 8];
    let authority = Authority::new(CURVE);
    let roots = authority.roots();
    let stamped = || {
        let answer = authority.answer(&stamp::question(&root, nonce).unwrap());
        stamp::token(&answer, &root, nonce, &roots).unwrap().0
    };
    let check = |token: &[u8], lists: &Revocations| {
        stamp::check_with(token, &root, &roots, Some(lists)).map(drop)
    };
    let before = stamped();
    assert_eq!(check(&before, &authority.revokes(None)), Ok(()));
    // The next second: a list tells no fractions.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let replaced = authority.revokes(Some("superseded"));
    assert_eq!(check(&before, &replaced), Ok(()), "it stamped well until then");
    assert_eq!(check(&stamped(), &replaced), Err(StampError::Revoked));
    for reason in ["keyCompromise", ""] {
        let lost = authority.revokes(Some(reason));
        assert_eq!(check(&before, &lost), Err(StampError::Revoked), "{reason}");
    }
    // A list of somebody else, and none at all, tell nothing.
    let stranger = Authority::new(CURVE);
    assert_eq!(check(&before, &stranger.revokes(None)), Err(StampError::NoRevocations));
    assert!(Revocations::read(b"no list").is_err());
    // A list that somebody has changed is not the issuer's.
    authority.revokes(None);
    let path = authority.folder.path();
    openssl(path, &["crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der"]);
    let mut changed = std::fs::read(authority.path("list.der")).unwrap();
    assert_eq!(check(&before, &Revocations::read(&changed).unwrap()), Ok(()));
    *changed.last_mut().unwrap() ^= 1;
    let changed = Revocations::read(&changed).unwrap();
    assert_eq!(check(&before, &changed), Err(StampError::NoRevocations));
}

#[test]
fn an_authority_that_refuses_is_told_from_one_that_babbles() {
    let authority = Authority::new(RSA);
    let root = Sha256::from_bytes([7; 32]);
    let roots = authority.roots();
    // No question at all.
    let refused = stamp::token(&authority.answer(b"bonjour"), &root, [1; 8], &roots);
    assert!(matches!(refused, Err(StampError::Refused(_))), "{refused:?}");
    let babble = stamp::token(b"<html>", &root, [1; 8], &roots);
    assert_eq!(babble.map(drop), Err(StampError::Unreadable));
    assert!(stamp::roots(b"no certificate").is_err());
}

impl Tablet {
    async fn prove(&self, sitting: domain::SittingId, out: &Path) -> Proved {
        let command = ConvocationCommand::Prove { sitting, out: Some(out.to_owned()) };
        let Reply::Proved(proved) = self.ask(Command::Convocation(command)).await else {
            panic!("proved")
        };
        proved
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_is_stamped_by_the_councils_authority_and_checked_without_any_network() {
    let authority = Authority::new(RSA);
    let (url, task) = authority.serve().await;
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    let wrong = ClerkCommand::SaveStampAuthority(Some((url.clone(), council.path("sitting"))));
    clerk.refused(Command::Clerk(wrong)).await;
    let named = ClerkCommand::SaveStampAuthority(Some((url, authority.path("root.pem"))));
    clerk.ask(Command::Clerk(named)).await;
    let sitting = clerk.publish(&council.sitting()).await.sitting;
    let convening = Convening::of(sitting);
    clerk.ask(Command::Convocation(ConvocationCommand::Convene(convening))).await;
    tablet.sync().await;
    let out = council.path("preuve.pupitre");
    let proved = clerk.prove(sitting, &out).await;
    let stamped = proved.stamp.clone().expect("a stamp");
    assert_eq!((stamped.authority.as_str(), &proved.unstamped), ("CN=Horodatage", &None));
    task.abort();
    council.stop().await;

    let bytes = std::fs::read(&out).unwrap();
    let found = verify(&bytes);
    assert!(found.valid, "{:?}", found.findings);
    assert_eq!(found.root, Some(proved.root));
    let stamp = found.stamp.unwrap();
    assert_eq!((stamp.at, stamp.root, stamp.trusted), (stamped.at, stamped.root, false));
    let own = authority.roots();
    let trust = Trust { roots: Some(&own), revocations: None };
    let trusting = verify_trusting(&bytes, &trust);
    assert!(trusting.valid && trusting.stamp.unwrap().trusted);
    let stranger = Authority::new(CURVE);
    let theirs = stranger.roots();
    let found = verify_trusting(&bytes, &Trust { roots: Some(&theirs), revocations: None });
    assert_eq!(found.findings[0].kind, FindingKind::UntrustedStamp);
    // Lists of revoked certificates that the reader brings.
    for (list, expected) in [
        (authority.revokes(None), None),
        (authority.revokes(Some("keyCompromise")), Some(FindingKind::RevokedStamp)),
        (stranger.revokes(None), Some(FindingKind::RevocationUnknown)),
    ] {
        let revocations = Some(&list);
        let found = verify_trusting(&bytes, &Trust { roots: Some(&own), revocations });
        assert_eq!(found.findings.first().map(|finding| finding.kind), expected);
        assert_eq!(found.stamp.is_some_and(|stamp| stamp.unrevoked), expected.is_none());
    }
    // A changed byte of the stamp accuses its line and no other.
    let text = String::from_utf8(bytes.clone()).unwrap();
    let line = text.lines().position(|line| line.contains("\"is\":\"stamp\"")).unwrap() + 1;
    let mut wounded = bytes.clone();
    let at = text.find("\"is\":\"stamp\"").unwrap() + 200;
    wounded[at] = if wounded[at] == b'0' { b'1' } else { b'0' };
    let found = verify(&wounded);
    let accused: Vec<_> = found.findings.iter().map(|f| (f.line as usize, f.kind)).collect();
    assert_eq!(accused, [(line, FindingKind::Altered)]);

    // An authority that does not answer: the proof holds without, and says so.
    council.start().await;
    let proved = clerk.prove(sitting, &out).await;
    assert!(proved.stamp.is_none() && proved.unstamped.is_some(), "{proved:?}");
    let found = verify(&std::fs::read(&out).unwrap());
    assert!(found.valid && found.stamp.is_none(), "{:?}", found.findings);
    clerk.ask(Command::Clerk(ClerkCommand::SaveStampAuthority(None))).await;
    let proved = clerk.prove(sitting, &out).await;
    assert!(proved.stamp.is_none() && proved.unstamped.is_none());
}
