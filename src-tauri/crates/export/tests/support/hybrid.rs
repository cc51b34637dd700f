//! A hybrid-reference file (ISO 32000-1, 7.5.8.4): a table for old readers, and a stream beside it that names what lies in an
//! object stream.

/// One page of 400 × 500 whose font lies in an object stream.
pub fn pdf() -> Vec<u8> {
    let mut bytes = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    let contents = "BT /F1 14 Tf 60 305 Td (Seite 1: Haushalt der Stadt) Tj ET";
    let inner = "7 0 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 500] /Contents 4 0 R /Resources << /Font << /F1 7 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{contents}\nendstream", contents.len()),
        format!("<< /Type /ObjStm /N 1 /First 4 /Length {} >>\nstream\n{inner}\nendstream", inner.len()),
    ];
    for (object, number) in objects.iter().zip(1..) {
        offsets.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let stream_at = bytes.len();
    // Number 7 is the first object of object stream 5.
    let stream = b"\x02\x00\x05\x00";
    bytes.extend(
        format!("6 0 obj\n<< /Type /XRef /Size 8 /W [1 2 1] /Index [7 1] /Root 1 0 R /Length {} >>\nstream\n", stream.len()).bytes(),
    );
    bytes.extend(stream);
    bytes.extend(b"\nendstream\nendobj\n");
    let table_at = bytes.len();
    bytes.extend(b"xref\n0 8\n0000000000 65535 f \n");
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    bytes.extend(format!("{stream_at:010} 00000 n \n0000000000 00000 f \n").bytes());
    bytes.extend(
        format!("trailer\n<< /Size 8 /Root 1 0 R /XRefStm {stream_at} >>\nstartxref\n{table_at}\n%%EOF\n").bytes(),
    );
    bytes
}
