//! Who may hold a connection, and how slow it may be. A connection takes a place before its handshake; each network address (`household`)
//! and all together have only so many. One that says nothing, or takes nothing, gives its place back after a time.
//!
//! Not here: how long headers take once a request has begun (HTTP/1 by hyper, HTTP/2 by its pings) and bodies (`auth`).

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::limit::household;

/// How many bytes a connection must have brought in the time for headers: HTTP/2's preface, with which it is found out which HTTP is spoken.
const GREETING_LEN: usize = 24;

/// What a server bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a handshake, and then the headers of a request, may take.
    pub headers: Duration,
    /// How long a body may take to arrive; long ones have more time.
    pub body: Duration,
    /// How often an HTTP/2 connection is asked whether it is there, and how long it may take to say so.
    pub ping_every: Duration,
    pub ping_answer: Duration,
    /// How long a client may take nothing of what it is sent.
    pub stall: Duration,
    /// Connections at one time.
    pub connections: usize,
    /// Of these, from one network address.
    pub connections_per_address: usize,
}

impl Default for Limits {
    /// A tablet has one or two connections; a town hall may share one address, and whoever stands behind a proxy does.
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(10),
            body: Duration::from_secs(15),
            ping_every: Duration::from_secs(30),
            ping_answer: Duration::from_secs(20),
            stall: Duration::from_secs(30),
            connections: 2048,
            connections_per_address: 256,
        }
    }
}

/// Who holds how many connections.
#[derive(Debug)]
pub(super) struct Door {
    limits: Limits,
    inside: Mutex<HashMap<IpAddr, usize>>,
}

impl Door {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        let inside = Mutex::default();
        Arc::new(Self { limits, inside })
    }

    /// A place for one connection; `None`: no more from there, or no more at all.
    fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = household(address);
        let mut inside = self.lock();
        if inside.values().sum::<usize>() >= self.limits.connections {
            return None;
        }
        let own = inside.entry(address).or_default();
        if *own >= self.limits.connections_per_address {
            return None;
        }
        *own += 1;
        let door = Arc::clone(self);
        Some(Place { door, address })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held as long as the connection is there.
#[derive(Debug)]
struct Place {
    door: Arc<Door>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.door.lock();
        match inside.get_mut(&self.address) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(inside.remove(&self.address)),
        }
    }
}

/// Lets connections in before anything is done for them.
#[derive(Clone, Debug)]
pub(super) struct Doorkeeper<A> {
    /// The handshake.
    pub inner: A,
    pub door: Arc<Door>,
}

impl<A, S> Accept<TcpStream, S> for Doorkeeper<A>
where
    A: Accept<TcpStream, S>,
    A::Future: Send + 'static,
    A::Stream: Send + 'static,
    A::Service: Send + 'static,
{
    type Stream = Guarded<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let peer = stream.peer_addr();
        let place = peer.map(|peer| self.door.enter(peer.ip()));
        let limits = self.door.limits;
        // Whoever finds no place is hung up on, unread.
        let shaking = match place {
            Ok(Some(place)) => Ok((place, self.inner.accept(stream, service))),
            Ok(None) => Err(io::ErrorKind::ConnectionRefused.into()),
            Err(error) => Err(error),
        };
        Box::pin(async move {
            let (place, shaking) = shaking?;
            let (stream, service) = shaking.await?;
            let guarded = Guarded {
                stream,
                _place: place,
                greeting: Some((0, Box::pin(sleep(limits.headers)))),
                stalled: None,
                stall: limits.stall,
            };
            Ok((guarded, service))
        })
    }
}

/// A connection with its place. Reading fails where it does not say in time what it wants, writing where it takes nothing.
#[derive(Debug)]
pub(super) struct Guarded<I> {
    stream: I,
    _place: Place,
    /// Bytes that came, and until when enough of them must be there.
    greeting: Option<(usize, Pin<Box<Sleep>>)>,
    /// Runs while the other side takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
    stall: Duration,
}

impl<I> Guarded<I> {
    fn watch<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stall = self.stall;
        let waiting = self.stalled.get_or_insert_with(|| Box::pin(sleep(stall)));
        waiting.as_mut().poll(cx).map(|()| Err(too_slow()))
    }
}

fn too_slow() -> io::Error {
    io::ErrorKind::TimedOut.into()
}

impl<I: AsyncRead + Unpin> AsyncRead for Guarded<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if let Some((_, deadline)) = &mut this.greeting
            && deadline.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Err(too_slow()));
        }
        let before = into.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, into);
        if let Some((byte_len, _)) = &mut this.greeting {
            *byte_len += into.filled().len() - before;
            if *byte_len >= GREETING_LEN {
                this.greeting = None;
            }
        }
        read
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Guarded<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.watch(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watch(cx, shut)
    }
}
