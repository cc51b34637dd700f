//! A tablet made of nothing but the protocol: it pairs, verifies everything, and opens what it is given.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use council_server::{Invitation, ServerHandle};
use minicbor::Decode;
use reqwest::{Client, Method, StatusCode};
use sync_protocol::cbor::{from_cbor_lenient, to_cbor};
use sync_protocol::chain::{ChainPage, ChainPosition, Op, VerifiedEntry, verify_run};
use sync_protocol::class_key::{
    ClassKey, FileKeyContext, KeyEpoch, WrappedFileKey, open_payload, unwrap_file_key,
};
use sync_protocol::encrypted_file::{HEADER_LEN, open_header};
use sync_protocol::head::{AudienceHead, DeviceHead, HighWater, SignedHead, check_successor};
use sync_protocol::ids::{AudienceId, DeviceId};
use sync_protocol::key_box::{DeviceBoxKey, KeyBoxes, open_key_box};
use sync_protocol::model::CouncilObject;
use sync_protocol::pairing::{
    InvitationCode, PairDone, PairHello, PairNonce, PairStart, check_hello, make_finish,
};
use sync_protocol::request::{RequestNonce, sign_request};
use sync_protocol::root::{RootDocument, SignedRoot};
use sync_protocol::sign::SigningKey;
use sync_protocol::wire::{self, WireError};
use tokio::runtime::Runtime;

use super::library::Library;
use super::pins::{PinVerifier, Pins};

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    /// `None`: the body was cut off.
    pub body: Option<Vec<u8>>,
    pub version: reqwest::Version,
}

impl Answer {
    pub fn decode<T: for<'b> Decode<'b, ()>>(&self) -> T {
        assert_eq!(self.status, StatusCode::OK, "{:?}", self.error_code());
        from_cbor_lenient(self.body.as_deref().unwrap()).unwrap()
    }

    pub fn error_code(&self) -> Option<String> {
        from_cbor_lenient::<WireError>(self.body.as_deref()?)
            .ok()
            .map(|e| e.code)
    }
}

