//! Sheets of words, and papers bound behind one: read by qpdf, drawn and read by poppler and MuPDF.

mod support;

#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use export::{Look, Part, Sheet, annotate, bind};
    use lopdf::{Document, Object, dictionary};

    use super::support::image::Picture;
    use super::support::marks::every_kind;
    use super::support::pages::Shape;
    use super::support::tools::*;

    fn sheet() -> Sheet {
        let mut sheet = Sheet::new().unwrap();
        sheet.text(Look::Title, "Sitzung des Stadtrates – Größe „XXL“");
        sheet.text(Look::Meta, "Rathaus, 17. November");
        sheet.rule();
        sheet.row(Look::Body, "1", "Haushalt der Stadt", 30.0, Some(0));
        sheet.row(
            Look::Body,
            "2",
            "Straßenausbaubeitragssatzung ".repeat(12).trim(),
            30.0,
            Some(2),
        );
        sheet
    }

    fn part(title: &str, level: u8, pdf: Option<Vec<u8>>) -> Part {
        Part {
            title: title.to_owned(),
            level,
            label: format!("{title} – "),
            pdf,
        }
    }

    fn pack() -> Vec<u8> {
        let shapes = Shape::all();
        let annotated = annotate(&shapes[0].pdf(), &every_kind((0.0, 0.0))).unwrap();
        let parts = vec![
            part("TOP 1 Haushalt", 0, None),
            part("Vorlage", 1, Some(annotated)),
            part("TOP 2 Straße", 0, Some(shapes[6].pdf())),
            part(
                "TOP 3 Sonstiges",
                0,
                Some(qpdf(&shapes[2].pdf(), &["--object-streams=generate"])),
            ),
        ];
        bind(sheet(), parts, ("Stadtrat", "de"), |page, count| {
            format!("{page} von {count}")
        })
        .unwrap()
    }

    const READ: &str = r#"
