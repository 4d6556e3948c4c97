//! A council for command lines: a server, a clerk, an official with a paper.

use std::path::PathBuf;
use std::process::{Command, Output};

use domain::CouncilKind;
use lopdf::content::{Content, Operation};
use lopdf::{Document, Object, Stream, dictionary};
use serde_json::Value;
use sync_server::commands::init::{Declaration, init};

/// A council whose server lives on a runtime of its own.
pub(crate) struct Council {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) address: String,
    pub(crate) code: String,
    _runtime: tokio::runtime::Runtime,
}

impl Council {
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let data = folder.path().join("server");
        let (address, code) = runtime.block_on(async {
            let declaration = Declaration {
                name: "Ville de Valbrune".to_owned(),
                kind: CouncilKind::Commune,
                population: 9_000,
                zone: "Europe/Paris".to_owned(),
                local_law: None,
            };
            let now_ms = sync_server::system_clock()();
            let founded = init(&data, declaration, now_ms).await.unwrap();
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = format!("http://{}", listener.local_addr().unwrap());
            let config = sync_server::Config::new(data);
            tokio::spawn(sync_server::serve(config, listener, std::future::pending()));
            (address, founded.clerk_invitation)
        });
        Self { folder, address, code, _runtime: runtime }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn run(&self, profile: &str, words: &[&str]) -> Output {
        let mut command = cli();
        command.arg("--profile").arg(self.path(profile)).args(words);
        command.output().unwrap()
    }

    pub(crate) fn ask(&self, profile: &str, words: &[&str]) -> Value {
        let output = self.run(profile, &[words, &["--json"]].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
        assert_eq!(said, "", "{words:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Exit code and sentence of a command that fails.
    pub(crate) fn refused(&self, profile: &str, words: &[&str]) -> (i32, String) {
        let output = self.run(profile, &[words, &["--json"]].concat());
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{words:?}");
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    /// A clerk with a sitting, and an official who has it; answers the paper.
    pub(crate) fn with_a_sitting(&self) -> String {
        let words = ["enrol", &self.address, &self.code, "--device", "Greffe"];
        self.ask("clerk", &words);
        let folder = self.path("conseil 2036-09-28");
        std::fs::create_dir_all(&folder).unwrap();
        let pages =
            ["Le montant garanti est fixé", "La commission a émis un avis, un avis favorable"];
        std::fs::write(folder.join("01-budget.pdf"), pdf(&pages)).unwrap();
        self.ask("clerk", &["publish", folder.to_str().unwrap()]);
        let added = self.ask("clerk", &["members", "add", "--first", "Inès", "--last", "Baudry"]);
        let code = self.ask("clerk", &["invite", added["member"].as_str().unwrap()]);
        let code = code["code"].as_str().unwrap();
        self.ask("ines", &["enrol", &self.address, code, "--device", "Tablette"]);
        self.ask("ines", &["sync"]);
        let sittings = self.ask("ines", &["sittings"]);
        let papers = self.ask("ines", &["documents", sittings[0]["sitting"].as_str().unwrap()]);
        papers[0]["document"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn cli() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pupitre-cli"));
    command.env_remove("PUPITRE_LOG").env_remove("PUPITRE_PROFILE");
    command.env("LC_ALL", "en_GB.UTF-8");
    command
}

pub(crate) fn pdf(pages: &[&str]) -> Vec<u8> {
    let mut pdf = Document::with_version("1.7");
    let tree = pdf.new_object_id();
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    });
    let resources = pdf.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let mut kids = Vec::new();
    for page in pages {
        let latin: Vec<u8> =
            page.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
        let operations = vec![
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), 12.into()]),
            Operation::new("Td", vec![72.into(), 700.into()]),
            Operation::new("Tj", vec![Object::string_literal(latin)]),
            Operation::new("ET", vec![]),
        ];
        let content = Content { operations }.encode().unwrap();
        let stream = pdf.add_object(Stream::new(dictionary! {}, content));
        kids.push(Object::from(pdf.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => stream,
        })));
    }
    let count = i64::try_from(kids.len()).unwrap();
    let root = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    pdf.objects.insert(tree, Object::Dictionary(root));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).unwrap();
    bytes
}

/// The value with everything that differs between runs named instead.
pub(crate) fn plain(value: &Value) -> Value {
    match value {
        Value::Array(all) => all.iter().map(plain).collect(),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                let differs = match name.as_str() {
                    "council" | "member" | "device" | "sitting" | "document" | "annotation"
                    | "in_reply_to" | "code" | "expires" | "last_sync" | "modified" | "took_ms"
                    | "bytes_up" | "bytes_down" | "bytes" => !value.is_null(),
                    _ => false,
                };
                let shown = if differs { Value::from(format!("<{name}>")) } else { plain(value) };
                (name.clone(), shown)
            };
            Value::Object(fields.iter().map(field).collect())
        }
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => Value::from(float.round()),
            _ => value.clone(),
        },
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}
