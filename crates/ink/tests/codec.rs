//! Strokes survive their bytes, and no bytes hurt.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::let_underscore_must_use,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use proptest::prelude::*;
use pupitre_ink::codec::{MAX_POINTS, decode_rects, decode_strokes, encode_rects, encode_strokes};
use pupitre_ink::{Rect, Stroke, StrokeCodecError, StrokePoint, decode_stroke, encode_stroke};

fn any_stroke() -> impl Strategy<Value = Stroke> {
    prop::collection::vec((-20_000.0_f32..20_000.0, -300.0_f32..900.0, 0.0_f32..=1.0), 0..80)
        .prop_map(|points| Stroke {
            points: points.into_iter().map(|(x, y, p)| [x, y, p].into()).collect(),
        })
}

/// A hand that writes: a smooth course, samples every 4 ms, a little tremor, pressure that swells.
fn written(seed: u32, points: usize) -> Stroke {
    let mut noise = seed;
    let mut tremor = || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 16) as f32 / 65_536.0 - 0.5
    };
    let phase = seed as f32;
    Stroke {
        points: (0..points)
            .map(|i| {
                let t = i as f32 / 240.0;
                StrokePoint {
                    x: 100.0 + 60.0 * t + 6.0 * (t * 17.0 + phase).cos() + 0.04 * tremor(),
                    y: 400.0 + 9.0 * (t * 21.0 + phase).sin() + 0.04 * tremor(),
                    pressure: 0.5 + 0.25 * (t * 9.0).sin() + 0.01 * tremor(),
                }
            })
            .collect(),
    }
}

#[test]
fn a_written_line_takes_at_most_two_and_a_half_bytes_a_point() {
    let strokes: Vec<_> = (0..50).map(|seed| written(seed, 60 + seed as usize * 4)).collect();
    let points: usize = strokes.iter().map(|stroke| stroke.points.len()).sum();
    let bytes: usize = strokes.iter().map(|stroke| encode_stroke(stroke).len()).sum();
    let each = bytes as f64 / points as f64;
    eprintln!("{each:.2} bytes a point over {points} points");
    assert!(each <= 2.5, "{each}");
}

#[test]
fn an_empty_stroke_and_a_dot_survive() {
    for stroke in [Stroke::default(), Stroke { points: vec![[10.0, 20.0, 1.0].into()] }] {
        assert_eq!(decode_stroke(&encode_stroke(&stroke)), Ok(stroke));
    }
}

#[test]
fn what_no_hand_can_draw_is_brought_to_bounds() {
    let wild = Stroke {
        points: vec![
            [f32::NAN, f32::INFINITY, f32::NAN].into(),
            [1e30, -1e30, 7.0].into(),
            [-1e30, 1e30, -7.0].into(),
        ],
    };
    let read = decode_stroke(&encode_stroke(&wild)).unwrap();
    assert_eq!(
        read.points,
        vec![[0.0, 0.0, 0.0].into(), [1e5, -1e5, 1.0].into(), [-1e5, 1e5, 0.0].into()]
    );
    let long = Stroke { points: vec![[1.0, 1.0, 0.5].into(); MAX_POINTS + 5] };
    assert_eq!(decode_stroke(&encode_stroke(&long)).unwrap().points.len(), MAX_POINTS);
}

#[test]
fn a_promise_of_many_points_reserves_nothing() {
    // Version 1, flags 1, 50 quanta, then a count far beyond what follows.
    for count in [[0xff_u8, 0xff, 0xff, 0x7f], [0xa0, 0x8d, 0x06, 0x00]] {
        let mut bytes = vec![1, 1, 50];
        bytes.extend(count);
        assert!(decode_stroke(&bytes).is_err());
    }
    assert_eq!(decode_stroke(&[2, 0, 50, 0, 0]), Err(StrokeCodecError::Version(2)));
}

#[test]
fn places_beyond_the_bounds_are_refused() {
    let mut bytes = encode_stroke(&Stroke { points: vec![[0.0, 0.0, 0.5].into(); 40] });
    bytes.truncate(5);
    // Forty points that each run away faster than the last.
    bytes.extend(std::iter::repeat_n([0xff, 0xff, 0x7f, 0xff, 0xff, 0x7f], 40).flatten());
    assert!(decode_stroke(&bytes).is_err());
}

#[test]
fn rectangles_survive_exactly() {
    let rects = vec![Rect { x0: 0.1, y0: -2.5, x1: 99.9, y1: 3.3333 }, Rect::default()];
    assert_eq!(decode_rects(&encode_rects(&rects)), Ok(rects));
    assert_eq!(decode_rects(&[0; 15]), Err(StrokeCodecError::Length));
    assert_eq!(decode_rects(&[0xff; 16]), Err(StrokeCodecError::OutOfBounds));
}

proptest! {
    #[test]
    fn a_stroke_comes_back_within_half_a_quantum(stroke in any_stroke()) {
        let read = decode_stroke(&encode_stroke(&stroke)).unwrap();
        prop_assert_eq!(read.points.len(), stroke.points.len());
        for (a, b) in stroke.points.iter().zip(&read.points) {
            // Half of 1/50 point, and the grain of f32 at 20,000.
            prop_assert!((a.x - b.x).abs() <= 0.012 && (a.y - b.y).abs() <= 0.012);
            prop_assert!((a.pressure - b.pressure).abs() <= 0.5 / 255.0 + 1e-6);
        }
        prop_assert_eq!(&read, &stroke.rounded());
        prop_assert_eq!(encode_stroke(&read), encode_stroke(&stroke), "rounding twice changes nothing");
    }

    #[test]
    fn several_strokes_come_back(strokes in prop::collection::vec(any_stroke(), 0..5)) {
        let rounded: Vec<_> = strokes.iter().map(Stroke::rounded).collect();
        prop_assert_eq!(decode_strokes(&encode_strokes(&strokes)), Ok(rounded));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode_stroke(&bytes);
        let _ = decode_strokes(&bytes);
        let mut with_head = vec![1, 1, 50, bytes.len() as u8 & 127];
        with_head.extend(&bytes);
        if let Ok(stroke) = decode_stroke(&with_head) {
            prop_assert_eq!(decode_stroke(&encode_stroke(&stroke)), Ok(stroke));
        }
    }

    #[test]
    fn a_stroke_that_was_cut_or_spoilt_is_read_or_refused(
        stroke in any_stroke(), at in any::<prop::sample::Index>(), bits in 1_u8..,
    ) {
        let bytes = encode_stroke(&stroke);
        let cut = at.index(bytes.len());
        prop_assert!(decode_stroke(&bytes[..cut]).is_err());
        let mut spoilt = bytes;
        spoilt[cut] ^= bits;
        let _ = decode_stroke(&spoilt);
    }
}
