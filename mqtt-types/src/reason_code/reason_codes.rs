//! Lists of Reason Codes in SUBACK and UNSUBACK: sections 3.9.3 and 3.11.3.

use crate::buffer::{Buffer, DefaultBuffer, IntoBuffer, Lend};
use crate::reason_code::packet_codes::{PacketReasonCode, SubAckReasonCode};
#[cfg(feature = "bytes")]
use crate::reason_code::reason_code::ReasonCode;
use crate::reason_code::return_code::is_suback_return_code;
use crate::value::ProtocolVersion;
use core::{fmt, marker::PhantomData};

/// The Reason Codes of a SUBACK or UNSUBACK: one for each Topic Filter of the request, in the same order.
///
/// `C` is the type of the codes: [`SubAckReasonCode`](crate::SubAckReasonCode) or
/// [`UnsubAckReasonCode`](crate::UnsubAckReasonCode). The UNSUBACK of 3.x has no codes, so a list can be empty.
///
/// ```
/// use mqtt_types::{ReasonCodes, SubAckReasonCode};
///
/// let codes = ReasonCodes::<SubAckReasonCode, _>::new(&[0x01, 0x87])?;
/// assert!(codes.iter().eq([SubAckReasonCode::GRANTED_QOS_1, SubAckReasonCode::NOT_AUTHORIZED]));
/// assert!(ReasonCodes::<SubAckReasonCode, _>::new(&[0x03]).is_err());
/// # Ok::<(), mqtt_types::InvalidReasonCodes>(())
/// ```
#[derive(Clone, Copy)]
pub struct ReasonCodes<C, B = DefaultBuffer> {
    bytes: B,
    code: PhantomData<C>,
}

/// The error for a byte that is not a Reason Code of the packet in the given version.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("0x{value:02X} at byte {offset} is not a valid reason code here")]
#[non_exhaustive]
pub struct InvalidReasonCodes {
    /// The byte.
    pub value: u8,
    /// The offset of the byte in the list.
    pub offset: usize,
}

impl<C: PacketReasonCode, B: Buffer> ReasonCodes<C, B> {
    /// Checks the payload of a SUBACK or UNSUBACK. Nothing is copied.
    ///
    /// # Errors
    ///
    /// Returns an error if a byte is not a Reason Code of the packet. The error names the first one.
    #[inline]
    pub fn new(value: impl IntoBuffer<Buffer = B>) -> Result<Self, InvalidReasonCodes> {
        Self::all(value.into_buffer(), |value| C::from_u8(value).is_some())
    }

    /// Creates the list if every byte is a code of the packet.
    #[inline]
    fn all(bytes: B, is_code: impl Fn(u8) -> bool) -> Result<Self, InvalidReasonCodes> {
        if all_are(bytes.as_ref(), &is_code) {
            return Ok(Self { bytes, code: PhantomData });
        }
        Err(first_invalid(bytes.as_ref(), is_code))
    }
}

/// Returns `true` if every byte is such a code. There is no early exit, so that the compiler can check many at once.
#[inline]
fn all_are(bytes: &[u8], is_code: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(true, |all, value| all & is_code(*value))
}

#[cold]
fn first_invalid(bytes: &[u8], is_code: impl Fn(u8) -> bool) -> InvalidReasonCodes {
    let found = bytes.iter().enumerate().find(|(_, value)| !is_code(**value));
    let (offset, value) = found.map_or((0, 0), |(offset, value)| (offset, *value));
    InvalidReasonCodes { value, offset }
}

impl<B: Buffer> ReasonCodes<SubAckReasonCode, B> {
    /// Checks the payload of a SUBACK by the rules of a version. Nothing is copied.
    ///
    /// 3.x has only 0x00, 0x01, 0x02 and 0x80. The text of 3.1 does not define 0x80, but servers send it, so it is
    /// accepted.
    ///
    /// ```
    /// use mqtt_types::{ProtocolVersion, ReasonCodes, SubAckReasonCode};
    ///
    /// let codes = ReasonCodes::<SubAckReasonCode, _>::new_in_version(&[0x01, 0x80], ProtocolVersion::V3_1_1)?;
    /// assert!(codes.exists_in(ProtocolVersion::V3_1_1));
    /// let not_authorized = &[0x87];
    /// assert!(ReasonCodes::<SubAckReasonCode, _>::new_in_version(not_authorized, ProtocolVersion::V3_1_1).is_err());
    /// assert!(ReasonCodes::<SubAckReasonCode, _>::new_in_version(not_authorized, ProtocolVersion::V5).is_ok());
    /// # Ok::<(), mqtt_types::InvalidReasonCodes>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if a byte is not a Reason Code of the packet in this version \[MQTT-3.9.3-2\]. The error names
    /// the first one.
    #[inline]
    pub fn new_in_version(
        value: impl IntoBuffer<Buffer = B>,
        version: ProtocolVersion,
    ) -> Result<Self, InvalidReasonCodes> {
        if version.is_v3() { Self::all(value.into_buffer(), is_suback_return_code) } else { Self::new(value) }
    }

