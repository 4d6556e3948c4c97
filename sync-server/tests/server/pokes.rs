//! Pokes: there is something new.

use std::time::Duration;

use domain::Role;
use futures_util::StreamExt;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use wire::{Audience, Poke};

use crate::scene::{Scene, Tablet};

type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

async fn listen(scene: &Scene, tablet: &Tablet) -> Result<Socket, Error> {
    let url = format!("{}/v1/poke", scene.url.replace("http", "ws"));
    let mut request = url.into_client_request().unwrap();
    let bearer = format!("Bearer {}", tablet.token).parse().unwrap();
    request.headers_mut().insert("authorization", bearer);
    Ok(connect_async(request).await?.0)
}

/// The next poke; none when the socket closes.
async fn next(socket: &mut Socket) -> Option<Poke> {
    loop {
        match socket.next().await? {
            Ok(Message::Binary(bytes)) => return Some(wire::decode(&bytes).unwrap()),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

#[tokio::test]
async fn a_poke_comes_at_connection_and_at_each_commit_even_one_not_for_the_listener() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut a = scene.member(&mut clerk, 10, Role::Official).await;
    let mut b = scene.member(&mut clerk, 11, Role::Official).await;
    b.pull(&scene).await;

    let mut socket = listen(&scene, &b).await.unwrap();
    assert_eq!(next(&mut socket).await, Some(Poke { head: b.cursor }));

    let op = a.note(Audience::Private, "pour moi");
    let head = a.sync(&scene, vec![op]).await.unwrap().head;
    assert_eq!(next(&mut socket).await, Some(Poke { head }));
}

#[tokio::test]
async fn many_commits_make_few_pokes() {
    let scene =
        Scene::start_with(|config| config.limits.coalesce = Duration::from_millis(400)).await;
    let mut clerk = scene.clerk().await;
    let mut a = scene.member(&mut clerk, 10, Role::Official).await;
    let mut socket = listen(&scene, &clerk).await.unwrap();
    next(&mut socket).await.unwrap();

    let mut head = 0;
    for _ in 0..20 {
        let op = a.note(Audience::Private, "x");
        head = a.sync(&scene, vec![op]).await.unwrap().head;
    }
    let mut pokes = 1;
    while next(&mut socket).await.unwrap().head < head {
        pokes += 1;
    }
    assert!(pokes < 20, "{pokes} pokes for 20 commits");
}

#[tokio::test]
async fn a_socket_ends_with_its_session_and_with_the_server() {
    let mut scene =
        Scene::start_with(|config| config.limits.ping = Duration::from_millis(50)).await;
    let mut clerk = scene.clerk().await;
    let mut official = scene.member(&mut clerk, 10, Role::Official).await;

    let mut socket = listen(&scene, &official).await.unwrap();
    next(&mut socket).await.unwrap();
    scene.pass_ms(wire::limits::SESSION_MS);
    assert_eq!(next(&mut socket).await, None);

    official.login(&scene).await.unwrap();
    let mut socket = listen(&scene, &official).await.unwrap();
    next(&mut socket).await.unwrap();
    let device = Some(official.signer.device);
    pupitre_server::commands::revoke::revoke(&scene.data(), device, None, 0).await.unwrap();
    assert_eq!(next(&mut socket).await, None);

    clerk.login(&scene).await.unwrap();
    let mut socket = listen(&scene, &clerk).await.unwrap();
    next(&mut socket).await.unwrap();
    scene.stop().await;
    assert_eq!(next(&mut socket).await, None);
}

#[tokio::test]
async fn a_device_has_so_many_sockets_and_gets_its_places_back() {
    let scene = Scene::start_with(|config| config.limits.sockets_per_device = 1).await;
    let clerk = scene.clerk().await;
    let mut first = listen(&scene, &clerk).await.unwrap();
    next(&mut first).await.unwrap();

    let Err(Error::Http(refusal)) = listen(&scene, &clerk).await else { panic!("a second socket") };
    assert_eq!(refusal.status(), 429);

    first.close(None).await.unwrap();
    while next(&mut first).await.is_some() {}
    // The server notices the close in its own time.
    while listen(&scene, &clerk).await.is_err() {
        tokio::task::yield_now().await;
    }
}
