//! The papers in an S3 server: s3s over a temporary folder, spoken to through HTTP and signatures.

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use object_store::aws::AmazonS3Builder;
use pupitre_server::blobs::s3::{S3, S3Error};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;

const BUCKET: &str = "pupitre";

/// A store in a bucket of its own.
pub(crate) async fn store() -> (S3, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join(BUCKET)).unwrap();
    let settings = serve(dir.path()).await;
    (S3::open_with(&format!("s3://{BUCKET}/valbrune"), settings).unwrap(), dir)
}

async fn serve(root: &std::path::Path) -> AmazonS3Builder {
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root).unwrap());
    service.set_auth(SimpleAuth::from_single("greffe", "secret"));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let connection = Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service.clone())
                .into_owned();
            tokio::spawn(connection);
        }
    });
    AmazonS3Builder::new()
        .with_endpoint(endpoint)
        .with_allow_http(true)
        .with_region("fr-par")
        .with_access_key_id("greffe")
        .with_secret_access_key("secret")
}

#[tokio::test]
async fn an_address_that_is_no_buckets_is_refused() {
    for address in ["https://bucket", "s3://", "bucket"] {
        let refused = S3::open_with(address, AmazonS3Builder::new());
        assert!(matches!(refused, Err(S3Error::Address(_))), "{address}");
    }
}

/// Larger than the parts that are gathered and put: the row has several pieces.
#[tokio::test]
async fn a_large_paper_goes_up_in_a_row_that_another_server_carries_on() {
    use bytes::Bytes;
    use futures_util::{StreamExt, TryStreamExt};
    use pupitre_server::blobs::{Blobs, Piece, Progress};

    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join(BUCKET)).unwrap();
    let settings = serve(dir.path()).await;
    let open = || S3::open_with(&format!("s3://{BUCKET}"), settings.clone()).unwrap();
    let paper: Vec<u8> = (0..13_000_000_u32).map(|n| (n / 7) as u8).collect();
    let sha256 = pupitre_server::digest::of(&paper);
    let council = domain::CouncilId::from_bytes([1; 16]);
    let piece = |offset| Piece { council, sha256, offset, length: paper.len() as u64 };
    let body = |bytes: &[u8]| {
        let chunks: Vec<_> = bytes.chunks(65_536).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
        futures_util::stream::iter(chunks).boxed()
    };

    let first = open().append(piece(0), body(&paper[..7_000_000])).await.unwrap();
    assert_eq!(first, Progress::Wanted(7_000_000));
    let another = open();
    assert_eq!(another.uploaded(council, sha256).await.unwrap(), 7_000_000);
    let rest = another.append(piece(7_000_000), body(&paper[7_000_000..])).await.unwrap();
    assert_eq!(rest, Progress::Whole);
    assert_eq!(another.uploaded(council, sha256).await.unwrap(), 0, "the row is swept");
    let read = open().read(sha256, 0, paper.len() as u64).await.unwrap();
    assert!(read.try_collect::<Vec<_>>().await.unwrap().concat() == paper);
    assert_eq!(open().stat(sha256).await.unwrap(), Some(paper.len() as u64));
}
