//! Strokes as bytes: quantised to 1/100 point, each point as the difference to the one before.
//! Not smoothing, not drawing.
//!
//! `version 1 · number of strokes · per stroke: number of points · per point: Δx Δy Δpressure`, all numbers LEB128,
//! differences zigzag. A point 2 points away from the last one takes 5 bytes instead of 12.

/// Steps per point (1/72 inch).
const STEPS_PER_PT: f64 = 100.0;
/// Steps from no to full pressure.
const PRESSURE_STEPS: f32 = 255.0;
/// Farther out than any page: PDF knows at most 14,400 points. Up to here an f32 is finer than a step.
const MOST_PT: f32 = 20_000.0;
/// Longest encoding, bytes.
const MOST_BYTES: usize = 8 * 1024 * 1024;
const VERSION: u8 = 1;

/// A point of a stroke.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InkPoint {
    /// From the left edge of the unrotated page, points.
    pub x: f32,
    /// From its bottom edge, points.
    pub y: f32,
    /// 0 to 1.
    pub pressure: f32,
}

/// One line of the pen.
pub type Stroke = Vec<InkPoint>;

/// Why strokes cannot be stored or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InkError {
    /// A coordinate or a pressure is not a number, or far outside of every page.
    #[error("a point of the stroke is not possible")]
    ImpossiblePoint,
    /// More than 8 MiB.
    #[error("there are too many strokes in one mark")]
    TooLarge,
    /// The bytes are cut or changed.
    #[error("the stored strokes are damaged")]
    Damaged,
    /// Written by a newer version of the app.
    #[error("the stored strokes are of a newer version")]
    UnknownVersion,
}

/// A point in steps.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Steps {
    x: i64,
    y: i64,
    pressure: i64,
}

/// Strokes as bytes. Reading them back gives each coordinate to half a step, 1/200 point.
///
/// Errors: [`InkError::ImpossiblePoint`], [`InkError::TooLarge`].
pub fn encode_ink(strokes: &[Stroke]) -> Result<Vec<u8>, InkError> {
    let mut bytes = vec![VERSION];
    put(&mut bytes, strokes.len() as u64);
    for stroke in strokes {
        put(&mut bytes, stroke.len() as u64);
        let mut before = Steps::default();
        for point in stroke {
            let steps = quantise(point)?;
            put(&mut bytes, zigzag(steps.x - before.x));
            put(&mut bytes, zigzag(steps.y - before.y));
            put(&mut bytes, zigzag(steps.pressure - before.pressure));
            before = steps;
        }
        if bytes.len() > MOST_BYTES {
            return Err(InkError::TooLarge);
        }
    }
    Ok(bytes)
}

/// The reverse of [`encode_ink`]. Any bytes are answered, never more points than bytes.
///
/// Errors: [`InkError::Damaged`], [`InkError::UnknownVersion`].
pub fn decode_ink(bytes: &[u8]) -> Result<Vec<Stroke>, InkError> {
    let (version, mut rest) = bytes.split_first().ok_or(InkError::Damaged)?;
    if *version != VERSION {
        return Err(InkError::UnknownVersion);
    }
    let stroke_count = take(&mut rest)?;
    let mut strokes = Vec::new();
    for _ in 0..stroke_count {
        let point_count = take(&mut rest)?;
        let mut stroke = Vec::new();
        let mut at = Steps::default();
        for _ in 0..point_count {
            at.x = moved(at.x, take(&mut rest)?)?;
            at.y = moved(at.y, take(&mut rest)?)?;
            at.pressure = moved(at.pressure, take(&mut rest)?)?;
            stroke.push(point(at)?);
        }
        strokes.push(stroke);
    }
    if rest.is_empty() {
        Ok(strokes)
    } else {
        Err(InkError::Damaged)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "checked against MOST_PT and 0..=1 before"
)]
fn quantise(point: &InkPoint) -> Result<Steps, InkError> {
    let is_possible = |v: f32| v.is_finite() && v.abs() <= MOST_PT;
    if !is_possible(point.x) || !is_possible(point.y) || !(0.0..=1.0).contains(&point.pressure) {
        return Err(InkError::ImpossiblePoint);
    }
    Ok(Steps {
        x: (f64::from(point.x) * STEPS_PER_PT).round() as i64,
        y: (f64::from(point.y) * STEPS_PER_PT).round() as i64,
        pressure: (point.pressure * PRESSURE_STEPS).round() as i64,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "within the checked range"
)]
fn point(steps: Steps) -> Result<InkPoint, InkError> {
    let point = InkPoint {
        x: (steps.x as f64 / STEPS_PER_PT) as f32,
        y: (steps.y as f64 / STEPS_PER_PT) as f32,
        pressure: steps.pressure as f32 / PRESSURE_STEPS,
    };
    // What encoding refuses cannot have been encoded.
    quantise(&point)
        .map(|_| point)
        .map_err(|_| InkError::Damaged)
}

fn moved(from: i64, by: u64) -> Result<i64, InkError> {
    from.checked_add(unzigzag(by)).ok_or(InkError::Damaged)
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

fn put(bytes: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn take(rest: &mut &[u8]) -> Result<u64, InkError> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first().ok_or(InkError::Damaged)?;
        *rest = after;
        let part = u64::from(byte & 0x7f);
        if (part << shift) >> shift != part {
            return Err(InkError::Damaged);
        }
        value |= part << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(InkError::Damaged)
}
