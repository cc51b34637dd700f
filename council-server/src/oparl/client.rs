//! Fetching over http and https: politely, with retries and limits, whole bodies only. It knows no objects.

use std::future::Future;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::header::{
    CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
    RETRY_AFTER,
};
use reqwest::{Client, Response, StatusCode, Url};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::patience::{Failure, Manners, Tries};
use super::reach::{Names, Reach, barred_in};
use super::whole::check_file;
use super::{OparlError, json};
use crate::store::mirror::Validators;

/// Longest JSON answer: a list page of a large city is about 2 MB. Taken apart it needs up to sixteen times as much. Bytes.
const MAX_JSON_LEN: usize = 32 * 1024 * 1024;
/// Longest file: budgets of large cities reach 150 MB. Bytes.
const MAX_FILE_LEN: u64 = 512 * 1024 * 1024;
/// Requests that may follow each other at once: the lists of a town are read page by page, one after the other.
const BURST: u32 = 200;
/// Longest pause that a portal may ask for.
const MAX_PAUSE_MS: u64 = 60_000;
/// The end of a PDF stands in its last bytes; some programs write a little after it. Bytes.
const PDF_TAIL_LEN: usize = 2048;

/// A connection pool that tries again and waits its turn.
#[derive(Clone)]
pub(crate) struct Link {
    client: Client,
    manners: Manners,
    reach: Reach,
    next_at: Arc<Mutex<Instant>>,
    requests: Arc<AtomicUsize>,
}

/// What a portal answered to a conditional request.
#[derive(Debug)]
pub(crate) enum Answer<T> {
    Unchanged,
    New(T, Validators),
}

impl Link {
    pub(crate) fn new(manners: Manners, reach: Reach) -> Result<Self, OparlError> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls_config()?)
            .user_agent(concat!("Ratsmappe/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(15))
            .read_timeout(Duration::from_secs(60))
            .redirect(reach.redirects())
            .dns_resolver(Names::new(reach))
            .build()?;
        Ok(Self {
            client,
            manners,
            reach,
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
            let answer = in_time(self.manners.json_timeout_ms, self.json_once(url, known));
            let failure = match answer.await {
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
                return Err(Failure::settled("die Antwort ist zu groß"));
            }
        }
        let value = json::parse(&body)
            .map_err(|fault| Failure::answered(StatusCode::OK.as_u16(), fault.to_string(), None))?;
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
            let answer = self.download_once(url, path, is_pdf, known);
            let failure = match in_time(self.manners.file_timeout_ms, answer).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            // What came of a failed try takes no place until the import ends.
            match tokio::fs::remove_file(path).await {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(Failure::new(error.to_string()));
                }
                _ => tries.wait(failure).await?,
            }
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
        let too_big = || Failure::settled("die Datei ist zu groß");
        if announced.is_some_and(|announced| announced > MAX_FILE_LEN) {
            return Err(too_big());
        }
        let disk = |error: std::io::Error| Failure::new(error.to_string());
        let mut file = tokio::fs::File::create(path).await.map_err(disk)?;
        let mut byte_len = 0u64;
        let (mut start, mut end): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
        while let Some(piece) = response.chunk().await.map_err(|e| broken(&e))? {
            byte_len += piece.len() as u64;
            if byte_len > MAX_FILE_LEN {
                return Err(too_big());
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
        let url = parse(url).ok_or_else(|| Failure::settled("keine http- oder https-Adresse"))?;
        self.reach
            .check(&url)
            .map_err(|barred| Failure::settled(barred.to_string()))?;
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
        if status.is_redirection() {
            let reason = format!(
                "Weiterleitung ohne brauchbares Ziel (Antwort {})",
                status.as_u16()
            );
            return Err(Failure::answered(status.as_u16(), reason, None));
        }
        if !status.is_success() {
            let pause_s: Option<u64> = header(response.headers(), &RETRY_AFTER)
                .and_then(|seconds| seconds.trim().parse().ok());
            return Err(Failure::answered(
                status.as_u16(),
                format!("Antwort {}", status.as_u16()),
                pause_s.map(|s| s.saturating_mul(1000).min(MAX_PAUSE_MS)),
            ));
        }
        if let Some(coding) = header(response.headers(), &CONTENT_ENCODING)
            && !coding.eq_ignore_ascii_case("identity")
        {
            // Never asked for, and never unpacked: a small answer could become a huge one.
            return Err(Failure::settled("die Antwort kam gepackt, ungefragt"));
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

/// Ends what does not end by itself: a portal may send a byte now and then for ever.
async fn in_time<T>(
    timeout_ms: u64,
    answer: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::time::timeout(Duration::from_millis(timeout_ms), answer)
        .await
        .unwrap_or_else(|_| Err(Failure::settled("die Antwort nahm kein Ende")))
}

fn broken(error: &reqwest::Error) -> Failure {
    if let Some(barred) = barred_in(error) {
        return Failure::settled(barred.to_string());
    }
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

    /// What a request for a JSON document and one for a PDF come to, where each connection is answered with `head` and
    /// is then left open; and how many connections there were. The JSON is waited for one second.
    fn ask(
        host: &str,
        reach: Reach,
        head: &'static str,
        file_timeout_ms: u64,
    ) -> (String, String, usize) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = connections.clone();
        std::thread::spawn(move || {
            let mut open = Vec::new();
            for mut stream in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::Relaxed);
                let mut request = [0; 1024];
                assert!(std::io::Read::read(&mut stream, &mut request).unwrap() > 0);
                std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
                open.push(stream);
            }
        });
        let manners = Manners {
            retry_pause_ms: 0,
            request_interval_ms: 0,
            json_timeout_ms: 1000,
            file_timeout_ms,
        };
        let link = Link::new(manners, reach).unwrap();
        let url = format!("http://{host}:{port}/x");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0.part");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let reasons = runtime.block_on(async {
            let known = Validators::default();
            let json = link.json(&url, &known).await.unwrap_err();
            let file = link.download(&url, &path, true, &known).await.unwrap_err();
            (json.reason, file.reason)
        });
        assert!(!path.exists(), "nothing is left of what failed");
        (reasons.0, reasons.1, connections.load(Ordering::Relaxed))
    }

    #[test]
    fn a_body_that_never_ends_is_given_up_once() {
        let head = "HTTP/1.1 200 OK\r\n\r\n%PDF-1.4";
        let ends = "die Antwort nahm kein Ende".to_owned();
        assert_eq!(
            ask("127.0.0.1", Reach::Everywhere, head, 1000),
            (ends.clone(), ends, 2)
        );
    }

    #[test]
    fn a_file_that_is_announced_too_big_is_not_read() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n%PDF-1.4";
        let (_, file, connections) = ask("127.0.0.1", Reach::Everywhere, head, 60_000);
        assert_eq!(
            (file.as_str(), connections),
            ("die Datei ist zu groß", 2),
            "and not asked for again"
        );
    }

    #[test]
    fn a_public_portal_does_not_lead_to_inner_addresses() {
        for host in ["127.0.0.1", "localhost", "[::1]"] {
            let (json, file, connections) =
                ask(host, Reach::PublicOnly, "HTTP/1.1 200 OK\r\n\r\n{}", 60_000);
            for reason in [json, file] {
                assert!(reason.contains("im inneren Netz"), "{host}: {reason}");
            }
            assert_eq!(connections, 0, "{host}");
        }
    }

    #[test]
    fn what_is_encoded_stays_encoded() {
        let url = parse("http://rat.example/m?id=1%7C2").unwrap();
        assert_eq!(url.as_str(), "http://rat.example/m?id=1%7C2");
    }
}
