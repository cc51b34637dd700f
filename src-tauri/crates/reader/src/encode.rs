//! Turning drawn pixels into lossless WebP, on threads of its own, so that PDFium draws the next tile
//! meanwhile. Draws nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use image::ExtendedColorType;
use image::codecs::webp::WebPEncoder;

use crate::error::{ReaderError, Result};
use crate::geometry::PageGeometry;
use crate::limits::MAX_WAITING_FOR_ENCODER;
use crate::reply::{Replier, lock};

/// A drawn and encoded part of a page.
#[derive(Clone)]
pub struct Encoded {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// A WebP file, lossless, opaque.
    pub webp: Vec<u8>,
    /// How page points and display fit together on this page.
    pub geometry: PageGeometry,
    /// Where the time went.
    pub timing: Timing,
}

impl std::fmt::Debug for Encoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoded")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("byte_len", &self.webp.len())
            .finish_non_exhaustive()
    }
}

/// The time that one image took, step by step.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timing {
    /// PDFium parsed the page; zero if it was parsed already.
    pub load: Duration,
    /// PDFium drew it.
    pub draw: Duration,
    /// It became WebP.
    pub encode: Duration,
}

/// Pixels fresh from PDFium, four bytes each: red, green, blue, unused.
pub(crate) struct Drawn {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgbx: Vec<u8>,
    pub(crate) geometry: PageGeometry,
    pub(crate) timing: Timing,
}

/// Work for the pool.
pub(crate) type Encoding = (Drawn, Replier<Encoded>);

/// Starts the pool. It ends when the sender is dropped.
pub(crate) fn start_pool() -> std::io::Result<SyncSender<Encoding>> {
    let (sender, receiver) = sync_channel::<Encoding>(MAX_WAITING_FOR_ENCODER);
    let receiver = Arc::new(Mutex::new(receiver));
    // One core stays for PDFium; beyond three encoders PDFium is the slower part.
    let threads = thread::available_parallelism()
        .map_or(1, |n| n.get().saturating_sub(1))
        .clamp(1, 3);
    for _ in 0..threads {
        let receiver = Arc::clone(&receiver);
        thread::Builder::new()
            .name("reader-encode".to_owned())
            .spawn(move || work(&receiver))?;
    }
    Ok(sender)
}

fn work(receiver: &Mutex<Receiver<Encoding>>) {
    loop {
        let Ok((drawn, replier)) = lock(receiver).recv() else {
            return;
        };
        if !replier.is_settled() {
            let encoded = catch_unwind(AssertUnwindSafe(|| encode(drawn)))
                .unwrap_or(Err(ReaderError::Damaged));
            replier.answer(encoded);
        }
    }
}

/// Encodes a page or tile; a grey one as grey, which is faster and smaller.
fn encode(mut drawn: Drawn) -> Result<Encoded> {
    let since = Instant::now();
    let mut webp = Vec::with_capacity(drawn.rgbx.len() / 16);
    let encoder = WebPEncoder::new_lossless(&mut webp);
    let (width, height) = (drawn.width, drawn.height);
    if is_grey(&drawn.rgbx) {
        let grey: Vec<u8> = drawn.rgbx.iter().step_by(4).copied().collect();
        encoder.encode(&grey, width, height, ExtendedColorType::L8)
    } else {
        for unused in drawn.rgbx.iter_mut().skip(3).step_by(4) {
            *unused = u8::MAX;
        }
        encoder.encode(&drawn.rgbx, width, height, ExtendedColorType::Rgba8)
    }
    .map_err(|_| ReaderError::TooLarge)?;
    drawn.timing.encode = since.elapsed();
    Ok(Encoded {
        width,
        height,
        webp,
        geometry: drawn.geometry,
        timing: drawn.timing,
    })
}

/// Whether red, green and blue agree in every pixel. Looks at a few thousand pixels at a time, so that a
/// coloured page is found out early and a grey one in a loop without branches.
fn is_grey(rgbx: &[u8]) -> bool {
    rgbx.chunks(16 * 1024).all(|part| {
        let (pixels, _) = part.as_chunks::<4>();
        pixels
            .iter()
            .fold(0, |differs, [r, g, b, _]| differs | (r ^ g) | (g ^ b))
            == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(pixel: impl Fn(u32, u32) -> [u8; 3]) -> Drawn {
        let (width, height) = (7, 5);
        let rgbx = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| {
                let [r, g, b] = pixel(x, y);
                [r, g, b, 0]
            })
            .collect();
        Drawn {
            width,
            height,
            rgbx,
            geometry: PageGeometry {
                shown: Default::default(),
                rotation: Default::default(),
            },
            timing: Timing::default(),
        }
    }

    #[test]
    fn grey_and_colour_come_back_pixel_by_pixel() {
        let grey = |x: u32, y: u32| [(x * 30 + y) as u8; 3];
        let colour = |x: u32, y: u32| [(x * 30) as u8, (y * 40) as u8, 200];
        let pixels: [&dyn Fn(u32, u32) -> [u8; 3]; 2] = [&grey, &colour];
        for pixel in pixels {
            let encoded = encode(drawn(pixel)).unwrap();
            let image = image::load_from_memory(&encoded.webp).unwrap().to_rgba8();
            for (x, y, found) in image.enumerate_pixels() {
                let [r, g, b] = pixel(x, y);
                assert_eq!(found.0, [r, g, b, 255], "at {x}, {y}");
            }
        }
    }

    #[test]
    fn one_coloured_pixel_is_enough_to_be_coloured() {
        let one = |x: u32, y: u32| if (x, y) == (6, 4) { [1, 1, 2] } else { [9; 3] };
        assert!(!is_grey(&drawn(one).rgbx));
        assert!(is_grey(&drawn(|_, _| [9; 3]).rgbx));
    }
}
