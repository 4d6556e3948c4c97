//! What every provider's adapter keeps, on a real HTTP endpoint that speaks as the provider does.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use reqwest::Url;

use super::{ContactEveryone, Fields, HttpGateway, SmsError, SmsGateway};

/// What an endpoint understood: to whom, what, and the message's name.
type Sent = (String, String, String);

/// An endpoint that reads requests as one provider does.
struct Provider {
    url: Url,
    taken: Arc<Mutex<Vec<Sent>>>,
}

/// How a provider reads a request and what it answers when it takes, refuses for good, and is busy.
#[derive(Clone, Copy)]
struct Manner {
    read: fn(&HeaderMap, &str) -> Sent,
    takes: fn() -> (StatusCode, String),
    busy: fn() -> (StatusCode, String),
}

const GOOD: &str = "+33612345678";
const WRONG: &str = "+33600000000";
const BUSY: &str = "+33611111111";

impl Provider {
    async fn start(manner: Manner) -> Self {
        let taken = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&taken);
        let answer = move |headers: HeaderMap, body: String| {
            let seen = Arc::clone(&seen);
            async move {
                let sent = (manner.read)(&headers, &body);
                match sent.0.as_str() {
                    WRONG => (StatusCode::BAD_REQUEST, "no such number".to_owned()),
                    BUSY => (manner.busy)(),
                    _ => {
                        seen.lock().unwrap().push(sent);
                        (manner.takes)()
                    }
                }
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/sms", listener.local_addr().unwrap()).parse().unwrap();
        let app = Router::new().route("/sms", post(answer));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, taken }
    }
}

/// The promises of [`SmsGateway`].
async fn promises(gateway: &dyn SmsGateway, provider: &Provider, silent: &dyn SmsGateway) {
    let text = "Séance à 18 h <Gymnase> & \"annexe\" {to}";
    let key = "<0198.11.sms.0@pupitre>";
    let answer = gateway.send(GOOD, text, key).await.unwrap();
    assert!(answer.starts_with("200"), "{answer}");
    // The same message again has the same name.
    gateway.send(GOOD, text, key).await.unwrap();
    let taken = provider.taken.lock().unwrap().clone();
    let [first, second] = &taken[..] else { panic!("{taken:?}") };
    assert_eq!((first.0.as_str(), first.1.as_str()), (GOOD, text));
    assert_eq!(first, second);
    assert!(first.2.contains("0198.11.sms.0"), "{first:?}");
    let wrong = gateway.send(WRONG, text, key).await;
    assert!(matches!(&wrong, Err(SmsError::Lasting(said)) if said.starts_with("400")), "{wrong:?}");
    let busy = gateway.send(BUSY, text, key).await;
    assert!(matches!(&busy, Err(SmsError::Passing(_))), "{busy:?}");
    let gone = silent.send(GOOD, text, key).await;
    assert!(matches!(&gone, Err(SmsError::Passing(said)) if !said.contains("secret")), "{gone:?}");
    assert_eq!(provider.taken.lock().unwrap().len(), 2, "what is refused is not taken");
}

/// Where nobody listens; the address holds a secret that no answer may repeat.
async fn nowhere() -> Url {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/?key=secret", free.local_addr().unwrap()).parse().unwrap()
}

#[tokio::test]
async fn the_generic_adapter_with_a_form() {
    let manner = Manner {
        read: |headers, body| {
            assert_eq!(headers["authorization"], "Bearer jeton");
            let fields: std::collections::BTreeMap<String, String> =
                url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
            (fields["numero"].clone(), fields["message"].clone(), fields["ref"].clone())
        },
        takes: || (StatusCode::OK, "pris".to_owned()),
        busy: || (StatusCode::BAD_GATEWAY, String::new()),
    };
    let provider = Provider::start(manner).await;
    let fields = [("numero", "{to}"), ("message", "{text}"), ("ref", "{key}")];
    let fields = fields.map(|(name, pattern)| (name.to_owned(), pattern.to_owned()));
    let fields = Fields { fields: fields.into() };
    let token = || Some("jeton".to_owned());
    let of = |url| HttpGateway::new(url, fields.clone(), false, token()).unwrap();
    let gateway = of(provider.url.clone());
    assert!(!format!("{gateway:?}").contains("jeton"));
    promises(&gateway, &provider, &of(nowhere().await)).await;
}

