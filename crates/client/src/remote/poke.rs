//! The poke socket: the server says when there is something new.

use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use reqwest::header::{
    CONNECTION, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::{Remote, RemoteError, SMALL};

/// An open poke socket.
pub(crate) struct PokeSocket(WebSocketStream<reqwest::Upgraded>);

impl Remote {
    /// Opens the poke socket. It goes over the same TLS as everything else: HTTP upgrades it.
    pub(crate) async fn listen(&self) -> Result<PokeSocket, RemoteError> {
        let super::Inner { line, door } = &*self.inner;
        // An upgrade needs HTTP/1.1.
        let http = line.builder().http1_only().build().map_err(RemoteError::of_http)?;
        let token = door.token(line).await?;
        let key = generate_key();
        let request = http
            .request(Method::GET, line.address.join("/v1/poke"))
            .bearer_auth(&*token)
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header(SEC_WEBSOCKET_VERSION, "13")
            .header(SEC_WEBSOCKET_KEY, &key);
        let answer = tokio::time::timeout(SMALL, request.send())
            .await
            .map_err(|_| RemoteError::Offline("the poke socket".to_owned()))?
            .map_err(RemoteError::of_http)?;
        if answer.status().as_u16() != 101 {
            let refusal = line.refusal(answer).await;
            if let RemoteError::Refused(said) = &refusal
                && said.code == wire::ProblemCode::Session
            {
                door.forget(&token).await;
            }
            return Err(refusal);
        }
        let accepted = answer.headers().get(SEC_WEBSOCKET_ACCEPT).map(HeaderValue::as_bytes);
        if accepted != Some(derive_accept_key(key.as_bytes()).as_bytes()) {
            return Err(RemoteError::Unexpected("not a WebSocket".to_owned()));
        }
        let socket = answer.upgrade().await.map_err(RemoteError::of_http)?;
        let config = WebSocketConfig::default().read_buffer_size(4 * 1024);
        Ok(PokeSocket(WebSocketStream::from_raw_socket(socket, Role::Client, Some(config)).await))
    }
}

impl PokeSocket {
    /// The head of the log at the next poke; none when the socket is closed.
    pub(crate) async fn next(&mut self) -> Option<u64> {
        loop {
            match self.0.next().await? {
                Ok(Message::Binary(bytes)) => {
                    if let Ok(poke) = wire::decode::<wire::Poke>(&bytes) {
                        return Some(poke.head);
                    }
                }
                // Pongs are queued by the socket itself; flushing sends them.
                Ok(Message::Ping(_)) => self.0.flush().await.ok()?,
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(Message::Text(_) | Message::Pong(_) | Message::Frame(_)) => {}
            }
        }
    }
}
