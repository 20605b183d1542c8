import { describe, expect, it } from 'vitest';
import { bindNamed, type Lexis, splitStatements } from './sql-text.ts';

const numbered: Lexis = {
  dollarQuotes: true,
  backslashes: false,
  hashComments: false,
  nestedComments: true,
  placeholder: (position) => `$${position}`,
  reusable: true,
};
const marks: Lexis = {
  dollarQuotes: false,
  backslashes: true,
  hashComments: true,
  nestedComments: false,
  placeholder: () => '?',
  reusable: false,
};

describe('bindNamed', () => {
  it('puts a placeholder where the name stands and the value beside the text', () => {
    expect(bindNamed('select * from t where a = :a and b > :b or c = :a', { a: 1, b: 'x' }, numbered)).toEqual({
      text: 'select * from t where a = $1 and b > $2 or c = $1',
      values: [1, 'x'],
    });
    expect(bindNamed('select :a, :b, :a', { a: 1, b: 2 }, marks)).toEqual({
      text: 'select ?, ?, ?',
      values: [1, 2, 1],
    });
  });

  it.each([
    "select ':a', 'it''s :a'",
    'select ":a" from t',
    'select 1 -- :a\n',
    'select 1 /* :a /* :a */ :a */',
    'select $$:a$$, $x$ :a $$ :a $x$',
    "select E'\\':a', 1",
    'select x::text, y::a',
    "select '10:30'::time",
    'select arr[1:n], tags[lo:hi]',
    "select {'k':v}",
    'set @x :=1',
  ])('leaves alone %s', (sql) => {
    expect(bindNamed(sql, { a: 1 }, numbered)).toEqual({ text: sql, values: [] });
  });

  it('knows backslashes, backticks and hash comments where the dialect has them', () => {
    const sql = "select 'it\\':a', `:a` from t # :a\n where b = :a";
    expect(bindNamed(sql, { a: 1 }, marks).text).toBe("select 'it\\':a', `:a` from t # :a\n where b = ?");
  });

  it('binds a cast value and a value next to punctuation', () => {
    expect(bindNamed('select :a::int,(:b)', { a: '1', b: 2 }, numbered).text).toBe('select $1::int,($2)');
  });

  it('never splices a value, whatever it holds', () => {
    const nasty = "'; drop table t; --";
    expect(bindNamed('select :a', { a: nasty }, numbered)).toEqual({ text: 'select $1', values: [nasty] });
  });

  it('spreads a list inside in (...)', () => {
    expect(bindNamed('where id in (:ids) and x = :x', { ids: [1, 2], x: 3 }, numbered)).toEqual({
      text: 'where id in ($1, $2) and x = $3',
      values: [1, 2, 3],
    });
    expect(bindNamed('where id = any(:ids)', { ids: [1, 2] }, numbered).values).toEqual([[1, 2]]);
    expect(bindNamed('where id in (:ids)', { ids: [] }, marks).text).toBe('where id in (NULL)');
    expect(() => bindNamed('where id not in (:ids)', { ids: [] }, marks)).toThrow(/empty/);
  });

  it('says which value is missing and which there are', () => {
    expect(() => bindNamed('select :since', { sinse: 1 }, numbered)).toThrow(/:since/);
    try {
      bindNamed('select :since', { sinse: 1 }, numbered);
    } catch (error) {
      expect(error).toMatchObject({
        class: 'config',
        code: 'sql-value-missing',
        remedy: expect.stringContaining('sinse'),
      });
    }
  });

  it('takes undefined for NULL and no inherited names', () => {
    expect(bindNamed('select :a', { a: undefined }, numbered).values).toEqual([null]);
    expect(() => bindNamed('select :toString', {}, numbered)).toThrow(/:toString/);
  });
});

describe('splitStatements', () => {
  it('parts statements at semicolons outside quotes and comments', () => {
    expect(splitStatements("insert into t values (';', :a); -- done;\n update t set x = 1;\n", numbered)).toEqual([
      "insert into t values (';', :a)",
      '-- done;\n update t set x = 1',
    ]);
    expect(splitStatements('select 1; -- the end', numbered)).toEqual(['select 1']);
    expect(splitStatements(' ; ', numbered)).toEqual([]);
  });

  it('leaves routines and triggers whole', () => {
    const sql = 'create trigger x after insert on t begin update t set a = 1; end;';
    expect(splitStatements(sql, numbered)).toEqual([sql]);
  });
});
