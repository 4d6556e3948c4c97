//! Papers: up in pieces, down in ranges.

use domain::{Role, Sha256};
use pupitre_server::commands::init::found;
use pupitre_server::log::sqlite::{Options, SqliteLog};
use ring::signature::Ed25519KeyPair;
use wire::blob::{UPLOAD_LENGTH, UPLOAD_OFFSET, path};

use crate::scene::{NOW, Scene, Tablet, a_pdf, declaration};

async fn put(
    scene: &Scene,
    tablet: &Tablet,
    digest: &Sha256,
    offset: usize,
    length: usize,
    body: Vec<u8>,
) -> reqwest::Response {
    scene
        .http
        .put(format!("{}{}", scene.url, path(digest)))
        .bearer_auth(&tablet.token)
        .header(UPLOAD_OFFSET, offset)
        .header(UPLOAD_LENGTH, length)
        .body(body)
        .send()
        .await
        .unwrap()
}

async fn head(scene: &Scene, tablet: &Tablet, digest: &Sha256) -> reqwest::Response {
    let url = format!("{}{}", scene.url, path(digest));
    scene.http.head(url).bearer_auth(&tablet.token).send().await.unwrap()
}

async fn get(
    scene: &Scene,
    tablet: &Tablet,
    digest: &Sha256,
    range: Option<&str>,
) -> reqwest::Response {
    let mut request =
        scene.http.get(format!("{}{}", scene.url, path(digest))).bearer_auth(&tablet.token);
    if let Some(range) = range {
        request = request.header("range", range);
    }
    request.send().await.unwrap()
}

fn header<'a>(response: &'a reqwest::Response, name: &str) -> &'a str {
    response.headers().get(name).unwrap().to_str().unwrap()
}

#[tokio::test]
async fn an_upload_goes_on_where_it_stopped_even_after_a_restart() {
    let mut scene = Scene::start().await;
    let clerk = scene.clerk().await;
    let (pdf, digest) = a_pdf(1, 100_000);

    let absent = head(&scene, &clerk, &digest).await;
    assert_eq!((absent.status().as_u16(), header(&absent, UPLOAD_OFFSET)), (404, "0"));

    let first = put(&scene, &clerk, &digest, 0, pdf.len(), pdf[..40_000].to_vec()).await;
    assert_eq!((first.status().as_u16(), header(&first, UPLOAD_OFFSET)), (202, "40000"));

    scene.restart().await;
    let half = head(&scene, &clerk, &digest).await;
    assert_eq!((half.status().as_u16(), header(&half, UPLOAD_OFFSET)), (404, "40000"));
    assert_eq!(get(&scene, &clerk, &digest, None).await.status(), 404);

    // Elsewhere than where it stands: told where that is.
    for offset in [0, 30_000, 50_000] {
        let wrong = put(&scene, &clerk, &digest, offset, pdf.len(), pdf[offset..].to_vec()).await;
        assert_eq!((wrong.status().as_u16(), header(&wrong, UPLOAD_OFFSET)), (409, "40000"));
    }

    let rest = put(&scene, &clerk, &digest, 40_000, pdf.len(), pdf[40_000..].to_vec()).await;
    assert_eq!(rest.status(), 201);
    let whole = head(&scene, &clerk, &digest).await;
    assert_eq!((whole.status().as_u16(), header(&whole, "content-length")), (200, "100000"));
    assert_eq!(get(&scene, &clerk, &digest, None).await.bytes().await.unwrap(), pdf);

    let again = put(&scene, &clerk, &digest, 0, pdf.len(), pdf.clone()).await;
    assert_eq!(again.status(), 200);
}

#[tokio::test]
async fn bytes_of_another_digest_are_refused_and_forgotten() {
    let scene = Scene::start().await;
    let clerk = scene.clerk().await;
    let (mut pdf, digest) = a_pdf(1, 10_000);
    pdf[5_000] ^= 1;

    assert_eq!(put(&scene, &clerk, &digest, 0, pdf.len(), pdf.clone()).await.status(), 400);
    assert_eq!(header(&head(&scene, &clerk, &digest).await, UPLOAD_OFFSET), "0");

    // More than announced is refused as well; then the true bytes go in.
    pdf[5_000] ^= 1;
    assert_eq!(put(&scene, &clerk, &digest, 0, 9_000, pdf.clone()).await.status(), 413);
    assert_eq!(put(&scene, &clerk, &digest, 0, pdf.len(), pdf.clone()).await.status(), 201);
}

