//! The transports of MQTT: TCP, TLS, WebSocket, and WebSocket over TLS.

use core::fmt;
use std::io;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

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

#[cfg(feature = "tls")]
pub(crate) use tls::{Tls, accept as accept_tls};
#[cfg(feature = "tls")]
mod tls {
    use super::Stream;
    use alloc::sync::Arc;
    use std::{io, path::Path};
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

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

    pub(crate) async fn accept(stream: impl Stream + 'static, tls: Option<&Tls>) -> io::Result<Box<dyn Stream>> {
        let tls = tls.ok_or(io::ErrorKind::Unsupported)?;
        Ok(Box::new(tls.0.accept(stream).await?))
    }
}

#[cfg(feature = "websocket")]
use websocket::accept as accept_websocket;
#[cfg(feature = "websocket")]
mod websocket {
    use super::Stream;
    use bytes::BytesMut;
    use futures_util::{SinkExt, StreamExt};
    use std::io;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex, split};
    use tokio_tungstenite::WebSocketStream;
    use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
    use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode};
    use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};

    /// The size of the buffer between a WebSocket and its connection.
    const BUFFER: usize = 64 << 10;

    /// Accepts a WebSocket with the subprotocol `mqtt`, and converts it into a byte stream. The boundaries of WebSocket
    /// messages have no meaning in MQTT.
    pub(crate) async fn accept(stream: impl Stream + 'static, limit: usize) -> io::Result<Box<dyn Stream>> {
        let config = WebSocketConfig::default().max_message_size(Some(limit)).max_frame_size(Some(limit));
        let socket = tokio_tungstenite::accept_hdr_async_with_config(stream, choose_subprotocol, Some(config)).await;
        let socket = socket.map_err(io::Error::other)?;
        let (near, far) = duplex(BUFFER);
        tokio::spawn(relay(socket, far));
        Ok(Box::new(near))
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

    /// Forwards bytes between a WebSocket and a stream until one of them ends.
    async fn relay(socket: WebSocketStream<impl Stream>, stream: DuplexStream) {
        let (mut sink, mut source) = socket.split();
        let (mut reader, mut writer) = split(stream);
        let receive = async {
            // Text messages are not MQTT [MQTT-6.0.0-1]. The library answers pings.
            while let Some(Ok(message)) = source.next().await {
                match message {
                    Message::Binary(bytes) if writer.write_all(&bytes).await.is_ok() => {}
                    Message::Ping(_) | Message::Pong(_) => {}
                    _ => break,
                }
            }
            let _ = writer.shutdown().await;
        };
        let send = async {
            let mut buffer = BytesMut::new();
            while reader.read_buf(&mut buffer).await.is_ok_and(|read| read > 0) {
                if sink.send(Message::Binary(buffer.split().freeze())).await.is_err() {
                    return;
                }
            }
            let _ = sink.close().await;
        };
        tokio::pin!(receive, send);
        tokio::select! {
            () = &mut receive => send.await,
            () = &mut send => {}
        }
    }
}

#[cfg(not(feature = "tls"))]
pub(crate) struct Tls;

#[cfg(not(feature = "tls"))]
impl Tls {
    pub(crate) fn new(_: &std::path::Path, _: &std::path::Path) -> Result<Self, &'static str> {
        Err("this broker was built without TLS")
    }
}

#[cfg(not(feature = "tls"))]
async fn accept_tls(_: impl Stream + 'static, _: Option<&Tls>) -> io::Result<Box<dyn Stream>> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(feature = "websocket"))]
async fn accept_websocket(_: impl Stream + 'static, _: usize) -> io::Result<Box<dyn Stream>> {
    Err(io::ErrorKind::Unsupported.into())
}
