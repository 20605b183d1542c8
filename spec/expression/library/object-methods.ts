import { methodsOf } from '../definition.ts';
import { toJsonText } from '../leave.ts';
import { fieldOf, isMissing, keyOf, objectOf, textOf } from './arguments.ts';
import { queryOf } from './encode.ts';
import { mapList } from './list-operations.ts';
import { compactObject, filterFields, getPath, hasField, mergeObjects, namesOf } from './object-operations.ts';

const method = methodsOf('object');

export const objectMethods = [
  method('keys()', 'The names of its fields.', [['$json.address.keys()', ['city', 'zip']]], (run, object) =>
    mapList(run, Object.keys(object), (name) => name),
  ),
  method('values()', 'The values of its fields.', [['$json.address.values()', ['London', 'W1']]], (run, object) =>
    mapList(run, Object.keys(object), (name) => fieldOf(object, String(name))),
  ),
  method(
    'isEmpty()',
    'Whether it has no fields.',
    [['{}.isEmpty()', true]],
    (_, object) => Object.keys(object).length === 0,
  ),
  method(
    'isNotEmpty()',
    'Whether it has fields.',
    [['$json.isNotEmpty()', true]],
    (_, object) => Object.keys(object).length > 0,
  ),
  method(
    'hasField(name)',
    'Whether it has a field of that name.',
    [["$json.hasField('email')", true]],
    (run, object, name) => hasField(object, textOf(run, name, 'hasField')),
  ),
  method(
    'merge(other)',
    'With the fields of another object; the other counts where both have one.',
    [['{ a: 1, b: 1 }.merge({ b: 2 })', { a: 1, b: 2 }]],
    (run, object, other) => mergeObjects(run, [object, objectOf(other, 'merge')]),
  ),
  method(
    'pick(...names)',
    'Only the named fields.',
    [["$json.address.pick('city')", { city: 'London' }]],
    (run, object, ...names) => {
      const wanted = namesOf(run, names, 'pick');
      return filterFields(run, object, (name) => wanted.has(name));
    },
  ),
  method(
    'omit(...names)',
    'All fields but the named ones.',
    [["$json.address.omit('city')", { zip: 'W1' }]],
    (run, object, ...names) => {
      const unwanted = namesOf(run, names, 'omit');
      return filterFields(run, object, (name) => !unwanted.has(name));
    },
  ),
  method(
    'removeField(name)',
    'Without the field.',
    [["$json.address.removeField('zip')", { city: 'London' }]],
    (run, object, field) => {
      const unwanted = textOf(run, field, 'removeField');
      return filterFields(run, object, (name) => name !== unwanted);
    },
  ),
  method(
    'removeFieldsContaining(text)',
    'Without the fields whose text contains the text.',
    [["{ a: 'x1', b: 'y' }.removeFieldsContaining('x')", { b: 'y' }]],
    (run, object, text) => {
      const part = textOf(run, text, 'removeFieldsContaining');
      return filterFields(run, object, (_, value) => !(typeof value === 'string' && value.includes(part)));
    },
  ),
  method(
    'keepFieldsContaining(text)',
    'Only the fields whose text contains the text.',
    [["{ a: 'x1', b: 'y' }.keepFieldsContaining('x')", { a: 'x1' }]],
    (run, object, text) => {
      const part = textOf(run, text, 'keepFieldsContaining');
      return filterFields(run, object, (_, value) => typeof value === 'string' && value.includes(part));
    },
  ),
  method(
    'compact()',
    'Without the fields that are missing or empty.',
    [["{ a: 1, b: '' }.compact()", { a: 1 }]],
    compactObject,
  ),
  method(
    'get(path, otherwise?)',
    'The value at a path of names and positions.',
    [["$json.get('orders[0].id')", 1]],
    (run, object, path, otherwise) => {
      const found = getPath(run, object, path);
      return isMissing(found) && otherwise !== undefined ? otherwise : found;
    },
  ),
  method('toJsonString()', 'As JSON.', [['{ a: 1 }.toJsonString()', '{"a":1}']], (run, object) =>
    toJsonText(run, object),
  ),
  method('toString()', 'As JSON.', [['{ a: 1 }.toString()', '{"a":1}']], (run, object) => toJsonText(run, object)),
  method('urlEncode()', 'As the query of a web address.', [["{ q: 'a b' }.urlEncode()", 'q=a%20b']], queryOf),
  method(
    'equals(other)',
    'Whether both objects have the same fields in the same order.',
    [['{ a: 1 }.equals({ a: 1 })', true]],
    (run, object, other) => keyOf(run, object) === keyOf(run, other),
  ),
];