#[tokio::test]
async fn a_download_resumes_by_range() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let tablet = scene.member(&mut clerk, 10, Role::Guest).await;
    let (pdf, digest) = a_pdf(1, 200_000);
    put(&scene, &clerk, &digest, 0, pdf.len(), pdf.clone()).await;

    let rest = get(&scene, &tablet, &digest, Some("bytes=150000-")).await;
    assert_eq!(rest.status(), 206);
    assert_eq!(header(&rest, "content-range"), "bytes 150000-199999/200000");
    assert_eq!(header(&rest, "etag"), format!("\"{digest}\""));
    assert_eq!(rest.bytes().await.unwrap(), pdf[150_000..]);

    let middle = get(&scene, &tablet, &digest, Some("bytes=10-19")).await;
    assert_eq!(middle.bytes().await.unwrap(), pdf[10..20]);

    let beyond = get(&scene, &tablet, &digest, Some("bytes=200000-")).await;
    assert_eq!(beyond.status(), 416);

    let known = scene
        .http
        .get(format!("{}{}", scene.url, path(&digest)))
        .bearer_auth(&tablet.token)
        .header("if-none-match", format!("\"{digest}\""))
        .send()
        .await
        .unwrap();
    assert_eq!(known.status(), 304);
}

#[tokio::test]
async fn an_empty_paper_is_a_paper() {
    let scene = Scene::start().await;
    let clerk = scene.clerk().await;
    let (pdf, digest) = a_pdf(1, 0);
    assert_eq!(put(&scene, &clerk, &digest, 0, 0, pdf).await.status(), 201);
    let got = get(&scene, &clerk, &digest, None).await;
    assert_eq!((got.status().as_u16(), got.bytes().await.unwrap().len()), (200, 0));
}

#[tokio::test]
async fn only_clerks_put_papers_and_requests_must_make_sense() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let official = scene.member(&mut clerk, 10, Role::Official).await;
    let (pdf, digest) = a_pdf(1, 100);

    assert_eq!(put(&scene, &official, &digest, 0, 100, pdf.clone()).await.status(), 403);
    assert_eq!(put(&scene, &clerk, &digest, 101, 100, Vec::new()).await.status(), 400);
    let huge = usize::try_from(wire::limits::BLOB).unwrap() + 1;
    assert_eq!(put(&scene, &clerk, &digest, 0, huge, pdf).await.status(), 413);
    let url = format!("{}/v1/blobs/not-a-digest", scene.url);
    let nonsense = scene.http.get(url).bearer_auth(&clerk.token).send().await.unwrap();
    assert_eq!(nonsense.status(), 404);
}

#[tokio::test]
async fn one_councils_papers_are_not_anothers() {
    let mut scene = Scene::start().await;
    let clerk = scene.clerk().await;
    let (pdf, digest) = a_pdf(1, 1_000);
    put(&scene, &clerk, &digest, 0, pdf.len(), pdf.clone()).await;

    // A second council on the same server.
    scene.stop().await;
    let database = pupitre_server::config::database_file(&scene.data());
    let log = SqliteLog::open(&database, Options::default(), std::sync::Arc::default()).unwrap();
    let keys = Ed25519KeyPair::from_seed_unchecked(&[99; 32]).unwrap();
    let other = found(&log, &keys, declaration("Autreville"), NOW).await.unwrap();
    drop(log);
    scene.restart().await;
    let mut other = Tablet::enrol(&scene, &other.clerk_invitation, 20).await.unwrap();

    // Nothing tells the other council that the paper is there, until it uploads it itself.
    let absent = head(&scene, &other, &digest).await;
    assert_eq!((absent.status().as_u16(), header(&absent, UPLOAD_OFFSET)), (404, "0"));
    assert_eq!(get(&scene, &other, &digest, None).await.status(), 404);
    assert_eq!(put(&scene, &other, &digest, 0, pdf.len(), pdf.clone()).await.status(), 201);
    assert_eq!(get(&scene, &other, &digest, None).await.bytes().await.unwrap(), pdf);

    // Nor do their logs mix.
    other.pull(&scene).await;
    assert_eq!(other.records().len(), 2);
    assert_ne!(other.council, clerk.council);
    let invite = wire::InviteRequest { member: clerk.member };
    let foreign =
        scene.post::<_, wire::Invitation>("/v1/invitations", Some(&other.token), &invite).await;
    assert_eq!(crate::scene::refused(foreign), wire::ProblemCode::NotFound);
}
