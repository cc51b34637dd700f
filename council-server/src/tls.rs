//! TLS of the server: its own certificate, made at first start, whose key the signed root document names;
//! or a public one from files. No HTTP here.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sync_protocol::ids::Hash;

use crate::error::ServerError;
use crate::identity;
use crate::keys::secret;
use crate::server::Server;
use crate::store::meta::{self, name};

/// Where the certificate comes from.
#[derive(Clone, Debug, Default)]
pub enum Certificate {
    /// The server's own; tablets know its key from the root document.
    #[default]
    Own,
    /// A public one; tablets check it like a browser, and the root document besides.
    Public {
        certificate_pem: PathBuf,
        key_pem: PathBuf,
    },
}

/// The configuration for `certificate`; the root document is brought in line with it.
pub(crate) fn configure(
    server: &Server,
    certificate: &Certificate,
) -> Result<Arc<ServerConfig>, ServerError> {
    let (chain, key, pins) = match certificate {
        Certificate::Own => own(server)?,
        Certificate::Public {
            certificate_pem,
            key_pem,
        } => {
            let chain = CertificateDer::pem_file_iter(certificate_pem)
                .and_then(Iterator::collect)
                .map_err(|e| ServerError::Tls(e.to_string()))?;
            let key = PrivateKeyDer::from_pem_file(key_pem)
                .map_err(|e| ServerError::Tls(e.to_string()))?;
            (chain, key, Vec::new())
        }
    };
    let inner = &*server.inner;
    inner
        .store
        .write(|tx| identity::sign_root(tx, &inner.keys, Some(&pins), inner.clock.now_at_ms()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|e| ServerError::Tls(e.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

impl Server {
    /// The TLS that tablets of this council expect, for a program in front of the server that ends TLS in its place.
    ///
    /// Errors: storage, keys.
    pub fn tls_config(&self) -> Result<Arc<ServerConfig>, ServerError> {
        configure(self, &Certificate::Own)
    }
}

type Credentials = (
    Vec<CertificateDer<'static>>,
    PrivateKeyDer<'static>,
    Vec<Hash>,
);

/// The server's own certificate; made at first start, its key sealed under the master key.
fn own(server: &Server) -> Result<Credentials, ServerError> {
    let inner = &*server.inner;
    inner.store.write(|tx| {
        let known = inner
            .keys
            .secret(tx, secret::TLS)?
            .zip(meta::bytes(tx, name::TLS_CERTIFICATE)?);
        let (key_der, certificate) = match known {
            Some((key, certificate)) => (key.to_vec(), certificate),
            None => {
                let (key, certificate) = make().map_err(|e| ServerError::Tls(e.to_string()))?;
                inner.keys.put_secret(tx, secret::TLS, &key)?;
                meta::put(tx, name::TLS_CERTIFICATE, &certificate)?;
                (key, certificate)
            }
        };
        let pair =
            KeyPair::try_from(key_der.as_slice()).map_err(|e| ServerError::Tls(e.to_string()))?;
        let pin = Hash::of(&pair.subject_public_key_info());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key_der));
        Ok((vec![CertificateDer::from(certificate)], key, vec![pin]))
    })
}

/// A self-signed certificate and its key, both DER. The name says nothing: tablets compare the key.
fn make() -> Result<(Vec<u8>, Vec<u8>), rcgen::Error> {
    let pair = KeyPair::generate()?;
    let params =
        CertificateParams::new(vec!["ratsmappe.invalid".to_owned(), "localhost".to_owned()])?;
    let certificate = params.self_signed(&pair)?;
    Ok((pair.serialize_der(), certificate.der().to_vec()))
}
