//! How identifiers and digests stand in CBOR: plain byte strings of fixed length.

use domain::{CouncilId, DeviceId, GroupId, MemberId, Sha256};

/// A value that is `N` bytes on the wire.
pub(crate) trait Fixed<const N: usize>: Sized {
    fn to_fixed(&self) -> [u8; N];
    fn from_fixed(bytes: [u8; N]) -> Self;
}

macro_rules! fixed_id {
    ($($name:ty),*) => {$(
        impl Fixed<16> for $name {
            fn to_fixed(&self) -> [u8; 16] {
                self.to_bytes()
            }
            fn from_fixed(bytes: [u8; 16]) -> Self {
                Self::from_bytes(bytes)
            }
        }
    )*};
}
fixed_id!(CouncilId, MemberId, DeviceId, GroupId);

impl Fixed<32> for Sha256 {
    fn to_fixed(&self) -> [u8; 32] {
        *self.as_bytes()
    }
    fn from_fixed(bytes: [u8; 32]) -> Self {
        Self::from_bytes(bytes)
    }
}

impl<const N: usize> Fixed<N> for [u8; N] {
    fn to_fixed(&self) -> [u8; N] {
        *self
    }
    fn from_fixed(bytes: [u8; N]) -> Self {
        bytes
    }
}

macro_rules! fixed_module {
    ($name:ident, $length:literal) => {
        pub(crate) mod $name {
            use minicbor::decode::{Decoder, Error as DecodeError};
            use minicbor::encode::{Encoder, Error as EncodeError, Write};

            pub(crate) fn encode<C, T: super::Fixed<$length>, W: Write>(
                value: &T,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), EncodeError<W::Error>> {
                e.bytes(&value.to_fixed())?;
                Ok(())
            }

            pub(crate) fn decode<'b, C, T: super::Fixed<$length>>(
                d: &mut Decoder<'b>,
                _: &mut C,
            ) -> Result<T, DecodeError> {
                let bytes: [u8; $length] = d
                    .bytes()?
                    .try_into()
                    .map_err(|_| DecodeError::message("a byte string of another length"))?;
                Ok(T::from_fixed(bytes))
            }
        }
    };
}
fixed_module!(bytes16, 16);
fixed_module!(bytes32, 32);
fixed_module!(bytes64, 64);
