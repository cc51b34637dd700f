//! Properties of the ink encoding.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use notes::{InkError, InkPoint, Stroke, decode_ink, encode_ink};
use proptest::prelude::*;

fn point() -> impl Strategy<Value = InkPoint> {
    (-14_400f32..14_400.0, -14_400f32..14_400.0, 0f32..=1.0).prop_map(|(x, y, pressure)| InkPoint {
        x,
        y,
        pressure,
    })
}

fn strokes() -> impl Strategy<Value = Vec<Stroke>> {
    prop::collection::vec(prop::collection::vec(point(), 0..40), 0..8)
}

proptest! {
    #[test]
    fn strokes_come_back_to_half_a_step(strokes in strokes()) {
        let bytes = encode_ink(&strokes).unwrap();
        let back = decode_ink(&bytes).unwrap();
        prop_assert_eq!(back.len(), strokes.len());
        for (ours, theirs) in back.iter().zip(&strokes) {
            prop_assert_eq!(ours.len(), theirs.len());
            for (a, b) in ours.iter().zip(theirs) {
                // Half a step of 1/100 point, and what an f32 cannot tell apart at 14,400 points.
                prop_assert!((a.x - b.x).abs() <= 0.0065, "{} {}", a.x, b.x);
                prop_assert!((a.y - b.y).abs() <= 0.0065, "{} {}", a.y, b.y);
                prop_assert!((a.pressure - b.pressure).abs() <= 0.5 / 255.0 + 1e-6);
            }
        }
        // Stored, read and stored again nothing moves any more: marks do not creep.
        prop_assert_eq!(encode_ink(&back).unwrap(), bytes);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(strokes) = decode_ink(&bytes) {
            prop_assert!(strokes.iter().map(Vec::len).sum::<usize>() <= bytes.len());
        }
    }

    #[test]
    fn a_cut_encoding_is_damaged(strokes in strokes(), at in any::<prop::sample::Index>()) {
        let bytes = encode_ink(&strokes).unwrap();
        let cut = at.index(bytes.len());
        prop_assert_eq!(decode_ink(&bytes[..cut]), Err(InkError::Damaged));
    }
}

#[test]
fn the_encoding_is_frozen() {
    let strokes = vec![
        vec![
            InkPoint {
                x: 72.0,
                y: 700.25,
                pressure: 0.0,
            },
            InkPoint {
                x: 71.5,
                y: 701.0,
                pressure: 1.0,
            },
        ],
        vec![],
    ];
    let hex: String = encode_ink(&strokes)
        .unwrap()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // Version 1, 2 strokes, 2 points: 7200 70025 0, then -50 +75 +255; 0 points.
    assert_eq!(hex, "010202c07092c608006396 01fe0300".replace(' ', ""));
}

#[test]
fn a_line_of_the_pen_is_small() {
    let stroke: Stroke = (0..1000u16)
        .map(|n| InkPoint {
            x: f32::from(n) * 0.5,
            y: 100.0 + f32::from(n % 7) * 0.1,
            pressure: 0.5,
        })
        .collect();
    let bytes = encode_ink(&[stroke]).unwrap();
    assert!(
        bytes.len() <= 4 * 1000 + 10,
        "{} bytes for 1000 points, 12,000 as floats",
        bytes.len()
    );
}

#[test]
fn a_newer_version_and_impossible_points_have_names() {
    assert_eq!(decode_ink(&[2, 0]), Err(InkError::UnknownVersion));
    assert_eq!(decode_ink(&[]), Err(InkError::Damaged));
    for (x, pressure) in [(f32::NAN, 0.5), (1e9, 0.5), (0.0, -0.1), (0.0, f32::NAN)] {
        assert_eq!(
            encode_ink(&[vec![InkPoint {
                x,
                y: 0.0,
                pressure
            }]]),
            Err(InkError::ImpossiblePoint)
        );
    }
}
