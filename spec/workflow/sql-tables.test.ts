import { describe, expect, it } from 'vitest';
import { stepCalled, tablesIn } from './sql-tables.ts';

describe('the tables of a SELECT', () => {
  it.each([
    ['select * from orders', ['orders']],
    ['SELECT o.x FROM orders o, "Read customers" AS c WHERE o.id = c.id', ['orders', 'Read customers']],
    ['select * from a join b using (x) left join c on b.x = c.x, d', ['a', 'b', 'c', 'd']],
    ['select * from (select * from inner_one where x in (select y from other)) t', ['inner_one', 'other']],
    ['select * from (a join b on a.x = b.x)', ['a', 'b']],
    ['with a as (select * from base), b (x, y) as not materialized (select * from a) select * from B', ['base']],
    ['with recursive t(n) as (values (1) union all select n + 1 from t) select * from t join real on true', ['real']],
    ['from orders select x', ['orders']],
    ["select extract(year from day), trim(both 'x' from y), a is distinct from b from orders", ['orders']],
    ['select \'from x\', "from y" from z -- from w\n/* from v */', ['z']],
    ['select * from $$from x$$, t', ['t']],
    ['select * from range(10), generate_series(1, 2) g join t on true', ['t']],
    ['select * from main.orders, information_schema.tables', []],
    ['select a, b from x group by a, b order by a, b', ['x']],
    ['select * from x union all select * from y, z', ['x', 'y', 'z']],
    ['select (select max(v) from m), n from x, lateral (select * from w)', ['m', 'x', 'w']],
    ['select * from "a ""b"""', ['a "b"']],
    ['select * from bestellungen_für_müller', ['bestellungen_für_müller']],
    ['select 1', []],
    ['', []],
    ['select * from', []],
    ['select ) from ( , x', ['x']],
  ])('%s', (sql, tables) => {
    expect(tablesIn(sql)).toEqual(tables);
  });

  it('stand for steps by id or name, in whatever case', () => {
    const steps = [
      { id: 'read-orders', name: 'Orders' },
      { id: 'orders', name: 'Read the orders' },
      { id: 'x', name: 'X' },
    ];
    const called = (table: string) => steps[stepCalled(table, steps) ?? -1]?.id;
    expect(called('orders')).toBe('orders');
    expect(called('Orders')).toBe('read-orders');
    expect(called('read_orders')).toBe('read-orders');
    expect(called('read the ORDERS')).toBe('orders');
    expect(called('nothing')).toBeUndefined();
  });
});
