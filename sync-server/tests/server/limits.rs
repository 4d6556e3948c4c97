//! Every limit answers, and what was acknowledged stands.

use std::time::Duration;

use domain::Role;
use pupitre_server::limits::Rate;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wire::limits::{CONTROL_BODY, SYNC_BODY};
use wire::{Audience, Challenge, ChallengeRequest, Outcome, Problem, ProblemCode};

use crate::scene::{Scene, refused};

async fn problem(response: reqwest::Response) -> Problem {
    wire::decode(&response.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn bodies_beyond_their_limit_are_refused_announced_or_not() {
    let scene = Scene::start().await;
    let clerk = scene.clerk().await;
    for (path, limit) in [("/v1/enrol", CONTROL_BODY), ("/v1/sync", SYNC_BODY)] {
        let url = format!("{}{path}", scene.url);
        let body = vec![0; limit + 1];
        let announced =
            scene.http.post(&url).bearer_auth(&clerk.token).body(body.clone()).send().await;
        // The server may close before a large body is through; then there is no answer to read.
        if let Ok(announced) = announced {
            assert_eq!(announced.status(), 413);
        }
        let chunks = body.chunks(8_192).map(|c| Ok::<_, std::io::Error>(c.to_vec()));
        let stream =
            reqwest::Body::wrap_stream(futures_util::stream::iter(chunks.collect::<Vec<_>>()));
        let chunked = scene.http.post(&url).bearer_auth(&clerk.token).body(stream).send().await;
        if let Ok(chunked) = chunked {
            assert_eq!(problem(chunked).await.code, ProblemCode::TooLarge);
        }
    }
}

#[tokio::test]
async fn bytes_that_are_no_message_are_refused_with_a_sentence() {
    let scene = Scene::start().await;
    let clerk = scene.clerk().await;
    for path in ["/v1/enrol", "/v1/challenge", "/v1/session", "/v1/sync", "/v1/invitations"] {
        for body in [&b""[..], b"\x9f\x9f\x9f", b"{\"json\":true}", b"\x84\x01\x1b"] {
            let response = scene
                .http
                .post(format!("{}{path}", scene.url))
                .bearer_auth(&clerk.token)
                .body(body.to_vec())
                .send()
                .await
                .unwrap();
            assert_eq!(response.status(), 400, "{path}");
            assert_eq!(problem(response).await.code, ProblemCode::Malformed);
        }
    }
    let nowhere = scene.http.get(format!("{}/v2/sync", scene.url)).send().await.unwrap();
    assert_eq!(nowhere.status(), 404);
    let method = scene.http.get(format!("{}/v1/sync", scene.url)).send().await.unwrap();
    assert_eq!(method.status(), 405);
}

#[tokio::test]
async fn a_device_and_an_address_are_slowed_down_and_let_in_again_later() {
    let scene = Scene::start_with(|config| {
        config.limits.device_rate = Rate { burst: 5.0, per_second: 1.0 };
        config.limits.address_rate = Rate { burst: 6.0, per_second: 1.0 };
    })
    .await;
    // Enrolment, challenge, session, one sync.
    let mut clerk = scene.clerk().await;
    for _ in 0..4 {
        clerk.sync(&scene, Vec::new()).await.unwrap();
    }
    let problem = clerk.sync(&scene, Vec::new()).await.unwrap_err();
    assert_eq!((problem.code, problem.retry_after_ms), (ProblemCode::TooMany, Some(1_000)));

    let ask = ChallengeRequest { device: clerk.signer.device };
    for _ in 0..3 {
        scene.post::<_, Challenge>("/v1/challenge", None, &ask).await.unwrap();
    }
    let refusal = scene.post::<_, Challenge>("/v1/challenge", None, &ask).await;
    assert_eq!(refused(refusal), ProblemCode::TooMany);

    scene.pass_ms(1_000);
    clerk.sync(&scene, Vec::new()).await.unwrap();
    scene.post::<_, Challenge>("/v1/challenge", None, &ask).await.unwrap();
}

#[tokio::test]
async fn one_connection_too_many_is_told_so() {
    let scene = Scene::start_with(|config| config.limits.connections = 2).await;
    let address = scene.url.trim_start_matches("http://");
    let request = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        held.push(stream);
    }
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 429"), "{answer}");
    assert!(answer.to_lowercase().contains("retry-after"), "{answer}");
}

#[tokio::test]
async fn slow_peers_are_let_go_of() {
    let scene = Scene::start_with(|config| {
        config.limits.head_timeout = Duration::from_millis(100);
        config.limits.body_timeout = Duration::from_millis(100);
    })
    .await;
    let address = scene.url.trim_start_matches("http://");
    // Says nothing; says one byte; never ends its head: each connection is closed.
    for start in ["", "P", "GET /healthz HTTP/1.1\r\nx: "] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.ok();
        assert!(!answer.starts_with(b"HTTP/1.1 200"));
    }
    // Never ends its body: told so.
    let mut stream = TcpStream::connect(address).await.unwrap();
    let start = b"POST /v1/challenge HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\nhalf";
    stream.write_all(start).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 400");
}

