//! Who may import whom. A crate that reaches past its layer fails here, with its name.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

/// The table of docs/architecture.md. The store and the PDF reader implement the client's ports and
/// use the values these are made of; programs that only start or measure others may see all.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("pupitre-domain", &[]),
    ("pupitre-ink", &[]),
    ("pupitre-annotation", &["ink"]),
    ("pupitre-wire", &["domain"]),
    ("pupitre-seal", &["domain", "wire"]),
    ("pupitre-ipc", &["domain", "ink"]),
    ("pupitre-sync", &["wire", "domain"]),
    ("pupitre-client", &["domain", "ink", "annotation", "wire", "seal", "sync", "ipc"]),
    ("pupitre-sqlcipher", &[]),
    ("pupitre-store", &["client", "domain", "ink", "wire", "ipc", "sqlcipher"]),
    ("pupitre-pdf", &["client", "domain", "ink", "ipc"]),
    ("pupitre-press", &["domain"]),
    ("pupitre-cli", &["client", "store", "pdf", "press", "ipc", "domain", "ink"]),
    ("pupitre", &["client", "store", "pdf", "press", "ipc"]),
    ("pupitre-frontend", &["ipc", "domain", "ink"]),
    ("pupitre-server", &["wire", "domain", "sqlcipher"]),
    ("pupitre-testkit", &["domain", "wire", "ink", "ipc", "sync", "client"]),
    ("pupitre-e2e", &[]),
    (
        "pupitre-benches",
        &[
            "annotation",
            "client",
            "store",
            "pdf",
            "press",
            "ipc",
            "domain",
            "ink",
            "wire",
            "seal",
            "e2e",
            "sqlcipher",
            "testkit",
        ],
    ),
    ("demo-council", &["press"]),
    ("xtask", &[]),
];

/// Crates without IO, clock, dice or a runtime, at any depth.
const PURE: &[&str] = &[
    "pupitre-domain",
    "pupitre-ink",
    "pupitre-wire",
    "pupitre-seal",
    "pupitre-ipc",
    "pupitre-sync",
    "pupitre-annotation",
];
const IMPURE: &[&str] =
    &["tokio", "mio", "reqwest", "hyper", "axum", "rusqlite", "socket2", "rustix", "tempfile"];

/// Crates that are built for the browser.
const FOR_WASM: &[&str] = &["pupitre-domain", "pupitre-ink", "pupitre-ipc"];
/// What the browser's build cannot carry or must not: dice, threads, C.
const NOT_FOR_WASM: &[&str] = &["rand", "getrandom", "ring", "automerge", "rayon", "libc"];

/// The server cannot read what it carries.
const NOT_FOR_THE_SERVER: &[&str] = &[
    "automerge",
    "pupitre-ink",
    "pupitre-ipc",
    "pupitre-client",
    "pupitre-annotation",
    "pupitre-seal",
];

fn metadata() -> Metadata {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    MetadataCommand::new()
        .manifest_path(manifest)
        .other_options(["--offline".into()])
        .exec()
        .unwrap()
}

/// Names of our own crates that each of our crates imports, beyond its tests and build script.
fn own_imports(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let own: BTreeSet<&PackageId> = metadata.workspace_members.iter().collect();
    let resolve = metadata.resolve.as_ref().unwrap();
    let nodes = resolve.nodes.iter().filter(|node| own.contains(&node.id));
    nodes
        .map(|node| {
            let imports = node
                .deps
                .iter()
                .filter(|dep| own.contains(&dep.pkg))
                .filter(|dep| dep.dep_kinds.iter().any(|k| k.kind == DependencyKind::Normal))
                .map(|dep| metadata[&dep.pkg].name.to_string())
                .collect();
            (metadata[&node.id].name.to_string(), imports)
        })
        .collect()
}

/// Names of all crates that a crate carries on this machine's system, at any depth, with the features
/// of a build of its own: other members' features do not count.
fn carried(name: &str) -> BTreeSet<String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(["--package", name, "--manifest-path"])
        .arg(manifest)
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let lines = String::from_utf8(tree.stdout).unwrap();
    lines.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn whole_name(short: &str) -> String {
    format!("pupitre-{short}")
}

#[test]
fn every_crate_imports_only_what_the_table_allows() {
    let imports = own_imports(&metadata());
    let table: BTreeMap<&str, BTreeSet<String>> = MAY_IMPORT
        .iter()
        .map(|(name, may)| (*name, may.iter().map(|short| whole_name(short)).collect()))
        .collect();
    let mut wrong = Vec::new();
    for (name, imported) in &imports {
        let Some(may) = table.get(name.as_str()) else {
            wrong.push(format!("{name} is not in the table"));
            continue;
        };
        wrong.extend(imported.difference(may).map(|other| format!("{name} imports {other}")));
    }
    let gone = table.keys().filter(|name| !imports.contains_key(**name));
    wrong.extend(gone.map(|name| format!("{name} is in the table and nowhere else")));
    assert!(wrong.is_empty(), "{}", wrong.join("; "));
}

#[test]
fn the_pure_crates_carry_no_runtime_and_no_io() {
    for name in PURE {
        let carried = carried(name);
        let impure: Vec<_> = IMPURE.iter().filter(|other| carried.contains(**other)).collect();
        assert!(impure.is_empty(), "{name} carries {impure:?}");
    }
}

#[test]
fn what_the_browser_carries_has_no_dice_no_threads_and_no_c() {
    for name in FOR_WASM {
        let carried = carried(name);
        let heavy: Vec<_> = NOT_FOR_WASM.iter().filter(|other| carried.contains(**other)).collect();
        assert!(heavy.is_empty(), "{name} carries {heavy:?}");
    }
}

#[test]
fn the_server_cannot_read_what_it_carries() {
    let carried = carried("pupitre-server");
    let reads: Vec<_> = NOT_FOR_THE_SERVER.iter().filter(|o| carried.contains(**o)).collect();
    assert!(reads.is_empty(), "pupitre-server carries {reads:?}");
}

#[test]
fn only_the_notes_crate_knows_automerge() {
    let metadata = metadata();
    let own: BTreeSet<_> = metadata.workspace_members.iter().collect();
    let knows: Vec<_> = metadata
        .packages
        .iter()
        .filter(|package| own.contains(&package.id))
        .filter(|package| package.dependencies.iter().any(|dep| dep.name == "automerge"))
        .map(|package| package.name.as_str())
        .collect();
    assert_eq!(knows, ["pupitre-annotation"]);
}
