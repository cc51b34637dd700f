//! What is drawn: the right pixels in the right place, at any zoom, for any rotation.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::{Page, halves, open, pdf, pdf_with, request, start};
use image::RgbImage;
use reader::{AnnotationPlace, DocId, Encoded, Reader, ReaderError, Rect, Rotation, TileRect};

fn decode(encoded: &Encoded) -> RgbImage {
    let image = image::load_from_memory(&encoded.png).unwrap().to_rgb8();
    assert_eq!(image.dimensions(), (encoded.width, encoded.height));
    image
}

fn render(reader: &Reader, doc: DocId, scale: f32, tile: Option<TileRect>) -> RgbImage {
    decode(&reader.render(request(doc, 0, scale, tile)).unwrap())
}

const BLACK: [u8; 3] = [0; 3];
const WHITE: [u8; 3] = [255; 3];
const RED: [u8; 3] = [255, 0, 0];

#[test]
fn a_page_fills_its_pixels_exactly() {
    let reader = start();
    // A width of 100.9 pt tells whether PDFium cuts sizes to whole points on this way of drawing.
    let doc = open(&reader, halves("/MediaBox[0 0 100.9 100.9]", 100.9, 100.9)).unwrap();
    let image = render(&reader, doc, 10.0, None);
    assert_eq!(image.dimensions(), (1009, 1009));
    assert_eq!(image.get_pixel(503, 10).0, BLACK);
    assert_eq!(image.get_pixel(506, 10).0, WHITE);
    assert_eq!(
        image.get_pixel(99, 1008).0,
        RED,
        "red, not blue: channel order"
    );
}

#[test]
fn a_drawing_tells_how_its_page_is_shown_as_asking_does() {
    let reader = start();
    let turned = || halves("/MediaBox[10 20 110 220]/Rotate 90", 110.0, 220.0);
    let (drawn, asked) = (
        open(&reader, turned()).unwrap(),
        open(&reader, turned()).unwrap(),
    );
    let told = reader
        .render(request(drawn, 0, 1.0, None))
        .unwrap()
        .geometry;
    assert_eq!(told.rotation, Rotation::Quarter);
    assert_eq!(reader.page_geometry(drawn, 0).unwrap(), told);
    assert_eq!(reader.page_geometry(asked, 0).unwrap(), told);
    reader.close(drawn).unwrap();
    assert!(
        matches!(
            reader.page_geometry(drawn, 0),
            Err(ReaderError::UnknownDocument)
        ),
        "what was learned goes with the document"
    );
}

#[test]
fn tiles_put_together_are_the_page() {
    let reader = start();
    let content = "BT /F 20 Tf 10 60 Td (Ratsmappe) Tj ET 0 0 1 RG 3 w 5 5 m 95 190 l S";
    let page = Page {
        entries: "/MediaBox[0 0 100 200]",
        content,
    };
    let doc = open(&reader, pdf(&[page])).unwrap();
    let whole = render(&reader, doc, 3.0, None);
    let mut joined = RgbImage::new(300, 600);
    for (x, y) in (0..600)
        .step_by(128)
        .flat_map(|y| (0..300).step_by(128).map(move |x| (x, y)))
    {
        let tile = render(
            &reader,
            doc,
            3.0,
            Some(TileRect {
                x,
                y,
                w: 128,
                h: 128,
            }),
        );
        image::imageops::replace(&mut joined, &tile, i64::from(x), i64::from(y));
    }
    assert!(whole.pixels().any(|pixel| pixel.0 == [0, 0, 255]));
    let unlike = whole
        .pixels()
        .zip(joined.pixels())
        .filter(|(a, b)| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > 2))
        .count();
    assert_eq!(
        unlike, 0,
        "pixels that differ between the page and its tiles"
    );
}

#[test]
fn a_tile_at_enormous_zoom_needs_only_its_own_pixels() {
    let reader = start();
    let doc = open(&reader, halves("/MediaBox[0 0 1000 1000]", 1000.0, 1000.0)).unwrap();
    // The page would have 10¹² pixels.
    let at = |x| {
        let tile = TileRect {
            x,
            y: 500_000,
            w: 8,
            h: 8,
        };
        render(&reader, doc, 1000.0, Some(tile)).get_pixel(4, 4).0
    };
    assert_eq!(at(499_900), BLACK);
    assert_eq!(at(500_100), WHITE);
    let error = reader.render(request(doc, 0, 1000.0, None)).unwrap_err();
    assert!(matches!(error, ReaderError::TooLarge), "{error:?}");
}

