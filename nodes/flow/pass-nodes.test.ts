import { expect, it } from 'vitest';
import { origin } from '../../sdk/index.ts';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import merge from './merge.ts';
import noOp from './no-op.ts';
import stop from './stop.ts';

testNode(merge);
testNode(noOp);
testNode(stop);

it('passes records on in order with their origins', async () => {
  const { ports, origins } = await runNode(merge, { inputs: [{ a: 1 }, { a: 2 }, { a: 3 }], batchSize: 2 });
  expect(ports.records).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  expect(origins.records).toEqual([origin(0, 0), origin(0, 1), origin(0, 2)]);
});

it('fails with the message for the first record', async () => {
  const run = runNode(stop, {
    params: { message: '=No price for {{ $json.sku }}' },
    inputs: [{ sku: 'A-1' }, { sku: 'A-2' }],
  });
  await expect(run).rejects.toMatchObject({ code: 'stopped', message: 'No price for A-1' });
});

it('does not stop where nothing came in', async () => {
  await expect(runNode(stop, { params: { message: 'x' }, inputs: [] })).resolves.toMatchObject({ ports: {} });
});
