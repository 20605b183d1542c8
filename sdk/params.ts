import type { z } from 'zod';
import {
  type Build,
  builderOf,
  columnBuilderOf,
  columnFillerOf,
  type Fill,
  fillerOf,
} from '../spec/expression/build-value.ts';
import type { Rows } from '../spec/expression/column-code.ts';
import type { Reads, Scope } from '../spec/expression/scope.ts';
import { CompiledTemplate } from '../spec/expression/template.ts';
import { areNames, type Column, Columns } from '../spec/workflow/columns.ts';
import { type DataRecord, isRecord } from '../spec/workflow/record.ts';
import { tablesIn } from '../spec/workflow/sql-tables.ts';
import { isExpressionError } from './errors.ts';
import { parameterFault } from './param-fault.ts';
import { expressionFault, holesIn, refuseRecord, withHoles, withHolesBySchema } from './param-template.ts';
import { emptyMeansAbsent, uiOf } from './schema.ts';

/**
 * Parameters of a step, ready for its records. What cannot vary is parsed once, and of the rest only what a schema has an
 * opinion on is parsed again for each record.
 *
 * One instance serves one attempt of a step: what does not read the record (`$now`, `$vars`, `$run`) is evaluated once and kept.
 */
export interface CompiledParams<P> {
  /** Whether any parameter may differ from record to record. */
  readonly variesByRecord: boolean;
  /** What the templates of all parameters read, those of scope `own` included. */
  readonly reads: Reads;
  /** Tables that SQL over earlier steps names, where no template makes it. */
  readonly tables: readonly string[];
  /** Parameters for the record that the scope shows; the very same object for every record when nothing varies. */
  resolve(scope: Scope): P;
  /**
   * Parameters that need no record. Reading one from it that does need a record throws `config`; the others are there all the same.
   */
  resolveStep(scope: Scope): P;
  /**
   * Sets the fields of one parameter in a record, without an object between: what `resolve` gives for it, field by field. When it
   * throws, some may have been set.
   */
  filler(name: string): Fill;
  /** Any value with its templates compiled, for many records. */
  prepare(value: unknown): Build;
  /** The same two for batches of columns; undefined where it has to be done record by record, always or in this batch. */
  columnFiller(name: string): ((columns: Columns, rows: Rows) => Columns | undefined) | undefined;
  prepareColumn(value: unknown): ((rows: Rows) => Column | undefined) | undefined;
  /** Records with these fields as columns. */
  columnMaker(fields: DataRecord): ((rows: Rows) => Columns | undefined) | undefined;
  /** The same parameters for another attempt or run, with nothing evaluated yet. Costs next to nothing. */
  fresh(): CompiledParams<P>;
}

/**
 * Compiles a node's parameters as they stand in the document.
 * @throws NodeError `config` when a fixed value does not fit or a template does not compile.
 */
export function compileParams<S extends z.ZodObject>(schema: S, raw: DataRecord): CompiledParams<z.output<S>> {
  const plan = planOf(schema, raw);
  return new StepParams<z.output<S>>(plan);
}

/** One parameter whose value is not fixed. */
interface Varying {
  readonly name: string;
  readonly label: string;
  /** Parsed value for a scope. */
  readonly resolve: Build;
  /** For an object whose schema takes any fields. */
  readonly fill: Fill | undefined;
  /** What the schema takes as it stands, with the templates in it. */
  readonly open: unknown;
}

interface Plan {
  /** Checks of the schema that concern several parameters together; undefined if it has none. */
  readonly together: ((scope: Scope) => void) | undefined;
  /** Fixed parameters, parsed; the others are there as undefined, so that every result has the same shape. */
  readonly fixed: DataRecord;
  readonly byStep: readonly Varying[];
  readonly byRecord: readonly Varying[];
  /** Names of those that need no record; the others refuse to be read without one. */
  readonly ofStep: readonly string[];
  readonly refusals: object;
  readonly reads: Reads;
  readonly tables: readonly string[];
}

