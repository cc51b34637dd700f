//! Clients that are slow on purpose, or many: they are thrown out after their time, or not let in, and whoever asks properly is served.

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use council_server::{Limits, ServeOptions, ServerHandle};
use reqwest::{Method, StatusCode};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use sync_protocol::wire;

use crate::support::TestCouncil;
use crate::support::pins::PinVerifier;
use crate::support::tablet::{Beginning, Tablet};

type Talk = StreamOwned<ClientConnection, TcpStream>;

/// After so long a test has failed.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a slow client waits for an answer before it says its next byte.
const BETWEEN: Duration = Duration::from_millis(40);

fn serve(council: &TestCouncil, limits: Limits) -> ServerHandle {
    let options = ServeOptions {
        limits,
        ..ServeOptions::default()
    };
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    council.server.serve_with(listen, options).unwrap()
}

fn short() -> Limits {
    Limits {
        headers: Duration::from_millis(400),
        body: Duration::from_millis(400),
        ping_every: Duration::from_millis(300),
        ping_answer: Duration::from_millis(300),
        stall: Duration::from_millis(400),
        ..Limits::default()
    }
}

/// A connection from an address of this machine; all of 127/8 are.
fn connect(handle: &ServerHandle, from: u8) -> std::io::Result<TcpStream> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let to = handle.addr;
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4()?;
        let own = IpAddr::V4(Ipv4Addr::new(127, 0, 0, from));
        socket.bind(SocketAddr::new(own, 0))?;
        socket.connect(to).await
    })?;
    let stream = stream.into_std()?;
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(BETWEEN))?;
    stream.set_write_timeout(Some(BETWEEN))?;
    Ok(stream)
}

/// A finished handshake.
fn talk(handle: &ServerHandle, from: u8, protocol: &[u8]) -> std::io::Result<Talk> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Arc::new(PinVerifier(Arc::new(Mutex::new(None))));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = connect(handle, from)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut talk = StreamOwned::new(connection, stream);
    while talk.conn.is_handshaking() {
        talk.conn.complete_io(&mut talk.sock)?;
    }
    talk.sock.set_read_timeout(Some(BETWEEN))?;
    Ok(talk)
}

