//! In which order hits are shown: a title before a page, the coming meeting before an old one, the typed word before a
//! compound before a slip. Pure numbers.

use crate::document::Kind;
use crate::expression::Width;

const DAY_MS: f64 = 86_400_000.0;

/// What is known of a hit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evidence {
    /// How widely the words had to be taken.
    pub(crate) width: Width,
    /// Relevance within its index, 0 to 1, where 1 is the best of this query.
    pub(crate) relevance: f64,
    /// All words stand in the title.
    pub(crate) is_in_title: bool,
}

/// The higher, the earlier. A document is at its best evidence; `pages`: how many of its pages have hits.
pub(crate) fn score(
    best: Evidence,
    kind: Kind,
    date_ms: Option<i64>,
    pages: usize,
    now_ms: i64,
) -> f64 {
    let nearness = match best.width {
        Width::Exact => 1.0,
        Width::Wide => 0.8,
        Width::Slips => 0.4,
    };
    let title = if best.is_in_title {
        0.6 + match kind {
            Kind::Meeting | Kind::Paper | Kind::Organization | Kind::Person => 0.2,
            Kind::AgendaItem => 0.15,
            Kind::File => 0.1,
        }
    } else {
        0.0
    };
    // 20 pages with hits say little more than 10.
    let many = 0.04 * (pages as f64).ln_1p().min(3.0);
    nearness * (0.7 + 0.3 * best.relevance.clamp(0.0, 1.0) + title)
        + many
        + timeliness(date_ms, now_ms)
}

/// 0 to 0.8: a meeting of today or of the coming weeks first, then later ones, then past ones, the last before.
pub(crate) fn timeliness(date_ms: Option<i64>, now_ms: i64) -> f64 {
    let Some(date_ms) = date_ms else {
        return 0.0;
    };
    let days = (date_ms as f64 - now_ms as f64) / DAY_MS;
    if days >= -1.0 {
        0.5 + 0.3 * (1.0 - days.max(0.0) / 60.0).max(0.0)
    } else {
        0.4 * (days / 365.0).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_700_000_000_000;
    const PLAIN: Evidence = Evidence {
        width: Width::Exact,
        relevance: 0.5,
        is_in_title: false,
    };

    fn at(days: i64) -> Option<i64> {
        Some(NOW_MS + days * 86_400_000)
    }

    #[test]
    fn time_orders_coming_then_later_then_past() {
        let order: Vec<f64> = [
            at(0),
            at(7),
            at(40),
            at(200),
            at(-10),
            at(-400),
            at(-4_000),
            None,
        ]
        .into_iter()
        .map(|date| timeliness(date, NOW_MS))
        .collect();
        assert!(order.is_sorted_by(|a, b| a > b), "{order:?}");
    }

    #[test]
    fn a_title_stands_before_the_best_page_of_its_time() {
        let title = Evidence {
            is_in_title: true,
            relevance: 0.0,
            ..PLAIN
        };
        let page = Evidence {
            relevance: 1.0,
            ..PLAIN
        };
        assert!(
            score(title, Kind::Paper, at(-30), 0, NOW_MS)
                > score(page, Kind::File, at(-30), 500, NOW_MS)
        );
        assert!(
            score(title, Kind::Paper, at(7), 0, NOW_MS)
                > score(title, Kind::Paper, at(-7), 0, NOW_MS)
        );
    }

    #[test]
    fn the_typed_word_stands_before_compounds_and_slips() {
        let with = |width| score(Evidence { width, ..PLAIN }, Kind::File, None, 1, NOW_MS);
        assert!(with(Width::Exact) > with(Width::Wide));
        assert!(with(Width::Wide) > with(Width::Slips));
    }
}
