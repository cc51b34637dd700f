//! Which call fails, and how. Fails nothing itself.

use std::ffi::c_int;

/// What a call is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Open,
    Read,
    Write,
    Truncate,
    Sync,
    /// Makes, moves and removes names.
    Name,
}

impl Class {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Read => "read",
            Self::Write => "write",
            Self::Truncate => "truncate",
            Self::Sync => "sync",
            Self::Name => "name",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [
            Self::Open,
            Self::Read,
            Self::Write,
            Self::Truncate,
            Self::Sync,
            Self::Name,
        ]
        .into_iter()
        .find(|class| class.name() == text)
    }
}

/// What a failing call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Nothing, and sets this error.
    Error(c_int),
    /// Half of what it was asked for, and says so.
    Short,
}

const ERRORS: [(&str, c_int); 6] = [
    ("ENOSPC", libc::ENOSPC),
    ("EDQUOT", libc::EDQUOT),
    ("EIO", libc::EIO),
    ("EINTR", libc::EINTR),
    ("EMFILE", libc::EMFILE),
    ("EROFS", libc::EROFS),
];

/// A fault that is to come.
#[derive(Debug)]
pub(crate) struct Fault {
    class: Class,
    /// Calls of the class before it.
    left: u64,
    how: How,
    name: String,
    is_lasting: bool,
    is_spent: bool,
}

impl Fault {
    /// `CLASS:NUMBER:WHAT:once|on`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let class = Class::parse(parts.next()?)?;
        let left = parts.next()?.parse().ok()?;
        let name = parts.next()?;
        let how = match ERRORS.iter().find(|(known, _)| *known == name) {
            Some((_, code)) => How::Error(*code),
            None if name == "short" => How::Short,
            None => return None,
        };
        let is_lasting = match parts.next()? {
            "once" => false,
            "on" => true,
            _ => return None,
        };
        Some(Self {
            class,
            left,
            how,
            name: name.to_owned(),
            is_lasting,
            is_spent: false,
        })
    }

    /// Counts a call; what it does instead of its work, if it is its turn.
    pub(crate) fn strike(&mut self, class: Class) -> Option<(How, &str)> {
        if class != self.class || self.is_spent {
            return None;
        }
        if self.left > 0 {
            self.left -= 1;
            return None;
        }
        self.is_spent = !self.is_lasting;
        Some((self.how, &self.name))
    }
}
