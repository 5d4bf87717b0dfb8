//! Who publishes: to ours another server of the same Redis, to socket.io a socket of its own.

use std::net::SocketAddr;

use anyhow::Result;
use platform::bus::Bus;
use platform::redis::Redis;
use serde_json::{Value, json};

use super::socket::{Dialect, Socket};

pub enum Publisher {
    Redis(Bus),
    SocketIo(Box<Socket>),
}

impl Publisher {
    pub fn redis(url: &str) -> Result<Self> {
        Ok(Self::Redis(Bus::new(Some(Redis::new(url)?))))
    }

    pub async fn socketio(server: SocketAddr) -> Result<Self> {
        let socket = Socket::open(Dialect::SocketIo, server, "publishers").await?;
        Ok(Self::SocketIo(Box::new(socket)))
    }

    pub async fn publish(&mut self, room: &str, fact: &Value) -> Result<()> {
        match self {
            Self::Redis(bus) => bus.publish(room, fact).await,
            Self::SocketIo(socket) => {
                socket.say(&format!("42{}", json!(["publish", room, fact]))).await?;
                socket.answer_pings().await?;
            }
        }
        Ok(())
    }
}
