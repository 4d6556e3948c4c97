//! A new version of a paper.

use ipc::{Command, ErrorCode, Replaced, Reply};

use crate::council::{Council, Tablet};
use crate::papers;

/// Replaces a paper's PDF.
async fn replace(clerk: &Tablet, title: &str, pages: &[&str], note: Option<&str>) -> Replaced {
    let document = clerk.document(title).await;
    let path = clerk.profile.with_extension("pdf");
    std::fs::write(&path, papers::text(pages)).unwrap();
    let command = Command::Replace { document, path, note: note.map(ToOwned::to_owned) };
    let Reply::Replaced(replaced) = clerk.ask(command).await else { panic!("replaced") };
    replaced
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_paper_gets_a_version_that_every_tablet_fetches() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let document = clerk.document("Garantie").await;

    let second = replace(&clerk, "Garantie", &["Garantie, revue"], Some(" montant corrigé ")).await;
    assert_eq!(second, Replaced { document, version: 2 });
    // The same bytes again change nothing.
    let again = replace(&clerk, "Garantie", &["Garantie, revue"], None).await;
    assert_eq!(again, second);
    assert_eq!(replace(&clerk, "Garantie", &["a", "b", "c"], None).await.version, 3);

    assert_eq!(tablet.sync().await.documents_fetched, 1);
    for reader in [&clerk, &tablet] {
        let all = reader.documents().await;
        let versions: Vec<_> = all.iter().map(|paper| (paper.version, paper.pages)).collect();
        assert_eq!(versions, [(1, 2), (3, 3), (1, 2)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_clerk_replaces_and_only_by_a_paper_that_can_be_read() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let document = clerk.document("Budget").await;
    let path = council.path("corrige.pdf");
    std::fs::write(&path, papers::damaged()).unwrap();

    let command = Command::Replace { document, path: path.clone(), note: None };
    let problem = clerk.refused(command.clone()).await;
    assert_eq!((problem.code, problem.subject.as_str()), (ErrorCode::PdfDamaged, "corrige.pdf"));
    assert_eq!(tablet.refused(command).await.code, ErrorCode::Forbidden);
    let unknown = domain::DocumentId::from_bytes([7; 16]);
    let command = Command::Replace { document: unknown, path, note: None };
    assert_eq!(clerk.refused(command).await.code, ErrorCode::NotFound);
    assert_eq!(clerk.documents().await[0].version, 1);
}
