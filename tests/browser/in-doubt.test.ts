import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seriousIssues } from './serious-issues.ts';
import { openSluicePage, type SluicePage } from './sluice-page.ts';

describe('a call of which nobody knows whether it took effect', () => {
  let service: Server;
  let sluice: SluicePage;
  let received = 0;
  let document: Record<string, unknown>;

  beforeAll(async () => {
    service = createServer((incoming) => {
      received++;
      incoming.resume();
      incoming.on('end', () => incoming.socket.destroy());
    });
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    vi.stubEnv('SLUICE_ALLOW_PRIVATE', '127.0.0.0/8');
    sluice = await openSluicePage();
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/orders`;
    const start = { id: 'start', type: 'manual', name: 'Start', params: { records: [{ order: 'A-17' }] } };
    const headers = { Authorization: 'Bearer hush' };
    const send = {
      id: 'send',
      type: 'http.request',
      name: 'Send',
      params: { method: 'POST', url, body: 'json', headers },
    };
    document = {
      format: 'sluice/1',
      id: 'orders',
      name: 'Send orders',
      nodes: [start, send],
      edges: [{ from: 'start', to: 'send' }],
    };
    await sluice.api('POST', '/import', {
      ...document,
      nodes: [
        start,
        send,
        { id: 'tell', type: 'slack.post', name: 'Tell', params: { channel: '#general' } },
        { id: 'read', type: 'http.request', name: 'Read', params: { url } },
      ],
      edges: [
        { from: 'start', to: 'send' },
        { from: 'send', to: 'tell' },
        { from: 'send', to: 'read' },
      ],
      layout: { start: [0, 0], send: [280, 0], tell: [560, -100], read: [560, 100] },
    });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await sluice?.close();
    service.closeAllConnections();
    service.close();
  });

  it('is asked about in the inbox with what was to be sent, and goes on as somebody says', async () => {
    const { page } = sluice;
    const { id } = await sluice.api<{ id: string }>('POST', '/runs', { document });
    await page.goto('/needs-you');
    const card = page.getByRole('article').filter({ hasText: 'Send orders: Send' });
    await card.getByText('What was to be sent').waitFor();
    await card.getByText('A-17').waitFor();
    expect(await card.textContent()).toContain('Authorization: •••');
    expect(await seriousIssues(page)).toEqual([]);
    await card.getByRole('button', { name: 'It was done' }).click();
    await page.getByText('Nothing needs you').waitFor();
    expect(received).toBe(1);
    expect(await sluice.api('GET', `/runs/${id}`)).toMatchObject({ status: 'succeeded' });
  });

  it.each([
    ['Send', 'once "Ask whether it took effect" is filled in'],
    ['Tell', 'The step asks the service first'],
    ['Read', undefined],
  ])('the settings of "%s" say what happens then', async (step, words) => {
    const { page } = sluice;
    await page.goto('/workflows/orders');
    await page.getByTestId(`rf__node-${step.toLowerCase()}`).dblclick();
    await page.getByRole('tab', { name: 'Behaviour' }).click();
    await page.getByText('It starts when').waitFor();
    const field = page.getByRole('combobox', { name: 'If nobody knows whether it took effect' });
    expect(await field.count()).toBe(words === undefined ? 0 : 1);
    if (words !== undefined) await page.getByText(words).waitFor();
  });
});
