/**
 * What surrounds the person's code inside the sandbox, as its source. It is an expression that takes the compiled function, the fixed
 * values and the mode, and gives the functions that the host calls. Everything crosses the border as JSON text.
 *
 * Records look like n8n's items too: `item.json` is the record itself, unless it has a field of that name.
 */
export const prelude = `(function (act, valuesText) {
  'use strict';
  const { parse, stringify } = JSON;
  const { defineProperty, keys } = Object;
  const { isArray } = Array;
  const values = parse(valuesText);
  defineProperty(Object.prototype, 'json', {
    get() { return this; },
    set(value) { defineProperty(this, 'json', { value, writable: true, enumerable: true, configurable: true }); },
    configurable: true,
  });
  let log = [];
  let written = 0;
  const say = (level) => (...parts) => {
    const text = parts.map((part) => (typeof part === 'string' ? part : stringify(part) ?? String(part))).join(' ').slice(0, 2000);
    if (written++ < 200) log.push([level, text]);
  };
  globalThis.console = { log: say('info'), info: say('info'), debug: say('info'), warn: say('warn'), error: say('error') };
  for (const name of keys(values)) globalThis[name] = values[name];
  globalThis.$now = new Date(values.$now);

  const at = { items: [], item: undefined };
  const input = {
    all: () => at.items,
    first: () => at.items[0],
    last: () => at.items[at.items.length - 1],
    get item() { return at.item; },
  };
  const kindOf = (value) => (value === null ? 'null' : isArray(value) ? 'a list' : typeof value);
  const n8nKeys = new Set(['json', 'binary', 'pairedItem', 'error']);
  const asRecord = (value) => {
    if (typeof value !== 'object' || value === null || isArray(value)) {
      throw new TypeError('The code gave ' + kindOf(value) + ' where a record was expected.');
    }
    if (typeof value.then === 'function') throw new TypeError('Code cannot wait: async functions and promises do not work here.');
    const names = keys(value);
    const inner = value.json;
    if (names.length > 0 && names.every((name) => n8nKeys.has(name)) && typeof inner === 'object' && inner !== null) return inner;
    return value;
  };
  const asRecords = (value) => {
    if (value === null) return [];
    if (value === undefined) throw new TypeError('The code returned nothing. Return the record, a list of records, or null to leave it out.');
    return isArray(value) ? value.map(asRecord) : [asRecord(value)];
  };
  const elsewhere = {
    $: 'Another step cannot be read in here. Put its values into the record before, with "Set fields" or "Join".',
    $node: 'Another step cannot be read in here. Put its values into the record before, with "Set fields" or "Join".',
    fetch: 'There is no network in here. Use "HTTP request" before or after this step.',
    require: 'Nothing can be loaded in here.',
    DateTime: 'Dates are those of JavaScript in here: use new Date(...), or "Set fields", which has DateTime.',
    luxon: 'Dates are those of JavaScript in here: use new Date(...), or "Set fields", which has DateTime.',
    setTimeout: 'There is no waiting in here. Use "Wait" before or after this step.',
    process: 'Settings of the server cannot be read. Use $vars.',
    $env: 'Settings of the server cannot be read. Use $vars.',
  };
  const explained = (message) => {
    const name = /^'?([$\\w]+)'? is not defined$/.exec(message);
    return name !== null && Object.hasOwn(elsewhere, name[1]) ? message + '. ' + elsewhere[name[1]] : message;
  };
  const told = (error) => {
    const stack = String((error && error.stack) || '');
    const line = /code:(\\d+)/.exec(stack);
    return { message: explained(String((error && error.message) || error)), name: String((error && error.name) || ''), line: line ? Number(line[1]) : 0 };
  };
  // JSON has no such numbers and would quietly make them null.
  const refuseNoNumber = (value, name) => {
    if (typeof value === 'number' && (value !== value || value === Infinity || value === -Infinity)) {
      throw new TypeError('The code gave ' + value + ' in "' + name + '", which is no number that a record can hold.');
    }
    if (typeof value === 'object' && value !== null) for (const key of keys(value)) refuseNoNumber(value[key], name || key);
  };
  const textOf = (record) => {
    const text = stringify(record);
    if (typeof text === 'string' && text.includes('null')) refuseNoNumber(record, '');
    if (typeof text !== 'string' || text[0] !== '{') throw new TypeError('The code gave something that is no record.');
    return text;
  };
  const withLog = (fields) => {
    const text = '{' + fields + ',"log":' + stringify(log) + '}';
    log = [];
    return text;
  };
  const failed = (error) => withLog('"error":' + stringify(told(error)));

  const items = [];
  let results = [];
  return {
    each(text, start) {
      const out = [];
      parse(text).forEach((record, i) => {
        try {
          at.item = record;
          at.items = [record];
          const made = asRecords(act(record, start + i, at.items, input));
          out.push('[' + made.map(textOf).join(',') + ']');
        } catch (error) {
          out.push(stringify(told(error)));
        }
      });
      return withLog('"out":[' + out.join(',') + ']');
    },
    push(text) {
      for (const record of parse(text)) items.push(record);
    },
    all() {
      const positions = new Map(items.map((item, i) => [item, i]));
      try {
        const first = items[0] ?? {};
        at.item = first;
        at.items = items;
        const made = asRecords(act(first, 0, items, input));
        results = made.map((one) => [positions.get(one) ?? -1, one]);
      } catch (error) {
        return failed(error);
      }
      return withLog('"count":' + results.length);
    },
    take(start, count) {
      try {
        const some = results.slice(start, start + count).map(([at, one]) => '[' + at + ',' + textOf(one) + ']');
        return withLog('"out":[' + some.join(',') + ']');
      } catch (error) {
        return failed(error);
      }
    },
  };
})`;
