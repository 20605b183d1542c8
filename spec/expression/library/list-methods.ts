import { methodsOf } from '../definition.ts';
import { toJsonText } from '../leave.ts';
import { strictlyEqual } from '../operators.ts';
import type { Run } from '../run.ts';
import { isMissing, keyOf, lambdaOf, listOf, needs, objectOf, selectorOf, textOf, wholeOf } from './arguments.ts';
import {
  averageOf,
  chunksOf,
  flattenList,
  groupsOf,
  inOther,
  mapFields,
  mapList,
  medianOf,
  sortBy,
  sortList,
  sumOf,
  uniqueOf,
} from './list-operations.ts';
import { isEmptyValue } from './logic-functions.ts';
import { greatestOf, leastOf, numbersIn } from './number-functions.ts';
import { fromEntries, mergeObjects } from './object-operations.ts';
import { joinTexts } from './text-make.ts';

const method = methodsOf('list');
type List = readonly unknown[];

function copy(run: Run, list: List): List {
  run.allocate(list.length * 8);
  return list;
}

/** Makes the test of each entry from the function given to a method. */
function test(run: Run, list: List, value: unknown, who: string): (item: unknown, index: number) => unknown {
  const lambda = lambdaOf(value, who);
  return (item, index) => lambda.call(run, [item, index, list]);
}

/** `map` and `filter`, the busiest of all, as loops that call the function themselves. */
function mapped(run: Run, list: List, change: unknown): unknown[] {
  const lambda = lambdaOf(change, 'map');
  run.allocate(list.length * 8);
  const result: unknown[] = [];
  for (let i = 0; i < list.length; i++) result.push(lambda.call(run, [list[i], i, list]));
  return result;
}

function filtered(run: Run, list: List, by: unknown): unknown[] {
  const lambda = lambdaOf(by, 'filter');
  run.allocate(list.length * 8);
  const result: unknown[] = [];
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (lambda.call(run, [item, i, list])) result.push(item);
  }
  return result;
}

function indexOf(run: Run, list: List, wanted: unknown): number {
  return list.findIndex((item) => {
    run.spend(1);
    return strictlyEqual(run, item, wanted);
  });
}

function numbers(run: Run, list: List, by: unknown, who: string): number[] {
  const select = selectorOf(run, by, who);
  return numbersIn(run, isMissing(by) ? [list] : mapList(run, list, select), who);
}

function reduce(run: Run, list: List, step: unknown, given: readonly unknown[], fromEnd: boolean): unknown {
  const lambda = lambdaOf(step, 'reduce');
  const count = list.length;
  let index = 0;
  let result = given[0];
  if (given.length === 0) {
    if (count === 0) throw needs('reduce', 'a first value for an empty list', list, 'Give a second value such as 0.');
    result = list[fromEnd ? count - 1 : 0];
    index = 1;
  }
  for (; index < count; index++) {
    const at = fromEnd ? count - 1 - index : index;
    result = lambda.call(run, [result, list[at], at, list]);
  }
  return result;
}

const optional = (value: unknown, who: string) => (isMissing(value) ? undefined : wholeOf(value, who, 0));

