//! The fictional demonstration council and its PDFs.
