import { once } from 'node:events';
import { get, type ServerResponse } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import { Breath } from '../../sdk/index.ts';
import { listen } from './http-server.ts';

afterEach(() => {
  vi.useRealTimers();
});

it.each(['app', 'hooks'] as const)(
  'lets a request to the %s go before long loops until it is answered',
  async (which) => {
    const asked = Promise.withResolvers<ServerResponse>();
    const serve = (_req: unknown, res: ServerResponse) => asked.resolve(res);
    const unused = () => expect.unreachable();
    const server = await listen({ port: 0, host: '127.0.0.1' }, { app: unused, hooks: unused, [which]: serve });
    // Nobody's time runs out: what lets the loop on is the answer.
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    const request = get(`${server.url}${which === 'hooks' ? '/hooks/a' : '/'}`);
    const answered = once(request, 'response');
    const res = await asked.promise;
    const breath = new Breath();
    await breath.pause();
    let isOn = false;
    const loop = breath.pause().then(() => {
      isOn = true;
    });
    for (let i = 0; i < 10; i++) await new Promise(setImmediate);
    expect(isOn).toBe(false);
    res.end();
    await loop;
    const [response] = await answered;
    response.resume();
    vi.useRealTimers();
    await server.close();
  },
);
