//! X-Wing against the vectors of its draft, and the whole suite of HPKE against those of draft-ietf-hpke-pq.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use super::*;
use evidence::Counts;
use hpke::{setup_receiver, setup_sender_with_rng};
use serde_json::Value;

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// The randomness of a vector in place of the system's.
fn drawn(known: &[u8]) -> Drawn {
    let mut pool = Zeroizing::new([0; Drawn::LEN]);
    pool[..known.len()].copy_from_slice(known);
    Drawn { pool, used: 0 }
}

/// Source: draft-connolly-cfrg-xwing-kem, test vectors.
#[test]
fn x_wing() {
    let file: Value = serde_json::from_str(include_str!("xwing_draft.json")).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    for vector in vectors {
        let of = |name: &str| bytes(vector[name].as_str().unwrap());
        let key = DeviceBoxKey::from_bytes(of("seed").try_into().unwrap());
        let public = key.public().unwrap();
        assert_eq!(public.0, of("pk"));
        public.check().unwrap();
        let mut random = drawn(&of("eseed"));
        let (shared, encapped) =
            XWing::encap_with_rng(&public.key().unwrap(), None, &mut random).unwrap();
        assert_eq!(encapped.to_bytes().to_vec(), of("ct"));
        assert_eq!(shared.0.to_vec(), of("ss"));
        let shared = XWing::decap(&key.private().unwrap(), None, &encapped).unwrap();
        assert_eq!(shared.0.to_vec(), of("ss"));
    }
    assert_eq!(vectors.len(), 3);
    let counts = Counts {
        tried: 3,
        ..Counts::default()
    };
    evidence::record("vectors.x-wing", counts).unwrap();
}

// Shows: O.Cryp_2, O.Cryp_3, MASVS-CRYPTO-1
/// Base mode of X-Wing, HKDF-SHA256 and ChaCha20Poly1305. Source: test vectors of draft-ietf-hpke-pq, KEM 0x647a, KDF 1, AEAD 3.
#[test]
fn hpke() {
    const INFO: &str =
        "34663634363532303666366532303631323034373732363536333639363136653230353537323665";
    const IKM_E: &str = "2a1c0a3745fe8a48fb62034d300f54dfe1974a5b2e169e580a8789cb1cf5fd19\
        0fc00f3fd899594e01a8b15334b9f3fa03d8de44da86e19f5776850fb689e6c8";
    const SEED_R: &str = "3ec47fa82dd5689d27c6190e724c74ec8f608df3331ce331929e37b829676630";
    const PLAIN: &str = "34323635363137353734373932303639373332303734373237353734363832633230\
        373437323735373436383230363236353631373537343739";
    const SEALED: [(&str, &str); 3] = [
        (
            "436f756e742d30",
            "c5c591f99092d5e38df0a52699af249c66f8275a863423c076de8147a53e65cc584041c963b77a7e59ea\
             93841b1339b5efda8909b71f74bb0073ad62e899de310c1566dea2fd29eba377",
        ),
        (
            "436f756e742d31",
            "ce339b2b956509cf9a9d3d736e8529f4eb87f27483e0c647869bd1d32c6c95ab3ff3f151abb11f863e5e\
             a7cb852dc0c92346b46ac340ab390f8d3b6bd85d5d2d11c77499e006e36e3699",
        ),
        (
            "436f756e742d32",
            "94b291e1575d77fe9ff039079f597baaf6dee9985693ddd21f8d9176aa3405453b29c90aff3588a83688\
             f82e86fce6489fa6fb6a50161cdf546c2a658d5e443ac1f53def7d0d3a512583",
        ),
    ];
    let key = DeviceBoxKey::from_bytes(bytes(SEED_R).try_into().unwrap());
    let info = bytes(INFO);
    let (encapped, mut sender) = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeS::Base,
        &key.public().unwrap().key().unwrap(),
        &info,
        &mut drawn(&bytes(IKM_E)),
    )
    .unwrap();
    let mut receiver = setup_receiver::<ChaCha20Poly1305, HkdfSha256, XWing>(
        &OpModeR::Base,
        &key.private().unwrap(),
        &encapped,
        &info,
    )
    .unwrap();
    for (aad, sealed) in SEALED {
        let made = sender.seal(&bytes(PLAIN), &bytes(aad)).unwrap();
        assert_eq!(made, bytes(sealed));
        assert_eq!(receiver.open(&made, &bytes(aad)).unwrap(), bytes(PLAIN));
    }
    let counts = Counts {
        tried: SEALED.len() as u64,
        ..Counts::default()
    };
    evidence::record("vectors.hpke", counts).unwrap();
}
