//! Fetching over http and https: politely, with retries and limits, whole bodies only. It knows no objects.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::header::{
    ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER,
};
use reqwest::{Client, Response, StatusCode, Url};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{OparlError, json};
use crate::store::mirror::Validators;

/// Tries of one request.
const TRIES: u32 = 3;
/// Longest JSON answer: a list page of a large city is about 2 MB.
const MAX_JSON_LEN: usize = 64 * 1024 * 1024;
/// Longest file: budgets of large cities reach 150 MB.
const MAX_FILE_LEN: u64 = 512 * 1024 * 1024;
/// Requests that may follow each other at once: the lists of a town are read page by page, one after the other.
const BURST: u32 = 200;
/// Longest pause that a portal may ask for.
const MAX_PAUSE_MS: u64 = 60_000;
/// The end of a PDF stands in its last bytes; some programs write a little after it. Bytes.
const PDF_TAIL_LEN: usize = 2048;

/// How often and how patiently a portal is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Manners {
    /// Before the second try; twice that before the third.
    pub retry_pause_ms: u64,
    /// Between the beginnings of two requests, in the long run.
    pub request_interval_ms: u64,
}

/// A connection pool that tries again and waits its turn.
#[derive(Clone)]
pub(crate) struct Link {
    client: Client,
    manners: Manners,
    next_at: Arc<Mutex<Instant>>,
    requests: Arc<AtomicUsize>,
}

/// What a portal answered to a conditional request.
#[derive(Debug)]
pub(crate) enum Answer<T> {
    Unchanged,
    New(T, Validators),
}

/// Why something could not be had; without the address, which stands beside it anyway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub status: Option<u16>,
    pub reason: String,
    pause_ms: Option<u64>,
}

impl Failure {
    fn new(reason: impl Into<String>) -> Self {
        Self {
            status: None,
            reason: reason.into(),
            pause_ms: None,
        }
    }

    /// The portal answered, but not what was asked for.
    pub(crate) fn is_answer(&self) -> bool {
        self.status.is_some()
    }

    /// Asking again will not help.
    fn is_final(&self) -> bool {
        self.status
            .is_some_and(|s| (400..500).contains(&s) && ![408, 425, 429].contains(&s))
    }
}

impl Link {
    pub(crate) fn new(manners: Manners) -> Result<Self, OparlError> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls_config()?)
            .user_agent(concat!("Ratsmappe/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(15))
            .read_timeout(Duration::from_secs(60))
            .redirect(reqwest::redirect::Policy::limited(5))
            .build()?;
        Ok(Self {
            client,
            manners,
            next_at: Arc::new(Mutex::new(Instant::now())),
            requests: Arc::new(AtomicUsize::new(0)),
        })
    }

    /// How many requests were made so far.
    pub(crate) fn request_count(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// The JSON at an address.
    pub(crate) async fn json(
        &self,
        url: &str,
        known: &Validators,
    ) -> Result<Answer<Value>, Failure> {
        let mut tries = Tries::new(self.manners);
        loop {
            let failure = match self.json_once(url, known).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            tries.wait(failure).await?;
        }
    }

    async fn json_once(&self, url: &str, known: &Validators) -> Result<Answer<Value>, Failure> {
        let Answer::New(mut response, validators) = self.get(url, known).await? else {
            return Ok(Answer::Unchanged);
        };
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|e| broken(&e))? {
            body.extend_from_slice(&piece);
            if body.len() > MAX_JSON_LEN {
                return Err(Failure::new("die Antwort ist zu groß"));
            }
        }
        let value = json::parse(&body).map_err(|fault| Failure {
            status: Some(StatusCode::OK.as_u16()),
            ..Failure::new(fault.to_string())
        })?;
        Ok(Answer::New(value, validators))
    }

    /// Fetches a file into `path`. A web page in place of a file, a cut or empty body is an error; each try starts anew.
    pub(crate) async fn download(
        &self,
        url: &str,
        path: &Path,
        is_pdf: bool,
        known: &Validators,
    ) -> Result<Answer<()>, Failure> {
        let mut tries = Tries::new(self.manners);
        loop {
            let failure = match self.download_once(url, path, is_pdf, known).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            tries.wait(failure).await?;
        }
    }

    async fn download_once(
        &self,
        url: &str,
        path: &Path,
        is_pdf: bool,
        known: &Validators,
    ) -> Result<Answer<()>, Failure> {
        let Answer::New(mut response, validators) = self.get(url, known).await? else {
            return Ok(Answer::Unchanged);
        };
        let announced = response.content_length();
        let disk = |error: std::io::Error| Failure::new(error.to_string());
        let mut file = tokio::fs::File::create(path).await.map_err(disk)?;
        let mut byte_len = 0u64;
        let (mut start, mut end): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
        while let Some(piece) = response.chunk().await.map_err(|e| broken(&e))? {
            byte_len += piece.len() as u64;
            if byte_len > MAX_FILE_LEN {
                return Err(Failure::new("die Datei ist zu groß"));
            }
            if start.len() < 1024 {
                start.extend(piece.iter().take(1024));
            }
            end.extend(piece.iter().skip(piece.len().saturating_sub(PDF_TAIL_LEN)));
            end.drain(..end.len().saturating_sub(PDF_TAIL_LEN));
            file.write_all(&piece).await.map_err(disk)?;
        }
        file.flush().await.map_err(disk)?;
        let is_cut = announced.is_some_and(|announced| announced != byte_len);
        check_file(&start, &end, byte_len, is_cut, is_pdf)?;
        Ok(Answer::New((), validators))
    }

    /// A successful response, or that nothing changed.
    async fn get(&self, url: &str, known: &Validators) -> Result<Answer<Response>, Failure> {
        let url = parse(url).ok_or_else(|| Failure::new("keine http- oder https-Adresse"))?;
        self.wait_for_turn().await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut request = self.client.get(url);
        if let Some(etag) = &known.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(last_modified) = &known.last_modified {
            request = request.header(IF_MODIFIED_SINCE, last_modified);
        }
        let response = request.send().await.map_err(|e| broken(&e))?;
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED && !known.is_empty() {
            return Ok(Answer::Unchanged);
        }
        if !status.is_success() {
            let pause_s: Option<u64> = header(response.headers(), &RETRY_AFTER)
                .and_then(|seconds| seconds.trim().parse().ok());
            return Err(Failure {
                status: Some(status.as_u16()),
                reason: format!("Antwort {}", status.as_u16()),
                pause_ms: pause_s.map(|s| s.saturating_mul(1000).min(MAX_PAUSE_MS)),
            });
        }
        let validators = Validators {
            etag: header(response.headers(), &ETAG),
            last_modified: header(response.headers(), &LAST_MODIFIED),
        };
        Ok(Answer::New(response, validators))
    }

    /// Lets as much time pass between requests as manners demand.
    async fn wait_for_turn(&self) {
        if self.manners.request_interval_ms == 0 {
            return;
        }
        let interval = Duration::from_millis(self.manners.request_interval_ms);
        let turn = {
            let mut next_at = self.next_at.lock().await;
            let now = Instant::now();
            *next_at = (*next_at).max(now) + interval;
            next_at.checked_sub(interval * BURST).unwrap_or(now)
        };
        tokio::time::sleep_until(turn).await;
    }
}

