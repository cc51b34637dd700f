//! Deterministic CBOR: the one encoding of everything that is signed or hashed, and the lenient reading of object payloads.
//! Source: SPEC N1–N5, RFC 8949 §4.2.1.

use minicbor::{Decode, Encode};

/// Why bytes are not the expected CBOR.
#[derive(Debug, thiserror::Error)]
pub enum CborError {
    /// Not CBOR, not this structure, or bytes left over.
    #[error("the bytes are not the expected CBOR structure")]
    Malformed(#[source] minicbor::decode::Error),
    /// Readable, but not in the one deterministic form.
    #[error("the bytes are not in deterministic form")]
    NotDeterministic,
    /// Bytes after the end of the structure.
    #[error("bytes follow after the end of the structure")]
    TrailingBytes,
    /// A version that this program does not know.
    #[error("version {0} of this structure is unknown")]
    UnknownVersion(u32),
}

/// Encodes in deterministic form: integer keys ascending, shortest lengths, absent options left out.
pub fn to_cbor<T: Encode<()>>(value: &T) -> Vec<u8> {
    // A Vec takes every byte and no Encode in this crate reports an error; empty bytes would decode nowhere.
    minicbor::to_vec(value).unwrap_or_default()
}

// Meets: O.Source_1, MASVS-CODE-4
/// Decodes what is signed or hashed: the bytes must be exactly what [`to_cbor`] gives for the result.
///
/// Errors: malformed, not deterministic (this includes unknown keys and bytes left over). Source: SPEC N1.
pub fn from_cbor_exact<T>(bytes: &[u8]) -> Result<T, CborError>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    let value: T = minicbor::decode(bytes).map_err(CborError::Malformed)?;
    if to_cbor(&value) == bytes {
        Ok(value)
    } else {
        Err(CborError::NotDeterministic)
    }
}

/// Decodes a message or object payload: unknown keys are ignored, bytes left over are not.
///
/// Errors: malformed, trailing bytes. Source: SPEC N3.
pub fn from_cbor_lenient<T>(bytes: &[u8]) -> Result<T, CborError>
where
    T: for<'b> Decode<'b, ()>,
{
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(CborError::Malformed)?;
    if decoder.position() == bytes.len() {
        Ok(value)
    } else {
        Err(CborError::TrailingBytes)
    }
}

/// A structure with its version in front: `{0: version, 1: body}`.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Versioned<T> {
    #[n(0)]
    version: u32,
    #[n(1)]
    body: T,
}

/// Reads only key 0, so that a later version is named and not called malformed.
#[derive(Decode)]
#[cbor(map)]
struct VersionOnly {
    #[n(0)]
    version: u32,
}

/// Refuses every version but `known`, before anything else is looked at. Source: SPEC N2.
pub(crate) fn check_version(bytes: &[u8], known: u32) -> Result<(), CborError> {
    let found: VersionOnly = from_cbor_lenient(bytes)?;
    if found.version == known {
        Ok(())
    } else {
        Err(CborError::UnknownVersion(found.version))
    }
}

/// Encodes `{0: version, 1: body}`.
pub(crate) fn to_versioned<T: Encode<()>>(version: u32, body: &T) -> Vec<u8> {
    to_cbor(&Versioned { version, body })
}

/// Decodes `{0: version, 1: body}` exactly; the version is looked at first.
pub(crate) fn from_versioned<T>(version: u32, bytes: &[u8]) -> Result<T, CborError>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    check_version(bytes, version)?;
    Ok(from_cbor_exact::<Versioned<T>>(bytes)?.body)
}

/// `#[cbor(with = "crate::cbor::spki_list")]`: SHA-256 digests as an array of byte strings.
pub(crate) mod spki_list {
    use minicbor::decode::{Decoder, Error as DecodeError};
    use minicbor::encode::{Encoder, Error as EncodeError, Write};

    pub(crate) fn encode<C, W: Write>(
        list: &[[u8; 32]],
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        e.array(list.len() as u64)?;
        for item in list {
            e.bytes(item)?;
        }
        Ok(())
    }

    pub(crate) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<[u8; 32]>, DecodeError> {
        let position = d.position();
        let count = d
            .array()?
            .ok_or_else(|| DecodeError::message("indefinite array").at(position))?;
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(super::fixed(d)?);
        }
        Ok(list)
    }
}

/// `#[cbor(with = "crate::cbor::optional_bytes", has_nil)]`: a byte string or nothing.
pub(crate) mod optional_bytes {
    use minicbor::decode::{Decoder, Error as DecodeError};
    use minicbor::encode::{Encoder, Error as EncodeError, Write};

    pub(crate) fn encode<C, W: Write>(
        bytes: &Option<Vec<u8>>,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        match bytes {
            Some(bytes) => e.bytes(bytes)?,
            None => e.null()?,
        };
        Ok(())
    }

    pub(crate) fn decode<C>(
        d: &mut Decoder<'_>,
        _: &mut C,
    ) -> Result<Option<Vec<u8>>, DecodeError> {
        if d.datatype()? == minicbor::data::Type::Null {
            d.null()?;
            return Ok(None);
        }
        Ok(Some(d.bytes()?.to_vec()))
    }

    pub(crate) fn nil() -> Option<Option<Vec<u8>>> {
        Some(None)
    }

    pub(crate) fn is_nil(bytes: &Option<Vec<u8>>) -> bool {
        bytes.is_none()
    }
}

/// A byte string of exactly `N` bytes.
pub(crate) fn fixed<const N: usize>(
    d: &mut minicbor::Decoder<'_>,
) -> Result<[u8; N], minicbor::decode::Error> {
    let position = d.position();
    <[u8; N]>::try_from(d.bytes()?)
        .map_err(|_| minicbor::decode::Error::message("byte string of another length").at(position))
}

/// Encode and Decode of a tuple struct over a fixed byte array, as a byte string.
macro_rules! cbor_fixed_bytes {
    ($name:ident) => {
        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?;
                Ok(())
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                Ok(Self($crate::cbor::fixed(d)?))
            }
        }
    };
}
pub(crate) use cbor_fixed_bytes;
