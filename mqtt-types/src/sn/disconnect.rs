//! DISCONNECT: section 5.4.21.

use core::fmt;

/// DISCONNECT: ends the connection, begins the sleep of a client, or answers another DISCONNECT. Section 5.4.21.
///
/// ```text
/// Duration (only from a client that goes to sleep), or nothing
/// ```
///
/// ```
/// use mqtt_types::sn::Disconnect;
///
/// assert_eq!(Disconnect { duration: Some(60) }.to_string(), "DISCONNECT sleep=60 s");
/// assert_eq!(Disconnect::default().to_string(), "DISCONNECT");
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Disconnect {
    /// The time in seconds that the client sleeps before it asks for its messages.
    pub duration: Option<u16>,
}

impl fmt::Display for Disconnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.duration {
            Some(duration) => write!(f, "DISCONNECT sleep={duration} s"),
            None => f.write_str("DISCONNECT"),
        }
    }
}