fn is_waiting(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

/// Says one byte after the other, the last one again and again, until it is thrown out. Result: what it was told before.
fn drip(stream: &mut (impl Read + Write), text: &[u8], more: Option<u8>) -> Vec<u8> {
    let begun = Instant::now();
    let mut told = Vec::new();
    let mut bytes = text.iter().copied();
    loop {
        assert!(begun.elapsed() < PATIENCE, "it is never thrown out");
        if let Some(byte) = bytes.next().or(more) {
            match stream.write_all(&[byte]).and_then(|()| stream.flush()) {
                Err(error) if !is_waiting(&error) => return told,
                _ => {}
            }
        }
        let mut answer = [0; 1024];
        match stream.read(&mut answer) {
            Ok(0) => return told,
            Ok(count) => told.extend(&answer[..count]),
            Err(error) if is_waiting(&error) => {}
            Err(_) => return told,
        }
    }
}

/// Asks without end and takes nothing, until it is thrown out.
fn gorge(talk: &mut Talk) {
    let begun = Instant::now();
    let request = b"GET /v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
    loop {
        assert!(begun.elapsed() < PATIENCE, "it is never thrown out");
        match talk.write_all(&request) {
            Err(error) if !is_waiting(&error) => return,
            _ => {}
        }
    }
}

/// HTTP/2's preface, its settings, and the beginning of a frame that never ends.
fn half_frame() -> Vec<u8> {
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    bytes.extend([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    bytes.extend([0, 0x20, 0, 1, 4, 0, 0, 0, 1]);
    bytes
}

/// What a slow client does, by its name.
fn be_slow(handle: &ServerHandle, how: &str) {
    let h1 = || talk(handle, 1, b"http/1.1").unwrap();
    let h2 = || talk(handle, 1, b"h2").unwrap();
    match how {
        "no handshake" => drop(drip(&mut connect(handle, 1).unwrap(), &[], None)),
        "half a handshake" => {
            let hello = [0x16, 3, 1, 1, 0, 1, 0, 0, 0xfc, 3, 3];
            drop(drip(&mut connect(handle, 1).unwrap(), &hello, Some(0)));
        }
        "no word" => drop(drip(&mut h2(), &[], None)),
        "a preface" => drop(drip(&mut h2(), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", None)),
        "headers" => {
            let told = drip(&mut h1(), b"GET /v1/root HTTP/1.1\r\nX: ", Some(b'a'));
            assert!(!told.starts_with(b"HTTP/1.1 2"), "{how}");
        }
        "a body" => {
            let mut talk = h1();
            let head = format!(
                "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 8000\r\n\r\n",
                wire::PATH_PAIR_START
            );
            talk.write_all(head.as_bytes()).unwrap();
            let told = drip(&mut talk, &[], Some(0));
            let told = String::from_utf8_lossy(&told).into_owned();
            assert!(told.starts_with("HTTP/1.1 408"), "{told}");
        }
        "half a frame" => {
            let mut talk = h2();
            talk.write_all(&half_frame()).unwrap();
            talk.flush().unwrap();
            drop(drip(&mut talk, &[], None));
        }
        "a mouthful" => gorge(&mut h1()),
        other => panic!("{other}"),
    }
}

// Shows: O.Arch_5
#[test]
fn slow_clients_are_thrown_out_while_others_are_served() {
    let council = TestCouncil::with_folder();
    let handle = serve(&council, short());
    let invitation = council.server.invite("ada", true).unwrap();
    let tablet = Tablet::pair(&handle, &invitation, council.clock.now_at_ms());
    let hows = [
        "no handshake",
        "half a handshake",
        "no word",
        "a preface",
        "headers",
        "a body",
        "half a frame",
        "a mouthful",
    ];
    std::thread::scope(|scope| {
        let (told, gone) = channel();
        for how in hows {
            let (handle, told) = (&handle, told.clone());
            scope.spawn(move || {
                be_slow(handle, how);
                told.send(how).unwrap();
            });
        }
        drop(told);
        let (mut served, mut thrown_out) = (0, Vec::new());
        loop {
            assert_eq!(tablet.get(wire::PATH_HEAD).status, StatusCode::OK);
            served += 1;
            match gone.recv_timeout(BETWEEN) {
                Ok(how) => thrown_out.push(how),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        println!("{served} served meanwhile; thrown out: {thrown_out:?}");
        assert!(served > hows.len());
        assert_eq!(thrown_out.len(), hows.len());
    });
}

/// Whether somebody from that address is let in now.
fn is_let_in(handle: &ServerHandle, from: u8) -> Option<Talk> {
    talk(handle, from, b"http/1.1").ok()
}

fn is_served(talk: &mut Talk) -> bool {
    let request = b"GET /v1/root HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    talk.write_all(request).unwrap();
    drip(talk, &[], None).starts_with(b"HTTP/1.1 200")
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        std::thread::yield_now();
    }
}

#[test]
fn an_address_and_all_together_have_only_so_many_connections() {
    let council = TestCouncil::with_folder();
    let limits = Limits {
        headers: PATIENCE,
        connections: 5,
        connections_per_address: 3,
        ..Limits::default()
    };
    let handle = serve(&council, limits);
    let mut of_one: Vec<Talk> = (0..3).map(|_| is_let_in(&handle, 1).unwrap()).collect();
    assert!(is_let_in(&handle, 1).is_none(), "a fourth is hung up on");
    let mut good = is_let_in(&handle, 2).unwrap();
    assert!(is_served(&mut good), "others get through");
    drop(good);
    let mut of_others = Vec::new();
    until("two more places", || {
        of_others.extend(is_let_in(&handle, 3));
        of_others.len() == 2
    });
    assert!(is_let_in(&handle, 4).is_none(), "all together are five");
    assert!(is_served(&mut of_one[0]), "those inside are served");
    drop(of_one.remove(0));
    let mut next = None;
    until("a place that was given back", || {
        next = is_let_in(&handle, 4);
        next.is_some()
    });
    assert!(is_served(&mut next.unwrap()));
}

#[test]
fn places_that_are_held_by_silence_are_given_back() {
    let council = TestCouncil::with_folder();
    let limits = Limits {
        connections: 4,
        connections_per_address: 4,
        ..short()
    };
    let handle = serve(&council, limits);
    let held: Vec<TcpStream> = (0..4).map(|_| connect(&handle, 1).unwrap()).collect();
    let mut good = None;
    until("a good client gets in", || {
        good = is_let_in(&handle, 2);
        good.is_some()
    });
    assert!(is_served(&mut good.unwrap()));
    drop(held);
}

/// Bodies of faction routes: `faction/limits`.
#[test]
fn bodies_that_are_too_long_are_not_read() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let invitation = council.server.invite("ada", true).unwrap();
    let beginning = Beginning::new(&handle, &invitation.code);
    for path in [wire::PATH_PAIR_START, wire::PATH_PAIR_FINISH] {
        let asked = |byte_len| beginning.post(path, vec![0; byte_len]).status;
        assert_eq!(asked(8 * 1024 + 1), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_eq!(asked(8 * 1024), StatusCode::BAD_REQUEST, "{path}");
    }
    let tablet = Tablet::pair(&handle, &invitation, council.clock.now_at_ms());
    let asked = |method: Method, path: &str, byte_len| {
        let body = vec![0; byte_len];
        tablet.request(method, path, body, None).status
    };
    let most = 256 * 1024;
    let too_long = asked(Method::POST, wire::PATH_RECEIPTS, most + 1);
    assert_eq!(too_long, StatusCode::PAYLOAD_TOO_LARGE);
    let read = asked(Method::POST, wire::PATH_RECEIPTS, most);
    assert_eq!(read, StatusCode::BAD_REQUEST);
    for path in [wire::PATH_HEAD, wire::PATH_KEYS, wire::PATH_RECEIPTS] {
        let too_long = asked(Method::GET, path, most + 1);
        assert_eq!(too_long, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
}
