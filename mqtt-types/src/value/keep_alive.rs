//! Keep Alive: section 3.1.2.10.

use core::{fmt, time::Duration};

/// Keep Alive: the longest time in seconds between two packets of a client, or 0 for no limit.
///
/// ```
/// use core::time::Duration;
/// use mqtt_types::KeepAlive;
///
/// assert_eq!(KeepAlive::from_seconds(60).interval(), Some(Duration::from_secs(60)));
/// assert_eq!(KeepAlive::OFF.interval(), None);
/// assert_eq!(KeepAlive::from_seconds(60).timeout(), Some(Duration::from_secs(90)));
/// ```
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeepAlive(u16);

impl KeepAlive {
    /// No Keep Alive: 0.
    pub const OFF: Self = Self(0);
    /// The longest Keep Alive: 65,535 seconds, which are 18 hours, 12 minutes and 15 seconds.
    pub const MAX: Self = Self(u16::MAX);

    /// Returns the Keep Alive of this number of seconds. Value 0 turns it off.
    #[inline]
    #[must_use]
    pub const fn from_seconds(seconds: u16) -> Self {
        Self(seconds)
    }

    /// Returns the number of seconds, or 0 if it is off.
    #[inline]
    #[must_use]
    pub const fn as_seconds(self) -> u16 {
        self.0
    }

    /// Returns `true` if there is no Keep Alive.
    #[must_use]
    pub const fn is_off(self) -> bool {
        self.0 == 0
    }

    /// Returns the longest time between two packets of the client, or `None` if there is no limit.
    #[must_use]
    pub fn interval(self) -> Option<Duration> {
        (!self.is_off()).then(|| Duration::from_secs(self.0.into()))
    }

    /// Returns the time after which the server closes a silent connection, or `None` if it does not.
    ///
    /// It is one and a half times the interval \[MQTT-3.1.2-22\].
    #[must_use]
    pub fn timeout(self) -> Option<Duration> {
        let half_seconds = u64::from(self.0).saturating_mul(3);
        self.interval().map(|_| Duration::from_millis(half_seconds.saturating_mul(500)))
    }
}

impl fmt::Display for KeepAlive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0)
    }
}

impl From<u16> for KeepAlive {
    fn from(seconds: u16) -> Self {
        Self(seconds)
    }
}

/// The error for a Keep Alive of more than 65,535 seconds.
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the keep alive is longer than 65,535 seconds")]
pub struct KeepAliveTooLong;

impl TryFrom<Duration> for KeepAlive {
    type Error = KeepAliveTooLong;

    /// Converts a duration. A part of a second is rounded up, so that less than a second does not turn the Keep Alive off.
    fn try_from(interval: Duration) -> Result<Self, KeepAliveTooLong> {
        let part = u64::from(interval.subsec_nanos() != 0);
        let seconds = interval.as_secs().checked_add(part).and_then(|seconds| u16::try_from(seconds).ok());
        seconds.map(Self).ok_or(KeepAliveTooLong)
    }
}

impl From<KeepAlive> for Duration {
    /// Converts into a duration, which is zero if the Keep Alive is off.
    fn from(keep_alive: KeepAlive) -> Self {
        Self::from_secs(keep_alive.0.into())
    }
}

impl From<KeepAlive> for u16 {
    fn from(keep_alive: KeepAlive) -> Self {
        keep_alive.0
    }
}

#[cfg(test)]
mod tests {
    use super::{KeepAlive, KeepAliveTooLong};
    use core::time::Duration;

    /// MQTT-3.1.2-22.
    #[test]
    fn the_server_waits_one_and_a_half_times_the_interval() {
        for (seconds, timeout) in [(1, 1_500), (2, 3_000), (60, 90_000), (65_535, 98_302_500)] {
            let keep_alive = KeepAlive::from_seconds(seconds);
            assert_eq!(keep_alive.interval(), Some(Duration::from_secs(seconds.into())));
            assert_eq!(keep_alive.timeout(), Some(Duration::from_millis(timeout)));
            assert!(!keep_alive.is_off());
        }
    }

    #[test]
    fn zero_turns_it_off() {
        assert!(KeepAlive::OFF.is_off() && KeepAlive::OFF == KeepAlive::from_seconds(0));
        assert_eq!((KeepAlive::OFF.interval(), KeepAlive::OFF.timeout()), (None, None));
    }

    #[test]
    fn a_duration_is_rounded_up_to_seconds() {
        for (milliseconds, seconds) in [(0, 0), (1, 1), (1_000, 1), (1_001, 2), (60_000, 60), (65_535_000, 65_535)] {
            let keep_alive = KeepAlive::try_from(Duration::from_millis(milliseconds)).unwrap();
            assert_eq!(keep_alive, KeepAlive::from_seconds(seconds));
            assert_eq!(Duration::from(keep_alive), Duration::from_secs(seconds.into()));
        }
        for too_long in [Duration::from_millis(65_535_001), Duration::from_secs(65_536), Duration::MAX] {
            assert_eq!(KeepAlive::try_from(too_long), Err(KeepAliveTooLong));
        }
        assert_eq!(KeepAliveTooLong.to_string(), "the keep alive is longer than 65,535 seconds");
    }

    #[test]
    fn is_a_number_of_seconds() {
        for seconds in [0, 1, 60, 65_535] {
            let keep_alive = KeepAlive::from(seconds);
            assert_eq!((keep_alive.as_seconds(), u16::from(keep_alive)), (seconds, seconds));
            assert_eq!(keep_alive.to_string(), format!("{seconds} s"));
        }
    }
}