#[test]
fn turned_pages_are_drawn_and_measured_as_displayed() {
    let reader = start();
    // The red corner lies at the lower left of the unrotated page; where it is displayed, clockwise:
    for (degrees, rotation, red_at) in [
        (0, Rotation::None, (2, 297)),
        (90, Rotation::Quarter, (2, 2)),
        (180, Rotation::Half, (197, 2)),
        (270, Rotation::ThreeQuarter, (297, 197)),
    ] {
        let entries = format!("/MediaBox[0 0 200 300]/Rotate {degrees}");
        let doc = open(&reader, halves(&entries, 200.0, 300.0)).unwrap();
        let encoded = reader.render(request(doc, 0, 1.0, None)).unwrap();
        let image = decode(&encoded);
        let turned = degrees % 180 == 90;
        assert_eq!(
            image.dimensions(),
            if turned { (300, 200) } else { (200, 300) }
        );
        assert_eq!(
            image.get_pixel(red_at.0, red_at.1).0,
            RED,
            "turned by {degrees}"
        );
        let geometry = reader.page_geometry(doc, 0).unwrap();
        assert_eq!(geometry, encoded.geometry);
        assert_eq!(geometry.rotation, rotation);
        // The same corner by arithmetic: what a mark at (2, 2) page points is drawn at.
        let (x, y) = geometry.to_display(2.0, 2.0);
        assert_eq!(
            image.get_pixel(x as u32, y as u32).0,
            RED,
            "turned by {degrees}"
        );
    }
}

#[test]
fn a_crop_box_moves_the_origin() {
    let reader = start();
    let entries = "/MediaBox[0 0 200 300]/CropBox[10 5 110 105]";
    let doc = open(&reader, halves(entries, 200.0, 300.0)).unwrap();
    let geometry = reader.page_geometry(doc, 0).unwrap();
    assert_eq!(Rect::ordered(10.0, 5.0, 110.0, 105.0), Some(geometry.shown));
    let image = render(&reader, doc, 1.0, None);
    assert_eq!(image.dimensions(), (100, 100));
    let (x, y) = geometry.to_display(15.0, 10.0);
    assert_eq!(image.get_pixel(x as u32, y as u32).0, RED);
}

#[test]
fn form_fields_and_annotations_are_shown() {
    let reader = start();
    // A drawn square, and a text field with its appearance, as visible signatures have one.
    let page = Page {
        entries: "/MediaBox[0 0 100 100]/Annots[6 0 R 7 0 R]",
        content: "",
    };
    let paint = "0 1 0 rg 0 0 40 40 re f";
    let further = [
        "<</Type/Annot/Subtype/Square/Rect[50 0 100 100]/F 4/IC[0 0 1]/C[0 0 1]>>".to_owned(),
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Name)/Rect[5 5 45 45]/F 4/AP<</N 8 0 R>>>>"
            .to_owned(),
        format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 40 40]/Length {}>>stream\n{paint}\nendstream",
            paint.len() + 1
        ),
    ];
    let bytes = pdf_with(&[page], "/AcroForm<</Fields[7 0 R]>>", &further);
    let doc = open(&reader, bytes).unwrap();
    let image = render(&reader, doc, 1.0, None);
    assert_eq!(image.get_pixel(75, 50).0, [0, 0, 255]);
    assert_eq!(image.get_pixel(25, 75).0, [0, 255, 0]);
}

#[test]
fn annotations_that_are_ones_own_are_not_drawn_and_come_back() {
    let reader = start();
    let page = |entries| Page {
        entries,
        content: "",
    };
    let square = |place: &str, more: &str| {
        format!("<</Type/Annot/Subtype/Square/Rect[{place}]/IC[0 0 1]/C[0 0 1]{more}>>")
    };
    // The second one is not in an object of its own, and the third was hidden by whoever made it.
    let inside = square("0 50 50 100", "/F 4");
    let entries = format!("/MediaBox[0 0 100 100]/Annots[8 0 R {inside} 9 0 R]");
    let further = [
        square("50 0 100 50", "/F 4"),
        square("50 50 100 100", "/F 2"),
    ];
    let pages = [page(entries.as_str()), page("/MediaBox[0 0 100 100]")];
    let doc = open(&reader, pdf_with(&pages, "", &further)).unwrap();
    let seen = || {
        let image = render(&reader, doc, 1.0, None);
        [(75, 75), (25, 25), (75, 25)].map(|(x, y)| image.get_pixel(x, y).0 != WHITE)
    };
    assert_eq!(seen(), [true, true, false]);
    let place = |page, number| AnnotationPlace { page, number };
    reader.hide(doc, vec![place(0, 1)]).unwrap();
    assert_eq!(seen(), [true, false, false]);
    // Another page is read, and numbers that are none are left alone.
    reader
        .hide(
            doc,
            vec![place(0, 0), place(0, 2), place(0, 99), place(7, 0)],
        )
        .unwrap();
    reader.text(doc, 1).unwrap();
    assert_eq!(seen(), [false, true, false]);
    reader.hide(doc, Vec::new()).unwrap();
    assert_eq!(
        seen(),
        [true, true, false],
        "each has the flags that it came with"
    );
    reader.close(doc).unwrap();
    assert!(matches!(
        reader.hide(doc, Vec::new()),
        Err(ReaderError::UnknownDocument)
    ));
}

