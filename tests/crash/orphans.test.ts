import { randomUUID } from 'node:crypto';
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CrashSite } from './crash-site.ts';
import { SPILLED, spill } from './crash-workflows.ts';

let site: CrashSite;

beforeEach(async () => {
  site = new CrashSite();
  await site.service.open();
});

afterEach(() => site.close());

/** Files of datasets, as `<run>/<step>/<attempt>/<port>`. */
const blobs = () => globSync('**/records*', { cwd: join(site.home, 'blobs', 'runs') });

test('what kills in the middle of a dataset leave on the disk is swept, and what is needed stays', async () => {
  // What is left where a run dies before it is written down, which takes it some milliseconds.
  const ofNobody = [join(randomUUID(), 'make', '1', 'records')];
  for (const name of ofNobody) {
    const file = join(site.home, 'blobs', 'runs', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'half a chunk');
  }
  await site.live({
    work: async (server) => {
      await server.publish(spill(site.service.url));
      await server.close();
    },
  });
  await site.live({
    env: { SLUICE_FAULT_POINT: 'blob.write:after@2' },
    work: async (server) => {
      const { body } = await server.ask<{ id: string }>('POST', '/hooks/spill', {});
      site.accepted.add(body.id);
      await server.ended;
    },
  });
  const halves = blobs().filter((name) => !ofNobody.includes(name));
  expect(halves).toHaveLength(1);

  const runs = await site.liveOut({
    after: () =>
      expect
        .poll(() => blobs().filter((name) => [...ofNobody, ...halves].includes(name)), {
          timeout: 30_000,
          interval: 100,
        })
        .toEqual([]),
  });
  expect(site.faults(runs)).toEqual([]);
  expect(blobs().length).toBeGreaterThan(0);
  expect(site.service.calls.find(({ node }) => node === 'report')?.body).toEqual({
    count: SPILLED,
    sum: (SPILLED * (SPILLED - 1)) / 2,
  });
  // The records of the run can still be read after the sweep.
  await site.live({
    work: async (server) => {
      const path = `/runs/${runs[0]?.id}/steps/make/records?offset=${SPILLED - 1}&limit=1`;
      expect(await server.call('GET', path)).toMatchObject({ total: SPILLED, records: [{ n: SPILLED - 1 }] });
      await server.close();
    },
  });
}, 180_000);
