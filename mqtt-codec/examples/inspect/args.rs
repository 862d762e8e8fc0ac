//! The command line.

use crate::show::leniencies;
use mqtt_codec::ProtocolVersion;
use std::ffi::OsString;

pub(crate) const HELP: &str = "\
Shows the packets in recorded streams of MQTT.

Usage: inspect [OPTION]... [FILE]...
       cargo run --example inspect -- [OPTION]... [FILE]...

A FILE contains the bytes that one side of a connection sent, in order; - is standard input.
X.c2s.bin and X.s2c.bin are the two directions of one connection. Without a FILE, inspect shows
a recorded session that is part of the program.

A FILE can also be a network capture (pcap or pcapng). Inspect reassembles all TCP connections and
shows both directions of those that begin with a CONNECT or use port 1883. It reports bytes that
are missing in the capture.

Options:
  --hex          show the bytes, each row with the field that it belongs to
  --json         write one JSON object per packet, each in a line
  --html         write an HTML page: the bytes of each packet in colours, and the name and value
                 of a field when the mouse points at it
  --version V    auto, 3.1, 3.1.1 or 5: the version of every packet except CONNECT, which
                 contains its version. The default is auto: the version of the CONNECT; without
                 a CONNECT, that of a CONNACK at the start, which is longer in 5.0; otherwise the
                 version in which most packets decode
  --lenient      accept every deviation of real peers that the library knows. An accepted packet counts
                 as legal; a line below it tells the rule that it breaks
  --allow NAME   accept one of them, for instance reserved-flags; may be repeated. A wrong NAME shows
                 all names
  --port N       in a capture, also treat this port as that of a server or gateway; may be repeated
  --sn           the FILEs contain datagrams of MQTT-SN 1.2: JSON objects, each in a line, with the
                 member hex, and dir (c2g or g2c) and ms if they are known; or hexadecimal
                 digits, one datagram in a line; or a single binary datagram; or a capture, whose
                 UDP datagrams from and to the ports 1883, 1884 and 10000 are shown. This option
                 needs the feature sn
  -h, --help     show this text

For an illegal packet, inspect shows the faulty byte, the broken rule and the answer that the
standard prescribes. If the end of the packet is known, it continues with the next one. Every rule
that concerns a single packet is checked, with one exception: bit 7 of the protocol level is
accepted, because real bridges set it. --lenient and --allow accept more.

Passwords and Authentication Data are shown only by --json.

Exit status: 0 if all packets are legal, 1 if a packet is illegal or a stream is cut off, 2 if the
command line is wrong or a file cannot be read.
";

/// What to do.
pub(crate) enum Command {
    Help,
    Inspect {
        view: View,
        version: Option<ProtocolVersion>,
        /// Ports of servers in a capture, besides 1883.
        ports: Vec<u16>,
        files: Vec<OsString>,
    },
    /// Shows datagrams of MQTT-SN.
    InspectSn {
        view: View,
        /// Ports of gateways in a capture, besides the usual ones.
        ports: Vec<u16>,
        files: Vec<OsString>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Fields,
    Hex,
    Json,
    Html,
}

impl View {
    /// Returns `true` if the output is lines of text for a reader.
    pub(crate) const fn is_text(self) -> bool {
        matches!(self, Self::Fields | Self::Hex)
    }
}

/// Parses the command line without the name of the program.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut arguments = arguments.into_iter();
    let (mut views, mut sn, mut version) = (Vec::new(), false, None);
    let (mut ports, mut files) = (Vec::new(), Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--help" | "-h") => return Ok(Command::Help),
            Some("--hex") => views.push(View::Hex),
            Some("--json") => views.push(View::Json),
            Some("--html") => views.push(View::Html),
            Some("--sn") => sn = true,
            Some("--lenient") => leniencies::accept_all(),
            Some("--allow") => {
                let value = arguments.next().ok_or("--allow needs the name of a deviation")?;
                leniencies::accept(&value.to_string_lossy())?;
            }
            Some("--version") => {
                let value = arguments.next().ok_or("--version needs a value: auto, 3.1, 3.1.1 or 5")?;
                version = parse_version(&value.to_string_lossy())?;
            }
            Some("--port") => {
                let value = arguments.next().ok_or("--port needs a number")?;
                ports.push(parse_port(&value.to_string_lossy())?);
            }
            Some("--") => files.extend(arguments.by_ref()),
            Some(text) => match text.strip_prefix("--version=") {
                Some(value) => version = parse_version(value)?,
                None if text.starts_with('-') && text != "-" => {
                    return Err(format!("unknown option '{text}'; see --help"));
                }
                None => files.push(argument),
            },
            None => files.push(argument),
        }
    }
    if files.iter().filter(|file| *file == "-").count() > 1 {
        return Err("standard input ('-') can be read only once".to_owned());
    }
    views.dedup();
    let view = match *views {
        [] => View::Fields,
        [view] => view,
        _ => return Err("--hex, --json and --html exclude each other".to_owned()),
    };
    match (sn, version) {
        (false, _) => Ok(Command::Inspect { view, version, ports, files }),
        (true, Some(_)) => Err("--sn and --version exclude each other".to_owned()),
        (true, None) if files.is_empty() => Err("--sn needs a FILE".to_owned()),
        (true, None) => Ok(Command::InspectSn { view, ports, files }),
    }
}

/// Parses a version. `None` stands for `auto`.
fn parse_version(text: &str) -> Result<Option<ProtocolVersion>, String> {
    match text {
        "auto" => Ok(None),
        _ => text.parse().map(Some).map_err(|error| format!("'{text}' is not a version: {error}, or auto")),
    }
}

fn parse_port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("'{text}' is not a port"))
}