    /// Returns `true` if the version has all of the codes, as [`new_in_version`](Self::new_in_version) checks.
    #[inline]
    #[must_use]
    pub fn exists_in(&self, version: ProtocolVersion) -> bool {
        !version.is_v3() || all_are(self.bytes.as_ref(), is_suback_return_code)
    }
}

impl<C, B: Buffer> ReasonCodes<C, B> {
    /// Returns the number of codes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.as_ref().len()
    }

    /// Returns `true` if there are no codes, as in the UNSUBACK of 3.x.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.as_ref().is_empty()
    }

    #[cfg(feature = "bytes")]
    crate::buffer::to_compact!(ReasonCodes<C, bytes::Bytes>);

    #[inline]
    pub(crate) fn map_buffer<'i, D: Buffer>(&'i self, map: &mut impl FnMut(&'i B) -> D) -> ReasonCodes<C, D> {
        ReasonCodes { bytes: map(&self.bytes), code: PhantomData }
    }
}

impl<'i, 'o, C: PacketReasonCode, B: Lend<'i, 'o>> ReasonCodes<C, B> {
    /// Returns an iterator over the codes in the order of the Topic Filters.
    #[must_use]
    pub fn iter(&'i self) -> ReasonCodeIter<'o, C> {
        ReasonCodeIter { bytes: self.bytes.lend().iter(), code: PhantomData }
    }

    /// Returns the encoded list.
    #[inline]
    #[must_use]
    pub fn as_bytes(&'i self) -> &'o [u8] {
        self.bytes.lend()
    }
}

/// An iterator over the Reason Codes of a SUBACK or UNSUBACK.
///
/// ```
/// use mqtt_types::{QoS, ReasonCodes, SubAckReasonCode};
///
/// let codes = ReasonCodes::<SubAckReasonCode, _>::new(&[0x02, 0x87])?;
/// let granted: Vec<Option<QoS>> = codes.iter().map(|code| code.granted_qos()).collect();
/// assert_eq!(granted, [Some(QoS::ExactlyOnce), None]);
/// # Ok::<(), mqtt_types::InvalidReasonCodes>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReasonCodeIter<'a, C> {
    bytes: core::slice::Iter<'a, u8>,
    code: PhantomData<C>,
}

impl<C: PacketReasonCode> Iterator for ReasonCodeIter<'_, C> {
    type Item = C;

    fn next(&mut self) -> Option<C> {
        C::from_u8(*self.bytes.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.bytes.size_hint()
    }
}

impl<C: PacketReasonCode> ExactSizeIterator for ReasonCodeIter<'_, C> {}
impl<C: PacketReasonCode> core::iter::FusedIterator for ReasonCodeIter<'_, C> {}

#[cfg(feature = "bytes")]
impl<C: PacketReasonCode> FromIterator<C> for ReasonCodes<C, bytes::Bytes> {
    fn from_iter<I: IntoIterator<Item = C>>(codes: I) -> Self {
        let bytes = codes.into_iter().map(|code| Into::<ReasonCode>::into(code).as_u8()).collect();
        Self { bytes, code: PhantomData }
    }
}

#[cfg(feature = "bytes")]
impl<C: PacketReasonCode> Extend<C> for ReasonCodes<C, bytes::Bytes> {
    /// Adds codes. The list is copied.
    fn extend<I: IntoIterator<Item = C>>(&mut self, codes: I) {
        let added = codes.into_iter().map(|code| Into::<ReasonCode>::into(code).as_u8());
        self.bytes = self.bytes.iter().copied().chain(added).collect();
    }
}

impl<C, B: Buffer> Default for ReasonCodes<C, B> {
    fn default() -> Self {
        Self { bytes: B::default(), code: PhantomData }
    }
}

impl<C, B: Buffer, D: Buffer> PartialEq<ReasonCodes<C, D>> for ReasonCodes<C, B> {
    fn eq(&self, other: &ReasonCodes<C, D>) -> bool {
        self.bytes.as_ref() == other.bytes.as_ref()
    }
}

impl<C, B: Buffer> Eq for ReasonCodes<C, B> {}

impl<C, B: Buffer> core::hash::Hash for ReasonCodes<C, B> {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.bytes.as_ref().hash(state);
    }
}

