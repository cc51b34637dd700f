//! Rules Q (signed request), V (receipt), W (errors on the wire).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod common;

use common::*;
use sync_protocol::cbor::{from_cbor_exact, from_cbor_lenient, to_cbor};
use sync_protocol::ids::*;
use sync_protocol::receipt::*;
use sync_protocol::request::*;
use sync_protocol::sign::SigningKey;
use sync_protocol::wire::WireError;

const NONCE: RequestNonce = RequestNonce([0x4e; 16]);
const PATH: &str = "/v1/chain/a0?after=7&limit=10";

type Headers = [(&'static str, String); 3];

fn signed(body: &[u8]) -> Headers {
    sign_request(&device_key(), DEVICE, "GET", PATH, body, NOW_MS, NONCE).unwrap()
}

fn parse(headers: &Headers) -> Result<RequestHeaders, RequestError> {
    RequestHeaders::parse(&headers[0].1, &headers[1].1, &headers[2].1)
}

fn check(
    headers: &Headers,
    method: &str,
    path: &str,
    body: &[u8],
    now_ms: i64,
) -> Result<VerifiedRequest, RequestError> {
    verify_request(
        &device_key().public().unwrap(),
        &parse(headers)?,
        method,
        path,
        body,
        now_ms,
    )
}

#[test]
fn rule_q1_headers_have_their_form() {
    let headers = signed(b"");
    assert_eq!(
        headers.each_ref().map(|(name, _)| *name),
        ["signature-input", "signature", "content-digest"]
    );
    let expected = format!(
        "sig1=(\"@method\" \"@path\" \"@query\" \"content-digest\");created=1788256800;keyid=\"{DEVICE}\";nonce=\"{}\";alg=\"ed25519\"",
        "4e".repeat(16)
    );
    assert_eq!(headers[0].1, expected);
    assert_eq!(
        headers[2].1,
        "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"
    );
    assert_eq!(parse(&headers).unwrap().device(), DEVICE);
    let verified = check(&headers, "GET", PATH, b"", NOW_MS).unwrap();
    assert_eq!(
        verified,
        VerifiedRequest {
            device: DEVICE,
            created_at_ms: NOW_MS,
            nonce: NONCE
        }
    );

    let bare = sign_request(&device_key(), DEVICE, "GET", "/v1/head", b"", NOW_MS, NONCE).unwrap();
    assert!(check(&bare, "GET", "/v1/head", b"", NOW_MS).is_ok());
}

#[test]
fn rule_q2_only_the_exact_form_is_read() {
    let good = signed(b"");
    let changes: [(usize, &str, &str); 12] = [
        (0, "sig1", "sig2"),
        (0, "\"@query\" ", ""),
        (0, "created=1", "created=01"),
        (0, "created=1", "created=+1"),
        (0, "created=1", "created=9999999999999999999"),
        (0, "4e4e", "4E4E"),
        (0, "d0d0", "D0D0"),
        (0, ";alg=\"ed25519\"", ""),
        (0, "ed25519", "rsa"),
        (1, "sig1=:", "sig1="),
        (1, "==:", ":"),
        (2, "sha-256", "sha-512"),
    ];
    for (header, from, to) in changes {
        let mut headers = good.clone();
        let changed = headers[header].1.replacen(from, to, 1);
        assert_ne!(changed, headers[header].1, "{from} is there to be changed");
        headers[header].1 = changed;
        assert!(
            matches!(parse(&headers), Err(RequestError::BadHeaders)),
            "{from} → {to}"
        );
    }
    // The last base 64 character before the padding holds four bits that mean nothing: they must be zero.
    let mut loose = good.clone();
    loose[2].1 = loose[2].1.replace("uFU=", "uFV=");
    assert!(matches!(parse(&loose), Err(RequestError::BadHeaders)));
}

#[test]
fn rule_q3_another_body_is_refused() {
    let headers = signed(b"body");
    assert!(check(&headers, "GET", PATH, b"body", NOW_MS).is_ok());
    assert!(matches!(
        check(&headers, "GET", PATH, b"Body", NOW_MS),
        Err(RequestError::DigestMismatch)
    ));
}

// Shows: O.Auth_12, O.Ntwk_1
#[test]
fn rule_q4_everything_is_covered() {
    let headers = signed(b"");
    let refused = |verdict: Result<VerifiedRequest, RequestError>| {
        matches!(verdict, Err(RequestError::BadSignature(_)))
    };
    assert!(
        refused(check(&headers, "POST", PATH, b"", NOW_MS)),
        "method"
    );
    assert!(
        refused(check(
            &headers,
            "GET",
            "/v1/chain/a1?after=7&limit=10",
            b"",
            NOW_MS
        )),
        "path"
    );
    assert!(
        refused(check(
            &headers,
            "GET",
            "/v1/chain/a0?after=8&limit=10",
            b"",
            NOW_MS
        )),
        "query"
    );
    for (header, from, to) in [
        (0, "d0d0", "d1d0"),
        (0, "created=1", "created=2"),
        (0, "4e4e", "4f4e"),
    ] {
        let mut changed = headers.clone();
        changed[header].1 = changed[header].1.replacen(from, to, 1);
        assert!(refused(check(&changed, "GET", PATH, b"", NOW_MS)), "{from}");
    }
    let mut other_body = headers.clone();
    other_body[2].1 = signed(b"other")[2].1.clone();
    assert!(
        refused(check(&other_body, "GET", PATH, b"other", NOW_MS)),
        "digest"
    );
    let other_key = SigningKey::from_bytes([9; 32]).public().unwrap();
    let verdict = verify_request(
        &other_key,
        &parse(&headers).unwrap(),
        "GET",
        PATH,
        b"",
        NOW_MS,
    );
    assert!(refused(verdict), "key");
}

#[test]
fn rule_q5_clocks_may_differ_by_five_minutes() {
    let window = 5 * 60 * 1000;
    let headers = signed(b"");
    for now_ms in [NOW_MS - window, NOW_MS, NOW_MS + window] {
        assert!(check(&headers, "GET", PATH, b"", now_ms).is_ok());
    }
    for now_ms in [NOW_MS - window - 1, NOW_MS + window + 1, i64::MIN, i64::MAX] {
        let verdict = check(&headers, "GET", PATH, b"", now_ms);
        assert!(
            matches!(verdict, Err(RequestError::ClockSkew { server_at_ms }) if server_at_ms == now_ms)
        );
        let forged = check(&headers, "POST", PATH, b"", now_ms);
        assert!(
            matches!(forged, Err(RequestError::BadSignature(_))),
            "the signature is looked at first"
        );
    }
}

#[test]
fn rule_q6_a_nonce_is_taken_once() {
    let window = CLOCK_WINDOW_MS;
    let mut nonces = NonceWindow::default();
    let early = sign_request(
        &device_key(),
        DEVICE,
        "GET",
        PATH,
        b"",
        NOW_MS + window,
        NONCE,
    )
    .unwrap();
    let request = check(&early, "GET", PATH, b"", NOW_MS).unwrap();
    nonces.remember(&request, NOW_MS).unwrap();
    // The same request is accepted by its time until two windows later, and must be known until then.
    for later in [0, 1, window, 2 * window] {
        assert!(check(&early, "GET", PATH, b"", NOW_MS + later).is_ok());
        assert!(
            matches!(
                nonces.remember(&request, NOW_MS + later),
                Err(RequestError::Replayed)
            ),
            "{later} ms later"
        );
    }
    assert!(check(&early, "GET", PATH, b"", NOW_MS + 2 * window + 1).is_err());
    nonces.remember(&request, NOW_MS + 2 * window + 1).unwrap();

    let other = VerifiedRequest {
        nonce: RequestNonce([1; 16]),
        ..request
    };
    nonces.remember(&other, NOW_MS).unwrap();
    let other_device = VerifiedRequest {
        device: DeviceId::from_bytes([0; 16]),
        ..request
    };
    nonces.remember(&other_device, NOW_MS).unwrap();
}

#[test]
fn rule_v1_a_receipt_is_signed_by_its_device() {
    let public = device_key().public().unwrap();
    let signed = receipt().sign(&device_key()).unwrap();
    assert_eq!(
        signed.verify(&public, &COUNCIL, &DEVICE).unwrap(),
        receipt()
    );
    let foreign = DeviceId::from_bytes([0; 16]);
    assert!(matches!(
        signed.verify(&public, &COUNCIL, &foreign),
        Err(ReceiptError::Foreign)
    ));
    let council = CouncilId::from_bytes([0; 16]);
    assert!(matches!(
        signed.verify(&public, &council, &DEVICE),
        Err(ReceiptError::Foreign)
    ));
    let forged = receipt().sign(&feed_key()).unwrap();
    assert!(matches!(
        forged.verify(&public, &COUNCIL, &DEVICE),
        Err(ReceiptError::Sign(_))
    ));

    let batch = ReceiptBatch(vec![signed.clone()]);
    assert_eq!(
        from_cbor_exact::<ReceiptBatch>(&to_cbor(&batch)).unwrap(),
        batch
    );
    let times = ReceiptTimes(vec![NOW_MS, -1]);
    assert_eq!(
        from_cbor_exact::<ReceiptTimes>(&to_cbor(&times)).unwrap(),
        times
    );
    let list = ReceiptList(vec![ReceiptRow {
        receipt: signed,
        server_at_ms: NOW_MS,
    }]);
    assert_eq!(
        from_cbor_exact::<ReceiptList>(&to_cbor(&list)).unwrap(),
        list
    );
}

#[test]
fn rule_w1_an_error_is_code_message_time_and_may_grow() {
    let error = WireError {
        code: "not_found".into(),
        message: "Nicht gefunden.".into(),
        server_at_ms: NOW_MS,
    };
    let mut bytes = to_cbor(&error);
    assert_eq!(bytes[..3], [0xa3, 0x00, 0x69]);
    assert_eq!(from_cbor_lenient::<WireError>(&bytes).unwrap(), error);
    bytes[0] += 1;
    bytes.extend([0x03, 0xf5]);
    assert_eq!(from_cbor_lenient::<WireError>(&bytes).unwrap(), error);
}
