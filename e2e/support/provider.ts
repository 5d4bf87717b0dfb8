// A provider of messages that a journey sends by.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Said {
  status: number;
  body: unknown;
}

/** Keeps what comes and answers as it is told. */
export class Provider {
  readonly received: Asked[] = [];
  answer: () => Said = () => ({ status: 200, body: 'ok' });

  private constructor(
    readonly url: string,
    readonly server: Server,
  ) {}

  static async start(): Promise<Provider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const provider = new Provider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      provider.received.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      const { status, body } = provider.answer();
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    });
    return provider;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
