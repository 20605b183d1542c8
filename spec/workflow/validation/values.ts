import { closest } from '../../expression/suggest.ts';
import { isTemplate } from '../../expression/template.ts';
import type { FieldUi, JsonSchema } from '../node-type.ts';
import { readPattern } from '../pattern.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { type DataRecord, isRecord } from '../record.ts';
import { checkConditions } from './condition-checks.ts';
import { shown } from './form-fault.ts';
import type { Finding, Place } from './place.ts';
import { constraintFault, isOfType, typeWords } from './schema-faults.ts';

type Scope = NonNullable<FieldUi['scope']>;

/** Hands over templates met on the way. */
export type OnTemplate = (source: string, place: Place, scope: Scope) => void;

/**
 * Checks a value against a parameter's JSON Schema, as far as it can be known before it runs: a template may stand in place of any value,
 * except where the schema says that nothing is evaluated (`literal`) or that the node does it itself (`own`).
 */
export class ValueCheck {
  readonly #root: JsonSchema;
  readonly #onTemplate: OnTemplate;
  #findings: Finding[] = [];

  constructor(root: JsonSchema, onTemplate: OnTemplate) {
    this.#root = root;
    this.#onTemplate = onTemplate;
  }

  /** All parameters of a node. */
  params(params: Readonly<Record<string, unknown>>, place: Place): Finding[] {
    this.#findings = [];
    this.#object(params, this.#root, place, 'record', true);
    return this.#findings;
  }

  #value(value: unknown, given: JsonSchema, place: Place, outer: Scope): void {
    const schema = this.#resolve(given);
    const scope = schema.ui?.scope ?? outer;
    if (scope !== 'literal' && isTemplate(value)) {
      this.#onTemplate(value, place, scope);
      if (scope !== 'own') return;
    }
    if (schema.ui?.kind === 'conditions') {
      for (const finding of checkConditions(value, place)) this.#findings.push(finding);
      if (scope !== 'literal') this.#templatesIn(value, place, scope);
      return;
    }
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) {
      this.#choice(value, choices, schema.ui, place, scope);
      return;
    }
    for (const part of asList(schema.allOf)) this.#value(value, part, place, scope);
    if (!isOfType(value, schema) && !becomesText(value, schema)) {
      this.#find(
        place,
        'bad-parameter',
        `must be ${typeWords(schema)}, not ${shown(value)}`,
        `Enter ${typeWords(schema)}.`,
      );
      return;
    }
    const fault = constraintFault(value, schema);
    if (fault) {
      const code = fault.isEmpty && !isTemplate(value) ? 'missing-parameter' : 'bad-parameter';
      this.#find(place, code, fault.message, fault.remedy);
      return;
    }
    if (schema.ui?.pattern && typeof value === 'string') this.#pattern(value, place);
    if (Array.isArray(value)) this.#list(value, schema, place, scope);
    else if (isRecord(value)) this.#object(value, schema, place, scope, false);
  }

  #object(
    value: Readonly<Record<string, unknown>>,
    schema: JsonSchema,
    place: Place,
    scope: Scope,
    top: boolean,
  ): void {
    const properties = schema.properties ?? {};
    for (const key in value) {
      const given = value[key];
      if (given === undefined) continue;
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (property) {
        if (!countsAsAbsent(given, property, key, schema)) {
          this.#value(given, property, place.at(key, labelOf(property, key)), scope);
        }
      } else if (isRecord(schema.additionalProperties)) {
        this.#value(given, schema.additionalProperties, place.at(key), scope);
      } else if (top || schema.additionalProperties === false) this.#unknown(key, properties, place);
      else if (scope !== 'literal') this.#templatesIn(given, place, scope, key);
    }
    for (const key of schema.required ?? []) {
      const property = properties[key];
      if (value[key] !== undefined || (property && isHidden(property, value, properties))) continue;
      this.#missing(place, key, property);
    }
    for (const key of keysNeededWhenShown(schema)) {
      const property = properties[key] as JsonSchema;
      const given = value[key];
      if (given !== undefined && !countsAsAbsent(given, property, key, schema)) continue;
      if (!isHidden(property, value, properties)) this.#missing(place, key, property);
    }
  }

  #missing(place: Place, key: string, property: JsonSchema | undefined): void {
    this.#find(
      place.at(key, property && labelOf(property, key)),
      'missing-parameter',
      'is missing',
      property?.ui?.placeholder ? `Fill it in, such as: ${property.ui.placeholder}` : 'Fill it in.',
    );
  }

  #pattern(source: string, place: Place): void {
    const read = readPattern(source);
    if ('message' in read) this.#find(place, 'bad-pattern', `cannot be used: ${read.message}`, read.remedy);
  }

  #list(value: readonly unknown[], schema: JsonSchema, place: Place, scope: Scope): void {
    const tuple = asList(schema.prefixItems);
    const items = isRecord(schema.items) ? (schema.items as JsonSchema) : undefined;
    value.forEach((entry, i) => {
      const one = tuple[i] ?? items;
      if (one) this.#value(entry, one, place.at(i), scope);
      else if (scope !== 'literal') this.#templatesIn(entry, place, scope, i);
    });
  }

  /** Passes when one alternative does; else tells what is wrong with the one that was probably meant. */
  #choice(value: unknown, choices: readonly JsonSchema[], ui: FieldUi | undefined, place: Place, scope: Scope): void {
    const resolved = choices.map((choice) => {
      const found = this.#resolve(choice);
      return ui === undefined || found.ui !== undefined ? found : { ...found, ui };
    });
    const likely = resolved.filter((choice) => choice.anyOf || choice.oneOf || isOfType(value, choice));
    if (likely.length === 0) {
      const words = [...new Set(resolved.map(typeWords))].join(' or ');
      this.#find(place, 'bad-parameter', `must be ${words}, not ${shown(value)}`, `Enter ${words}.`);
      return;
    }
    const byTag = isRecord(value) ? likely.filter((choice) => tagsFit(value, choice)) : likely;
    let best: Finding[] | undefined;
    const outer = this.#findings;
    for (const choice of byTag.length > 0 ? byTag : likely) {
      this.#findings = [];
      this.#value(value, choice, place, scope);
      if (best === undefined || this.#findings.length < best.length) best = this.#findings;
      if (best.length === 0) break;
    }
    this.#findings = outer;
    for (const finding of best ?? []) outer.push(finding);
  }

  #unknown(key: string, properties: Readonly<Record<string, JsonSchema>>, place: Place): void {
    const nearest = closest(key, Object.keys(properties));
    this.#findings.push({
      code: 'unknown-parameter',
      place: place.at(key),
      message: `There is no setting ${place.at(key).words()}.`,
      remedy: nearest === undefined ? 'Remove it.' : `Did you mean "${nearest}"?`,
    });
  }

  /** Templates anywhere in a value whose form is free, which is itself at the place or, given a key, below it. */
  #templatesIn(value: unknown, place: Place, scope: Scope, key?: string | number): void {
    if (typeof value !== 'object' || value === null) {
      if (isTemplate(value)) this.#onTemplate(value, key === undefined ? place : place.at(key), scope);
      return;
    }
    const at = key === undefined ? place : place.at(key);
    if (Array.isArray(value)) for (let i = 0; i < value.length; i++) this.#templatesIn(value[i], at, scope, i);
    else for (const name in value) this.#templatesIn((value as DataRecord)[name], at, scope, name);
  }

  #find(place: Place, code: ProblemCode, message: string, remedy: string): void {
    this.#findings.push({ code, place, message: `${place.words().replace(/^entry/, 'Entry')} ${message}.`, remedy });
  }

  /** Follows references within the schema, which recursive shapes have. */
  #resolve(schema: JsonSchema): JsonSchema {
    let found = schema;
    for (let i = 0; i < 20 && typeof found.$ref === 'string'; i++) {
      let target: unknown = this.#root;
      for (const step of found.$ref.split('/').slice(1)) target = isRecord(target) ? target[step] : undefined;
      if (!isRecord(target)) return {};
      found = target as JsonSchema;
    }
    return found;
  }
}

