//! Orange's Contact Everyone: the SOAP service MultiDiffusionWS, method `sendMessage`, with a client's
//! certificate. A message is one call: `custId`, `resumeContent` (what a telephone shows), `strategy`
//! "sms", and the recipient as a profile, which is XML of its own within the field `sendProfiles`.

use futures_util::future::BoxFuture;
use reqwest::{StatusCode, Url};

use super::{SmsError, SmsGateway, client, heard, refusal, short};

/// The account at Contact Everyone.
pub struct ContactEveryone {
    url: Url,
    customer: String,
    http: reqwest::Client,
}

/// Why the account cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ContactEveryoneError {
    /// The certificate or its key cannot be read.
    #[error(
        "The certificate of Contact Everyone cannot be read: {0}. It must be one PEM file with the \
         certificate and its key."
    )]
    Certificate(reqwest::Error),
    /// There is no way to speak HTTPS on this machine.
    #[error("Text messages cannot be sent from this machine: {0}.")]
    Https(reqwest::Error),
}

impl std::fmt::Debug for ContactEveryone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ContactEveryone({})", self.url.host_str().unwrap_or_default())
    }
}

impl ContactEveryone {
    /// The account of this customer; `certificate` is PEM, the certificate and its key.
    ///
    /// # Errors
    /// [`ContactEveryoneError`].
    pub fn new(
        url: Url,
        customer: String,
        certificate: Option<&[u8]>,
    ) -> Result<Self, ContactEveryoneError> {
        let mut builder = client();
        if let Some(pem) = certificate {
            let identity =
                reqwest::Identity::from_pem(pem).map_err(ContactEveryoneError::Certificate)?;
            builder = builder.identity(identity);
        }
        let http = builder.build().map_err(ContactEveryoneError::Https)?;
        Ok(Self { url, customer, http })
    }

    async fn post(&self, to: &str, text: &str, key: &str) -> Result<String, SmsError> {
        let request = self
            .http
            .post(self.url.clone())
            .header("content-type", "text/xml; charset=utf-8")
            .header("soapaction", "MultiDiffusionWS")
            .body(envelope(&self.customer, to, text, key));
        let (status, said) = heard(request).await?;
        match (told(&said), status) {
            (Told::Taken(number), StatusCode::OK) => Ok(format!("200 msgId {number}")),
            // A fault speaks of the account or of the service, not of the telephone: the platform
            // takes every number and tells later what became of it. Somebody puts it right.
            (Told::Fault(fault), _) => Err(SmsError::Passing(short(status, &fault))),
            (Told::Taken(_) | Told::Nothing, StatusCode::OK) => {
                Err(SmsError::Passing("200 without a number".to_owned()))
            }
            (Told::Taken(_) | Told::Nothing, _) => Err(refusal(status, status.to_string())),
        }
    }
}

impl SmsGateway for ContactEveryone {
    fn send<'a>(
        &'a self,
        to: &'a str,
        text: &'a str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<String, SmsError>> {
        Box::pin(self.post(to, text, key))
    }
}

/// What an answer says.
enum Told {
    /// Its number at the provider.
    Taken(String),
    /// A SOAP fault.
    Fault(String),
    /// Neither.
    Nothing,
}

fn told(answer: &str) -> Told {
    let Ok(document) = roxmltree::Document::parse(answer) else { return Told::Nothing };
    let text = |name: &str| {
        let named = document.descendants().find(|node| node.tag_name().name() == name);
        named.and_then(|node| node.text()).map(|text| text.trim().to_owned())
    };
    match (text("msgId"), text("faultstring")) {
        (Some(number), None) if !number.is_empty() => Told::Taken(number),
        (_, Some(fault)) => Told::Fault(fault),
        (_, None) => Told::Nothing,
    }
}

fn envelope(customer: &str, to: &str, text: &str, key: &str) -> String {
    let id: String =
        key.chars().filter(|c| c.is_ascii_alphanumeric() || ".-_@".contains(*c)).collect();
    let profile = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><PROFILE_LIST><PROFILE>\
         <DEST_NAME>{to}</DEST_NAME><DEST_FORENAME></DEST_FORENAME><DEST_ID>{id}</DEST_ID>\
         <TERMINAL_GROUP><TERMINAL><TERMINAL_NAME>mobile1</TERMINAL_NAME>\
         <TERMINAL_ADDR>{to}</TERMINAL_ADDR><MEDIA_TYPE_GROUP><MEDIA_TYPE>sms</MEDIA_TYPE>\
         </MEDIA_TYPE_GROUP></TERMINAL></TERMINAL_GROUP></PROFILE></PROFILE_LIST>",
        to = safe(to)
    );
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:intf=\"MultiDiffusionWS\"><soapenv:Body><intf:sendMessage><intf:wsMessage>\
         <intf:custId>{}</intf:custId><intf:resumeContent>{}</intf:resumeContent>\
         <intf:sendProfiles>{}</intf:sendProfiles><intf:strategy>sms</intf:strategy>\
         </intf:wsMessage></intf:sendMessage></soapenv:Body></soapenv:Envelope>",
        safe(customer),
        safe(text),
        safe(&profile)
    )
}

/// Text that is only text in XML; what XML cannot hold is left out.
fn safe(text: &str) -> String {
    let held = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    text.chars().filter(held).fold(String::with_capacity(text.len()), |mut out, letter| {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
        out
    })
}
