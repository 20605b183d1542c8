import type { Column } from '../workflow/columns.ts';
import { type ColumnCode, constantColumn, type Rows } from './column-code.ts';
import { Batch } from './column-values.ts';
import { type Code, emptyFrame } from './compilation.ts';
import { evaluate } from './evaluator.ts';
import { placeFor, type SetField, settled } from './field-places.ts';
import { setField } from './leave.ts';
import { defaultLimits, type Run } from './run.ts';
import type { Scope } from './scope.ts';
import { CompiledTemplate } from './template.ts';
import { isPlainObject, type PlainObject } from './values.ts';

/**
 * Values with compiled templates in them, at any depth: how each is made anew for a record. Parts without templates are shared, not
 * copied. Each template has full budgets of its own.
 */
export type Build = (scope: Scope) => unknown;

/** Sets the fields of a value in another object. When it throws, some may have been set. */
export type Fill = (target: PlainObject, scope: Scope) => void;

/** Undefined if the value holds no template. `empty` takes the place of what a template leaves undefined. */
export function builderOf(value: unknown, empty: undefined | null): Build | undefined {
  const code = codeOf(value, empty);
  return code && ((scope) => evaluate(code, emptyFrame, scope, defaultLimits));
}

export function fillerOf(fields: PlainObject, empty: undefined | null): Fill {
  const names = Object.keys(fields);
  // Refuses a name that assigning would act on.
  for (const name of names) setField({}, name, undefined);
  const sets = names.map((name) => setterOf(name, fields[name], empty) ?? constant(name, fields[name]));
  const fill = (run: Run, target: PlainObject) => {
    for (let i = 0; i < sets.length; i++) (sets[i] as SetField)(run, target);
  };
  return (target, scope) => evaluate(fill, target, scope, defaultLimits);
}

/** A value for all rows of a batch, as `builderOf` builds it for each; undefined where that cannot be told for all at once. */
export type BuildColumn = (rows: Rows) => Column | undefined;

/** One column for each field, in their order, of what `fillerOf` sets. */
export type BuildColumns = (rows: Rows) => readonly Column[] | undefined;

/** Undefined where the value is more than a fixed value or a template, or its template is only for single records. */
export function columnBuilderOf(value: unknown, empty: undefined | null): BuildColumn | undefined {
  const build = columnFillerOf({ value }, empty);
  return build && ((rows) => build(rows)?.[0]);
}

/** Undefined where `columnBuilderOf` has nothing for one of the fields. */
export function columnFillerOf(fields: PlainObject, empty: undefined | null): BuildColumns | undefined {
  const codes: ColumnCode[] = [];
  for (const value of Object.values(fields)) {
    const code = columnCode(value, empty);
    if (code === undefined) return undefined;
    codes.push(code);
  }
  const build = (run: Run, rows: Rows): readonly Column[] | undefined => {
    const batch = Batch.of(run, rows);
    const columns: Column[] = [];
    for (const code of codes) {
      run.refill();
      const column = code(batch, empty);
      if (column === undefined) return undefined;
      columns.push(column);
    }
    return columns;
  };
  return (rows) => {
    try {
      return evaluate(build, rows, rows.scope, defaultLimits);
    } catch {
      // Whatever it was: record by record it comes up again, at the record that is at fault.
      return undefined;
    }
  };
}

function columnCode(value: unknown, empty: undefined | null): ColumnCode | undefined {
  if (value instanceof CompiledTemplate) return value.columnCode;
  return codeOf(value, empty) === undefined ? ({ count }) => constantColumn(value, count) : undefined;
}

/** Undefined if the value holds no template. */
function setterOf(name: string, value: unknown, empty: undefined | null): SetField | undefined {
  if (value instanceof CompiledTemplate) return placeFor(name).set(name, value.code, empty);
  const code = codeOf(value, empty);
  if (code === undefined) return undefined;
  return (run, target) => {
    target[name] = code(run, emptyFrame);
  };
}

function constant(name: string, value: unknown): SetField {
  return (_run, target) => {
    target[name] = value;
  };
}

function codeOf(value: unknown, empty: undefined | null): Code | undefined {
  if (value instanceof CompiledTemplate) return templateCode(value.code, empty);
  if (Array.isArray(value)) return listCode(value, empty);
  if (isPlainObject(value)) return objectCode(value, empty);
  return undefined;
}

function templateCode(code: Code, empty: undefined | null): Code {
  return (run, frame) => {
    run.refill();
    return settled(run, code(run, frame), empty);
  };
}

function listCode(list: readonly unknown[], empty: undefined | null): Code | undefined {
  const codes = list.map((entry) => codeOf(entry, empty));
  if (codes.every((code) => code === undefined)) return undefined;
  return (run, frame) => {
    const made: unknown[] = [];
    for (let i = 0; i < list.length; i++) {
      const code = codes[i];
      made.push(code === undefined ? list[i] : code(run, frame));
    }
    return made;
  };
}

/** The copy of a ready-made object keeps the order and the shape of its fields, which is what makes this fast. */
function objectCode(object: PlainObject, empty: undefined | null): Code | undefined {
  const base: PlainObject = {};
  const sets: SetField[] = [];
  for (const name of Object.keys(object)) {
    const set = setterOf(name, object[name], empty);
    setField(base, name, set === undefined ? object[name] : null);
    if (set !== undefined) sets.push(set);
  }
  if (sets.length === 0) return undefined;
  return (run) => {
    const made = { ...base };
    for (let i = 0; i < sets.length; i++) (sets[i] as SetField)(run, made);
    return made;
  };
}
