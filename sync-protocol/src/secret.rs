//! Newtypes of 32 secret bytes: wiped when dropped, never printed, compared in constant time.

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::RandomUnavailable;
use crate::primitive::fill_random;

/// 32 secret bytes in one place of the heap: moved they leave no copy on the stack, which whatever is made there next would carry
/// on in its unused bytes. Wiped when dropped.
#[derive(Clone)]
pub(crate) struct Secret(Box<[u8; 32]>);

impl Secret {
    pub(crate) fn take(mut bytes: [u8; 32]) -> Self {
        let mut kept = Self(Box::default());
        kept.0.copy_from_slice(&bytes);
        bytes.zeroize();
        kept
    }

    pub(crate) fn make() -> Result<Self, RandomUnavailable> {
        let mut made = Self(Box::default());
        fill_random(&mut *made.0)?;
        Ok(made)
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Secret {}

macro_rules! secret_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name($crate::secret::Secret);

        impl $name {
            /// Takes over 32 bytes that were stored before.
            pub fn from_bytes(bytes: [u8; 32]) -> Self {
                Self($crate::secret::Secret::take(bytes))
            }

            /// Makes a random key.
            ///
            /// Errors: no randomness.
            pub fn make() -> Result<Self, $crate::RandomUnavailable> {
                $crate::secret::Secret::make().map(Self)
            }

            /// The secret bytes, to be sealed and stored; never to be logged.
            pub fn expose(&self) -> &[u8; 32] {
                self.0.bytes()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::primitive::bytes_equal(self.expose(), other.expose())
            }
        }

        impl Eq for $name {}
    };
}
pub(crate) use secret_key;
