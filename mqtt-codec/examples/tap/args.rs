//! The command line.

use std::ffi::OsString;

pub(crate) const HELP: &str = "\
Stands between MQTT clients and a broker, and shows every packet that passes.

Usage: tap [OPTION]...
       cargo run --example tap -- [OPTION]...

Let the clients connect to tap instead of the broker. What either side sends is forwarded at
once and as it is, then decoded, shown, encoded again and compared with what was sent: it has
to be the same bytes, or where the standard leaves a choice, the shortest form of the same packet.

Options:
  --listen ADDRESS   where clients connect to; 127.0.0.1:1884 if not given, port 0 takes a free one
  --broker ADDRESS   where the broker is; 127.0.0.1:1883 if not given
  --connections N    end after so many connections
  --quiet            show only what is wrong, and the counts at the end
  -h, --help         show this text

A line begins with the number of the connection and the direction: -> is to the broker, <- to
the client. Of passwords only the length is shown.

Exit status, after --connections: 0 if all is well, 1 if a packet was not legal, was encoded
differently, or the broker could not be reached; 2 if the command line is wrong or nothing can be
listened to.
";

/// What the user wants.
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

/// Reads the command line, without the program's name.
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
            "--listen" => options.listen = value("an address")?,
            "--broker" => options.broker = value("an address")?,
            "--connections" => {
                let number = value("a number")?;
                let connections = number.parse().map_err(|_| format!("'{number}' is no number of connections"))?;
                options.connections = Some(connections);
            }
            _ => return Err(format!("unknown argument '{argument}'; --help lists what there is")),
        }
    }
    Ok(Command::Tap(options))
}
