// A DNS server of TXT records, at the address the server was told to ask.
import { createSocket, type Socket } from 'node:dgram';

/** The name a query asks for, and where its question ends. */
function asked(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at++]!; length > 0; length = query[at++]!) {
    labels.push(query.toString('latin1', at, at + length));
    at += length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 4 };
}

/** A text as strings of at most 255 bytes, each behind its length (RFC 1035, 3.3.14). */
function parted(text: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < text.length; at += 255) {
    const part = text.subarray(at, at + 255);
    parts.push(Buffer.from([part.length]), part);
  }
  return Buffer.concat(parts);
}

/** The answer to a query of one question (RFC 1035, section 4): one text, or "no such name". */
function answer(query: Buffer, texts: Map<string, string>): Buffer {
  const { name, end } = asked(query);
  const text = texts.get(name);
  const head = Buffer.from([0, 0, 0x81, text === undefined ? 0x83 : 0x80, 0, 1, 0, text === undefined ? 0 : 1, 0, 0, 0, 0]);
  query.copy(head, 0, 0, 2);
  const question = query.subarray(12, end);
  if (text === undefined) return Buffer.concat([head, question]);
  const data = parted(Buffer.from(text, 'latin1'));
  // The name asked for, TXT, IN, good for no time.
  const record = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, data.length >> 8, data.length & 0xff]);
  return Buffer.concat([head, question, record, data]);
}

/** Records that are published until the journey is over. */
export class Dns {
  readonly #texts = new Map<string, string>();
  readonly #socket: Socket = createSocket('udp4');

  /** Listens where RINGSIDE_DNS_RESOLVER says. */
  static async start(): Promise<Dns> {
    const address = process.env.RINGSIDE_DNS_RESOLVER;
    if (!address) throw new Error('RINGSIDE_DNS_RESOLVER must name the DNS server that is asked');
    const [host, port] = address.split(':');
    const dns = new Dns();
    dns.#socket.on('message', (query, from) => {
      dns.#socket.send(answer(query, dns.#texts), from.port, from.address);
    });
    await new Promise<void>((resolve, reject) => {
      dns.#socket.once('error', reject).bind(Number(port), host, resolve);
    });
    return dns;
  }

  publish(name: string, text: string): void {
    this.#texts.set(name.toLowerCase(), text);
  }

  stop(): void {
    this.#socket.close();
  }
}
