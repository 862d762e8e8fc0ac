//! The command line.

use crate::show::leniencies;
use std::ffi::OsString;

pub(crate) const HELP: &str = "\
Relays connections between MQTT clients and a broker, and shows every packet.

Usage: tap [OPTION]...
       cargo run --example tap -- [OPTION]...

Let clients connect to tap instead of the broker. Tap forwards the bytes of both sides unchanged
and without delay. It decodes every packet, shows it, encodes it again and compares the result with
the bytes that were sent. The result must be the same bytes or, where the standard allows several
forms, the shortest form of the same packet.

Options:
  --listen ADDRESS   the address for clients; default 127.0.0.1:1884; port 0 chooses a free port
  --broker ADDRESS   the address of the broker; default 127.0.0.1:1883
  --connections N    exit after N connections
  --lenient          accept every deviation of real peers that the library knows. An accepted packet
                     counts as legal; a line below it tells the rule that it breaks
  --allow NAME       accept one of them, for instance reserved-flags; may be repeated. A wrong NAME
                     shows all names
  --quiet            show only packets that are wrong, and the counts at the end
  -h, --help         show this text

A line begins with the number of the connection and the direction: -> to the broker, <- to the
client. For passwords, only the length is shown.

Exit status, after --connections: 0 if all packets are legal; 1 if a packet is illegal or is encoded
differently, or if the broker cannot be reached; 2 if the command line is wrong or tap cannot listen
on the address.
";

/// What to do.
pub(crate) enum Command {
    Help,
    Tap(Options),
}

pub(crate) struct Options {
    pub(crate) listen: String,
    pub(crate) broker: String,
    pub(crate) connections: Option<usize>,
    pub(crate) is_quiet: bool,
}

/// Parses the command line without the name of the program.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut options = Options {
        listen: "127.0.0.1:1884".to_owned(),
        broker: "127.0.0.1:1883".to_owned(),
        connections: None,
        is_quiet: false,
    };
    let mut arguments = arguments.into_iter().map(|argument| argument.to_string_lossy().into_owned());
    while let Some(argument) = arguments.next() {
        let mut value = |name| arguments.next().ok_or_else(|| format!("{argument} needs {name}"));
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--quiet" => options.is_quiet = true,
            "--lenient" => leniencies::accept_all(),
            "--allow" => leniencies::accept(&value("the name of a deviation")?)?,
            "--listen" => options.listen = value("an address")?,
            "--broker" => options.broker = value("an address")?,
            "--connections" => {
                let number = value("a number")?;
                let connections = number.parse().map_err(|_| format!("'{number}' is not a number of connections"))?;
                options.connections = Some(connections);
            }
            _ => return Err(format!("unknown argument '{argument}'; see --help")),
        }
    }
    Ok(Command::Tap(options))
}
