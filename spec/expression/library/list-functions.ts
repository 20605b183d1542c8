import { category } from '../definition.ts';
import { lambdaOf, listOf, selectorOf, wholeOf } from './arguments.ts';
import {
  averageOf,
  chunksOf,
  flattenList,
  groupsOf,
  inOther,
  mapFields,
  mapList,
  medianOf,
  rangeOf,
  sortList,
  sumOf,
  uniqueOf,
} from './list-operations.ts';
import { isEmptyValue } from './logic-functions.ts';
import { numbersIn } from './number-functions.ts';
import { fromEntries } from './object-operations.ts';

const { fn } = category('Lists');

export const listFunctions = [
  fn(
    'sum(...numbers)',
    'The numbers added up; lists count with their entries, missing values do not count.',
    [
      ['sum(1, 2, 3)', 6],
      ["sum($json.orders.pluck('total'))", 240],
    ],
    (run, ...values) => sumOf(numbersIn(run, values, 'sum')),
  ),
  fn(
    'average(...numbers)',
    'The mean of the numbers; missing when there are none.',
    [['average([1, 2, 6])', 3]],
    (run, ...values) => averageOf(numbersIn(run, values, 'average')),
  ),
  fn(
    'median(...numbers)',
    'The middle of the numbers in order.',
    [
      ['median([1, 9, 2])', 2],
      ['median([1, 2, 3, 4])', 2.5],
    ],
    (run, ...values) => medianOf(numbersIn(run, values, 'median')),
  ),
  fn(
    'count(list, test?)',
    'How many entries are not missing, or pass the test.',
    [
      ['count([1, null, 3])', 2],
      ["count($json.orders, order => order.status == 'paid')", 2],
    ],
    (run, list, test) => {
      const entries = listOf(list, 'count');
      run.spend(entries.length);
      if (test === undefined) return entries.filter((item) => item !== null && item !== undefined).length;
      const lambda = lambdaOf(test, 'count');
      return entries.filter((item, i) => lambda.call(run, [item, i])).length;
    },
  ),
  fn('first(list)', 'The first entry.', [['first([1, 2, 3])', 1]], (_, list) => listOf(list, 'first')[0]),
  fn('last(list)', 'The last entry.', [['last([1, 2, 3])', 3]], (_, list) => listOf(list, 'last').at(-1)),
  fn(
    'unique(list, by?)',
    'Each different entry once; by a field or function where given.',
    [
      ['unique($json.tags)', ['lead', 'vip']],
      ["unique($json.orders, 'status').pluck('id')", [1, 2]],
    ],
    (run, list, by) => uniqueOf(run, listOf(list, 'unique'), by, 'unique'),
  ),
  fn(
    'sort(list, by?, order?)',
    "The entries in order, by a field or function where given; 'desc' turns it round. Missing values come last.",
    [
      ['sort([10, 9, 1])', [1, 9, 10]],
      ["sort($json.orders, 'total', 'desc').pluck('id')", [1, 2, 3]],
    ],
    (run, list, by, order) => sortList(run, listOf(list, 'sort'), by, order, 'sort'),
  ),
  fn('reverse(list)', 'The entries from last to first.', [['reverse([1, 2, 3])', [3, 2, 1]]], (run, list) => {
    const entries = listOf(list, 'reverse');
    run.allocate(entries.length * 8);
    return entries.toReversed();
  }),
  fn(
    'flatten(list, depth?)',
    'Lists within the list become its entries, at all depths unless said otherwise.',
    [['flatten([1, [2, [3]]])', [1, 2, 3]]],
    (run, list, depth) => flattenList(run, listOf(list, 'flatten'), wholeOf(depth, 'flatten', 100)),
  ),
  fn(
    'chunk(list, size)',
    'Lists of the given size; the last may be shorter.',
    [['chunk([1, 2, 3], 2)', [[1, 2], [3]]]],
    (run, list, size) => chunksOf(run, listOf(list, 'chunk'), size),
  ),
  fn(
    'range(from, to?, step?)',
    'The numbers from the first up to, but without, the last; from 0 when only one is given.',
    [
      ['range(3)', [0, 1, 2]],
      ['range(1, 10, 4)', [1, 5, 9]],
    ],
    (run, from, to, step) => rangeOf(run, from, to, step),
  ),
  fn(
    'zip(...lists)',
    'The first entries of all lists together, then the second ones, and so on.',
    [
      [
        "zip(['a', 'b'], [1, 2])",
        [
          ['a', 1],
          ['b', 2],
        ],
      ],
    ],
    (run, ...lists) => {
      const all = lists.map((list) => listOf(list, 'zip'));
      const length = all.reduce((longest, list) => Math.max(longest, list.length), 0);
      run.allocate(length * (all.length * 8 + 16));
      return Array.from({ length }, (_, i) => all.map((list) => list[i]));
    },
  ),
  fn(
    'pluck(list, field)',
    'One field of each entry.',
    [["pluck($json.orders, 'id')", [1, 2, 3]]],
    (run, list, field) => {
      const select = selectorOf(run, field, 'pluck');
      return mapList(run, listOf(list, 'pluck'), select);
    },
  ),
  fn(
    'compact(list)',
    'The entries that are not missing or empty.',
    [["compact([1, null, '', 0])", [1, 0]]],
    (run, list) => {
      const entries = listOf(list, 'compact');
      run.allocate(entries.length * 8);
      return entries.filter((item) => !isEmptyValue(item));
    },
  ),
  fn(
    'groupBy(list, by)',
    'The entries in groups, by a field or function, as an object of lists.',
    [["groupBy([1, 2, 3], n => $if(n > 1, 'big', 'small'))", { small: [1], big: [2, 3] }]],
    (run, list, by) => groupsOf(run, listOf(list, 'groupBy'), by, 'groupBy'),
  ),
  fn(
    'countBy(list, by?)',
    'How many entries each group has.',
    [['countBy($json.tags)', { lead: 2, vip: 1 }]],
    (run, list, by) =>
      mapFields(groupsOf(run, listOf(list, 'countBy'), by, 'countBy'), (group) => listOf(group, 'countBy').length),
  ),
  fn(
    'sumBy(list, by, of)',
    'The sum of a field for each group.',
    [["sumBy($json.orders, 'status', 'total')", { paid: 160, open: 80 }]],
    (run, list, by, of) => {
      const select = selectorOf(run, of, 'sumBy');
      return mapFields(groupsOf(run, listOf(list, 'sumBy'), by, 'sumBy'), (group) =>
        sumOf(numbersIn(run, mapList(run, listOf(group, 'sumBy'), select), 'sumBy')),
      );
    },
  ),
  fn(
    'keyBy(list, by)',
    'An object of the entries, each under its field; a later entry replaces an earlier one.',
    [["keyBy([{ id: 'a', n: 1 }], 'id')", { a: { id: 'a', n: 1 } }]],
    (run, list, by) => {
      const select = selectorOf(run, by, 'keyBy');
      return fromEntries(
        run,
        mapList(run, listOf(list, 'keyBy'), (item) => [select(item), item]),
        'keyBy',
      );
    },
  ),
  fn(
    'union(list, other)',
    'Each different entry of both lists once.',
    [['union([1, 2], [2, 3])', [1, 2, 3]]],
    (run, list, other) => uniqueOf(run, [...listOf(list, 'union'), ...listOf(other, 'union')], undefined, 'union'),
  ),
  fn(
    'intersection(list, other)',
    'The entries that both lists have.',
    [['intersection([1, 2], [2, 3])', [2]]],
    (run, list, other) => inOther(run, listOf(list, 'intersection'), other, true, 'intersection'),
  ),
  fn(
    'difference(list, other)',
    'The entries that the other list does not have.',
    [['difference([1, 2], [2, 3])', [1]]],
    (run, list, other) => inOther(run, listOf(list, 'difference'), other, false, 'difference'),
  ),
];
