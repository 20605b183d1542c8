import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { describeNode } from '../describe.ts';
import { compileParams } from '../params.ts';
import type { TriggerDefinition, TriggerSource } from '../trigger.ts';
import { outsideScope } from './outside-scope.ts';
import { testDeclaration } from './test-declaration.ts';

/** The contract that every trigger keeps; its examples must give a source. */
export function testTrigger<S extends z.ZodObject, C>(definition: TriggerDefinition<S, C>): void {
  const trigger = definition as unknown as TriggerDefinition;
  describe(`${trigger.type} keeps the contract of triggers`, () => {
    testDeclaration(trigger, describeNode(trigger));
    for (const example of trigger.examples) {
      it(`starts by example: ${example.title}`, () => {
        expect(sourceOf(trigger, example.params).kind).toMatch(/^(manual|schedule|webhook|poll)$/);
      });
    }
  });
}

/** What wakes the workflow, with parameters as they stand in a document. */
export function sourceOf<S extends z.ZodObject, C>(
  definition: TriggerDefinition<S, C>,
  params: Record<string, unknown>,
): TriggerSource<C> {
  return definition.source(compileParams(definition.params, params).resolveStep(outsideScope));
}
