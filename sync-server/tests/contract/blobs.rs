//! The promises of `Blobs`.

use bytes::Bytes;
use domain::{CouncilId, Sha256};
use futures_util::{StreamExt, TryStreamExt};
use pupitre_server::blobs::{BlobError, Blobs, Incoming, Piece, Progress};
use pupitre_server::digest;
use tokio::sync::mpsc;

struct Store {
    blobs: Box<dyn Blobs>,
    _dir: Option<tempfile::TempDir>,
}

fn model() -> Store {
    Store { blobs: Box::new(pupitre_server::blobs::model::Model::new()), _dir: None }
}

fn files() -> Store {
    let dir = tempfile::tempdir().unwrap();
    let blobs = pupitre_server::blobs::files::Files::open(dir.path().join("blobs")).unwrap();
    Store { blobs: Box::new(blobs), _dir: Some(dir) }
}

async fn s3() -> Store {
    let (blobs, dir) = crate::s3::store().await;
    Store { blobs: Box::new(blobs), _dir: Some(dir) }
}

macro_rules! blobs_contract {
    ($($promise:ident),+ $(,)?) => {
        mod model {
            $(#[tokio::test] async fn $promise() { super::$promise(super::model()).await; })+
        }
        mod files {
            $(#[tokio::test] async fn $promise() { super::$promise(super::files()).await; })+
        }
        mod s3 {
            $(#[tokio::test] async fn $promise() { super::$promise(super::s3().await).await; })+
        }
    };
}

blobs_contract!(
    a_paper_goes_up_in_pieces_and_comes_down_in_ranges,
    a_body_that_breaks_off_keeps_what_came,
    false_bytes_are_forgotten,
    an_upload_begun_under_a_false_length_starts_again,
    one_councils_upload_is_not_anothers,
);

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);

fn paper(length: usize) -> (Vec<u8>, Sha256) {
    let bytes: Vec<u8> = (0..length).map(|n| (n * 7) as u8).collect();
    let digest = digest::of(&bytes);
    (bytes, digest)
}

fn body(bytes: &[u8]) -> Incoming {
    let chunks: Vec<_> = bytes.chunks(777).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
    futures_util::stream::iter(chunks).boxed()
}

fn piece(sha256: Sha256, offset: usize, length: usize) -> Piece {
    Piece { council: COUNCIL, sha256, offset: offset as u64, length: length as u64 }
}

async fn read(store: &Store, sha256: Sha256, offset: u64, length: u64) -> Vec<u8> {
    let stream = store.blobs.read(sha256, offset, length).await.unwrap();
    stream.try_collect::<Vec<_>>().await.unwrap().concat()
}

async fn a_paper_goes_up_in_pieces_and_comes_down_in_ranges(store: Store) {
    let (bytes, digest) = paper(10_000);
    assert_eq!(store.blobs.uploaded(COUNCIL, digest).await.unwrap(), 0);
    assert_eq!(store.blobs.stat(digest).await.unwrap(), None);
    assert!(matches!(store.blobs.read(digest, 0, 1).await, Err(BlobError::Absent)));

    let too_far = store.blobs.append(piece(digest, 10, 10_000), body(&bytes[10..])).await;
    assert!(matches!(too_far, Err(BlobError::Offset { stands: 0 })));
    let first = store.blobs.append(piece(digest, 0, 10_000), body(&bytes[..4_000])).await;
    assert_eq!(first.unwrap(), Progress::Wanted(4_000));
    assert_eq!(store.blobs.uploaded(COUNCIL, digest).await.unwrap(), 4_000);
    let again = store.blobs.append(piece(digest, 0, 10_000), body(&bytes)).await;
    assert!(matches!(again, Err(BlobError::Offset { stands: 4_000 })));
    let rest = store.blobs.append(piece(digest, 4_000, 10_000), body(&bytes[4_000..])).await;
    assert_eq!(rest.unwrap(), Progress::Whole);

    assert_eq!(store.blobs.uploaded(COUNCIL, digest).await.unwrap(), 0);
    assert_eq!(store.blobs.stat(digest).await.unwrap(), Some(10_000));
    assert_eq!(read(&store, digest, 0, 10_000).await, bytes);
    assert_eq!(read(&store, digest, 9_000, 500).await, bytes[9_000..9_500]);
}

async fn a_body_that_breaks_off_keeps_what_came(store: Store) {
    let (bytes, digest) = paper(5_000);
    let (sender, receiver) = mpsc::unbounded_channel();
    sender.send(Ok(Bytes::copy_from_slice(&bytes[..3_000]))).unwrap();
    sender.send(Err(std::io::ErrorKind::ConnectionReset.into())).unwrap();
    let broken = futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    });
    let result = store.blobs.append(piece(digest, 0, 5_000), broken.boxed()).await;
    assert!(matches!(result, Err(BlobError::Interrupted)));
    assert_eq!(store.blobs.uploaded(COUNCIL, digest).await.unwrap(), 3_000);
    let rest = store.blobs.append(piece(digest, 3_000, 5_000), body(&bytes[3_000..])).await;
    assert_eq!(rest.unwrap(), Progress::Whole);
}

