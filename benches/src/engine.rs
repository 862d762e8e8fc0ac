//! One interface to all engines, which makes a task from a group and a workload.

use crate::workloads::{Topics, Workload};
use bytes::BytesMut;
use core::fmt;
use core::hint::black_box;
use core::time::Duration;
use std::time::Instant;

/// A group of operations to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Decodes bytes into packets.
    Decode,
    /// Decodes bytes into packets, and reads every field.
    Read,
    /// Encodes packets into a buffer that is reused.
    Encode,
    /// Computes the encoded length of packets.
    EncodedLen,
    /// Decodes a stream that is appended to a buffer as a whole.
    StreamWhole,
    /// Decodes a stream in pieces of 1,460 bytes. After each piece, all complete packets are decoded.
    StreamSegments,
    /// Decodes a stream in pieces of 1 to 64 bytes.
    StreamTrickled,
    /// Decodes a PUBLISH, replaces its Packet Identifier, and encodes it, as a server does. Packets without an
    /// identifier are encoded unchanged.
    Forward,
    /// Matches Topic Names with Topic Filters.
    Match,
}

impl Group {
    /// All groups, in the order of the tables.
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

    /// Returns the name in tables and arguments.
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

    /// Returns `true` if the group has an operation for this workload.
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

/// A function that runs an operation this many times.
pub struct Task<'w>(Work<'w>);

enum Work<'w> {
    /// The function contains nothing but the operation.
    Plain(Box<dyn FnMut(u64) + 'w>),
    /// The function also prepares inputs, and returns the time without this preparation.
    Timed(Box<dyn FnMut(u64) -> Duration + 'w>),
}

impl fmt::Debug for Task<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Task")
    }
}

impl<'w> Task<'w> {
    /// Creates a task from an operation that can be repeated without preparation. Its result is examined in place, and
    /// dropped.
    pub fn new<R>(mut operation: impl FnMut() -> R + 'w) -> Self {
        Self(Work::Plain(Box::new(move |times| {
            for _ in 0..times {
                let result = operation();
                black_box(&result);
            }
        })))
    }

    /// Creates a task from an operation that runs many times after one preparation.
    pub fn batches(operation: impl FnMut(u64) + 'w) -> Self {
        Self(Work::Plain(Box::new(operation)))
    }

    /// Creates a task from an operation that consumes the front of a `BytesMut`, one `input` at each call, as many
    /// codecs do. The buffer is filled with up to 64 inputs or 1 MiB. Filling it is not part of the time, and the clock is read
    /// once for each filling: for single inputs of 64 KiB, that would be half of the time.
    pub fn eating<R>(input: &'w [u8], mut operation: impl FnMut(&mut BytesMut) -> R + 'w) -> Self {
        let at_once = ((1 << 20) / input.len().max(1)).clamp(1, 64) as u64;
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

    /// Creates a task from an operation that measures its own time, without its preparation.
    pub fn timed(operation: impl FnMut(u64) -> Duration + 'w) -> Self {
        Self(Work::Timed(Box::new(operation)))
    }

    /// Runs the operation, and returns the time.
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

    /// Runs the operation without reading the clock if possible, for counting instructions.
    pub fn repeat(&mut self, times: u64) {
        match &mut self.0 {
            Work::Plain(operation) => operation(times),
            Work::Timed(operation) => {
                operation(times);
            }
        }
    }
}

/// The reason why an engine has no task for a group and a workload.
pub type Skipped = &'static str;

/// A task, or the reason why there is none.
pub type Made<'w> = Result<Task<'w>, Skipped>;

/// The kind of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// This codec, borrowing and encoding into slices.
    Ours,
    /// This codec, sharing and encoding into growing buffers.
    OursShared,
    /// This codec, keeping packets as frames.
    OursFrames,
    /// Written by hand.
    Floor,
    /// Another codec, whose packets share or copy their content.
    Rival,
    /// Another codec, whose packets borrow.
    BorrowingRival,
}

/// A codec.
///
/// Creating a task also tries it. An engine that refuses the workload, or gives another result, returns the reason.
pub trait Engine {
    /// Returns the name in tables.
    fn name(&self) -> &'static str;

    /// Returns the kind of the engine.
    fn kind(&self) -> Kind;

    /// Returns the task for a workload.
    ///
    /// # Errors
    ///
    /// Returns the reason if there is no task.
    fn task<'w>(&self, group: Group, workload: &'w Workload) -> Made<'w>;

    /// Matches all pairs.
    ///
    /// # Errors
    ///
    /// Returns the reason if there is no task.
    fn matching<'w>(&self, _: &'w Topics) -> Made<'w> {
        Err("matches no topics")
    }
}

/// The reason of an engine without this operation, for instance without a function for lengths.
pub const NO_SUCH_OPERATION: Skipped = "has no such operation";
/// The engine refuses the workload.
pub const REFUSED: Skipped = "refuses the input";
/// The engine writes other bytes than the workload's.
pub const WRITES_OTHERWISE: Skipped = "writes other bytes";
