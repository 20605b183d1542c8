import { expect, it } from 'vitest';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import switchNode from './switch.ts';

testNode(switchNode);

const above = (name: string, least: number) => ({
  name,
  conditions: { all: [{ left: '={{ $json.n }}', is: 'greater-or-equal', right: least }] },
});
const inputs = [{ n: 1 }, { n: 10 }, { n: 100 }];

it('sends a record to the first case that fits', async () => {
  const { ports } = await runNode(switchNode, { params: { cases: [above('ten', 10), above('hundred', 100)] }, inputs });
  expect(ports).toEqual({ otherwise: [{ n: 1 }], ten: [{ n: 10 }, { n: 100 }] });
});

it('sends a record to every case that fits when asked to', async () => {
  const params = { cases: [above('ten', 10), above('hundred', 100)], mode: 'all' };
  const { ports } = await runNode(switchNode, { params, inputs });
  expect(ports).toEqual({ otherwise: [{ n: 1 }], ten: [{ n: 10 }, { n: 100 }], hundred: [{ n: 100 }] });
});

it('names the case whose conditions are wrong', async () => {
  const params = { cases: [{ name: 'a', conditions: { all: [{ left: 1, is: 'no-such' }] } }] };
  await expect(runNode(switchNode, { params })).rejects.toMatchObject({ class: 'config' });
});
