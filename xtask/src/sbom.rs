//! The bill of materials of each product: every crate that is linked into it, with version, licence,
//! origin and digest, and what needs what. CycloneDX 1.5, as `cargo metadata` and `Cargo.lock` say.
//!
//! No time and no random number stand in it: the same sources give the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use serde_json::{Map, Value, json};

use crate::places::Places;

/// What is shipped.
const PRODUCTS: [&str; 3] = ["pupitre", "pupitre-cli", "pupitre-server"];

/// Writes the bills of all products into `target/sbom`, and says where.
pub(crate) fn write(places: &Places) -> Result<()> {
    let metadata = read(places, &[])?;
    let lock = fs::read_to_string(places.root.join("Cargo.lock")).context("Cargo.lock")?;
    let folder = places.target.join("sbom");
    fs::create_dir_all(&folder)?;
    for product in PRODUCTS {
        let bill = of(&metadata, &lock, product)?;
        let count = bill.get("components").and_then(Value::as_array).map_or(0, Vec::len);
        let path: PathBuf = folder.join(format!("{product}.cdx.json"));
        fs::write(&path, serde_json::to_vec_pretty(&bill)?)?;
        println!("bill of materials: {} ({count} components)", path.display());
    }
    Ok(())
}

/// What cargo knows of all packages on this system.
pub(crate) fn read(places: &Places, options: &[&str]) -> Result<Metadata> {
    // Of this system alone, as it is built here.
    let host = std::process::Command::new("rustc").args(["--print", "host-tuple"]).output()?;
    let host = String::from_utf8(host.stdout)?.trim().to_owned();
    let mut options: Vec<String> = options.iter().map(ToString::to_string).collect();
    options.extend(["--locked".to_owned(), "--filter-platform".to_owned(), host]);
    MetadataCommand::new()
        .manifest_path(places.root.join("Cargo.toml"))
        .other_options(options)
        .exec()
        .context("cargo metadata")
}

/// The bill of one product.
fn of(metadata: &Metadata, lock: &str, product: &str) -> Result<Value> {
    let digests = digests(lock);
    let root = metadata
        .workspace_packages()
        .into_iter()
        .find(|package| package.name.as_str() == product)
        .with_context(|| format!("no package {product}"))?;
    let needs = needs(metadata, &root.id)?;
    let packages: BTreeMap<&PackageId, &Package> =
        metadata.packages.iter().map(|package| (&package.id, package)).collect();
    let package = |id: &PackageId| packages.get(id).copied();
    let mut components: Vec<Value> = needs
        .keys()
        .filter(|id| **id != root.id)
        .filter_map(|id| Some(component(package(id)?, &digests)))
        .collect();
    components.sort_by_key(|one| one.get("purl").map(ToString::to_string));
    let mut dependencies: Vec<Value> = needs
        .iter()
        .map(|(id, others)| {
            let others: BTreeSet<String> =
                others.iter().filter_map(|id| Some(purl(package(id)?))).collect();
            json!({ "ref": package(id).map(purl), "dependsOn": others })
        })
        .collect();
    dependencies.sort_by_key(|one| one.get("ref").map(ToString::to_string));
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": {
            "type": "application",
            "bom-ref": purl(root),
            "name": root.name.as_str(),
            "version": root.version.to_string(),
            "purl": purl(root),
        }},
        "components": components,
        "dependencies": dependencies,
    }))
}

/// Everything that is linked into a package, and what each of it needs.
pub(crate) fn needs(
    metadata: &Metadata,
    root: &PackageId,
) -> Result<BTreeMap<PackageId, Vec<PackageId>>> {
    let resolve = metadata.resolve.as_ref().context("cargo metadata resolved nothing")?;
    let nodes: BTreeMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut found = BTreeMap::new();
    let mut open = vec![root.clone()];
    while let Some(id) = open.pop() {
        if found.contains_key(&id) {
            continue;
        }
        let node = nodes.get(&id).with_context(|| format!("{id} is not resolved"))?;
        let linked: Vec<PackageId> = node
            .deps
            .iter()
            .filter(|dep| {
                // By custom, what a package needs while it is built and is called "…-src" holds sources
                // in another language, which are linked in.
                let sources = dep.name.ends_with("_src");
                dep.dep_kinds.iter().any(|kind| {
                    kind.kind == DependencyKind::Normal
                        || (sources && kind.kind == DependencyKind::Build)
                })
            })
            .map(|dep| dep.pkg.clone())
            .collect();
        open.extend(linked.iter().cloned());
        found.insert(id, linked);
    }
    Ok(found)
}

fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

fn component(package: &Package, digests: &BTreeMap<(String, String), String>) -> Value {
    let mut component = Map::new();
    let mut say = |key: &str, value: Value| drop(component.insert(key.to_owned(), value));
    say("type", "library".into());
    say("bom-ref", purl(package).into());
    say("name", package.name.as_str().into());
    say("version", package.version.to_string().into());
    say("purl", purl(package).into());
    if let Some(licence) = &package.license {
        // Some crates still write a slash, which SPDX no longer knows.
        let expression = licence.replace('/', " OR ");
        say("licenses", json!([{ "expression": expression }]));
    }
    let key = (package.name.to_string(), package.version.to_string());
    if let Some(digest) = digests.get(&key) {
        say("hashes", json!([{ "alg": "SHA-256", "content": digest }]));
    }
    if let Some(repository) = &package.repository {
        say("externalReferences", json!([{ "type": "vcs", "url": repository }]));
    }
    Value::Object(component)
}

/// The digest of each package, as the lock has it.
fn digests(lock: &str) -> BTreeMap<(String, String), String> {
    let value = |block: &str, key: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(&format!("{key} = \"")))?;
        Some(line.trim_end_matches('"').to_owned())
    };
    let packages = lock.split("[[package]]").skip(1);
    packages
        .filter_map(|block| {
            let name = (value(block, "name")?, value(block, "version")?);
            Some((name, value(block, "checksum")?))
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop anywhere")]
mod tests {
    use super::*;

    #[test]
    fn a_bill_names_what_is_linked_with_licence_and_digest_and_nothing_else() {
        let places = Places::find().unwrap();
        let metadata = read(&places, &["--offline"]).unwrap();
        let lock = fs::read_to_string(places.root.join("Cargo.lock")).unwrap();
        let bill = of(&metadata, &lock, "pupitre-server").unwrap();
        assert_eq!(bill, of(&metadata, &lock, "pupitre-server").unwrap());
        let components = bill["components"].as_array().unwrap();
        let named = |name: &str| components.iter().find(|one| one["name"] == name);
        assert!(named("automerge").is_none(), "the server does not link it");
        assert!(named("proptest").is_none(), "tests are not shipped");
        assert!(named("pupitre-wire").is_some(), "our own crates are named too");
        assert!(named("cc").is_none(), "what only builds is not linked");
        let tablet = of(&metadata, &lock, "pupitre").unwrap();
        let sources = |one: &Value| one["name"] == "sqlcipher-src";
        assert!(tablet["components"].as_array().unwrap().iter().any(sources));
        let sqlite = named("rusqlite").unwrap();
        assert_eq!(sqlite["hashes"][0]["content"].as_str().unwrap().len(), 64);
        for one in components {
            assert!(one["licenses"][0]["expression"].is_string(), "{one}");
            assert!(!one["licenses"].to_string().contains('/'), "{one}");
        }
        // Every reference leads somewhere.
        let known: BTreeSet<&str> = components
            .iter()
            .chain([&bill["metadata"]["component"]])
            .map(|one| one["bom-ref"].as_str().unwrap())
            .collect();
        for dependency in bill["dependencies"].as_array().unwrap() {
            assert!(known.contains(dependency["ref"].as_str().unwrap()));
            for other in dependency["dependsOn"].as_array().unwrap() {
                assert!(known.contains(other.as_str().unwrap()), "{other}");
            }
        }
    }
}
