import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { goFirst } from '../../sdk/index.ts';
import { http } from '../../sdk/node-http.ts';
import { Fault } from '../fault.ts';

type Serve = (req: IncomingMessage, res: ServerResponse) => void;

/** How long a response under way may take when the server is stopped. Milliseconds. */
const GRACE = 5_000;

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Webhooks go straight to their own handler, everything else to the app. */
export async function listen(
  { port, host }: { port: number; host: string },
  { app, hooks }: { app: Serve; hooks: Serve },
): Promise<Listening> {
  const server = http.createServer({ keepAliveTimeout: 65_000 }, (req, res) => {
    res.on('close', goFirst());
    if (req.url?.startsWith('/hooks/')) hooks(req, res);
    else app(req, res);
  });
  await bound(server, port, host);
  const { port: actual } = server.address() as AddressInfo;
  const shown = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host;
  return {
    url: `http://${shown}:${actual}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const force = setTimeout(() => server.closeAllConnections(), GRACE);
      await closed;
      clearTimeout(force);
    },
  };
}

async function bound(server: Server, port: number, host: string): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new Fault({
        kind: 'conflict',
        code: 'port-in-use',
        message: `Port ${port} is in use by another program.`,
        remedy: `Stop that program, or choose another port: PORT=${port + 1} npm start`,
      });
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new Fault({
        kind: 'bad-request',
        code: 'cannot-listen',
        message: `This program may not listen on ${host}:${port} (${code}).`,
        remedy: 'Choose another PORT or HOST.',
      });
    }
    throw error;
  }
}
