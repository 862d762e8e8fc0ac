//! The transports of MQTT: TCP, TLS, WebSocket, and WebSocket over TLS.

use alloc::sync::Arc;
use core::{fmt, future::ready};
use futures_util::{SinkExt, StreamExt, TryStreamExt};
use std::{io, path::Path};
use tokio::io::{AsyncRead, AsyncWrite, join};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio_tungstenite::accept_hdr_async_with_config;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode};
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_util::io::{CopyToBytes, SinkWriter, StreamReader};

/// A transport with its address, for clients to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Tcp,
    Tls,
    Ws,
    Wss,
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Ws => "ws",
            Self::Wss => "wss",
        })
    }
}

/// A connection that carries MQTT.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Transport {
    /// Opens an accepted connection.
    pub(crate) async fn open(self, socket: TcpStream, tls: Option<&Tls>, limit: usize) -> io::Result<Box<dyn Stream>> {
        socket.set_nodelay(true)?;
        match self {
            Self::Tcp => Ok(Box::new(socket)),
            Self::Tls => accept_tls(socket, tls).await,
            Self::Ws => accept_websocket(socket, limit).await,
            Self::Wss => accept_websocket(accept_tls(socket, tls).await?, limit).await,
        }
    }
}

/// The certificate and the key of the broker.
#[derive(Clone)]
pub(crate) struct Tls(TlsAcceptor);

impl Tls {
    /// Reads a chain of certificates and a private key, both in PEM.
    pub(crate) fn new(certificates: &Path, key: &Path) -> Result<Self, Box<dyn core::error::Error>> {
        let certificates = CertificateDer::pem_file_iter(certificates)?.collect::<Result<Vec<_>, _>>()?;
        let key = PrivateKeyDer::from_pem_file(key)?;
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(certificates, key)?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}

async fn accept_tls(stream: impl Stream + 'static, tls: Option<&Tls>) -> io::Result<Box<dyn Stream>> {
    let tls = tls.ok_or(io::ErrorKind::Unsupported)?;
    Ok(Box::new(tls.0.accept(stream).await?))
}

/// Accepts a WebSocket with the subprotocol `mqtt`, and converts it into a byte stream. The boundaries of WebSocket
/// messages have no meaning in MQTT.
async fn accept_websocket(stream: impl Stream + 'static, limit: usize) -> io::Result<Box<dyn Stream>> {
    let config = WebSocketConfig::default().max_message_size(Some(limit)).max_frame_size(Some(limit));
    let socket = accept_hdr_async_with_config(stream, choose_subprotocol, Some(config)).await;
    let (sink, source) = socket.map_err(io::Error::other)?.split();
    let received = source.map_err(io::Error::other).try_filter_map(|message| {
        ready(match message {
            Message::Binary(bytes) => Ok(Some(bytes)),
            Message::Ping(_) | Message::Pong(_) => Ok(None), // the library answers pings
            Message::Close(_) => Err(io::ErrorKind::ConnectionReset.into()),
            _ => Err(io::ErrorKind::InvalidData.into()), // text messages are not MQTT [MQTT-6.0.0-1]
        })
    });
    let sent = sink.sink_map_err(io::Error::other).with(|bytes| ready(io::Result::Ok(Message::Binary(bytes))));
    Ok(Box::new(join(StreamReader::new(received), SinkWriter::new(CopyToBytes::new(sent)))))
}

#[expect(clippy::result_large_err, reason = "the callback's type is given")]
fn choose_subprotocol(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let offered = request.headers().get_all("Sec-WebSocket-Protocol").iter().filter_map(|it| it.to_str().ok());
    let mut offered = offered.flat_map(|it| it.split(',')).map(str::trim);
    // Clients of 3.1 offer "mqttv3.1".
    let Some(chosen) = offered.find(|it| ["mqtt", "mqttv3.1"].contains(it)) else {
        let mut refusal = ErrorResponse::new(Some("the subprotocol is mqtt".to_owned()));
        *refusal.status_mut() = StatusCode::BAD_REQUEST;
        return Err(refusal);
    };
    if let Ok(chosen) = HeaderValue::from_str(chosen) {
        response.headers_mut().insert("Sec-WebSocket-Protocol", chosen);
    }
    Ok(response)
}
