//! A client without any rights that follows every address it is shown, beginning at the system.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use council_server::ServerHandle;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::support::pins::PinVerifier;

/// What came back.
#[derive(Clone, Debug)]
pub struct Visit {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Headers and body, to be searched.
    text: String,
}

impl Visit {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// Whether a text stands anywhere in the answer.
    pub fn holds(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

pub struct Citizen {
    runtime: Runtime,
    client: Client,
    pub base: String,
}

impl Citizen {
    pub fn new(handle: &ServerHandle) -> Self {
        let verifier = PinVerifier(Arc::new(Mutex::new(None)));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(config)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            client,
            base: handle.url(),
        }
    }

    pub fn ask(&self, method: Method, address: &str, headers: &[(&str, &str)]) -> Visit {
        let url = if address.starts_with('/') {
            format!("{}{address}", self.base)
        } else {
            address.to_owned()
        };
        let mut request = self.client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status(), response.headers().clone());
            let body = response.bytes().await.unwrap().to_vec();
            let text = format!("{headers:?}\n{}", String::from_utf8_lossy(&body));
            Visit {
                status,
                headers,
                body,
                text,
            }
        })
    }

    pub fn get(&self, address: &str) -> Visit {
        self.ask(Method::GET, address, &[])
    }

    /// The JSON behind an address that must exist.
    pub fn json(&self, address: &str) -> Value {
        let visit = self.get(address);
        assert_eq!(visit.status, StatusCode::OK, "{address}");
        visit.json()
    }

    /// Every object of a list, page by page.
    pub fn list(&self, address: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut next = Some(address.to_owned());
        while let Some(page) = next {
            let page = self.json(&page);
            found.extend(page["data"].as_array().unwrap().clone());
            next = page["links"]["next"].as_str().map(str::to_owned);
        }
        found
    }

    /// Visits everything that can be found from the system on, lists also as those ask who want all changes ever.
    pub fn crawl(&self) -> BTreeMap<String, Visit> {
        let mut seen: BTreeMap<String, Visit> = BTreeMap::new();
        let mut waiting = VecDeque::from([format!("{}/oparl/", self.base)]);
        while let Some(address) = waiting.pop_front() {
            if seen.contains_key(&address) {
                continue;
            }
            let visit = self.get(&address);
            // A refused question would be a place that nobody has looked at.
            assert_eq!(visit.status, StatusCode::OK, "{address}");
            if visit.header("content-type") == "application/json" {
                let json = visit.json();
                let is_list = json.get("links").is_some();
                if is_list && !address.contains('?') {
                    waiting.push_back(format!("{address}?modified_since=1970-01-01T00:00:00Z"));
                    waiting.push_back(format!("{address}?omit_internal=true&limit=7"));
                }
                self.addresses(&json, &mut waiting);
            }
            seen.insert(address, visit);
        }
        seen
    }

    fn addresses(&self, json: &Value, found: &mut VecDeque<String>) {
        match json {
            Value::String(text) if text.starts_with(&self.base) => found.push_back(text.clone()),
            Value::Array(list) => list.iter().for_each(|one| self.addresses(one, found)),
            Value::Object(map) => map.values().for_each(|one| self.addresses(one, found)),
            _ => {}
        }
    }
}