async fn false_bytes_are_forgotten(store: Store) {
    let (bytes, digest) = paper(5_000);
    let (other, _) = paper(4_999);
    let longer = [&other[..], &[0, 0]].concat();
    let result = store.blobs.append(piece(digest, 0, 5_000), body(&longer)).await;
    assert!(matches!(result, Err(BlobError::TooLong)));
    let wrong = [&other[..], &[0xFF]].concat();
    let result = store.blobs.append(piece(digest, 0, 5_000), body(&wrong)).await;
    assert!(matches!(result, Err(BlobError::Digest)));
    assert_eq!(store.blobs.uploaded(COUNCIL, digest).await.unwrap(), 0);
    assert_eq!(store.blobs.stat(digest).await.unwrap(), None);
    let true_bytes = store.blobs.append(piece(digest, 0, 5_000), body(&bytes)).await;
    assert_eq!(true_bytes.unwrap(), Progress::Whole);
}

async fn an_upload_begun_under_a_false_length_starts_again(store: Store) {
    let (bytes, digest) = paper(1_000);
    let longer = store.blobs.append(piece(digest, 0, 9_000), body(&[1; 2_000])).await;
    assert_eq!(longer.unwrap(), Progress::Wanted(2_000));
    let result = store.blobs.append(piece(digest, 0, 1_000), body(&bytes)).await;
    assert_eq!(result.unwrap(), Progress::Whole);
}

async fn one_councils_upload_is_not_anothers(store: Store) {
    let (bytes, digest) = paper(2_000);
    store.blobs.append(piece(digest, 0, 2_000), body(&[9; 500])).await.unwrap();
    let other = CouncilId::from_bytes([2; 16]);
    assert_eq!(store.blobs.uploaded(other, digest).await.unwrap(), 0);
    let theirs = Piece { council: other, ..piece(digest, 0, 2_000) };
    assert_eq!(store.blobs.append(theirs, body(&bytes)).await.unwrap(), Progress::Whole);
}

/// A tablet that came back carries on while the server still waits for its old connection.
#[tokio::test]
async fn a_later_request_takes_an_upload_over() {
    let store = files();
    let (bytes, digest) = paper(3_000);
    let (sender, receiver) = mpsc::unbounded_channel();
    let old_body = futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|chunk| (Ok(chunk), receiver))
    });
    let old = store.blobs.append(piece(digest, 0, 3_000), old_body.boxed());
    let new = async {
        sender.send(Bytes::copy_from_slice(&bytes[..1_000])).unwrap();
        while store.blobs.uploaded(COUNCIL, digest).await.unwrap() < 1_000 {
            tokio::task::yield_now().await;
        }
        let new = store.blobs.append(piece(digest, 1_000, 3_000), body(&bytes[1_000..])).await;
        assert_eq!(new.unwrap(), Progress::Whole);
        // What the old connection still had in flight spoils nothing.
        sender.send(Bytes::copy_from_slice(&bytes[..100])).unwrap();
    };
    let (old, ()) = tokio::join!(old, new);
    assert!(matches!(old, Err(BlobError::Superseded)));
    assert_eq!(read(&store, digest, 0, 3_000).await, bytes);
}