/// A page with a photograph (many colours), a scan (mostly white) and a line of text: in the dark the photograph alone is as it
/// was, on every tile.
#[test]
fn dark_pages_leave_photographs_alone() {
    let reader = start();
    let picture = |colour: &dyn Fn(u32) -> [u8; 3], place: &str| {
        let hex: String = (0..64)
            .flat_map(colour)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("q {place} cm BI /W 8 /H 8 /CS /RGB /BPC 8 /F /AHx ID {hex}> EI Q ")
    };
    let photo = picture(&|at| [(at * 3) as u8, 90, 160], "80 0 0 80 10 200");
    let scan = picture(
        &|at| if at % 8 == 0 { [10; 3] } else { [250; 3] },
        "80 0 0 80 110 200",
    );
    let content = format!("{photo}{scan} 0 g 10 10 80 80 re f 0 0 1 rg 110 10 80 80 re f");
    let page = Page {
        entries: "/MediaBox[0 0 200 300]",
        content: &content,
    };
    let doc = open(&reader, pdf(&[page])).unwrap();
    let light = render(&reader, doc, 2.0, None);
    let dark = |tile| {
        let request = reader::RenderRequest {
            is_dark: true,
            ..request(doc, 0, 2.0, tile)
        };
        decode(&reader.render(request).unwrap())
    };
    let whole = dark(None);
    let at = |image: &RgbImage, x: u32, y: u32| image.get_pixel(x, y).0;
    for (x, y) in [(24, 44), (100, 100), (170, 170)] {
        assert_eq!(
            at(&whole, x, y),
            at(&light, x, y),
            "the photograph at {x}, {y}"
        );
    }
    assert_eq!(at(&whole, 5, 5), [26; 3], "paper");
    assert!(at(&whole, 340, 100)[0] < 40, "the scan's paper");
    assert_eq!(at(&whole, 100, 500), [244; 3], "ink");
    let [r, _, b] = at(&whole, 300, 500);
    assert!(b > 200 && b > r, "blue stays blue and gets light");
    let part = TileRect {
        x: 100,
        y: 100,
        w: 150,
        h: 200,
    };
    let tile = dark(Some(part));
    for (x, y, pixel) in tile.enumerate_pixels() {
        assert_eq!(
            pixel.0,
            at(&whole, x + part.x, y + part.y),
            "tile at {x}, {y}"
        );
    }
}

/// What was filled in is shown, whether the program that filled it in has drawn it or left that to others.
#[test]
fn values_of_form_fields_are_shown_without_appearances() {
    let reader = start();
    let page = Page {
        entries: "/MediaBox[0 0 200 100]/Annots[6 0 R 7 0 R]",
        content: "",
    };
    let field = |kind: &str, value: &str, rect: &str| {
        format!(
            "<</Type/Annot/Subtype/Widget/FT/{kind}/T({kind}{value})/V({value})/DA(/F 24 Tf 0 g)/Rect[{rect}]/F 4\
             /MK<<>>/P 4 0 R/Opt[(ja)(nein)]/Ff 131072>>"
        )
    };
    let fields = [
        field("Tx", "Aldenhoff", "5 55 195 95"),
        field("Ch", "ja", "5 5 195 45"),
    ];
    for needs in ["", "/NeedAppearances true"] {
        let form = format!(
            "/AcroForm<</Fields[6 0 R 7 0 R]/DA(/F 24 Tf 0 g)/DR<</Font<</F 3 0 R>>>>{needs}>>"
        );
        let doc = open(
            &reader,
            pdf_with(std::slice::from_ref(&page), &form, &fields),
        )
        .unwrap();
        let image = render(&reader, doc, 2.0, None);
        for (what, rows) in [("the name", 10..90), ("the choice", 110..190)] {
            let dark = rows
                .flat_map(|y| (10..390).map(move |x| (x, y)))
                .filter(|(x, y)| image.get_pixel(*x, *y).0.iter().all(|part| *part < 100))
                .count();
            assert!(dark > 50, "{what} is shown {needs}: {dark} dark pixels");
        }
    }
}

#[test]
fn more_pages_than_are_kept_and_back_again() {
    let reader = start();
    let content: Vec<String> = (0..30)
        .map(|n| format!("{} g 0 0 10 10 re f", n as f32 / 30.0))
        .collect();
    let pages: Vec<Page<'_>> = content
        .iter()
        .map(|content| Page {
            entries: "/MediaBox[0 0 10 10]",
            content,
        })
        .collect();
    let doc = open(&reader, pdf(&pages)).unwrap();
    for page in (0..30).chain((0..30).rev()) {
        let image = decode(&reader.render(request(doc, page, 1.0, None)).unwrap());
        let grey = i32::from(image.get_pixel(5, 5).0[0]);
        let expected = (page as f32 / 30.0 * 255.0).round() as i32;
        assert!((grey - expected).abs() <= 1, "page {page} shows {grey}");
    }
}
