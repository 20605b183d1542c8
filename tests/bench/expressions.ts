import { outsideScope } from '../../sdk/testing/outside-scope.ts';
import type { Scope } from '../../spec/expression/scope.ts';
import { compileTemplate } from '../../spec/expression/template.ts';
import { alternate, type Benchmark, inNanoseconds, ratioRow, timed } from './measure.ts';

interface Contact {
  readonly id: number;
  readonly score: number;
  readonly name: string;
  readonly country: string | null;
  readonly tags: readonly string[];
  readonly address: { readonly city: string };
}

const contacts: readonly Contact[] = Array.from({ length: 1000 }, (_, id) => ({
  id,
  score: id % 100,
  name: `Contact ${id}`,
  country: id % 3 === 0 ? null : 'DE',
  tags: ['lead', id % 2 === 0 ? 'vip' : 'new'],
  address: { city: 'Graz' },
}));

const cases: readonly [template: string, byHand: (contact: Contact) => unknown][] = [
  ['={{ $json.score }}', ({ score }) => score],
  ['={{ $json.score * 2 + 1 }}', ({ score }) => score * 2 + 1],
  ['={{ $json.address.city }}', ({ address }) => address.city],
  ["={{ $json.score > 50 ? 'hot' : 'cold' }}", ({ score }) => (score > 50 ? 'hot' : 'cold')],
  ["={{ $json.country ?? 'unknown' }}", ({ country }) => country ?? 'unknown'],
  ['={{ $json.name.toUpperCase() }} no. {{ $json.id }}', ({ name, id }) => `${name.toUpperCase()} no. ${id}`],
  [
    "={{ $json.tags.filter(tag => tag != 'lead').join(', ') }}",
    ({ tags }) => tags.filter((tag) => tag !== 'lead').join(', '),
  ],
];

/** What one expression costs over many records, once compiled. */
export const expressions: Benchmark = {
  name: 'expressions',
  limit: 30,
  run: async ({ quick }) => {
    const repeats = quick ? 50 : 300;
    const each = (act: (contact: Contact) => unknown) => async () => {
      let seen: unknown;
      const ms = await timed(() => {
        for (let i = 0; i < repeats; i++) for (const contact of contacts) seen = act(contact);
      });
      if (seen === undefined) throw new Error('Every expression here has a value');
      return (ms * 1e6) / (repeats * contacts.length);
    };
    const rows = [];
    for (const [template, byHand] of cases) {
      const compiled = compileTemplate(template);
      const scope: Scope = { ...outsideScope };
      const sides = {
        baseline: each(byHand),
        ours: each((contact) => {
          scope.json = contact;
          return compiled.evaluate(scope);
        }),
      };
      await alternate(2, sides);
      const pairs = await alternate(quick ? 3 : 7, sides);
      rows.push(ratioRow({ work: `\`${template}\``, pairs, format: inNanoseconds, limit: undefined }));
    }
    return rows;
  },
};
