//! Marks without a pointer, and of another size: laid down, moved and sized by keys, by handles and by buttons. Begins and ends in
//! the reader with no tool in hand; the marks stay.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::barriers;
use crate::story::Story;
use crate::window::Window;

const FRAME: &str = "[data-testid=mark-rectangle]";

pub async fn tell(story: &Story<'_>, window: &Window) -> Result<()> {
    let page = Page { story, window };
    page.lay_down_a_form().await?;
    page.size_it_by_keys().await?;
    page.size_it_by_a_handle().await?;
    page.lay_down_words().await?;
    page.discard_a_note().await?;
    window.tap("tool-read").await
}

struct Page<'a> {
    story: &'a Story<'a>,
    window: &'a Window,
}

impl Page<'_> {
    async fn lay_down_a_form(&self) -> Result<()> {
        self.window.tap("tool-shape").await?;
        self.window.tap("form-rectangle").await?;
        self.press_on_pages("Enter").await?;
        self.window.find("placing").await?;
        self.window.press("ArrowRight", "shift").await?;
        self.window.press("ArrowDown", "alt shift").await?;
        self.window.shot("12g-laid-down-by-keys").await?;
        barriers::none_in(self.window, "a mark laid down by keys").await?;
        self.window.press("Enter", "").await?;
        self.story
            .until_count(self.window, "mark-rectangle", 1)
            .await?;
        self.has_focus("selection").await
    }

    async fn size_it_by_keys(&self) -> Result<()> {
        let before = self.width_of(FRAME).await?;
        self.window
            .press("ArrowRight ArrowRight", "alt shift")
            .await?;
        self.until_width("keys made it wider", "now > before + 30", before)
            .await?;
        self.window.tap("undo").await?;
        self.until_width(
            "one undo made it as wide as before",
            "Math.abs(now - before) < 2",
            before,
        )
        .await
    }

    async fn size_it_by_a_handle(&self) -> Result<()> {
        self.story.until_count(self.window, "handle", 4).await?;
        let least = self
            .window
            .run(
                "return Math.min(...[...document.querySelectorAll('[data-testid=handle]')].flatMap((each) => { const box = each.getBoundingClientRect(); return [box.width, box.height]; }));",
                vec![],
            )
            .await?;
        ensure!(
            least.as_f64() >= Some(44.0),
            "a handle of {least} px is too small for a finger"
        );
        self.window.shot("12g-handles").await?;
        barriers::none_in(self.window, "a selected form").await?;
        let before = self.width_of(FRAME).await?;
        self.window
            .run(
                "const corner = [...document.querySelectorAll('[data-testid=handle]')].reduce((best, each) => { const [a, b] = [best, each].map((one) => one.getBoundingClientRect()); \
                   return b.left + b.top > a.left + a.top ? each : best; }); \
                 const box = corner.getBoundingClientRect(); const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]; \
                 const send = (type, by) => corner.dispatchEvent(new PointerEvent(type, {bubbles: true, cancelable: true, pointerId: 9, isPrimary: true, button: 0, \
                   buttons: type === 'pointerup' ? 0 : 1, pointerType: 'touch', clientX: x + by, clientY: y + by})); \
                 send('pointerdown', 0); \
                 return new Promise((done) => { let by = 0; const step = () => { by += 10; if (by <= 60) { send('pointermove', by); requestAnimationFrame(step); } \
                   else { send('pointerup', 60); done(true); } }; requestAnimationFrame(step); });",
                vec![],
            )
            .await?;
        self.until_width(
            "the handle made it wider",
            "Math.abs(now - before - 60) < 4",
            before,
        )
        .await?;
        let wide = self.width_of(FRAME).await?;
        self.window.tap("selection-smaller").await?;
        self.until_width("the button made it smaller", "now < before - 10", wide)
            .await?;
        self.window.press("Escape", "").await?;
        self.story.until_count(self.window, "handle", 0).await
    }

    async fn lay_down_words(&self) -> Result<()> {
        let boxes = self.count_of("mark-textBox").await?;
        self.window.tap("tool-text").await?;
        self.press_on_pages("Enter").await?;
        self.window.find("placing").await?;
        self.window.press("ArrowDown", "shift").await?;
        self.window.press("Enter", "").await?;
        self.window
            .fill("text-box", "Mit der Tastatur gesetzt")
            .await?;
        self.window.press("Escape", "").await?;
        self.story
            .until_count(self.window, "mark-textBox", boxes + 1)
            .await
    }

    async fn discard_a_note(&self) -> Result<()> {
        let notes = self.count_of("mark-note").await?;
        self.window.tap("tool-note").await?;
        self.press_on_pages("Enter").await?;
        self.window.find("placing").await?;
        self.window.press("ArrowUp", "").await?;
        self.window.press("Escape", "").await?;
        self.story.until_count(self.window, "placing", 0).await?;
        ensure!(
            self.count_of("mark-note").await? == notes,
            "a discarded note was stored"
        );
        self.has_focus("pages").await
    }

    async fn has_focus(&self, test_id: &str) -> Result<()> {
        self.window
            .until(
                &format!("{test_id} has the focus"),
                "return document.activeElement?.dataset.testid === arguments[0];",
                json!(test_id),
            )
            .await
    }

    async fn until_width(&self, what: &str, is: &str, before: f64) -> Result<()> {
        let script = format!(
            "const before = arguments[0]; const now = document.querySelector('{FRAME}')?.getBoundingClientRect().width ?? 0; return {is};"
        );
        self.window.until(what, &script, json!(before)).await
    }

    async fn width_of(&self, css: &str) -> Result<f64> {
        self.window
            .run(
                "return document.querySelector(arguments[0])?.getBoundingClientRect().width ?? null;",
                vec![json!(css)],
            )
            .await?
            .as_f64()
            .with_context(|| format!("{css} is not there"))
    }

    async fn count_of(&self, test_id: &str) -> Result<usize> {
        let count = self
            .window
            .run(
                "return document.querySelectorAll(`[data-testid=${arguments[0]}]`).length;",
                vec![json!(test_id)],
            )
            .await?;
        usize::try_from(count.as_u64().context("no count")?).context("a count")
    }

    /// A key on the pages themselves.
    async fn press_on_pages(&self, key: &str) -> Result<()> {
        self.window
            .run(
                "document.querySelector('[data-testid=pages]').focus();",
                vec![],
            )
            .await?;
        self.window.press(key, "").await
    }
}