#[tokio::test]
async fn the_generic_adapter_with_json() {
    let manner = Manner {
        read: |_, body| {
            let fields: serde_json::Value = serde_json::from_str(body).unwrap();
            let text = |name: &str| fields[name].as_str().unwrap().to_owned();
            (text("to"), text("body"), text("id"))
        },
        takes: || (StatusCode::OK, "{}".to_owned()),
        // A false token is put right by somebody: the message waits.
        busy: || (StatusCode::UNAUTHORIZED, String::new()),
    };
    let provider = Provider::start(manner).await;
    let fields = [("to", "{to}"), ("body", "{text}"), ("id", "{key}")];
    let fields = fields.map(|(name, pattern)| (name.to_owned(), pattern.to_owned()));
    let fields = Fields { fields: fields.into() };
    let of = |url| HttpGateway::new(url, fields.clone(), true, None).unwrap();
    promises(&of(provider.url.clone()), &provider, &of(nowhere().await)).await;
}

/// Reads `sendMessage` as MultiDiffusionWS does.
fn soap(headers: &HeaderMap, body: &str) -> Sent {
    assert_eq!(headers["soapaction"], "MultiDiffusionWS");
    let document = roxmltree::Document::parse(body).unwrap();
    let field = |name: &str| {
        let node = document.descendants().find(|node| node.tag_name().name() == name).unwrap();
        assert_eq!(node.tag_name().namespace(), Some("MultiDiffusionWS"));
        node.text().unwrap_or_default().to_owned()
    };
    let [customer, strategy] = ["custId", "strategy"].map(field);
    assert_eq!((customer.as_str(), strategy.as_str()), ("valbrune & co", "sms"));
    let inner = field("sendProfiles");
    let profile = roxmltree::Document::parse(&inner).unwrap();
    let within = |name: &str| {
        let node = profile.descendants().find(|node| node.tag_name().name() == name).unwrap();
        node.text().unwrap_or_default().to_owned()
    };
    assert_eq!(within("MEDIA_TYPE"), "sms");
    (within("TERMINAL_ADDR"), field("resumeContent"), within("DEST_ID"))
}

fn soap_body(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\">\
         <e:Body>{inner}</e:Body></e:Envelope>"
    )
}

#[tokio::test]
async fn contact_everyone() {
    let manner = Manner {
        read: soap,
        takes: || {
            let taken = "<r:sendMessageResponse xmlns:r=\"MultiDiffusionWS\"><r:sendMessageReturn>\
                         <r:msgId>4217</r:msgId></r:sendMessageReturn></r:sendMessageResponse>";
            (StatusCode::OK, soap_body(taken))
        },
        busy: || {
            let fault = "<e:Fault><faultcode>e:Server</faultcode><faultstring>901</faultstring>\
                         </e:Fault>";
            (StatusCode::INTERNAL_SERVER_ERROR, soap_body(fault))
        },
    };
    let provider = Provider::start(manner).await;
    let of = |url| ContactEveryone::new(url, "valbrune & co".to_owned(), None).unwrap();
    let gateway = of(provider.url.clone());
    promises(&gateway, &provider, &of(nowhere().await)).await;
    let answer = gateway.send(GOOD, "x", "k").await.unwrap();
    assert_eq!(answer, "200 msgId 4217", "the provider's number is kept as proof");
    let url = provider.url.clone();
    assert!(ContactEveryone::new(url, String::new(), Some(b"no certificate")).is_err());
}
