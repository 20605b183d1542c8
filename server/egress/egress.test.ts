import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { NodeError } from '../../sdk/index.ts';
import { addressPolicy, parseRanges } from './address-policy.ts';
import { createEgress, type Egress } from './egress.ts';
import type { Resolve } from './guarded-agents.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<number> {
  const server = http.createServer(listener).listen(0, '127.0.0.1');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function egress(options: Parameters<typeof createEgress>[0] = {}): Egress {
  const made = createEgress(options);
  closers.push(made.close);
  return made;
}

const resolveTo =
  (...answers: string[]): Resolve =>
  (_name, answer) => {
    const address = answers.length > 1 ? answers.shift() : answers[0];
    answer(null, [{ address: address ?? '', family: address?.includes(':') ? 6 : 4 }]);
  };

const refused = { class: 'config', code: 'egress-refused' };

describe('the egress guard refuses', () => {
  it.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://127.1/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://192.0.0.192/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fec0::1]/',
    'https://127.0.0.1/',
  ])('%s', async (url) => {
    await expect(egress().http().get(url)).rejects.toMatchObject(refused);
  });

  it.each(['file:///etc/passwd', 'data:text/plain,hello', 'ftp://example.com/', '/relative'])('%s', async (url) => {
    await expect(egress().http().get(url)).rejects.toMatchObject(refused);
  });

  it('a name that resolves to a private address, and says which setting would let it through', async () => {
    const error = await egress({ resolve: resolveTo('10.0.0.5') })
      .http()
      .get('http://intranet.example/')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NodeError);
    expect(error).toMatchObject({
      ...refused,
      message: expect.stringContaining('intranet.example (10.0.0.5)'),
      remedy: expect.stringContaining('SLUICE_ALLOW_PRIVATE=10.0.0.5/32'),
    });
  });

  it('a redirect to a private address', async () => {
    const inner = await serve((_request, response) => response.end('secret'));
    const outer = await serve((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${inner}/` }).end();
    });
    const guarded = egress();
    guarded.open('127.0.0.1', outer);
    await expect(guarded.http().get(`http://127.0.0.1:${outer}/`)).rejects.toMatchObject(refused);
  });

  it('a name whose second answer is private', async () => {
    const port = await serve((_request, response) => response.writeHead(200, { connection: 'close' }).end('ok'));
    const guarded = egress({ resolve: resolveTo('127.0.0.1', '169.254.169.254') });
    guarded.open('127.0.0.1', port);
    const client = guarded.http();
    await expect(client.get(`http://rebind.example:${port}/`)).resolves.toMatchObject({ data: 'ok' });
    await expect(client.get(`http://rebind.example:${port}/`)).rejects.toMatchObject(refused);
  });

  it('a request that brings its own way out', async () => {
    const port = await serve((_request, response) => response.end('secret'));
    await expect(
      egress().http().get(`http://127.0.0.1:${port}/`, { adapter: 'fetch', httpAgent: new http.Agent() }),
    ).rejects.toMatchObject(refused);
  });
});

describe('the egress guard lets through', () => {
  it('ranges that the administrator allows', async () => {
    const port = await serve((_request, response) => response.end('ok'));
    const client = egress({ allow: ['127.0.0.0/8'] }).http();
    expect((await client.get(`http://127.0.0.1:${port}/`)).data).toBe('ok');
    expect((await client.get(`http://localhost:${port}/`)).data).toBe('ok');
    expect((await client.get(`http://[::ffff:127.0.0.1]:${port}/`)).data).toBe('ok');
  });

  it('an opened port and no other, until it is closed again', async () => {
    const port = await serve((_request, response) => response.end('ok'));
    const other = await serve((_request, response) => response.end('secret'));
    const guarded = egress();
    const shut = guarded.open('127.0.0.1', port);
    const client = guarded.http();
    expect((await client.get(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).data).toBe('ok');
    await expect(client.get(`http://127.0.0.1:${other}/`)).rejects.toMatchObject(refused);
    shut();
    await expect(client.get(`http://127.0.0.1:${port}/`)).rejects.toMatchObject(refused);
  });

  it('many requests over one kept connection, and ends them with the signal', async () => {
    const sockets = new Set<unknown>();
    const port = await serve((request, response) => {
      sockets.add(request.socket);
      if (request.url !== '/hang') response.end('ok');
    });
    const guarded = egress({ allow: ['127.0.0.1'] });
    const stop = new AbortController();
    const client = guarded.http({ signal: stop.signal });
    for (let i = 0; i < 5; i++) await client.get(`http://127.0.0.1:${port}/`);
    expect(sockets.size).toBe(1);
    const hanging = client.get(`http://127.0.0.1:${port}/hang`);
    stop.abort();
    await expect(hanging).rejects.toMatchObject({ code: 'ERR_CANCELED' });
  });
});

describe('check, for clients with sockets of their own', () => {
  it('refuses a host when one of its addresses is private', async () => {
    const resolve: Resolve = (_name, answer) =>
      answer(null, [
        { address: '8.8.8.8', family: 4 },
        { address: '10.0.0.5', family: 4 },
      ]);
    await expect(egress({ resolve }).check('mail.example', 25)).rejects.toMatchObject(refused);
    await expect(egress({ resolve, allow: ['10.0.0.0/8'] }).check('mail.example', 25)).resolves.toBeUndefined();
  });

  it('refuses odd spellings of loopback, and lets an opened port through', async () => {
    await expect(egress().check('[::1]', 25)).rejects.toMatchObject(refused);
    await expect(egress().check('0x7f.1', 25)).rejects.toMatchObject(refused);
    const guarded = egress();
    guarded.open('127.0.0.1', 2525);
    await expect(guarded.check('127.0.0.1', 2525)).resolves.toBeUndefined();
    await expect(guarded.check('127.0.0.1', 25)).rejects.toMatchObject(refused);
  });

  it('leaves an unknown name to the client', async () => {
    const resolve: Resolve = (_name, answer) => answer(new Error('ENOTFOUND'), []);
    await expect(egress({ resolve }).check('nowhere.example', 25)).resolves.toBeUndefined();
  });
});

describe('addressPolicy', () => {
  it('allows public addresses', () => {
    const policy = addressPolicy([]);
    expect(policy.allows('8.8.8.8', 443)).toBe(true);
    expect(policy.allows('2606:4700::1111', 443)).toBe(true);
    expect(policy.allows('64:ff9b::808:808', 443)).toBe(true);
    expect(policy.allows('not an address', 443)).toBe(false);
  });

  it('reads ranges parted by commas and spaces, and names the one that is wrong', () => {
    expect(parseRanges(' 10.0.0.0/8, ::1 127.0.0.1')).toEqual(['10.0.0.0/8', '::1', '127.0.0.1']);
    expect(parseRanges(undefined)).toEqual([]);
    expect(() => addressPolicy(['10.0.0.0/8', 'home'])).toThrow(/"home" is not an address range/);
  });
});
