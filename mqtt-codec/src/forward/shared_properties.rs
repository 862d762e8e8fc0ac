//! The properties of a message that all its subscribers get.

use crate::wire::write::Write;
use core::ops::Range;
use mqtt_types::{Property, PropertyIdentifier, PublishProperties};

/// The number of runs: removing a Topic Alias and a group of Subscription Identifiers leaves two gaps, so three runs.
const RUNS: usize = 3;

/// The length in bytes of a Message Expiry Interval with its identifier.
const EXPIRY_LEN: usize = 5;

/// The properties of a message, in their order, without Topic Alias and Subscription Identifiers, which belong to the
/// publisher's connection.
#[derive(Clone, Copy)]
pub(crate) struct SharedProperties<'m> {
    all: PublishProperties<&'m [u8]>,
    /// `None` if there are more gaps than `RUNS` allows. Writing then decides on each property again.
    runs: Option<[&'m [u8]; RUNS]>,
    len: usize,
    message_expiry_interval: Option<u32>,
    /// Where the Message Expiry Interval is: the index of its run, and the offset in that run.
    expiry_at: (usize, usize),
}

impl<'m> SharedProperties<'m> {
    #[inline]
    pub(crate) fn new(all: PublishProperties<&'m [u8]>) -> Self {
        let is_plain = [
            PropertyIdentifier::TopicAlias,
            PropertyIdentifier::SubscriptionIdentifier,
            PropertyIdentifier::MessageExpiryInterval,
        ]
        .iter()
        .all(|identifier| !all.contains(*identifier));
        if is_plain && !all.has_placeholders() {
            let len = all.as_bytes().len();
            let runs = Some([all.as_bytes(), &[], &[]]);
            return Self { all, runs, len, message_expiry_interval: None, expiry_at: (0, 0) };
        }
        Self::find(all)
    }

    /// Finds the runs and the Message Expiry Interval.
    #[cold]
    fn find(all: PublishProperties<&'m [u8]>) -> Self {
        let mut runs = [(); RUNS].map(|()| 0..0);
        let (mut run, mut len, mut fits, mut expiry_at) = (0_usize, 0_usize, true, (0, 0));
        for (property, range) in each(&all) {
            if belongs_to_connection(property.identifier()) {
                continue;
            }
            len = len.saturating_add(range.len());
            if runs.get(run).is_some_and(|run: &Range<usize>| run.end > 0 && run.end != range.start) {
                run = run.saturating_add(1); // behind a gap
            }
            let Some(current) = runs.get_mut(run) else {
                fits = false;
                continue;
            };
            let start = if current.end == 0 { range.start } else { current.start };
            *current = start..range.end;
            if matches!(property, Property::MessageExpiryInterval(_)) {
                expiry_at = (run, range.start.saturating_sub(start));
            }
        }
        let runs = runs.map(|run| all.as_bytes().get(run).unwrap_or_default());
        let message_expiry_interval = all.message_expiry_interval();
        Self { all, runs: fits.then_some(runs), len, message_expiry_interval, expiry_at }
    }

    /// Returns the length of these properties in bytes.
    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Returns the Message Expiry Interval in seconds, or `None` if the message does not expire.
    #[inline]
    pub(crate) const fn message_expiry_interval(&self) -> Option<u32> {
        self.message_expiry_interval
    }

    /// Returns `true` if these properties are one run that ends where the message's payload starts.
    #[cfg(feature = "bytes")]
    pub(crate) fn are_at_the_end(&self) -> bool {
        match self.runs {
            Some([run, [], []]) => run.is_empty() || self.all.as_bytes().ends_with(run),
            _ => false,
        }
    }

    /// Returns `true` if these are all properties of the message.
    #[cfg(feature = "bytes")]
    pub(crate) fn are_all(&self) -> bool {
        self.len == self.all.as_bytes().len()
    }

    /// Writes these properties, with the Message Expiry Interval reduced by the seconds that the message has waited.
    #[inline]
    pub(crate) fn write(&self, waited: u32, output: &mut impl Write<'m>) {
        match (self.runs, self.message_expiry_interval.filter(|_| waited > 0)) {
            (Some(runs), None) => {
                for run in runs.into_iter().filter(|run| !run.is_empty()) {
                    output.put_part(run);
                }
            }
            (Some(runs), Some(seconds)) => {
                let (expiry_run, offset) = self.expiry_at;
                for (number, run) in runs.into_iter().enumerate() {
                    match run.split_at_checked(offset) {
                        Some((before, rest)) if number == expiry_run => {
                            output.put_part(before);
                            write_expiry(seconds.saturating_sub(waited), output);
                            output.put_part(rest.get(EXPIRY_LEN..).unwrap_or_default());
                        }
                        _ => output.put_part(run),
                    }
                }
            }
            (None, _) => self.write_each(waited, output),
        }
    }

    #[cold]
    fn write_each(&self, waited: u32, output: &mut impl Write<'m>) {
        for (property, range) in each(&self.all) {
            match property {
                Property::MessageExpiryInterval(seconds) => write_expiry(seconds.saturating_sub(waited), output),
                _ if belongs_to_connection(property.identifier()) => {}
                _ => output.put_part(self.all.as_bytes().get(range).unwrap_or_default()),
            }
        }
    }
}

fn write_expiry<'m>(seconds: u32, output: &mut impl Write<'m>) {
    output.put_byte(PropertyIdentifier::MessageExpiryInterval.as_u8());
    output.put(&seconds.to_be_bytes());
}

const fn belongs_to_connection(identifier: PropertyIdentifier) -> bool {
    matches!(identifier, PropertyIdentifier::TopicAlias | PropertyIdentifier::SubscriptionIdentifier)
}

/// Returns each property with the range of its bytes. Placeholders are left out.
fn each<'m>(properties: &PublishProperties<&'m [u8]>) -> impl Iterator<Item = (Property<'m>, Range<usize>)> + use<'m> {
    let len = properties.as_bytes().len();
    let mut properties = properties.iter();
    core::iter::from_fn(move || {
        let (property, bytes) = properties.next_with_bytes()?;
        let end = len.saturating_sub(properties.as_bytes().len());
        Some((property, end.saturating_sub(bytes.len())..end))
    })
}