export const listMethods = [
  method(
    'map(change)',
    'A list of what the function makes of each entry.',
    [['[1, 2].map(n => n * 10)', [10, 20]]],
    mapped,
  ),
  method('filter(test)', 'The entries that pass the test.', [['[1, 2, 3].filter(n => n > 1)', [2, 3]]], filtered),
  method(
    'find(test)',
    'The first entry that passes the test.',
    [["$json.orders.find(order => order.status == 'open').id", 2]],
    (run, list, by) => list.find(test(run, list, by, 'find')),
  ),
  method(
    'findIndex(test)',
    'The position of the first entry that passes the test; -1 when none does.',
    [['[5, 6].findIndex(n => n == 6)', 1]],
    (run, list, by) => list.findIndex(test(run, list, by, 'findIndex')),
  ),
  method(
    'findLast(test)',
    'The last entry that passes the test.',
    [['[1, 2, 3].findLast(n => n < 3)', 2]],
    (run, list, by) => list.findLast(test(run, list, by, 'findLast')),
  ),
  method(
    'findLastIndex(test)',
    'The position of the last entry that passes the test.',
    [['[1, 2, 3].findLastIndex(n => n < 3)', 1]],
    (run, list, by) => list.findLastIndex(test(run, list, by, 'findLastIndex')),
  ),
  method('some(test)', 'Whether any entry passes the test.', [['[1, 2].some(n => n > 1)', true]], (run, list, by) =>
    list.some(test(run, list, by, 'some')),
  ),
  method('every(test)', 'Whether all entries pass the test.', [['[1, 2].every(n => n > 1)', false]], (run, list, by) =>
    list.every(test(run, list, by, 'every')),
  ),
  method(
    'reduce(step, ...first)',
    'One value from all entries, step by step.',
    [['[1, 2, 3].reduce((sum, n) => sum + n, 0)', 6]],
    (run, list, step, ...first) => reduce(run, list, step, first, false),
  ),
  method(
    'reduceRight(step, ...first)',
    'The same from the end.',
    [["['a', 'b'].reduceRight((all, part) => all + part)", 'ba']],
    (run, list, step, ...first) => reduce(run, list, step, first, true),
  ),
  method(
    'flatMap(change)',
    'Like map, and lists within the result become its entries.',
    [['[1, 2].flatMap(n => [n, n])', [1, 1, 2, 2]]],
    (run, list, change) => flattenList(run, mapList(run, list, test(run, list, change, 'flatMap')), 1),
  ),
  method(
    'flat(depth?)',
    'Lists within the list become its entries, one level deep unless said otherwise.',
    [['[1, [2, [3]]].flat()', [1, 2, [3]]]],
    (run, list, depth) => flattenList(run, list, wholeOf(depth, 'flat', 1)),
  ),
  method(
    'includes(value)',
    'Whether the value is an entry.',
    [["$json.tags.includes('vip')", true]],
    (run, list, wanted) => indexOf(run, list, wanted) >= 0 || (Number.isNaN(wanted) && list.includes(wanted)),
  ),
  method(
    'indexOf(value)',
    'The position of the value; -1 when it is no entry.',
    [["$json.tags.indexOf('vip')", 1]],
    indexOf,
  ),
  method(
    'lastIndexOf(value)',
    'The last position of the value; -1 when it is no entry.',
    [["$json.tags.lastIndexOf('lead')", 2]],
    (run, list, wanted) => {
      run.spend(list.length);
      return list.findLastIndex((item) => strictlyEqual(run, item, wanted));
    },
  ),
  method(
    'join(separator?)',
    'The entries as one text, with a comma between them unless said otherwise.',
    [["['a', 'b'].join(' & ')", 'a & b']],
    (run, list, separator) => joinTexts(run, list, isMissing(separator) ? ',' : textOf(run, separator, 'join')),
  ),
  method(
    'slice(start?, end?)',
    'The entries from one position up to another; negative ones count from the end.',
    [['[1, 2, 3].slice(-2)', [2, 3]]],
    (run, list, start, end) => copy(run, list).slice(wholeOf(start, 'slice', 0), optional(end, 'slice')),
  ),
  method(
    'at(position)',
    'The entry at a position; negative ones count from the end.',
    [['[1, 2, 3].at(-1)', 3]],
    (_, list, at) => list.at(wholeOf(at, 'at', 0)),
  ),
  method(
    'concat(...lists)',
    'With the entries of other lists behind.',
    [['[1].concat([2, 3], 4)', [1, 2, 3, 4]]],
    (run, list, ...others) => {
      for (const other of others) copy(run, Array.isArray(other) ? other : [other]);
      return copy(run, list).concat(...others);
    },
  ),
  method(
    'reverse()',
    'From last to first; the list itself stays as it is.',
    [['[1, 2].reverse()', [2, 1]]],
    (run, list) => copy(run, list).toReversed(),
  ),
  method('toReversed()', 'The same as reverse.', [['[1, 2].toReversed()', [2, 1]]], (run, list) =>
    copy(run, list).toReversed(),
  ),
  method(
    'sort(compare?)',
    'In order: numbers by value, others by their text; or by a function that gives a number below or above 0.',
    [
      ['[10, 9, 1].sort()', [1, 9, 10]],
      ['[1, 3, 2].sort((a, b) => b - a)', [3, 2, 1]],
    ],
    sortBy,
  ),
  method('toSorted(compare?)', 'The same as sort.', [["['b', 'a'].toSorted()", ['a', 'b']]], sortBy),
  method(
    'sortBy(by, order?)',
    "In order of a field or function; 'desc' turns it round.",
    [["$json.orders.sortBy('total').pluck('id')", [3, 2, 1]]],
    (run, list, by, order) => sortList(run, list, by, order, 'sortBy'),
  ),
  method('toString()', 'The entries as one text with commas.', [['[1, 2].toString()', '1,2']], (run, list) =>
    joinTexts(run, list, ','),
  ),
  method('toJsonString()', 'As JSON.', [['[1, 2].toJsonString()', '[1,2]']], (run, list) => toJsonText(run, list)),
  method('first()', 'The first entry.', [['[1, 2].first()', 1]], (_, list) => list[0]),
  method('last()', 'The last entry.', [['[1, 2].last()', 2]], (_, list) => list.at(-1)),
  method('isEmpty()', 'Whether it has no entries.', [['[].isEmpty()', true]], (_, list) => list.length === 0),
  method('isNotEmpty()', 'Whether it has entries.', [['[].isNotEmpty()', false]], (_, list) => list.length > 0),
  method(
    'unique(by?)',
    'Each different entry once; by a field or function where given.',
    [['[1, 2, 1].unique()', [1, 2]]],
    (run, list, by) => uniqueOf(run, list, by, 'unique'),
  ),
  method('removeDuplicates(by?)', 'The same as unique.', [['[1, 2, 1].removeDuplicates()', [1, 2]]], (run, list, by) =>
    uniqueOf(run, list, by, 'removeDuplicates'),
  ),
  method('compact()', 'Without missing and empty entries.', [["[1, null, ''].compact()", [1]]], (run, list) =>
    copy(run, list).filter((item) => !isEmptyValue(item)),
  ),
  method(
    'sum(by?)',
    'All numbers added up.',
    [
      ['[1, 2].sum()', 3],
      ["$json.orders.sum('total')", 240],
    ],
    (run, list, by) => sumOf(numbers(run, list, by, 'sum')),
  ),
  method('average(by?)', 'The mean of the numbers.', [['[1, 3].average()', 2]], (run, list, by) =>
    averageOf(numbers(run, list, by, 'average')),
  ),
  method('median(by?)', 'The middle of the numbers in order.', [['[1, 9, 2].median()', 2]], (run, list, by) =>
    medianOf(numbers(run, list, by, 'median')),
  ),
  method('min(by?)', 'The smallest number.', [['[3, 1].min()', 1]], (run, list, by) =>
    leastOf(run, numbers(run, list, by, 'min'), 'min'),
  ),
  method('max(by?)', 'The largest number.', [['[3, 1].max()', 3]], (run, list, by) =>
    greatestOf(run, numbers(run, list, by, 'max'), 'max'),
  ),
  method(
    'count(test?)',
    'How many entries there are, or pass the test.',
    [['[1, 2, 3].count(n => n > 1)', 2]],
    (run, list, by) => (isMissing(by) ? list.length : copy(run, list).filter(test(run, list, by, 'count')).length),
  ),
  method(
    'pluck(...fields)',
    'One field of each entry; several fields give objects.',
    [["$json.orders.pluck('id')", [1, 2, 3]]],
    (run, list, ...fields) => {
      const [only, ...more] = fields;
      const select = selectorOf(run, only, 'pluck');
      if (more.length === 0) return mapList(run, list, select);
      return mapList(run, list, (item) =>
        fromEntries(
          run,
          fields.map((field) => [field, selectorOf(run, field, 'pluck')(item)]),
          'pluck',
        ),
      );
    },
  ),
  method('chunk(size)', 'Lists of the given size.', [['[1, 2, 3].chunk(2)', [[1, 2], [3]]]], (run, list, size) =>
    chunksOf(run, list, size),
  ),
  method(
    'append(...values)',
    'With more entries behind.',
    [['[1].append(2, 3)', [1, 2, 3]]],
    (run, list, ...values) => [...copy(run, list), ...values],
  ),
  method(
    'union(other)',
    'Each different entry of both lists once.',
    [['[1].union([1, 2])', [1, 2]]],
    (run, list, other) => uniqueOf(run, [...copy(run, list), ...copy(run, listOf(other, 'union'))], undefined, 'union'),
  ),
  method(
    'intersection(other)',
    'The entries that both lists have.',
    [['[1, 2].intersection([2])', [2]]],
    (run, list, other) => inOther(run, list, other, true, 'intersection'),
  ),
  method(
    'difference(other)',
    'The entries that the other list does not have.',
    [['[1, 2].difference([2])', [1]]],
    (run, list, other) => inOther(run, list, other, false, 'difference'),
  ),
  method(
    'merge(other)',
    'Objects at the same position merged.',
    [['[{ a: 1 }].merge([{ b: 2 }])', [{ a: 1, b: 2 }]]],
    (run, list, other) => {
      const others = listOf(other, 'merge');
      return mapList(run, list, (item, i) =>
        mergeObjects(run, [objectOf(item, 'merge'), objectOf(others[i], 'merge')]),
      );
    },
  ),
  method(
    'smartJoin(name, value)',
    "An object from each entry's name and value fields.",
    [["[{ k: 'a', v: 1 }].smartJoin('k', 'v')", { a: 1 }]],
    (run, list, name, value) => {
      const nameOf = selectorOf(run, name, 'smartJoin');
      const contentOf = selectorOf(run, value, 'smartJoin');
      return fromEntries(
        run,
        mapList(run, list, (item) => [nameOf(item), contentOf(item)]),
        'smartJoin',
      );
    },
  ),
  method(
    'groupBy(by)',
    'The entries in groups, as an object of lists.',
    [["$json.orders.groupBy('status').open.pluck('id')", [2]]],
    (run, list, by) => groupsOf(run, list, by, 'groupBy'),
  ),
  method(
    'countBy(by?)',
    'How many entries each group has.',
    [["$json.orders.countBy('status')", { paid: 2, open: 1 }]],
    (run, list, by) => mapFields(groupsOf(run, list, by, 'countBy'), (group) => listOf(group, 'countBy').length),
  ),
  method(
    'equals(other)',
    'Whether both lists have the same entries in the same order.',
    [['[1, [2]].equals([1, [2]])', true]],
    (run, list, other) => keyOf(run, list) === keyOf(run, other),
  ),
];
