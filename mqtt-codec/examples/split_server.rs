//! A server that reads and writes in independent tasks. The two halves of its codec share the version of the
//! connection.

use futures_util::{StreamExt, stream};
use mqtt_codec::{Codec, CodecError, ConnAck, Packet, PingResp};
use tokio::{net::TcpListener, net::TcpStream, sync::mpsc};
use tokio_util::codec::{FramedRead, FramedWrite};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), CodecError> {
    let listener = TcpListener::bind("127.0.0.1:1883").await?;
    loop {
        tokio::spawn(serve(listener.accept().await?.0));
    }
}

async fn serve(socket: TcpStream) -> Result<(), CodecError> {
    let (read_half, write_half) = socket.into_split();
    let (reader, writer) = Codec::server().split();
    let (mut received, output) = (FramedRead::new(read_half, reader), FramedWrite::new(write_half, writer));
    let (sender, mut queue) = mpsc::unbounded_channel::<Packet>();
    let write_all = stream::poll_fn(move |context| queue.poll_recv(context)).map(Ok).forward(output);
    let read_all = async move {
        while let Some(packet) = received.next().await.transpose()? {
            let answer: Packet = match packet {
                Packet::Connect(_) => ConnAck::accepted(false).into(),
                Packet::PingReq(_) => PingResp.into(),
                _ => continue,
            };
            drop(sender.send(answer));
        }
        Ok(())
    };
    tokio::try_join!(read_all, write_all).map(|_| ())
}
