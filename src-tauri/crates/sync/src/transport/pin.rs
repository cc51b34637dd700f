//! Which TLS certificate is accepted: the one whose public key is pinned, whatever name it carries.
//!
//! No certificate authority and no host name is asked. The handshake's signature is checked all the same,
//! so that showing a pinned certificate without holding its key is not enough.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use sync_protocol::ids::Hash;

/// SHA-256 of a certificate's SubjectPublicKeyInfo.
pub(crate) type SpkiHash = [u8; 32];

/// What the verifier does with the key it is shown.
#[derive(Clone, Debug)]
pub(crate) enum PinPolicy {
    /// Only these keys; the normal case.
    Only(Vec<SpkiHash>),
    /// Accept any and remember it: the pairing, and a look for a newer root document. The caller must find
    /// the remembered key in a root document that is proven by other means before it trusts an answer.
    Observe,
}

/// The key that the last handshake showed, and whether one was refused.
#[derive(Debug, Default)]
pub(crate) struct SeenKey {
    state: Mutex<Seen>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    key: Option<SpkiHash>,
    several: bool,
    refused: bool,
}

impl SeenKey {
    /// The one key that every handshake so far has shown; `None` if there was none or they differed.
    pub(crate) fn only_key(&self) -> Option<SpkiHash> {
        let seen = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.several { None } else { seen.key }
    }

    /// Whether a handshake ended because its key was not pinned.
    pub(crate) fn was_refused(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).refused
    }

    fn note(&self, key: SpkiHash, refused: bool) {
        let mut seen = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        seen.several |= seen.key.is_some_and(|before| before != key);
        seen.key = Some(key);
        seen.refused |= refused;
    }
}

#[derive(Debug)]
struct PinVerifier {
    policy: PinPolicy,
    seen: Arc<SeenKey>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let spki = ParsedCertificate::try_from(end_entity)?.subject_public_key_info();
        let key = *Hash::of(spki.as_ref()).as_bytes();
        let accepted = match &self.policy {
            PinPolicy::Only(pins) => pins.contains(&key),
            PinPolicy::Observe => true,
        };
        self.seen.note(key, !accepted);
        if accepted {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The client side of TLS under a pin policy.
///
/// HTTP/1.1 only: four files at a time are four connections, which is faster on a good line than four streams
/// that share one flow-control window, and one code path.
///
/// Errors: only if the ring provider supports no TLS version, which would be a build mistake.
pub(crate) fn client_config(policy: PinPolicy, seen: Arc<SeenKey>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = PinVerifier { policy, seen, provider: Arc::clone(&provider) };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A resumed session shows no certificate, and the pins may have changed since.
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}
