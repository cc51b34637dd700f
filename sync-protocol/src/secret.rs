//! Newtypes of 32 secret bytes: wiped when dropped, never printed, compared in constant time.

macro_rules! secret_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(zeroize::Zeroizing<[u8; 32]>);

        impl $name {
            /// Takes over 32 bytes that were stored before.
            pub fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(zeroize::Zeroizing::new(bytes))
            }

            /// Makes a random key.
            ///
            /// Errors: no randomness.
            pub fn make() -> Result<Self, $crate::RandomUnavailable> {
                Ok(Self::from_bytes($crate::primitive::make_random()?))
            }

            /// The secret bytes, to be sealed and stored; never to be logged.
            pub fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::primitive::bytes_equal(&self.0, &other.0)
            }
        }

        impl Eq for $name {}
    };
}
pub(crate) use secret_key;
