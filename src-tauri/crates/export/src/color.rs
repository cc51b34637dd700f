//! The colours of marks, by the names that the store and the page use, in the values of the light appearance.

/// A colour of a marker or pen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Color {
    /// gelb
    Yellow,
    /// gruen
    Green,
    /// blau
    Blue,
    /// rosa
    Pink,
    /// rot
    Red,
    /// blei
    Graphite,
}

/// Red, green, blue.
pub(crate) type Rgb = [u8; 3];

impl Color {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Yellow,
        Self::Green,
        Self::Blue,
        Self::Pink,
        Self::Red,
        Self::Graphite,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yellow => "gelb",
            Self::Green => "gruen",
            Self::Blue => "blau",
            Self::Pink => "rosa",
            Self::Red => "rot",
            Self::Graphite => "blei",
        }
    }

    /// The reverse of [`Color::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|color| color.as_str() == name)
    }

    /// As ground under text, which shows through.
    pub(crate) fn marker(self) -> Rgb {
        match self {
            Self::Yellow => [0xff, 0xe8, 0x73],
            Self::Green => [0xc4, 0xeb, 0xb5],
            Self::Blue => [0xc3, 0xe0, 0xfa],
            Self::Pink => [0xfb, 0xcb, 0xdd],
            Self::Red => [0xfb, 0xe0, 0xdc],
            Self::Graphite => [0xdd, 0xe3, 0xe2],
        }
    }

    /// As ink.
    pub(crate) fn pen(self) -> Rgb {
        match self {
            Self::Yellow => [0x8a, 0x6a, 0x00],
            Self::Green => [0x1e, 0x6b, 0x3c],
            Self::Blue => [0x1d, 0x3f, 0x9b],
            Self::Pink => [0x8b, 0x1a, 0x3b],
            Self::Red => [0xb3, 0x20, 0x1b],
            Self::Graphite => [0x4a, 0x53, 0x58],
        }
    }
}
