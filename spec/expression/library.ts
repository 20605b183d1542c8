import type { MethodSet, MethodTable } from './access.ts';
import { category, type FunctionDefinition, type MethodDefinition } from './definition.ts';
import { logicFunctions } from './library/logic-functions.ts';
import { numberFunctions } from './library/number-functions.ts';

const allFunctions: readonly FunctionDefinition[] = [...numberFunctions, ...logicFunctions];
const allMethods: readonly MethodDefinition[] = [];

export const functions: ReadonlyMap<string, FunctionDefinition> = new Map(
  allFunctions.map((definition) => [definition.name, definition]),
);

export const methods: MethodTable = indexMethods(allMethods);

function indexMethods(definitions: readonly MethodDefinition[]): MethodTable {
  const table = new Map<string, MethodSet>();
  for (const definition of definitions) {
    table.set(definition.name, { ...table.get(definition.name), [definition.type]: definition });
  }
  return table;
}
export const namespaces: ReadonlyMap<string, ReadonlyMap<string, FunctionDefinition>> = new Map();
export const constants: ReadonlyMap<string, number> = new Map();
export const newDate: FunctionDefinition = category('Dates').fn('date(value?)', '', [], () => undefined);
