import type { MethodSet, MethodTable } from './access.ts';
import type { FunctionDefinition, MethodDefinition } from './definition.ts';
import { convertFunctions } from './library/convert-functions.ts';
import { dateFunctions } from './library/date-functions.ts';
import { dateMethods } from './library/date-methods.ts';
import { listFunctions } from './library/list-functions.ts';
import { listMethods } from './library/list-methods.ts';
import { logicFunctions } from './library/logic-functions.ts';
import { numberFunctions } from './library/number-functions.ts';
import { numberMethods } from './library/number-methods.ts';
import { objectFunctions } from './library/object-functions.ts';
import { objectMethods } from './library/object-methods.ts';
import { textFunctions } from './library/text-functions.ts';
import { textMethods } from './library/text-methods.ts';

export { newDate } from './library/date-functions.ts';
export { constants, namespaces } from './library/namespaces.ts';

export const allFunctions: readonly FunctionDefinition[] = [
  ...logicFunctions,
  ...textFunctions,
  ...numberFunctions,
  ...dateFunctions,
  ...listFunctions,
  ...objectFunctions,
  ...convertFunctions,
];

export const allMethods: readonly MethodDefinition[] = [
  ...textMethods,
  ...numberMethods,
  ...dateMethods,
  ...listMethods,
  ...objectMethods,
];

/** Functions by name. */
export const functions: ReadonlyMap<string, FunctionDefinition> = new Map(
  allFunctions.map((definition) => [definition.name, definition]),
);

/** Methods by name, then by the type they belong to. */
export const methods: MethodTable = indexMethods(allMethods);

function indexMethods(definitions: readonly MethodDefinition[]): MethodTable {
  const table = new Map<string, MethodSet>();
  for (const definition of definitions) {
    table.set(definition.name, { ...table.get(definition.name), [definition.type]: definition });
  }
  return table;
}