/// Counts the tries of one request.
struct Tries {
    manners: Manners,
    made: u32,
}

impl Tries {
    fn new(manners: Manners) -> Self {
        Self { manners, made: 0 }
    }

    /// Waits before the next try. Errors: the failure itself, where there is none.
    async fn wait(&mut self, failure: Failure) -> Result<(), Failure> {
        self.made += 1;
        if self.made >= TRIES || failure.is_final() {
            return Err(failure);
        }
        let own = self.manners.retry_pause_ms << (self.made - 1);
        // In tests nobody waits, whatever a portal asks for.
        let asked = failure.pause_ms.filter(|_| own > 0).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(own.max(asked))).await;
        Ok(())
    }
}

/// Whether what arrived can be the file: its first and last bytes, its length, whether less came than was announced.
fn check_file(
    start: &[u8],
    end: &[u8],
    byte_len: u64,
    is_cut: bool,
    is_pdf: bool,
) -> Result<(), Failure> {
    let holds = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).any(|w| w == mark);
    if byte_len == 0 || is_cut {
        return Err(Failure::new("die Datei kam nicht vollständig an"));
    }
    let begin: Vec<u8> = start
        .trim_ascii_start()
        .iter()
        .take(15)
        .map(u8::to_ascii_lowercase)
        .collect();
    let is_web_page = begin.starts_with(b"<!doctype html") || begin.starts_with(b"<html");
    if is_web_page || (is_pdf && !holds(start, b"%PDF-")) {
        return Err(Failure::new(
            "statt der Datei kam etwas anderes, vermutlich eine Webseite",
        ));
    }
    if holds(start, b"%PDF-") && !holds(end, b"%%EOF") {
        return Err(Failure::new("die Datei kam nicht vollständig an"));
    }
    Ok(())
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.to_owned()).filter(|value| !value.is_empty())
}

/// An address that may be fetched.
pub(crate) fn parse(url: &str) -> Option<Url> {
    Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn broken(error: &reqwest::Error) -> Failure {
    Failure::new(if error.is_timeout() {
        "Zeitüberschreitung"
    } else if error.is_connect() {
        "keine Verbindung"
    } else if error.is_body() || error.is_decode() {
        "die Antwort brach ab"
    } else {
        "die Anfrage ist gescheitert"
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_files_pass() {
        let check = |body: &[u8], is_cut, is_pdf| {
            check_file(body, body, body.len() as u64, is_cut, is_pdf).is_ok()
        };
        assert!(check(b"%PDF-1.4 ... %%EOF\n", false, true));
        assert!(
            !check(b"%PDF-1.4 ... %%EOF\n", true, true),
            "less than announced"
        );
        assert!(
            !check(b"%PDF-1.4 ...", false, true),
            "cut, and no length announced"
        );
        assert!(!check(b"<!DOCTYPE HTML><p>", false, true));
        assert!(
            !check(b"\n<html>", false, false),
            "whatever it was said to be"
        );
        assert!(!check(b"", false, false));
        assert!(check(b"PK..", false, false));
    }

    #[test]
    fn what_is_encoded_stays_encoded() {
        let url = parse("http://rat.example/m?id=1%7C2").unwrap();
        assert_eq!(url.as_str(), "http://rat.example/m?id=1%7C2");
    }
}
