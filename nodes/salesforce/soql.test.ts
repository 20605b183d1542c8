import { expect, test } from 'vitest';
import type { Conditions } from '../../spec/workflow/conditions.ts';
import { bindSoql, buildSoql, type FieldLike, objectName } from './soql.ts';

const fields: Record<string, FieldLike> = {
  Name: { type: 'string', label: 'Name' },
  Amount: { type: 'currency', label: 'Amount' },
  CloseDate: { type: 'date', label: 'Close Date' },
  CreatedDate: { type: 'datetime', label: 'Created Date' },
  IsWon: { type: 'boolean', label: 'Won' },
  'Account.Name': { type: 'string', label: 'Account Name' },
};
const fieldAt = async (path: string) => fields[path] ?? { type: 'string', label: path };
const where = async (conditions: Conditions) => {
  const soql = await buildSoql({ object: 'Opportunity', fields: ['Id'], conditions }, fieldAt);
  return soql.replace('SELECT Id FROM Opportunity WHERE ', '');
};
const one = (left: string, is: 'equals' | 'contains' | 'in' | 'not-in' | 'after', right: unknown) =>
  where({ all: [{ left, is, right }] });

test('values are quoted as their field wants, and cannot end their quotes', async () => {
  expect(await one('Name', 'equals', "O'Neil \\ Sons\n")).toBe("Name = 'O\\'Neil \\\\ Sons\\n'");
  expect(await one('Name', 'equals', '2026-01-01')).toBe("Name = '2026-01-01'");
  expect(await one('Amount', 'equals', '12.50')).toBe('Amount = 12.50');
  expect(await one('IsWon', 'equals', 'TRUE')).toBe('IsWon = true');
  expect(await one('CloseDate', 'after', '2026-01-31T08:00:00Z')).toBe('CloseDate > 2026-01-31');
  expect(await one('CloseDate', 'after', 'LAST_N_DAYS:30')).toBe('CloseDate > LAST_N_DAYS:30');
  expect(await one('CreatedDate', 'after', '2026-01-31')).toBe('CreatedDate > 2026-01-31T00:00:00Z');
  expect(await one('Name', 'equals', '')).toBe('Name = null');
  expect(await one('Name', 'contains', "50%_'")).toBe("Name LIKE '%50\\%\\_\\'%'");
});

test('a value that does not fit its field is refused with what would fit', async () => {
  for (const [field, value] of [
    ['Amount', "1 OR Name != ''"],
    ['IsWon', 'maybe'],
    ['CloseDate', 'soon'],
    ['CreatedDate', 'soon'],
  ] as const) {
    await expect(one(field, 'equals', value)).rejects.toMatchObject({ code: 'salesforce-condition-value' });
  }
});

test('lists, groups and order are put together', async () => {
  expect(await one('Amount', 'in', '1, 2')).toBe('Amount IN (1, 2)');
  expect(await one('Name', 'in', [])).toBe('Id = null');
  expect(
    await where({
      all: [
        { left: 'IsWon', is: 'is-true' },
        {
          any: [
            { left: 'Account.Name', is: 'is-empty' },
            { left: 'Name', is: 'not-contains', right: 'x' },
          ],
        },
      ],
    }),
  ).toBe("(IsWon = true AND (Account.Name = null OR (NOT Name LIKE '%x%')))");
  const query = { object: 'Account', fields: ['Id', 'Owner.Name'], orderBy: 'Name desc, Id', limit: 5 };
  expect(await buildSoql(query, fieldAt)).toBe('SELECT Id, Owner.Name FROM Account ORDER BY Name DESC, Id LIMIT 5');
});

test('names are names and nothing more', async () => {
  expect(() => objectName('Account, (SELECT Id FROM Contacts)')).toThrow('not the name of a Salesforce object');
  await expect(one('Name = null OR Name', 'equals', 'x')).rejects.toMatchObject({ code: 'salesforce-name' });
  await expect(buildSoql({ object: 'Account', fields: ['Id'], orderBy: 'Name; drop' }, fieldAt)).rejects.toThrow();
});

test('named values are bound outside quotes only', () => {
  const soql = "SELECT Id FROM A WHERE N = :name AND M = ':name' AND D > LAST_N_DAYS:30 AND T > 2026-01-01T10:20:30Z";
  expect(bindSoql(soql, { name: "x' OR '" })).toBe(
    "SELECT Id FROM A WHERE N = 'x\\' OR \\'' AND M = ':name' AND D > LAST_N_DAYS:30 AND T > 2026-01-01T10:20:30Z",
  );
  expect(bindSoql('Id IN :ids AND D > :since', { ids: ['a', 'b'], since: '2026-01-01' })).toBe(
    "Id IN ('a', 'b') AND D > 2026-01-01",
  );
  expect(() => bindSoql('Id = :id', {})).toThrow(':id');
});
