import { expect, it } from 'vitest';
import { origin } from '../../sdk/index.ts';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import ifNode from './if.ts';

testNode(ifNode);

const large = { all: [{ left: '={{ $json.n }}', is: 'greater-than', right: 2 }] };

it('keeps order and origins on both sides', async () => {
  const { ports, origins } = await runNode(ifNode, {
    params: { conditions: large },
    inputs: [{ n: 3 }, { n: 1 }, { n: 5 }],
  });
  expect(ports).toEqual({ true: [{ n: 3 }, { n: 5 }], false: [{ n: 1 }] });
  expect(origins.true).toEqual([origin(0, 0), origin(0, 2)]);
});

it('looks at a later condition only when the earlier ones leave the question open', async () => {
  const conditions = {
    all: [
      { left: '={{ $json.n }}', is: 'is-type', right: 'number' },
      { left: '={{ $json.n - 1 }}', is: 'greater-than', right: 0 },
    ],
  };
  const { ports } = await runNode(ifNode, { params: { conditions }, inputs: [{ n: 'abc' }, { n: 2 }] });
  expect(ports).toEqual({ false: [{ n: 'abc' }], true: [{ n: 2 }] });
});

it('rejects a record whose condition cannot be evaluated', async () => {
  const conditions = { any: [{ left: '={{ $json.n - 1 }}', is: 'equals', right: 0 }] };
  const { ports } = await runNode(ifNode, { params: { conditions }, inputs: [{ n: 'abc' }, { n: 1 }] });
  expect(ports.true).toEqual([{ n: 1 }]);
  expect(ports.rejected).toMatchObject([{ n: 'abc', _rejected: { code: 'not-a-number' } }]);
});

it('refuses a condition that does not exist', async () => {
  const run = runNode(ifNode, { params: { conditions: { all: [{ left: 1, is: 'resembles', right: 2 }] } } });
  await expect(run).rejects.toMatchObject({ class: 'config', field: expect.stringContaining('Conditions') });
});

it('compares with other steps, record by record', async () => {
  const { ports } = await runNode(ifNode, {
    params: { conditions: { all: [{ left: '={{ $json.n }}', is: 'equals', right: "={{ $('limits').item.n }}" }] } },
    inputs: [{ n: 1 }, { n: 2 }],
    nodes: { limits: [{ n: 1 }, { n: 9 }] },
  });
  expect(ports).toEqual({ true: [{ n: 1 }], false: [{ n: 2 }] });
});