class StepParams<P> implements CompiledParams<P> {
  readonly #plan: Plan;
  /** What is the same for all records of the step. */
  #base: DataRecord | undefined;
  #step: P | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  get variesByRecord(): boolean {
    return this.#plan.byRecord.length > 0;
  }

  get reads(): Reads {
    return this.#plan.reads;
  }

  get tables(): readonly string[] {
    return this.#plan.tables;
  }

  resolve(scope: Scope): P {
    const base = this.#base ?? this.#evaluateBase(scope);
    const { byRecord } = this.#plan;
    if (byRecord.length === 0) return base as P;
    this.#plan.together?.(scope);
    const params = { ...base };
    for (let i = 0; i < byRecord.length; i++) {
      const field = byRecord[i] as Varying;
      params[field.name] = field.resolve(scope);
    }
    return params as P;
  }

  resolveStep(scope: Scope): P {
    const base = this.#base ?? this.#evaluateBase(scope);
    if (!this.variesByRecord) return base as P;
    if (this.#step !== undefined) return this.#step;
    const params = Object.create(this.#plan.refusals) as DataRecord;
    for (const name of this.#plan.ofStep) params[name] = base[name];
    this.#step = params as P;
    return this.#step;
  }

  filler(name: string): Fill {
    const { byRecord, together } = this.#plan;
    const fill = byRecord.find((field) => field.name === name)?.fill;
    if (fill !== undefined && together === undefined) return fill;
    return (target, scope) => {
      Object.assign(target, (this.resolve(scope) as DataRecord)[name]);
    };
  }

  prepare(value: unknown): Build {
    return builderOf(withHoles(value), null) ?? (() => value);
  }

  columnFiller(name: string): ReturnType<CompiledParams<P>['columnFiller']> {
    const { byRecord, together } = this.#plan;
    const varying = byRecord.find((field) => field.name === name);
    if (varying && together === undefined) return setterOf(varying.open);
    if (varying) return undefined;
    let set: ReturnType<typeof setterOf>;
    return (columns, rows) => {
      set ??= setterOf((this.resolveStep(rows.scope) as DataRecord)[name]);
      return set?.(columns, rows);
    };
  }

  prepareColumn(value: unknown): ReturnType<CompiledParams<P>['prepareColumn']> {
    return columnBuilderOf(withHoles(value), null);
  }

  columnMaker(fields: DataRecord): ReturnType<CompiledParams<P>['columnMaker']> {
    const names = Object.keys(fields);
    const fill = areNames(names) ? columnFillerOf(withHoles(fields) as DataRecord, null) : undefined;
    return (
      fill &&
      ((rows) => {
        const columns = fill(rows);
        return columns && new Columns(rows.count, names, columns);
      })
    );
  }

  fresh(): CompiledParams<P> {
    return new StepParams<P>(this.#plan);
  }

  #evaluateBase(scope: Scope): DataRecord {
    const { fixed, byStep } = this.#plan;
    const base = { ...fixed };
    for (const field of byStep) base[field.name] = field.resolve(scope);
    if (!this.variesByRecord) this.#plan.together?.(scope);
    this.#base = base;
    return base;
  }
}

function planOf(schema: z.ZodObject, raw: DataRecord): Plan {
  const reads = new AllReads();
  const tables: string[] = [];
  const fixed: DataRecord = {};
  const byStep: Varying[] = [];
  const byRecord: Varying[] = [];
  const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
  refuseUnknown(schema, raw);
  for (const name of Object.keys(shape)) {
    const part = shape[name] as z.ZodType;
    const ui = uiOf(part);
    const label = ui?.label ?? name;
    const skeleton = withHolesBySchema(raw[name], part, { label });
    const holes = holesIn(skeleton);
    for (const hole of holes) reads.add(hole.reads);
    if (ui?.scope === 'own') for (const hole of holesIn(withHoles(raw[name]))) reads.add(hole.reads);
    if (holes.length === 0) {
      const value = parsed(part, raw[name], true);
      if (value !== undefined) fixed[name] = value;
      if (ui?.tables === 'steps' && typeof value === 'string') tables.push(...tablesIn(value));
      continue;
    }
    const varies = ui?.scope !== 'step' && holes.some((hole) => readsRecord(hole.reads));
    fixed[name] = undefined;
    (varies ? byRecord : byStep).push({ name, label, ...resolverOf(part, skeleton, label, varies) });
  }
  return {
    fixed,
    byStep,
    byRecord,
    ofStep: Object.keys(fixed).filter((name) => !byRecord.some((field) => field.name === name)),
    refusals: refusalsOf(byRecord),
    reads,
    tables,
    together: checkTogether(schema, raw, byRecord.length === 0),
  };
}

function refusalsOf(byRecord: readonly Varying[]): object {
  const refusals = {};
  for (const { name, label } of byRecord) Object.defineProperty(refusals, name, { get: () => refuseRecord(label) });
  return refusals;
}

/** Run only for schemas that have such checks: it parses everything again. */
function checkTogether(schema: z.ZodObject, raw: DataRecord, constant: boolean): Plan['together'] {
  if ((schema.def.checks ?? []).length === 0) return undefined;
  const skeleton = withHolesBySchema(raw, schema, { label: 'The settings' });
  const build = builderOf(skeleton, undefined) ?? (() => skeleton);
  return (scope) => {
    const given = build(scope);
    const result = schema.safeParse(given);
    if (!result.success) throw parameterFault(schema, result.error.issues, given, constant);
  };
}

function refuseUnknown(schema: z.ZodObject, raw: DataRecord): void {
  if (schema.def.catchall === undefined) return;
  const shape = schema.shape as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(raw).filter((name) => !Object.hasOwn(shape, name));
  if (unknown.length === 0) return;
  const checked = schema.def.catchall as unknown as z.ZodType;
  if (unknown.every((name) => checked.safeParse(raw[name]).success)) return;
  throw parameterFault(
    schema,
    [{ code: 'unrecognized_keys', keys: unknown, path: [], message: 'Unrecognized' }],
    raw,
    true,
  );
}

/** Whether what a template gives can change from one record to the next. */
function readsRecord(reads: Reads): boolean {
  return reads.json || reads.itemIndex || reads.item;
}

function resolverOf(
  schema: z.ZodType,
  skeleton: unknown,
  label: string,
  varies: boolean,
): Pick<Varying, 'resolve' | 'fill' | 'open'> {
  const open = openValue(schema, skeleton);
  if (open === undefined)
    return { resolve: guarded(parsingBuild(schema, skeleton, !varies), label, varies), fill: undefined, open };
  const fill = isRecord(open) ? fillerOf(open, null) : undefined;
  return {
    resolve: guarded(builderOf(open, null) as Build, label, varies),
    fill: fill && guardedFill(fill, label, varies),
    open,
  };
}

/** Sets fields in columns. */
function setterOf(fields: unknown): ((columns: Columns, rows: Rows) => Columns | undefined) | undefined {
  const names = isRecord(fields) ? Object.keys(fields) : [];
  const fill = isRecord(fields) && areNames(names) ? columnFillerOf(fields, null) : undefined;
  return (
    fill &&
    ((columns, rows) => {
      const set = fill(rows);
      return set && columns.with(names, set);
    })
  );
}

/** Where the schema takes anything in the places of the holes: the value parsed once and for all, with the holes in it. */
function openValue(schema: z.ZodType, skeleton: unknown): unknown {
  const open = schema.safeParse(skeleton);
  return open.success && sameHoles(holesIn(skeleton), holesIn(open.data)) ? open.data : undefined;
}

/** Parses the value of each record; of a lone template, only where it differs from the last. */
function parsingBuild(schema: z.ZodType, skeleton: unknown, constant: boolean): Build {
  const build = builderOf(skeleton, undefined) as Build;
  if (!(skeleton instanceof CompiledTemplate)) return (scope) => parsed(schema, build(scope), constant);
  let last: unknown;
  let lastParsed: unknown;
  let known = false;
  return (scope) => {
    const value = build(scope);
    if (known && value === last) return lastParsed;
    const result = parsed(schema, value, constant);
    known = typeof value !== 'object';
    last = value;
    lastParsed = result;
    return result;
  };
}

function sameHoles(before: readonly CompiledTemplate[], after: readonly CompiledTemplate[]): boolean {
  const kept = new Set(after);
  return before.length === after.length && before.every((hole) => kept.has(hole));
}

function parsed(schema: z.ZodType, value: unknown, constant: boolean): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  if ((value === null || value === '') && emptyMeansAbsent(schema, value)) return schema.parse(undefined);
  throw parameterFault(schema, result.error.issues, value, constant);
}

/** Says which parameter it was whose expression failed. */
function guarded(build: Build, label: string, varies: boolean): Build {
  return (scope) => {
    try {
      return build(scope);
    } catch (error) {
      throw blaming(error, label, varies);
    }
  };
}

function guardedFill(fill: Fill, label: string, varies: boolean): Fill {
  return (target, scope) => {
    try {
      fill(target, scope);
    } catch (error) {
      throw blaming(error, label, varies);
    }
  };
}

function blaming(error: unknown, label: string, varies: boolean): unknown {
  return isExpressionError(error) ? expressionFault(error, label, !varies) : error;
}

/** The union of what several templates read. */
class AllReads implements Reads {
  json = false;
  itemIndex = false;
  now = false;
  input = false;
  item = false;
  wholeRecord = false;
  nodes: string[] = [];
  vars: string[] = [];
  fields: string[] = [];

  add(reads: Reads): void {
    this.json ||= reads.json;
    this.itemIndex ||= reads.itemIndex;
    this.now ||= reads.now;
    this.input ||= reads.input;
    this.item ||= reads.item;
    this.wholeRecord ||= reads.wholeRecord;
    this.nodes = [...new Set([...this.nodes, ...reads.nodes])];
    this.vars = [...new Set([...this.vars, ...reads.vars])];
    this.fields = [...new Set([...this.fields, ...reads.fields])];
  }
}
