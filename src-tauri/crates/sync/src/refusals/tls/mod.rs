//! What a tablet refuses before it has said anything: TLS of somebody else, of another time, of another place. Whoever is
//! refused has seen no signed request and learns neither device nor council.

mod downgrade;

use std::sync::OnceLock;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd,
};
use rustls::pki_types::CertificateDer;

use super::Stage;
use crate::testing::liar::{Liar, Shown};

/// A certificate authority that the system of these tests trusts, beside those of the machine.
fn authority() -> &'static CertifiedIssuer<'static, KeyPair> {
    static AUTHORITY: OnceLock<CertifiedIssuer<'static, KeyPair>> = OnceLock::new();
    AUTHORITY.get_or_init(|| new_authority("Ratsmappe tests"))
}

/// Its certificate, for the verifier.
pub(crate) fn trusted_authority() -> CertificateDer<'static> {
    authority().der().clone()
}

fn new_authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate that is good for `127.0.0.1`, where every server of these tests listens, until something is changed.
fn params() -> CertificateParams {
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

fn signed_by(
    issuer: &CertifiedIssuer<'static, KeyPair>,
    change: impl FnOnce(&mut CertificateParams),
) -> Shown {
    let (mut params, key) = (params(), KeyPair::generate().unwrap());
    change(&mut params);
    let certificate = params.signed_by(&key, issuer).unwrap();
    Shown::new(vec![certificate.der().clone()], &key)
}

fn self_signed(names: &[&str]) -> Shown {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(names)
        .unwrap()
        .self_signed(&key)
        .unwrap();
    Shown::new(vec![certificate.der().clone()], &key)
}

/// The honest server's certificate, shown by somebody who does not hold its key.
fn borrowed(honest: &Shown) -> Shown {
    let mut own = self_signed(&["liar.invalid"]);
    own.chain.clone_from(&honest.chain);
    own
}

/// A tablet that was paired with a server of these pins, and now meets another one at its address.
struct Meeting {
    stage: Stage,
    honest: Shown,
}

impl Meeting {
    /// * `with_pins` – whether the council's root document names a TLS key, or leaves it to the system's authorities.
    async fn new(with_pins: bool) -> Self {
        let honest = if with_pins {
            self_signed(&["liar.invalid"])
        } else {
            signed_by(authority(), |_| {})
        };
        let stage = Stage::with(Liar::showing(&honest), with_pins);
        stage.run().await.expect("the server it was paired with");
        Self { stage, honest }
    }

    /// The code by which a server that shows this is refused, and what it was asked.
    async fn meets(&self, shown: &Shown) -> (&'static str, Vec<String>) {
        let liar = Liar::showing(shown);
        self.meets_at(&liar.url(), &liar).await
    }

    async fn meets_at(&self, address: &str, liar: &Liar) -> (&'static str, Vec<String>) {
        let tablet = &self.stage.tablet;
        let keyring = tablet.vault.keyring();
        let honest = self.stage.liar.url();
        let moved = |address: String| {
            keyring
                .update_council(tablet.council, |record| record.address = address)
                .unwrap();
        };
        moved(address.to_owned());
        // It would tell the truth: nothing but its TLS is wrong.
        let told = self.stage.liar.copy_to(liar);
        assert!(told > 3);
        let before = self.stage.bytes();
        let result = self.stage.run().await;
        let code = result.map_or_else(|error| error.code(), |_| "taken");
        if code != "taken" {
            assert!(self.stage.bytes() == before, "{code}: nothing may change");
        }
        moved(honest);
        (code, liar.take_signed())
    }
}

#[tokio::test]
async fn every_attack_is_refused_on_tls() {
    let pinned = Meeting::new(true).await;
    let open = Meeting::new(false).await;
    let stranger = new_authority("Stranger");
    let years = |from: i32, to: i32| {
        move |params: &mut CertificateParams| {
            params.not_before = date_time_ymd(from, 1, 1);
            params.not_after = date_time_ymd(to, 1, 1);
        }
    };
    let other_host = |params: &mut CertificateParams| {
        *params = CertificateParams::new(vec!["example.org".to_owned()]).unwrap()
    };
    let client_only = |params: &mut CertificateParams| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    };
    let attacks: Vec<(&str, &Meeting, Shown)> = vec![
        (
            "another key, self-signed",
            &pinned,
            self_signed(&["ratsmappe.invalid"]),
        ),
        (
            "the same name, another key",
            &pinned,
            self_signed(&["liar.invalid"]),
        ),
        (
            "vouched for by an authority, another key",
            &pinned,
            signed_by(authority(), |_| {}),
        ),
        (
            "the pinned certificate without its key",
            &pinned,
            borrowed(&pinned.honest),
        ),
        (
            "self-signed where authorities decide",
            &open,
            self_signed(&["127.0.0.1"]),
        ),
        ("an unknown authority", &open, signed_by(&stranger, |_| {})),
        ("expired", &open, signed_by(authority(), years(2001, 2002))),
        (
            "not valid yet",
            &open,
            signed_by(authority(), years(2090, 2091)),
        ),
        ("another host", &open, signed_by(authority(), other_host)),
        (
            "no certificate of a server",
            &open,
            signed_by(authority(), client_only),
        ),
        (
            "a good certificate without its key",
            &open,
            borrowed(&open.honest),
        ),
    ];
    let mut refused = 0;
    for (name, meeting, shown) in &attacks {
        let (code, signed) = meeting.meets(shown).await;
        assert_eq!(code, "pin_mismatch", "{name}");
        assert_eq!(signed, Vec::<String>::new(), "{name}: nothing signed left");
        refused += 1;
    }
    refused += downgrade::all_are_refused(&pinned).await;
    // What was refused was refused for what was wrong with it: the same two tablets take the same server without it.
    for (meeting, shown) in [
        (&pinned, pinned.honest.clone()),
        (&open, signed_by(authority(), |_| {})),
    ] {
        let (code, signed) = meeting.meets(&shown).await;
        assert_eq!(code, "taken");
        assert!(
            !signed.is_empty(),
            "a signed request is seen where there is one"
        );
    }
    let counts = evidence::Counts {
        tried: refused,
        refused,
        lost: 0,
    };
    evidence::record("tls", counts).unwrap();
}
