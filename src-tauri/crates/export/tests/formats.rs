//! The text formats, read by the parsers of others.

mod support;

#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]
mod tests {
    use export::{
        HtmlEntry, HtmlSection, Kind, MarkdownNote, MarkdownSection, html_index, markdown,
        web_annotations, xfdf,
    };
    use pulldown_cmark::{Event, Parser, Tag};
    use serde_json::Value;

    use super::support::marks::{AUTHOR, every_kind};

    const HARD: &str = "a < b & \"c\" *d* _e_ [f](g) # h `i` 1. j \\ k <script> ~ | $ ü";

    #[test]
    fn xfdf_is_sound_xml_with_every_annotation() {
        let mut marks = every_kind((0.0, 0.0));
        marks[0].contents = Some(HARD.to_owned());
        let text = xfdf("Vorlage <1>.pdf", &marks);
        let document = roxmltree::Document::parse(&text).unwrap();
        let root = document.root_element();
        assert_eq!(
            root.tag_name().namespace(),
            Some("http://ns.adobe.com/xfdf/")
        );
        let child = |name: &str| {
            root.children()
                .find(|node| node.has_tag_name(("http://ns.adobe.com/xfdf/", name)))
                .unwrap()
        };
        assert_eq!(child("f").attribute("href"), Some("Vorlage <1>.pdf"));
        let found: Vec<_> = child("annots")
            .children()
            .filter(|node| node.is_element())
            .collect();
        let names: Vec<&str> = found.iter().map(|node| node.tag_name().name()).collect();
        assert_eq!(
            names,
            [
                "text",
                "highlight",
                "underline",
                "strikeout",
                "squiggly",
                "ink",
                "ink",
                "freetext",
                "square",
                "circle",
                "line",
                "line",
                "stamp"
            ]
        );
        for (node, mark) in found.iter().zip(&marks) {
            assert_eq!(node.attribute("title"), Some(AUTHOR));
            assert_eq!(node.attribute("name"), Some(mark.id.name().as_str()));
            assert_eq!(node.attribute("page"), Some("0"));
            assert_eq!(node.attribute("rect").unwrap().split(',').count(), 4);
            let contents = node
                .children()
                .find(|node| node.tag_name().name() == "contents")
                .unwrap();
            match &mark.kind {
                Kind::TextBox { text, .. } => assert_eq!(contents.text(), Some(text.as_str())),
                _ => assert_eq!(contents.text(), mark.contents.as_deref()),
            }
        }
        assert_eq!(found[1].attribute("color"), Some("#FFE873"));
        assert_eq!(
            found[1].attribute("coords"),
            Some("60,314,250,314,60,302,250,302,60,300,180,300,60,288,180,288")
        );
        let gestures: Vec<_> = found[5]
            .descendants()
            .filter(|node| node.tag_name().name() == "gesture")
            .collect();
        assert_eq!(gestures[0].text(), Some("60,140;90,150;130.5,137.75"));
        assert_eq!(
            (found[11].attribute("start"), found[11].attribute("end")),
            (Some("160,380"), Some("240,355"))
        );
    }

