//! Somebody between tablet and server who wants them to speak an older TLS.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use super::Meeting;
use crate::testing::liar::Liar;

/// `supported_versions` of a client that speaks TLS 1.3 and 1.2, as it stands in the first message (RFC 8446 §4.2.1).
const VERSIONS: [u8; 9] = [0, 0x2b, 0, 5, 4, 3, 4, 3, 3];

/// Tries both ways. Result: how many were refused, which is all.
pub(super) async fn all_are_refused(meeting: &Meeting) -> u64 {
    for between in [strips_versions, answers_with_tls_1_1] {
        let liar = Liar::showing(&meeting.honest);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(between(listener, liar.addr));
        let (code, signed) = meeting.meets_at(&address, &liar).await;
        assert_eq!(code, "tls_refused");
        assert_eq!(signed, Vec::<String>::new(), "nothing signed left");
        serving.abort();
    }
    2
}

type Between = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

/// Takes the versions out of the client's first message, so that an honest server answers in TLS 1.2.
fn strips_versions(listener: TcpListener, target: SocketAddr) -> Between {
    Box::pin(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let mut hello = first_record(&mut near).await;
            let place = hello
                .windows(VERSIONS.len())
                .position(|window| window == VERSIONS)
                .expect("the tablet offers TLS 1.3 and 1.2");
            // An extension that nobody knows is passed over.
            hello[place..place + 2].copy_from_slice(&[0xfa, 0xfa]);
            let mut far = TcpStream::connect(target).await.unwrap();
            far.write_all(&hello).await.unwrap();
            // Either side ends it.
            let _ = copy_bidirectional(&mut near, &mut far).await;
        }
    })
}

/// A server that knows nothing newer than TLS 1.1: a `ServerHello` of that version (RFC 4346 §7.4.1.3).
fn answers_with_tls_1_1(listener: TcpListener, _: SocketAddr) -> Between {
    Box::pin(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            first_record(&mut near).await;
            let mut hello = vec![0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
            hello.extend([7; 32]);
            // No session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
            hello.extend([0, 0, 0x2f, 0]);
            near.write_all(&hello).await.unwrap();
            // Until the tablet hangs up.
            let _ = near.read_to_end(&mut Vec::new()).await;
        }
    })
}

async fn first_record(near: &mut TcpStream) -> Vec<u8> {
    let mut record = vec![0; 5];
    near.read_exact(&mut record).await.unwrap();
    let byte_len = usize::from(u16::from_be_bytes([record[3], record[4]]));
    record.resize(5 + byte_len, 0);
    near.read_exact(&mut record[5..]).await.unwrap();
    record
}
