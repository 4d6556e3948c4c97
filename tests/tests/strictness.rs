//! What the window may do and load is said in a few files. A line more in one of them is a door more:
//! it fails here, and a person has to agree to it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn configuration() -> Value {
    serde_json::from_str(&read("src-tauri/tauri.conf.json")).unwrap()
}

/// Files below a folder whose names end so.
fn files(folder: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ends));
        } else if ends.iter().any(|end| path.to_string_lossy().ends_with(end)) {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_window_hears_events_and_may_nothing_else() {
    let names: Vec<String> = std::fs::read_dir(root().join("src-tauri/capabilities"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, ["default.json"], "a file of capabilities was added");
    let granted: Value =
        serde_json::from_str(&read("src-tauri/capabilities/default.json")).unwrap();
    let keys: BTreeSet<&str> = granted.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = ["$schema", "identifier", "description", "windows", "permissions"];
    assert_eq!(keys, BTreeSet::from(expected), "no remote address, no other platform");
    assert_eq!(granted["windows"], json!(["main"]));
    assert_eq!(
        granted["permissions"],
        json!(["core:event:allow-listen", "core:event:allow-unlisten"])
    );
    assert_eq!(configuration()["app"]["security"]["capabilities"], json!(["default"]));
    assert!(!root().join("src-tauri/permissions").exists(), "permissions of the app's own");
}

#[test]
fn the_window_has_two_commands_and_no_plugin() {
    let mut handlers: Vec<Vec<String>> = Vec::new();
    for file in files(&root().join("src-tauri/src"), &[".rs"]) {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains(".plugin("), "{} takes a plugin in", file.display());
        handlers.extend(text.split("generate_handler![").skip(1).map(|rest| {
            rest.split(']').next().unwrap().split(',').map(|name| name.trim().to_owned()).collect()
        }));
    }
    assert_eq!(handlers, [vec!["command::call".to_owned(), "command::lay".to_owned()]]);
    let manifest = read("src-tauri/Cargo.toml");
    assert!(!manifest.contains("tauri-plugin"), "a plugin brings commands of its own");
}

/// A policy by its directives.
fn directives(policy: &str) -> BTreeMap<String, BTreeSet<String>> {
    let directives = policy.split(';').filter_map(|directive| {
        let mut words = directive.split_whitespace().map(str::to_owned);
        Some((words.next()?, words.collect()))
    });
    directives.collect()
}

/// What no page of Pupitre may do, whoever serves it.
fn assert_strict(policy: &BTreeMap<String, BTreeSet<String>>, own: &[&str]) {
    let of = |name: &str| policy[name].iter().map(String::as_str).collect::<BTreeSet<_>>();
    for nothing in ["default-src", "base-uri", "form-action", "frame-ancestors"] {
        assert_eq!(of(nothing), BTreeSet::from(["'none'"]), "{nothing}");
    }
    // No script in the page, none made of text; the one exception compiles the screens.
    assert_eq!(of("script-src"), BTreeSet::from(["'self'", "'wasm-unsafe-eval'"]));
    assert_eq!(of("font-src"), BTreeSet::from(["'self'"]));
    // Where marks stand is written beside each of them; nothing is fetched that way.
    assert_eq!(of("style-src"), BTreeSet::from(["'self'", "'unsafe-inline'"]));
    let known: BTreeSet<&str> = own.iter().copied().chain(["'self'", "data:", "blob:"]).collect();
    for fetched in ["img-src", "connect-src"] {
        let more: Vec<&str> = of(fetched).difference(&known).copied().collect();
        assert_eq!(more, Vec::<&str>::new(), "{fetched} reaches further");
    }
    assert!(!of("connect-src").contains("data:") && !of("connect-src").contains("blob:"));
    let all = [
        "default-src",
        "script-src",
        "style-src",
        "img-src",
        "font-src",
        "connect-src",
        "base-uri",
        "form-action",
        "frame-ancestors",
    ];
    let named: BTreeSet<&str> = policy.keys().map(String::as_str).collect();
    assert_eq!(named, BTreeSet::from(all), "a directive opens what default-src shuts");
}

#[test]
fn the_policy_of_the_window_is_strict() {
    let configuration = configuration();
    let security = &configuration["app"]["security"];
    let policy = security["csp"].as_object().unwrap();
    let policy: String =
        policy.iter().map(|(name, of)| format!("{name} {};", of.as_str().unwrap())).collect();
    // The schemes by which the web views of each system reach the program itself.
    let own = ["pupitre:", "http://pupitre.localhost", "ipc:", "http://ipc.localhost"];
    assert_strict(&directives(&policy), &own);
    assert_eq!(
        security["dangerousDisableAssetCspModification"],
        json!(["style-src"]),
        "Tauri writes its nonces where scripts are concerned"
    );
    for open in ["dangerousUseHttpScheme", "assetProtocol", "devCsp"] {
        assert_eq!(security.get(open), None, "{open}");
    }
    let app = configuration["app"].as_object().unwrap();
    assert_eq!(app["windows"], json!([]), "windows are opened by the program alone");
    assert_eq!(configuration["build"].get("devUrl"), None, "the screens come from the program");
}

#[test]
fn the_policy_of_the_bridge_is_strict() {
    let guard = read("src-tauri/src/bridge/guard.rs");
    let (_, rest) = guard.split_once("const POLICY: &str = \"").unwrap();
    let (policy, _) = rest.split_once("\";").unwrap();
    let policy = directives(&policy.replace("\\\n", ""));
    assert_strict(&policy, &[]);
    assert!(guard.contains("(CONTENT_SECURITY_POLICY, POLICY)"), "said with every answer");
}

#[test]
fn the_pages_hold_no_script_and_load_nothing_from_elsewhere() {
    let page = read("frontend/index.html");
    let scripts: Vec<&str> = page.split("<script").skip(1).collect();
    assert_eq!(scripts.len(), 1);
    assert!(scripts[0].contains("src=\"start.js\"></script>"), "a script within the page");
    for attribute in [" onclick", " onload", " onerror", "javascript:", "<iframe", "<object"] {
        assert!(!page.contains(attribute), "{attribute}");
    }
    let mut sheets = files(&root().join("assets/styles"), &[".css"]);
    assert!(sheets.len() > 4);
    sheets.push(root().join("frontend/index.html"));
    sheets.push(root().join("frontend/start.js"));
    for file in sheets {
        let text = std::fs::read_to_string(&file).unwrap();
        for remote in ["http:", "https:", "\"//", "(//", "'//"] {
            assert!(!text.contains(remote), "{} names {remote}", file.display());
        }
    }
    // What the screens say of text from elsewhere stays text: none of them writes HTML.
    for file in files(&root().join("frontend/src"), &[".rs"]) {
        let text = std::fs::read_to_string(&file).unwrap();
        for raw in ["from_html_unchecked", "set_inner_html", "set_outer_html", "eval("] {
            assert!(!text.contains(raw), "{} uses {raw}", file.display());
        }
    }
}
