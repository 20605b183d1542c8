import type { Effect, EffectRule, NodeType } from './node-type.ts';
import type { DataRecord } from './record.ts';

/** The effect of a step with these parameters: that of the first rule that fits them. */
export function effectOf(declared: Effect | readonly EffectRule[], params: DataRecord): Effect {
  if (typeof declared === 'string') return declared;
  return declared.find(({ when = {} }) => fits(when, params))?.effect ?? 'once';
}

function fits(when: NonNullable<EffectRule['when']>, params: DataRecord): boolean {
  return Object.entries(when).every(([name, values]) => values.includes(params[name]));
}

/** Whether a step with these parameters can ask its service if a call took effect. */
export function canAsk({ verify }: Pick<NodeType, 'verify'>, params: DataRecord): boolean {
  if (verify === undefined) return false;
  return verify.needs.length === 0 || verify.needs.some((name) => isFilled(params[name]));
}

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isFilled);
  return value !== undefined && value !== null && value !== '' && value !== false;
}
