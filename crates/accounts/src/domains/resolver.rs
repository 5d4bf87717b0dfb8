//! Looking up TXT records (RFC 1035): one question to the machine's name server, or the configured one.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, bail};
use contract::ErrorCode;
use platform::error::{ApiError, ApiResult};
use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, TYPE};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(3);
const SYSTEM: &str = "/etc/resolv.conf";

/// The texts of the TXT records at `name`, each put together; none when there is no such name.
/// `unavailable` when no name server answers.
pub(super) async fn texts_at(server: Option<SocketAddr>, name: &str) -> ApiResult<Vec<String>> {
    look_up(server, name).await.map_err(|error| {
        tracing::warn!(error = format!("{error:#}"), name, "DNS does not answer");
        ApiError::new(ErrorCode::Unavailable).caused_by(error)
    })
}

/// Asks the configured server, or the machine's one after the other.
async fn look_up(server: Option<SocketAddr>, name: &str) -> anyhow::Result<Vec<String>> {
    let servers = match server {
        Some(server) => vec![server],
        None => system_servers().await?,
    };
    let mut last = anyhow::anyhow!("no name server is configured");
    for server in servers {
        match ask(server, name).await {
            Ok(texts) => return Ok(texts),
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
async fn ask(server: SocketAddr, name: &str) -> anyhow::Result<Vec<String>> {
    let mut query = Packet::new_query(rand::random());
    query.set_flags(PacketFlag::RECURSION_DESIRED);
    let asked = Name::new(name)?;
    query.questions.push(Question::new(asked, QTYPE::TYPE(TYPE::TXT), QCLASS::CLASS(CLASS::IN), false));
    let (id, query) = (query.id(), query.build_bytes_vec()?);
    let answer = timeout(PATIENCE, by_datagram(server, id, &query)).await.context("no answer in time")??;
    match texts(&answer, id, name)? {
        Some(texts) => Ok(texts),
        None => {
            let answer =
                timeout(PATIENCE, by_stream(server, &query)).await.context("no answer in time")??;
            texts(&answer, id, name)?.context("the answer is cut off")
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

/// The texts an answer holds; `None` when it was cut off. Those of an alias count as the name's own.
fn texts(answer: &[u8], id: u16, name: &str) -> anyhow::Result<Option<Vec<String>>> {
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
    let text = |record: simple_dns::ResourceRecord<'_>| match record.rdata {
        RData::TXT(text) => String::try_from(text).ok(),
        _ => None,
    };
    Ok(Some(answer.answers.into_iter().filter_map(text).collect()))
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
        assert_eq!(texts(&whole, 7, "_ringside.DEMO.example").unwrap(), Some(Vec::new()));
        assert_eq!(texts(&answer(PacketFlag::TRUNCATION), 7, "_ringside.demo.example").unwrap(), None);
        assert!(texts(&whole, 8, "_ringside.demo.example").is_err(), "another id");
        assert!(texts(&whole, 7, "_ringside.other.example").is_err(), "another name");
        assert!(texts(&whole[..9], 7, "_ringside.demo.example").is_err(), "cut off");
    }
}
