import type { JsonSchema } from '../node-type.ts';
import { isRecord } from '../record.ts';
import { oneOf, shown } from './form-fault.ts';

const words: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'yes or no (true or false)',
  array: 'a list',
  object: 'a group of fields',
  null: 'empty',
};

/** What the schema asks for: "a text or a number". */
export function typeWords(schema: JsonSchema): string {
  if (schema.enum) return oneOf(schema.enum.map(String));
  if ('const' in schema) return `"${String(schema.const)}"`;
  const types = typesOf(schema).map((type) => words[type] ?? type);
  return types.length === 0 ? 'another value' : types.join(' or ');
}

export function isOfType(value: unknown, schema: JsonSchema): boolean {
  if (typeof schema.type === 'string') return hasType(value, schema.type);
  if (schema.type === undefined) return true;
  return schema.type.some((type) => hasType(value, type));
}

function typesOf(schema: JsonSchema): readonly string[] {
  if (schema.type === undefined) return [];
  return typeof schema.type === 'string' ? [schema.type] : schema.type;
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

interface Fault {
  readonly message: string;
  readonly remedy: string;
  /** There, but with nothing in it. */
  readonly isEmpty?: boolean;
}

/** What keeps a value of the right type from fitting: bounds, choices, patterns. */
export function constraintFault(value: unknown, schema: JsonSchema): Fault | undefined {
  const empty = value === '' || (Array.isArray(value) && value.length === 0);
  if (empty && (numberOf(schema.minLength) ?? numberOf(schema.minItems) ?? 0) > 0) {
    return {
      message: 'is empty',
      remedy: schema.ui?.placeholder ? `Fill it in, such as: ${schema.ui.placeholder}` : 'Fill it in.',
      isEmpty: true,
    };
  }
  if (schema.enum && !schema.enum.includes(value)) {
    const options = schema.ui?.options;
    const choices = options ? options.map((option) => option.value) : schema.enum.map(String);
    return { message: `cannot be ${shown(value)}`, remedy: `Choose ${oneOf(choices)}.` };
  }
  if ('const' in schema && schema.const !== value) {
    return { message: `cannot be ${shown(value)}`, remedy: `It must be "${String(schema.const)}".` };
  }
  if (typeof value === 'number') return numberFault(value, schema);
  if (typeof value === 'string') return textFault(value, schema);
  return sizeFault(value, schema);
}

function numberFault(value: number, schema: JsonSchema): Fault | undefined {
  const least = numberOf(schema.minimum);
  const most = numberOf(schema.maximum);
  const above = numberOf(schema.exclusiveMinimum);
  const below = numberOf(schema.exclusiveMaximum);
  const step = numberOf(schema.multipleOf);
  if (least !== undefined && value < least)
    return bound(`must be at least ${grouped(least)}, not`, value, `Enter ${grouped(least)} or more.`);
  if (most !== undefined && value > most)
    return bound(`must be at most ${grouped(most)}, not`, value, `Enter ${grouped(most)} or less.`);
  if (above !== undefined && value <= above)
    return bound(`must be more than ${grouped(above)}, not`, value, `Enter more than ${grouped(above)}.`);
  if (below !== undefined && value >= below)
    return bound(`must be less than ${grouped(below)}, not`, value, `Enter less than ${grouped(below)}.`);
  if (step !== undefined && Math.abs(value / step - Math.round(value / step)) > 1e-9) {
    return bound(`must be a multiple of ${grouped(step)}, not`, value, `Enter a multiple of ${grouped(step)}.`);
  }
  return undefined;
}

function bound(message: string, value: number, remedy: string): Fault {
  return { message: `${message} ${grouped(value)}`, remedy };
}

function textFault(value: string, schema: JsonSchema): Fault | undefined {
  const most = numberOf(schema.maxLength);
  const least = numberOf(schema.minLength);
  if (most !== undefined && value.length > most) {
    return { message: `is longer than ${grouped(most)} characters`, remedy: 'Shorten it.' };
  }
  if (least !== undefined && value.length < least) {
    return { message: `is shorter than ${grouped(least)} characters`, remedy: 'Lengthen it.' };
  }
  if (typeof schema.pattern !== 'string' || regex(schema.pattern).test(value)) return undefined;
  return { message: `cannot be ${shown(value)}`, remedy: formHint(schema) };
}

function formHint(schema: JsonSchema): string {
  if (schema.ui?.kind === 'duration') return 'Write a duration such as "30s", "10m" or "2h".';
  const example = schema.ui?.placeholder;
  const help = schema.ui?.help;
  return (
    [help, example === undefined ? undefined : `Write it like this: ${example}`].filter(Boolean).join(' ') ||
    'Write it in the form that the field asks for.'
  );
}

function sizeFault(value: unknown, schema: JsonSchema): Fault | undefined {
  const size = Array.isArray(value) ? value.length : isRecord(value) ? Object.keys(value).length : undefined;
  if (size === undefined) return undefined;
  const least = numberOf(schema.minItems) ?? numberOf(schema.minProperties);
  const most = numberOf(schema.maxItems) ?? numberOf(schema.maxProperties);
  if (least !== undefined && size < least) {
    return {
      message: `needs at least ${least} ${least === 1 ? 'entry' : 'entries'}`,
      remedy: 'Add what is missing.',
      isEmpty: size === 0,
    };
  }
  if (most !== undefined && size > most) {
    return { message: `has more than ${grouped(most)} entries`, remedy: 'Remove some.' };
  }
  return undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function grouped(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 20 });
}

const regexes = new Map<string, RegExp>();

/** Patterns come from node types, never from documents; there are as many as the node types have. */
function regex(pattern: string): RegExp {
  let made = regexes.get(pattern);
  if (made === undefined) {
    made = new RegExp(pattern, 'u');
    regexes.set(pattern, made);
  }
  return made;
}
