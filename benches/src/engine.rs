//! One interface to all engines: a group and a workload become a task.

use crate::workloads::{Topics, Workload};
use bytes::BytesMut;
use core::fmt;
use core::hint::black_box;
use core::time::Duration;
use std::time::Instant;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Bytes become packets.
    Decode,
    /// The same, and every field is read.
    Read,
    /// Packets become bytes, in a buffer that is ready and is used again.
    Encode,
    /// How long packets will be.
    EncodedLen,
    /// A stream is read as a whole: appended to a buffer, and decoded.
    StreamWhole,
    /// A stream is read in pieces of 1,460 bytes; after each, all there is is decoded.
    StreamSegments,
    /// A stream is read in pieces of 1 to 64 bytes.
    StreamTrickled,
    /// What a server does with a PUBLISH: decoded, given another Packet Identifier, encoded. Packets without one are encoded
    /// as they are.
    Forward,
    /// Topic Filters and Topic Names.
    Match,
}

impl Group {
    /// All, in the order of the tables.
    pub const ALL: [Self; 9] = [
        Self::Decode,
        Self::Read,
        Self::Encode,
        Self::EncodedLen,
        Self::StreamWhole,
        Self::StreamSegments,
        Self::StreamTrickled,
        Self::Forward,
        Self::Match,
    ];

    /// As it is called in tables and arguments.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Read => "read",
            Self::Encode => "encode",
            Self::EncodedLen => "encoded-len",
            Self::StreamWhole => "stream-whole",
            Self::StreamSegments => "stream-segments",
            Self::StreamTrickled => "stream-trickled",
            Self::Forward => "forward",
            Self::Match => "match",
        }
    }

    /// Does the group do something with this workload?
    #[must_use]
    pub fn takes(self, workload: &Workload) -> bool {
        match self {
            Self::Decode | Self::Read | Self::Encode | Self::EncodedLen => true,
            Self::StreamWhole | Self::StreamSegments | Self::StreamTrickled => workload.is_stream,
            Self::Forward => workload.is_stream || workload.name.contains("PUBLISH"),
            Self::Match => false,
        }
    }
}

/// Does an operation so many times.
pub struct Task<'w>(Work<'w>);

enum Work<'w> {
    /// Does nothing else.
    Plain(Box<dyn FnMut(u64) + 'w>),
    /// Gets ready in between, and says how long it took without that.
    Timed(Box<dyn FnMut(u64) -> Duration + 'w>),
}

impl fmt::Debug for Task<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Task")
    }
}

impl<'w> Task<'w> {
    /// An operation that can be repeated as it is. Its result is looked at where it lies, and dropped.
    pub fn new<R>(mut operation: impl FnMut() -> R + 'w) -> Self {
        Self(Work::Plain(Box::new(move |times| {
            for _ in 0..times {
                let result = operation();
                black_box(&result);
            }
        })))
    }

    /// An operation that is done many times at once, after something has been prepared.
    pub fn batches(operation: impl FnMut(u64) + 'w) -> Self {
        Self(Work::Plain(Box::new(operation)))
    }

    /// An operation that eats the front of a `BytesMut`, one `input` at each call: what many codecs do. The buffer is filled
    /// with as many inputs as make 64 KiB, but at most 64; filling it takes no part in the time.
    pub fn eating<R>(input: &'w [u8], mut operation: impl FnMut(&mut BytesMut) -> R + 'w) -> Self {
        let at_once = ((64 << 10) / input.len().max(1)).clamp(1, 64) as u64;
        let mut buffer = BytesMut::new();
        Self::timed(move |mut times| {
            let mut elapsed = Duration::ZERO;
            while times > 0 {
                let now = times.min(at_once);
                buffer.clear();
                for _ in 0..now {
                    buffer.extend_from_slice(input);
                }
                let start = Instant::now();
                for _ in 0..now {
                    let result = operation(&mut buffer);
                    black_box(&result);
                }
                elapsed += start.elapsed();
                times -= now;
            }
            elapsed
        })
    }

    /// An operation that says itself how long it took, without what it needed to get ready.
    pub fn timed(operation: impl FnMut(u64) -> Duration + 'w) -> Self {
        Self(Work::Timed(Box::new(operation)))
    }

    /// Does it, and tells how long that took.
    pub fn run(&mut self, times: u64) -> Duration {
        match &mut self.0 {
            Work::Plain(operation) => {
                let start = Instant::now();
                operation(times);
                start.elapsed()
            }
            Work::Timed(operation) => operation(times),
        }
    }

    /// Does it without a look at the clock, if it needs none: for those who count instructions.
    pub fn repeat(&mut self, times: u64) {
        match &mut self.0 {
            Work::Plain(operation) => operation(times),
            Work::Timed(operation) => {
                operation(times);
            }
        }
    }
}

/// Why an engine has no task for a group and a workload.
pub type Skipped = &'static str;

/// A task, or why there is none.
pub type Made<'w> = Result<Task<'w>, Skipped>;

/// What there is to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The codec, by borrowing and in slices.
    Ours,
    /// The codec, by sharing and in growing buffers.
    OursShared,
    /// The codec, by keeping packets as frames.
    OursFrames,
    /// Written by hand.
    Floor,
    /// Another codec, whose packets share or copy what they hold.
    Rival,
    /// Another codec, whose packets borrow.
    BorrowingRival,
}

/// A codec.
///
/// To make a task is also to try it: an engine that does not take the workload, or does something else with it, says so.
pub trait Engine {
    /// As it is called in tables.
    fn name(&self) -> &'static str;

    /// What it is.
    fn kind(&self) -> Kind;

    /// What it does with a workload.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    fn task<'w>(&self, group: Group, workload: &'w Workload) -> Made<'w>;

    /// Matches all pairs.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    fn matching<'w>(&self, _: &'w Topics) -> Made<'w> {
        Err("matches no topics")
    }
}

/// Why an engine that does not measure lengths, for instance, has no task.
pub const NO_SUCH_OPERATION: Skipped = "has no such operation";
/// The engine refuses the workload.
pub const REFUSED: Skipped = "refuses the input";
/// The engine writes other bytes than the workload's.
pub const WRITES_OTHERWISE: Skipped = "writes other bytes";
