import { expect, test } from 'vitest';
import { migrate, openDatabase, transaction } from './database.ts';

test('applies each migration once and remembers where it was', () => {
  const db = openDatabase(':memory:');
  migrate(db, 'things', ['create table thing (id integer)']);
  migrate(db, 'things', ['create table thing (id integer)', 'alter table thing add column name text']);
  migrate(db, 'others', ['create table other (id integer)']);
  db.exec("insert into thing values (1, 'a')");
  expect(db.prepare('select * from thing').all()).toEqual([{ id: 1, name: 'a' }]);
});

test('refuses data that a newer program wrote', () => {
  const db = openDatabase(':memory:');
  migrate(db, 'things', ['create table a (id integer)', 'create table b (id integer)']);
  expect(() => migrate(db, 'things', ['create table a (id integer)'])).toThrow('newer Sluice');
});

test('a failing migration leaves nothing behind', () => {
  const db = openDatabase(':memory:');
  expect(() => migrate(db, 'things', ['create table a (id integer); create table a (id integer)'])).toThrow();
  migrate(db, 'things', ['create table a (id integer)']);
});

test('a transaction is all or nothing', () => {
  const db = openDatabase(':memory:');
  db.exec('create table a (id integer)');
  expect(() =>
    transaction(db, () => {
      db.exec('insert into a values (1)');
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(db.prepare('select count(*) as n from a').get()).toEqual({ n: 0 });
});