pub struct Tablet {
    runtime: Runtime,
    client: Client,
    base: String,
    pub sign_key: SigningKey,
    box_key: DeviceBoxKey,
    pub device: DeviceId,
    pub root: RootDocument,
    pub words: [&'static str; 4],
    pub done: PairDone,
    pub high_water: HighWater,
    pub now_at_ms: i64,
}

/// The steps of a pairing, one by one.
pub struct Beginning {
    pub runtime: Runtime,
    pub client: Client,
    pub base: String,
    pins: Pins,
    pub sign_key: SigningKey,
    pub box_key: DeviceBoxKey,
    pub start: PairStart,
}

impl Beginning {
    pub fn new(handle: &ServerHandle, code: &InvitationCode) -> Self {
        let pins = Arc::new(Mutex::new(None));
        let client = client(&pins);
        let sign_key = SigningKey::make().unwrap();
        let box_key = DeviceBoxKey::make().unwrap();
        let start = PairStart {
            invitation: code.invitation_id(),
            device_sign: sign_key.public().unwrap(),
            device_box: box_key.public().unwrap(),
            nonce: PairNonce::make().unwrap(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Self {
            runtime,
            client,
            base: handle.url(),
            pins,
            sign_key,
            box_key,
            start,
        }
    }

    /// Accepts these TLS keys only.
    pub fn pin(&self, pins: Vec<[u8; 32]>) {
        *self.pins.lock().unwrap() = Some(pins);
    }

    /// Asks without a signature.
    pub fn get(&self, path: &str) -> Answer {
        send(
            &self.runtime,
            self.client.get(format!("{}{path}", self.base)),
        )
    }

    /// Whether a connection comes about.
    pub fn connects(&self) -> bool {
        let request = self.client.get(format!("{}{}", self.base, wire::PATH_ROOT));
        self.runtime.block_on(request.send()).is_ok()
    }

    pub fn post(&self, path: &str, body: Vec<u8>) -> Answer {
        send(
            &self.runtime,
            self.client.post(format!("{}{path}", self.base)).body(body),
        )
    }
}

impl Tablet {
    /// Pairs with the server behind `handle`.
    pub fn pair(handle: &ServerHandle, invitation: &Invitation, now_at_ms: i64) -> Self {
        let code = &invitation.code;
        let beginning = Beginning::new(handle, code);
        let hello: PairHello = beginning
            .post(wire::PATH_PAIR_START, to_cbor(&beginning.start))
            .decode();
        let (transcript, root) = check_hello(code, &beginning.start, &hello).unwrap();
        beginning.pin(root.tls_spki.clone());
        let finish = make_finish(code, &transcript, hello.device);
        let done: PairDone = beginning
            .post(wire::PATH_PAIR_FINISH, to_cbor(&finish))
            .decode();
        Self {
            words: transcript.confirm_words(code),
            high_water: HighWater::new(root.council, hello.device),
            runtime: beginning.runtime,
            client: beginning.client,
            base: beginning.base,
            sign_key: beginning.sign_key,
            box_key: beginning.box_key,
            device: hello.device,
            root,
            done,
            now_at_ms,
        }
    }

    /// Asks another server with the same keys, over a connection of its own.
    pub fn reconnect(&mut self, handle: &ServerHandle) {
        let pins = Arc::new(Mutex::new(Some(self.root.tls_spki.clone())));
        self.client = client(&pins);
        self.base = handle.url();
    }

    pub fn request(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        range: Option<&str>,
    ) -> Answer {
        let nonce = RequestNonce::make().unwrap();
        self.request_with(method, path, body, range, nonce)
    }

    pub fn request_with(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        range: Option<&str>,
        nonce: RequestNonce,
    ) -> Answer {
        let mut headers = self.signature(&method, path, &body, nonce);
        if let Some(range) = range {
            headers.push(("range", range.to_owned()));
        }
        self.send(method, path, body, headers)
    }

    /// What this device signs a request with.
    pub fn signature(
        &self,
        method: &Method,
        path: &str,
        body: &[u8],
        nonce: RequestNonce,
    ) -> Vec<(&'static str, String)> {
        let signed = sign_request(
            &self.sign_key,
            self.device,
            method.as_str(),
            path,
            body,
            self.now_at_ms,
            nonce,
        );
        signed.unwrap().to_vec()
    }

    /// Sends a request with whatever headers, over this tablet's connection.
    pub fn send(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        headers: Vec<(&'static str, String)>,
    ) -> Answer {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        send(&self.runtime, request)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path, Vec::new(), None)
    }

    /// A verified head that follows the last one.
    pub fn head(&mut self) -> DeviceHead {
        let answer = self.get(wire::PATH_HEAD);
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.error_code());
        let signed = SignedHead(answer.body.unwrap());
        let root = &self.root;
        let head = signed
            .verify(&root.feed_key, &root.council, &self.device, root.generation)
            .unwrap();
        check_successor(&self.high_water, &head).unwrap();
        self.high_water = self.high_water.advanced(&head);
        head
    }

    pub fn root_document(&self) -> RootDocument {
        let answer = self.get(wire::PATH_ROOT);
        SignedRoot(answer.body.unwrap())
            .verify(Some(&self.root.root_key))
            .unwrap()
    }

    pub fn chain(&self, audience: &AudienceHead) -> Vec<VerifiedEntry> {
        let mut entries = Vec::new();
        while (entries.len() as u64) < audience.seq {
            let path = wire::path_chain(&audience.id, entries.len() as u64, 1000);
            let page: ChainPage = self.get(&path).decode();
            assert!(!page.entries.is_empty(), "a chain must reach its head");
            entries.extend(page.entries);
        }
        verify_run(
            audience.id,
            &ChainPosition::START,
            entries,
            &audience.position(),
        )
        .unwrap()
    }

    pub fn class_keys(&self) -> BTreeMap<(AudienceId, KeyEpoch), ClassKey> {
        let boxes: KeyBoxes = self.get(wire::PATH_KEYS).decode();
        let open = |key_box| {
            open_key_box(&self.box_key, &self.root.council, &self.device, key_box).unwrap()
        };
        boxes
            .boxes
            .iter()
            .map(|one| ((one.audience, one.epoch), open(one)))
            .collect()
    }

    /// Reads everything: head, chains, keys, objects and files. What it has no key for it skips.
    pub fn read_all(&mut self) -> Library {
        let head = self.head();
        let keys = self.class_keys();
        let mut library = Library::default();
        for audience in &head.audiences {
            for verified in self.chain(audience) {
                self.apply(&mut library, &keys, &verified);
            }
        }
        library
    }

    fn apply(
        &self,
        library: &mut Library,
        keys: &BTreeMap<(AudienceId, KeyEpoch), ClassKey>,
        verified: &VerifiedEntry,
    ) {
        let header = &verified.header;
        if header.op == Op::Tombstone {
            let seen_in = library.seen_in.entry(header.object).or_default();
            seen_in.retain(|audience| *audience != header.audience);
            if seen_in.is_empty() {
                library.objects.remove(&header.object);
                library.files.remove(&header.object);
            }
            return;
        }
        let Some(sealed) = &verified.entry.sealed_payload else {
            return;
        };
        let Some(key) = keys.get(&(header.audience, header.key_epoch)) else {
            return;
        };
        let payload = open_payload(key, &header.context(self.root.council), sealed).unwrap();
        let object =
            CouncilObject::from_payload(header.object_kind, header.object, &payload).unwrap();
        if let (CouncilObject::File(file), Some(wrapped)) =
            (&object, &verified.entry.wrapped_file_key)
        {
            let context = FileKeyContext {
                council: self.root.council,
                object: header.object,
                revision: header.revision,
                blob_id: file.blob_id,
            };
            let file_key =
                unwrap_file_key(key, &context, &WrappedFileKey(wrapped.clone())).unwrap();
            let answer = self.get(&wire::path_blob(&file.blob_id));
            assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.error_code());
            library
                .files
                .insert(header.object, open_file(&file_key, &answer.body.unwrap()));
        }
        let seen_in = library.seen_in.entry(header.object).or_default();
        if !seen_in.contains(&header.audience) {
            seen_in.push(header.audience);
        }
        library.objects.insert(header.object, object);
    }
}

fn client(pins: &Pins) -> Client {
    let verifier = Arc::new(PinVerifier(pins.clone()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Client::builder()
        .tls_backend_preconfigured(config)
        .no_proxy()
        .build()
        .unwrap()
}

fn open_file(key: &sync_protocol::encrypted_file::FileKey, ciphertext: &[u8]) -> Vec<u8> {
    let header: [u8; HEADER_LEN] = ciphertext[..HEADER_LEN].try_into().unwrap();
    let opener = open_header(&header, key).unwrap();
    let mut plain = Vec::new();
    for chunk in 0..opener.chunk_count() {
        let range = opener.chunk_range(chunk);
        let mut buffer = ciphertext[range.start as usize..range.end as usize].to_vec();
        opener.open_chunk(chunk, &mut buffer).unwrap();
        plain.extend(buffer);
    }
    plain
}

fn send(runtime: &Runtime, request: reqwest::RequestBuilder) -> Answer {
    runtime.block_on(async {
        let response = request.send().await.unwrap();
        let (status, headers, version) = (
            response.status(),
            response.headers().clone(),
            response.version(),
        );
        Answer {
            status,
            headers,
            version,
            body: response.bytes().await.ok().map(|b| b.to_vec()),
        }
    })
}
