//! What a member takes along at the end of a mandate.

use std::io::{Cursor, Read as _, Write as _};
use std::path::PathBuf;

use ipc::{Audience, Command, FindingKind, Language, NewMark, Reply};
use pupitre_client::archive::verify;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::chamber::Chamber;
use crate::council::{Tablet, note};

async fn archive(tablet: &Tablet, out: PathBuf) -> Vec<u8> {
    let command = Command::Archive { language: Language::Fr, out: Some(out.clone()) };
    let Reply::Written { file } = tablet.ask(command).await else { panic!("a file") };
    assert_eq!(file, out);
    std::fs::read(file).unwrap()
}

fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|number| {
            let mut file = zip.by_index(number).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_leaves_with_all_own_notes_and_nobody_elses_in_one_file_that_proves_itself() {
    let Chamber { council, ada: (_, ada), ines: (_, ines), paper, .. } = Chamber::open().await;
    ada.mark(note(paper, 1, "pour moi seule")).await;
    ada.mark(NewMark { audience: Audience::Council, ..note(paper, 2, "pour tous") }).await;
    ines.mark(NewMark { audience: Audience::Council, ..note(paper, 1, "d’Inès") }).await;
    for tablet in [&ines, &ada] {
        tablet.sync().await;
    }
    // No server is needed to leave.
    council.stop().await;
    let bytes = archive(&ada, council.path("mandat.zip")).await;
    let left: Vec<_> = std::fs::read_dir(council.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");

    let found = verify(&bytes);
    assert!(found.valid, "{:?}", found.findings);
    assert_eq!((found.council.as_str(), found.title.as_str()), ("Ville de Valbrune", "Ada Baudry"));
    assert!(found.office.is_some() && found.root.is_some());
    let files = unpacked(&bytes);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["notes.json", "notes.md", "notes.pdf", "signature.txt"]);
    let text = |index: usize| String::from_utf8(files[index].1.clone()).unwrap();
    for words in [text(0), text(1)] {
        assert!(words.contains("pour moi seule") && words.contains("pour tous"), "{words}");
        assert!(!words.contains("d’Inès"));
    }
    let notes: serde_json::Value = serde_json::from_slice(&files[0].1).unwrap();
    assert_eq!(notes.as_array().unwrap().len(), 2);
    assert_eq!(notes[0]["sitting_title"], "Conseil municipal");
    assert!(files[2].1.starts_with(b"%PDF"));

    // Whatever is changed, taken out or put in is named.
    for (index, (name, _)) in files.iter().enumerate().take(3) {
        let mut changed = files.clone();
        *changed[index].1.last_mut().unwrap() ^= 1;
        let found = verify(&packed(&changed));
        let named: Vec<_> = found.findings.iter().map(|f| (f.kind, f.about.as_str())).collect();
        assert_eq!(named, [(FindingKind::Altered, name.as_str())]);
        let mut without = files.clone();
        without.remove(index);
        let found = verify(&packed(&without));
        let named: Vec<_> = found.findings.iter().map(|f| (f.kind, f.about.as_str())).collect();
        assert_eq!(named, [(FindingKind::Missing, name.as_str())]);
    }
    let mut more = files.clone();
    more.push(("autre.txt".to_owned(), b"x".to_vec()));
    assert_eq!(verify(&packed(&more)).findings[0].kind, FindingKind::OutOfPlace);
    let sheet = &files[3].1;
    for at in (0..sheet.len()).step_by(97) {
        let mut changed = files.clone();
        changed[3].1[at] ^= 1;
        assert!(!verify(&packed(&changed)).valid, "a byte of the sheet at {at}");
    }
    for end in [0, sheet.len() / 2, sheet.len() - 200] {
        let mut cut = files.clone();
        cut[3].1.truncate(end);
        assert!(!verify(&packed(&cut)).valid, "cut at {end}");
    }
    for nothing in [&b""[..], b"PK\x03\x04", b"%PDF", &bytes[..bytes.len() / 2]] {
        assert_eq!(verify(nothing).findings[0].kind, FindingKind::NotAProof);
    }
}

/// Somebody writes a whole archive anew, with another's name in it.
#[tokio::test(flavor = "multi_thread")]
async fn an_archive_in_anothers_name_is_not_believed() {
    let Chamber { council, ada: (ada_id, ada), ines: (ines_id, ines), paper, .. } =
        Chamber::open().await;
    ines.mark(note(paper, 1, "d’Inès")).await;
    for tablet in [&ines, &ada] {
        tablet.sync().await;
    }
    let bytes = archive(&ines, council.path("ines.zip")).await;
    let mut files = unpacked(&bytes);
    let sheet = String::from_utf8(files[3].1.clone()).unwrap();
    // The chain of digests is made again; the signature cannot be.
    let mut lines = vec!["pupitre-archive 1".to_owned()];
    let digest = |text: &[u8]| sync_server::digest::of(text).to_string();
    let mut before = sync_server::digest::of(b"pupitre-archive 1");
    for line in sheet.lines().skip(1) {
        let json = line[65..].replace(&ines_id.to_string(), &ada_id.to_string());
        let link = digest(&[&before.as_bytes()[..], json.as_bytes()].concat());
        before = link.parse().unwrap();
        lines.push(format!("{link} {json}"));
    }
    files[3].1 = (lines.join("\n") + "\n").into_bytes();
    let found = verify(&packed(&files));
    assert!(!found.valid);
    assert!(found.findings.iter().all(|f| f.kind == FindingKind::FalseSignature), "{found:?}");
}
