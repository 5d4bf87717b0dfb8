//! One keep-alive connection of a client.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use contract::Endpoint;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;
use uuid::Uuid;

/// An open connection; requests on it go one after the other.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Headers on top of those that every request has.
pub type Extra<'a> = &'a [(&'a str, &'a str)];

impl Connection {
    /// Connects to a server.
    pub async fn open(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await.with_context(|| format!("cannot reach {server}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        // When the connection ends with an error the next request on it says so.
        tokio::spawn(connection);
        Ok(Self { sender, host: server.to_string() })
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        extra: Extra<'_>,
        body: Vec<u8>,
    ) -> Result<Answer> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, &self.host);
        for (name, value) in extra {
            request = request.header(*name, *value);
        }
        self.sender.ready().await?;
        let answer = self.sender.send_request(request.body(Full::from(body))?).await?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: head.status, headers: head.headers, body })
    }

    /// Sends a GET.
    pub async fn get(&mut self, path: &str, extra: Extra<'_>) -> Result<Answer> {
        self.send(Method::GET, path, extra, Vec::new()).await
    }

    /// Posts JSON with an idempotency key of its own, as every careful client does.
    pub async fn post<T: Serialize>(&mut self, path: &str, extra: Extra<'_>, body: &T) -> Result<Answer> {
        let key = Uuid::now_v7().to_string();
        let mut headers =
            vec![(CONTENT_TYPE.as_str(), "application/json"), ("idempotency-key", key.as_str())];
        headers.extend_from_slice(extra);
        self.send(Method::POST, path, &headers, serde_json::to_vec(body)?).await
    }

    /// Calls an operation that must succeed: the preparations of a bench.
    pub async fn call<In: Serialize, Out: DeserializeOwned>(
        &mut self,
        endpoint: Endpoint<In, Out>,
        values: &[&str],
        extra: Extra<'_>,
        body: &In,
    ) -> Result<Out> {
        self.post(&endpoint.at(values), extra, body).await?.json(endpoint.id)
    }
}

impl Answer {
    /// The answer's JSON when it is a success; otherwise an error that names the operation.
    pub fn json<T: DeserializeOwned>(&self, operation: &str) -> Result<T> {
        if !self.status.is_success() {
            bail!("{operation} answered {}: {}", self.status, String::from_utf8_lossy(&self.body));
        }
        serde_json::from_slice(&self.body).with_context(|| format!("{operation} answered something else"))
    }
}
