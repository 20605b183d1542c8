import type { NodeView, Scope } from './scope.ts';

/** The record that the examples of the function list speak about. */
export const sampleRecord = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  email: 'ada@example.com',
  website: 'https://www.example.com/contact?from=ad',
  country: 'DE',
  score: 72,
  amount: '1234.50',
  nickname: '',
  active: true,
  createdAt: '2024-01-15T09:30:00Z',
  tags: ['lead', 'vip', 'lead'],
  address: { city: 'London', zip: 'W1' },
  orders: [
    { id: 1, status: 'paid', total: 120 },
    { id: 2, status: 'open', total: 80 },
    { id: 3, status: 'paid', total: 40 },
  ],
};

function view(records: readonly unknown[], matching: number): NodeView {
  return {
    item: () => records[matching],
    first: () => records[0],
    last: () => records.at(-1),
    all: () => records,
  };
}

const accounts = [
  { id: 'a1', name: 'Acme', employees: 40 },
  { id: 'a2', name: 'Globex', employees: 1200 },
];

/** The scope in which each example is evaluated, by the tests and by the documentation alike. */
export function sampleScope(): Scope {
  const nodes: Record<string, NodeView> = { accounts: view(accounts, 1) };
  return {
    json: sampleRecord,
    itemIndex: 0,
    node: (name) => (Object.hasOwn(nodes, name) ? nodes[name] : undefined),
    nodeNames: () => Object.keys(nodes),
    input: view([sampleRecord], 0),
    now: Date.UTC(2024, 4, 17, 12, 30),
    zone: 'Europe/Berlin',
    run: { id: 'run-1', watermark: '2024-05-01T00:00:00Z' },
    workflow: { id: 'lead-scores', name: 'Lead scores' },
    vars: { region: 'EMEA' },
    index: 0,
  };
}
