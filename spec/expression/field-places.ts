import { type Code, emptyFrame } from './compilation.ts';
import { plainResult } from './leave.ts';
import type { Run } from './run.ts';
import { hasPlainPrototype, type PlainObject } from './values.ts';

/**
 * How the fields of records are read and set. JavaScript's engines learn, for each place in the source, which shapes of object and
 * which names come by there, and are fast only where that is few; one place that reads any field of any record is three to five times
 * slower. So there are several copies of the two acts, and names are dealt out to them: each copy sees few names for as long as there are
 * not many more of them than copies. All copies do the same, whatever comes by. This is what takes the place of generating code.
 */
interface Place {
  /** Code for `$json.name`, where no object inherits the name. `otherwise` is for what is no plain object. */
  readonly read: (name: string, otherwise: Code) => Code;
  /** Sets a field to what a template's code gives, made plain; to `empty` where that is undefined. */
  readonly set: (name: string, code: Code, empty: undefined | null) => SetField;
}

export type SetField = (run: Run, target: PlainObject) => void;

/** Whether `$json` is a plain object; asked once for each record. */
function admits(run: Run): boolean {
  const { json } = run.scope;
  if (!hasPlainPrototype(json)) return false;
  run.plainRecord = json;
  return true;
}

/** What a template gives as plain data. */
export function settled(run: Run, value: unknown, empty: undefined | null): unknown {
  const plain = plainResult(run, value);
  return plain === undefined ? empty : plain;
}

const places: readonly Place[] = [
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
  {
    read: (name, otherwise) => (run, frame) => {
      if (run.scope.json !== run.plainRecord && !admits(run)) return otherwise(run, frame);
      const field = run.plainRecord[name];
      return typeof field === 'function' ? undefined : field;
    },
    set: (name, code, empty) => (run, target) => {
      run.refill();
      const value = code(run, emptyFrame);
      target[name] = typeof value === 'string' ? value : settled(run, value, empty);
    },
  },
];

const dealt = new Map<string, Place>();

/** The copy for a name: the same for as long as the name is remembered. */
export function placeFor(name: string): Place {
  let place = dealt.get(name);
  if (place === undefined) {
    if (dealt.size >= 10_000) dealt.clear();
    place = places[dealt.size % places.length] as Place;
    dealt.set(name, place);
  }
  return place;
}
