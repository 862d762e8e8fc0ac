//! Memory is a small multiple of the size of one packet, however many fields it has and however long the stream is.

use crate::packets::{header, packet};
use crate::scratch::scratch_file;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const MIB: u64 = 1 << 20;

/// Runs the program with a limit of its memory, program and libraries included. Returns its status and the last
/// [`END`] bytes of its output.
fn run_within(mebibytes: u64, arguments: &[&str], file: &Path) -> (i32, String) {
    let mut limited = Command::new("sh");
    limited.args(["-c", &format!("ulimit -v {} && exec \"$0\" \"$@\"", mebibytes * 1024)]);
    limited.arg(&*crate::PROGRAM).args(arguments).arg(file).stdout(Stdio::piped());
    let mut child = limited.spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let (mut end, mut chunk) = (Vec::new(), vec![0; 1 << 16]);
    while let Ok(len @ 1..) = stdout.read(&mut chunk) {
        end.extend_from_slice(&chunk[..len]);
        end.drain(..end.len().saturating_sub(END));
    }
    (child.wait().unwrap().code().unwrap(), String::from_utf8_lossy(&end).into_owned())
}

/// How much of the output is kept.
const END: usize = 200;

/// Collected, its rows take 30 times as much memory as the packet, and its JSON 300 times.
#[test]
fn a_packet_of_many_fields_takes_little_more_memory_than_its_bytes() {
    let body = [&[0, 1][..], &b"\0\x01a\0".repeat(1 << 18)].concat();
    let file = scratch_file("many-fields.bin");
    std::fs::write(&file, packet(0x82, &body)).unwrap();
    for arguments in [&[][..], &["--hex"], &["--json"], &["--html"]] {
        let (status, end) = run_within(16, &[&["--version=3.1.1"], arguments].concat(), &file);
        assert_eq!(status, 0, "{arguments:?}");
        let expected = match arguments {
            ["--json"] => "{\"filter\":\"a\",\"options\":0,\"qos\":0}]}\n",
            ["--html"] => "<p>1 packet, all legal</p>\n</body>\n</html>\n",
            _ => "1 packet, all legal\n",
        };
        assert!(end.ends_with(expected), "{arguments:?}: {end}");
    }
    std::fs::remove_file(file).unwrap();
}

/// The offset of the last packet does not fit in 32 bits. The file is sparse: it takes little room on the disk.
#[test]
fn a_file_of_four_gigabytes_passes() {
    const REMAINING_LENGTH: u64 = 16 * MIB;
    let path = scratch_file("four-gigabytes.bin");
    let mut file = File::create(&path).unwrap();
    for _ in 0..256 {
        file.write_all(&header(0x30, REMAINING_LENGTH.try_into().unwrap())).unwrap();
        file.write_all(b"\0\x01a").unwrap();
        file.seek(SeekFrom::Current(i64::try_from(REMAINING_LENGTH).unwrap() - 3)).unwrap();
    }
    file.write_all(b"\xE0\0").unwrap();
    assert!(file.stream_position().unwrap() > 1 << 32);
    let (status, end) = run_within(64, &[], &path);
    std::fs::remove_file(path).unwrap();
    let expected = "\
4294968576      +2  DISCONNECT  flags 0000
          Reason Code  Normal disconnection (0x00), omitted
257 packets, all legal
";
    assert_eq!(status, 0);
    assert!(end.ends_with(expected), "{end}");
}

/// Nothing of a stream is kept after its end is lost: only its length is counted.
#[test]
fn the_rest_of_a_stream_is_not_kept_after_a_packet_without_an_end() {
    let path = scratch_file("endless.bin");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"\xC0\0\x30\xFF\xFF\xFF\xFF\x01").unwrap();
    file.set_len(256 * MIB).unwrap();
    let (status, end) = run_within(32, &["--json"], &path);
    assert_eq!(status, 1);
    let last: serde_json::Value = serde_json::from_str(end.lines().last().unwrap()).unwrap();
    assert_eq!((last["type"].as_str(), last["length"].as_u64()), (Some("ERROR"), Some(256 * MIB - 2)));
    let (_, end) = run_within(32, &["--hex"], &path);
    std::fs::remove_file(path).unwrap();
    assert!(end.contains(&format!("and {} bytes more\n", 256 * MIB - 2 - 1024)), "{end}");
}
