//! Streams to read: files, standard input, and the session that is part of the program.

use crate::show::packets::frame_len;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read};

/// How many bytes are read before the version is guessed, unless the first packet is longer.
const BEGINNING: usize = 1 << 20;
/// The largest number of bytes that are read at once.
const CHUNK: usize = 1 << 16;

/// A stream of bytes that is read once, from beginning to end.
pub(crate) struct Input {
    pub(crate) name: String,
    /// The number of bytes in the whole stream, if it is known.
    pub(crate) size: Option<u64>,
    /// The first bytes.
    pub(crate) beginning: Vec<u8>,
    rest: Box<dyn Read + Send>,
    chunk: Vec<u8>,
}

impl Input {
    /// Opens a file, or standard input if its name is `-`, and reads its beginning. An error names the file.
    pub(crate) fn open(file: &OsStr) -> Result<Self, String> {
        if file == "-" {
            return Self::new("standard input".to_owned(), None, Box::new(io::stdin()));
        }
        let name = file.to_string_lossy().into_owned();
        let opened = File::open(file).and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, file) = opened.map_err(|error| cannot_read(&name, &error))?;
        // Files of the kernel, as in `/proc`, report a size of 0 although they have content.
        let size = (metadata.is_file() && metadata.len() > 0).then_some(metadata.len());
        Self::new(name, size, Box::new(file))
    }

    /// Reads from `rest`, for example a buffer in memory.
    pub(crate) fn new(name: String, size: Option<u64>, rest: Box<dyn Read + Send>) -> Result<Self, String> {
        let mut input = Self { name, size, beginning: Vec::new(), rest, chunk: vec![0; CHUNK] };
        loop {
            let wanted = frame_len(&input.beginning).flatten().unwrap_or_default().max(BEGINNING);
            if input.beginning.len() >= wanted {
                break;
            }
            let chunk = input.next_chunk()?.to_vec();
            if chunk.is_empty() {
                let size = u64::try_from(input.beginning.len()).unwrap_or(u64::MAX);
                input.size = Some(size);
                break;
            }
            input.beginning.extend_from_slice(&chunk);
        }
        Ok(input)
    }

    /// Returns a reader of the whole stream, the beginning included.
    pub(crate) fn into_reader(self) -> impl Read + Send {
        Cursor::new(self.beginning).chain(self.rest)
    }

    /// Returns the next bytes after the beginning; none at the end of the stream.
    pub(crate) fn next_chunk(&mut self) -> Result<&[u8], String> {
        loop {
            match self.rest.read(&mut self.chunk) {
                Ok(len) => return Ok(self.chunk.get(..len).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(cannot_read(&self.name, &error)),
            }
        }
    }
}

fn cannot_read(name: &str, error: &io::Error) -> String {
    format!("cannot read {name}: {error}")
}
