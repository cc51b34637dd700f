//! Fetching over http and https: retries, limits, whole bodies only. It knows OParl's lists, no objects.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, StatusCode, Url};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use super::OparlError;
use super::read;

/// Tries of one request.
const TRIES: u32 = 3;
/// Longest JSON answer: a list page of a large city is about 2 MB.
const MAX_JSON_LEN: usize = 64 * 1024 * 1024;
/// Longest file: budgets of large cities reach 150 MB.
const MAX_FILE_LEN: u64 = 512 * 1024 * 1024;
/// Most pages of one list; more than that is a server that leads in circles.
const MAX_PAGES: usize = 5000;

/// A connection pool that tries again.
#[derive(Clone)]
pub(crate) struct Link {
    client: Client,
    retry_pause_ms: u64,
}

/// A polite client with a memory of what it has fetched.
pub(crate) struct Fetch {
    link: Link,
    seen: BTreeMap<String, Value>,
}

impl Fetch {
    pub(crate) fn new(retry_pause_ms: u64) -> Result<Self, OparlError> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls_config()?)
            .user_agent(concat!("Ratsmappe/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(15))
            .read_timeout(Duration::from_secs(60))
            .redirect(reqwest::redirect::Policy::limited(5))
            .build()?;
        Ok(Self {
            link: Link {
                client,
                retry_pause_ms,
            },
            seen: BTreeMap::new(),
        })
    }

    /// The connection pool, for files fetched side by side.
    pub(crate) fn link(&self) -> Link {
        self.link.clone()
    }

    /// Remembers an object that came embedded, so that a reference to it costs nothing.
    pub(crate) fn remember(&mut self, object: &Value) {
        if let Some(id) = read::text(object, "id") {
            self.seen.entry(id).or_insert_with(|| object.clone());
        }
    }

    /// The object behind a value: the value itself if it is one, else what its address answers.
    pub(crate) async fn resolve(&mut self, value: &Value) -> Result<Value, String> {
        match value {
            Value::Object(_) => Ok(value.clone()),
            Value::String(url) => self.object(url).await,
            _ => Err("weder Objekt noch Adresse".to_owned()),
        }
    }

    /// The object at an address.
    pub(crate) async fn object(&mut self, url: &str) -> Result<Value, String> {
        if let Some(known) = self.seen.get(url) {
            return Ok(known.clone());
        }
        let value = self.json(url).await?;
        self.seen.insert(url.to_owned(), value.clone());
        Ok(value)
    }

    /// All objects of an external list, page by page. What was read before a page failed is kept.
    pub(crate) async fn list(
        &mut self,
        url: &str,
        mut on_page: impl FnMut(usize, usize),
    ) -> (Vec<Value>, Option<String>) {
        let mut found = Vec::new();
        let mut visited = BTreeSet::new();
        let mut next = Some(url.to_owned());
        while let Some(url) = next {
            if visited.len() >= MAX_PAGES || !visited.insert(url.clone()) {
                return (found, Some(format!("{url}: die Liste führt im Kreis")));
            }
            let page = match self.json(&url).await {
                Ok(page) => page,
                Err(error) => return (found, Some(format!("{url}: {error}"))),
            };
            let data = if page.is_array() {
                page.as_array()
            } else {
                page.get("data").and_then(Value::as_array)
            };
            let Some(data) = data else {
                return (found, Some(format!("{url}: keine Liste")));
            };
            found.extend(data.iter().cloned());
            on_page(visited.len(), found.len());
            next = page
                .get("links")
                .and_then(|links| read::text(links, "next"));
        }
        (found, None)
    }

    async fn json(&self, url: &str) -> Result<Value, String> {
        let mut body = Vec::new();
        let mut response = self.link.get(url).await?;
        while let Some(piece) = response.chunk().await.map_err(|e| short(&e))? {
            body.extend_from_slice(&piece);
            if body.len() > MAX_JSON_LEN {
                return Err("die Antwort ist zu groß".to_owned());
            }
        }
        serde_json::from_slice(&body)
            .map_err(|e| format!("kein JSON (Zeile {}, Spalte {})", e.line(), e.column()))
    }
}

impl Link {
    /// Fetches a file into `path`. A web page in place of a PDF, a cut or empty body is an error; each try starts anew.
    pub(crate) async fn download(
        &self,
        url: &str,
        path: &Path,
        is_pdf: bool,
    ) -> Result<(), String> {
        let mut last = String::new();
        for attempt in 1..=TRIES {
            match self.download_once(url, path, is_pdf).await {
                Ok(()) => return Ok(()),
                Err(error) => last = error,
            }
            self.pause(attempt).await;
        }
        Err(last)
    }

    async fn download_once(&self, url: &str, path: &Path, is_pdf: bool) -> Result<(), String> {
        let mut response = self.get(url).await?;
        let announced = response.content_length();
        let mut file = tokio::fs::File::create(path)
            .await
            .map_err(|e| e.to_string())?;
        let mut byte_len = 0u64;
        let mut start: Vec<u8> = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|e| short(&e))? {
            byte_len += piece.len() as u64;
            if byte_len > MAX_FILE_LEN {
                return Err("die Datei ist zu groß".to_owned());
            }
            if start.len() < 1024 {
                start.extend(piece.iter().take(1024));
            }
            file.write_all(&piece).await.map_err(|e| e.to_string())?;
        }
        file.flush().await.map_err(|e| e.to_string())?;
        if byte_len == 0 || announced.is_some_and(|announced| announced != byte_len) {
            return Err("die Datei kam nicht vollständig an".to_owned());
        }
        if is_pdf && !start.windows(5).any(|w| w == b"%PDF-") {
            return Err("statt eines PDF kam etwas anderes, vermutlich eine Webseite".to_owned());
        }
        Ok(())
    }

    /// A successful response; server errors and broken connections are tried again.
    async fn get(&self, url: &str) -> Result<reqwest::Response, String> {
        let url = parse(url).ok_or("keine http- oder https-Adresse")?;
        let mut last = String::new();
        for attempt in 1..=TRIES {
            match self.client.get(url.clone()).send().await {
                Ok(response) if response.status().is_success() => return Ok(response),
                Ok(response) => {
                    last = format!("Antwort {}", response.status().as_u16());
                    let status = response.status();
                    if !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS {
                        return Err(last);
                    }
                }
                Err(error) => last = short(&error),
            }
            self.pause(attempt).await;
        }
        Err(last)
    }

    async fn pause(&self, attempt: u32) {
        if attempt < TRIES {
            tokio::time::sleep(Duration::from_millis(
                self.retry_pause_ms * u64::from(attempt),
            ))
            .await;
        }
    }
}

/// An address that may be fetched.
pub(crate) fn parse(url: &str) -> Option<Url> {
    Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// What went wrong, without the address, which stands beside it anyway.
fn short(error: &reqwest::Error) -> String {
    let kind = if error.is_timeout() {
        "Zeitüberschreitung"
    } else if error.is_connect() {
        "keine Verbindung"
    } else if error.is_body() || error.is_decode() {
        "die Antwort brach ab"
    } else {
        "die Anfrage ist gescheitert"
    };
    kind.to_owned()
}

/// TLS with the system's roots. A system without any can still import over http.
fn tls_config() -> Result<ClientConfig, OparlError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = || {
        ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()
    };
    let config = match builder()?.with_platform_verifier() {
        Ok(builder) => builder.with_no_client_auth(),
        Err(_) => builder()?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth(),
    };
    Ok(config)
}
