//! A small transparent gateway: MQTT-SN 1.2 over UDP on one side, MQTT 3.1.1 over TCP on the other, with a connection to
//! the broker for each client.
//!
//! ```sh
//! cargo run --example sn_gateway --features sn,tokio-util -- [--listen 127.0.0.1:10000] [--broker 127.0.0.1:1883] [--topic ID=NAME]...
//! ```
//!
//! `--topic` defines a pre-defined topic id. The documentation of `mqtt_codec::sn` maps messages to packets.
//!
//! It supports connections with and without Will, registration, subscriptions, messages at QoS -1 to 2, sleeping
//! clients, SEARCHGW, and clients behind forwarders. It does not send lost datagrams again (clients do), update a Will,
//! store sessions when it ends, or limit the number of clients, each of which opens a connection to the broker.

extern crate alloc;

mod link;
mod result;
mod session;
mod topics;

use alloc::sync::Arc;
use core::net::SocketAddr;
use link::Link;
use mqtt_codec::sn::{
    DecodeOptions, Delivery, Disconnect, Encapsulation, GwInfo, Message, Sender, decode_shared, split_encapsulation,
};
use result::Result;
use std::collections::HashMap;
use std::io::{self, Write};
use std::process::ExitCode;
use tokio::net::UdpSocket;
use tokio::sync::mpsc::{self, UnboundedSender};
use topics::Predefined;

const USAGE: &str = "Usage: sn_gateway [--listen ADDRESS] [--broker ADDRESS] [--topic ID=NAME]...";

/// The id of this gateway in GWINFO.
const GATEWAY_ID: u8 = 1;

/// The addresses and topics from the command line.
struct Arguments {
    listen: String,
    broker: String,
    predefined: Predefined,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match arguments(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(message) => {
            let _ = writeln!(io::stderr(), "sn_gateway: {message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match serve(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "sn_gateway: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments(mut arguments: impl Iterator<Item = String>) -> Result<Arguments> {
    let (mut listen, mut broker) = ("127.0.0.1:10000".to_owned(), "127.0.0.1:1883".to_owned());
    let mut predefined = Predefined::default();
    while let Some(argument) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{argument} without a value"))?;
        match argument.as_str() {
            "--listen" => listen = value,
            "--broker" => broker = value,
            "--topic" => predefined.add(&value)?,
            _ => return Err(format!("unknown argument {argument}").into()),
        }
    }
    Ok(Arguments { listen, broker, predefined })
}

/// The identity of a client: the source address of its datagrams, and its node behind a forwarder.
type Client = (SocketAddr, Option<Vec<u8>>);

/// Receives datagrams forever, and passes each to the session of its client.
async fn serve(Arguments { listen, broker, predefined }: Arguments) -> Result<()> {
    let socket = Arc::new(UdpSocket::bind(&listen).await?);
    writeln!(io::stdout(), "listening on {}", socket.local_addr()?)?;
    let predefined = Arc::new(predefined);
    let mut sessions: HashMap<Client, UnboundedSender<Message>> = HashMap::new();
    let unconnected = session::start_unconnected(&broker, &predefined);
    let mut input = vec![0; 65_535];
    loop {
        let (len, address) = match socket.recv_from(&mut input).await {
            Ok(received) => received,
            Err(error) => {
                writeln!(io::stderr(), "{error}")?; // a client that is gone, on some systems
                continue;
            }
        };
        let input = bytes::Bytes::copy_from_slice(input.get(..len).unwrap_or_default());
        let encapsulation = split_encapsulation(&input).ok().and_then(|(encapsulation, _)| encapsulation);
        let encapsulation = encapsulation.map(|encapsulation| Encapsulation::share(&encapsulation, &input));
        let client =
            (address, encapsulation.as_ref().map(|encapsulation| encapsulation.wireless_node_id.as_bytes().to_vec()));
        let link = Link::new(Arc::clone(&socket), address, encapsulation);
        // Real clients deviate from the specification, and accepting these deviations is harmless.
        let options = DecodeOptions::new().lenient().with_sender(Sender::Client);
        let message = match decode_shared(&input, options) {
            Ok(datagram) => datagram.message,
            Err(error) => {
                writeln!(io::stderr(), "{address}: {error}")?;
                if let Some(answer) = error.answer() {
                    link.send(&answer.to_shared()).await?;
                }
                continue;
            }
        };
        writeln!(io::stdout(), "{address} -> {message}")?;
        match message {
            Message::SearchGw(_) => link.send(&GwInfo::new(GATEWAY_ID).into()).await?,
            Message::Publish(publish) if publish.delivery() == Delivery::WithoutConnection => {
                let _ = unconnected.send(publish.into());
            }
            message => {
                // A session that has ended no longer receives.
                let refused = match sessions.get(&client) {
                    Some(session) => session.send(message).map_err(|message| message.0).err(),
                    None => Some(message),
                };
                match refused {
                    None => {}
                    Some(Message::Connect(connect)) => {
                        let (sender, inbox) = mpsc::unbounded_channel();
                        sessions.insert(client, sender);
                        session::start(link, connect, inbox, &broker, &predefined);
                    }
                    Some(Message::Disconnect(_) | Message::GwInfo(_) | Message::Advertise(_)) => {}
                    // The client assumes that it is connected. Tell it that it is not.
                    Some(_) => link.send(&Disconnect::default().into()).await?,
                }
            }
        }
    }
}