    #[test]
    fn web_annotations_keep_the_model() {
        let marks = every_kind((0.0, 0.0));
        let collection: Value =
            serde_json::from_str(&web_annotations("Vorlage 1.pdf", "Notizen", &marks)).unwrap();
        assert_eq!(collection["@context"], "http://www.w3.org/ns/anno.jsonld");
        assert_eq!(
            (&collection["type"], &collection["total"]),
            (&"AnnotationCollection".into(), &13.into())
        );
        let items = collection["first"]["items"].as_array().unwrap();
        let mut ids = std::collections::BTreeSet::new();
        for (item, mark) in items.iter().zip(&marks) {
            // 3.1: one or more targets, an id that is an IRI, the type Annotation.
            assert_eq!(item["type"], "Annotation");
            assert!(ids.insert(item["id"].as_str().unwrap()));
            assert!(item["id"].as_str().unwrap().starts_with("urn:"));
            assert_eq!(item["creator"]["name"], AUTHOR);
            assert_eq!(item["created"], "2025-11-22T08:26:40Z");
            assert_eq!(item["target"]["source"], "Vorlage%201.pdf");
            let selectors = item["target"]["selector"].as_array().unwrap();
            assert_eq!(selectors[0]["type"], "FragmentSelector");
            assert_eq!(selectors[0]["value"], "page=1");
            assert_eq!(selectors[1]["type"], "TextQuoteSelector");
            assert_eq!(selectors[1]["exact"], "Haushalt");
            if let Kind::Ink { .. } = mark.kind {
                let svg = selectors[2]["value"].as_str().unwrap();
                let svg = roxmltree::Document::parse(svg).unwrap();
                let path = svg
                    .descendants()
                    .find(|node| node.tag_name().name() == "path")
                    .unwrap();
                assert_eq!(
                    path.attribute("d"),
                    Some("M60.00 140.00 L90.00 150.00 L130.50 137.75 M150.00 140.00")
                );
            }
        }
        assert_eq!(
            items[7]["body"]["value"],
            "Größe prüfen: Straßenausbaubeitragssatzung\nzweite Zeile"
        );
    }

    #[test]
    fn markdown_says_what_was_written_and_nothing_is_markup() {
        let note = |quote: Option<&str>, text: &str| MarkdownNote {
            place: "Seite 3, Markierung".to_owned(),
            quote: quote.map(str::to_owned),
            text: Some(text.to_owned()),
        };
        let section = |level, title: &str, notes| MarkdownSection {
            level,
            title: title.to_owned(),
            lines: vec!["12. Mai".to_owned()],
            notes,
        };
        let text = markdown(&[
            section(1, HARD, vec![]),
            section(
                2,
                "TOP 5",
                vec![
                    note(
                        Some(HARD),
                        "- erste\n12. zweite\n\n> dritte\n    vierte\n# fünfte",
                    ),
                    note(None, HARD),
                ],
            ),
        ]);
        let (mut words, mut quotes, mut headings) = (Vec::new(), 0, 0);
        let mut line = String::new();
        for event in Parser::new(&text) {
            match event {
                Event::Text(text) => line.push_str(&text),
                Event::Start(Tag::BlockQuote(_)) => quotes += 1,
                Event::Start(Tag::Heading { .. }) => headings += 1,
                Event::Start(Tag::Paragraph | Tag::Strong) => {}
                Event::End(_) => {
                    words.extend(Some(std::mem::take(&mut line)).filter(|line| !line.is_empty()))
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((quotes, headings), (1, 2));
        let place = "Seite 3, Markierung";
        assert_eq!(
            words,
            [
                HARD,
                "12. Mai",
                "TOP 5",
                "12. Mai",
                place,
                HARD,
                "- erste",
                "12. zweite",
                "> dritte",
                "vierte",
                "# fünfte",
                place,
                HARD
            ]
        );
    }

    #[test]
    fn the_page_of_links_is_sound_and_leads_to_files() {
        let entry = |path: Option<&str>| HtmlEntry {
            title: HARD.to_owned(),
            meta: Some("3 Notizen".to_owned()),
            path: path.map(str::to_owned),
        };
        let sections = [HtmlSection {
            title: HARD.to_owned(),
            entries: vec![entry(Some("Stadtrat/Anlage 1 #2.pdf")), entry(None)],
        }];
        let text = html_index("Meine Wahlperiode", "de", &[HARD.to_owned()], &sections);
        // Sound as XML too, but for what HTML leaves open.
        let xml = text
            .replace("<!DOCTYPE html>", "")
            .replace("utf-8\">", "utf-8\"/>")
            .replace("scale=1\">", "scale=1\"/>");
        let document = roxmltree::Document::parse(&xml).unwrap();
        let links: Vec<_> = document
            .descendants()
            .filter(|node| node.has_tag_name("a"))
            .collect();
        assert_eq!(links.len(), 1);
        assert_eq!(
            links[0].attribute("href"),
            Some("Stadtrat/Anlage%201%20%232.pdf")
        );
        assert_eq!(links[0].text(), Some(HARD));
        assert!(
            !document
                .descendants()
                .any(|node| node.has_tag_name("script"))
        );
    }
}
