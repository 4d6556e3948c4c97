//! The one form of `Range` that tablets use, `bytes=N-` or `bytes=N-M`. Any other form, and several
//! ranges at once, are answered with the whole paper, as HTTP allows.

use axum::http::HeaderValue;

/// What part of a paper is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it.
    Whole,
    /// From one byte up to, not including, another.
    Part { from: u64, to: u64 },
    /// Bytes after its end.
    Beyond,
}

pub(super) fn asked(range: Option<&HeaderValue>, length: u64) -> Asked {
    let Some((from, last)) = range.and_then(|range| parse(range.to_str().ok()?)) else {
        return Asked::Whole;
    };
    if from >= length {
        return Asked::Beyond;
    }
    let to = last.map_or(length, |last| last.saturating_add(1).min(length));
    Asked::Part { from, to }
}

fn parse(range: &str) -> Option<(u64, Option<u64>)> {
    let (from, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let from = from.parse().ok()?;
    if last.is_empty() {
        return Some((from, None));
    }
    let last = last.parse().ok()?;
    (last >= from).then_some((from, Some(last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_what_is_answered() {
        for (range, expected) in [
            ("bytes=0-", Asked::Part { from: 0, to: 100 }),
            ("bytes=40-", Asked::Part { from: 40, to: 100 }),
            ("bytes=40-49", Asked::Part { from: 40, to: 50 }),
            ("bytes=40-18446744073709551615", Asked::Part { from: 40, to: 100 }),
            ("bytes=100-", Asked::Beyond),
            ("bytes=-5", Asked::Whole),
            ("bytes=9-3", Asked::Whole),
            ("bytes=0-1,4-5", Asked::Whole),
            ("lines=1-", Asked::Whole),
        ] {
            let header = HeaderValue::from_static(range);
            assert_eq!(asked(Some(&header), 100), expected, "{range}");
        }
        assert_eq!(asked(None, 100), Asked::Whole);
        assert_eq!(asked(Some(&HeaderValue::from_static("bytes=0-")), 0), Asked::Beyond);
    }
}
