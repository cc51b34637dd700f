//! The settings file: how the surface looks and speaks, readable before the vault is open.
//!
//! `settings.json` lies outside the vault, because the lock screen needs it. It tells nothing about a person or a
//! council. A damaged file counts as absent: nothing in it is worth an error.

use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use notes::{Color, MarkKind};

use crate::dto::{FavouritePen, FlowSettings, Language, PenTool, Settings};
use crate::messages::Speech;

/// Text sizes that the surface can show without losing anything.
const TEXT_SCALE: RangeInclusive<f64> = 0.8..=2.5;
/// The same in the reading mode, where nothing but the text needs room.
const FLOW_SCALE: RangeInclusive<f64> = 0.8..=4.0;
const FLOW_LINE_HEIGHT: RangeInclusive<f64> = 1.2..=2.6;

/// Minutes after which the portfolio may lock by itself. Never is no choice.
const AUTO_LOCK_MIN: [u32; 4] = [1, 5, 15, 30];

/// As many own pens as the tray has room for.
const MOST_PENS: usize = 12;
/// Widths that can be chosen for a line, PDF points.
const PEN_WIDTH_PT: RangeInclusive<f32> = 0.3..=40.0;

fn path(data_dir: &Path) -> PathBuf {
    data_dir.join("settings.json")
}

/// The stored settings, or the default ones.
pub(crate) fn load(data_dir: &Path) -> Settings {
    let stored = std::fs::read(path(data_dir))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    stored.map(sensible).unwrap_or_default()
}

/// Stores settings; the text scale is brought into its range.
///
/// Errors: any I/O error; the old settings then still stand.
pub(crate) fn store(data_dir: &Path, settings: Settings) -> io::Result<Settings> {
    let settings = sensible(settings);
    vault::atomic::create_folder(data_dir)?;
    vault::atomic::write_file(&path(data_dir), &serde_json::to_vec_pretty(&settings)?)?;
    Ok(settings)
}

fn sensible(settings: Settings) -> Settings {
    let usual = FlowSettings::default();
    let mut pens = settings.pens;
    pens.retain(can_draw);
    pens.truncate(MOST_PENS);
    let nearest = AUTO_LOCK_MIN
        .into_iter()
        .min_by_key(|minutes| minutes.abs_diff(settings.auto_lock_min));
    Settings {
        auto_lock_min: nearest.unwrap_or(Settings::default().auto_lock_min),
        text_scale: within(settings.text_scale, TEXT_SCALE, 1.0),
        pens,
        flow: FlowSettings {
            scale: within(settings.flow.scale, FLOW_SCALE, usual.scale),
            line_height: within(
                settings.flow.line_height,
                FLOW_LINE_HEIGHT,
                usual.line_height,
            ),
            ..settings.flow
        },
        ..settings
    }
}

/// Whether a favourite pen has a colour and a width that marks of it can have.
fn can_draw(pen: &FavouritePen) -> bool {
    let kind = match pen.tool {
        PenTool::Pen => MarkKind::Ink,
        PenTool::Marker => MarkKind::Brush,
    };
    let color = Color::from_name(&pen.color);
    color.is_some_and(|color| color.is_for(kind)) && PEN_WIDTH_PT.contains(&pen.width_pt)
}

fn within(number: f64, range: RangeInclusive<f64>, otherwise: f64) -> f64 {
    match number.is_finite() {
        true => number.clamp(*range.start(), *range.end()),
        false => otherwise,
    }
}

/// The language to speak; the device's own where the member has not chosen, German where that is unknown.
///
/// * `device` – the device's locale, as "en_GB.UTF-8" or "en-GB".
pub(crate) fn speech(language: Language, device: Option<&str>) -> Speech {
    match language {
        Language::De => Speech::De,
        Language::En => Speech::En,
        Language::System
            if device.is_some_and(|locale| locale.to_ascii_lowercase().starts_with("en")) =>
        {
            Speech::En
        }
        Language::System => Speech::De,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::{Appearance, FlowColours, FlowFont, MeetingsView};

    fn pen(color: &str, width_pt: f32) -> FavouritePen {
        FavouritePen {
            tool: PenTool::Pen,
            color: color.to_owned(),
            width_pt,
        }
    }

    #[test]
    fn what_was_stored_comes_back_and_damage_gives_the_default() {
        let dir = tempfile::tempdir().unwrap();
        let chosen = Settings {
            language: Language::En,
            appearance: Appearance::Dark,
            text_scale: 9.0,
            left_handed: true,
            auto_lock_min: 4_000,
            meetings_view: MeetingsView::Month,
            pens: vec![pen("rot", 1.0), pen("gelb", 1.0), pen("blau", f32::NAN)],
            flow: FlowSettings {
                is_on: true,
                font: FlowFont::Serif,
                colours: FlowColours::WhiteOnBlack,
                scale: 0.1,
                line_height: 9.0,
            },
        };
        store(dir.path(), chosen.clone()).unwrap();
        assert_eq!(
            load(dir.path()),
            Settings {
                text_scale: 2.5,
                auto_lock_min: 30,
                pens: vec![pen("rot", 1.0)],
                flow: FlowSettings {
                    scale: 0.8,
                    line_height: 2.6,
                    ..chosen.flow.clone()
                },
                ..chosen
            },
            "a size out of range is brought into it, a pen that no mark can be of is left out"
        );
        std::fs::write(path(dir.path()), b"{").unwrap();
        assert_eq!(load(dir.path()), Settings::default());
    }

    #[test]
    fn the_device_decides_only_where_nothing_is_chosen() {
        assert_eq!(speech(Language::System, Some("en_GB.UTF-8")), Speech::En);
        assert_eq!(speech(Language::System, Some("C")), Speech::De);
        assert_eq!(speech(Language::System, None), Speech::De);
        assert_eq!(speech(Language::De, Some("en-GB")), Speech::De);
    }
}
