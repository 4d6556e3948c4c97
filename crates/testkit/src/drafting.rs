//! Drafting software as the server meets it: the form that it posts, written by hand, byte by byte, in
//! the order and with the omissions of its PHP.

/// A form on its way.
#[derive(Debug, Clone, Default)]
pub struct Form {
    parts: Vec<(String, Vec<u8>)>,
}

/// Parts the form, as the client's library draws it.
const BOUNDARY: &str = "------------------------8d5a7c2e4f10b6a9";

impl Form {
    /// A form that begins with who sends it.
    #[must_use]
    pub fn from(username: &str, password: &str, conn: &str) -> Self {
        let form = Self::default().field("username", username);
        form.field("password", password).field("conn", conn)
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Self {
        let head = format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        self.parts.push((head, value.as_bytes().to_vec()));
        self
    }

    /// Adds a file under a name and a type that say nothing of it.
    #[must_use]
    pub fn file(mut self, name: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "Content-Disposition: form-data; name=\"{name}\"; filename=\"/tmp/files/{name}.odt\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        self.parts.push((head, bytes.to_vec()));
        self
    }

    /// Adds a part whose head is written by the caller, up to and with its empty line.
    #[must_use]
    pub fn raw(mut self, head: &str, bytes: &[u8]) -> Self {
        self.parts.push((head.to_owned(), bytes.to_vec()));
        self
    }

    /// The head's `Content-Type`.
    #[must_use]
    pub fn content_type() -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for (head, bytes) in &self.parts {
            body.extend_from_slice(format!("--{BOUNDARY}\r\n{head}").as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        body
    }
}
