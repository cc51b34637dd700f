//! What the window story does with the annotation tools: every tool with pointer and keys, undo of it all, and a tablet that dies in
//! the middle of a stroke.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::barriers;
use crate::sizing;
use crate::story::Story;
use crate::window::Window;

/// Where on the first page, in shares of its width and height: beside the text, so that nothing of the paper decides.
const FREE: [(f64, f64); 2] = [(0.62, 0.83), (0.84, 0.88)];
/// Most deeds that are taken back at the end.
const MOST_DEEDS: usize = 80;

/// Tells it on the paper that is open, and leaves the marks that were there before. Result: the window, which is another one.
pub async fn tell(story: &Story<'_>, window: Window) -> Result<Window> {
    let page = Page {
        story,
        window: &window,
    };
    let before = page.marks().await?;
    page.words().await?;
    page.forms_and_stamps().await?;
    page.own_words().await?;
    window.shot("12a-all-tools").await?;
    page.undo_and_redo().await?;
    page.select_and_change().await?;
    page.rub_in_parts().await?;
    page.by_keys().await?;
    sizing::tell(story, &window).await?;
    page.look().await?;
    let kept = page.die_in_a_stroke().await?;
    window.kill()?;

    let window = Window::open(story.data_dir, story.out).await?;
    window.size(1366, 1024).await?;
    story.unlock(&window).await?;
    story.open_first_file(&window).await?;
    let page = Page {
        story,
        window: &window,
    };
    page.until_there(&kept).await?;
    window.shot("12f-after-the-kill").await?;
    page.take_back_to(&before).await?;
    Ok(window)
}

/// Kinds of the first page's marks, each with how many there are.
type Marks = Vec<(String, u64)>;

struct Page<'a> {
    story: &'a Story<'a>,
    window: &'a Window,
}