impl<C: PacketReasonCode, B: Buffer> fmt::Debug for ReasonCodes<C, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, C: PacketReasonCode, B: Buffer> IntoIterator for &'a ReasonCodes<C, B> {
    type Item = C;
    type IntoIter = ReasonCodeIter<'a, C>;

    fn into_iter(self) -> ReasonCodeIter<'a, C> {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidReasonCodes, ReasonCodes};
    use crate::{PacketReasonCode as _, ProtocolVersion, SubAckReasonCode, UnsubAckReasonCode};

    #[test]
    fn a_suback_is_checked_by_its_version() {
        for version in ProtocolVersion::ALL {
            for value in 0..=u8::MAX {
                let is_code = SubAckReasonCode::from_u8(value).is_some_and(|code| code.exists_in(version));
                for (offset, bytes) in [&[value, 0x00, 0x01][..], &[0x80, value], &[0x01; 40]].into_iter().enumerate() {
                    let mut bytes = bytes.to_vec();
                    if offset == 2 {
                        bytes[39] = value;
                    }
                    let offset = [0, 1, 39][offset];
                    let codes = ReasonCodes::<SubAckReasonCode, _>::new_in_version(&bytes[..], version);
                    match codes {
                        Ok(codes) => assert!(is_code && codes.as_bytes() == bytes, "{version} {value}"),
                        Err(error) => assert_eq!((is_code, error), (false, InvalidReasonCodes { value, offset })),
                    }
                    if let Ok(codes) = ReasonCodes::<SubAckReasonCode, _>::new(&bytes[..]) {
                        assert_eq!(codes.exists_in(version), is_code);
                    }
                }
            }
        }
    }

    #[test]
    fn codes_are_one_byte_each_in_the_order_of_the_topic_filters() {
        for bytes in [&[][..], &[0x01], &[0x00, 0x87, 0x02, 0x87]] {
            let codes = ReasonCodes::<SubAckReasonCode, _>::new(bytes).unwrap();
            assert_eq!((codes.len(), codes.is_empty(), codes.as_bytes()), (bytes.len(), bytes.is_empty(), bytes));
            assert_eq!(codes.iter().size_hint(), (bytes.len(), Some(bytes.len())));
            let numbers: Vec<u8> = codes.iter().map(SubAckReasonCode::as_u8).collect();
            assert_eq!(numbers, bytes);
        }
        let codes = ReasonCodes::<UnsubAckReasonCode, _>::new(&[0x00, 0x11]).unwrap();
        assert_eq!(format!("{codes:?}"), "[Success (0x00), No subscription existed (0x11)]");
    }

    /// MQTT-3.9.3-2, MQTT-3.11.3-2.
    #[test]
    fn the_error_names_the_first_byte_that_is_not_a_code() {
        let error = ReasonCodes::<UnsubAckReasonCode, _>::new(&[0x11, 0x00, 0x01, 0x02]).unwrap_err();
        assert_eq!(error, InvalidReasonCodes { value: 0x01, offset: 2 });
        assert_eq!(error.to_string(), "0x01 at byte 2 is not a valid reason code here");
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn equality_and_hash_do_not_depend_on_the_buffer() {
        use crate::{PacketIdentifier, UnsubAck};
        use core::hash::{BuildHasher as _, BuildHasherDefault};
        let state = BuildHasherDefault::<std::hash::DefaultHasher>::default();
        let lists = [&[][..], &[0x00], &[0x80], &[0x80, 0x00]];
        let lists = lists.map(|bytes| ReasonCodes::<UnsubAckReasonCode, _>::new(bytes).unwrap());
        for (number, codes) in lists.iter().enumerate() {
            let owned: ReasonCodes<UnsubAckReasonCode> = codes.iter().collect();
            for (other_number, other) in lists.iter().enumerate() {
                assert_eq!(owned == *other, number == other_number, "{owned:?}, {other:?}");
                assert_eq!(state.hash_one(&owned) == state.hash_one(other), number == other_number);
            }
            let mut twice = owned.clone();
            twice.extend(codes.iter());
            assert!(twice.iter().eq(codes.iter().chain(codes.iter())));
            let packet = UnsubAck::new(PacketIdentifier::MIN, *codes);
            assert_eq!(packet.to_shared(), packet);
        }
    }
}