export function labelOf(schema: JsonSchema, key: string): string {
  return schema.ui?.label ?? key;
}

function asList(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? (value as JsonSchema[]) : [];
}

/** Whether the constants of this alternative, such as a `kind`, are those of the value. */
function tagsFit(value: Readonly<Record<string, unknown>>, choice: JsonSchema): boolean {
  for (const key in choice.properties) {
    const property = choice.properties[key];
    if (property && 'const' in property && value[key] !== property.const) return false;
  }
  return true;
}

/** A field that the form does not show with these settings, or may not, cannot be missing. */
function isHidden(
  schema: JsonSchema,
  siblings: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, JsonSchema>>,
): boolean {
  const when = schema.ui?.showWhen;
  if (when === undefined) return false;
  const value = siblings[when.param] ?? properties[when.param]?.default;
  return isTemplate(value) || !when.is.includes(value);
}

const neededWhenShown = new WeakMap<JsonSchema, readonly string[]>();

function keysNeededWhenShown(schema: JsonSchema): readonly string[] {
  let keys = neededWhenShown.get(schema);
  if (keys === undefined) {
    const { properties = {}, required = [] } = schema;
    keys = Object.keys(properties).filter((key) => properties[key]?.ui?.required && !required.includes(key));
    neededWhenShown.set(schema, keys);
  }
  return keys;
}

/** A field that was cleared in a form, where leaving it out is fine and an empty value is not (as the sdk reads it). */
function countsAsAbsent(value: unknown, property: JsonSchema, key: string, schema: JsonSchema): boolean {
  if ((value !== null && value !== '') || schema.required?.includes(key)) return false;
  return property.anyOf === undefined && (!isOfType(value, property) || constraintFault(value, property) !== undefined);
}

/** Text fields take numbers and yes/no as text (the sdk's `field.text`). */
function becomesText(value: unknown, { ui, type }: JsonSchema): boolean {
  const isText = type === 'string' && (ui?.kind === 'text' || ui?.kind === 'long-text');
  return isText && (typeof value === 'number' || typeof value === 'boolean');
}