#[tokio::test]
async fn an_upload_that_stands_still_is_ended_and_kept() {
    let scene =
        Scene::start_with(|config| config.limits.idle_timeout = Duration::from_millis(100)).await;
    let clerk = scene.clerk().await;
    let (pdf, digest) = crate::scene::a_pdf(1, 1_000);
    let address = scene.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PUT {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nupload-offset: 0\r\n\
         upload-length: 1000\r\ncontent-length: 1000\r\n\r\n",
        wire::blob::path(&digest),
        clerk.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&pdf[..400]).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 400");

    let url = format!("{}{}", scene.url, wire::blob::path(&digest));
    let stands = scene.http.head(url).bearer_auth(&clerk.token).send().await.unwrap();
    assert_eq!(stands.headers()[wire::blob::UPLOAD_OFFSET], "400");
}

#[tokio::test]
async fn papers_beyond_the_transfers_wait_their_turn() {
    let scene = Scene::start_with(|config| config.limits.transfers = 0).await;
    let clerk = scene.clerk().await;
    let (pdf, digest) = crate::scene::a_pdf(1, 100);
    let response = scene
        .http
        .put(format!("{}{}", scene.url, wire::blob::path(&digest)))
        .bearer_auth(&clerk.token)
        .header(wire::blob::UPLOAD_OFFSET, 0)
        .header(wire::blob::UPLOAD_LENGTH, 100)
        .body(pdf)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 429);
    assert!(response.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn a_full_disk_is_said_and_loses_nothing_acknowledged() {
    let mut scene = Scene::start_with(|config| config.database.max_pages = Some(150)).await;
    let mut clerk = scene.clerk().await;
    let mut tablet = scene.member(&mut clerk, 10, Role::Official).await;
    let mut acknowledged = Vec::new();
    let refusal = loop {
        let text = format!("{} {}", acknowledged.len(), "a".repeat(20_000));
        let op = tablet.note(Audience::Private, &text);
        match tablet.sync(&scene, vec![op]).await {
            Ok(response) => {
                assert!(matches!(response.acks[0].outcome, Outcome::Accepted { .. }));
                acknowledged.push(text);
            }
            Err(problem) => break problem,
        }
        assert!(acknowledged.len() < 100, "600 kB do not hold 2 MB");
    };
    assert_eq!(refusal.code, ProblemCode::Unavailable);
    assert!(refusal.retry_after_ms.is_some());
    assert!(!acknowledged.is_empty());
    // It still reads.
    tablet.pull(&scene).await;
    assert_eq!(tablet.notes(), acknowledged);

    // With room again, the very same number goes in.
    scene.restart().await;
    tablet.signer.next -= 1;
    let op = tablet.note(Audience::Private, "suite");
    tablet.sync(&scene, vec![op]).await.unwrap();
    assert_eq!(tablet.notes().len(), acknowledged.len() + 1);
    assert_eq!(tablet.notes()[..acknowledged.len()], acknowledged);
}

#[tokio::test]
async fn the_operator_sees_numbers_and_nobody_in_them() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut tablet = scene.member(&mut clerk, 10, Role::Official).await;
    let op = tablet.note(Audience::Private, "un");
    tablet.sync(&scene, vec![op]).await.unwrap();

    let text = |url: String| async { scene.http.get(url).send().await.unwrap().text().await };
    let metrics = text(format!("{}/metrics", scene.operator_url)).await.unwrap();
    assert!(metrics.contains("pupitre_ops_accepted_total 2\n"), "{metrics}");
    assert!(metrics.contains("pupitre_commit_seconds_count"), "{metrics}");
    assert!(!metrics.contains(&scene.council.to_string()) && !metrics.contains("Martin"));
    for door in [&scene.url, &scene.operator_url] {
        assert_eq!(text(format!("{door}/healthz")).await.unwrap(), "ok\n");
    }
    let outside = scene.http.get(format!("{}/metrics", scene.url)).send().await.unwrap();
    assert_eq!(outside.status(), 404, "the tablets' door does not show them");
}

