//! Web Annotations (W3C Recommendation, 23 February 2017): each mark with the words it stands at, so that it can be found again in
//! any form of the paper.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Map, Value, json};

use crate::annotation::{Annotation, Kind, Markup};

/// What the model's keys mean.
const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";
/// Pages of a PDF as a fragment.
const PDF_FRAGMENT: &str = "http://tools.ietf.org/rfc/rfc3778";

/// Annotations as one collection, as JSON.
///
/// * `paper` – what the file they belong to is called; its place is where the collection lies.
/// * `label` – what the collection is called.
pub fn web_annotations(paper: &str, label: &str, annotations: &[Annotation]) -> String {
    let items: Vec<Value> = annotations
        .iter()
        .map(|one| annotation(paper, one))
        .collect();
    let collection = json!({
        "@context": CONTEXT,
        "type": "AnnotationCollection",
        "label": label,
        "total": items.len(),
        "first": { "type": "AnnotationPage", "startIndex": 0, "items": items },
    });
    // Pretty, because people will look into it.
    let mut text = format!("{collection:#}");
    text.push('\n');
    text
}

fn annotation(paper: &str, annotation: &Annotation) -> Value {
    let mut selectors = vec![json!({
        "type": "FragmentSelector",
        "conformsTo": PDF_FRAGMENT,
        "value": format!("page={}", u64::from(annotation.page) + 1),
    })];
    if let Some(quote) = &annotation.quote {
        let mut selector = Map::new();
        selector.insert("type".to_owned(), json!("TextQuoteSelector"));
        selector.insert("exact".to_owned(), json!(quote.exact));
        for (key, words) in [("prefix", &quote.prefix), ("suffix", &quote.suffix)] {
            if !words.is_empty() {
                selector.insert(key.to_owned(), json!(words));
            }
        }
        selectors.push(Value::Object(selector));
    }
    selectors.extend(drawn(&annotation.kind).map(|path| {
        // The page's own coordinates count upward, those of SVG downward.
        let value = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><path transform=\"scale(1,-1)\" fill=\"none\" d=\"{path}\"/></svg>"
        );
        json!({ "type": "SvgSelector", "value": value })
    }));
    let mut one = Map::new();
    one.insert(
        "id".to_owned(),
        json!(format!("urn:x-ratsmappe:{}", annotation.id.name())),
    );
    one.insert("type".to_owned(), json!("Annotation"));
    one.insert("motivation".to_owned(), json!(motivation(annotation)));
    one.insert(
        "creator".to_owned(),
        json!({ "type": "Person", "name": annotation.author }),
    );
    for (key, at_ms) in [
        ("created", annotation.created_ms),
        ("modified", annotation.modified_ms),
    ] {
        if let Some(at) = DateTime::from_timestamp_millis(at_ms) {
            one.insert(
                key.to_owned(),
                json!(at.to_rfc3339_opts(SecondsFormat::Secs, true)),
            );
        }
    }
    if let Some(words) = words(annotation) {
        let body = json!({ "type": "TextualBody", "value": words, "format": "text/plain", "purpose": "commenting" });
        one.insert("body".to_owned(), body);
    }
    one.insert(
        "target".to_owned(),
        json!({ "source": super::escape::href(paper), "selector": selectors }),
    );
    Value::Object(one)
}

fn motivation(annotation: &Annotation) -> &'static str {
    match (&annotation.kind, words(annotation)) {
        (_, Some(_)) => "commenting",
        (
            Kind::Text {
                markup: Markup::Highlight | Markup::Underline,
                ..
            }
            | Kind::Brush { .. },
            None,
        ) => "highlighting",
        (Kind::Text { .. }, None) => "editing",
        _ => "describing",
    }
}

fn words(annotation: &Annotation) -> Option<&str> {
    match &annotation.kind {
        Kind::TextBox { text, .. } => Some(text),
        Kind::Stamp { name, .. } => Some(annotation.contents.as_deref().unwrap_or(name.label())),
        _ => annotation
            .contents
            .as_deref()
            .filter(|words| !words.is_empty()),
    }
}

/// What is drawn by hand, as a path.
fn drawn(kind: &Kind) -> Option<String> {
    let line = |points: &[(f32, f32)]| -> String {
        let steps = points.iter().enumerate().map(|(index, (x, y))| {
            let letter = if index == 0 { "M" } else { "L" };
            format!("{letter}{x:.2} {y:.2}")
        });
        steps.collect::<Vec<_>>().join(" ")
    };
    match kind {
        Kind::Ink { strokes, .. } | Kind::Brush { strokes, .. } => {
            let strokes = strokes.iter().map(|stroke| {
                let points: Vec<(f32, f32)> = stroke
                    .iter()
                    .map(|point| (point.at.x, point.at.y))
                    .collect();
                line(&points)
            });
            Some(strokes.collect::<Vec<_>>().join(" "))
        }
        Kind::Line { from, to, .. } => Some(line(&[(from.x, from.y), (to.x, to.y)])),
        Kind::Shape { rect, .. } | Kind::TextBox { rect, .. } | Kind::Stamp { rect, .. } => {
            Some(format!(
                "{} Z",
                line(&[
                    (rect.left, rect.bottom),
                    (rect.right, rect.bottom),
                    (rect.right, rect.top),
                    (rect.left, rect.top)
                ])
            ))
        }
        Kind::Note { .. } | Kind::Text { .. } => None,
    }
}
