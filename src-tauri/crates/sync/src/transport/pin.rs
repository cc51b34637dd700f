//! Which TLS certificate is accepted: the one whose public key is pinned, whatever name it carries.
//!
//! For pinned keys no certificate authority and no host name is asked. The handshake's signature is checked all the same,
//! so that showing a pinned certificate without holding its key is not enough. A council may leave its pins empty: then
//! the system's certificate authorities decide, as in a browser.

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
    /// What the system's certificate authorities vouch for.
    WebPki,
    /// Accept any and remember it: the pairing, and a look for a newer root document. The caller must find
    /// the remembered key in a root document that is proven by other means before it trusts an answer.
    Observe,
}

impl PinPolicy {
    /// The policy that a root document asks for.
    pub(crate) fn of_root(tls_spki: &[SpkiHash]) -> Self {
        if tls_spki.is_empty() {
            Self::WebPki
        } else {
            Self::Only(tls_spki.to_vec())
        }
    }
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
    /// Every handshake so far was one that a browser would accept.
    web_pki: bool,
}

impl SeenKey {
    /// Whether everything seen so far is what a root document names: one and the same pinned key, or without pins
    /// only what the system's certificate authorities vouch for.
    pub(crate) fn is_named_by(&self, tls_spki: &[SpkiHash]) -> bool {
        let seen = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.key {
            None => false,
            Some(_) if tls_spki.is_empty() => seen.web_pki,
            Some(key) => !seen.several && tls_spki.contains(&key),
        }
    }

    /// Whether a handshake ended because its key was not pinned.
    pub(crate) fn was_refused(&self) -> bool {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .refused
    }

    fn note_refused(&self) {
        let mut seen = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        seen.refused = true;
    }

    fn note(&self, key: SpkiHash, refused: bool, web_pki: bool) {
        let mut seen = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        seen.web_pki = web_pki && (seen.key.is_none() || seen.web_pki);
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
    /// The system's verifier, where the policy may need it and the system has one.
    system: Option<rustls_platform_verifier::Verifier>,
}

impl PinVerifier {
    /// Whoever shows a certificate without holding its key is refused as one who shows another.
    fn noted(
        &self,
        verified: Result<HandshakeSignatureValid, Error>,
    ) -> Result<HandshakeSignatureValid, Error> {
        if verified.is_err() {
            self.seen.note_refused();
        }
        verified
    }
}

impl ServerCertVerifier for PinVerifier {
    // Meets: O.Ntwk_1, O.Ntwk_4, O.Ntwk_5, O.Resi_6, MASVS-NETWORK-1, MASVS-NETWORK-2
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let spki = ParsedCertificate::try_from(end_entity)?.subject_public_key_info();
        let key = *Hash::of(spki.as_ref()).as_bytes();
        let web_pki = self.system.as_ref().is_some_and(|system| {
            system
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
                .is_ok()
        });
        let accepted = match &self.policy {
            PinPolicy::Only(pins) => pins.contains(&key),
            PinPolicy::WebPki => web_pki,
            PinPolicy::Observe => true,
        };
        self.seen.note(key, !accepted, web_pki);
        if accepted {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(
                CertificateError::ApplicationVerificationFailure,
            ))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        self.noted(verify_tls12_signature(message, cert, dss, algorithms))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        self.noted(verify_tls13_signature(message, cert, dss, algorithms))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

// Meets: O.Ntwk_2, O.Ntwk_3
/// The client side of TLS under a pin policy.
///
/// HTTP/1.1 only: four files at a time are four connections, which is faster on a good line than four streams
/// that share one flow-control window, and one code path.
///
/// Errors: only if the ring provider supports no TLS version, which would be a build mistake.
pub(crate) fn client_config(policy: PinPolicy, seen: Arc<SeenKey>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let system = match policy {
        PinPolicy::Only(_) => None,
        PinPolicy::WebPki | PinPolicy::Observe => system_verifier(&provider),
    };
    let verifier = PinVerifier {
        policy,
        seen,
        provider: Arc::clone(&provider),
        system,
    };
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

/// The system's verifier. On Android it must be given the Java context first and panics without: pins are needed there.
fn system_verifier(provider: &Arc<CryptoProvider>) -> Option<rustls_platform_verifier::Verifier> {
    if cfg!(target_os = "android") {
        return None;
    }
    verifier_of_system(Arc::clone(provider)).ok()
}

#[cfg(not(test))]
fn verifier_of_system(
    provider: Arc<CryptoProvider>,
) -> Result<rustls_platform_verifier::Verifier, Error> {
    rustls_platform_verifier::Verifier::new(provider)
}

/// In tests the system trusts one authority more: theirs.
#[cfg(test)]
fn verifier_of_system(
    provider: Arc<CryptoProvider>,
) -> Result<rustls_platform_verifier::Verifier, Error> {
    let extra = [crate::refusals::tls::trusted_authority()];
    rustls_platform_verifier::Verifier::new_with_extra_roots(extra, provider)
}