#[tokio::test]
async fn a_disk_that_is_full_under_an_upload_is_said() {
    let scene = Scene::start().await;
    let clerk = scene.clerk().await;
    let (pdf, digest) = crate::scene::a_pdf(1, 1_000);
    // A device that is always full stands where the upload would go.
    let partial = pupitre_server::config::blobs_dir(&scene.data()).join("partial");
    let place = partial.join(format!("{}-{digest}", scene.council));
    std::os::unix::fs::symlink("/dev/full", &place).unwrap();
    let put = || async {
        scene
            .http
            .put(format!("{}{}", scene.url, wire::blob::path(&digest)))
            .bearer_auth(&clerk.token)
            .header(wire::blob::UPLOAD_OFFSET, 0)
            .header(wire::blob::UPLOAD_LENGTH, 1_000)
            .body(pdf.clone())
            .send()
            .await
            .unwrap()
    };

    let response = put().await;
    assert_eq!(response.status(), 503);
    let said = problem(response).await;
    assert_eq!(said.code, ProblemCode::Unavailable);
    assert!(said.message.contains("disk is full"), "{said}");

    std::fs::remove_file(place).unwrap();
    assert_eq!(put().await.status(), 201);
}

#[tokio::test]
async fn a_peer_that_does_not_read_its_paper_is_let_go_of() {
    let scene =
        Scene::start_with(|config| config.limits.idle_timeout = Duration::from_millis(200)).await;
    let clerk = scene.clerk().await;
    // More than the sockets' buffers hold.
    let (pdf, digest) = crate::scene::a_pdf(1, 32 * 1024 * 1024);
    let put = scene
        .http
        .put(format!("{}{}", scene.url, wire::blob::path(&digest)))
        .bearer_auth(&clerk.token)
        .header(wire::blob::UPLOAD_OFFSET, 0)
        .header(wire::blob::UPLOAD_LENGTH, pdf.len())
        .body(pdf.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(put.status(), 201);

    let address = scene.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n",
        wire::blob::path(&digest),
        clerk.token
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let metrics = || async {
        let url = format!("{}/metrics", scene.operator_url);
        scene.http.get(url).send().await.unwrap().text().await.unwrap()
    };
    // The paper is on its way, then the server gives up: only the two connections of this test's
    // own client are left.
    while metrics().await.contains("pupitre_paper_bytes_out_total 0\n") {
        tokio::task::yield_now().await;
    }
    while !metrics().await.contains("pupitre_connections 2\n") {
        tokio::task::yield_now().await;
    }
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.ok();
    assert!(received.len() < pdf.len(), "the rest was never sent");
}
