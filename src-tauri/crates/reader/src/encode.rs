//! Turning drawn pixels into PNG, on threads of its own, so that PDFium draws the next tile meanwhile. Draws nothing.
//!
//! Quickly compressed PNG is encoded as quickly as lossless WebP and decoded in half the time (docs/BENCHMARKS.md).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use crate::dark::darken;
use crate::error::{ReaderError, Result};
use crate::geometry::{PageGeometry, TileRect};
use crate::limits::MAX_WAITING_FOR_ENCODER;
use crate::reply::{Replier, lock};
use crate::shared::Reply;

/// A drawn and encoded part of a page.
#[derive(Clone)]
pub struct Encoded {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// A PNG file, opaque.
    pub png: Vec<u8>,
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
            .field("byte_len", &self.png.len())
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
    /// It became PNG.
    pub encode: Duration,
}

/// Pixels fresh from PDFium, four bytes each: red, green, blue, unused.
pub(crate) struct Drawn {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) rgbx: Vec<u8>,
    /// For dark reading: the pictures that keep their colours, in pixels.
    pub(crate) dark: Option<Vec<TileRect>>,
    pub(crate) geometry: PageGeometry,
    pub(crate) timing: Timing,
}

/// Work for the pool.
pub(crate) type Encoding = (Drawn, Replier<Reply>);

/// Starts the pool. It ends when the sender is dropped.
///
/// Arguments: the number of threads.
pub(crate) fn start_pool(threads: usize) -> std::io::Result<SyncSender<Encoding>> {
    let (sender, receiver) = sync_channel::<Encoding>(MAX_WAITING_FOR_ENCODER);
    let receiver = Arc::new(Mutex::new(receiver));
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
            replier.answer(encoded.map(Reply::Encoded));
        }
    }
}

/// Encodes a page or tile. One without colour takes half the time and a third of the bytes.
fn encode(mut drawn: Drawn) -> Result<Encoded> {
    let since = Instant::now();
    let (width, height) = (drawn.width, drawn.height);
    if let Some(kept) = &drawn.dark {
        darken(&mut drawn.rgbx, width, kept);
    }
    let (pixels, _) = drawn.rgbx.as_chunks::<4>();
    let is_grey = pixels.iter().all(|[r, g, b, _]| r == g && g == b);
    let (samples, colour) = match is_grey {
        true => (grey(pixels), ExtendedColorType::L8),
        false => (coloured(pixels), ExtendedColorType::Rgb8),
    };
    let mut png = Vec::with_capacity(samples.len() / 8);
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Sub)
        .write_image(&samples, width, height, colour)
        .map_err(|_| ReaderError::TooLarge)?;
    drawn.timing.encode = since.elapsed();
    Ok(Encoded {
        width,
        height,
        png,
        geometry: drawn.geometry,
        timing: drawn.timing,
    })
}

fn grey(pixels: &[[u8; 4]]) -> Vec<u8> {
    pixels.iter().map(|[shade, ..]| *shade).collect()
}

fn coloured(pixels: &[[u8; 4]]) -> Vec<u8> {
    let mut samples = vec![0; pixels.len() * 3];
    let (triples, _) = samples.as_chunks_mut::<3>();
    for (triple, [red, green, blue, _]) in triples.iter_mut().zip(pixels) {
        *triple = [*red, *green, *blue];
    }
    samples
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
            dark: None,
            geometry: PageGeometry {
                shown: Default::default(),
                rotation: Default::default(),
            },
            timing: Timing::default(),
        }
    }

    #[test]
    fn every_pixel_comes_back_opaque() {
        let colour = |x: u32, y: u32| [(x * 30) as u8, (y * 40) as u8, 200];
        let encoded = encode(drawn(colour)).unwrap();
        let image = image::load_from_memory(&encoded.png).unwrap();
        assert_eq!(image.color(), image::ColorType::Rgb8);
        let image = image.to_rgba8();
        assert_eq!(image.dimensions(), (7, 5));
        for (x, y, found) in image.enumerate_pixels() {
            let [r, g, b] = colour(x, y);
            assert_eq!(found.0, [r, g, b, 255], "at {x}, {y}");
        }
    }

    #[test]
    fn a_page_without_colour_has_one_byte_a_pixel() {
        let shade = |x: u32, y: u32| [(x * 30 + y) as u8; 3];
        let encoded = encode(drawn(shade)).unwrap();
        let image = image::load_from_memory(&encoded.png).unwrap();
        assert_eq!(image.color(), image::ColorType::L8);
        for (x, y, found) in image.to_rgba8().enumerate_pixels() {
            let [grey, ..] = shade(x, y);
            assert_eq!(found.0, [grey, grey, grey, 255], "at {x}, {y}");
        }
    }
}
