import { expect, it } from 'vitest';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import respond from './respond.ts';

testNode(respond, { setUp: () => ({}) });

it('answers once, with the values of the first record, and passes all records on', async () => {
  const inputs = [{ id: 1 }, { id: 2 }];
  const { ports, effects } = await runNode(respond, {
    params: { status: 202, headers: { 'X-Id': '={{ $json.id }}', 'X-None': null }, body: '=Order {{ $json.id }}' },
    inputs,
  });
  expect(effects.responses).toEqual([{ status: 202, headers: { 'X-Id': '1' }, body: 'Order 1' }]);
  expect(ports.records).toEqual(inputs);
});

it('answers with the first record when no body is given, and not at all when there is no record', async () => {
  const some = await runNode(respond, { inputs: [{ id: 1 }] });
  expect(some.effects.responses).toEqual([{ status: 200, headers: {}, body: { id: 1 } }]);
  const none = await runNode(respond, { inputs: [] });
  expect(none.effects.responses).toEqual([]);
});

it.each([{ 'X-Id': 'a\r\nSet-Cookie: x=1' }, { 'X-Id': 'naïve ☃' }, { 'X Id': 'a' }])(
  'refuses a header that cannot be sent: %j',
  async (headers) => {
    const { error, effects } = await runNode(respond, { params: { headers }, inputs: [{ id: 1 }], mayFail: true });
    expect(error).toMatchObject({ class: 'bad-data', code: 'respond-bad-header', field: 'Headers' });
    expect(effects.responses).toEqual([]);
  },
);
