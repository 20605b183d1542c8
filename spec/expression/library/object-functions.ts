import { category } from '../definition.ts';
import { fieldOf, isMissing, lambdaOf, listOf, objectOf, textOf } from './arguments.ts';
import { mapList } from './list-operations.ts';
import {
  compactObject,
  filterFields,
  fromEntries,
  getPath,
  hasField,
  mergeObjects,
  namesOf,
} from './object-operations.ts';

const { fn } = category('Objects');

export const objectFunctions = [
  fn('keys(object)', "The names of the object's fields.", [['keys($json.address)', ['city', 'zip']]], (run, object) => {
    const names = Object.keys(objectOf(object, 'keys'));
    run.allocate(names.length * 8);
    return names;
  }),
  fn(
    'values(object)',
    "The values of the object's fields.",
    [['values($json.address)', ['London', 'W1']]],
    (run, object) => {
      const fields = objectOf(object, 'values');
      return mapList(run, Object.keys(fields), (name) => fieldOf(fields, String(name)));
    },
  ),
  fn('entries(object)', 'Pairs of name and value.', [['entries({ a: 1 })', [['a', 1]]]], (run, object) => {
    const fields = objectOf(object, 'entries');
    run.allocate(Object.keys(fields).length * 24);
    return mapList(run, Object.keys(fields), (name) => [name, fieldOf(fields, String(name))]);
  }),
  fn(
    'fromEntries(list)',
    'An object from pairs of name and value.',
    [["fromEntries([['a', 1]])", { a: 1 }]],
    (run, list) => fromEntries(run, listOf(list, 'fromEntries'), 'fromEntries'),
  ),
  fn(
    'pick(object, ...names)',
    'Only the named fields.',
    [["pick($json, 'email', 'score')", { email: 'ada@example.com', score: 72 }]],
    (run, object, ...names) => {
      const wanted = namesOf(run, names, 'pick');
      return filterFields(run, objectOf(object, 'pick'), (name) => wanted.has(name));
    },
  ),
  fn(
    'omit(object, ...names)',
    'All fields but the named ones.',
    [["omit($json.address, 'zip')", { city: 'London' }]],
    (run, object, ...names) => {
      const unwanted = namesOf(run, names, 'omit');
      return filterFields(run, objectOf(object, 'omit'), (name) => !unwanted.has(name));
    },
  ),
  fn(
    'merge(...objects)',
    'All fields together; where two have the same name, the later one counts.',
    [['merge({ a: 1, b: 1 }, { b: 2 })', { a: 1, b: 2 }]],
    (run, ...objects) =>
      mergeObjects(
        run,
        objects.map((object) => objectOf(object, 'merge')),
      ),
  ),
  fn(
    'get(object, path, otherwise?)',
    'The value at a path of names and positions, or the third value when there is none.',
    [
      ["get($json, 'orders[0].status')", 'paid'],
      ["get($json, 'address.street', 'unknown')", 'unknown'],
    ],
    (run, object, path, otherwise) => {
      const found = getPath(run, object, path);
      return isMissing(found) && otherwise !== undefined ? otherwise : found;
    },
  ),
  fn(
    'hasField(object, name)',
    'Whether the object has a field of that name, even an empty one.',
    [["hasField($json, 'nickname')", true]],
    (run, object, name) => hasField(object, textOf(run, name, 'hasField')),
  ),
  fn(
    'compactFields(object)',
    'Without the fields that are missing or empty.',
    [["compactFields({ a: 1, b: '', c: null })", { a: 1 }]],
    (run, object) => compactObject(run, objectOf(object, 'compactFields')),
  ),
  fn(
    'mapValues(object, change)',
    'The same fields, each value changed by a function of value and name.',
    [['mapValues({ a: 1, b: 2 }, value => value * 10)', { a: 10, b: 20 }]],
    (run, object, change) => {
      const fields = objectOf(object, 'mapValues');
      const lambda = lambdaOf(change, 'mapValues');
      return fromEntries(
        run,
        mapList(run, Object.keys(fields), (name) => [name, lambda.call(run, [fieldOf(fields, String(name)), name])]),
        'mapValues',
      );
    },
  ),
  fn(
    'renameFields(object, names)',
    'Fields under new names; the others stay.',
    [["renameFields({ a: 1, b: 2 }, { a: 'x' })", { x: 1, b: 2 }]],
    (run, object, names) => {
      const fields = objectOf(object, 'renameFields');
      const renamed = objectOf(names, 'renameFields');
      return fromEntries(
        run,
        mapList(run, Object.keys(fields), (name) => [
          fieldOf(renamed, String(name)) ?? name,
          fieldOf(fields, String(name)),
        ]),
        'renameFields',
      );
    },
  ),
];
