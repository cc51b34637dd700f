//! A TCP proxy on loopback that counts what passes. It looks into nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

#[derive(Default)]
struct Counts {
    connections: AtomicU64,
    up: AtomicU64,
    down: AtomicU64,
}

/// What has passed since the last look.
#[derive(Clone, Copy, Debug)]
pub struct Passed {
    pub connections: u64,
    /// Bytes on the wire, TLS included, to the server.
    pub up: u64,
    /// Bytes from the server.
    pub down: u64,
}

/// A running proxy. Dropping it stops it.
pub struct Proxy {
    pub addr: SocketAddr,
    counts: Arc<Counts>,
    listening: JoinHandle<()>,
}

impl Proxy {
    /// Forwards to `target`.
    pub fn before(runtime: &Runtime, target: SocketAddr) -> Result<Self> {
        Self::start(runtime, target, false)
    }

    /// Forwards to `target`, acknowledges at once what comes from it and passes it on at once: a server that waits for an
    /// acknowledgement between two parts of its answer (Nagle's algorithm) then need not wait.
    pub fn prompt(runtime: &Runtime, target: SocketAddr) -> Result<Self> {
        Self::start(runtime, target, true)
    }

    fn start(runtime: &Runtime, target: SocketAddr, is_prompt: bool) -> Result<Self> {
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
        let addr = listener.local_addr()?;
        let counts = Arc::new(Counts::default());
        let inside = Arc::clone(&counts);
        let listening = runtime.spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                inside.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(forward(near, target, Arc::clone(&inside), is_prompt));
            }
        });
        Ok(Self {
            addr,
            counts,
            listening,
        })
    }

    /// What has passed since this was last asked.
    pub fn take(&self) -> Passed {
        Passed {
            connections: self.counts.connections.swap(0, Ordering::SeqCst),
            up: self.counts.up.swap(0, Ordering::SeqCst),
            down: self.counts.down.swap(0, Ordering::SeqCst),
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn forward(near: TcpStream, target: SocketAddr, counts: Arc<Counts>, is_prompt: bool) {
    // A server that is gone ends the connection; the measured program reports it.
    let Ok(far) = TcpStream::connect(target).await else {
        return;
    };
    // Where the system does not know the option, the figures show it.
    let _ = near.set_nodelay(is_prompt);
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    tokio::join!(
        pump(near_read, far_write, &counts.up, false),
        pump(far_read, near_write, &counts.down, is_prompt)
    );
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, count: &AtomicU64, is_prompt: bool) {
    let mut piece = vec![0; 64 * 1024];
    loop {
        #[cfg(target_os = "linux")]
        if is_prompt {
            // Linux forgets it with the next answer.
            let _ = from.as_ref().set_quickack(true);
        }
        let Ok(length) = from.read(&mut piece).await else {
            break;
        };
        let Some(read) = piece.get(..length).filter(|read| !read.is_empty()) else {
            break;
        };
        // Counted before it is passed on, so that nothing the other side has seen is missing.
        count.fetch_add(length as u64, Ordering::SeqCst);
        if to.write_all(read).await.is_err() {
            break;
        }
    }
    // The other end may be closed already.
    let _ = to.shutdown().await;
}