var doc = new PDFDocument(scriptArgs[0]);
function pageOf(uri) { return Number(/page=([0-9]+)/.exec(uri)[1]) - 1; }
function entries(list) { return (list || []).map(function (one) {
  return { title: one.title, page: pageOf(one.uri), down: entries(one.down) };
}); }
var links = doc.loadPage(0).getLinks().map(function (link) { return pageOf(link.uri); });
print(JSON.stringify({ count: doc.countPages(), outline: entries(doc.loadOutline()), links: links }));
"#;

    #[test]
    fn a_pack_has_bookmarks_links_and_page_numbers() {
        let pack = pack();
        assert_eq!(qpdf_complaints(&pack), "");
        let read = mutool_run(&pack, READ);
        assert_eq!(read["count"], 7);
        let outline = &read["outline"];
        let titles: Vec<&str> = outline
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["title"].as_str().unwrap())
            .collect();
        assert_eq!(
            titles,
            [
                "Stadtrat",
                "TOP 1 Haushalt",
                "TOP 2 Straße",
                "TOP 3 Sonstiges"
            ]
        );
        assert_eq!(outline[1]["down"][0]["title"], "Vorlage");
        assert_eq!(
            (
                &outline[1]["page"],
                &outline[2]["page"],
                &outline[3]["page"]
            ),
            (&1.into(), &3.into(), &5.into())
        );
        let links = read["links"].as_array().unwrap();
        assert_eq!(links[0], 1);
        assert!(
            links[1..].iter().all(|page| *page == 3),
            "each line of a long row leads there"
        );
        let document = Document::load_mem(&pack).unwrap();
        let labels = document
            .catalog()
            .unwrap()
            .get(b"PageLabels")
            .unwrap()
            .as_dict()
            .unwrap();
        let nums = labels.get(b"Nums").unwrap().as_array().unwrap();
        let starts: Vec<i64> = nums.iter().filter_map(|num| num.as_i64().ok()).collect();
        assert_eq!(starts, [0, 1, 3, 5]);
    }

    #[test]
    fn what_is_bound_looks_as_before() {
        let (pack, shapes) = (pack(), Shape::all());
        let annotated = annotate(&shapes[0].pdf(), &every_kind((0.0, 0.0))).unwrap();
        for (at, before) in [(2, annotated), (4, shapes[6].pdf()), (6, shapes[2].pdf())] {
            let (before, after) = (drawn_by_mupdf(&before, 1), drawn_by_mupdf(&pack, at));
            assert!(
                Picture::of(&before)
                    .differing(&Picture::of(&after))
                    .is_empty(),
                "page {at}"
            );
        }
        let words = words(&pack);
        for word in [
            "Größe „XXL“",
            "Haushalt der Stadt",
            "1 von 1",
            "Rathaus, 17. November",
        ] {
            assert!(words.contains(word), "{word}");
        }
    }

    #[test]
    fn a_link_by_name_still_leads_to_its_place() {
        let mut paper = Document::load_mem(&Shape::all()[0].pdf()).unwrap();
        let pages: Vec<_> = paper.page_iter().collect();
        let link = paper.add_object(dictionary! {
            "Subtype" => "Link", "Rect" => vec![1.into(), 1.into(), 9.into(), 9.into()],
            "A" => dictionary! { "S" => "GoTo", "D" => Object::string_literal("anlage") },
        });
        paper
            .get_dictionary_mut(pages[0])
            .unwrap()
            .set("Annots", vec![Object::Reference(link)]);
        let place = vec![pages[1].into(), "Fit".into()];
        let names = dictionary! { "Dests" => dictionary! { "Names" => vec![Object::string_literal("anlage"), place.into()] } };
        paper.catalog_mut().unwrap().set("Names", names);
        let mut bytes = Vec::new();
        paper.save_to(&mut bytes).unwrap();
        let pack = bind(
            sheet(),
            vec![part("Vorlage", 0, Some(bytes))],
            ("x", "de"),
            |_, _| String::new(),
        )
        .unwrap();
        let script = "var doc = new PDFDocument(scriptArgs[0]); \
            print(JSON.stringify(Number(/page=([0-9]+)/.exec(doc.loadPage(1).getLinks()[0].uri)[1])));";
        assert_eq!(mutool_run(&pack, script), 3);
    }

    #[test]
    fn the_part_that_cannot_be_bound_is_named() {
        let parts = vec![
            part("gut", 0, Some(Shape::all()[0].pdf())),
            part("schlecht", 0, Some(b"no PDF".to_vec())),
        ];
        let error = bind(sheet(), parts, ("x", "de"), |_, _| String::new()).unwrap_err();
        assert_eq!((error.part, error.source.code()), (Some(1), "unreadable"));
    }

    #[test]
    fn long_sheets_go_on_and_keep_headings_with_what_follows() {
        let mut sheet = Sheet::new().unwrap();
        for number in 0..60 {
            sheet.text(Look::Heading, &format!("Abschnitt {number}"));
            sheet.text(
                Look::Body,
                &"Die Verwaltung wird beauftragt. ".repeat(number % 7 + 1),
            );
        }
        let count = sheet.page_count();
        assert!(count > 3);
        let bytes = sheet
            .finish("Rede", "de", |page, count| {
                format!("Seite {page} von {count}")
            })
            .unwrap();
        assert_eq!(qpdf_complaints(&bytes), "");
        let words = words(&bytes);
        for number in 0..60 {
            assert!(words.contains(&format!("Abschnitt {number}")), "{number}");
        }
        assert!(words.contains(&format!("Seite {count} von {count}")));
        for page in words.split('\x0c') {
            let lines: Vec<&str> = page
                .lines()
                .filter(|line| !line.trim().is_empty())
                .collect();
            let before_foot = lines.len().checked_sub(2).and_then(|at| lines.get(at));
            assert!(
                !before_foot.is_some_and(|line| line.contains("Abschnitt")),
                "a heading alone: {page}"
            );
        }
    }

    #[test]
    fn a_label_stands_on_the_line_where_its_words_begin() {
        let mut sheet = Sheet::new().unwrap();
        for number in 0..200 {
            sheet.row(
                Look::Body,
                &format!("N{number}."),
                &format!("Punkt{number}"),
                40.0,
                None,
            );
        }
        let bytes = sheet.finish("Liste", "de", |_, _| String::new()).unwrap();
        let words = words(&bytes);
        for number in 0..200 {
            let together = words.lines().any(|line| {
                let mut parts = line.split_whitespace();
                parts.next() == Some(&format!("N{number}."))
                    && parts.next() == Some(&format!("Punkt{number}"))
            });
            assert!(together, "{number}");
        }
    }
}
