//! Asking name servers (RFC 1035): one question to the machine's name server, or the configured one.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, bail};
use contract::ErrorCode;
use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, TYPE};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use crate::error::{ApiError, ApiResult};

const PATIENCE: Duration = Duration::from_secs(3);
const SYSTEM: &str = "/etc/resolv.conf";

/// The texts of the TXT records at `name`, each put together; none when there is no such name. `server` is
/// asked, or the machine's.
///
/// # Errors
/// `unavailable` when no name server answers.
pub async fn texts_at(server: Option<SocketAddr>, name: &str) -> ApiResult<Vec<String>> {
    look_up(server, name, TYPE::TXT, text).await.map_err(|error| {
        tracing::warn!(error = format!("{error:#}"), name, "DNS does not answer");
        ApiError::new(ErrorCode::Unavailable).caused_by(error)
    })
}

/// The addresses of a host. Without a `server` the machine is asked, which knows names of its own as well.
/// `localhost` and what ends in it is this machine, whoever says otherwise (RFC 6761, 6.3).
///
/// # Errors
/// When no name server answers.
pub async fn addresses_of(server: Option<SocketAddr>, name: &str) -> anyhow::Result<Vec<IpAddr>> {
    let plain = name.trim_end_matches('.').to_ascii_lowercase();
    if plain == "localhost" || plain.ends_with(".localhost") {
        return Ok(vec![Ipv4Addr::LOCALHOST.into()]);
    }
    if server.is_none() {
        let found = tokio::net::lookup_host((name, 0)).await?;
        return Ok(found.map(|at| at.ip()).collect());
    }
    let mut found = look_up(server, &plain, TYPE::A, address).await?;
    found.extend(look_up(server, &plain, TYPE::AAAA, address).await?);
    Ok(found)
}

/// What a record says, when it is of the kind asked for.
type Read<T> = fn(RData<'_>) -> Option<T>;

fn text(record: RData<'_>) -> Option<String> {
    match record {
        RData::TXT(text) => String::try_from(text).ok(),
        _ => None,
    }
}

fn address(record: RData<'_>) -> Option<IpAddr> {
    match record {
        RData::A(record) => Some(Ipv4Addr::from(record.address).into()),
        RData::AAAA(record) => Some(std::net::Ipv6Addr::from(record.address).into()),
        _ => None,
    }
}

/// Asks the configured server, or the machine's one after the other.
async fn look_up<T>(
    server: Option<SocketAddr>,
    name: &str,
    kind: TYPE,
    read: Read<T>,
) -> anyhow::Result<Vec<T>> {
    let servers = match server {
        Some(server) => vec![server],
        None => system_servers().await?,
    };
    let mut last = anyhow::anyhow!("no name server is configured");
    for server in servers {
        match ask(server, name, kind, read).await {
            Ok(found) => return Ok(found),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn system_servers() -> anyhow::Result<Vec<SocketAddr>> {
    let text = tokio::fs::read(SYSTEM).await.context(SYSTEM)?;
    let config = resolv_conf::Config::parse(text).context(SYSTEM)?;
    Ok(config.nameservers.into_iter().map(|ip| SocketAddr::new(IpAddr::from(ip), 53)).collect())
}

/// Asks one server; what does not fit into a datagram is asked for once more over TCP.
async fn ask<T>(server: SocketAddr, name: &str, kind: TYPE, read: Read<T>) -> anyhow::Result<Vec<T>> {
    let mut query = Packet::new_query(rand::random());
    query.set_flags(PacketFlag::RECURSION_DESIRED);
    let asked = Name::new(name)?;
    query.questions.push(Question::new(asked, QTYPE::TYPE(kind), QCLASS::CLASS(CLASS::IN), false));
    let (id, query) = (query.id(), query.build_bytes_vec()?);
    let answer = timeout(PATIENCE, by_datagram(server, id, &query)).await.context("no answer in time")??;
    match records(&answer, id, name, read)? {
        Some(found) => Ok(found),
        None => {
            let answer =
                timeout(PATIENCE, by_stream(server, &query)).await.context("no answer in time")??;
            records(&answer, id, name, read)?.context("the answer is cut off")
        }
    }
}

/// From a port nobody can know, and heard from this server only.
async fn by_datagram(server: SocketAddr, id: u16, query: &[u8]) -> anyhow::Result<Vec<u8>> {
    let own: SocketAddr = if server.is_ipv4() { ([0; 4], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = UdpSocket::bind(own).await?;
    socket.connect(server).await?;
    socket.send(query).await?;
    let mut answer = vec![0; 4096];
    loop {
        let length = socket.recv(&mut answer).await?;
        // A late or forged datagram is no answer; the one asked for may follow.
        if answer[..length].starts_with(&id.to_be_bytes()) {
            answer.truncate(length);
            return Ok(answer);
        }
    }
}

/// Each message has its length before it.
async fn by_stream(server: SocketAddr, query: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_u16(u16::try_from(query.len())?).await?;
    stream.write_all(query).await?;
    let mut answer = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut answer).await?;
    Ok(answer)
}

/// What an answer holds; `None` when it was cut off. Records of an alias count as the name's own.
fn records<T>(answer: &[u8], id: u16, name: &str, read: Read<T>) -> anyhow::Result<Option<Vec<T>>> {
    let answer = Packet::parse(answer)?;
    let asked = answer.questions.first().map(|question| question.qname.to_string());
    if answer.id() != id || !asked.is_some_and(|asked| asked.eq_ignore_ascii_case(name)) {
        bail!("the answer is to another question");
    }
    if answer.has_flags(PacketFlag::TRUNCATION) {
        return Ok(None);
    }
    match answer.rcode() {
        RCODE::NoError => {}
        RCODE::NameError => return Ok(Some(Vec::new())),
        other => bail!("the name server answers {other:?}"),
    }
    Ok(Some(answer.answers.into_iter().filter_map(|record| read(record.rdata)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(flags: PacketFlag) -> Vec<u8> {
        let mut packet = Packet::new_query(7);
        let name = Name::new("_ringside.demo.example").unwrap();
        packet.questions.push(Question::new(name, QTYPE::TYPE(TYPE::TXT), QCLASS::CLASS(CLASS::IN), false));
        packet.set_flags(flags | PacketFlag::RESPONSE);
        packet.build_bytes_vec().unwrap()
    }

    #[test]
    fn only_the_whole_answer_to_the_question_counts() {
        let whole = answer(PacketFlag::RECURSION_DESIRED);
        assert_eq!(records(&whole, 7, "_ringside.DEMO.example", text).unwrap(), Some(Vec::new()));
        assert_eq!(
            records(&answer(PacketFlag::TRUNCATION), 7, "_ringside.demo.example", text).unwrap(),
            None
        );
        assert!(records(&whole, 8, "_ringside.demo.example", text).is_err(), "another id");
        assert!(records(&whole, 7, "_ringside.other.example", text).is_err(), "another name");
        assert!(records(&whole[..9], 7, "_ringside.demo.example", text).is_err(), "cut off");
    }
}