impl Page<'_> {
    /// Text is underlined, through the tool's own sheet.
    async fn words(&self) -> Result<()> {
        self.window.tap("tool-marker").await?;
        self.window.tap("tool-marker").await?;
        self.window.find("tool-options").await?;
        self.window.shot("12b-marker-options").await?;
        self.window.tap("style-underline").await?;
        self.drag("mouse", &[(0.25, 0.42), (0.4, 0.42), (0.5, 0.42)])
            .await?;
        self.count("mark-underline", 1).await?;
        let name = self.name_of("mark-underline").await?;
        ensure!(
            name.contains('„'),
            "an underlined text is not named by its words: {name}"
        );
        Ok(())
    }

    async fn forms_and_stamps(&self) -> Result<()> {
        self.window.tap("tool-shape").await?;
        self.window.tap("form-ellipse").await?;
        self.drag("mouse", &[(0.62, 0.83), (0.7, 0.85), (0.74, 0.87)])
            .await?;
        self.count("mark-ellipse", 1).await?;
        self.window.tap("tool-shape").await?;
        self.window.tap("form-arrow").await?;
        self.drag("pen", &[(0.5, 0.88), (0.55, 0.86), (0.61, 0.85)])
            .await?;
        self.count("mark-arrow", 1).await?;
        self.window.tap("tool-stamp").await?;
        self.window.shot("12c-stamps").await?;
        self.window.tap("stamp-followUp").await?;
        self.drag("mouse", &[(0.8, 0.86)]).await?;
        self.count("mark-stamp", 1).await
    }

    async fn own_words(&self) -> Result<()> {
        self.window.tap("tool-text").await?;
        self.drag("mouse", &[(0.12, 0.87)]).await?;
        self.window
            .fill("text-box", "Bitte vorlesen lassen")
            .await?;
        self.window.press("Escape", "").await?;
        self.count("text-box", 0).await?;
        self.window
            .until(
                "the text box has its words",
                "return document.querySelector('[data-testid=mark-textBox]')?.getAttribute('aria-label').includes(arguments[0]) ?? false;",
                json!("Bitte vorlesen lassen"),
            )
            .await
    }

    async fn undo_and_redo(&self) -> Result<()> {
        let all = self.marks().await?;
        // The words of the text box, the box, the stamp.
        for _ in 0..3 {
            self.window.tap("undo").await?;
        }
        self.count("mark-arrow", 1).await?;
        self.count("mark-textBox", 0).await?;
        self.count("mark-stamp", 0).await?;
        for _ in 0..3 {
            self.window.tap("redo").await?;
        }
        self.until_there(&all).await
    }

    /// Around ellipse and stamp: moved, coloured, doubled, removed, and all of it taken back.
    async fn select_and_change(&self) -> Result<()> {
        self.window.tap("tool-select").await?;
        self.drag("mouse", &[(0.6, 0.82), (0.9, 0.82), (0.9, 0.9), (0.6, 0.9)])
            .await?;
        self.window.find("selection-bar").await?;
        ensure!(
            self.selected().await? == 2,
            "a lasso around two took others"
        );
        self.window.shot("12d-selection").await?;
        barriers::none_in(self.window, "reader with a selection").await?;
        let before = self.place_of("mark-ellipse").await?;
        self.drag("mouse", &[(0.68, 0.85), (0.66, 0.8), (0.63, 0.75)])
            .await?;
        self.window
            .until(
                "the ellipse was moved",
                "const now = document.querySelector('[data-testid=mark-ellipse]').getBoundingClientRect().top; return now < arguments[0] - 40;",
                json!(before),
            )
            .await?;
        self.window.tap("selection-color-gruen").await?;
        self.until_named(
            "mark-ellipse",
            if self.is_german() { "grün" } else { "green" },
        )
        .await?;
        self.window.tap("selection-copy").await?;
        self.count("mark-stamp", 2).await?;
        self.window.press("Delete", "").await?;
        self.count("mark-stamp", 1).await?;
        for _ in 0..4 {
            self.window.tap("undo").await?;
        }
        self.count("mark-stamp", 1).await?;
        self.until_place("mark-ellipse", before).await
    }

    /// A stroke rubbed out in its middle: its ends stay, and one undo brings it back whole.
    async fn rub_in_parts(&self) -> Result<()> {
        self.window.tap("tool-pen").await?;
        let ink = self.count_of("mark-ink").await?;
        self.drag(
            "pen",
            &[(0.12, 0.93), (0.2, 0.93), (0.3, 0.93), (0.4, 0.93)],
        )
        .await?;
        self.count("mark-ink", ink + 1).await?;
        self.until_painted((0.26, 0.93), true).await?;
        self.window.tap("tool-eraser").await?;
        self.window.tap("tool-eraser").await?;
        self.window.tap("eraser-part").await?;
        self.drag("mouse", &[(0.26, 0.9), (0.26, 0.93), (0.26, 0.96)])
            .await?;
        self.until_painted((0.26, 0.93), false).await?;
        self.until_painted((0.15, 0.93), true).await?;
        self.until_painted((0.38, 0.93), true).await?;
        self.count("mark-ink", ink + 1).await?;
        self.window.tap("undo").await?;
        self.until_painted((0.26, 0.93), true).await
    }

    /// No pointer at all: choose a mark and move it, mark words by a caret, put a stamp.
    async fn by_keys(&self) -> Result<()> {
        self.window.tap("tool-read").await?;
        self.focus("[data-testid=mark-list-0]").await?;
        self.window.press("End", "").await?;
        self.window.press("Enter", "").await?;
        self.window
            .until(
                "the selection has the focus",
                "return document.activeElement?.dataset.testid === 'selection';",
                Value::Null,
            )
            .await?;
        let name = "[data-testid^=mark-][aria-selected=true]";
        let left = self.left_of(name).await?;
        self.window
            .press("ArrowRight ArrowRight ArrowRight", "shift")
            .await?;
        self.window
            .until(
                "keys moved the mark, as one deed",
                "const now = document.querySelector('[data-testid^=mark-][aria-selected=true]').getBoundingClientRect().left; return now > arguments[0] + 40;",
                json!(left),
            )
            .await?;
        self.window.tap("undo").await?;
        self.window
            .until(
                "one undo brought it back",
                "const now = document.querySelector('[data-testid^=mark-][aria-selected=true]').getBoundingClientRect().left; return Math.abs(now - arguments[0]) < 2;",
                json!(left),
            )
            .await?;
        self.window.press("Escape", "").await?;
        self.count("selection", 0).await?;

        let words = self.count_of("mark-underline").await?;
        self.window.tap("tool-marker").await?;
        self.window.tap("tool-marker").await?;
        self.focus("[data-testid=caret-here]").await?;
        self.window.tap("caret-here").await?;
        self.window.find("caret").await?;
        self.window.find_css("[data-testid=caret] .place").await?;
        self.window.press("ArrowRight", "control").await?;
        self.window.press("ArrowRight", "control shift").await?;
        self.window.press("Enter", "").await?;
        self.count("mark-underline", words + 1).await?;
        self.window.press("Escape", "").await?;

        self.window.tap("tool-stamp").await?;
        self.window.tap("place-here").await?;
        self.window.find("placing").await?;
        self.window.press("Enter", "").await?;
        self.count("mark-stamp", 2).await?;
        self.window.find("selection").await?;
        self.window.press("Delete", "").await?;
        self.count("mark-stamp", 1).await?;
        self.window.tap("tool-read").await
    }

    /// Upright and small, with the list of all annotations.
    async fn look(&self) -> Result<()> {
        for (name, width, height) in [("portrait", 1024, 1366), ("small", 800, 1280)] {
            self.window.size(width, height).await?;
            self.window.until_sharp().await?;
            self.window.tap("tool-pen").await?;
            self.window.tap("tool-pen").await?;
            self.window.find("tool-options").await?;
            self.window.shot(&format!("12e-tools-{name}")).await?;
            barriers::none_in(self.window, "reader with a tool's sheet").await?;
            self.window.tap("tool-read").await?;
        }
        self.window.size(1366, 1024).await?;
        if !self.window.has_css("[data-testid=panel]").await? {
            self.window.tap("toggle-panel").await?;
        }
        self.window.tap("panel-tab-marks").await?;
        self.window
            .find_css("[data-testid=panel-mark][data-kind=stamp]")
            .await?;
        self.window.tap("panel-filter").await?;
        self.window.tap("panel-kind-stamp").await?;
        self.window
            .until(
                "the list shows stamps alone",
                "const rows = [...document.querySelectorAll('[data-testid=panel-mark]')]; return rows.length === 1 && rows[0].dataset.kind === 'stamp';",
                Value::Null,
            )
            .await?;
        self.window.shot("12e-list").await?;
        barriers::none_in(self.window, "the list of annotations").await?;
        self.window.tap("panel-kind-stamp").await
    }

    /// Strokes one after the other and one that is never lifted. Result: what was acknowledged by then.
    async fn die_in_a_stroke(&self) -> Result<Marks> {
        self.window.tap("tool-pen").await?;
        let [(left, bottom), _] = FREE;
        let ink = self.count_of("mark-ink").await?;
        for stroke in 0..4_u32 {
            let y = bottom - 0.02 * f64::from(stroke);
            self.drag("pen", &[(left, y), (left + 0.05, y), (left + 0.1, y)])
                .await?;
        }
        self.count("mark-ink", ink + 4).await?;
        let kept = self.marks().await?;
        self.window
            .run(
                "const layer = document.querySelector('[data-testid=marks-0]'); const box = layer.getBoundingClientRect(); \
                 const send = (type, x) => layer.dispatchEvent(new PointerEvent(type, {bubbles: true, cancelable: true, pointerId: 8, isPrimary: true, button: 0, buttons: 1, \
                   pointerType: 'pen', pressure: 0.6, clientX: box.left + x * box.width, clientY: box.top + 0.7 * box.height})); \
                 send('pointerdown', 0.3); for (let x = 0.3; x < 0.5; x += 0.01) send('pointermove', x);",
                vec![],
            )
            .await?;
        Ok(kept)
    }

    /// Undo after undo, also of what was done before the app died.
    async fn take_back_to(&self, marks: &Marks) -> Result<()> {
        for _ in 0..MOST_DEEDS {
            if self.marks().await? == *marks {
                return Ok(());
            }
            let undone = self.spoken().await?;
            self.window.tap("undo").await?;
            self.window
                .until(
                    "a deed is taken back",
                    "return document.querySelector('[data-testid=reader]').dataset.deeds !== arguments[0];",
                    json!(undone),
                )
                .await?;
        }
        ensure!(
            self.marks().await? == *marks,
            "undo did not come back to the marks there were before"
        );
        Ok(())
    }

    async fn drag(&self, kind: &str, way: &[(f64, f64)]) -> Result<()> {
        self.story.drag(self.window, kind, way).await
    }

    async fn count(&self, test_id: &str, count: usize) -> Result<()> {
        self.story.until_count(self.window, test_id, count).await
    }

    async fn count_of(&self, test_id: &str) -> Result<usize> {
        let count = self
            .window
            .run(
                "return document.querySelectorAll(`[data-testid=${arguments[0]}]`).length;",
                vec![json!(test_id)],
            )
            .await?;
        Ok(usize::try_from(count.as_u64().unwrap_or(0))?)
    }

    /// How many of which kind stand on the first page.
    async fn marks(&self) -> Result<Marks> {
        let found = self
            .window
            .run(
                "const page = document.querySelector('[data-testid=page-0]'); const counts = new Map(); \
                 for (const mark of page.querySelectorAll('[role=option], [data-testid=mark-note]')) counts.set(mark.dataset.testid, (counts.get(mark.dataset.testid) ?? 0) + 1); \
                 return [...counts].sort(([a], [b]) => a < b ? -1 : 1);",
                vec![],
            )
            .await?;
        Ok(serde_json::from_value(found)?)
    }

    async fn until_there(&self, marks: &Marks) -> Result<()> {
        self.window
            .until(
                &format!("the page has {marks:?}"),
                "const page = document.querySelector('[data-testid=page-0]'); if (!page) return false; const counts = new Map(); \
                 for (const mark of page.querySelectorAll('[role=option], [data-testid=mark-note]')) counts.set(mark.dataset.testid, (counts.get(mark.dataset.testid) ?? 0) + 1); \
                 return JSON.stringify([...counts].sort(([a], [b]) => a < b ? -1 : 1)) === JSON.stringify(arguments[0]);",
                json!(marks),
            )
            .await
    }

    async fn selected(&self) -> Result<usize> {
        let count = self
            .window
            .run(
                "return document.querySelectorAll('[role=option][aria-selected=true][data-testid^=mark-]').length;",
                vec![],
            )
            .await?;
        Ok(usize::try_from(count.as_u64().unwrap_or(0))?)
    }

    async fn name_of(&self, test_id: &str) -> Result<String> {
        let name = self
            .window
            .run(
                "return document.querySelector(`[data-testid=${arguments[0]}]`)?.getAttribute('aria-label') ?? '';",
                vec![json!(test_id)],
            )
            .await?;
        Ok(name.as_str().unwrap_or_default().to_owned())
    }

    async fn until_named(&self, test_id: &str, part: &str) -> Result<()> {
        self.window
            .until(
                &format!("{test_id} is named {part}"),
                "return document.querySelector(`[data-testid=${arguments[0][0]}]`)?.getAttribute('aria-label').includes(arguments[0][1]) ?? false;",
                json!([test_id, part]),
            )
            .await
    }

    /// Upper edge of a mark, CSS px of the window.
    async fn place_of(&self, test_id: &str) -> Result<f64> {
        let top = self
            .window
            .run(
                "return document.querySelector(`[data-testid=${arguments[0]}]`).getBoundingClientRect().top;",
                vec![json!(test_id)],
            )
            .await?;
        Ok(top.as_f64().unwrap_or(f64::NAN))
    }

    async fn until_place(&self, test_id: &str, top: f64) -> Result<()> {
        self.window
            .until(
                &format!("{test_id} is back in its place"),
                "return Math.abs(document.querySelector(`[data-testid=${arguments[0][0]}]`).getBoundingClientRect().top - arguments[0][1]) < 2;",
                json!([test_id, top]),
            )
            .await
    }

    async fn left_of(&self, css: &str) -> Result<f64> {
        let left = self
            .window
            .run(
                "return document.querySelector(arguments[0]).getBoundingClientRect().left;",
                vec![json!(css)],
            )
            .await?;
        Ok(left.as_f64().unwrap_or(f64::NAN))
    }

    /// Whether anything is drawn around a point of the first page, on its lower canvas.
    async fn until_painted(&self, at: (f64, f64), is_painted: bool) -> Result<()> {
        self.window
            .until(
                &format!("{at:?} painted: {is_painted}"),
                "const [x, y, wanted] = arguments[0]; const canvas = document.querySelector('[data-testid=page-0] canvas'); \
                 const data = canvas.getContext('2d').getImageData(Math.round(canvas.width * x) - 6, Math.round(canvas.height * y) - 6, 12, 12).data; \
                 return data.some((value, at) => at % 4 === 3 && value > 0) === wanted;",
                json!([at.0, at.1, is_painted]),
            )
            .await
    }

    async fn focus(&self, css: &str) -> Result<()> {
        self.window.find_css(css).await?;
        self.window
            .run(
                "document.querySelector(arguments[0]).focus();",
                vec![json!(css)],
            )
            .await?;
        Ok(())
    }

    /// How many changes the reader has seen.
    async fn spoken(&self) -> Result<Value> {
        self.window
            .run(
                "return document.querySelector('[data-testid=reader]').dataset.deeds;",
                vec![],
            )
            .await
    }

    fn is_german(&self) -> bool {
        self.story.language == "de"
    }
}
